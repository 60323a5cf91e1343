"""Training in the page: the same numbers as in Python, and every control of it in a browser."""

import json
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from pages import OpenPage
from played_runs import Live

from autograd import record
from autograd.show import part
from nn import MLP, History, data, fit, losses, optim, train_player
from nn.player.live import live_of

MOONS = data.moons(60, rng=0)
BLOBS = data.blobs(45, centers=3, rng=0)
NODE = shutil.which("node")


def run(model: MLP, X: Any, y: Any, loss: Any, optimizer: optim.Optimizer | None = None, epochs: int = 3) -> History:
    return fit(model, X, y, loss=loss, optimizer=optimizer, epochs=epochs, batch_size=7, film=True, progress=False)


def moons(activation: str = "tanh", loss: Any = "binary_cross_entropy", **settings: Any) -> History:
    return run(MLP(2, [5, 4, 1], activation=activation, rng=0), MOONS.X, MOONS.y, loss, **settings)


def live(*runs: History) -> Any:
    films = [run.film for run in runs if run.film]
    return live_of(films, [range(len(film.snapshots)) for film in films])


# The same numbers

STEPS = """
const given = JSON.parse(require("fs").readFileSync(0, "utf8"));
const training = new Training(given.live, given);
console.log(JSON.stringify({
  losses: given.batches.map((rows) => training.step(rows)),
  weights: Array.from(training.weights),
}));
"""


def in_node(live: Any, **given: Any) -> Any:
    live = {**live["runs"][0], "loops": live["loops"], "optimizers": live["optimizers"]}
    script = live["loops"] + part("nn.player", "tape.js") + part("nn.player", "training.js") + STEPS
    given = {"live": live, "points": [], "seed": 0, **given}
    ran = subprocess.run(
        [NODE or "", "-e", script], input=json.dumps(given), capture_output=True, text=True, check=False
    )
    assert ran.returncode == 0, ran.stderr
    return json.loads(ran.stdout)


@pytest.mark.skipif(NODE is None, reason="needs node")
@pytest.mark.parametrize(
    ("activation", "loss", "name", "make"),
    [
        ("tanh", "binary_cross_entropy", "SGD", lambda p: optim.SGD(p, 0.1)),
        ("relu", "binary_cross_entropy", "momentum", lambda p: optim.SGD(p, 0.1, momentum=0.9)),
        ("sigmoid", "binary_cross_entropy", "Adam", lambda p: optim.Adam(p, 0.1)),
        ("erf", "binary_cross_entropy", "SGD", lambda p: optim.SGD(p, 0.1)),
        ("softplus", "cross_entropy", "Adam", lambda p: optim.Adam(p, 0.1)),
        ("tanh", "mean_squared_error", "SGD", lambda p: optim.SGD(p, 0.1)),
    ],
)
def test_steps_in_javascript_are_those_of_python(activation: str, loss: str, name: str, make: Any) -> None:
    several = loss == "cross_entropy"
    dataset, n_out = (BLOBS, 3) if several else (MOONS, 1)
    model = MLP(2, [5, 4, n_out], activation=activation, rng=0)
    history = run(model, dataset.X, dataset.y, loss, make(model.parameters()), epochs=1)
    shown = live(history)
    optimizer, weights = make(model.parameters()), [p.data for p in model.parameters()]
    targets = np.eye(3)[dataset.y] if several else dataset.y[:, None].astype(float)
    lossy = losses.by_name(loss)
    recorded = record(
        lambda row, target: lossy(model(row), target if several else target[0]), [0.0, 0.0], [0.0] * n_out
    )
    batches = [np.arange(i, i + 7) % len(dataset.X) for i in range(0, 7 * 40, 7)]
    expected = [optimizer.minimize(recorded, dataset.X[rows], targets[rows]) for rows in batches]
    numbers = np.column_stack([dataset.X, targets])
    ran = in_node(
        shown, weights=weights, optimizer=name, rate=0.1, batch=7, batches=[numbers[rows].tolist() for rows in batches]
    )
    assert shown["runs"][0]["optimizer"] == name
    assert ran["losses"] == pytest.approx(expected, rel=1e-9, abs=1e-12)
    assert ran["weights"] == pytest.approx([p.data for p in model.parameters()], rel=1e-9, abs=1e-11)


# Which runs are live


def stubborn(prediction: Any, target: Any) -> Any:
    """A loss that can't be recorded: it looks at a number."""
    return (prediction - target) ** 2 if float(prediction.data) > -9 else prediction


def test_runs_that_a_page_cannot_train_are_played_only() -> None:
    assert live(moons()) is not None
    with pytest.warns(RuntimeWarning, match="node by node"):
        assert live(moons(loss=stubborn, epochs=1)) is None
    assert live(run(MLP(2, [17, 1], rng=0), MOONS.X, MOONS.y, "binary_cross_entropy", epochs=0)) is None
    assert live(run(MLP(2, [1], rng=0), MOONS.X, MOONS.X[:, 0], "mean_squared_error", epochs=0)) is None


# In a browser


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("live") / "run.html"
    train_player(moons(), language="en").save(path)
    return path


@pytest.fixture
def page(browser: Any, file: Path) -> Iterator[OpenPage]:
    with Live(browser, file) as opened:
        yield opened


def test_training_goes_on_from_the_epoch_that_is_shown_and_the_film_stays(page: Live) -> None:
    page.press("ArrowRight", "ArrowRight")
    page.page.focus("#train")
    page.press("Enter")
    page.wait_for_epoch(20)
    page.click("train")
    assert page.text("phase").startswith("Training here: epoch")
    assert page.page.evaluate("[lab.base, learners[0].losses.length + 2 === lab.epoch]") == [2, True]
    assert page.page.evaluate("learners[0].losses[0] > learners[0].losses.at(-1)")
    assert page.page.is_visible(".lived")
    page.press("ArrowRight")
    assert page.text("phase") == "Epoch 3"
    assert page.page.is_hidden(".lived")


def test_a_loss_that_has_fallen_far_is_shown_logarithmic_and_that_is_said(page: Live) -> None:
    page.click("epoch")
    page.wait_for_epoch(1)
    assert page.page.is_hidden("#loss .scale")
    bottom = page.page.locator("#loss .lived text").nth(2)
    assert bottom.text_content() == "0"
    factor = page.page.evaluate("lesson.scale.factor")
    for lowest, said in ((0.9 / factor, True), (1.1 / factor, False)):
        page.page.evaluate(f"lab.showLoss(0, [[1, 0.5, {lowest}]])")
        assert page.page.is_visible("#loss .scale") == said
        assert (bottom.text_content() != "0") == said
    assert page.page.text_content("#loss .scale") == "logarithmic"


def test_one_epoch_and_another_start(page: Live) -> None:
    page.click("epoch")
    page.wait_for_epoch(1)
    first = page.loss()
    page.click("again")
    assert page.text("phase") == "Training here: epoch 0"
    limits = page.page.evaluate("Array.from(unpacked(live.runs[0].limits, Float64Array))")
    weights = page.page.evaluate("Array.from(learners[0].weights)")
    assert all(abs(w) <= limit for w, limit in zip(weights, limits, strict=True))
    page.click("epoch")
    page.wait_for_epoch(1)
    assert page.loss() != first
    page.click("again")
    assert page.page.evaluate("Array.from(learners[0].weights)") != weights


def test_settings_reach_the_training_and_a_rate_too_high_is_told(page: Live) -> None:
    page.page.select_option(".optimizer", "SGD")
    page.page.select_option(".batch", "100")
    page.page.select_option(".rate", "0.0001")
    page.click("epoch")
    page.wait_for_epoch(1)
    before = page.page.evaluate("Array.from(learners[0].weights)")
    page.page.select_option(".rate", "10")
    page.click("epoch")
    page.wait_for_epoch(2)
    assert page.page.evaluate("Array.from(learners[0].weights)") != before
    page.page.evaluate("learners[0].weights = learners[0].weights.map(() => 1e308); begin(0)")
    page.click("epoch")
    page.wait("learners[0].diverged")
    assert "diverged" in page.text("sentence")


@pytest.mark.parametrize("way", ["mouse", "touch", "keyboard"])
def test_points_are_added(browser: Any, file: Path, way: str) -> None:
    with Live(browser, file, has_touch=way == "touch") as opened:
        opened.page.select_option(".adds", "1")
        inner = opened.page.locator(".scene .inner")
        if way == "keyboard":
            inner.focus()
            opened.press("ArrowUp", "ArrowLeft", "Enter")
        else:
            (inner.tap if way == "touch" else inner.click)()
        assert opened.page.locator(".added").count() == 1
        *_, target, k = opened.page.evaluate("learners[0].points.at(-1)")
        assert (target, k) == (1, 1)
        assert opened.page.evaluate("learners[0].points.length") == 61
        assert opened.position == 0
        opened.click("epoch")
        opened.wait_for_epoch(1)


def test_edges_show_weights_or_gradients_and_neurons_their_pictures(page: Live) -> None:
    widths = "Array.from(document.querySelectorAll('.weight'), (line) => line.getAttribute('stroke-width'))"
    assert page.page.locator(".neuron").count() == 2 + 5 + 4 + 1
    page.click("epoch")
    page.wait_for_epoch(1)
    by_weight = page.page.evaluate(widths)
    page.page.select_option(".edges", "gradients")
    assert page.page.evaluate(widths) != by_weight
    colours = page.page.evaluate("""Array.from(document.querySelectorAll(".neuron"), (canvas) => canvas.toDataURL())""")
    assert len(set(colours)) == len(colours)


def test_a_data_set_names_inputs_and_classes(browser: Any, tmp_path: Path) -> None:
    named = replace(BLOBS, features=("width", "<b>height"), classes=("setosa", "versicolor", "virginica"))
    history = run(MLP(2, [4, 3], rng=0), BLOBS.X, BLOBS.y, "cross_entropy")
    train_player(history, dataset=named, language="en").save(tmp_path / "run.html")
    with Live(browser, tmp_path / "run.html") as opened:
        caption = opened.page.inner_text(".scene figcaption")
        assert all(name in caption for name in ("width →", "<b>height ↑", *named.classes))
        assert opened.page.locator(".network .input").all_text_contents() == ["width", "<b>height"]
        panel = opened.page.locator(".network").bounding_box()
        assert all(name.bounding_box()["x"] > panel["x"] for name in opened.page.locator(".network .input").all())
        assert opened.page.locator(".adds option").all_inner_texts() == list(named.classes)
        opened.press("End")
        assert opened.page.get_attribute(".border", "d")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", [(390, 844), (844, 390), (1280, 800)])
def test_axe_finds_nothing_and_nothing_sticks_out(browser: Any, file: Path, size: tuple[int, int], scheme: str) -> None:
    width, height = size
    view = {"viewport": {"width": width, "height": height}, "color_scheme": scheme}
    with Live(browser, file, **view) as opened:
        opened.click("epoch")
        opened.wait_for_epoch(1)
        assert opened.violations() == []
        assert opened.page.evaluate("document.documentElement.scrollWidth") <= width
        for figure in opened.page.locator("figure").all():
            box = figure.bounding_box()
            assert min(box["width"], box["height"]) > 150


def test_korean_says_everything(page: Live) -> None:
    page.click("epoch")
    page.wait_for_epoch(1)
    page.page.click("#languages [value=ko]")
    assert page.text("phase") == "여기서 학습 중: 에포크 1"
    assert page.page.inner_text("#live label >> nth=0").startswith("학습률")
