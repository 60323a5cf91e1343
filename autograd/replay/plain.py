"""The replay of a tape in plain Python, row by row. It says what the results mean."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import isfinite, nan
from typing import Any

import numpy as np

from autograd.replay.arrays import Leaves
from autograd.replay.protocol import Replay
from autograd.replay.reduction import Reduction, divisor, weights_of_rows
from autograd.replay.structure import Column, rows_of
from autograd.replay.tape import Tape


class PlainReplay:
    """The tape's own operations on one row after the other."""

    def __init__(self, tape: Tape) -> None:
        self.tape = tape

    @property
    def summary(self) -> str:
        return f"{len(self.tape.operations)} operations in plain Python; {len(self.tape.parameters)} parameters"

    def outputs(self, columns: Sequence[Column], threads: int = 1) -> Column:  # noqa: ARG002
        tape = self.tape
        results = [[numbers[i] for i in tape.outputs] for numbers in map(tape.numbers, rows_of(columns).tolist())]
        return np.array(results, dtype=float).reshape(-1, len(tape.outputs))

    def mean_and_gradients(
        self,
        columns: Sequence[Column],
        threads: int = 1,  # noqa: ARG002
        weights: Any = None,
        reduction: Reduction = "mean",
    ) -> tuple[float, Column]:
        tape = self.tape
        (output,) = tape.outputs
        tape.check_parameters()
        rows = rows_of(columns).tolist()
        numbers = weights_of_rows(weights, len(rows))
        each = [1.0] * len(rows) if numbers is None else numbers.tolist()
        by = divisor(reduction, sum(each))
        total, gradients = 0.0, np.zeros(len(tape.parameters))
        for row, weight in zip(rows, each, strict=True):
            nodes = tape.numbers(row)
            total += weight * nodes[output]
            derivatives = tape.gradients(nodes, output)
            with np.errstate(all="ignore"):
                gradients += weight * np.array([derivatives.get(i, 0.0) for i in tape.parameter_numbers])
        return total / by, gradients / by

    def input_gradients(self, columns: Sequence[Column], threads: int = 1) -> Column:  # noqa: ARG002
        tape = self.tape
        (output,) = tape.outputs
        derivatives = [tape.gradients(tape.numbers(row), output) for row in rows_of(columns).tolist()]
        return np.array([[d.get(i, 0.0) for i in range(tape.first_leaf)] for d in derivatives])

    def step(self, rule: Replay, state: Column, parameters: Leaves) -> "PlainStep":
        return PlainStep(self, rule, state, parameters)


@dataclass
class PlainStep:
    """A training step for any replays: the gradient, then the rule, then the parameters."""

    replay: Replay
    rule: Replay
    state: Column
    parameters: Leaves

    def take(self, columns: Sequence[Column], threads: int = 1) -> float:
        mean, gradient = self.replay.mean_and_gradients(columns, threads)
        derivatives = dict(zip(self.replay.tape.parameters, gradient.tolist(), strict=True))
        of_all = np.array([derivatives.get(p, 0.0) for p in self.parameters.values])
        if not (isfinite(mean) and np.isfinite(of_all).all()):
            return nan
        self.parameters.read(self.state[0])
        state = following(self.rule, self.state, of_all)
        if not np.isfinite(state).all():
            return nan
        self.state[:] = state
        self.parameters.write(self.state[0])
        return mean

    def again(self, columns: tuple[Any, ...], threads: int = 1) -> None:
        """Does nothing: here it isn't known whether these rows have the structure of the last ones."""


def following(rule: Replay, state: Column, gradient: Column) -> Column:
    """The state after a step: the rule's replay, run on the parameters, their gradient and what is remembered."""
    return rule.outputs((state[0], gradient, *state[1:])).T
