"""Numbers on their way into a page."""

import base64
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nn.data import Floats

MARGIN = 0.1


def packed(numbers: NDArray[Any]) -> str:
    """The bytes of an array, as text."""
    return base64.b64encode(numbers.tobytes()).decode()


def limits(numbers: Floats) -> tuple[Floats, Floats]:
    """The smallest and the largest of each column, with a margin."""
    low, high = numbers.min(axis=0), numbers.max(axis=0)
    margin = MARGIN * np.where(high > low, high - low, np.maximum(np.abs(high), 1))
    return low - margin, high + margin
