"""The structure of arguments: how nested lists, tuples, dicts and arrays of numbers become Values, and batches columns.

A structure is the shape of an array (`()` for one number), or a tuple that names the parts of what is no array.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from autograd.arrays import values_of
from autograd.contract import tuple_like
from autograd.engines import Value

Structure: TypeAlias = tuple[Any, ...]
Column: TypeAlias = NDArray[np.float64]


def as_values(example: Any, made: list[Value]) -> Any:
    """`example` with a new variable in the place of every number; the variables are appended to `made`.

    >>> as_values({"x": [1.0, 2.0]}, made := [])
    {'x': [Value(data=1.0, grad=0.0), Value(data=2.0, grad=0.0)]}
    """
    match example:
        case list():
            return [as_values(item, made) for item in example]
        case tuple():
            return tuple_like(example, [as_values(item, made) for item in example])
        case dict():
            return {key: as_values(item, made) for key, item in example.items()}
        case np.ndarray(ndim=n) if n:
            values = [as_values(number, made) for number in np.asarray(example).ravel()]  # a matrix stays one
            return values_of(values, example.shape)
    made.append(Value(example))
    return made[-1]


def structure_of(example: Any) -> Structure:
    """The structure of one example.

    >>> structure_of([[1.0, 2.0], [3.0, 4.0]]), structure_of(1.0)
    ((2, 2), ())
    >>> structure_of(([1.0, 2.0], {"y": 3.0}))
    ('tuple', (2,), ('dict', ('y', ())))
    """
    match example:
        case list() | tuple():
            return _of_items([structure_of(item) for item in example])
        case dict():
            return ("dict", *((key, structure_of(item)) for key, item in example.items()))
    return np.shape(example)


def _of_items(items: list[Structure]) -> Structure:
    if not items:
        return (0,)
    if all(item == items[0] for item in items) and all(isinstance(n, int) for n in items[0]):
        return (len(items), *items[0])
    return ("tuple", *items)


def structure_of_rows(batch: Any) -> Structure:
    """The structure of one row of `batch`.

    A batch is an array, or what makes one, whose first axis is rows; or a tuple or a dict of batches.

    >>> structure_of_rows(np.zeros((100, 2))), structure_of_rows((np.zeros((100, 2)), np.zeros(100)))
    ((2,), ('tuple', (2,), ()))
    """
    match batch:
        case tuple():
            return _of_items([structure_of_rows(item) for item in batch])
        case dict():
            return ("dict", *((key, structure_of_rows(item)) for key, item in batch.items()))
    shape = np.shape(batch)
    if not shape:
        raise ValueError(
            f"expected a batch, an array whose first axis is rows; got one number, {batch!r}: use [number]"
        )
    return tuple(shape[1:])


def columns_of(batch: Any) -> Iterator[Column]:
    """The arrays of a batch, whose first axis is rows, in the order in which `as_values` makes Values."""
    return map(doubles, parts_of(batch))


def doubles(numbers: Any) -> Column:
    """What makes an array as one of doubles; what NumPy's masked arrays hide is nan, as what is null elsewhere."""
    if hasattr(numbers, "filled"):
        return numbers.astype(np.float64).filled(np.nan)  # type: ignore[no-any-return]
    return np.asarray(numbers, dtype=np.float64)


def parts_of(batch: Any) -> Iterator[Any]:
    """What a batch has for arrays, out of its tuples and dicts."""
    match batch:
        case tuple():
            for item in batch:
                yield from parts_of(item)
        case dict():
            for item in batch.values():
                yield from parts_of(item)
        case _:
            yield batch


def nested_like(batch: Any, parts: Iterable[Any]) -> Any:
    """The `parts` in tuples and dicts as those of `batch` are: the inverse of `parts_of`."""
    remaining = iter(parts)

    def nested(part: Any) -> Any:
        match part:
            case tuple():
                return tuple_like(part, [nested(item) for item in part])
            case dict():
                return {key: nested(item) for key, item in part.items()}
        return next(remaining)

    return nested(batch)


def first_row(batch: Any, like: Any) -> Any:
    """The first row of a batch as an example, made of lists, tuples and arrays where the example `like` is."""
    match batch:
        case tuple():
            alike = isinstance(like, tuple) and len(like) == len(batch)
            rows = [first_row(item, like[i] if alike else None) for i, item in enumerate(batch)]
            return tuple_like(like if alike else batch, rows)
        case dict():
            alike = isinstance(like, dict)
            return {key: first_row(item, like.get(key) if alike else None) for key, item in batch.items()}
    row = doubles(batch)[0]
    if isinstance(like, np.ndarray):
        return row
    return tuple(row.tolist()) if isinstance(like, tuple) else row.tolist()


def rows_of(columns: Sequence[Column]) -> Column:
    """The arrays side by side: an array of shape rows x numbers."""
    n = len(columns[0])
    return np.hstack(
        [np.asarray(column, dtype=np.float64).reshape(n, -1) if n else np.zeros((0, 0)) for column in columns]
    )


def shaped_like(column: Any, rows: Any) -> Any:
    """Rows of numbers, of shape rows x numbers, in the shape of `column`; how many rows there are may be unknown."""
    if column.ndim == 2:
        return rows
    return rows[:, 0] if column.ndim == 1 else rows.reshape(column.shape)
