"""The train player: what is in the page, and the page itself in a browser."""

import base64
import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from pages import OpenPage

from autograd import Value
from autograd.show.notation import rounded
from nn import MLP, DivergenceWarning, History, Module, data, fit, optim, predict, train_player
from nn.player.scenes import GRID, SATURATION, Scale, classes_of

MOONS = data.moons(40, rng=0)
LINE = (np.linspace(-1, 1, 20)[:, None], np.linspace(-1, 1, 20) ** 2)
HOSTILE = "</script><script>window.injected = 1</script><img src=x onerror='window.injected = 1'>"


def run(model: Module | None = None, X: Any = MOONS.X, y: Any = MOONS.y, lr: float = 0.1, **settings: Any) -> History:
    model = model or MLP(2, [4, 1], activation="tanh", rng=0)
    optimizer = optim.SGD(model.parameters(), lr)
    settings = {"loss": "binary_cross_entropy", "epochs": 5, "film": True, "progress": False, **settings}
    return fit(model, X, y, optimizer=optimizer, **settings)


def line(**settings: Any) -> History:
    return run(MLP(1, [4, 1], activation="tanh", rng=0), *LINE, loss="mean_squared_error", **settings)


def diverged() -> History:
    """It ends early: from the third epoch on the learning rate is absurd."""
    with pytest.warns(DivergenceWarning):
        return line(epochs=6, batch_size=20, schedule=lambda step: 1e200 if step > 1 else 1.0)


def embedded(*runs: History, **settings: Any) -> Any:
    source = train_player(*runs, **settings).source
    [lesson] = re.findall(r'<script type="application/json" id="lesson">(.*?)</script>', source, re.DOTALL)
    return json.loads(lesson)


def unpacked(packed: str, kind: Any, frames: int) -> Any:
    return np.frombuffer(base64.b64decode(packed), kind).reshape(frames, -1)


# The film


def test_a_film_has_the_parameters_before_and_after_every_epoch() -> None:
    model, again = (MLP(2, [4, 1], activation="tanh", rng=0) for _ in range(2))
    film = run(model).film
    assert film is not None
    assert film.snapshots[0] == again.state_dict()
    run(again, epochs=3)
    assert film.snapshots[3] == again.state_dict()
    assert film.snapshots[5] == model.state_dict()


def test_a_history_is_saved_without_its_film(tmp_path: Path) -> None:
    run().save(tmp_path / "history.json")
    assert list(json.loads((tmp_path / "history.json").read_text())) == [
        "loss",
        "validation_loss",
        "learning_rate",
        "stopped",
    ]


# The page


def test_the_plane_is_what_the_model_said_after_each_epoch_and_the_model_is_left_alone() -> None:
    history = run()
    model = history.film.model  # type: ignore[union-attr]
    now = model.state_dict()
    scene = embedded(history, history)["runs"][0]["scene"]
    assert model.state_dict() == now
    codes = unpacked(scene["frames"], np.uint8, 6)
    (left, right), (bottom, top) = (map(float, scene[side]) for side in "xy")
    middles = (np.arange(GRID) + 0.5) / GRID
    x, y = np.meshgrid(left + middles * (right - left), bottom + middles * (top - bottom))
    for epoch in (0, 5):
        model.load_state_dict(history.film.snapshots[epoch])  # type: ignore[union-attr]
        outputs = predict(model, np.stack([x, y], axis=-1).reshape(-1, 2))
        far = np.abs(outputs) > 0.01
        assert ((codes[epoch] >= scene["levels"]) == (outputs > 0))[far].all()
        certainty = np.abs(2 / (1 + np.exp(-outputs)) - 1)
        assert codes[epoch] % scene["levels"] / (scene["levels"] - 1) == pytest.approx(certainty, abs=0.01)


def test_the_curve_of_one_input_is_what_the_model_said() -> None:
    history = line()
    scene = embedded(history)["runs"][0]["scene"]
    (left, right), (bottom, top) = (map(float, scene[side]) for side in "xy")
    outputs = predict(history.film.model, np.linspace(left, right, 81))  # type: ignore[union-attr]
    assert np.array(scene["frames"][-1]) * (top - bottom) + bottom == pytest.approx(outputs, abs=0.01)


def test_the_edges_are_the_weights() -> None:
    history = run()
    network = embedded(history, history)["runs"][0]["network"]
    weights = unpacked(network["frames"], np.int8, 6)
    assert (network["widths"], network["of"], len(network["edges"])) == ([2, 4, 1], 12, 12)
    for epoch, snapshot in enumerate(history.film.snapshots):  # type: ignore[union-attr]
        exact = [snapshot[f"layers.{k}.neurons.{j}.weights.{i}"] for k, i, j in network["edges"]]
        shown = -SATURATION * np.log(1 - np.abs(weights[epoch]) / 127) * np.sign(weights[epoch])
        assert shown == pytest.approx(exact, abs=0.05)


def test_of_many_weights_the_largest_are_shown_and_a_wide_layer_is_not_drawn() -> None:
    rng = np.random.default_rng(0)
    X, y = rng.normal(size=(10, 64)), np.arange(10) % 2
    network = embedded(run(MLP(64, [32, 1], rng=0), X, y))["runs"][0]["network"]
    assert (network["of"], len(network["edges"])) == (2080, 400)
    wide = embedded(run(MLP(65, [1], rng=0), rng.normal(size=(10, 65)), y))["runs"][0]
    assert (wide["network"], wide["scene"]) == (None, None)


class Looks(Module):
    """A model that can't be recorded, because it looks at its numbers."""

    def __init__(self) -> None:
        self.slope = Value(1.0)

    def __call__(self, inputs: Any) -> Value:
        return self.slope * inputs[0] if float(self.slope) > -9 else self.slope


def test_any_model_is_played() -> None:
    with pytest.warns(RuntimeWarning, match="node by node"):
        history = run(Looks(), epochs=1)
    shown = embedded(history)["runs"][0]
    assert shown["network"] is None
    assert len(unpacked(shown["scene"]["frames"], np.uint8, 2)[0]) == GRID**2
    assert '<h1 dir="auto">Looks</h1>' in train_player(history).source


@pytest.mark.parametrize(
    ("n_out", "y", "expected"),
    [
        (1, [0, 1], [0, 1]),
        (1, [-1, 1], [0, 1]),
        (1, [0, 2], None),
        (2, [1, 0], [1, 0]),
        (2, [[1, 0], [0.2, 0.8]], [0, 1]),
        (2, [[1, 1], [0, 3]], None),
    ],
)
def test_classes_are_told_from_other_targets(n_out: int, y: Any, expected: list[int] | None) -> None:
    losses = {1: "mean_squared_error"}
    loss = losses.get(np.ndim(y)) if n_out == 1 else ("cross_entropy" if np.ndim(y) == 1 else "mean_squared_error")
    film = run(MLP(2, [n_out], rng=0), [[0.0, 1.0], [1.0, 0.0]], y, epochs=1, loss=loss).film
    assert film is not None
    classes = classes_of(film)
    assert (classes.tolist() if classes is not None else None) == expected


def test_a_plane_of_three_classes_has_an_ink_for_each_and_one_of_very_many_is_not_drawn() -> None:
    for centers, inks in ((3, 3), (9, None)):
        blobs = data.blobs(27, centers=centers, rng=0)
        scene = embedded(run(MLP(2, [centers], rng=0), blobs.X, blobs.y, loss="cross_entropy"))["runs"][0]["scene"]
        assert (scene and len(scene["inks"])) == inks


def test_one_input_and_two_outputs_have_no_curve() -> None:
    y = np.stack([LINE[1], LINE[1]], axis=1)
    both = run(MLP(1, [2], rng=0), LINE[0], y, loss="mean_squared_error")
    assert embedded(both)["runs"][0]["scene"] is None
    classes = run(MLP(1, [2], rng=0), LINE[0], np.arange(20) % 2, loss="cross_entropy")
    assert embedded(classes)["runs"][0]["scene"] is None


@pytest.mark.parametrize(
    ("losses", "logarithmic", "ticks"),
    [
        ([1.0, 0.5], False, [(0.0, "0"), (0.5, "0.5"), (1.0, "1")]),
        ([10.0, 0.1], True, [(0.0, "0.1"), (0.5, "1"), (1.0, "10")]),
        ([2.0, -2.0], False, [(0.0, "-2"), (0.5, "0"), (1.0, "2")]),
        ([], False, [(0.0, "0"), (0.5, "0.5"), (1.0, "1")]),
    ],
)
def test_the_scale_of_the_loss(losses: list[float], logarithmic: bool, ticks: list[tuple[float, str]]) -> None:
    scale = Scale(losses)
    assert (scale.logarithmic, scale.ticks()) == (logarithmic, ticks)
    assert scale.heights(losses) == [dict(map(reversed, ticks)).get(rounded(loss)) for loss in losses]  # type: ignore[arg-type]


def test_a_long_run_is_thinned_and_the_file_stays_small() -> None:
    model = MLP(2, [16, 16, 1], activation="tanh", rng=0)
    player = train_player(run(model, MOONS.X[:10], MOONS.y[:10], epochs=60))
    assert len(player.source.encode()) < 300_000
    frames = embedded(line(epochs=150))["frames"]
    assert (frames[0], frames[-1], len(frames)) == (0, 150, 61)


def test_what_cannot_be_played_is_refused() -> None:
    history = run(epochs=1)
    with pytest.raises(ValueError, match="plays one run, or two side by side; got 0"):
        train_player()
    with pytest.raises(ValueError, match="has no film to play"):
        train_player(run(film=False))
    with pytest.raises(TypeError, match=r"plays what fit.* returns, got list"):
        train_player([history])  # type: ignore[arg-type]
    for names in (["one"], ["same", "same"]):
        with pytest.raises(ValueError, match="a name for each of 2 runs, all different"):
            train_player(history, history, names=names)
    with pytest.raises(ValueError, match="the data set has 4 inputs"):
        train_player(history, dataset=data.iris())
    with pytest.raises(ValueError, match="speaks 'en'"):
        train_player(history, language="fr")  # type: ignore[arg-type]


def test_runs_are_told_apart_by_their_learning_rates_if_they_differ() -> None:
    slow, fast, never = run(lr=0.01), run(lr=1.0), run(epochs=0)
    for runs, names in (
        ((slow, fast), ["learning rate 0.01", "learning rate 1"]),
        ((slow, slow), ["run 1", "run 2"]),
        ((never,), ["run 1"]),
    ):
        assert [shown["name"] for shown in embedded(*runs)["runs"]] == names


@pytest.mark.parametrize("runs", [[run()], [run(lr=0.2), run(lr=0.1)], [line()]], ids=["one", "two", "line"])
def test_a_notebook_shows_a_frame_and_where_it_is_stripped_a_picture(runs: list[History]) -> None:
    pytest.importorskip("matplotlib")
    shown = train_player(*runs)._repr_html_()
    [picture] = re.findall(r'<img alt="[^"]+" src="data:image/png;base64,(.*?)"', shown)
    assert base64.b64decode(picture).startswith(b"\x89PNG")
    assert shown.count("<iframe") == 1


def test_without_matplotlib_there_are_words(monkeypatch: pytest.MonkeyPatch) -> None:
    player = train_player(run())
    monkeypatch.setitem(sys.modules, "matplotlib.figure", None)
    assert player._repr_html_().startswith("<p>&lt;TrainPlayer: shows itself")


# In a browser


class Page(OpenPage):
    """A page in the browser that plays these runs."""

    def __init__(self, browser: Any, folder: Path, *runs: History, language: str = "en", **settings: Any) -> None:
        names = settings.pop("names", None)
        train_player(*runs, names=names, language=language).save(folder / "run.html")  # type: ignore[arg-type]
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
        x, y = page.page.eval_on_selector(".dot.loss", "dot => [dot.getAttribute('cx'), dot.getAttribute('cy')]")
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
        assert f"too fast: loss {rounded(short.loss[-1])}, stopped after epoch {len(short.loss)}: it diverged" in said
        assert "kept on: loss" in said
        assert opened.position == 5
        opened.click("first")
        opened.press("ArrowRight")
        assert "diverged" not in opened.text("sentence")


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
