"""Numbers of Values as arrays, in plain Python; the compiled ones of the same names are in `_arrays.pxi`."""

from collections.abc import Iterable

import numpy as np

from autograd.engines import Value
from autograd.replay.structure import Column


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
