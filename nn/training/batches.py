"""A step of training on a batch: by replay of the example's recorded loss or, where that can't be, node by node."""

import math
import warnings
from random import Random
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from autograd import RecordError, Recording, Value, no_grad, record
from autograd.graph import first_nonfinite
from nn.losses import OF_CLASS_NUMBERS
from nn.modules import evaluating
from nn.optim import Clip, Optimizer
from nn.training.dropping import Dropping
from nn.training.objective import Objective
from nn.training.rows import Floats

_ENOUGH = 100


class DivergedError(ArithmeticError):
    """A loss, a gradient or a parameter is not finite; the message says which, and where that began."""


class Batches(Protocol):
    """A model's loss on batches: rows of inputs, their targets, and what each row weighs."""

    def step(self, optimizer: Optimizer, rows: Floats, targets: Floats, weights: Floats | None) -> float:
        """Change the parameters against the gradient of the rows' mean loss: the mean before.

        Weights have the mean 1. Raises DivergedError, with the parameters as they were, if a number is not finite.
        """

    def mean_loss(self, rows: Floats, targets: Floats) -> float:
        """The mean loss over the rows, of the model as it predicts."""


def batches_of(
    objective: Objective,
    rows: Floats,
    targets: Floats,
    generator: Random,
    *,
    weighed: bool = False,
    clip: Clip | None = None,
    threads: int = 1,
) -> Batches:
    """The fastest way that serves this model and loss. What is dropped out is drawn from `generator`.

    The loss is first computed node by node for one row of every target, which raises what is wrong with the model, the
    loss or the targets. A recording must give the same; where it doesn't, or can't be made, a RuntimeWarning says why.
    """
    node_by_node = NodeByNode(objective, clip)
    some, expected = node_by_node.one_of_each_target(rows, targets)
    try:
        recorded = Recorded(objective, rows, targets, weighed, generator, clip, threads)
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

    def __init__(
        self,
        objective: Objective,
        rows: Floats,
        targets: Floats,
        weighed: bool,
        generator: Random,
        clip: Clip | None,
        threads: int,
    ) -> None:
        self._generator, self._clip, self._threads = generator, clip, threads
        self._identity: Floats | None = None  # the targets of classes as probabilities, which needn't be looked at
        row = rows[0].tolist()
        if objective.loss in OF_CLASS_NUMBERS and targets.ndim == 1:
            with no_grad():
                self._identity = np.eye(len(objective.model(row)))
        target = self._shown(targets[:1])[0].tolist()
        self._dropping = Dropping(objective.model, row)
        with evaluating(objective.model):
            self._plain = record(objective, row, target)
        self.recording: Recording = self._plain  # of what is trained
        if weighed or self._dropping.count:
            self.recording = self._record(objective, row, target, weighed)

    def _record(self, objective: Objective, row: Any, target: Any, weighed: bool) -> Recording:
        def of_example(row: Any, target: Any, beside: dict[str, Any]) -> Value:
            with self._dropping.given(beside.get("factors", ())):
                return objective(row, target, beside.get("weight"))

        beside: dict[str, Any] = {"weight": 1.0} if weighed else {}
        if self._dropping.count:
            beside["factors"] = [1.0] * self._dropping.count
        return record(of_example, row, target, beside)

    @property
    def classes(self) -> int | None:
        """How many classes there are, if a target is the number of one; it is then shown as their probabilities."""
        return None if self._identity is None else len(self._identity)

    @property
    def plain(self) -> bool:
        """Whether the recording is of a row and its target alone."""
        return self.recording is self._plain

    def step(self, optimizer: Optimizer, rows: Floats, targets: Floats, weights: Floats | None) -> float:
        batch: list[Any] = [rows, self._shown(targets)]
        if not self.plain:
            beside: dict[str, Any] = {} if weights is None else {"weight": weights}
            if self._dropping.count:
                beside["factors"] = self._dropping.drawn(len(rows), self._generator.getrandbits(64))
            batch.append(beside)
        try:
            return optimizer.minimize(self.recording, *batch, threads=self._threads, clip=self._clip)
        except FloatingPointError as error:
            raise DivergedError(str(error)) from None

    def mean_loss(self, rows: Floats, targets: Floats) -> float:
        return float(np.mean(self.losses(rows, targets)))

    def losses(self, rows: Floats, targets: Floats) -> Floats:
        """The loss of every row."""
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", RuntimeWarning)  # of a row that is not finite: the caller sees it
            return self._plain(rows, self._shown(targets), threads=self._threads)

    def _shown(self, targets: Floats) -> Floats:
        return targets if self._identity is None else self._identity.take(targets.astype(int), axis=0)


def different(targets: Floats, enough: int) -> NDArray[np.intp]:
    """The positions of all the different targets.

    Of many it is those with the least and the greatest numbers and sums, which no range or distribution forgives, and
    `enough` between.
    """
    _, some = np.unique(targets, axis=0, return_index=True)
    if len(some) > enough:
        numbers = targets[some].reshape(len(some), -1)
        numbers = np.c_[numbers, numbers.sum(axis=1)]
        between = np.linspace(0, len(some) - 1, enough).astype(np.intp)
        some = some[np.unique([*between, *numbers.argmin(axis=0), *numbers.argmax(axis=0)])]
    return some


class NodeByNode:
    """Builds the graph of each example anew.

    A batch's gradient is the mean of its examples' gradients. They are computed one example at a time, so that memory
    holds one example's graph however large the batch.
    """

    def __init__(self, objective: Objective, clip: Clip | None = None) -> None:
        self._objective, self._model, self._clip = objective, objective.model, clip

    def step(self, optimizer: Optimizer, rows: Floats, targets: Floats, weights: Floats | None = None) -> float:
        mean = self.gradient(rows, targets, weights)
        before = self._model.state_dict()
        if self._clip:
            clipped = self._clip(np.array([p.grad for p in optimizer.params]))
            for p, derivative in zip(optimizer.params, clipped.tolist(), strict=True):
                p.grad = derivative
        optimizer.step()
        for name, number in self._model.state_dict().items():
            if not math.isfinite(number):
                self._model.load_state_dict(before)
                raise DivergedError(f"the parameter {name} became {number:g}")
        return mean

    def gradient(self, rows: Floats, targets: Floats, weights: Floats | None = None) -> float:
        """Set every parameter's gradient to that of the mean over the rows: the mean. Raises DivergedError."""
        self._model.zero_grad()
        total = 0.0
        weights = np.ones(len(rows)) if weights is None else weights
        for row, target, weight in zip(rows.tolist(), targets.tolist(), weights.tolist(), strict=True):
            example = self._objective(row, target, None if weight == 1 else weight)
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
        with evaluating(self._model):
            return sum([self._objective(row, target).data / len(rows) for row, target in examples])

    def one_of_each_target(self, rows: Floats, targets: Floats) -> tuple[NDArray[np.intp], Floats]:
        """The positions of rows with all the different targets, or with enough, and their losses.

        Raises what the loss has to say.
        """
        of_classes = targets.ndim == 1 and self._objective.loss in OF_CLASS_NUMBERS
        some = different(targets, len(targets) if of_classes else _ENOUGH)
        with evaluating(self._model), no_grad():
            examples = zip(rows[some].tolist(), targets[some].tolist(), strict=True)
            return some, np.array([self._objective(row, target).data for row, target in examples])
