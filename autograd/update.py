"""Training steps without a Python loop: a recorded loss, and an update rule that is itself recorded.

An update rule is a scalar function of one parameter. Replayed, every parameter is a row of its batch.
"""

from collections.abc import Callable, Sequence
from math import isfinite
from typing import Any

import numpy as np
from numpy.typing import NDArray

from autograd.recording import Recording, record
from autograd.replay import Leaves, all_finite
from autograd.structure import Column
from autograd.engines import Value


class Update:
    """Changes `parameters` by `rule`, a function of a parameter, its gradient, and what is remembered of it.

    The rule returns the new parameter and what to remember, so many numbers as `memories`. It is recorded once; leaves
    that it meets (a Value for the learning rate, say) are read at every step, plain numbers are fixed.

    - `remembered`: an array of parameters x memories, at first 0

    >>> w, rate = Value(3.0), Value(0.25)
    >>> loss = record(lambda x: (w * x) ** 2, 1.0)
    >>> update = Update([w], lambda p, gradient: [p - rate * gradient])
    >>> update.step(loss, [1.0]), w.data
    (9.0, 1.5)
    """

    def __init__(self, parameters: Sequence[Value], rule: Callable[..., Sequence[Value]], memories: int = 0) -> None:
        self._leaves = Leaves(parameters)
        recorded = record(lambda state, gradient: rule(state[0], gradient, *state[1:]), [0.0] * (1 + memories), 0.0)
        (replay,) = recorded.replays
        if len(replay.tape.outputs) != 1 + memories:
            raise ValueError(
                f"the rule returns the new parameter and {memories} numbers to remember; it returned "
                f"{len(replay.tape.outputs)} numbers"
            )
        self._replay = replay
        self._state = np.zeros((len(self._leaves.values), 1 + memories))
        self._numbers = self._state[:, 0]
        self.remembered: Column = self._state[:, 1:]
        self._theirs: tuple[Value, ...] | None = None
        self._order: NDArray[np.intp] | None = None

    def step(self, loss: Recording, *batch: Any, threads: int = 1) -> float:
        """One step against the gradient of the mean loss over a batch: the mean before it. It touches no `.grad`.

        Raises FloatingPointError, and changes nothing, if the mean or its gradient is not finite.
        """
        mean, gradient = loss.mean_and_gradient(batch, threads)
        if not (isfinite(mean) and all_finite(gradient)):
            raise FloatingPointError(loss.why_not_finite(*batch))
        self.apply(self._in_our_order(loss.parameters, gradient))
        return mean

    def apply(self, gradient: Column) -> None:
        """Change every parameter by its derivative in `gradient`, in the order of `parameters`."""
        self._leaves.read(self._numbers)
        self._replay.outputs((self._state, gradient), out=self._state)
        self._leaves.write(self._numbers)

    def _in_our_order(self, theirs: tuple[Value, ...], gradient: Column) -> Column:
        """Derivatives by a loss's parameters as those by ours: 0 by those that the loss didn't meet."""
        if theirs is not self._theirs:
            position = {p: i for i, p in enumerate(theirs)}
            order = [position.get(p, len(theirs)) for p in self._leaves.values]
            self._theirs, self._order = theirs, None if order == list(range(len(theirs))) else np.array(order)
        return gradient if self._order is None else np.append(gradient, 0.0)[self._order]
