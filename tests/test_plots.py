"""Pictures of training, drawn without a screen."""

import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from io import BytesIO

import matplotlib
import numpy as np
import pytest
from matplotlib import pyplot as plt
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from nn import MLP, History, data, plots
from nn.data import Standardizer

matplotlib.use("Agg")


@pytest.fixture
def ax() -> Iterator[Axes]:
    """Axes of a figure that pyplot doesn't know, and must not get to know; what is drawn must render."""
    ax = Figure(layout="constrained").subplots()
    yield ax
    ax.figure.savefig(BytesIO(), format="png")
    assert plt.get_fignums() == []


def test_the_loss_curve_has_a_line_for_each_loss(ax: Axes) -> None:
    history = History(loss=[3.0, 2.0, 1.0], validation_loss=[3.5, 2.5, 2.0])
    assert plots.loss_curve(history, ax) is ax
    assert [line.get_ydata().tolist() for line in ax.lines] == [history.loss, history.validation_loss]
    assert [line.get_xdata().tolist() for line in ax.lines] == [[1, 2, 3]] * 2
    assert {text.get_text() for text in ax.texts} >= {"training", "validation"}


@pytest.mark.parametrize("losses", [[], [1.0]])
def test_a_short_history_is_drawn(ax: Axes, losses: list[float]) -> None:
    plots.loss_curve(History(loss=losses), ax)
    assert len(ax.lines) == len(losses)


@pytest.mark.parametrize(("centers", "n_out"), [(2, 1), (2, 2), (3, 3), (9, 9)])
def test_the_decision_boundary_shows_every_class_and_point(ax: Axes, centers: int, n_out: int) -> None:
    blobs = data.blobs(27, centers=centers, rng=0)
    model = MLP(2, [n_out], rng=0)
    assert plots.decision_boundary(model, blobs, Standardizer.of(blobs.X), ax) is ax
    legend = ax.get_legend()
    assert legend is not None
    assert [text.get_text() for text in legend.get_texts()] == list(blobs.classes)
    drawn = np.concatenate([c.get_offsets() for c in ax.collections if len(c.get_offsets()) > 1])
    assert sorted(map(tuple, drawn)) == sorted(map(tuple, blobs.X))
    assert (ax.get_xlabel(), ax.get_ylabel()) == ("x0", "x1")


def test_the_boundary_lies_where_the_prediction_changes(ax: Axes) -> None:
    model = MLP(2, [1], rng=0)
    model.load_state_dict(dict(zip(model.state_dict(), (1.0, 0.0, -0.25), strict=True)))  # x0 > 0.25
    plots.decision_boundary(model, data.moons(20, rng=0), ax=ax)
    (contour,) = [c for c in ax.collections if type(c).__name__.endswith("ContourSet")]
    assert np.concatenate([path.vertices for path in contour.get_paths()])[:, 0] == pytest.approx(0.25, abs=1e-4)
    pixels = np.asarray(ax.images[0].get_array())
    assert pixels.min() >= 0
    assert pixels.max() <= 1


def test_a_column_of_equal_numbers_is_drawn(ax: Axes) -> None:
    moons = data.moons(10, rng=0)
    plots.decision_boundary(MLP(2, [1], rng=0), replace(moons, X=np.full((10, 2), 1e12)), ax=ax)


def test_names_are_no_formulas(ax: Axes) -> None:
    names = {"features": ("$x_{$", "price in $"), "target": "$$", "classes": ("_$a$", r"$\frac$")}
    plots.decision_boundary(MLP(2, [1], rng=0), replace(data.moons(10), **names), ax=ax)
    legend = ax.get_legend()
    assert legend is not None
    assert len(legend.get_texts()) == 2


@pytest.mark.parametrize("dataset", [data.iris(), replace(data.moons(10), classes=())], ids=["iris", "regression"])
def test_only_two_inputs_and_classes_have_a_boundary(ax: Axes, dataset: data.Dataset) -> None:
    with pytest.raises(ValueError, match="a decision boundary needs 2 inputs and classes"):
        plots.decision_boundary(MLP(2, [1]), dataset, ax=ax)


def test_without_axes_new_ones_are_made() -> None:
    try:
        axes = plots.loss_curve(History(loss=[2.0, 1.0])), plots.decision_boundary(MLP(2, [1], rng=0), data.moons(10))
        assert len(plt.get_fignums()) == len({ax.figure for ax in axes}) == 2
    finally:
        plt.close("all")


def test_importing_nn_does_not_load_matplotlib() -> None:
    program = "import sys, nn, nn.__main__; sys.exit('matplotlib' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0
