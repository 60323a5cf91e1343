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

from autograd.draw import draw
from autograd.engines import Value, apply, engine, functions, grad, no_grad
from autograd.explain import explain
from autograd.gradcheck import GradientError, gradcheck
from autograd.ops import TABLE, Op
from autograd.sealing import RecordError
from autograd.steps import steps
from autograd.where import where

__all__ = [
    "GradientError",
    "Op",
    "RecordError",
    "Recording",
    "Update",
    "Value",
    "apply",
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


_WITH_NUMPY = {"Recording": "recording", "Update": "update", "record": "recording"}  # which is slow to import


def __getattr__(name: str) -> "Callable[..., Value]":  # what no line above names is a function of the table
    if name not in _WITH_NUMPY:
        raise AttributeError(f"module 'autograd' has no attribute {name!r}")
    return getattr(import_module(f"autograd.{_WITH_NUMPY[name]}"), name)  # type: ignore[no-any-return]


if TYPE_CHECKING:
    from collections.abc import Callable

    from autograd.recording import Recording, record
    from autograd.update import Update
