"""Where the rows of a training run are, and how an epoch visits them."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from random import Random
from typing import NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from nn.optim import Optimizer
from nn.training.batches import Batches
from nn.training.rows import Floats, digest


class Batch(NamedTuple):
    """The share of all rows that a batch has, and a step on it: the mean loss before. It raises DivergedError."""

    share: float
    step: Callable[[Optimizer], float]


class Source(Protocol):
    """Where the rows of a training run are."""

    def epoch(self, batch_size: int, generator: Random | None) -> Iterator[Batch]:
        """Every row once, in an order drawn from `generator`, or as they are."""

    def mean_loss(self, rows: Floats, targets: Floats) -> float:
        """The mean loss over other rows."""

    def digest(self) -> str:
        """A short text that tells these rows, targets and weights from others."""

    def __len__(self) -> int:
        """How many rows there are."""


@dataclass(frozen=True)
class InMemory:
    """Rows, targets and what each row weighs, in this process."""

    work: Batches
    rows: Floats
    targets: Floats
    weights: Floats | None

    def epoch(self, batch_size: int, generator: Random | None) -> Iterator[Batch]:
        whole = 0.0 if self.weights is None else float(self.weights.sum())
        for batch in shuffled(len(self.rows), batch_size, generator):
            weights, share = None, len(batch) / len(self.rows)
            if self.weights is not None:
                weights = self.weights[batch]
                share = float(weights.sum()) / whole
                weights = weights / weights.mean()
            rows, targets = self.rows.take(batch, axis=0), self.targets.take(batch, axis=0)
            yield Batch(share, partial(self.work.step, rows=rows, targets=targets, weights=weights))

    def digest(self) -> str:
        return digest(self.rows, self.targets, self.weights)

    def __len__(self) -> int:
        return len(self.rows)

    def mean_loss(self, rows: Floats, targets: Floats) -> float:
        return self.work.mean_loss(rows, targets)


def shuffled(n: int, batch_size: int, generator: Random | None) -> Iterator[NDArray[np.intp]]:
    """The numbers 0 to n - 1 in an order drawn from `generator`, or as they are, `batch_size` at a time."""
    drawn = list(range(n))
    if generator:
        generator.shuffle(drawn)
    order = np.array(drawn, np.intp)
    return (order[i : i + batch_size] for i in range(0, n, batch_size))


def weights_of_rows(weights: object, rows: int) -> Floats | None:
    """Weights as an array, or None. Raises ValueError unless there is one for each row, at least 0 and finite."""
    if weights is None:
        return None
    numbers = np.asarray(weights, dtype=np.float64)
    if numbers.shape != (rows,):
        raise ValueError(f"sample_weight has a number for each of the {rows} rows; got shape {numbers.shape}")
    if not (np.isfinite(numbers).all() and (numbers >= 0).all() and numbers.any()):
        raise ValueError("sample_weight has finite numbers, at least 0 and not all of them 0")
    return numbers
