"""A recorded loss, differentiated by its parameters: what its graph computes is walked once more, forwards.

How fast the loss changes as the parameters move in a direction is recorded too, with the direction as parameters. The
mean of that over a batch, differentiated by replay, is the Hessian times the direction (Pearlmutter 1994).
"""

from collections.abc import Sequence
from itertools import accumulate, pairwise
from typing import Any
from weakref import WeakKeyDictionary

import numpy as np
from numpy.typing import ArrayLike, NDArray

from autograd.derivatives.evaluation import order_of
from autograd.derivatives.modes import forwards
from autograd.derivatives.nesting import numbers_in, size_of
from autograd.derivatives.vectors import vector_to_parameters
from autograd.engines import Value
from autograd.replay import Recording, Tape, record

Array = NDArray[np.float64]


class Bend:
    """How fast a tape's output changes as its parameters move in a direction: recorded, and differentiated by them."""

    def __init__(self, tape: Tape, shapes: Sequence[tuple[int, ...]]) -> None:
        variables = tape.parameters
        self._along = [Value(0.0) for _ in variables]

        def change(*row: Any) -> Value:
            nodes = tape.nodes(list(numbers_in(row)))
            (output,) = [nodes[i] for i in tape.outputs]
            found = forwards(order_of([output]), variables, self._along, on_values=True)
            changed: Value = found.get(output, Value(0.0, requires_grad=False))
            return changed

        ends = [0, *accumulate(map(size_of, shapes))]
        parts = [tape.example[first:end] for first, end in pairwise(ends)]
        example = [np.reshape(part, shape) for part, shape in zip(parts, shapes, strict=True)]
        self._recording = record(change, *example)

        place = {p: i for i, p in enumerate(variables)}
        met = [(i, place[p]) for i, p in enumerate(self._recording.parameters) if p in place]
        self._from, self._to = np.array(met, dtype=np.intp).reshape(-1, 2).T

    def product(self, columns: Sequence[Any], direction: Array, **named: Any) -> Array:
        """The Hessian of the mean over the rows by the tape's parameters, times a direction."""
        vector_to_parameters(direction, self._along)
        _, derivatives = self._recording.value_and_grad(*columns, **named)
        found = np.zeros(len(self._along))
        found[self._to] = derivatives[self._from]
        return found


_known: "WeakKeyDictionary[Recording, dict[Tape, tuple[Bend, list[int]]]]" = WeakKeyDictionary()


def hessian_times(loss: Recording, batch: Sequence[Any], directions: ArrayLike | None = None, **named: Any) -> Array:
    """The Hessian of the mean over a batch by the parameters, times each row of `directions`, or all of it."""
    replay, columns = loss.prepared(tuple(batch), differentiated=True)
    tape, known = replay.tape, _known.setdefault(loss, {})
    if tape not in known:
        number = {p: i for i, p in enumerate(loss.parameters)}
        places = [number[p] for p in tape.parameters]
        known[tape] = Bend(tape, [column.shape[1:] for column in columns]), places
    bend, places = known[tape]
    count = len(loss.parameters)
    rows = np.eye(count) if directions is None else np.asarray(directions, dtype=np.float64)
    if rows.shape[1:] != (count,):
        raise ValueError(
            f"expected a vector of {count} numbers, one for each parameter, got a shape of {rows.shape[1:]}"
        )
    products = np.zeros(rows.shape)
    for row, product in zip(rows, products, strict=True):
        product[places] = bend.product(columns, row[places], **named)
    return products
