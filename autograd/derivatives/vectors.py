"""Parameters as one array, out and in: what optimisers of other libraries work on. The names are PyTorch's."""

from collections.abc import Iterable

import numpy as np
from numpy.typing import ArrayLike, NDArray

from autograd.engines import Value


def parameters_to_vector(parameters: Iterable[Value]) -> NDArray[np.float64]:
    """The numbers of the parameters, in their order.

    >>> parameters_to_vector([Value(1.0), Value(2.0)])
    array([1., 2.])
    """
    return np.array([p.data for p in parameters], dtype=np.float64)


def vector_to_parameters(vector: ArrayLike, parameters: Iterable[Value]) -> None:
    """Set the numbers of the parameters, in their order. Raises ValueError if there are more or fewer numbers.

    >>> w, b = Value(1.0), Value(2.0)
    >>> vector_to_parameters([3.0, 4.0], [w, b])
    >>> w.data, b.data
    (3.0, 4.0)
    """
    numbers = np.asarray(vector, dtype=np.float64)
    given = list(parameters)
    if numbers.shape != (len(given),):
        raise ValueError(f"expected a vector of {len(given)} numbers, got an array of shape {numbers.shape}")
    for p, number in zip(given, numbers.tolist(), strict=True):
        p.data = number
