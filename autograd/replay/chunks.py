"""The replay of a tape on chunks of rows that lie elsewhere: it travels there, and sums and outputs come back.

To each worker go the tape, pickled once, and the numbers of its leaves as one array. There every thread replays a copy
of its own, so that steps with other numbers never meet.
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
from autograd.replay.structure import Column
from autograd.replay.tape import Tape

TAPES_KEPT = 8  # by each thread of a worker


class ChunkedReplay:
    """Replays a tape on Dask arrays. Columns are those that `distributed.aligned` gives."""

    def __init__(self, tape: Tape) -> None:
        self.tape = tape
        self._pickled = pickle.dumps(tape)

    @property
    def summary(self) -> str:
        return f"{len(self.tape.operations)} operations, on chunks where they lie"

    def outputs(self, columns: Sequence[Any], threads: int = 1) -> Any:
        """The outputs of every row, a Dask array of shape rows x outputs."""
        return distributed.stacked(_outputs, self._travelling(threads), columns, len(self.tape.outputs))

    def mean_and_gradients(
        self,
        columns: Sequence[Any],
        threads: int = 1,
        weights: Any = None,
        reduction: Reduction = "mean",
    ) -> tuple[float, Column]:
        self.tape.check_parameters()
        blocks = columns if weights is None else distributed.aligned([*columns, weights])
        shared = (*self._travelling(threads), weights is not None)
        sums = distributed.added(_sums, shared, blocks, 3 + len(self.tape.parameters))
        rows, weight, total, gradient = sums[0], sums[1], sums[2], sums[3:]
        if not rows:
            raise ValueError("the batch has no rows, so there is no mean to differentiate")
        by = divisor(reduction, float(weight))
        return float(total / by), gradient / by

    def input_gradients(self, columns: Sequence[Any], threads: int = 1) -> Any:
        """The derivative of each row's only output with respect to its inputs, a Dask array of shape rows x inputs."""
        return distributed.stacked(_input_gradients, self._travelling(threads), columns, self.tape.first_leaf)

    def step(self, rule: Replay, state: Column, parameters: Leaves) -> PlainStep:
        return PlainStep(self, rule, state, parameters)

    def _travelling(self, threads: int) -> tuple[bytes, Column, int]:
        numbers = np.empty(len(self.tape.leaves))
        Leaves(self.tape.leaves).read(numbers)
        return self._pickled, numbers, threads


def why_not_finite(replay: Replay, columns: Sequence[Any]) -> str:
    """`diagnosis.why_not_finite`, one chunk after the other, so that memory holds one."""
    if not isinstance(replay, ChunkedReplay):
        return diagnosis.why_not_finite(replay, columns)
    here = new_replay(replay.tape)
    for i in range(columns[0].numblocks[0]):
        why = diagnosis.why_not_finite(here, [np.asarray(column.blocks[i], dtype=np.float64) for column in columns])
        if why:
            return f"in chunk {i}, {why}"
    return ""


# What runs on the workers


def _outputs(pickled: bytes, numbers: Column, threads: int, *blocks: Column) -> Column:
    return _replay(pickled, numbers).outputs(_columns(blocks), threads)


def _sums(pickled: bytes, numbers: Column, threads: int, weighted: bool, *blocks: Column) -> Column:
    """How many rows a chunk has, the sum of their weights, that of their outputs, and its derivatives."""
    replay, rows = _replay(pickled, numbers), len(blocks[0])
    if not rows:
        return np.zeros(3 + len(replay.tape.parameters))
    columns = _columns(blocks)
    weights = columns.pop() if weighted else None
    total, gradient = replay.mean_and_gradients(columns, threads, weights, "sum")
    return np.concatenate([[rows, rows if weights is None else weights.sum(), total], gradient])


def _input_gradients(pickled: bytes, numbers: Column, threads: int, *blocks: Column) -> Column:
    return _replay(pickled, numbers).input_gradients(_columns(blocks), threads)


def _columns(blocks: Sequence[Any]) -> list[Column]:
    return [np.asarray(block, dtype=np.float64) for block in blocks]


class _Kept(threading.local):
    """The replays of the tapes that this thread met last."""

    def __init__(self) -> None:
        self.replay = lru_cache(TAPES_KEPT)(lambda pickled: new_replay(pickle.loads(pickled)))


_kept = _Kept()


def _replay(pickled: bytes, numbers: Column) -> Replay:
    """This thread's replay of a tape, with these numbers in its leaves."""
    replay = _kept.replay(pickled)
    Leaves(replay.tape.leaves).write(numbers)
    return replay
