"""How good predictions are: the numbers of scikit-learn, and pictures of them."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nn.data import Dataset, Table
from nn.evaluation import (
    balanced_accuracy,
    calibration,
    confusion,
    macro_f1,
    permutation_importance,
    probabilities,
    root_mean_square,
)

pairs = st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3)), min_size=1, max_size=30)


@given(pairs)
def test_counts_and_scores_are_those_of_scikit_learn(rows: list[tuple[int, int]]) -> None:
    metrics = pytest.importorskip("sklearn.metrics")
    truth, predicted = zip(*rows, strict=True)
    counts = confusion(truth, predicted, 4)
    assert counts.tolist() == metrics.confusion_matrix(truth, predicted, labels=range(4)).tolist()
    recalls = metrics.recall_score(truth, predicted, labels=sorted(set(truth)), average="macro", zero_division=0)
    assert balanced_accuracy(counts) == pytest.approx(recalls)
    assert macro_f1(counts) == pytest.approx(metrics.f1_score(truth, predicted, average="macro"))


def test_root_mean_square_is_in_the_unit_of_the_target() -> None:
    assert root_mean_square([0, 0], [3, 4]) == pytest.approx(12.5**0.5)


@given(st.lists(st.lists(st.floats(-1e3, 1e3), min_size=3, max_size=3), min_size=1))
def test_probabilities_are_shares_in_the_order_of_the_outputs(outputs: list[list[float]]) -> None:
    shares = probabilities(outputs)
    assert shares.sum(axis=1) == pytest.approx(1)
    largest = np.max(outputs, axis=1)
    assert np.take_along_axis(np.array(outputs), shares.argmax(axis=1)[:, None], 1)[:, 0] == pytest.approx(largest)
    logits = np.array(outputs)[:, 0]
    assert probabilities(logits)[:, 1] == pytest.approx(1 / (1 + np.exp(-logits.clip(-700))))


@given(st.lists(st.tuples(st.floats(0, 1), st.integers(0, 1)), min_size=1, max_size=40))
def test_calibration_counts_every_row_once_and_averages(rows: list[tuple[float, int]]) -> None:
    shares = np.array([[1 - p, p] for p, _ in rows])
    truth = np.array([t for _, t in rows])
    found = calibration(shares, truth)
    assert found.n.sum() == len(rows)
    assert found.n @ found.probability == pytest.approx(shares.max(axis=1).sum())
    assert found.n @ found.right == pytest.approx((shares.argmax(axis=1) == truth).sum())
    assert (np.diff(found.probability) > 0).all()


def test_the_column_that_matters_is_the_important_one() -> None:
    generator = np.random.default_rng(0)
    table = Table.of(Dataset("made", generator.normal(size=(200, 2)), np.zeros(200), ("idle", "busy"), classes=()))
    truth = table["busy"].values > 0

    def score(other: Table) -> float:
        return float(np.mean((other["busy"].values > 0) == truth))

    falls = permutation_importance(score, table, ["idle", "busy"])
    assert list(falls) == ["busy", "idle"]
    assert falls["idle"] == 0
    assert falls["busy"] == pytest.approx(0.5, abs=0.1)


# Pictures

plots = pytest.importorskip("nn.plots")
figures = pytest.importorskip("matplotlib.figure")
colors = pytest.importorskip("matplotlib.colors")


@pytest.fixture
def ax() -> object:
    return figures.Figure(layout="constrained").subplots()


def test_a_confusion_matrix_has_its_counts_where_they_fit(ax) -> None:  # type: ignore[no-untyped-def]
    plots.confusion_matrix([[8, 2], [0, 0]], ["cat $x$", "dog"], ax)
    assert [text.get_text() for text in ax.texts] == ["8", "2", "0", "0"]
    assert [label.get_text() for label in ax.get_xticklabels()] == [r"cat \$x\$", "dog"]
    ax.figure.draw_without_rendering()


def test_many_classes_are_colours_only(ax) -> None:  # type: ignore[no-untyped-def]
    plots.confusion_matrix(np.eye(90), [f"class {i}" for i in range(90)], ax)  # each third is named
    assert [text.get_text() for text in ax.get_yticklabels()] == [f"class {i}" for i in range(0, 90, 3)]
    plots.confusion_matrix(np.eye(20), [f"class {i}" for i in range(20)], ax)
    assert not ax.texts
    assert ax.get_xticklabels()[0].get_rotation() == 90


@pytest.mark.parametrize(("classes", "most"), [(3, 99_999), (10, 999), (12, 99), (15, 9)])
def test_counts_stay_in_their_cells_and_can_be_read(ax, classes: int, most: int) -> None:  # type: ignore[no-untyped-def]
    counts = np.random.default_rng(0).integers(most // 2, most + 1, (classes, classes)) * np.eye(classes, dtype=int)
    counts += np.diag(np.arange(classes - 1), 1) * most // (classes - 1)
    plots.confusion_matrix(counts, [f"class {i}" for i in range(classes)], ax)
    assert len(ax.texts) == classes**2
    ax.figure.draw_without_rendering()
    cell = ax.get_window_extent().width / classes
    shares = counts / counts.sum(axis=1, keepdims=True)
    for text, share in zip(ax.texts, shares.ravel(), strict=True):
        assert text.get_window_extent().width < cell
        paper = 1 + share * (np.array(colors.to_rgb(plots.COLORS[0])) - 1)
        assert plots.style.contrast(paper, np.array(colors.to_rgb(text.get_color()))) > 3.9


def test_a_calibration_curve_is_within_its_frame(ax) -> None:  # type: ignore[no-untyped-def]
    plots.calibration_curve(calibration([[0.6, 0.4], [0.1, 0.9], [0.2, 0.8]], [1, 1, 0]), ax)
    (low, high), curve = ax.get_xlim(), ax.lines[1].get_xydata()
    assert (high, curve.tolist()) == (1, [[0.6, 0], [0.8, 0], [0.9, 1]])
    assert low <= curve.min()


def test_the_most_important_column_is_on_top(ax) -> None:  # type: ignore[no-untyped-def]
    plots.importance({"b": 0.1, "a": 0.4}, "accuracy lost", ax)
    assert [label.get_text() for label in ax.get_yticklabels()] == ["a", "b"]
    assert ax.yaxis_inverted()
    plots.importance({f"c{i}": i for i in range(20)}, "accuracy lost", figures.Figure().subplots())


def test_a_regression_is_dots_about_a_line(ax) -> None:  # type: ignore[no-untyped-def]
    plots.predicted_against_true([1, 2, 3], [1, 2, 4], "price", ax)
    assert ax.lines[0].get_xdata().tolist() == [1, 4]
    assert (ax.get_xlabel(), ax.get_ylabel()) == ("true price", "predicted price")


@pytest.mark.parametrize(
    "draw",
    [
        lambda: plots.confusion_matrix([[1, 0], [0, 1]], ["a", "b"]),
        lambda: plots.calibration_curve(calibration([[0.6, 0.4]], [0])),
        lambda: plots.importance({"a": 1.0}, "lost"),
        lambda: plots.predicted_against_true([1.0], [2.0], "y"),
    ],
)
def test_without_axes_they_are_new(draw) -> None:  # type: ignore[no-untyped-def]
    from matplotlib import pyplot

    ax = draw()
    assert ax.get_title()
    pyplot.close(ax.figure)
