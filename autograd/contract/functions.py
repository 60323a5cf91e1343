"""Rows of the table as functions of Values: the operation itself, and its derivatives."""

from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

from autograd.contract.sealing import refusals
from autograd.ops import Op


def function_of(op: Op, apply: Callable[..., Any]) -> Callable[..., Any]:
    """The row `op` as a function of Values and plain numbers, and as a method of its first operand."""

    def function(*operands: Any) -> Any:
        if len(operands) != len(op.operands):
            raise TypeError(f"{op.name}({', '.join(op.operands)}) got {len(operands)} operands")
        return apply(op, *operands)

    derivatives = "; ".join(f"d/d{x} = {d}" for x, d in zip(op.operands, op.derivatives, strict=True))
    function.__name__ = function.__qualname__ = op.name
    function.__doc__ = f"`{op.formula}`, a node of the graph; {derivatives}."
    return function


def partials_on_nodes(functions: Mapping[str, Callable[..., Any]]) -> Callable[[Op], tuple[Callable[..., Any], ...]]:
    """The derivatives of a row as functions of nodes; while a function is recorded, as a replay can repeat them."""

    @cache
    def partials(op: Op, replayable: bool) -> tuple[Callable[..., Any], ...]:
        return op.partials_on(functions, replayable)

    return lambda op: partials(op, refusals.get() is not None)
