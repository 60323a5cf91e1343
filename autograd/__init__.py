"""A scalar autograd engine: read it in one sitting, watch it step by step, trust it by property tests.

>>> from autograd import Value
>>> x = Value(2.0, label="x")
>>> y = x**2 + 3 * x
>>> y.backward()
>>> x.grad
7.0
"""

from importlib import import_module
from typing import TYPE_CHECKING

from autograd.contract import RecordError, answer_numpy_with
from autograd.engines import Value, apply, dot, engine, functions, grad, no_grad
from autograd.ops import TABLE, Op

__all__ = [
    "GradientError",
    "Op",
    "RecordError",
    "Recording",
    "Update",
    "Value",
    "apply",
    "clip",
    "dot",
    "draw",
    "engine",
    "explain",
    "grad",
    "gradcheck",
    "hessian",
    "hvp",
    "jacobian",
    "jvp",
    "log_sum_exp",
    "lookup",
    "mean",
    "no_grad",
    "norm",
    "record",
    "softmax",
    "steps",
    "value_and_grad",
    "vjp",
    "where",
]

for _op in TABLE.values():
    if _op.symbol.isidentifier():  # the others are written with operators
        globals()[_op.name] = functions[_op.name]
        __all__ += [_op.name]


answer_numpy_with(lambda: import_module("autograd.arrays"))

# The wings of what is seldom needed at once; they are imported when it is first asked for.
_WINGS = {
    "GradientError": "testing",
    "Recording": "replay",
    "Update": "replay",
    "clip": "composed",
    "draw": "show",
    "explain": "show",
    "gradcheck": "testing",
    "hessian": "derivatives",
    "hvp": "derivatives",
    "jacobian": "derivatives",
    "jvp": "derivatives",
    "log_sum_exp": "composed",
    "lookup": "composed",
    "mean": "composed",
    "norm": "composed",
    "record": "replay",
    "softmax": "composed",
    "steps": "show",
    "value_and_grad": "derivatives",
    "vjp": "derivatives",
    "where": "composed",
}


def __getattr__(name: str) -> "Callable[..., Value]":  # what no line above names is a function of the table
    if name not in _WINGS:
        raise AttributeError(f"module 'autograd' has no attribute {name!r}")
    return getattr(import_module(f"autograd.{_WINGS[name]}"), name)  # type: ignore[no-any-return]


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})


if TYPE_CHECKING:
    from collections.abc import Callable

    from autograd.composed import clip, log_sum_exp, lookup, mean, norm, softmax, where
    from autograd.derivatives import hessian, hvp, jacobian, jvp, value_and_grad, vjp
    from autograd.replay import Recording, Update, record
    from autograd.show import draw, explain, steps
    from autograd.testing import GradientError, gradcheck
