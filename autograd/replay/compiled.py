"""The compiled replay of a tape: programs of its plan, run by the kernels on many rows at a time."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from autograd.replay._replay import Leaves, Program, Step, all_finite
from autograd.replay.plain import PlainStep
from autograd.replay.planning import Plan
from autograd.replay.protocol import Replay
from autograd.replay.reduction import Reduction, divisor, weights_of_rows
from autograd.replay.structure import Column
from autograd.replay.tape import Tape

__all__ = ["CompiledReplay", "Leaves", "all_finite"]


class CompiledReplay:
    """A plan of the tape, run by the kernels on many rows at a time."""

    def __init__(self, tape: Tape) -> None:
        self.tape = tape
        self._programs: dict[bool, Program] = {}
        self._step: Step | None = None

    @property
    def summary(self) -> str:
        return self._program(False).plan.summary

    def outputs(self, columns: Sequence[Column], threads: int = 1) -> Column:
        outputs = np.empty((len(columns[0]), len(self.tape.outputs)))
        self._program(False).run(columns, 0.0, outputs=outputs, threads=threads)
        return outputs

    def mean_and_gradients(
        self,
        columns: Sequence[Column],
        threads: int = 1,
        weights: Any = None,
        reduction: Reduction = "mean",
    ) -> tuple[float, Column]:
        numbers = weights_of_rows(weights, len(columns[0]))
        by = divisor(reduction, len(columns[0]) if numbers is None else float(numbers.sum()))
        total, gradient = self._program(False).run(columns, 1 / by, weights=numbers, threads=threads)
        return total / by, gradient

    def input_gradients(self, columns: Sequence[Column], threads: int = 1) -> Column:
        gradients = np.zeros((len(columns[0]), self.tape.first_leaf))
        self._program(True).run(columns, 1.0, input_gradients=gradients, threads=threads)
        return gradients

    def step(self, rule: Replay, state: Column, parameters: Leaves) -> Step | PlainStep:
        if not isinstance(rule, CompiledReplay):
            return PlainStep(self, rule, state, parameters)
        if self._step is None or not self._step.serves(parameters):
            self._step = Step(self._program(False), rule._program(False), state, parameters)
        return self._step

    def _program(self, of_inputs: bool) -> Program:
        """The program; made anew if a constant has changed: zeros in sums, and powers, are planned by their numbers."""
        program = self._programs.get(of_inputs)
        if program is None or not program.is_current():
            program = self._programs[of_inputs] = Program(Plan(self.tape, of_inputs))
        return program
