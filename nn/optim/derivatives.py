"""The derivatives of a recorded loss in the order of an optimiser's parameters, checked for being finite."""

import warnings
from collections.abc import Sequence
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from autograd import Recording, Value

Floats: TypeAlias = NDArray[np.float64]


class Derivatives:
    """The derivatives of recorded losses with respect to `params`, 0 for those that a loss doesn't have."""

    def __init__(self, params: Sequence[Value]) -> None:
        self._params = params
        self._known: tuple[Value, ...] | None = None  # the parameters of the last loss

    def of(self, loss: Recording, batch: tuple[object, ...], threads: int) -> tuple[float, Floats]:
        """The mean loss over a batch, and its derivatives. Raises FloatingPointError if one is not finite."""
        with warnings.catch_warnings():
            warnings.simplefilter("error", RuntimeWarning)
            try:
                mean, found = loss.value_and_grad(*batch, threads=threads)
            except RuntimeWarning as warning:
                raise FloatingPointError(str(warning)) from None
        if self._known is not loss.parameters:
            self._known = loss.parameters
            place = {p: i for i, p in enumerate(self._params)}
            self._shared = [i for i, p in enumerate(self._known) if p in place]
            self._places = [place[self._known[i]] for i in self._shared]
            if not self._shared:
                raise ValueError("none of the optimiser's parameters is in the loss")
        gradient = np.zeros(len(self._params))
        gradient[self._places] = found[self._shared]
        return mean, gradient
