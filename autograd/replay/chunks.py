"""The replay of a tape on chunks of rows that lie elsewhere: it travels there, and sums and outputs come back.

To each worker go the tape, pickled once, and the numbers of its leaves as one array.
"""

import pickle
import threading
from collections.abc import Sequence
from functools import lru_cache
from typing import Any

import numpy as np

from autograd import distributed
from autograd.replay import diagnosis
from autograd.replay.choice import Leaves, new_replay
from autograd.replay.plain import PlainStep
from autograd.replay.protocol import Replay
from autograd.replay.reduction import Reduction, divisor
from autograd.replay.structure import Column, doubles
from autograd.replay.tape import Tape

TAPES_KEPT = 8  # by each thread of a worker


class Travelling:
    """A tape on its way to other processes: pickled once, to bytes. The numbers of its leaves travel beside it.

    Every thread that computes with it has a copy of its own, so that steps with other numbers never meet.

    >>> from autograd import Value, record
    >>> w = Value(3.0)
    >>> travelling = Travelling(record(lambda x: w * x * x, 0.0).replays[0].tape)
    >>> travelling.sums(travelling.numbers(), 1, False, [1.0, 2.0])    # rows, their weight, the sum, its derivative
    array([ 2.,  2., 15.,  5.])
    """

    def __init__(self, tape: Tape) -> None:
        self._leaves, self._pickled = Leaves(tape.leaves), pickle.dumps(tape)

    def __getstate__(self) -> bytes:
        return self._pickled

    def __setstate__(self, pickled: bytes) -> None:
        self._pickled = pickled

    def numbers(self) -> Column:
        """The numbers of the leaves now, parameters and constants; to be asked for where the tape was made."""
        numbers = np.empty(len(self._leaves.values))
        self._leaves.read(numbers)
        return numbers

    def outputs(self, numbers: Column, threads: int, *batch: Any) -> Column:
        """The outputs of every row, of shape rows x outputs."""
        return self._replay(numbers).outputs(_columns(batch), threads)

    def sums(self, numbers: Column, threads: int, weighted: bool, *batch: Any) -> Column:
        """How many rows there are, the sum of their weights, that of their only outputs, and its derivatives.

        The derivatives are by the parameters. If rows are `weighted`, the last array of the batch has their weights.
        """
        replay, columns = self._replay(numbers), _columns(batch)
        rows = len(columns[0])
        if not rows:
            return np.zeros(3 + len(replay.tape.parameters))
        weights = columns.pop() if weighted else None
        total, gradient = replay.mean_and_gradients(columns, threads, weights, "sum")
        return np.concatenate([[rows, rows if weights is None else weights.sum(), total], gradient])

    def input_gradients(self, numbers: Column, threads: int, *batch: Any) -> Column:
        """The derivatives of each row's only output by its inputs, of shape rows x inputs."""
        replay, columns = self._replay(numbers), _columns(batch)
        gradients = replay.input_gradients(columns, threads)
        return gradients.reshape(len(columns[0]), replay.tape.first_leaf)

    def why_not_finite(self, numbers: Column, *batch: Any) -> str:
        """In words, which row's output or gradient is not finite; empty if all are finite."""
        columns = _columns(batch)
        return diagnosis.why_not_finite(self._replay(numbers), columns) if len(columns[0]) else ""

    def _replay(self, numbers: Column) -> Replay:
        """This thread's replay, with these numbers in its leaves."""
        replay = _kept.replay(self._pickled)
        Leaves(replay.tape.leaves).write(numbers)
        return replay


class _Kept(threading.local):
    """The replays of the tapes that this thread met last."""

    def __init__(self) -> None:
        self.replay = lru_cache(TAPES_KEPT)(lambda pickled: new_replay(pickle.loads(pickled)))


_kept = _Kept()


def _columns(batch: Sequence[Any]) -> list[Column]:
    return [*map(doubles, batch)]


class ChunkedReplay:
    """Replays a tape on Dask arrays. Columns are those that `distributed.aligned` gives."""

    def __init__(self, tape: Tape) -> None:
        self.tape = tape
        self._travelling = Travelling(tape)

    @property
    def summary(self) -> str:
        return f"{len(self.tape.operations)} operations, on chunks where they lie"

    def outputs(self, columns: Sequence[Any], threads: int = 1) -> Any:
        """The outputs of every row, a Dask array of shape rows x outputs."""
        return distributed.stacked(Travelling.outputs, self._shared(threads), columns, len(self.tape.outputs))

    def mean_and_gradients(
        self,
        columns: Sequence[Any],
        threads: int = 1,
        weights: Any = None,
        reduction: Reduction = "mean",
    ) -> tuple[float, Column]:
        self.tape.check_parameters()
        blocks = columns if weights is None else distributed.aligned([*columns, weights])
        shared, width = (*self._shared(threads), weights is not None), 3 + len(self.tape.parameters)
        rows, weight, total, *_ = sums = distributed.added(Travelling.sums, shared, blocks, width)
        if not rows:
            raise ValueError("the batch has no rows, so there is no mean to differentiate")
        by = divisor(reduction, float(weight))
        return float(total / by), sums[3:] / by

    def input_gradients(self, columns: Sequence[Any], threads: int = 1) -> Any:
        """The derivative of each row's only output with respect to its inputs, a Dask array of shape rows x inputs."""
        return distributed.stacked(Travelling.input_gradients, self._shared(threads), columns, self.tape.first_leaf)

    def step(self, rule: Replay, state: Column, parameters: Leaves) -> PlainStep:
        return PlainStep(self, rule, state, parameters)

    def why_not_finite(self, columns: Sequence[Any]) -> str:
        """`diagnosis.why_not_finite`, one chunk after the other, so that memory holds one."""
        for i in range(columns[0].numblocks[0]):
            why = self._travelling.why_not_finite(self._travelling.numbers(), *[column.blocks[i] for column in columns])
            if why:
                return f"in chunk {i}, {why}"
        return ""

    def _shared(self, threads: int) -> tuple[Travelling, Column, int]:
        return self._travelling, self._travelling.numbers(), threads


def why_not_finite(replay: Replay, columns: Sequence[Any]) -> str:
    """In words, which row's output or gradient is not finite, and where that began; empty if all are finite."""
    if isinstance(replay, ChunkedReplay):
        return replay.why_not_finite(columns)
    return diagnosis.why_not_finite(replay, columns)
