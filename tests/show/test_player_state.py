"""The state of the player in its address, its compact form, and its picture as a file."""

from pathlib import Path
from typing import Any

import pytest
from drawings import SVG, Picture
from played import Page, example

from autograd import Value


class At(Page):
    """The example's page, opened once more at an address that ends so."""

    def __init__(self, browser: Any, folder: Path, ending: str, loss: Value | None = None, **context: Any) -> None:
        super().__init__(browser, folder, loss or example(), **context)
        self.page.goto("about:blank")
        self.page.goto(self.file.as_uri() + ending)
        del self.requests[1:]

    def hash(self, expected: str) -> None:
        self.eventually(f"location.hash === {expected!r}")


def test_the_address_holds_the_numbers_the_step_and_the_rate(browser: Any, tmp_path: Path) -> None:
    with At(browser, tmp_path, "#a=2.5&c=-1e-3&step=6&rate=0.5") as opened:
        assert opened.position == 6
        assert [opened.numbers(i)["data"] for i in (0, 1, 3)] == ["2.5", "-3", "-0.001"]
        assert opened.numbers(2)["data"] == "-7.5"
        assert opened.text("rate-now") == "0.5"
        opened.press("End")
        opened.hash("#a=2.5&c=-0.001&step=12&rate=0.5")
        opened.click("reset")
        opened.press("Home")
        opened.page.fill("#rate", "-20")
        opened.hash("")


def test_another_hash_is_another_state(browser: Any, tmp_path: Path) -> None:
    with At(browser, tmp_path, "#a=2") as opened:
        assert opened.numbers(0)["data"] == "2"
        opened.page.evaluate("location.hash = '#b=7&step=3'")
        opened.eventually("position === 3")
        assert [opened.numbers(i)["data"] for i in (0, 1)] == ["0.5", "7"]


@pytest.mark.parametrize("ending", ["#a=two&step=x&rate=-1", "#a=&nonsense&step=", "#step=-5", "#__proto__=1"])
def test_what_is_no_state_is_passed_by(browser: Any, tmp_path: Path, ending: str) -> None:
    with At(browser, tmp_path, ending) as opened:
        assert (opened.position, opened.text("rate-now")) == (0, "0.01")
        assert opened.page.locator("#reset").is_hidden()


def test_leaves_of_one_name_are_told_apart(browser: Any, tmp_path: Path) -> None:
    loss = Value(1.0, label="w") * Value(2.0, label="w")
    with At(browser, tmp_path, "#w_2=5", loss) as opened:
        assert [opened.numbers(i)["data"] for i in (0, 1)] == ["1", "5"]


def test_updates_are_in_the_address(browser: Any, tmp_path: Path) -> None:
    with At(browser, tmp_path, "") as opened:
        opened.click("update")
        opened.eventually("location.hash.includes('step=12')")
        numbers = opened.page.evaluate("[0, 1, 3].map((i) => data[i])")
        address = opened.page.evaluate("location.hash")
    with At(browser, tmp_path, address) as again:
        assert again.page.evaluate("[0, 1, 3].map((i) => data[i])") == numbers


@pytest.mark.parametrize("size", [(800, 450), (390, 700), (1280, 720)])
def test_the_compact_form_for_slides(browser: Any, tmp_path: Path, size: tuple[int, int]) -> None:
    with At(browser, tmp_path, "?embed#step=7", viewport={"width": size[0], "height": size[1]}) as opened:
        for name in ("list", "learn", "languages", "save-svg", "speed"):
            assert opened.page.locator(f"#{name}").is_hidden()
        for name in ("stage", "line", "controls"):
            box = opened.page.locator(f"#{name}").bounding_box()
            assert box["width"] > size[0] * 0.9
            assert 0 <= box["y"] < box["y"] + box["height"] <= size[1]
        assert opened.position == 7
        assert opened.violations() == []


def saved(page: Page, kind: str) -> Path:
    with page.page.expect_download() as download:
        page.click(f"save-{kind}")
    assert download.value.suggested_filename == f"loss.{kind}"
    return Path(download.value.path())


def test_the_picture_is_saved_as_it_is_seen(browser: Any, tmp_path: Path) -> None:
    with At(browser, tmp_path, "#a=2&step=12", color_scheme="dark", accept_downloads=True) as opened:
        picture = Picture(saved(opened, "svg").read_text(encoding="utf-8"))
        assert picture.texts("v0") == ["a", *(f"{k} {x:>8}" for k, x in opened.numbers(0).items())]
        outline = picture.groups["v0"].find(f"{SVG}polygon")
        assert outline is not None
        assert "rgb(27, 58, 80)" in outline.attrib["style"]  # the dark page's
        png = saved(opened, "png").read_bytes()
        assert png[:8] == b"\x89PNG\r\n\x1a\n"
        whole = float(picture.root.attrib["width"])
        assert int.from_bytes(png[16:20], "big") >= int(2 * whole)
        opened.click("zoom-in")
        opened.click("zoom-in")
        part = Picture(saved(opened, "svg").read_text(encoding="utf-8"))
        assert float(part.root.attrib["width"]) < whole
        opened.requests[:] = [url for url in opened.requests if not url.startswith("data:")]
