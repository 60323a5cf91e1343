"""Pictures of training, drawn without a screen."""

import math
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from io import BytesIO
from xml.etree import ElementTree

import matplotlib
import numpy as np
import pytest
from matplotlib import pyplot as plt
from matplotlib.axes import Axes
from matplotlib.colors import to_hex, to_rgb
from matplotlib.figure import Figure
from matplotlib.quiver import Quiver

from autograd import Value, exp, sin
from nn import MLP, History, data, plots
from nn.data import Standardizer
from nn.plots.style import COLORS, INK, LONGEST_NAME, PAPER, contrast, legible
from nn.training.range_test import RangeTest

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


def test_the_losses_of_several_runs_have_their_names_beside_their_ends(ax: Axes) -> None:
    runs = {"slow": [4.0, 3.9], "fast": [4.0, 1.0, 0.5], "lost": [4.0, 9.0, math.inf, math.nan], "none": [math.nan]}
    plots.loss_curve(runs, ax)
    assert [line.get_ydata().tolist() for line in ax.lines] == [[4.0, 3.9], [4.0, 1.0, 0.5], [4.0, 9.0]]
    assert {text.get_text(): text.xy for text in ax.texts} == {"slow": (2, 3.9), "fast": (3, 0.5), "lost": (2, 9.0)}
    for line, name in zip(ax.lines, ("slow", "fast", "lost"), strict=True):
        (text,) = [text for text in ax.texts if text.get_text() == name]
        assert text.get_color() == line.get_color()


def test_names_of_curves_that_end_together_do_not_touch(ax: Axes) -> None:
    plots.loss_curve({name: [1.0, 0.5] for name in "abcd"}, ax)
    ax.figure.savefig(BytesIO(), format="png")
    boxes = [text.get_window_extent() for text in ax.texts]
    assert not any(a.overlaps(b) for i, a in enumerate(boxes) for b in boxes[:i])


def test_what_explodes_is_cut_off_and_keeps_its_name(ax: Axes) -> None:
    plots.loss_curve({"calm": [1.0, 0.5], "exploding": [1.0, 1e9]}, ax, highest=2)
    assert ax.get_ylim() == (0, 2)
    assert {text.get_text(): text.xy for text in ax.texts} == {"calm": (2, 0.5), "exploding": (2, 2)}


def test_the_range_test_marks_the_lowest_loss_and_the_suggested_rate(ax: Axes) -> None:
    found = RangeTest(learning_rates=[0.001, 0.01, 0.1, 1.0], losses=[2.0, 1.5, 0.5, 4.0])
    assert plots.range_test(found, ax) is ax
    curve, lowest, suggestion = ax.lines
    assert (list(curve.get_xdata()), list(curve.get_ydata())) == (found.learning_rates, found.losses)
    assert (list(lowest.get_xdata()), list(lowest.get_ydata())) == ([0.1], [0.5])
    assert list(suggestion.get_xdata()) == [found.suggestion] * 2 == [pytest.approx(0.01)] * 2
    assert [text.get_text() for text in ax.texts] == ["lowest loss", "suggested: 0.01"]
    assert (ax.get_xscale(), ax.get_ylim()[0]) == ("log", 0)


def arrows_of(ax: Axes) -> list[list[tuple[float, ...]]]:
    """Of each path: where its arrows start, and where they point to."""
    found = [c for c in ax.collections if isinstance(c, Quiver)]
    return [[*map(tuple, np.hstack([q.XY, q.XY + np.column_stack([q.U, q.V])]).tolist())] for q in found]


def dots_of(ax: Axes) -> list[list[list[float]]]:
    return [c.get_offsets().tolist() for c in ax.collections if type(c).__name__ == "PathCollection"]


def test_one_weight_has_a_curve_with_the_path_on_it(ax: Axes) -> None:
    assert plots.landscape(lambda w: exp(w) + (w - 1) ** 2, {"w": (-2, 3)}, {"down": [2.0, 0.0, 1.0]}, ax) is ax
    (curve,) = ax.lines
    places = np.asarray(curve.get_xdata())
    assert (places[0], places[-1]) == ax.get_xlim() == (-2, 3)
    assert curve.get_ydata() == pytest.approx(np.exp(places) + (places - 1) ** 2)
    on_it = [(2.0, math.exp(2) + 1), (0.0, 2.0), (1.0, math.e)]
    assert dots_of(ax) == [[list(dot) for dot in on_it]]
    assert arrows_of(ax) == [[pytest.approx(on_it[0] + on_it[1]), pytest.approx(on_it[1] + on_it[2])]]
    assert (ax.get_xlabel(), ax.get_ylabel()) == ("w", "loss")


def test_two_weights_have_a_map_with_the_paths_on_it(ax: Axes) -> None:
    paths = {"one": [(-1.0, 1.0), (0.0, 0.5), (0.25, 0.25)], "other": [(1.0, 1.5), (0.5, 1.0)]}
    plots.landscape(lambda a, b: a * a + 4 * b * b, {"a": (-2, 2), "b": (-1, 2)}, paths, ax)
    assert (ax.get_xlim(), ax.get_ylim(), ax.get_xlabel(), ax.get_ylabel()) == ((-2, 2), (-1, 2), "a", "b")
    assert dots_of(ax) == [[list(dot) for dot in path] for path in paths.values()]
    assert arrows_of(ax)[1] == [(1.0, 1.5, 0.5, 1.0)]
    lines = [c for c in ax.collections if type(c).__name__.endswith("ContourSet")][-1]
    for height, path in zip(lines.levels, lines.get_paths(), strict=True):
        a, b = path.vertices.T
        assert a * a + 4 * b * b == pytest.approx(height, rel=0.05, abs=0.01)
    names = {text.get_text(): text for text in ax.texts}
    for quiver, name in zip([c for c in ax.collections if isinstance(c, Quiver)], paths, strict=True):
        assert names[name].xy in paths[name]
        assert to_hex(quiver.get_facecolor()[0]) == to_hex(names[name].get_color())


def test_a_name_stands_beside_its_path_where_that_is_alone(ax: Axes) -> None:
    paths = {"stays": [0.0, 0.1, 0.2], "leaves": [0.0, 0.2, 3.0], "alone": [-3.0, -2.0]}
    plots.landscape(lambda w: w * w, {"w": (-4, 4)}, paths, ax)
    at = {text.get_text(): text.xy[0] for text in ax.texts}
    assert any(at["stays"] == pytest.approx(w) for w in paths["stays"])
    assert at["leaves"] == pytest.approx(3)
    assert at["alone"] == pytest.approx(-3)


@pytest.mark.parametrize("width", [3, 6])
def test_names_keep_off_each_other_and_the_paths_and_within_the_frame(width: float) -> None:
    rates = (0.02, 0.1, 0.3, 0.45)
    paths = {
        f"rate {rate}": [(-1.8 * (1 - 2 * rate) ** k, 1.9 * (1 - 4 * rate) ** k) for k in range(9)] for rate in rates
    }
    ax = Figure(figsize=(width, 4), layout="constrained").subplots()
    plots.landscape(lambda a, b: a * a + 2 * b * b, {"a": (-2, 2), "b": (-2, 2)}, paths, ax)
    ax.figure.savefig(BytesIO(), format="png")
    boxes = {text.get_text(): text.get_window_extent() for text in ax.texts if text.get_text() in paths}
    assert boxes.keys() == paths.keys()
    frame = ax.get_window_extent()
    for name, box in boxes.items():
        assert not any(box.overlaps(other) for other in boxes.values() if other is not box), name
        assert frame.x0 <= box.x0 < box.x1 <= frame.x1, name
        assert not any(box.contains(*ax.transData.transform(place)) for path in paths.values() for place in path), name


def test_a_path_that_diverges_is_cut_off(ax: Axes) -> None:
    paths = {
        "swings": [(-1.0) ** k * 3.0**k for k in range(300)],
        "leaps": [1.0, 1e100],
        "lost": [0.5, math.nan, 0.5],
        "beyond": [50.0],
        "empty": [],
    }
    plots.landscape(lambda w: w**2, {"w": (-2, 2)}, paths, ax)
    assert ax.get_xlim() == (-2, 2)
    assert ax.get_ylim()[1] < 5
    swings, leaps, lost, beyond, empty = arrows_of(ax)
    assert swings[0] == (1.0, 1.0, -3.0, 9.0)
    assert all(np.abs(arrow).max() < 50 for arrow in swings + leaps)
    assert leaps[0][3] > 10
    assert lost == beyond == empty == []
    assert [text.get_text() for text in ax.texts] == ["swings", "leaps", "lost"]


@pytest.mark.parametrize("ranges", [{"w": (-1, 1)}, {"w": (-1, 1), "b": (-1, 1)}])
def test_drawing_a_landscape_leaves_the_weights_alone(ax: Axes, ranges: dict[str, tuple[float, float]]) -> None:
    w = Value(3.0)
    plots.landscape(lambda *places: sum((sin(place) * w for place in places), Value(0.0)), ranges, ax=ax)
    assert (w.data, w.grad) == (3.0, 0.0)


def test_holes_in_a_landscape_are_left_out(ax: Axes) -> None:
    plots.landscape(lambda a, b: a.log() + b * b, {"a": (-1, 1), "b": (-1, 1)}, ax=ax)
    assert ax.get_xlim() == (-1, 1)


@pytest.mark.parametrize(
    ("ranges", "paths", "message"),
    [
        ({}, {}, "one or two weights"),
        ({"a": (0, 1), "b": (0, 1), "c": (0, 1)}, {}, "one or two weights; got 3"),
        ({"a": (1, 1)}, {}, "the range of a goes from a number to a higher one; got 1 and 1"),
        ({"a": (0, math.inf)}, {}, "the range of a"),
        ({"a": (0, 1)}, {"p": [(0, 1)]}, "the path 'p' is a list of places"),
        ({"a": (0, 1), "b": (0, 1)}, {"p": [0, 1]}, "the path 'p' is a list of places"),
        ({"a": (0, 1), "b": (0, 1)}, {}, "there is no landscape to draw"),
    ],
)
def test_what_is_no_landscape_is_refused(ax: Axes, ranges: dict, paths: dict, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        plots.landscape(lambda *_: 1.0, ranges, paths, ax)


def histogram_network() -> MLP:
    """Of one input x: neurons relu(x), relu(-100), relu(x + 1), and their sum."""
    model = MLP(1, [3, 1])
    for neuron, (weight, bias) in zip(model.layers[0].neurons, [(1, 0), (0, -100), (1, 1)], strict=True):
        neuron.weights[0].data, neuron.bias.data = weight, bias
    for weight in model.layers[1].neurons[0].weights:
        weight.data = 1.0
    return model


def columns_of(ax: Axes) -> list[np.ndarray]:
    """Of each layer: the share of the rows in each bin (down) of each neuron (across)."""
    return [np.asarray(c.get_array()) for c in ax.collections]


def test_the_activations_of_every_neuron_are_counted_and_the_dead_marked(ax: Axes) -> None:
    X = np.array([[-1.0], [0.0], [1.0], [3.0]])
    assert plots.activation_histograms(histogram_network(), X, ax) is ax
    hidden, output = columns_of(ax)
    assert (hidden.shape[1], output.shape[1]) == (3, 1)
    assert hidden.sum(axis=0) == pytest.approx([1, 1, 1])
    assert hidden.max(axis=0).tolist() == [0.5, 1.0, 0.25]  # relu(x) is 0 for half of the rows
    edges = np.linspace(*ax.get_ylim(), len(hidden) + 1)
    assert edges[hidden[:, 1].argmax()] <= 0 < edges[hidden[:, 1].argmax() + 1]
    crosses, none = ax.lines
    assert (list(crosses.get_xdata()), list(none.get_xdata())) == ([1.5], [])
    assert [t.get_text() for t in ax.get_xticklabels()] == ["layer 0\n1 of 3 stuck", "layer 1\n1 alive"]


def test_the_gradients_of_every_neuron_are_counted_and_the_dead_marked(ax: Axes) -> None:
    X, y = np.array([[-0.5], [2.0]]), np.array([0.0, 0.0])
    model = histogram_network()
    plots.gradient_histograms(model, X, y, loss="mean_squared_error", ax=ax)
    hidden, output = columns_of(ax)
    # the sum is 0.5 and 5: the gradient of the loss by it is 1 and 10, and reaches the neurons that are not cut off
    edges = np.linspace(*ax.get_ylim(), len(hidden) + 1)
    for column, gradients in zip([*hidden.T, *output.T], [(0, 10), (0, 0), (1, 10), (1, 10)], strict=True):
        bins = np.searchsorted(edges, gradients, side="right") - 1
        assert set(np.flatnonzero(column)) == set(bins)
    assert list(ax.lines[0].get_xdata()) == [1.5]
    assert all(p.grad == 0 for p in model.parameters())


def test_one_row_has_no_histogram(ax: Axes) -> None:
    with pytest.raises(ValueError, match="at least two rows"):
        plots.activation_histograms(MLP(1, [1]), [[1.0]], ax)
    with pytest.raises(ValueError, match="at least two rows"):
        plots.gradient_histograms(MLP(1, [1]), [[1.0]], [0.0], loss="mean_squared_error", ax=ax)


def test_a_network_that_gives_the_same_for_all_is_stuck_everywhere(ax: Axes) -> None:
    plots.activation_histograms(MLP(1, [2], rng=0), [[1.0], [1.0]], ax)
    assert list(ax.lines[0].get_xdata()) == [0.5, 1.5]


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


def texts_of(ax: Axes) -> list[str]:
    """What a reader sees, from the file that is saved: what matplotlib takes for a formula it would write otherwise."""
    for text in ax.texts:
        text.set_path_effects([])  # which save letters as outlines
    svg = BytesIO()
    with matplotlib.rc_context({"svg.fonttype": "none"}):
        ax.figure.savefig(svg, format="svg")
    elements = ElementTree.fromstring(svg.getvalue()).iter("{http://www.w3.org/2000/svg}text")
    return ["".join(element.itertext()) for element in elements]


NAMES = ["$x^2$", "$", "costs $5 or $6", "one\ntwo", r"\frac{1}{2}", "<b>&amp;</b>", "", "a" * 500]


@pytest.mark.parametrize("name", NAMES)
def test_names_are_shown_as_they_are(ax: Axes, name: str) -> None:
    plots.landscape(lambda a, b: a * a + b * b, {name: (-1, 1), "b": (-1, 1)}, {name: [(0.5, 0.5)]}, ax)
    shown = name.replace("\n", r"\n")
    shown = shown if len(shown) <= LONGEST_NAME else shown[: LONGEST_NAME - 1] + "…"
    assert texts_of(ax).count(shown) == (2 if name else 0)
    ax.clear()
    plots.loss_curve({name: [2.0, 1.0]}, ax)
    assert texts_of(ax).count(shown) == (1 if name else 0)


EVERY_PLOT: list[Callable[[Axes | None], Axes]] = [
    lambda ax: plots.loss_curve(History(loss=[2.0, 1.0]), ax),
    lambda ax: plots.range_test(RangeTest([0.1, 1.0], [1.0, 2.0]), ax),
    lambda ax: plots.decision_boundary(MLP(2, [1], rng=0), data.moons(10), ax=ax),
    lambda ax: plots.landscape(lambda w: w * w, {"w": (-1, 1)}, {"path": [1, 0.5]}, ax),
    lambda ax: plots.landscape(lambda a, b: a * a + b, {"a": (-1, 1), "b": (-1, 1)}, {"path": [(1, 0), (0, 0)]}, ax),
    lambda ax: plots.activation_histograms(MLP(2, [1], rng=0), data.moons(10).X, ax),
    lambda ax: plots.network_gradients(MLP(2, [1], rng=0), ax),
]


@pytest.mark.parametrize("plot", EVERY_PLOT)
def test_without_axes_new_ones_are_made_in_the_shared_style(plot: Callable[[Axes | None], Axes]) -> None:
    with matplotlib.rc_context():
        plt.style.use("dark_background")
        before = dict(matplotlib.rcParams)
        try:
            ax = plot(None)
            assert plt.get_fignums() == [ax.figure.number]
            assert to_hex(ax.figure.get_facecolor(), keep_alpha=True) == PAPER.lower() + "ff"
            assert to_hex(ax.get_facecolor(), keep_alpha=True) == PAPER.lower() + "ff"
            written = [ax.title, ax.xaxis.label, ax.yaxis.label, *ax.get_xticklabels(), *ax.get_yticklabels()]
            if legend := ax.get_legend():
                written += [legend.get_title(), *legend.get_texts()]
            assert {to_hex(text.get_color()) for text in written} == {INK}
            assert to_hex(ax.spines["left"].get_edgecolor()) == INK
            assert dict(matplotlib.rcParams) == before
        finally:
            plt.close("all")


@pytest.mark.parametrize("plot", EVERY_PLOT)
def test_nothing_is_shown(plot: Callable[[Axes | None], Axes], monkeypatch: pytest.MonkeyPatch, ax: Axes) -> None:
    monkeypatch.setattr(plt, "show", lambda *_, **__: pytest.fail("a plot was shown"))
    monkeypatch.setattr(Figure, "show", lambda *_, **__: pytest.fail("a plot was shown"))
    assert plot(ax) is ax


def test_panels_stand_side_by_side() -> None:
    try:
        left, right = plots.panels(2, width=8, height=3)
        assert left.figure is right.figure
        assert left.figure.get_size_inches().tolist() == [8, 3]
        assert left.get_position().x1 < right.get_position().x0
    finally:
        plt.close("all")


def test_without_matplotlib_the_error_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    with pytest.raises(ModuleNotFoundError, match=r'plots need matplotlib: pip install "stepgrad\[plot\]"'):
        plots.loss_curve(History(loss=[2.0, 1.0]))


def test_importing_nn_does_not_load_matplotlib() -> None:
    program = "import sys, nn, nn.__main__; sys.exit('matplotlib' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0


@pytest.mark.parametrize("paper", ["#FFFFFF", "#222222", "#808080"])
@pytest.mark.parametrize("color", COLORS)
def test_what_is_written_can_be_read_on_any_paper(color: str, paper: str) -> None:
    ax = Figure().subplots()
    ax.set_facecolor(paper)
    assert contrast(*(np.array(to_rgb(x)) for x in (legible(color, ax), paper))) >= 4.5
