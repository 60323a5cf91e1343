"""The train player in a browser."""

from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from pages import OpenPage
from played_runs import LINE, MOONS, diverged, line, run

from autograd.show.notation import rounded
from nn import MLP, History, train_player
from nn.data import Dataset

HOSTILE = "</script><script>window.injected = 1</script><img src=x onerror='window.injected = 1'>"


class Page(OpenPage):
    """A page in the browser that plays these runs."""

    def __init__(self, browser: Any, folder: Path, *runs: History, language: str = "en", **settings: Any) -> None:
        given = {name: settings.pop(name, None) for name in ("names", "dataset")}
        train_player(*runs, language=language, **given).save(folder / "run.html")  # type: ignore[arg-type]
        super().__init__(browser, folder / "run.html", **settings)


@pytest.fixture(scope="module")
def history() -> History:
    return run(validation=(MOONS.X, MOONS.y))


@pytest.fixture
def page(browser: Any, tmp_path: Path, history: History) -> Iterator[Page]:
    with Page(browser, tmp_path, history) as opened:
        yield opened


def test_the_numbers_are_those_of_the_history(page: Page, history: History) -> None:
    assert page.text("phase") == "Before training"
    assert page.text("sentence") == "learning rate 0.1: not trained yet"
    for epoch in range(1, 6):
        page.press("ArrowRight")
        assert (page.position, page.text("phase")) == (epoch, f"Epoch {epoch}")
        assert page.page.inner_text("#sentence .loss") == rounded(history.loss[epoch - 1])
        assert page.page.inner_text("#sentence .validation") == rounded(history.validation_loss[epoch - 1])


def test_the_dot_moves_along_the_loss(page: Page, history: History) -> None:
    assert page.page.eval_on_selector(".dot.loss", "dot => dot.style.visibility") == "hidden"
    for epoch, key in ((1, "ArrowRight"), (5, "End")):
        page.press(key)
        x, y = page.page.eval_on_selector(".dot.loss", "dot => [dot.getAttribute('x'), dot.getAttribute('y')]")
        highest = max(history.loss + history.validation_loss)
        assert float(x.rstrip("%")) == pytest.approx(20 * epoch)
        assert float(y.rstrip("%")) == pytest.approx(100 * (1 - history.loss[epoch - 1] / highest), abs=0.02)


def test_the_colours_and_the_border_are_where_the_model_changes_its_mind(browser: Any, tmp_path: Path) -> None:
    model = MLP(2, [1], rng=0)
    history = run(model, [[0.0, 0.0], [1.0, 1.0]], [0, 1], epochs=0)
    weights = dict(zip(model.state_dict(), (8.0, 0.0, -4.0), strict=True))  # x0 > 0.5, the middle
    history.film.snapshots[:] = [weights]  # type: ignore[union-attr]
    with Page(browser, tmp_path, history) as opened:
        left, right = opened.page.evaluate(
            """(() => {
                const canvas = document.querySelector("canvas");
                const { data } = canvas.getContext("2d").getImageData(0, 9, canvas.width, 1);
                return [data.slice(0, 4), data.slice(-4)].map((color) => [...color]);
            })()"""
        )
        assert left[2] > left[0]  # blue
        assert right[0] > right[2]  # orange
        box = opened.page.evaluate("(({x, width}) => [x, width])(document.querySelector('.border').getBBox())")
        assert box == pytest.approx([0.5, 0], abs=0.01)


def test_edges_are_as_thick_as_their_weights_and_coloured_by_their_sign(browser: Any, tmp_path: Path) -> None:
    model = MLP(2, [1], rng=0)
    history = run(model, epochs=0)
    history.film.snapshots[:] = [dict(zip(model.state_dict(), (3.0, -0.5, 0.0), strict=True))]  # type: ignore[union-attr]
    with Page(browser, tmp_path, history) as opened:
        edges = opened.page.eval_on_selector_all(
            ".weight", "lines => lines.map(line => [line.getAttribute('class'), line.getAttribute('stroke-width')])"
        )
        assert [kind for kind, _ in edges] == ["weight positive", "weight negative"]
        assert float(edges[0][1]) > 2 * float(edges[1][1]) > 0


def test_a_curve_is_drawn(browser: Any, tmp_path: Path) -> None:
    with Page(browser, tmp_path, line()) as opened:
        before = opened.page.get_attribute(".line .curve", "d")
        opened.press("End")
        assert opened.page.get_attribute(".line .curve", "d") != before
        assert opened.page.locator(".line .example").count() == 20


def test_two_runs_side_by_side_and_one_ends_early(browser: Any, tmp_path: Path) -> None:
    short = diverged()
    with Page(browser, tmp_path, line(), short, names=["kept on", "too fast"]) as opened:
        assert opened.page.locator(".run").count() == 2
        opened.press("End")
        said = opened.text("sentence")
        assert f"too fast: loss {rounded(short.loss[-1])}, it diverged in epoch {len(short.loss) + 1}" in said
        assert "kept on: loss" in said
        assert opened.position == 5
        opened.click("first")
        opened.press("ArrowRight")
        assert "diverged" not in opened.text("sentence")


@pytest.mark.parametrize(
    ("epochs", "why"), [(30, "stopped after epoch 7: the validation loss fell no more, "), (5, "")]
)
def test_the_end_says_which_network_was_kept(browser: Any, tmp_path: Path, epochs: int, why: str) -> None:
    model = MLP(2, [4, 1], activation="tanh", rng=3)
    history = run(model, epochs=epochs, validation=(MOONS.X[:9], 1 - MOONS.y[:9]), patience=3)
    best = history.validation_loss.index(min(history.validation_loss)) + 1
    assert best < len(history.loss)
    with Page(browser, tmp_path, history) as opened:
        opened.press("End")
        assert opened.text("sentence").endswith(f"{why}the network kept is that of epoch {best}")
        opened.press("ArrowLeft")
        assert "kept" not in opened.text("sentence")
    model.load_state_dict(history.film.snapshots[-1])  # type: ignore[union-attr]
    with Page(browser, tmp_path, history) as opened:
        opened.press("End")
        assert "kept" not in opened.text("sentence")


def test_every_control(page: Page) -> None:
    for name, position in [("forward", 1), ("forward", 2), ("back", 1), ("last", 5), ("first", 0)]:
        page.click(name)
        assert page.position == position
    page.page.fill("#slider", "3")
    assert page.position == 3
    page.press("Home")
    assert page.position == 0
    page.page.select_option("#speed", "16")
    page.page.focus("#play")
    page.press("Enter")
    page.page.wait_for_selector("#count:text-is('5 / 5')")
    assert page.page.get_attribute("#play", "aria-label") == "Play (space)"
    page.press("Home", "End")
    assert page.page.get_attribute("#forward", "aria-disabled") == "true"


def test_both_languages(browser: Any, tmp_path: Path, history: History) -> None:
    with Page(browser, tmp_path, history, language="ko") as opened:
        opened.press("End")
        assert opened.text("phase") == "에포크 5"
        assert "검증 손실" in opened.text("sentence") + opened.text("loss")
        opened.page.click("#languages [value=en]")
        assert opened.text("phase") == "Epoch 5"
        assert "validation loss" in opened.text("loss")
        keys = opened.page.evaluate("Object.values(WORDS).map(words => Object.keys(words).sort().join())")
        assert len(set(keys)) == 1


def test_names_inject_nothing(browser: Any, tmp_path: Path, history: History) -> None:
    with Page(browser, tmp_path, history, names=[HOSTILE]) as opened:
        opened.press("End")
        assert HOSTILE in opened.text("sentence")
        assert opened.page.evaluate("window.injected") is None
        assert opened.page.locator("img").count() == 0
        wide, window = opened.page.evaluate("[document.documentElement.scrollWidth, innerWidth]")
        assert wide <= window


@pytest.mark.parametrize("width", [320, 390, 1200])
@pytest.mark.parametrize("runs", [1, 2])
def test_nothing_sticks_out_of_a_phone_or_a_desktop(
    browser: Any, tmp_path: Path, history: History, width: int, runs: int
) -> None:
    with Page(browser, tmp_path, *[history] * runs, viewport={"width": width, "height": 740}) as opened:
        assert opened.page.evaluate("document.documentElement.scrollWidth") <= width
        for name in ("first", "back", "play", "forward", "last", "slider", "speed", "sentence"):
            box = opened.page.locator(f"#{name}").bounding_box()
            assert 0 <= box["x"] <= box["x"] + box["width"] <= width
            assert 0 <= box["y"] <= box["y"] + box["height"] <= 740
        for figure in opened.page.locator("figure").all():
            box = figure.bounding_box()
            assert box["width"] > 100
            assert box["height"] > 100


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(("width", "language", "runs"), [(1200, "en", 1), (1200, "en", 2), (390, "ko", 2)])
def test_axe_finds_nothing(
    browser: Any, tmp_path: Path, history: History, scheme: str, width: int, language: str, runs: int
) -> None:
    view = {"viewport": {"width": width, "height": 760}, "color_scheme": scheme}
    with Page(browser, tmp_path, *[history] * runs, language=language, **view) as opened:
        for key in ("Home", "End"):
            opened.press(key)
            assert opened.violations() == []


@pytest.mark.parametrize("size", [(736, 736), (820, 1180)])
def test_in_a_lesson_and_on_a_tablet_all_is_in_view_and_the_loss_below(
    browser: Any, tmp_path: Path, history: History, size: tuple[int, int]
) -> None:
    width, height = size
    with Page(browser, tmp_path, history, viewport={"width": width, "height": height}) as opened:
        scene, network, loss = (
            opened.page.locator(f"figure{one}").bounding_box() for one in (".scene", ".network", "#loss")
        )
        assert scene["y"] == network["y"]
        assert min(scene["width"], network["width"]) > 300
        assert loss["y"] >= scene["y"] + scene["height"]
        assert loss["width"] > 600
        end = opened.page.locator("#controls").bounding_box()
        assert loss["y"] + loss["height"] <= end["y"] < end["y"] + end["height"] <= height
        assert opened.page.evaluate(
            "[document.documentElement.scrollWidth, document.documentElement.scrollHeight]"
        ) == [*size]


def test_two_runs_in_a_lesson_are_scrolled_and_their_controls_stay(
    browser: Any, tmp_path: Path, history: History
) -> None:
    with Page(browser, tmp_path, history, history, viewport={"width": 736, "height": 736}) as opened:
        assert all(figure.bounding_box()["height"] > 140 for figure in opened.page.locator("figure").all())
        box = opened.page.locator("#controls").bounding_box()
        assert box["y"] + box["height"] <= 736


@pytest.mark.parametrize("width", [390, 1200])
def test_long_numbers_and_names_stay_in_their_figures(browser: Any, tmp_path: Path, width: int) -> None:
    X, y = LINE
    prices = Dataset("prices", X * 40 + 1990, y * 9e6 + 1234567, ("year of the sale " * 3,), "price", ())
    with Page(browser, tmp_path, line(), dataset=prices, viewport={"width": width, "height": 760}) as opened:
        texts = opened.page.locator(".scene text").all_text_contents()
        assert {"1980", "2000", "10000000"} <= {*texts}
        name = opened.page.locator(".unit-name")
        assert name.text_content() == "year of the sale ye…" + "year of the sale " * 3  # seen, and told
        for figure in opened.page.locator("figure").all():
            around = figure.bounding_box()
            for text in figure.locator("text").all():
                box = text.bounding_box()
                assert around["x"] <= box["x"] <= box["x"] + box["width"] <= around["x"] + around["width"]


@pytest.mark.parametrize(("slope", "start"), [(1, 0), (1e9, 0), (0.01, 1.7e9), (1e-9, 0)])
def test_numbers_below_a_picture_do_not_cover_each_other(
    browser: Any, tmp_path: Path, slope: float, start: float
) -> None:
    X, y = LINE
    measured = Dataset("measured", X * slope + start, y, ("x",), "y", ())
    with Page(browser, tmp_path, line(), dataset=measured, viewport={"width": 390, "height": 844}) as opened:
        below = opened.page.locator(".scene text:not(.vertical)")
        boxes = [text.bounding_box() for text in below.all()]
        assert len(boxes) > 1
        assert all(one["x"] + one["width"] < other["x"] for one, other in pairwise(boxes))
        assert "-" not in "".join(below.all_text_contents())
