"""`where`: a choice between two Values that a replay makes anew for every row."""

from autograd.engines import Value, functions
from autograd.value import Operand

_greater, _mask = functions["greater"], functions["mask"]


def where(condition: Operand, a: Operand, b: Operand) -> Value:
    """`a` where `condition` is above 0, and `b` where it is not: an `if` that can be recorded.

    `greater(x, y)` and `greater_equal(x, y)` are conditions: 1 where the comparison holds, else 0. As ever, one with a
    nan does not hold. The derivative is that of the operand that is chosen; the condition has none.

    Both operands are computed. One that is not chosen may be infinite or a nan, but its derivatives must be finite, or
    the chain rule makes a nan of them, 0 * inf. Then choose what it is computed of, too, as here at 0, where the
    logarithm is infinitely steep (the same is known from PyTorch and JAX):

    >>> from autograd import log, record
    >>> def entropy(p):
    ...     return -p * log(where(p, p, 1.0))
    >>> recorded = record(entropy, 0.5)
    >>> recorded([0.0, 1.0]).tolist(), recorded.input_gradients([0.0, 1.0])[0].tolist()
    ([0.0, 0.0], [0.0, -1.0])
    """
    return _mask(a, condition) + _mask(b, 1 - _greater(condition, 0.0))
