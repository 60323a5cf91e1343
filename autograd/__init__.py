"""A scalar autograd engine: read it in one sitting, watch it step by step, trust it by property tests.

>>> from autograd import Value
>>> x = Value(2.0, label="x")
>>> y = x**2 + 3 * x
>>> y.backward()
>>> x.grad
7.0
"""

from typing import TYPE_CHECKING, Any

from autograd.gradcheck import GradientError, gradcheck
from autograd.ops import TABLE
from autograd.value import RecordError, Value, functions, grad, no_grad

__all__ = ["GradientError", "RecordError", "Value", "grad", "gradcheck", "no_grad", "record"]

for _op in TABLE.values():
    if _op.symbol.isidentifier():  # the others are written with operators
        globals()[_op.name] = functions[_op.name]
        __all__ += [_op.name]



def __getattr__(name: str) -> Any:
    """`record` brings NumPy, which is slow to import, so it waits until it is asked for."""
    if name == "record":
        from autograd.recording import record

        return record
    raise AttributeError(f"module 'autograd' has no attribute {name!r}")


if TYPE_CHECKING:
    from autograd.recording import record
