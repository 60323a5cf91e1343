"""A step of training on a batch: by replay of the example's recorded loss or, where that can't be, node by node."""

import math
import warnings
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from random import Random
from typing import Any, NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from autograd import RecordError, Recording, Value, no_grad, record
from autograd.graph import first_nonfinite
from nn.losses import Loss, cross_entropy
from nn.modules import Module
from nn.optim import Optimizer
from nn.training.rows import Floats


class DivergedError(ArithmeticError):
    """A loss, a gradient or a parameter is not finite; the message says which, and where that began."""


class Batch(NamedTuple):
    """The share of all rows that a batch has, and a step on it: the mean loss before. It raises DivergedError."""

    share: float
    step: Callable[[Optimizer], float]


class Source(Protocol):
    """Where the rows of a training run are."""

    def epoch(self, batch_size: int, generator: Random) -> Iterator[Batch]:
        """Every row once, in an order drawn from `generator`."""

    def mean_loss(self, rows: Floats, targets: Floats) -> float:
        """The mean loss over other rows."""


class Batches(Protocol):
    """A model's loss on batches: rows of inputs, and their targets."""

    def step(self, optimizer: Optimizer, rows: Floats, targets: Floats) -> float:
        """Change the parameters against the gradient of the mean loss over the rows: the mean before.

        Raises DivergedError, with the parameters as they were, if a number is not finite.
        """

    def mean_loss(self, rows: Floats, targets: Floats) -> float:
        """The mean loss over the rows."""


@dataclass(frozen=True)
class InMemory:
    """Rows and targets in this process."""

    work: Batches
    rows: Floats
    targets: Floats

    def epoch(self, batch_size: int, generator: Random) -> Iterator[Batch]:
        for batch in shuffled(len(self.rows), batch_size, generator):
            some = partial(self.work.step, rows=self.rows[batch], targets=self.targets[batch])
            yield Batch(len(batch) / len(self.rows), some)

    def mean_loss(self, rows: Floats, targets: Floats) -> float:
        return self.work.mean_loss(rows, targets)


def shuffled(n: int, batch_size: int, generator: Random) -> Iterator[list[int]]:
    """The numbers 0 to n - 1 in an order drawn from `generator`, `batch_size` at a time."""
    order = list(range(n))
    generator.shuffle(order)
    return (order[i : i + batch_size] for i in range(0, n, batch_size))


def batches_of(model: Module, loss: Loss, rows: Floats, targets: Floats) -> Batches:
    """The fastest way that serves this model and loss.

    The loss is first computed node by node for one row of every target, which raises what is wrong with the model, the
    loss or the targets. A recording must give the same; where it doesn't, or can't be made, a RuntimeWarning says why.
    """
    node_by_node = NodeByNode(model, loss)
    some, expected = node_by_node.one_of_each_target(rows, targets)
    try:
        recorded = Recorded(model, loss, rows, targets)
        if not np.allclose(recorded.losses(rows[some], targets[some]), expected, rtol=1e-9, equal_nan=True):
            raise RecordError(
                "the recorded loss is another than the computed one: does it compare with ==, or draw random numbers?"
            )
    except RecordError as error:
        warnings.warn(f"training node by node, which takes longer: {error}", RuntimeWarning, stacklevel=3)
        return node_by_node
    return recorded


class Recorded:
    """Replays the loss of one example on all rows of a batch."""

    def __init__(self, model: Module, loss: Loss, rows: Floats, targets: Floats) -> None:
        self._identity: Floats | None = None  # the targets of classes as probabilities, which needn't be looked at
        if loss is cross_entropy and targets.ndim == 1:
            with no_grad():
                self._identity = np.eye(len(model(rows[0].tolist())))
        self.recording: Recording = record(
            lambda row, target: loss(model(row), target), rows[0].tolist(), self._shown(targets[:1])[0].tolist()
        )

    @property
    def classes(self) -> int | None:
        """How many classes there are, if a target is the number of one; it is then shown as their probabilities."""
        return None if self._identity is None else len(self._identity)

    def step(self, optimizer: Optimizer, rows: Floats, targets: Floats) -> float:
        try:
            return optimizer.minimize(self.recording, rows, self._shown(targets))
        except FloatingPointError as error:
            raise DivergedError(str(error)) from None

    def mean_loss(self, rows: Floats, targets: Floats) -> float:
        return float(np.mean(self.losses(rows, targets)))

    def losses(self, rows: Floats, targets: Floats) -> Floats:
        """The loss of every row."""
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", RuntimeWarning)  # of a row that is not finite: the caller sees it
            return self.recording(rows, self._shown(targets))

    def _shown(self, targets: Floats) -> Floats:
        return targets if self._identity is None else self._identity[targets.astype(int)]


class NodeByNode:
    """Builds the graph of each example anew.

    A batch's gradient is the mean of its examples' gradients. They are computed one example at a time, so that memory
    holds one example's graph however large the batch.
    """

    def __init__(self, model: Module, loss: Loss) -> None:
        self._model, self._loss = model, loss

    def step(self, optimizer: Optimizer, rows: Floats, targets: Floats) -> float:
        mean = self.gradient(rows, targets)
        before = self._model.state_dict()
        optimizer.step()
        for name, number in self._model.state_dict().items():
            if not math.isfinite(number):
                self._model.load_state_dict(before)
                raise DivergedError(f"the parameter {name} became {number:g}")
        return mean

    def gradient(self, rows: Floats, targets: Floats) -> float:
        """Set every parameter's gradient to that of the mean loss: the mean loss. Raises DivergedError."""
        self._model.zero_grad()
        total = 0.0
        for row, target in zip(rows.tolist(), targets.tolist(), strict=True):
            example = self._example(row, target)
            if bad := first_nonfinite(example) if not math.isfinite(example.data) else None:
                raise DivergedError(str(bad))
            share = example / len(rows)
            share.backward()
            total += share.data
        for name, p in self._model.named_parameters():
            if not math.isfinite(p.grad):
                raise DivergedError(f"the gradient of {name} is {p.grad:g}")
        return total

    @no_grad()
    def mean_loss(self, rows: Floats, targets: Floats) -> float:
        examples = zip(rows.tolist(), targets.tolist(), strict=True)
        return sum([self._example(row, target).data / len(rows) for row, target in examples])

    def one_of_each_target(self, rows: Floats, targets: Floats) -> tuple[NDArray[np.intp], Floats]:
        """The positions of rows with all the different targets, and their losses; raises what the loss has to say."""
        _, some = np.unique(targets, axis=0, return_index=True)
        return some, np.array([self.mean_loss(rows[[i]], targets[[i]]) for i in some])

    def _example(self, row: list[float], target: Any) -> Value:
        example = self._loss(self._model(row), target)
        if not isinstance(example, Value):
            raise TypeError(f"the loss gave {example!r}: it must give a Value, computed from the model's output")
        return example
