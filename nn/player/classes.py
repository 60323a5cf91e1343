"""Which class each row of a run is of."""

import numpy as np
from numpy.typing import NDArray

from nn.data import Floats
from nn.training import Film


def classes_of(film: Film, y: Floats | None = None) -> NDArray[np.int64] | None:
    """The number of the class of every row of the run, or of these targets; None if they are something else."""
    y = film.y if y is None else y
    outputs = film.model(film.X[0].tolist())
    several = isinstance(outputs, list | tuple | np.ndarray)
    if y.ndim == 2:  # the probability of each class
        return y.argmax(axis=1) if (y >= 0).all() and np.allclose(y.sum(axis=1), 1) else None
    if several or not (set(y) <= {0, 1} or set(y) <= {-1, 1}):
        return y.astype(int) if several and (y == y.astype(int)).all() else None
    return np.maximum(y, 0).astype(int)
