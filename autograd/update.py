"""Training steps without a Python loop: a recorded loss, and an update rule that is itself recorded.

An update rule is a scalar function of one parameter. Replayed, every parameter is a row of its batch.
"""

from collections.abc import Callable, Sequence
from math import isnan
from typing import Any

import numpy as np

from autograd.engines import Value
from autograd.plain_replay import PlainStep, following
from autograd.recording import Recording, record
from autograd.replay import Leaves, Step
from autograd.structure import Column


class Update:
    """Changes `parameters` by `rule`, a function of a parameter, its gradient, and what is remembered of it.

    The rule returns the new parameter and what to remember, so many numbers as `memories`. It is recorded once; leaves
    that it meets (a Value for the learning rate, say) are read at every step, plain numbers are fixed.

    - `remembered`: an array of memories x parameters, at first 0

    Raises ValueError for a parameter that is given twice, or a rule that returns another number of results.

    >>> w, rate = Value(3.0), Value(0.25)
    >>> loss = record(lambda x: (w * x) ** 2, 1.0)
    >>> update = Update([w], lambda p, gradient: [p - rate * gradient])
    >>> update.step(loss, [1.0]), w.data
    (9.0, 1.5)
    """

    def __init__(self, parameters: Sequence[Value], rule: Callable[..., Sequence[Value]], memories: int = 0) -> None:
        self._leaves = Leaves(parameters)
        if len(set(self._leaves.values)) < len(self._leaves.values):
            raise ValueError("a parameter was given twice, but a step changes each once")
        recorded = record(rule, *[0.0] * (2 + memories))
        (replay,) = recorded.replays
        if len(replay.tape.outputs) != 1 + memories:
            raise ValueError(
                f"the rule returns the new parameter and {memories} numbers to remember; it returned "
                f"{len(replay.tape.outputs)} numbers"
            )
        self._rule = replay
        self._state = np.zeros((1 + memories, len(self._leaves.values)))
        self.remembered: Column = self._state[1:]
        self._loss: Recording | None = None  # of the last step, if that was on plain arrays
        self._step: Step | None = None

    def step(self, loss: Recording, *batch: Any, threads: int = 1) -> float:
        """One step against the gradient of the mean loss over a batch: the mean before it. It touches no `.grad`.

        Raises FloatingPointError, and changes nothing, if the mean, its gradient or a new parameter is not finite, and
        TypeError for a loss that is not recorded.
        """
        return self.take(loss, batch, threads)

    def take(self, loss: Recording, batch: tuple[Any, ...], threads: int = 1) -> float:
        """`step`, where the batch is in a tuple."""
        mean = None
        if loss is self._loss and self._step is not None and threads == 1:
            mean = self._step.again(batch)
        if mean is None:
            if not isinstance(loss, Recording):
                raise TypeError(f"expected a recorded loss, made by record(function, an example), got {loss!r}")
            replay, columns = loss.prepared(batch, threads, differentiated=True)
            if threads == 1:
                self._step = replay.step(self._rule, self._state, self._leaves)
                self._loss = loss if columns is batch else None  # else the arrays' shapes don't tell their structure
                mean = self._step.take(columns)
            else:
                mean = PlainStep(replay, self._rule, self._state, self._leaves, threads).take(columns)
        if isnan(mean):
            raise FloatingPointError(loss.why_not_finite(*batch) or self._why_not_finite(loss, batch))
        return mean

    def apply(self, gradient: Column) -> None:
        """Change every parameter by its derivative in `gradient`, an array in the order of the parameters."""
        self._leaves.read(self._state[0])
        self._state[:] = following(self._rule, self._state, gradient)
        self._leaves.write(self._state[0])

    def _why_not_finite(self, loss: Recording, batch: tuple[Any, ...]) -> str:
        gradient = dict(zip(loss.parameters, loss.value_and_grad(*batch)[1], strict=True))
        derivatives = np.array([gradient.get(p, 0.0) for p in self._leaves.values])
        numbers = following(self._rule, self._state, derivatives)[0]
        i = int(np.flatnonzero(~np.isfinite(numbers))[0])
        return f"the parameter {self._leaves.values[i].label or i} became {numbers[i]:g}"
