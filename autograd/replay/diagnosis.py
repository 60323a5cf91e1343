"""Where numbers stop being finite, in a batch that was replayed: the row, and in it the node, or the parameter."""

import math
from collections.abc import Sequence

import numpy as np

from autograd.graph import NonFinite, first_nonfinite
from autograd.replay.choice import all_finite
from autograd.replay.protocol import Replay
from autograd.replay.structure import Column, rows_of

ONLY_THE_SUM = "every row is finite, but their sum is not"


def first_bad_row(replay: Replay, columns: Sequence[Column]) -> int | None:
    """The first row with an output that is not finite."""
    bad = np.flatnonzero(np.asarray(~np.isfinite(replay.outputs(columns)).all(axis=1)))
    return int(bad[0]) if len(bad) else None


def first_bad_node(replay: Replay, columns: Sequence[Column], row: int) -> NonFinite | None:
    """The node where the numbers of a row stop being finite."""
    _, outputs = replay.tape.graph(numbers_of_row(columns, row))
    return next(filter(None, map(first_nonfinite, outputs)), None)


def why_not_finite(replay: Replay, columns: Sequence[Column]) -> str:
    """In words, which row's output or gradient is not finite, and where that began; empty if all are finite."""
    row = first_bad_row(replay, columns)
    if row is not None:
        return f"row {row} of the batch is not finite: {first_bad_node(replay, columns, row)}"
    for row in range(len(columns[0])):
        _, gradient = replay.mean_and_gradients([column[row : row + 1] for column in columns])
        for p, derivative in zip(replay.tape.parameters, gradient.tolist(), strict=True):
            if not math.isfinite(derivative):
                return f"row {row} of the batch makes the gradient of {p.label or 'a parameter'} {derivative:g}"
    mean, gradient = replay.mean_and_gradients(columns)
    return "" if math.isfinite(mean) and all_finite(gradient) else ONLY_THE_SUM


def numbers_of_row(columns: Sequence[Column], row: int) -> list[float]:
    """The inputs' numbers in one row of a batch."""
    numbers: list[float] = rows_of([column[row : row + 1] for column in columns])[0].tolist()
    return numbers
