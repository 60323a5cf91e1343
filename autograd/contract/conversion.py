"""What counts as a number: anything that stands for one real number, and is not text."""

from collections.abc import Iterable
from numbers import Complex, Real
from typing import Any, SupportsFloat


def as_float(number: SupportsFloat) -> float:
    """`number` as a 64-bit float. Raises TypeError for what is not one real number."""
    if type(number) is float:
        return number
    kind = type(number)
    if is_value(number):
        raise TypeError("expected a plain number, got a Value: use x.data for its number, or x.detach() for a constant")
    real = (hasattr(kind, "__float__") or hasattr(kind, "__index__")) and not isinstance(number, str | bytes)
    if not real or is_array(number) or (isinstance(number, Complex) and not isinstance(number, Real)):
        raise TypeError(
            f"expected a real number, got {kind.__module__}.{kind.__qualname__}: convert text with float(), "
            "and make one Value for each element of a list or array"
        )
    return float(number)


def tuple_like(former: tuple[Any, ...], items: Iterable[Any]) -> tuple[Any, ...]:
    """The items in a tuple; in one of the same class where that has named fields."""
    return type(former)(*items) if hasattr(former, "_fields") else tuple(items)


def is_value(x: object) -> bool:
    """Whether it is a Value, of either engine."""
    return hasattr(type(x), "inputs")


def is_array(x: object) -> bool:
    return bool(getattr(x, "ndim", 0))
