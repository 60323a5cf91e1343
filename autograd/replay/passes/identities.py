"""Identities: what may be written shorter, and gives the same number by IEEE 754, but for the sign of a zero.

So does the derivative, but that of `pow(a, 0)` where a is nan or was made of infinities.
`a` and `b` stand for any number, infinities and nan included; `t` stands for a truth, which is 1 or 0.
"""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product
from typing import TypeAlias

from autograd import ops
from autograd.ops import TABLE, Op

IDENTITIES = {
    "a + 0": "a",
    "a - 0": "a",
    "0 - a": "-a",
    "a * 1": "a",
    "a * -1": "-a",
    "a / 1": "a",
    "a / -1": "-a",
    "-(-a)": "a",
    "pow(a, 0)": "1",
    "pow(a, 1)": "a",
    "pow(a, 2)": "a * a",
    "abs(t)": "t",
    # choices, as a recorded derivative writes them
    "mask(a, 0)": "0",
    "mask(a, 1)": "a",
    "mask(0, a)": "0",
    "mask(1, t)": "t",
    "mask(a, t) * t": "mask(a, t)",
    "mask(mask(a, t), t)": "mask(a, t)",
    "mask(a, t) + mask(a, 1 - t)": "a",
}

COMPARISONS = frozenset([ops.greater, ops.greater_equal])
COMMUTATIVE = frozenset([ops.add, ops.mul])

_OPERATORS: dict[type[ast.AST], Op] = {
    ast.Add: ops.add,
    ast.Sub: ops.sub,
    ast.Mult: ops.mul,
    ast.Div: ops.div,
    ast.USub: ops.neg,
}


@dataclass(frozen=True)
class Applied:
    """A row of the table applied to terms."""

    op: Op
    operands: tuple["Term", ...]


# A name stands for whatever stands in its place, always the same; a number for a constant that is equal to it
Term: TypeAlias = Applied | str | float


def term(formula: str) -> Term:
    """A formula of names, numbers, arithmetic and rows of the table."""

    def of(tree: ast.expr) -> Term:
        match tree:
            case ast.Name(name):
                return name
            case ast.BinOp(left, operator, right):
                return Applied(_OPERATORS[type(operator)], (of(left), of(right)))
            case ast.UnaryOp(ast.USub(), ast.Constant(float() | int() as number)):
                return -float(number)
            case ast.UnaryOp(operator, operand):
                return Applied(_OPERATORS[type(operator)], (of(operand),))
            case ast.Call(ast.Name(row), arguments):
                return Applied(TABLE[row], tuple(map(of, arguments)))
            case ast.Constant(float() | int() as number):
                return float(number)
        raise ValueError(f"no term: {ast.unparse(tree)}")

    return of(ast.parse(formula, mode="eval").body)


def _orders(pattern: Term) -> Iterator[Term]:
    """The pattern, and those that it becomes where operands that may be exchanged are."""
    if not isinstance(pattern, Applied):
        yield pattern
        return
    for operands in product(*map(_orders, pattern.operands)):
        yield Applied(pattern.op, operands)
        if pattern.op in COMMUTATIVE:
            yield Applied(pattern.op, operands[::-1])


def _by_feature() -> dict[Op, dict[tuple[int, Op | float | None], list[tuple[Applied, Term]]]]:
    """The identities by their row and its first operand that isn't just a name: its place, and its row or number."""
    found: dict[Op, dict[tuple[int, Op | float | None], list[tuple[Applied, Term]]]] = {}
    for long, short in IDENTITIES.items():
        for pattern in dict.fromkeys(_orders(term(long))):
            assert isinstance(pattern, Applied)
            place, operand = next(((i, x) for i, x in enumerate(pattern.operands) if not isinstance(x, str)), (0, None))
            feature = operand.op if isinstance(operand, Applied) else operand
            found.setdefault(pattern.op, {}).setdefault((place, feature), []).append((pattern, term(short)))
    return found


BY_FEATURE = _by_feature()
