"""Functions composed of rows of the table: choices that a replay makes anew for every row, and sums of many kinds.

They take Values and plain numbers, have no derivative of their own, and can be recorded.
"""

from collections.abc import Iterable
from functools import reduce
from itertools import pairwise
from math import nan
from typing import Any

from autograd.contract import is_array
from autograd.engines import Value, functions
from autograd.value import Operand

_greater, _greater_equal, _mask = (functions[name] for name in ("greater", "greater_equal", "mask"))
_absolute, _exp, _hypot, _log, _maximum = (functions[name] for name in ("abs", "exp", "hypot", "log", "maximum"))


# Choices


def where(condition: Operand, a: Operand, b: Operand) -> Value:
    """`a` where `condition` is above 0, and `b` where it is not: an `if` that can be recorded.

    `greater(x, y)` and `greater_equal(x, y)` are conditions: 1 where the comparison holds, else 0. As in IEEE 754, none
    with a nan holds. The derivative is that of the operand that is chosen; the condition has none.

    >>> from autograd import log, record
    >>> record(lambda x: where(x - 1, x * x, -x), 0.0)([3.0, 0.5])
    array([ 9. , -0.5])

    Both operands are computed. The one that is not chosen may be infinite, but not infinitely steep: in the chain rule
    0 * inf is a nan, as in PyTorch and JAX. Then choose what it is computed of as well, here where a logarithm meets 0:

    >>> term = record(lambda p: p * log(where(p, p, 1.0)), 0.5)
    >>> term([0.0, 1.0]), *term.input_gradients([0.0, 1.0])
    (array([0., 0.]), array([0., 1.]))
    """
    return _mask(a, condition) + _mask(b, 1 - _greater(condition, 0.0))


def clip(x: Operand, low: Operand, high: Operand) -> Value:
    """`x` where it lies between `low` and `high`, both included, else the one that it has passed; `high` if they cross.

    The derivative is that of the operand that is chosen: 1 by `x` at the bounds too, as PyTorch chooses in `clamp`.

    >>> [clip(Value(x), 0, 1).data for x in (-0.5, 0.25, 7.0)]
    [0.0, 0.25, 1.0]
    """
    raised = where(_greater(low, x), low, x)
    return where(_greater(raised, high), high, raised)


def lookup(table: Iterable[Operand], index: Operand) -> Value:
    """The entry of `table` at `index`, counted from 0 and rounded down, which a recording may compute for every row.

    Beyond the table it is nan. The derivative is that of the entry; the index has none. It takes three operations for
    each entry: where the index is known when the program is written, `table[index]` takes none.

    >>> from autograd import record
    >>> prices = [Value(10.0), Value(20.0), Value(40.0)]
    >>> record(lambda i: lookup(prices, i), 0.0)([0.0, 2.0, 1.0])
    array([10., 40., 20.])
    """
    entries = _listed(table, "lookup")
    from_here_on = [_greater_equal(index, place) for place in range(len(entries) + 1)]
    here = [a - b for a, b in pairwise(from_here_on)]
    found = _total([_mask(entry, chosen) for entry, chosen in zip(entries, here, strict=True)])
    return where(_total(here), found, nan)


# Functions of many numbers


def mean(values: Iterable[Operand]) -> Value:
    """The arithmetic mean. Raises ValueError, as do all functions of many numbers, if there are none.

    >>> mean([Value(1.0), Value(2.0), 6.0]).data
    3.0
    """
    listed = _listed(values, "mean")
    return _total(listed) / len(listed)


def norm(values: Iterable[Operand]) -> Value:
    """The Euclidean length, sqrt(a^2 + b^2 + ...), of numbers of any size; where all are 0 its derivatives are 0.

    There it has no slope, and 0 is a subgradient, as PyTorch chooses. The square root of a sum of squares has nan.

    >>> from autograd import grad
    >>> v = [Value(3.0), Value(4.0)]
    >>> norm(v).data, grad(norm(v), v)
    (5.0, [0.6, 0.8])
    >>> origin = [Value(0.0), Value(0.0)]
    >>> grad(norm(origin), origin)
    [0.0, 0.0]
    """
    listed = _listed(values, "norm")
    return reduce(_hypot, listed) if len(listed) > 1 else _absolute(listed[0])


def log_sum_exp(values: Iterable[Operand]) -> Value:
    """log(exp(a) + exp(b) + ...), shifted by the largest so that nothing overflows.

    >>> log_sum_exp([Value(1000.0), Value(-1000.0)]).data
    1000.0
    """
    largest, log_of_sum = shifted_log_sum_exp(values)
    return log_of_sum + largest


def shifted_log_sum_exp(values: Iterable[Operand]) -> tuple[Value, Value]:
    """The two terms of `log_sum_exp`: the largest value, and the logarithm of the sum of what is smaller by it.

    They are better added last, where the large one may cancel against something else.
    """
    largest, exponentials = _exponentials(_listed(values, "log_sum_exp"))
    return largest, _log(_total(exponentials))


def softmax(values: Iterable[Operand]) -> Any:
    """exp(a) / (exp(a) + exp(b) + ...) for each of the values: shares of one, and no size overflows.

    They are a list; of an array of Values with one axis they are such an array.

    >>> [share.data for share in softmax([Value(1000.0), Value(1000.0), Value(-1000.0)])]
    [0.5, 0.5, 0.0]
    """
    _, exponentials = _exponentials(_listed(values, "softmax"))
    total = _total(exponentials)
    shares = [x / total for x in exponentials]
    if not is_array(values):
        return shares
    alike: Any = values.astype(object)  # type: ignore[attr-defined]
    alike[:] = shares
    return alike


def _exponentials(values: list[Value]) -> tuple[Value, list[Value]]:
    largest = reduce(_maximum, values)
    return largest, [_exp(x - largest) for x in values]


def _total(values: list[Value]) -> Value:
    return sum(values[1:], values[0])


def _as_value(x: Operand) -> Value:
    return x if isinstance(x, Value) else Value(x, requires_grad=False)


def _listed(values: Iterable[Operand], name: str) -> list[Value]:
    """The values in a list, plain numbers as constants."""
    listed = [_as_value(x) for x in values]
    if not listed:
        raise ValueError(f"{name} needs at least one value, got none")
    return listed
