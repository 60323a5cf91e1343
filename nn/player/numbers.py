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


def scaling(X: Floats, raw: NDArray[Any]) -> tuple[Floats, Floats, Floats]:
    """By what each column of `raw` was multiplied, and what was added, to become one of `X`; and its mean.

    A data set whose rows are those of the run says so; else the columns themselves are seen.
    """
    if raw.shape == X.shape:
        middle, spread = raw.mean(axis=0), raw.var(axis=0)
        slope = ((raw - middle) * (X - X.mean(axis=0))).mean(axis=0) / np.where(spread > 0, spread, 1)
        offset = X.mean(axis=0) - slope * middle
        if np.allclose(slope * raw + offset, X, atol=1e-6):
            return slope, offset, middle
    return np.ones(X.shape[1]), np.zeros(X.shape[1]), np.zeros(X.shape[1])
