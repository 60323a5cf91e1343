"""A scalar autograd engine: read it in one sitting, watch it step by step, trust it by property tests.

>>> from autograd import Value
>>> x = Value(2.0, label="x")
>>> y = x**2 + 3 * x
>>> y.backward()
>>> x.grad
7.0
"""

from typing import TYPE_CHECKING, Any

from autograd.draw import draw
from autograd.engines import Value, engine, functions, grad, no_grad
from autograd.gradcheck import GradientError, gradcheck
from autograd.ops import TABLE
from autograd.value import RecordError

__all__ = [
    "GradientError",
    "RecordError",
    "Update",
    "Value",
    "draw",
    "engine",
    "grad",
    "gradcheck",
    "no_grad",
    "record",
]

for _op in TABLE.values():
    if _op.symbol.isidentifier():  # the others are written with operators
        globals()[_op.name] = functions[_op.name]
        __all__ += [_op.name]


def __getattr__(name: str) -> Any:
    """`record` and `Update` bring NumPy, which is slow to import, so they wait until they are asked for."""
    if name == "record":
        from autograd.recording import record

        return record
    if name == "Update":
        from autograd.update import Update

        return Update
    raise AttributeError(f"module 'autograd' has no attribute {name!r}")


if TYPE_CHECKING:
    from autograd.recording import record
    from autograd.update import Update
