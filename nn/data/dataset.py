"""A data set: rows of inputs with their targets; splitting it, and standardising its columns."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from random import Random
from typing import TypeAlias

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
