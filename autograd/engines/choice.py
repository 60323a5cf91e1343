"""Which of the two engines is in use: the compiled one where it was built, else the one in plain Python.

Everything else takes `Value` and its functions from here. The environment variable `STEPGRAD_ENGINE`, `python` or
`native`, forces one.
"""

import os
import sys
from importlib import import_module
from typing import TYPE_CHECKING, Literal

from autograd import value

__all__ = ["Value", "apply", "dot", "engine", "functions", "grad", "no_grad", "sealed", "topological_order"]

engine: Literal["python", "native"] = "python"
why_python = ""  # if it is in use
_chosen = value

match os.environ.get("STEPGRAD_ENGINE", ""):
    case "python":
        why_python = "the environment variable STEPGRAD_ENGINE forces it; unset it for the compiled engine"
    case "" | "native" as forced:
        try:
            _chosen = import_module("autograd.engines._native")
            engine = "native"
        except ModuleNotFoundError as error:
            why_python = (
                "the compiled engine was not built: install a C compiler, and then stepgrad again, "
                "for a Python that isn't free-threaded"
            )
            if forced:
                raise ImportError(f"STEPGRAD_ENGINE is native, but {why_python}, or unset it") from error
    case unknown:
        raise ImportError(f"STEPGRAD_ENGINE is {unknown!r}: set it to python or native, or unset it")

if sys.platform == "emscripten":
    from autograd.engines.freeing import free_operands_in_turn

    value.Value.__del__ = free_operands_in_turn

if TYPE_CHECKING:
    from autograd.value import Value, apply, dot, functions, grad, no_grad, sealed, topological_order
else:
    Value, apply, functions = _chosen.Value, _chosen.apply, _chosen.functions
    dot, grad, topological_order = _chosen.dot, _chosen.grad, _chosen.topological_order
    no_grad, sealed = _chosen.no_grad, _chosen.sealed
