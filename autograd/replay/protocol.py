"""What every replay of a tape over a batch can do, and every training step by replay."""

from collections.abc import Sequence
from typing import Any, Protocol

from autograd.replay.arrays import Leaves
from autograd.replay.reduction import Reduction
from autograd.replay.structure import Column
from autograd.replay.tape import Tape


class Replay(Protocol):
    """Replays `tape`. Columns are arrays whose first axis is rows: side by side they make the inputs."""

    tape: Tape

    @property
    def summary(self) -> str:
        """How large it is, in words."""

    def outputs(self, columns: Sequence[Column], threads: int = 1) -> Column:
        """The outputs of every row, of shape rows x outputs."""

    def mean_and_gradients(
        self,
        columns: Sequence[Column],
        threads: int = 1,
        weights: Any = None,
        reduction: Reduction = "mean",
    ) -> tuple[float, Column]:
        """The mean of the only output over the rows, and the mean's derivative with respect to every parameter.

        Each output counts as often as its row's weight says; the mean is their sum divided by that of the weights, and
        not divided with the reduction "sum".
        """

    def input_gradients(self, columns: Sequence[Column], threads: int = 1) -> Column:
        """The derivative of each row's only output with respect to the row's inputs, of shape rows x inputs."""

    def step(self, rule: "Replay", state: Column, parameters: Leaves) -> "Step":
        """Training steps on this replay, by an update rule's replay.

        The first row of `state` is for the parameters' numbers; the others have what the rule remembers of each.
        """


class Step(Protocol):
    """A training step: changes parameters against the gradient of a replay's mean, and returns the mean before it.

    If the mean, the gradient or a number of the new state is not finite, nothing changes, and the mean is nan.
    """

    def take(self, columns: Sequence[Column], threads: int = 1) -> float:
        """One step on these rows."""

    def again(self, columns: tuple[Any, ...], threads: int = 1) -> float | None:
        """One step on these rows, if they are known to be of the structure of the last ones; else nothing happens."""
