"""The train player: what is in the page."""

import base64
import json
import re
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from played_runs import LINE, MOONS, line, run

from autograd import Value
from autograd.show.notation import rounded
from nn import MLP, History, Module, data, predict, train_player
from nn.player.scenes import GRID, SATURATION, Scale, classes_of


def embedded(*runs: History, **settings: Any) -> Any:
    source = train_player(*runs, **settings).source
    [lesson] = re.findall(r'<script type="application/json" id="lesson">(.*?)</script>', source, re.DOTALL)
    return json.loads(lesson)


def on_other_points() -> History:
    """Beside such a run another isn't live: what it said is computed in Python."""
    return run(X=MOONS.X[:20], y=MOONS.y[:20])


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


def test_a_run_that_went_on_plays_its_losses_from_there(tmp_path: Path) -> None:
    for epochs in (3, 5):
        history = run(MLP(2, [4, 1], activation="tanh", rng=0), epochs=epochs, checkpoint=tmp_path / "run",
                      validation=(MOONS.X, MOONS.y))  # fmt: skip
    [played] = embedded(history)["runs"]
    assert played["frames"] == [0, 1, 2]
    assert played["loss"]["numbers"] == [rounded(loss) for loss in history.loss[3:]]
    assert played["validation"]["numbers"] == [rounded(loss) for loss in history.validation_loss[3:]]


# The page


def test_the_plane_is_what_the_model_said_after_each_epoch_and_the_model_is_left_alone() -> None:
    history = run()
    model = history.film.model  # type: ignore[union-attr]
    now = model.state_dict()
    scene = embedded(history, on_other_points())["runs"][0]["scene"]
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


def test_axes_have_the_units_that_the_data_set_s_rows_had_before_they_were_scaled() -> None:
    metres = data.Dataset(
        "houses", MOONS.X * [3.0, 500.0] + [10.0, 1e6], MOONS.y, ("width", "price"), "sold", ("no", "yes")
    )
    history = run(X=data.Standardizer.of(metres.X).apply(metres.X))
    scene = embedded(history, dataset=metres)["runs"][0]["scene"]
    own = embedded(history)["runs"][0]["scene"]
    for side, column, scaled in zip("xy", metres.X.T, history.film.X.T, strict=True):  # type: ignore[union-attr]
        margin = 0.1 * np.ptp(column)
        assert scene[side] == pytest.approx([column.min() - margin, column.max() + margin])
        assert own[side] == pytest.approx([scaled.min() - 0.1 * np.ptp(scaled), scaled.max() + 0.1 * np.ptp(scaled)])
    assert embedded(history, dataset=metres.split(0.5, rng=0)[0])["runs"][0]["scene"]["x"] == own["x"]  # other rows
    X, y = LINE
    years = data.Dataset("years", X * 20 + 2000, y * -7 + 3, ("year",), "growth", ())
    curve = embedded(run(MLP(1, [4, 1], rng=0), X, y, loss="mean_squared_error"), dataset=years)["runs"][0]["scene"]
    assert curve["x"] == pytest.approx([1976, 2024])
    assert curve["y"] == pytest.approx(
        [y.min() - 0.1 * np.ptp(y), y.max() + 0.1 * np.ptp(y)]
    )  # turned over: as they are


def test_the_edges_are_the_weights() -> None:
    history = run()
    network = embedded(history, on_other_points())["runs"][0]["network"]
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


def test_a_data_set_names_the_network_s_inputs_and_classes_if_they_are_few() -> None:
    iris, wide = data.iris(), data.Dataset("wide", np.eye(13), np.arange(13) % 2, list("abcdefghijklm"))
    for dataset, named in ((iris, [list(iris.features), list(iris.classes)]), (wide, [[], ["0", "1"]])):
        model = MLP(len(dataset.features), [len(dataset.classes)], rng=0)
        history = run(model, dataset.X, dataset.y, loss="cross_entropy", epochs=1)
        assert embedded(history, dataset=dataset)["runs"][0]["network"]["named"] == named
    assert embedded(run(epochs=1))["runs"][0]["network"]["named"] == [[], []]


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
        ([-1.0, -1.0], False, [(0.0, "-1"), (0.5, "-0.5"), (1.0, "0")]),
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
        ((slow, fast), ["0.01", "1"]),
        ((slow, slow), ["", ""]),
        ((never,), ["0.1"]),
    ):
        assert [shown["rate"] for shown in embedded(*runs)["runs"]] == names
    given = embedded(slow, slow, names=["calm", "wild"])["runs"]
    assert [shown["name"] for shown in given] == ["calm", "wild"]


@pytest.mark.parametrize("runs", [[run()], [run(lr=0.2), run(lr=0.1)], [line()]], ids=["one", "two", "line"])
def test_a_notebook_shows_a_frame_and_where_it_is_stripped_a_picture(runs: list[History]) -> None:
    pytest.importorskip("matplotlib")
    shown = train_player(*runs)._repr_html_()
    [picture] = re.findall(r'<img alt="[^"]+" style="max-width: 100%" src="data:image/png;base64,(.*?)"', shown)
    assert base64.b64decode(picture).startswith(b"\x89PNG")
    assert shown.count("<iframe") == 1


def test_without_matplotlib_there_are_words(monkeypatch: pytest.MonkeyPatch) -> None:
    player = train_player(run())
    monkeypatch.setitem(sys.modules, "matplotlib.figure", None)
    assert player._repr_html_().startswith("<div><p>&lt;TrainPlayer: shows itself")
