"""NumPy's calls: when it meets a Value, it asks it what to do. The answer stands in a room above the engines."""

from collections.abc import Callable
from typing import Any

_answering: list[Callable[[], Any]] = []


def answer_numpy_with(load: Callable[[], Any]) -> None:
    """From now on `load()`, a module, has the answers, `on_ufunc` and `on_function`; it is called when NumPy asks."""
    _answering[:] = [load]


def array_ufunc(ufunc: Any, method: str, *inputs: Any, **named: Any) -> Any:
    """`__array_ufunc__` of a Value: https://numpy.org/doc/stable/user/basics.subclassing.html"""
    return _answering[0]().on_ufunc(ufunc, method, *inputs, **named)


def array_function(function: Any, types: Any, arguments: Any, named: Any) -> Any:
    """`__array_function__` of a Value."""
    return _answering[0]().on_function(function, types, arguments, named)
