"""`where`: a choice between two Values that a replay makes anew for every row."""

from autograd.engines import Value, functions
from autograd.value import Operand

_greater, _mask = functions["greater"], functions["mask"]


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
