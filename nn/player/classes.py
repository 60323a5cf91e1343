"""Which class each row of a run is of."""

import numpy as np
from numpy.typing import NDArray

from nn.training import Film


def classes_of(film: Film) -> NDArray[np.int64] | None:
    """The number of every row's class, or None if the targets are something else."""
    outputs = film.model(film.X[0].tolist())
    several = isinstance(outputs, list | tuple | np.ndarray)
    if film.y.ndim == 2:  # the probability of each class
        return film.y.argmax(axis=1) if (film.y >= 0).all() and np.allclose(film.y.sum(axis=1), 1) else None
    if several or not (set(film.y) <= {0, 1} or set(film.y) <= {-1, 1}):
        return film.y.astype(int) if several and (film.y == film.y.astype(int)).all() else None
    return np.maximum(film.y, 0).astype(int)
