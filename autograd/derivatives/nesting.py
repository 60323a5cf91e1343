"""Numbers in lists, tuples, dicts and arrays, however nested: taken out in order, and put back.

A block is what holds no other: one number, or an array.
"""

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from autograd.contract import is_array, tuple_like
from autograd.engines import Value


def blocks_in(nested: Any) -> Iterator[Any]:
    """The numbers and arrays in `nested`, in order.

    >>> list(blocks_in({"a": [1.0, 2.0], "b": (3.0,)}))
    [1.0, 2.0, 3.0]
    """
    match nested:
        case list() | tuple():
            for item in nested:
                yield from blocks_in(item)
        case dict():
            for item in nested.values():
                yield from blocks_in(item)
        case _:
            yield nested


def numbers_in(nested: Any) -> list[Any]:
    """The numbers in `nested`, in order, those of arrays row by row.

    >>> numbers_in([(1.0, 2.0), 3.0])
    [1.0, 2.0, 3.0]
    """
    return [x for block in blocks_in(nested) for x in (_flat(block) if is_array(block) else [block])]


def _flat(block: Any) -> list[Any]:
    """The numbers of an array, or of what makes one, as a column or a table of pandas does."""
    if not hasattr(block, "ravel"):
        import numpy as np  # only for what is given as an array

        block = np.asarray(block)
    return block.ravel().tolist()  # type: ignore[no-any-return]


def with_blocks(nested: Any, replaced: Callable[[Any], Any]) -> Any:
    """`nested` with what `replaced` makes of each block in its place.

    >>> with_blocks([1.0, {"x": 2.0}], lambda x: -x)
    [-1.0, {'x': -2.0}]
    """
    match nested:
        case list():
            return [with_blocks(item, replaced) for item in nested]
        case tuple():
            return tuple_like(nested, [with_blocks(item, replaced) for item in nested])
        case dict():
            return {key: with_blocks(item, replaced) for key, item in nested.items()}
    return replaced(nested)


def like(nested: Any, numbers: Iterable[Any]) -> Any:
    """`nested` with these numbers in the place of its own: the inverse of `numbers_in`.

    >>> like({"a": [1.0, 2.0], "b": 3.0}, [10.0, 20.0, 30.0])
    {'a': [10.0, 20.0], 'b': 30.0}
    """
    remaining = iter(numbers)

    def block(former: Any) -> Any:
        shape = shape_of(former)
        return shaped([next(remaining) for _ in range(size_of(shape))], shape)

    return with_blocks(nested, block)


def is_nested(x: Any) -> bool:
    """Whether it holds numbers, and is none."""
    return isinstance(x, list | tuple | dict) or is_array(x)


def shaped(numbers: list[Any], shape: tuple[int, ...]) -> Any:
    """An array of this shape, of Values or else of 64-bit floats; for the shape `()` the only number."""
    if not shape:
        return numbers[0]
    import numpy as np  # only for what is given as an array

    from autograd.arrays import values_of

    if any(isinstance(x, Value) for x in numbers):
        return values_of(numbers, shape)
    return np.array(numbers, dtype=float).reshape(shape)


def shape_of(block: Any) -> tuple[int, ...]:
    """The shape of an array; `()` of a number."""
    return tuple(block.shape) if is_array(block) else ()


def size_of(shape: tuple[int, ...]) -> int:
    """How many numbers a block of this shape has."""
    size = 1
    for length in shape:
        size *= length
    return size
