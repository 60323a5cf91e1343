"""Functions of numbers and vectors on many rows: recorded when first called, or node by node where they can't be."""

import warnings
from collections.abc import Callable, Sequence
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from autograd.contract import RecordError
from autograd.derivatives.nesting import is_nested, numbers_in
from autograd.derivatives.transforms import grad
from autograd.replay import Recording, record

Array = NDArray[np.float64]

# What is refused in a recording, and does not take a number out of the graph
_CHOICES = ("Values were compared", "a Value was compared with ==", "the truth of a Value was asked for")


class Replayed:
    """A function, and an example of its arguments: numbers and vectors. A batch has an array for each, rows first."""

    def __init__(self, f: Callable[..., Any], example: Sequence[Any]) -> None:
        self._f, self._example = f, example

    @cached_property
    def _recording(self) -> Recording | None:
        try:
            return record(self._f, *self._example)
        except RecordError as error:
            if str(error.__cause__) not in _CHOICES:
                warnings.warn(
                    "the function is run node by node, and what it makes of a Value's number is constant to its "
                    f"derivatives: {error}",
                    RuntimeWarning,
                    stacklevel=4,
                )
            return None

    def outputs(self, batch: Sequence[Array]) -> Array:
        """What the function gives for each row."""
        if self._recording is None:
            return np.array([_floats(self._f(*row)) for row in zip(*batch, strict=True)])
        replay, columns = self._recording.prepared(tuple(batch))
        found = replay.outputs(columns)
        if not np.isfinite(found).all():
            return self._recording(*batch)  # which says where that began
        return found if replay.tape.several else found[:, 0]

    def gradients(self, batch: Sequence[Array], argnums: int) -> Array:
        """For each row the derivatives of its only output by the vector `argnums`."""
        if self._recording is None:
            return np.array([_floats(grad(self._f, argnums)(*row)) for row in zip(*batch, strict=True)])
        replay, columns = self._recording.prepared(tuple(batch), differentiated=True)
        first = sum(column[0].size for column in columns[:argnums])
        return replay.input_gradients(columns)[:, first : first + columns[argnums].shape[1]]


def tiled(arguments: Sequence[Any], rows: int) -> list[Array]:
    """A batch of so many rows, all of them these arguments."""
    return [np.repeat(np.asarray(x, dtype=np.float64)[None], rows, axis=0) for x in arguments]


def _floats(result: Any) -> Any:
    numbers = [float(x) for x in numbers_in(result)]
    return numbers if is_nested(result) else numbers[0]
