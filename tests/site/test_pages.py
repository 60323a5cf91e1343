"""The pages that are made of lessons, reference and gallery."""

import re
from html import unescape
from importlib import import_module
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import pytest
from pages import eventually
from visits import Visit

from autograd import TABLE

ATTRIBUTE = re.compile(r'\b(?:href|src)="([^"]*)"')
ID = re.compile(r'\bid="([^"]*)"')


def pages(site: Path) -> list[Path]:
    return [path for path in site.rglob("*.html") if path.parent.name != "players"]


def test_no_link_is_dead_and_nothing_is_loaded_from_elsewhere(site: Path) -> None:
    dead = []
    ids: dict[Path, set[str]] = {}
    for page in pages(site):
        text = page.read_text(encoding="utf-8")
        for link in map(unescape, ATTRIBUTE.findall(text)):
            parts = urlsplit(link)
            if parts.scheme in ("http", "https", "data", "mailto"):
                assert f'src="{link}"' not in text or parts.scheme == "data", (page, link)
                continue
            target = (page.parent / unquote(parts.path)).resolve() if parts.path else page
            if not target.is_file():
                dead.append((page.name, link))
            elif parts.fragment and "=" not in parts.fragment and target.suffix == ".html":
                if target not in ids:
                    ids[target] = set(ID.findall(target.read_text(encoding="utf-8")))
                if unquote(parts.fragment) not in ids[target]:
                    dead.append((page.name, link))
    assert dead == []


@pytest.mark.parametrize(
    "module",
    ["autograd", "autograd.derivatives", "autograd.exports", "nn", "nn.losses", "nn.optim", "nn.data", "nn.plots"],
)
def test_every_public_name_is_in_the_reference(site: Path, module: str) -> None:
    described = "".join((site / "reference" / f"{page}.html").read_text(encoding="utf-8") for page in (module, "table"))
    names = set(re.findall(r'<span class="pre">([\w.]+)</span></span>', described))
    missing = [
        name
        for name in import_module(module).__all__
        if name not in names and not (site / "reference" / f"{module}.{name}.html").exists()
    ]
    assert missing == []


def test_every_row_has_its_formula_its_derivatives_and_its_plot(site: Path) -> None:
    text = (site / "reference" / "table.html").read_text(encoding="utf-8")
    sections = dict(re.findall(r'<section id="([\w-]+)">(.*?)</section>', text, re.DOTALL))
    for name, row in TABLE.items():
        section = sections[name.replace("_", "-")]
        assert section.count("<math") >= 1 + len(row.derivatives), name
        assert section.count('<path class="by-') == len(row.derivatives), name
        assert re.search(r'<path class="value" d="M[^"]+L', section), name


def test_the_gallery_has_small_programs_with_players_that_open_in_the_playground(site: Path) -> None:
    text = (site / "gallery.html").read_text(encoding="utf-8")
    programs = sorted((Path(__file__).parents[2] / "site" / "playground" / "examples").glob("*.py"))
    assert all(program.read_text(encoding="utf-8").count("\n") <= 30 for program in programs)
    whole = len(programs) - 1  # the last has a mistake, to be mended
    assert text.count('href="playground.html#example=') == text.count('<iframe class="player') == whole


@pytest.mark.parametrize(
    ("words", "page"),
    [
        ("tanh", "reference/table.html"),
        ("learning rate", "lessons/05_the_step_size.html"),
        ("학습률", "ko/05_the_step_size.html"),
    ],
)
def test_search_finds(browser: Any, address: str, words: str, page: str) -> None:
    with Visit(browser, address, f"search.html?q={words}") as visit:
        visit.page.locator(f"#search-results a[href*='{page}']").first.wait_for()


def test_a_teacher_chooses_a_lesson_embeds_its_player_and_prints_it(browser: Any, address: str) -> None:
    with Visit(browser, address, "index.html") as visit:
        visit.page.click("text=Lessons")
        assert "a path of 90 minutes" in visit.page.inner_text("article")
        visit.page.click("article a:has-text('2. ')")
        frame = visit.page.locator("iframe.player").first
        frame.scroll_into_view_if_needed()
        visit.player("iframe.player >> nth=0").locator("body.ready").wait_for()
        player = frame.evaluate("frame => frame.src")
        assert visit.violations() == []
        visit.page.emulate_media(media="print")
        assert not frame.is_visible()
        assert visit.page.locator("img.still").first.is_visible()
        visit.page.goto(f"{player}?embed")
        visit.page.locator("body.embed.ready").wait_for()


def test_a_lesson_changes_its_language_in_place(browser: Any, address: str) -> None:
    with Visit(browser, address, "lessons/03_who_is_responsible.html") as visit:
        visit.page.locator("article .cell").nth(6).scroll_into_view_if_needed()
        visit.page.evaluate("document.querySelector('.lesson-tools a').click()")
        visit.page.wait_for_url("**/ko/03_who_is_responsible.html#cell-*")
        assert visit.page.locator("html").get_attribute("lang") == "ko"
        visit.page.locator("article .cell").nth(4).wait_for()
        visit.page.wait_for_timeout(500)
        assert visit.page.evaluate("scrollY") > 0


ALL_ARE_KEPT = """Promise.all([location.href, ...performance.getEntriesByType("resource").map(({ name }) => name)]
                 .map((address) => caches.match(address, { ignoreSearch: true })))
                 .then((found) => found.every(Boolean))"""


def test_a_page_that_was_read_can_be_read_offline(browser: Any, address: str) -> None:
    with Visit(browser, address, "lessons/01_the_slope.html") as visit:
        visit.page.locator(".run-cell").first.wait_for()  # so all that makes them has been asked for
        eventually(visit.page, ALL_ARE_KEPT)
        visit.context.set_offline(True)
        visit.page.reload()
        visit.page.locator(".run-cell").first.wait_for()


@pytest.mark.parametrize(
    "page",
    [
        "gallery.html",
        "reference.html",
        "reference/table.html",
        "reference/nn.optim.html",
        "ko/index.html",
        "ko/01_the_slope.html",
    ],
)
def test_pages_fit_a_phone_and_can_be_read_by_everyone(browser: Any, address: str, page: str) -> None:
    with Visit(browser, address, page, viewport={"width": 390, "height": 844}, color_scheme="dark") as visit:
        assert not visit.overflows()
        assert visit.violations() == []


def test_a_lesson_shows_its_players_and_what_stands_for_them_only_on_paper(
    browser: Any, address: str, site: Path
) -> None:
    for lesson in [*site.glob("lessons/0*.html"), *site.glob("ko/0*.html")]:
        text = lesson.read_text(encoding="utf-8")
        assert text.count('class="still"') == text.count('class="player"') > 0, lesson
        assert "base64" not in text, lesson
    with Visit(browser, address, "lessons/07_real_data.html") as visit:
        assert visit.page.locator("img.still").is_hidden()
        assert visit.page.get_by_text("Run this cell to play it").count() == 0
        frame = visit.page.locator("iframe.player")
        frame.scroll_into_view_if_needed()
        player = visit.player("iframe.player")
        player.locator("body.ready").wait_for()
        assert all(player.locator(figure).bounding_box()["height"] > 100 for figure in (".scene", ".network", "#loss"))
        end = player.locator("#controls").bounding_box()
        assert end["y"] + end["height"] <= frame.bounding_box()["y"] + frame.bounding_box()["height"]
        assert player.locator("#loss").bounding_box()["y"] < end["y"]


def test_the_words_of_a_drawing_can_be_read_on_a_phone(browser: Any, address: str) -> None:
    view = {"viewport": {"width": 390, "height": 844}}
    with Visit(browser, address, "lessons/03_who_is_responsible.html", **view) as visit:
        drawing = visit.page.locator(".cell_output > img[src$='.svg']").first
        drawing.scroll_into_view_if_needed()
        assert drawing.bounding_box()["width"] > 600
        visit.page.wait_for_load_state("load")
        assert not visit.overflows()
        assert visit.violations() == []
        theme, contents = (visit.page.locator(f".header-right {one}").bounding_box() for one in ("button", "label"))
        assert contents["x"] - theme["x"] - theme["width"] >= 8


def test_what_was_printed_is_not_coloured_as_a_program(site: Path) -> None:
    blocks = {
        page: (site / page).read_text(encoding="utf-8").split("<pre>")[1:]
        for page in ("guides/tables.html", "reference/nn.html")
    }
    [printed] = [block for block in blocks["guides/tables.html"] if "passengers.csv: 300 rows" in unescape(block)]
    assert "</span>" not in printed.split("</pre>")[0].replace("<span></span>", "")
    assert any(
        '<span class="gp">&gt;&gt;&gt; </span>' in block for block in blocks["reference/nn.html"]
    )  # examples are
