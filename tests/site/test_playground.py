"""The playground: Python in the page, what becomes of programs of every kind, and what they can't do."""

from collections.abc import Iterator
from typing import Any

import pytest
from visits import Visit

LOADED = 90_000  # milliseconds: Python is 14 MB, and machines that test are busy


class Playground(Visit):
    """An open playground, and what its programs say."""

    def write(self, program: str) -> None:
        self.page.click(".cm-content")
        self.page.keyboard.press("ControlOrMeta+a")
        self.page.keyboard.insert_text(program)

    def run(self, program: str = "") -> str:
        if program:
            self.write(program)
        self.page.click("#run")
        self.page.wait_for_selector("#run:not([disabled])", timeout=LOADED)
        return str(self.page.inner_text("#output"))


@pytest.fixture(scope="module")
def playground(browser: Any, address: str) -> Iterator[Playground]:
    with Playground(browser, address, "playground.html") as visit:
        yield visit


def test_the_first_program_prints_and_its_last_value_is_played_by_name(
    playground: Playground,
) -> None:
    assert not any("pyodide" in url for url in playground.requests)
    assert playground.run().split("\n")[:2] == ["a.grad = -24.0", "b.grad = 16.0"]
    player = playground.player()
    player.locator("body.ready").wait_for()
    assert player.locator("h1").inner_text() == "loss"
    assert player.locator("#stage .leaf").first.get_attribute("aria-label") == "a"
    player.locator("#last").click()
    player.locator("#stage .leaf").first.press("ArrowUp")
    assert playground.violations() == []


def test_every_example_runs_and_the_last_has_its_mistake(playground: Playground) -> None:
    count = playground.page.locator("#examples option").count() - 1
    for example in range(count):
        playground.page.select_option("#examples", str(example))
        said = playground.run()
        assert ("Line" in said) == (example == count - 1), said
        assert playground.page.locator("#player").is_visible() == (example < count - 1), said
    assert said.startswith("Line 4: TypeError: expected a real number")
    assert playground.page.locator(".cm-lintRange-error").inner_text() == 'b = Value("3")'


PROGRAMS = {
    "from micrograd.engine import Value\na = Value(2)\nb = a.relu() + a**2\nb.backward()\na.grad": "5.0",
    "x = 1\nx +": "Line 2: SyntaxError",
    "def f(x):\n    return f(x)\nf(1)": "a function call itself without end?",
    "from autograd import record\nrecord(lambda x: x, 1.0)": "pip install stepgrad",
    "from nn import MLP": "pip install stepgrad",
    "from autograd import Value\ny = x = Value(1.0)\nfor _ in range(900): y = y * x + 1": "too large to watch",
    "print('<img src=x onerror=alert(1)>')": "<img src=x onerror=alert(1)>",
}


@pytest.mark.parametrize(("program", "said"), PROGRAMS.items(), ids=range(len(PROGRAMS)))
def test_what_programs_say(playground: Playground, program: str, said: str) -> None:
    assert said in playground.run(program)


OUTWARD = """
import js
from pyodide.code import run_js
run_js("import('STRANGER/imported').catch((error) => error)")
[name for name in NAMES if hasattr(js, name) or hasattr(js.navigator, name)]
"""
NAMES = ["fetch", "caches", "indexedDB", "Worker", "XMLHttpRequest", "WebSocket", "BroadcastChannel", "storage"]
PAGE = """
class Page:
    source = "<script>location = 'STRANGER/frame'</script><img src='STRANGER/picture'>"
    save = None
Page()
"""


def test_a_program_reaches_nothing_outside(playground: Playground, stranger: tuple[str, list[str]]) -> None:
    address, asked = stranger
    assert playground.run(OUTWARD.replace("STRANGER/", address).replace("NAMES", repr(NAMES))).strip() == "[]"
    playground.run(PAGE.replace("STRANGER/", address))
    playground.page.wait_for_timeout(500)
    assert asked == []
    assert any("violates" in complaint for complaint in playground.complaints)
    playground.complaints.clear()
    playground.requests.clear()


def test_a_program_without_end_is_stopped_and_the_page_lives(playground: Playground) -> None:
    playground.write("while True:\n    print('again')")
    playground.page.click("#run")
    playground.page.wait_for_function("document.getElementById('output').textContent.includes('again')")
    playground.page.click("#stop")
    assert playground.page.inner_text("#status") == "Stopped."
    assert playground.run("print(6 * 7)").strip() == "42"


def test_a_shared_program_is_shown_and_runs_only_when_asked(playground: Playground, browser: Any, address: str) -> None:
    program = "# 공유 & <b>\nprint('shared')"
    playground.write(program)
    playground.page.click("#share")
    playground.page.wait_for_function("location.hash.startsWith('#code=')")
    link = playground.page.evaluate("location.href").removeprefix(address)
    with Playground(browser, address, link) as guest:
        guest.page.locator("#guest").wait_for()
        guest.page.wait_for_function("document.querySelector('.cm-content').innerText.includes('shared')")
        assert guest.page.inner_text(".cm-content") == program
        assert guest.page.inner_text("#output") == ""
        assert not any("pyodide" in url for url in guest.requests)


def test_it_works_without_the_network_once_it_was_loaded(playground: Playground) -> None:
    playground.context.set_offline(True)
    playground.page.reload()
    assert playground.run("print('offline')").strip() == "offline"
    playground.context.set_offline(False)


def test_on_a_phone_in_korean_in_the_dark_by_keyboard(browser: Any, address: str) -> None:
    phone = {"viewport": {"width": 390, "height": 844}, "locale": "ko-KR", "color_scheme": "dark"}
    with Playground(browser, address, "playground.html", **phone) as visit:
        assert visit.page.inner_text("#run") == "실행"
        assert visit.page.locator("#examples option").nth(1).inner_text() == "연쇄 법칙"
        assert not visit.overflows()
        assert visit.violations() == []
        visit.page.focus("#examples")
        for _ in range(2):
            visit.page.keyboard.press("Tab")
        assert visit.page.evaluate("document.activeElement.className").startswith("cm-content")
        visit.page.keyboard.press("Tab")  # the editor lets go
        assert visit.page.evaluate("document.activeElement.id") == "output"


def test_the_cells_of_a_lesson_run_and_its_exercises_are_checked_in_the_page(browser: Any, address: str) -> None:
    with Playground(browser, address, "lessons/02_the_graph.html") as visit:
        page = visit.page
        page.locator("pre[contenteditable]").first.wait_for()
        assert visit.violations() == []
        exercise, check = page.locator(".cell.tag_exercise").first, page.locator(".cell.tag_check").first
        exercise.locator("pre").first.fill("answer = -1e9")
        check.locator(".run-cell").click()
        page.wait_for_selector(".cell.tag_check .printed:has-text('✗')", timeout=LOADED)
        assert page.locator(".cell.tag_cover .fresh iframe").first.is_visible()  # a cell above, which ran first
        exercise.locator("pre").first.fill(str(page.locator("details pre").first.text_content()))
        exercise.locator("pre").first.press("Shift+Enter")
        page.wait_for_selector(".run-cell:text-is('Run')", timeout=LOADED)
        check.locator(".run-cell").click()
        page.wait_for_selector(".cell.tag_check .printed:has-text('✓')", timeout=LOADED)
