"""IEEE 754 where Python raises: at poles, outside a function's domain, and beyond the largest number.

In come functions of floats, and out go those that return an infinity or a nan, as in C and NumPy. The table computes
with them where the quick way, in Python's own arithmetic, has failed.
"""

from collections.abc import Callable
from math import copysign, inf, nan


class Number(float):
    """A float that can be divided by zero; so can what is computed from it."""

    def __truediv__(self, other: float) -> "Number":
        a, b = float(self), float(other)
        return Number(a / b if b else a * copysign(inf, b))

    def __rtruediv__(self, other: float) -> "Number":
        return Number(other) / self

    def __add__(self, other: float) -> "Number":
        return Number(float(self) + float(other))

    def __sub__(self, other: float) -> "Number":
        return Number(float(self) - float(other))

    def __rsub__(self, other: float) -> "Number":
        return Number(other) - self

    def __mul__(self, other: float) -> "Number":
        return Number(float(self) * float(other))

    def __neg__(self) -> "Number":
        return Number(-float(self))

    __radd__, __rmul__ = __add__, __mul__


def without_exceptions(name: str, function: Callable[..., float]) -> Callable[..., Number]:
    """A function of the module `math` of this name, or one that raises nothing, for all numbers."""

    def on_all(*numbers: float) -> Number:
        try:
            return Number(function(*map(float, numbers)))
        except OverflowError:
            return Number(_beyond(name, *numbers))
        except ValueError:
            return Number(_at_pole(name, *numbers))

    return on_all


def _beyond(name: str, a: float, b: float = 1.0) -> float:
    """A result whose size is beyond the largest number: a power of a negative base has the sign of an odd exponent."""
    negative = a < 0 and (name == "sinh" or (name == "pow" and b % 2 == 1))
    return -inf if negative else inf


def _at_pole(name: str, a: float, b: float = 1.0) -> float:
    """A result at a pole, an infinity; or where there is none, as outside a domain."""
    match name, a:
        case ("log", 0) | ("log1p", -1):
            return -inf
        case "atanh", -1 | 1:
            return copysign(inf, a)
        case "pow", 0:
            return copysign(inf, a) if b % 2 == 1 else inf
    return nan
