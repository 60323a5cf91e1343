"""A step of training on a batch: by replay of the example's recorded loss, or, where that can't be, node by node."""

import math
from collections.abc import Sequence
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from autograd import Recording, RecordError, Value, no_grad, record
from autograd.graph import first_nonfinite
from nn.losses import Loss, cross_entropy
from nn.modules import Module
from nn.optim import Optimizer

Floats = NDArray[np.float64]


class DivergedError(ArithmeticError):
    """A loss, a gradient or a parameter is not finite; the message says which, and where that began."""


class Batches(Protocol):
    """A model's loss over rows of inputs and their targets."""

    def step(self, optimizer: Optimizer, rows: Floats, targets: Floats) -> float:
        """Change the parameters against the gradient of the mean loss over the rows: the mean before.

        Raises DivergedError, with the parameters as they were, if a number is not finite.
        """

    def mean_loss(self, rows: Floats, targets: Floats) -> float:
        """The mean loss over the rows."""


class Recorded:
    """Replays the loss of one example, recorded once, on all rows of a batch."""

    def __init__(self, loss: Recording) -> None:
        self._loss = loss

    def step(self, optimizer: Optimizer, rows: Floats, targets: Floats) -> float:
        try:
            return optimizer.minimize(self._loss, rows, targets)
        except FloatingPointError as error:
            raise DivergedError(str(error)) from None

    def mean_loss(self, rows: Floats, targets: Floats) -> float:
        return float(np.mean(self._loss(rows, targets)))
