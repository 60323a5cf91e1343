"""A data set: rows of inputs with their targets; splitting it, and standardising its columns."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from random import Random
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats: TypeAlias = NDArray[np.float64]

_MOST_NAMED = 5  # inputs


@dataclass(frozen=True)
class Dataset:
    """Rows of inputs and a target for each.

    - `X`: shape n x inputs; `y`: shape n, class numbers (0, 1, ...) or, where `classes` is empty, real numbers
    - `features`, `target`: the names of the columns; `classes`: the names of the classes
    """

    name: str
    X: Floats
    y: NDArray[np.int64] | Floats
    features: Sequence[str] = ("x0", "x1")
    target: str = "class"
    classes: Sequence[str] = ("0", "1")

    def __repr__(self) -> str:
        inputs = ", ".join(self.features) if len(self.features) <= _MOST_NAMED else f"{len(self.features)} inputs"
        target = f"{self.target} {' or '.join(self.classes)}" if self.classes else self.target
        return f"<Dataset {self.name}: {len(self.X)} rows of {inputs}; {target}>"

    def split(self, test: float = 0.2, rng: int | Random | None = 0) -> "tuple[Dataset, Dataset]":
        """A training part and a held-out part with the share `test` of the rows, of each class where there are classes.

        Of every class, one row at least is for training. Raises ValueError if the held-out part would be empty.
        """
        train_rows, test_rows = split_rows(self.y, bool(self.classes), test, rng)
        return self._rows(train_rows), self._rows(test_rows)

    def _rows(self, rows: NDArray[np.intp]) -> "Dataset":
        return replace(self, X=self.X[rows], y=self.y[rows])


def split_rows(
    y: NDArray[Any], classes: bool, test: float = 0.2, rng: int | Random | None = 0
) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """The numbers of the rows to train on, and of those to hold out: the share `test`, of each class if `classes`.

    Raises ValueError if there would be none of the latter.
    """
    if not 0 < test < 1:
        raise ValueError(f"test is the share of the rows to hold out, between 0 and 1; got {test}")
    generator = rng if isinstance(rng, Random) else Random(rng)
    train_rows: list[int] = []
    test_rows: list[int] = []
    for group in _groups(y) if classes else [np.arange(len(y))]:
        rows = group.tolist()
        generator.shuffle(rows)
        n_test = min(round(len(rows) * test), len(rows) - 1)
        test_rows += rows[:n_test]
        train_rows += rows[n_test:]
    if not test_rows:
        if classes and len(np.unique(y)) == len(y) > 1:
            raise ValueError(f"each of the {len(y)} rows is a class of its own: none can be held out; add rows")
        raise ValueError(f"a share of {test} holds out none of the {len(y)} rows: raise it, or add rows")
    return np.sort(np.array(train_rows, dtype=np.intp)), np.sort(np.array(test_rows, dtype=np.intp))


def folds_of(y: NDArray[Any], classes: bool, folds: int, rng: int = 0) -> NDArray[np.intp]:
    """The fold of each row, 0 to `folds` - 1: as many rows in each as can be, of each class if `classes`.

    Raises ValueError for less than 2 folds, or more than rows.
    """
    if not 2 <= folds <= len(y):
        raise ValueError(f"there are 2 to {len(y)} folds of {len(y)} rows; got {folds}")
    shuffled = np.random.default_rng(rng).permutation(len(y))
    order = shuffled[np.argsort(y[shuffled], kind="stable")] if classes else shuffled
    which = np.empty(len(y), dtype=np.intp)
    which[order] = np.arange(len(y)) % folds
    return which


def _groups(y: NDArray[Any]) -> list[NDArray[np.intp]]:
    """The rows of each target, in the order in which the targets come."""
    _, first, which = np.unique(y, return_index=True, return_inverse=True)
    by_target = np.split(np.argsort(which, kind="stable"), np.cumsum(np.bincount(which))[:-1])
    return [by_target[k] for k in np.argsort(first)]


@dataclass(frozen=True)
class Standardizer:
    """Shifts and scales columns to mean 0 and standard deviation 1, by statistics of the training part.

    >>> Standardizer.of([[1.0, 5.0], [3.0, 5.0]]).apply([[5.0, 5.0]])
    array([[3., 0.]])
    """

    mean: list[float] | float
    scale: list[float] | float

    @classmethod
    def of(cls, X: ArrayLike, name: str = "") -> "Standardizer":
        """The statistics of the columns of `X`, or of one, `name`; a column of equal numbers is shifted, not scaled.

        Raises ValueError, with the name, for numbers whose deviation overflows, or is 0 although they differ.
        """
        columns = np.asarray(X, dtype=float)
        with np.errstate(over="ignore", invalid="ignore"):
            mean, deviation = columns.mean(axis=0), columns.std(axis=0)
            scale = np.where(np.ptp(columns, axis=0) > 0, deviation, 1.0)
        if not (np.isfinite(scale).all() and scale.all()):
            whose = f"column {name!r} has " if name else ""
            raise ValueError(
                f"{whose}numbers too large, or too small, for their deviation: rescale them, or leave them out"
            )
        return cls(mean.tolist(), scale.tolist())

    def apply(self, X: ArrayLike) -> Floats:
        return (np.asarray(X, dtype=float) - self.mean) / self.scale

    def invert(self, X: ArrayLike) -> Floats:
        return np.asarray(X, dtype=float) * self.scale + self.mean
