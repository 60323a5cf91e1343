"""Leaves in pickles: one that was made by one engine is loaded by the engine in use."""

from collections.abc import Callable
from typing import Any

_in_use: list[Callable[..., Any]] = []


def load_with(value: Callable[..., Any]) -> None:
    """From now on leaves are loaded as Values of this class."""
    _in_use[:] = [value]


def loaded_leaf(data: float, grad: float, label: str, requires_grad: bool) -> Any:
    """The leaf that a pickle holds."""
    leaf = _in_use[0](data, label=label, requires_grad=requires_grad)
    leaf.grad = grad
    return leaf
