"""Replay of a tape over a batch: compiled where that was built, else in plain Python, row by row: slow, and right."""

from collections.abc import Sequence
from typing import Protocol

import numpy as np

from autograd.structure import Column
from autograd.tape import Tape


class Replay(Protocol):
    """Replays `tape`. Columns are arrays of rows x numbers that side by side make the rows of inputs."""

    tape: Tape

    @property
    def summary(self) -> str:
        """How large it is, in words."""

    def outputs(self, columns: Sequence[Column], threads: int = 1) -> Column:
        """The outputs of every row, of shape rows x outputs."""

    def mean_and_gradients(self, columns: Sequence[Column], threads: int = 1) -> tuple[float, Column]:
        """The mean of the only output over the rows, and the mean's derivative with respect to every parameter."""

    def input_gradients(self, columns: Sequence[Column], threads: int = 1) -> Column:
        """The derivative of each row's only output with respect to the row's inputs, of shape rows x inputs."""


def new_replay(tape: Tape) -> Replay:
    """The fastest replay of `tape` that this installation has."""
    return PlainReplay(tape)


class PlainReplay:
    """The tape's own operations on one row after the other."""

    def __init__(self, tape: Tape) -> None:
        self.tape = tape

    @property
    def summary(self) -> str:
        return f"{len(self.tape.operations)} instructions in plain Python"

    def outputs(self, columns: Sequence[Column], threads: int = 1) -> Column:  # noqa: ARG002
        tape = self.tape
        results = [[numbers[i] for i in tape.outputs] for numbers in map(tape.numbers, np.hstack(columns).tolist())]
        return np.array(results).reshape(-1, len(tape.outputs))

    def mean_and_gradients(self, columns: Sequence[Column], threads: int = 1) -> tuple[float, Column]:  # noqa: ARG002
        tape = self.tape
        (output,) = tape.outputs
        parameters = [i for i, leaf in enumerate(tape.leaves, tape.first_leaf) if leaf.requires_grad]
        rows = np.hstack(columns).tolist()
        total, gradients = 0.0, np.zeros(len(parameters))
        for row in rows:
            numbers = tape.numbers(row)
            total += numbers[output]
            derivatives = tape.gradients(numbers, output)
            gradients += [derivatives.get(i, 0.0) for i in parameters]
        return total / len(rows), gradients / len(rows)

    def input_gradients(self, columns: Sequence[Column], threads: int = 1) -> Column:  # noqa: ARG002
        tape = self.tape
        (output,) = tape.outputs
        derivatives = [tape.gradients(tape.numbers(row), output) for row in np.hstack(columns).tolist()]
        return np.array([[d.get(i, 0.0) for i in range(tape.first_leaf)] for d in derivatives])
