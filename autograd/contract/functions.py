"""Rows of the table as functions of Values: the operation itself, and what it hands to its operands."""

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


def shares_on_nodes(functions: Mapping[str, Callable[..., Any]]) -> Callable[[Op], tuple[Callable[..., Any], ...]]:
    """What a row hands to each operand, as functions that build nodes: in a recording, such as a replay can repeat."""

    @cache
    def shares(op: Op, replayable: bool) -> tuple[Callable[..., Any], ...]:
        return tuple([share(partial, op.masks) for partial in op.partials_on(functions, replayable)])

    def share(partial: Callable[..., Any], masks: bool) -> Callable[..., Any]:
        def product(upstream: Any, *arguments: Any) -> Any:
            return upstream * partial(*arguments)

        def masked(upstream: Any, *arguments: Any) -> Any:
            local = partial(*arguments)
            if isinstance(local, int | float):
                return upstream * local if local else functions["mask"](upstream, 0.0)
            return functions["mask"](upstream, functions["abs"](local)) * local

        return masked if masks else product

    return lambda op: shares(op, refusals.get() is not None)
