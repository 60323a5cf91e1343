"""Data sets: toys from a seed, Fisher's iris, splitting, standardising."""

import sys
from random import Random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograd import Value
from nn import data, optim, training
from nn.data import Dataset, Standardizer


@pytest.mark.parametrize("name", data.TOYS)
@pytest.mark.parametrize("n", [2, 3, 4, 7, 100, 101])
def test_toys_have_n_points_of_balanced_classes(name: str, n: int) -> None:
    toy = data.TOYS[name](n, rng=1)
    assert (toy.name, toy.X.shape, toy.y.shape) == (name, (n, 2), (n,))
    assert np.isfinite(toy.X).all()
    assert set(toy.y.tolist()) <= set(range(len(toy.classes)))
    if name != "xor":  # whose corners are drawn
        counts = np.bincount(toy.y, minlength=len(toy.classes))
        assert counts.max() - counts.min() <= 1


@pytest.mark.parametrize("name", data.TOYS)
def test_toys_come_from_a_seed(name: str) -> None:
    make = data.TOYS[name]
    assert (make(20, rng=1).X == make(20, rng=1).X).all()
    assert (make(20, rng=1).X != make(20, rng=2).X).any()


def test_without_noise_toys_lie_on_their_curves() -> None:
    circles = data.circles(40, noise=0)
    assert np.hypot(*circles.X.T) == pytest.approx(np.where(circles.y == 0, 1, 0.4))
    moons = data.moons(40, noise=0)
    centers = np.where(moons.y[:, None] == 0, [0, 0], [1, 0.5])
    assert np.hypot(*(moons.X - centers).T) == pytest.approx(np.ones(40))
    assert ((moons.X - centers)[:, 1] * np.where(moons.y == 0, 1, -1) >= -1e-15).all()
    spirals = data.spirals(40, noise=0)
    assert spirals.X[spirals.y == 0] == pytest.approx(-spirals.X[spirals.y == 1])
    xor = data.xor(40, noise=0)
    assert ((xor.X[:, 0] * xor.X[:, 1] < 0) == xor.y).all()
    blobs = data.blobs(40, centers=5, noise=0)
    assert len(np.unique(blobs.X.round(9), axis=0)) == len(blobs.classes) == 5


@pytest.mark.parametrize("name", data.TOYS)
def test_a_toy_of_one_point_is_refused(name: str) -> None:
    with pytest.raises(ValueError, match="at least 2 points, got n=1"):
        data.TOYS[name](1)


def test_blobs_have_two_centers_at_least() -> None:
    with pytest.raises(ValueError, match="at least 2 centers, to tell apart; got 1"):
        data.blobs(10, centers=1)


def test_digits_are_the_images_of_scikit_learn() -> None:
    pytest.importorskip("sklearn")
    digits = data.digits()
    assert (digits.name, digits.X.shape, digits.target) == ("digits", (1797, 64), "digit")
    assert (digits.X.min(), digits.X.max(), set(digits.y.tolist())) == (0, 16, set(range(10)))
    assert (len(digits.features), digits.features[10], digits.classes[7]) == (64, "pixel_1_2", "7")
    zero = digits.X[0].reshape(8, 8)  # a ring: dark at its sides, white in its middle and its corners
    assert digits.y[0] == 0
    assert (zero[3:5, 3:5] == 0).all()
    assert (zero[[0, 0, 7, 7], [0, 7, 0, 7]] == 0).all()
    assert (zero[3:5, [2, 6]] >= 4).all()


def test_without_scikit_learn_there_are_no_digits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "sklearn.datasets", None)
    with pytest.raises(ModuleNotFoundError, match=r'pip install "stepgrad\[digits\]" brings it'):
        data.digits()


def test_iris_is_fishers() -> None:
    iris = data.iris()
    assert iris.X.shape == (150, 4)
    assert iris.features == ["sepal_length", "sepal_width", "petal_length", "petal_width"]
    assert (iris.name, iris.target, iris.classes) == ("iris", "species", ["setosa", "versicolor", "virginica"])
    assert np.bincount(iris.y).tolist() == [50, 50, 50]
    means = [iris.X[iris.y == k].mean(axis=0).round(3).tolist() for k in range(3)]
    assert means == [[5.006, 3.428, 1.462, 0.246], [5.936, 2.77, 4.26, 1.326], [6.588, 2.974, 5.552, 2.026]]
    assert iris.X[[34, 37]].tolist() == [[4.9, 3.1, 1.5, 0.2], [4.9, 3.6, 1.4, 0.1]]  # which some copies have wrong


@given(st.lists(st.integers(0, 3), min_size=2, max_size=60), st.floats(0.01, 0.99), st.integers(0, 100), st.booleans())
def test_a_split_is_disjoint_exhaustive_and_stratified(y: list[int], test: float, seed: int, classes: bool) -> None:
    rows = Dataset("rows", np.arange(len(y))[:, None] * 1.0, np.array(y), classes=tuple("0123") if classes else ())
    groups = [y.count(k) for k in set(y)] if classes else [len(y)]
    expected = sum(min(round(n * test), n - 1) for n in groups)
    if not expected:
        with pytest.raises(ValueError, match=r"holds out none|is a class of its own: none can be held out"):
            rows.split(test, seed)
        return
    train, held_out = rows.split(test, seed)
    assert sorted([*train.X[:, 0], *held_out.X[:, 0]]) == list(range(len(y)))
    assert len(held_out.y) == expected
    for part in (train, held_out):
        assert [y[int(i)] for i in part.X[:, 0]] == part.y.tolist()
    if classes:
        assert set(train.y.tolist()) == set(y)
        for k in set(y):
            assert (held_out.y == k).sum() == min(round(y.count(k) * test), y.count(k) - 1)
    again, _ = rows.split(test, Random(seed))
    assert (again.X == train.X).all()


@pytest.mark.parametrize("share", [0, 1, -0.2, 1.5, float("nan")])
def test_a_share_is_between_zero_and_one(share: float) -> None:
    with pytest.raises(ValueError, match="the share of the rows to hold out, between 0 and 1"):
        data.iris().split(share)


@given(st.lists(st.integers(0, 3), min_size=4, max_size=40), st.integers(2, 4), st.booleans())
def test_folds_are_even_and_stratified(y: list[int], folds: int, classes: bool) -> None:
    fold = data.folds_of(np.array(y), classes, folds)
    for rows in [fold, *[fold[np.array(y) == k] for k in range(4) if classes]]:
        counts = np.bincount(rows, minlength=folds)
        assert counts.sum() == len(rows)
        assert counts.max() - counts.min() <= 1


@pytest.mark.parametrize("folds", [1, 4])
def test_there_are_two_folds_or_more_and_no_empty_one(folds: int) -> None:
    with pytest.raises(ValueError, match=f"there are 2 to 3 folds of 3 rows; got {folds}"):
        data.folds_of(np.zeros(3), False, folds)


@given(st.lists(st.tuples(*[st.floats(-1e6, 1e6, width=32)] * 3), min_size=1, max_size=20))
def test_standardised_columns_have_mean_zero_and_deviation_one_and_go_back(rows: list[tuple[float, ...]]) -> None:
    table = np.array(rows)
    standardizer = Standardizer.of(table)
    scaled = standardizer.apply(table)
    size = abs(table).max(axis=0) + 1
    assert standardizer.invert(scaled) == pytest.approx(table, rel=1e-9, abs=1e-9 * size.max())
    varied = np.ptp(table, axis=0) > 1e-3 * size
    assert scaled[:, varied].mean(axis=0) == pytest.approx(0, abs=1e-8)
    assert scaled[:, varied].std(axis=0) == pytest.approx(1)


def test_equal_numbers_are_shifted_not_scaled() -> None:
    ten_tenths = np.full((10, 1), 0.1)  # whose computed deviation is not quite zero
    assert Standardizer.of(ten_tenths).apply([[1.1]]) == pytest.approx(np.array([[1.0]]))


def test_one_column_is_standardised_alone() -> None:
    targets = Standardizer.of([1.0, 3.0])
    assert (targets.mean, targets.scale) == (2.0, 1.0)
    assert targets.invert([1.0]).tolist() == [3.0]


def test_numbers_that_overflow_are_refused() -> None:
    with pytest.raises(ValueError, match="too large, or too small, for their deviation"):
        Standardizer.of([[1e308], [-1e308]])
    with pytest.raises(ValueError, match=r"^column 'mass' has numbers too large"):
        Standardizer.of([1e308, -1e308], "mass")


def test_a_data_set_and_a_history_say_in_a_line_what_they_are() -> None:
    assert repr(data.moons(20)) == "<Dataset moons: 20 rows of x0, x1; class 0 or 1>"
    many = data.Dataset("many", np.zeros((2, 9)), np.zeros(2), [f"x{i}" for i in range(9)], "price", ())
    assert repr(many) == "<Dataset many: 2 rows of 9 inputs; price>"
    history = training.History([0.7], [0.9], [0.1], "diverged: try a lower learning rate")
    said = "<History: 1 epoch, loss 0.7 -> 0.7, validation loss 0.9 -> 0.9, diverged: try a lower learning rate>"
    assert repr(history) == said
    assert repr(training.History()) == "<History: 0 epochs>"
    assert repr(optim.SGD([Value(1.0)], lr=0.1)) == "SGD(lr=0.1, 1 parameter)"
