"""A scalar autograd engine: read it in one sitting, watch it step by step, trust it by property tests.

>>> from autograd import Value
>>> x = Value(2.0, label="x")
>>> y = x**2 + 3 * x
>>> y.backward()
>>> x.grad
7.0
"""

import sys
from importlib import import_module
from types import ModuleType
from typing import TYPE_CHECKING

from autograd.engines import Value, apply, dot, engine, functions, grad, no_grad
from autograd.ops import TABLE, Op
from autograd.sealing import RecordError

__all__ = [
    "GradientError",
    "Op",
    "RecordError",
    "Recording",
    "Update",
    "Value",
    "apply",
    "dot",
    "draw",
    "engine",
    "explain",
    "grad",
    "gradcheck",
    "no_grad",
    "record",
    "steps",
    "where",
]

for _op in TABLE.values():
    if _op.symbol.isidentifier():  # the others are written with operators
        globals()[_op.name] = functions[_op.name]
        __all__ += [_op.name]


# The modules of what is seldom needed at once; they are imported when it is first asked for.
_MODULES = {
    "GradientError": "gradcheck",
    "Recording": "recording",
    "Update": "update",
    "draw": "draw",
    "explain": "explain",
    "gradcheck": "gradcheck",
    "record": "recording",
    "steps": "steps",
    "where": "where",
}


def __getattr__(name: str) -> "Callable[..., Value]":  # what no line above names is a function of the table
    if name not in _MODULES:
        raise AttributeError(f"module 'autograd' has no attribute {name!r}")
    return getattr(import_module(f"autograd.{_MODULES[name]}"), name)  # type: ignore[no-any-return]


def __dir__() -> list[str]:
    return [*globals(), *__all__]


class _Package(ModuleType):
    """Whose functions are not hidden by modules of the same name, which the import system sets as attributes."""

    def __setattr__(self, name: str, value: object) -> None:
        named_as_its_function = isinstance(value, ModuleType) and name in _MODULES
        super().__setattr__(name, getattr(value, name) if named_as_its_function else value)


sys.modules[__name__].__class__ = _Package

if TYPE_CHECKING:
    from collections.abc import Callable

    from autograd.draw import draw
    from autograd.explain import explain
    from autograd.gradcheck import GradientError, gradcheck
    from autograd.recording import Recording, record
    from autograd.steps import steps
    from autograd.update import Update
    from autograd.where import where
