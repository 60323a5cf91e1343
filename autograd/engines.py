"""Which of the two engines is in use: the compiled one where it was built, else the one in plain Python.

Everything else takes `Value` and its functions from here. The environment variable `STEPGRAD_ENGINE`, `python` or
`native`, forces one.
"""

import os
from typing import TYPE_CHECKING, Literal

from autograd import value

__all__ = ["Value", "apply", "engine", "functions", "grad", "no_grad", "sealed", "topological_order"]

_forced = os.environ.get("STEPGRAD_ENGINE", "")
if _forced not in ("", "python", "native"):
    raise ImportError(f"STEPGRAD_ENGINE is {_forced!r}: set it to python or native, or unset it")

engine: Literal["python", "native"] = "python"
_chosen = value
if not TYPE_CHECKING and _forced != "python":
    try:
        from autograd import _native as _chosen

        engine = "native"
    except ModuleNotFoundError as error:
        if _forced:
            raise ImportError(
                "STEPGRAD_ENGINE is native, but the compiled engine was not built: install a C compiler, then "
                "stepgrad again, or unset STEPGRAD_ENGINE"
            ) from error

if TYPE_CHECKING:
    from autograd.value import Value, apply, functions, grad, no_grad, sealed, topological_order
else:
    Value, apply, functions = _chosen.Value, _chosen.apply, _chosen.functions
    grad, topological_order = _chosen.grad, _chosen.topological_order
    no_grad, sealed = _chosen.no_grad, _chosen.sealed
