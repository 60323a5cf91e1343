"""Rows and targets as arrays, checked where they come in."""

from hashlib import blake2b

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]


def prepare(X: ArrayLike, y: ArrayLike) -> tuple[Floats, Floats]:
    """Rows and targets as arrays. Raises ValueError if they don't fit together or are not finite."""
    rows, targets = rows_of(X), _numbers("y", y)
    if targets.ndim == 2 and targets.shape[1] == 1:
        targets = targets[:, 0]
    if targets.ndim not in (1, 2):
        raise ValueError(f"y has a target, or a row of targets, for each example; got shape {targets.shape}")
    if len(rows) != len(targets) or not len(rows):
        raise ValueError(
            f"expected as many rows as targets, at least one; got {len(rows)} rows, {len(targets)} targets"
        )
    return rows, targets


def rows_of(X: ArrayLike) -> Floats:
    rows = _numbers("X", X)
    if rows.ndim == 1:
        rows = rows[:, None]
    if rows.ndim != 2:
        raise ValueError(f"X has a row of inputs for each example, shape n x inputs; got shape {rows.shape}")
    return rows


def _numbers(name: str, table: ArrayLike) -> Floats:
    dtype = getattr(table, "dtype", None)
    if getattr(dtype, "kind", "f") in "cmM":  # of which NumPy makes numbers: real parts, or days since 1970
        raise ValueError(f"{name} must be real numbers; got an array of {dtype}")
    try:
        numbers = np.asarray(table, dtype=np.float64)
    except (TypeError, ValueError) as error:
        raise ValueError(f"{name} must be numbers, as many in each row; {error}") from None
    if len(bad := np.argwhere(~np.isfinite(numbers))):
        raise ValueError(f"{name}{bad[0].tolist()} is {numbers[tuple(bad[0])]}: expected finite numbers")
    return numbers


def digest(*arrays: Floats | None) -> str:
    """A short text, another one for other numbers or another shape.

    >>> digest(np.zeros(3)) == digest(np.zeros(3)), digest(np.zeros(3)) == digest(np.zeros(2))
    (True, False)
    """
    found = blake2b(digest_size=8)
    for array in arrays:
        if array is not None:
            found.update(str(array.shape).encode() + np.ascontiguousarray(array).tobytes())
    return found.hexdigest()
