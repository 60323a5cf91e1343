"""A scalar autograd engine: read it in one sitting, watch it step by step, trust it by property tests.

>>> from autograd import Value
>>> x = Value(2.0, label="x")
>>> y = x**2 + 3 * x
>>> y.backward()
>>> x.grad
7.0
"""

from typing import TYPE_CHECKING

from autograd.draw import draw
from autograd.explain import explain
from autograd.gradcheck import GradientError, gradcheck
from autograd.ops import TABLE
from autograd.steps import steps
from autograd.value import Value, functions, grad, no_grad

__all__ = ["GradientError", "Value", "draw", "explain", "grad", "gradcheck", "no_grad", "steps"]

for _op in TABLE.values():
    if _op.symbol.isidentifier():  # the others are written with operators
        globals()[_op.name] = functions[_op.name]
        __all__ += [_op.name]

if TYPE_CHECKING:
    from collections.abc import Callable

    def __getattr__(name: str) -> Callable[..., Value]: ...
