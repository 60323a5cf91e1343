"""The front page: a player, and a formula that is typed, understood, drawn and shared, all without Python."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
from pages import eventually
from visits import Visit

from autograd import steps
from autograd.show import typed

PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}

KEPT = """Promise.all(["index.html", "front.js", "stage.js", "graphviz.wasm"].map((name) => caches.match(name)))
            .then((found) => found.every(Boolean))"""
MISTAKES = {
    "a^2": "a power is written **",
    "2a": "a product is written with *",
    "sine(a)": "there is no function sine",
    "tanh": "tanh is a function",
    "maximum(a)": "takes two operands",
    "a +": "stops too early",
    "1 + 2": "there is no variable",
    "a ; b": "; isn't part of a formula",
    "constructor(a)": "there is no function constructor",
}


def show(visit: Visit, formula: str) -> None:
    visit.page.fill("#formula", formula)
    visit.page.press("#formula", "Enter")


def number(visit: Visit, place: int = 0) -> str:
    return str(visit.player().locator("#parameters tr td").nth(place).inner_text())


def test_it_weighs_little_before_anything_is_asked_for(browser: Any, address: str, site: Path) -> None:
    with Visit(browser, address, "index.html") as visit:
        visit.player().locator("body.ready").wait_for()
        visit.page.wait_for_load_state("networkidle")
        asked = {url.split("#")[0].removeprefix(address) for url in visit.requests}
        assert "player.html" in asked
        assert sum((site / name).stat().st_size for name in asked) < 150_000


def test_a_beginner_types_drags_errs_mends_and_shares(browser: Any, address: str) -> None:
    with Visit(browser, address, "index.html") as visit:
        assert visit.violations() == []
        visit.player().locator("#last").click()
        assert visit.player().locator("#count").inner_text() == "9 / 9"

        show(visit, "loss = (w*x - 3")
        fault = visit.page.locator("#fault.wrong")
        fault.wait_for()
        assert "is a bracket open" in fault.inner_text()
        assert visit.page.get_attribute("#formula", "aria-invalid") == "true"

        show(visit, "loss = (w*x - 3)**2")
        visit.player().locator("h1", has_text="loss").wait_for()
        leaf = visit.player().locator("#stage .leaf").first
        leaf.focus()
        leaf.press("ArrowUp")
        eventually(visit.page, "document.getElementById('player').contentWindow.location.hash.includes('w=')")
        visit.page.click("#share")
        link = visit.page.evaluate("location.href")
        turned = number(visit)

    with Visit(browser, address, link.removeprefix(address)) as visit:
        visit.player().locator("h1", has_text="loss").wait_for()
        assert visit.page.input_value("#formula") == "loss = (w*x - 3)**2"
        assert number(visit) == turned != "1.5"


@pytest.mark.parametrize(("formula", "words"), MISTAKES.items())
def test_mistakes_are_told_in_words(formula: str, words: str, faults: dict[str, str]) -> None:
    assert words in faults[formula]


@pytest.fixture(scope="module")
def faults(browser: Any, address: str) -> dict[str, str]:
    """What the page says to each formula of the test above."""
    said = {}
    with Visit(browser, address, "index.html") as visit:
        for formula in MISTAKES:
            show(visit, formula)
            visit.page.locator("#fault.wrong").wait_for()
            said[formula] = visit.page.inner_text("#fault")
            visit.page.evaluate("document.getElementById('fault').className = ''")
    return said


FORMULAS = [
    *("-a**2 + b/c", "2**-a * (1 - 2)", "tanh(a*b + c) - maximum(a, b)", "a--b", "exp(-a) ** sigmoid(b*1e-2)"),
    *("(a*b + c)**2", "loss = (a + a)*(a + a)", "sin(a*b + c*2 + 3)*sin(a*b + c*2 + 3)*exp(2)"),
]
PAGES = """async ([formulas, numbers]) => {
  const { parse } = await import("./expression.js");
  const { pageOf, tools } = await import("./picture.js");
  const found = await tools();
  return formulas.map((formula) => pageOf(parse(formula, found.table, found.rows, numbers), "en", found));
}"""


def graph(page: str) -> tuple[list[Any], list[Any]]:
    """What a player's page plays: the names and the values of its nodes, in any order."""
    lesson = re.search(r'id="lesson">(.*?)</script>', page)
    assert lesson
    nodes = json.loads(lesson[1])["nodes"]
    return sorted(str(node.get("name")) for node in nodes), sorted(float(node["data"]) for node in nodes)


def test_a_formula_has_the_names_and_the_values_that_python_gives_it(browser: Any, address: str) -> None:
    numbers = {"a": 2.0, "b": -3.0, "c": 10.0}
    with Visit(browser, address, "index.html") as visit:
        pages = visit.page.evaluate(PAGES, [FORMULAS, numbers])
    for formula, page in zip(FORMULAS, pages, strict=True):
        names, values = graph(page)
        used = {x: numbers[x] for x in re.findall(r"\b[abc]\b", formula)}
        expected_names, expected_values = graph(steps(typed(formula, used)).player().source)
        assert names == expected_names
        assert values == pytest.approx(expected_values, rel=1e-14)


def test_on_a_phone_in_korean_and_in_the_dark(browser: Any, address: str) -> None:
    with Visit(browser, address, "index.html", **PHONE, locale="ko-KR", color_scheme="dark") as visit:
        visit.player().locator("body.ready").wait_for()
        assert visit.page.locator("html").get_attribute("lang") == "ko"
        assert visit.page.inner_text("[data-word=lessons]") == "수업"
        assert "ko/index.html" in str(visit.page.get_attribute("[data-word=lessons]", "href"))
        assert visit.player().locator("html").get_attribute("lang") == "ko"
        assert not visit.overflows()
        assert visit.violations() == []
        visit.page.click("#language")
        assert visit.page.inner_text("[data-word=lessons]") == "Lessons"


def test_it_works_without_the_network_once_it_was_loaded(browser: Any, address: str) -> None:
    with Visit(browser, address, "index.html") as visit:
        show(visit, "a*b")
        visit.player().locator("#stage .leaf").first.wait_for()
        while not visit.page.evaluate(KEPT):
            visit.page.wait_for_timeout(100)
        visit.context.set_offline(True)
        visit.page.reload()
        visit.player().locator("#stage .leaf").first.wait_for()
        assert visit.page.title() == "stepgrad: watch the chain rule"
