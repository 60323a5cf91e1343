"""The player on screens from a phone to a wide desktop, light, dark and on paper, by mouse, keyboard and touch."""

from pathlib import Path
from typing import Any

import pytest
from played import Page, network

from autograd import Value

SIZES = [(390, 844), (844, 390), (1280, 800), (2560, 1440)]
IN_VIEW = """() => [...document.querySelectorAll('#stage .node')].map((x) => x.getBoundingClientRect())
    .filter(({ right, left }) => right > 0 && left < innerWidth)
    .map(({ left, right, top, bottom }) => [left, right, top, bottom])"""
SMALLEST_TEXT = """() => Math.min(...[...document.querySelectorAll('#stage .value text')].map((text) => (
    parseFloat(getComputedStyle(text).fontSize) * view.scale)))"""


def square() -> Value:
    a, b, c = Value(2.0, label="a"), Value(-3.0, label="b"), Value(10.0, label="c")
    loss = (a * b + c) ** 2
    loss.label = "loss"
    return loss


def days() -> Value:
    """A line through two points: a graph two days wide."""
    w, b = Value(1.0, label="w"), Value(0.0, label="b")
    errors = []
    for x, y in ((1.0, 3.0), (2.0, 5.0)):
        error = w * Value(x, label=f"x{x:.0f}", requires_grad=False) + b - y
        errors.append(error**2)
    loss = errors[0] + errors[1]
    loss.label = "loss"
    return loss


def boxes(page: Page, *names: str) -> dict[str, Any]:
    return {name: page.page.locator(name).bounding_box() for name in names if page.page.locator(name).is_visible()}


def overlap(one: Any, node: list[float]) -> bool:
    left, right, top, bottom = node
    across = one["x"] < right and left < one["x"] + one["width"]
    return bool(across and one["y"] < bottom and top < one["y"] + one["height"])


@pytest.mark.parametrize(
    ("make", "size"), [*((square, size) for size in SIZES), *((lambda: network(4), size) for size in SIZES[::2])]
)
def test_everything_can_be_read_and_reached(browser: Any, tmp_path: Path, make: Any, size: tuple[int, int]) -> None:
    width, height = size
    touch = width < 1000
    with Page(browser, tmp_path, make(), viewport={"width": width, "height": height}, has_touch=touch) as opened:
        for scheme in ("light", "dark"):
            opened.page.emulate_media(color_scheme=scheme)
            opened.press("End" if scheme == "light" else "ArrowLeft")
            assert opened.page.evaluate("document.documentElement.scrollWidth") <= width
            assert opened.page.evaluate(SMALLEST_TEXT) >= 11
            for name, box in boxes(opened, "#stage", "#play", "#slider", "#forward").items():
                assert 0 <= box["x"] < box["x"] + box["width"] <= width, name
                assert 0 <= box["y"] < box["y"] + box["height"] <= height, name
            assert opened.violations() == []
        opened.page.evaluate("fit()")
        buttons = boxes(opened, "#zoom-in", "#fit", "#save-svg", "#open-work", "#legend", "#reset")
        for node in opened.page.evaluate(IN_VIEW):
            assert not [name for name, box in buttons.items() if overlap(box, node)]
        tiles = boxes(opened, "#equation .tile >> nth=0", "#equation .tile >> nth=-1", "#controls")
        *cells, controls = tiles.values()
        assert not any(overlap(controls, [c["x"], c["x"] + c["width"], c["y"], c["y"] + c["height"]]) for c in cells)
        opened.page.emulate_media(media="print", color_scheme="dark")
        opened.page.set_viewport_size({"width": 700, "height": 1000})
        for left, right, _, _ in opened.page.evaluate(IN_VIEW):
            assert 0 <= left < right <= 700
        assert not boxes(opened, "#controls", "#predict", "#zoom-in", "#legend", "#update")
        ink = "getComputedStyle(document.querySelector('#stage .value text')).fill"
        assert opened.page.evaluate(ink) == "rgb(28, 36, 48)"


def inside(page: Page, *names: str) -> bool:
    stage = page.page.locator("#stage").bounding_box()
    return all(
        stage["x"] <= box["x"]
        and box["x"] + box["width"] <= stage["x"] + stage["width"]
        and stage["y"] <= box["y"]
        and box["y"] + box["height"] <= stage["y"] + stage["height"]
        for box in (page.page.locator(name).bounding_box() for name in names)
    )


def test_a_graph_two_days_wide_is_whole_on_a_desktop_and_a_phone_keeps_the_result_in_view(
    browser: Any, tmp_path: Path
) -> None:
    with Page(browser, tmp_path, days(), viewport={"width": 1280, "height": 800}) as opened:
        opened.press("End")
        assert inside(opened, "#v0", ".root")
        assert opened.page.evaluate(SMALLEST_TEXT) >= 10.4
        opened.click("update")
        assert inside(opened, "#v0", ".root")
        assert opened.page.locator("#pin").is_hidden()
        for i in (0, 1):  # what a number is typed into hides no name and no gradient, high or low in the drawing
            opened.page.evaluate(f"ask(parameters[{i}], '1')")
            field, leaf = opened.page.evaluate(
                f"[element('typed'), element(valueId(parameters[{i}]))].map((x) => x.getBoundingClientRect().toJSON())"
            )
            assert field["top"] > leaf["bottom"] or field["bottom"] < leaf["top"]
            opened.press("Escape")
        opened.page.set_viewport_size({"width": 390, "height": 844})
        opened.eventually("innerWidth === 390 && stage.clientWidth < 390")
        opened.page.evaluate("new Promise(requestAnimationFrame).then(() => { settle(); go(last); })")
        opened.eventually("holds(stage.getBoundingClientRect(), element('v0').getBoundingClientRect())")
        assert not inside(opened, ".root")
        top, bottom, free = opened.page.evaluate(
            "(({ top, bottom }) => [top, bottom, frame()])(drawing.getBoundingClientRect())"
        )
        assert free["top"] <= top < bottom <= free["bottom"]  # what fits in one direction never moves in it
        assert opened.text("pin").split("\n") == ["loss", f" = {opened.numbers(opened.page.evaluate('root'))['data']}"]
        opened.press("Home")
        assert opened.text("pin").split("\n") == ["loss", " = ·"]


def test_buttons_of_a_phone_that_lies_cover_no_box(browser: Any, tmp_path: Path) -> None:
    with Page(browser, tmp_path, network(4), viewport={"width": 844, "height": 390}) as opened:
        opened.page.evaluate("change(parameters[0], 0.5); go(3)")
        bars = boxes(opened, "#open-work", "#pin", "#reset")
        assert len(bars) == 3
        for node in opened.page.evaluate(IN_VIEW):
            assert not [name for name, box in bars.items() if overlap(box, node)]


@pytest.mark.parametrize("size", [(390, 844), (844, 390)], ids=str)
def test_fingers_step_change_a_number_and_update(browser: Any, tmp_path: Path, size: tuple[int, int]) -> None:
    viewport = {"width": size[0], "height": size[1]}
    with Page(browser, tmp_path, square(), viewport=viewport, has_touch=True, is_mobile=True) as opened:
        opened.page.tap("#forward")
        assert opened.position == 1
        opened.page.tap("#v0")
        opened.page.fill("#typed", "1.5")
        opened.press("Enter")
        assert opened.numbers(0)["data"] == "1.5"
        opened.page.tap("#update")
        assert opened.text("phase") == "Update 1"
        opened.page.tap("#back")
        opened.page.tap("#v0")
        opened.press("Escape")
        assert opened.page.locator(".way").count() == 1
        opened.page.tap("#predict")
        assert opened.page.get_attribute("#predict", "aria-pressed") == "true"
