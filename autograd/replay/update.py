"""Training steps without a Python loop: a recorded loss, and an update rule that is itself recorded.

An update rule is a scalar function of one parameter. Replayed, every parameter is a row of its batch.
"""

from collections.abc import Callable, Sequence
from math import isnan
from typing import Any

import numpy as np

from autograd.engines import Value
from autograd.replay.choice import Leaves, new_replay
from autograd.replay.diagnosis import ONLY_THE_SUM
from autograd.replay.plain import following
from autograd.replay.protocol import Replay, Step
from autograd.replay.recording import Recording, record
from autograd.replay.structure import Column
from autograd.replay.tape import Tape


class Update:
    """Changes `parameters` by `rule`, a function of a parameter, its gradient, and what is remembered of it.

    The rule returns the new parameter and what to remember, so many numbers as `memories`. It is recorded once; leaves
    that it meets (a Value for the learning rate, say) are read at every step, plain numbers are fixed.

    - `remembered`: an array of memories x parameters, at first 0

    Raises ValueError for a parameter that is given twice, constants, inner nodes of a graph, or a rule that returns
    another number of results.

    >>> w, rate = Value(3.0), Value(0.25)
    >>> loss = record(lambda x: (w * x) ** 2, 1.0)
    >>> update = Update([w], lambda p, gradient: [p - rate * gradient])
    >>> update.step(loss, [1.0]), w.data
    (9.0, 1.5)
    """

    def __init__(self, parameters: Sequence[Value], rule: Callable[..., Sequence[Value]], memories: int = 0) -> None:
        leaves = Leaves(parameters)
        if len(set(leaves.values)) < len(leaves.values):
            raise ValueError("a parameter was given twice, but a step changes each once")
        for p in leaves.values:
            if not (p.is_leaf and p.requires_grad):
                raise ValueError(f"a step changes leaves that require a gradient; got {p!r}")
        (replay,) = record(rule, *[0.0] * (2 + memories)).replays
        if len(replay.tape.outputs) != 1 + memories:
            raise ValueError(
                f"the rule returns the new parameter and {memories} numbers to remember; it returned "
                f"{len(replay.tape.outputs)} numbers"
            )
        self._begin(leaves, replay, np.zeros((1 + memories, len(leaves.values))))

    def _begin(self, leaves: Leaves, rule: Replay, state: Column) -> None:
        self._leaves, self._rule, self._state = leaves, rule, state
        self.remembered: Column = state[1:]
        self._loss: Recording | None = None  # of the last step
        self._step: Step | None = None  # that one, if its batch was arrays: only their shapes tell the structure

    def __getstate__(self) -> tuple[tuple[Value, ...], Tape, Column]:
        return self._leaves.values, self._rule.tape, self._state

    def __setstate__(self, state: tuple[tuple[Value, ...], Tape, Column]) -> None:
        parameters, tape, numbers = state
        self._begin(Leaves(parameters), new_replay(tape), numbers)

    def step(self, loss: Recording, *batch: Any, threads: int = 1) -> float:
        """One step against the gradient of the mean loss over a batch: the mean before it. It touches no `.grad`.

        Raises FloatingPointError, and changes nothing, if the mean, its gradient, a new parameter or what is remembered
        of it is not finite; TypeError for a loss that is not recorded, and ValueError for one without the parameters.
        """
        return self.take(loss, batch, threads)

    def take(self, loss: Recording, batch: tuple[Any, ...], threads: int = 1) -> float:
        """`step`, where the batch is in a tuple."""
        mean = None
        if self._step is not None and loss is self._loss and threads > 0:
            mean = self._step.again(batch, threads)
        if mean is None:
            if not isinstance(loss, Recording):
                raise TypeError(f"expected a recorded loss, made by record(function, an example), got {loss!r}")
            replay, columns = loss.prepared(batch, threads, differentiated=True)
            if loss is not self._loss and not set(loss.parameters) & set(self._leaves.values):
                raise ValueError("none of the parameters is in the loss, so a step would change nothing")
            self._loss, self._step = loss, None
            step = replay.step(self._rule, self._state, self._leaves)
            self._step = step if columns is batch else None
            mean = step.take(columns, threads)
        if isnan(mean):
            raise FloatingPointError(loss.why_not_finite(*batch) or self._why_not_finite(loss, batch))
        return mean

    def apply(self, gradient: Column) -> None:
        """Change every parameter by its derivative in `gradient`, an array in the order of the parameters."""
        self.become(self.following(gradient))

    def following(self, gradient: Column, only_finite: bool = False) -> Column:
        """What `apply` would make of the parameters, and of what is remembered of them; it changes nothing.

        With `only_finite` it raises FloatingPointError if a number would become infinite or nan.
        """
        self._leaves.read(self._state[0])
        state = following(self._rule, self._state, gradient)
        if only_finite and not np.isfinite(state).all():
            raise FloatingPointError(self._which_became(state))
        return state

    def become(self, state: Column) -> None:
        """Take what `following` gave."""
        self._state[:] = state
        self._leaves.write(self._state[0])

    def _why_not_finite(self, loss: Recording, batch: tuple[Any, ...]) -> str:
        gradient = dict(zip(loss.parameters, loss.value_and_grad(*batch)[1], strict=True))
        derivatives = np.array([gradient.get(p, 0.0) for p in self._leaves.values])
        state = following(self._rule, self._state, derivatives)
        return ONLY_THE_SUM if np.isfinite(state).all() else self._which_became(state)

    def _which_became(self, state: Column) -> str:
        memory, i = np.argwhere(~np.isfinite(state))[0]
        what = "what is remembered of " if memory else ""
        return f"{what}the parameter {self._leaves.values[i].label or i} became {state[memory, i]:g}"
