"""Replay of a tape over a batch: compiled where that was built, else in plain Python, row by row: slow, and right."""

from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Protocol

import numpy as np

from autograd.plan import Plan
from autograd.structure import Column, rows_of
from autograd.tape import Tape
from autograd.engines import Value, engine

if engine == "native":
    from autograd import _replay


class Leaves:
    """The numbers of Values, read and written all at once."""

    def __init__(self, values: Iterable[Value]) -> None:
        self.values = tuple(values)

    def read(self, numbers: Column) -> None:
        """Put the Values' numbers into an array."""
        numbers[:] = [x.data for x in self.values]

    def write(self, numbers: Column) -> None:
        """Set the Values' numbers from an array."""
        for x, number in zip(self.values, numbers.tolist(), strict=True):
            x.data = number

    def add_to_gradients(self, derivatives: Column) -> None:
        """Add the numbers of an array to the Values' gradients."""
        for x, derivative in zip(self.values, derivatives.tolist(), strict=True):
            x.grad += derivative


def all_finite(numbers: Column) -> bool:
    """Whether no number of an array is infinite or not a number."""
    return bool(np.isfinite(numbers).all())


class Replay(Protocol):
    """Replays `tape`. Columns are arrays whose first axis is rows: side by side they make the inputs."""

    tape: Tape

    @property
    def summary(self) -> str:
        """How large it is, in words."""

    def outputs(self, columns: Sequence[Column], threads: int = 1, out: Column | None = None) -> Column:
        """The outputs of every row, of shape rows x outputs; written to `out`, which may be one of the columns."""

    def mean_and_gradients(self, columns: Sequence[Column], threads: int = 1) -> tuple[float, Column]:
        """The mean of the only output over the rows, and the mean's derivative with respect to every parameter."""

    def input_gradients(self, columns: Sequence[Column], threads: int = 1) -> Column:
        """The derivative of each row's only output with respect to the row's inputs, of shape rows x inputs."""


def new_replay(tape: Tape) -> Replay:
    """The fastest replay of `tape` that this installation has."""
    return CompiledReplay(tape) if engine == "native" else PlainReplay(tape)


class CompiledReplay:
    """A plan of the tape, run by the kernels on many rows at a time."""

    def __init__(self, tape: Tape) -> None:
        self.tape = tape
        self._programs: dict[bool, _replay.Program] = {}

    @property
    def summary(self) -> str:
        return f"{len(self.tape.operations)} instructions"

    def outputs(self, columns: Sequence[Column], threads: int = 1, out: Column | None = None) -> Column:
        if out is None:
            out = np.empty((len(columns[0]), len(self.tape.outputs)))
        self._run(False, columns, threads, 0.0, outputs=out)
        return out

    def mean_and_gradients(self, columns: Sequence[Column], threads: int = 1) -> tuple[float, Column]:
        rows = len(columns[0])
        total, gradient = self._run(False, columns, threads, 1 / rows)
        return total / rows, gradient

    def input_gradients(self, columns: Sequence[Column], threads: int = 1) -> Column:
        gradients = np.zeros((len(columns[0]), self.tape.first_leaf))
        self._run(True, columns, threads, 1.0, input_gradients=gradients)
        return gradients

    def _run(
        self, of_inputs: bool, columns: Sequence[Column], threads: int, seed: float, **results: Column
    ) -> tuple[float, Column]:
        """Run the program with the rows divided among `threads`: the sums of what they return."""
        program = self._programs.get(of_inputs) or self._plan(of_inputs)
        rows = len(columns[0])
        if threads == 1:
            result = program.run(columns, seed, **results)
        else:
            ends = [rows * i // threads for i in range(threads + 1)]
            with ThreadPoolExecutor(threads) as pool:
                parts = list(pool.map(lambda i: program.run(columns, seed, **results, first=ends[i], last=ends[i + 1]), range(threads)))
            result = None if None in parts else tuple(map(sum, zip(*parts, strict=True)))
        if result is None:  # a constant has changed
            del self._programs[of_inputs]
            return self._run(of_inputs, columns, threads, seed, **results)
        return result

    def _plan(self, of_inputs: bool) -> _replay.Program:
        program = self._programs[of_inputs] = _replay.Program(Plan(self.tape, of_inputs))
        return program


class PlainReplay:
    """The tape's own operations on one row after the other."""

    def __init__(self, tape: Tape) -> None:
        self.tape = tape

    @property
    def summary(self) -> str:
        return f"{len(self.tape.operations)} instructions in plain Python"

    def outputs(self, columns: Sequence[Column], threads: int = 1, out: Column | None = None) -> Column:  # noqa: ARG002
        tape = self.tape
        results = [[numbers[i] for i in tape.outputs] for numbers in map(tape.numbers, rows_of(columns).tolist())]
        if out is None:
            out = np.empty((len(results), len(tape.outputs)))
        out[:] = results
        return out

    def mean_and_gradients(self, columns: Sequence[Column], threads: int = 1) -> tuple[float, Column]:  # noqa: ARG002
        tape = self.tape
        (output,) = tape.outputs
        parameters = [i for i, leaf in enumerate(tape.leaves, tape.first_leaf) if leaf.requires_grad]
        rows = rows_of(columns).tolist()
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
        derivatives = [tape.gradients(tape.numbers(row), output) for row in rows_of(columns).tolist()]
        return np.array([[d.get(i, 0.0) for i in range(tape.first_leaf)] for d in derivatives])


if engine == "native":
    Leaves = _replay.Leaves
    all_finite = _replay.all_finite
