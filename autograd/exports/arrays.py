"""Formulas on the arrays of another library, by operators and the library's own functions."""

import math
import operator
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from autograd.exports.walk import numbers
from autograd.languages import said_in
from autograd.ops import TABLE, Op
from autograd.replay import Tape

_OPERATORS: dict[str, Callable[[Any, Any], Any]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "/": operator.truediv,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
    "==": operator.eq,
    "!=": operator.ne,
    "and": operator.and_,
    "or": operator.or_,
}


@dataclass(frozen=True)
class Arrays:
    """A library: its `functions` by the names of rows, and how it chooses, repeats and stacks numbers.

    A row that it has no function for is computed by its formula.
    """

    functions: Mapping[str, Callable[..., Any]]
    where: Callable[[Any, Any, Any], Any]
    broadcast: Callable[[Any, tuple[int]], Any]
    side_by_side: Callable[[list[Any]], Any]
    operators: Mapping[str, Callable[[Any, Any], Any]] = field(
        default_factory=dict
    )  # where Python's mean another thing

    def said(self, op: Op, formula: str, operands: Mapping[str, Any]) -> Any:
        if formula is op.formula and op.name in self.functions and TABLE.get(op.name) is op:
            return self.functions[op.name](*operands.values())
        return said_in(self, formula, operands)

    def number(self, x: float) -> float:
        return x

    def negative(self, a: Any) -> Any:
        return -a

    def operator(self, symbol: str, a: Any, b: Any) -> Any:
        return self.operators.get(symbol, _OPERATORS[symbol])(a, b)

    def choose(self, test: Any, a: Any, b: Any) -> Any:
        return self.where(test, a, b)

    def call(self, name: str, arguments: Sequence[Any]) -> Any:
        if name in self.functions:
            return self.functions[name](*arguments)
        row = TABLE[name]
        return said_in(self, row.formula, dict(zip(row.operands, arguments, strict=True)))


def outputs(tape: Tape, library: Arrays, batch: Sequence[Any], leaves: Sequence[Any]) -> Any:
    """The outputs for a batch of the library's arrays: one for each row, or rows x values."""
    arrays = list(_arrays_of(batch))
    if not all(array.ndim for array in arrays):
        raise ValueError("expected arrays whose first axis is rows; got a single number: give an array of one row")
    if len({len(array) for array in arrays}) > 1:
        raise ValueError(f"expected arrays with the same number of rows; got {', '.join(str(len(a)) for a in arrays)}")
    columns = [column for array in arrays for column in array.reshape(len(array), math.prod(array.shape[1:])).T]
    if len(columns) != len(tape.example):
        raise ValueError(f"a row has {len(columns)} numbers, but the function was recorded with {len(tape.example)}")
    found = numbers(tape, [*columns, *leaves], library)
    rows = (len(arrays[0]),)
    results = [library.broadcast(found[i], rows) for i in tape.outputs]  # some may not depend on the row
    return library.side_by_side(results) if tape.several else results[0]


def _arrays_of(batch: Any) -> Iterator[Any]:
    match batch:
        case tuple() | list():
            for part in batch:
                yield from _arrays_of(part)
        case dict():
            for part in batch.values():
                yield from _arrays_of(part)
        case _:
            yield batch
