"""Data sets: two-dimensional toys drawn from a seed, Fisher's iris, splitting and standardising.

Tables of one's own come from `nn.tables`.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from importlib.resources import as_file, files
from random import Random
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats: TypeAlias = NDArray[np.float64]


@dataclass(frozen=True)
class Dataset:
    """Rows of inputs and a target for each.

    - `X`: shape n x inputs; `y`: shape n, class numbers (0, 1, ...) or, where `classes` is empty, real numbers
    - `features`, `target`: the names of the columns; `classes`: the names of the classes
    - `notes`: what a reader left out, in words
    """

    name: str
    X: Floats
    y: NDArray[np.int64] | Floats
    features: Sequence[str] = ("x0", "x1")
    target: str = "class"
    classes: Sequence[str] = ("0", "1")
    notes: Sequence[str] = field(default=())

    def split(self, test: float = 0.2, rng: int | Random | None = 0) -> "tuple[Dataset, Dataset]":
        """A training part and a held-out part with the share `test` of the rows, of each class where there are classes.

        Of every class, one row at least is for training. Raises ValueError if the held-out part would be empty.
        """
        if not 0 < test < 1:
            raise ValueError(f"test is the share of the rows to hold out, between 0 and 1; got {test}")
        groups: dict[object, list[int]] = defaultdict(list)
        for i, target in enumerate(self.y.tolist()):
            groups[target if self.classes else None].append(i)
        generator = rng if isinstance(rng, Random) else Random(rng)
        train_rows, test_rows = [], []
        for group in groups.values():
            generator.shuffle(group)
            n_test = min(round(len(group) * test), len(group) - 1)
            test_rows += group[:n_test]
            train_rows += group[n_test:]
        if not test_rows:
            raise ValueError(f"a share of {test} holds out none of the {len(self.y)} rows: raise it, or add rows")
        return self._rows(sorted(train_rows)), self._rows(sorted(test_rows))

    def _rows(self, rows: list[int]) -> "Dataset":
        return replace(self, X=self.X[rows], y=self.y[rows])


@dataclass(frozen=True)
class Standardizer:
    """Shifts and scales columns to mean 0 and standard deviation 1, by statistics of the training part.

    >>> Standardizer.of([[1.0, 5.0], [3.0, 5.0]]).apply([[5.0, 5.0]])
    array([[3., 0.]])
    """

    mean: list[float] | float
    scale: list[float] | float

    @classmethod
    def of(cls, X: ArrayLike) -> "Standardizer":
        """The statistics of the columns of `X`, or of one column; a column of equal numbers is shifted, not scaled.

        Raises ValueError for numbers so large that they overflow.
        """
        columns = np.asarray(X, dtype=float)
        with np.errstate(over="ignore", invalid="ignore"):
            mean, deviation = columns.mean(axis=0), columns.std(axis=0)
        if not np.isfinite(deviation).all():
            raise ValueError("a column's numbers are too large for their mean and deviation: rescale or leave it out")
        return cls(mean.tolist(), np.where(np.ptp(columns, axis=0) > 0, deviation, 1.0).tolist())

    def apply(self, X: ArrayLike) -> Floats:
        return (np.asarray(X, dtype=float) - self.mean) / self.scale

    def invert(self, X: ArrayLike) -> Floats:
        return np.asarray(X, dtype=float) * self.scale + self.mean


def moons(n: int = 100, noise: float = 0.1, rng: int | None = 0) -> Dataset:
    """Two interleaved half circles, n / 2 points each, with Gaussian noise.

    >>> moons(100).X.shape
    (100, 2)
    """
    angle = np.pi * np.concatenate([np.linspace(0, 1, n - n // 2), np.linspace(0, 1, n // 2)])
    y = _halves(n)
    X = np.where(y[:, None] == 0, _circle(angle), [1, 0.5] - _circle(angle))
    return _toy("moons", X, y, noise, rng)


def circles(n: int = 100, noise: float = 0.1, rng: int | None = 0) -> Dataset:
    """A small circle inside a large one, n / 2 points each, with Gaussian noise."""
    y = _halves(n)
    angle = 2 * np.pi * np.arange(n) / (n / 2)
    return _toy("circles", _circle(angle) * np.where(y == 0, 1.0, 0.4)[:, None], y, noise, rng)


def spirals(n: int = 100, noise: float = 0.02, rng: int | None = 0) -> Dataset:
    """Two intertwined spirals of one turn, n / 2 points each, with Gaussian noise."""
    y = _halves(n)
    along = np.sqrt(np.concatenate([np.linspace(0.02, 1, n - n // 2), np.linspace(0.02, 1, n // 2)]))
    return _toy("spirals", _circle(2 * np.pi * along + np.pi * y) * along[:, None], y, noise, rng)


def xor(n: int = 100, noise: float = 0.1, rng: int | None = 0) -> Dataset:
    """Points of the square, labelled by whether the signs of their coordinates differ, with Gaussian noise."""
    _check_size(n)
    X = np.random.default_rng(rng).uniform(-1, 1, (n, 2))
    return _toy("xor", X, (X[:, 0] * X[:, 1] < 0).astype(np.int64), noise, rng)


def blobs(n: int = 100, centers: int = 3, noise: float = 0.3, rng: int | None = 0) -> Dataset:
    """Clusters around `centers` points of the unit circle, a class each, with Gaussian noise."""
    _check_size(n)
    if centers < 2:
        raise ValueError(f"blobs have at least 2 centers, to tell apart; got {centers}")
    y = np.arange(n) % centers
    toy = _toy("blobs", _circle(2 * np.pi * y / centers), y, noise, rng)
    return replace(toy, classes=tuple(map(str, range(centers))))


def iris() -> Dataset:
    """Fisher's iris: 150 flowers of three species, four measurements in centimetres.

    Source: R. A. Fisher (1936), "The use of multiple measurements in taxonomic problems", Annals of Eugenics 7,
    pages 179-188; the measurements are E. Anderson's. The numbers are those of the paper, as in R's `iris`.

    >>> iris().X.shape, iris().classes
    ((150, 4), ['setosa', 'versicolor', 'virginica'])
    """
    from nn.tables import read_csv  # which makes a Dataset

    with as_file(files("nn") / "iris.csv") as path:
        return replace(read_csv(path, "species"), name="iris")


def _toy(name: str, X: Floats, y: NDArray[np.int64], noise: float, rng: int | None) -> Dataset:
    return Dataset(name, X + noise * np.random.default_rng(rng).standard_normal(X.shape), y)


def _halves(n: int) -> NDArray[np.int64]:
    _check_size(n)
    return (np.arange(n) >= n - n // 2).astype(np.int64)


def _circle(angle: NDArray[np.floating[Any]]) -> Floats:
    return np.stack([np.cos(angle), np.sin(angle)], axis=1)


def _check_size(n: int) -> None:
    if n < 2:
        raise ValueError(f"a data set has at least 2 points, got n={n}")


TOYS = {make.__name__: make for make in (moons, circles, spirals, xor, blobs)}
