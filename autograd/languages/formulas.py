"""A formula of the table, said in another language: one walk over its syntax, for text and for arrays alike."""

import ast
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Protocol, TypeVar

from autograd.ops import TABLE

T = TypeVar("T")

# fmt: off
_SYMBOLS: dict[type[ast.AST], str] = {
    ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/", ast.And: "and", ast.Or: "or",
    ast.Lt: "<", ast.LtE: "<=", ast.Gt: ">", ast.GtE: ">=", ast.Eq: "==", ast.NotEq: "!=",
}
# fmt: on


class Language(Protocol[T]):
    """What the language of formulas is made of, and what each part becomes."""

    def number(self, x: float) -> T: ...

    def negative(self, a: T) -> T: ...

    def operator(self, symbol: str, a: T, b: T) -> T:
        """`+ - * /`, a comparison, `and` or `or`."""

    def choose(self, test: T, a: T, b: T) -> T:
        """`a if test else b`."""

    def call(self, name: str, arguments: Sequence[T]) -> T:
        """A row of the table, which formulas call by its name."""


def said_in(language: Language[T], formula: str, operands: Mapping[str, T]) -> T:
    """What `formula` is in `language`, where `operands` says what stands for `a`, `b` and `out`.

    Raises ValueError for anything that the language of formulas does not have.
    """

    def said(node: ast.expr) -> T:
        match node:
            case ast.Constant(value=int() | float() as number):
                return language.number(float(number))
            case ast.Name(id=name):
                return operands[name]
            case ast.UnaryOp(op=ast.USub(), operand=operand):
                return language.negative(said(operand))
            case ast.BinOp(left=left, op=op, right=right) if type(op) in _SYMBOLS:
                return language.operator(_SYMBOLS[type(op)], said(left), said(right))
            case ast.Compare(left=left, ops=[op], comparators=[right]) if type(op) in _SYMBOLS:
                return language.operator(_SYMBOLS[type(op)], said(left), said(right))
            case ast.BoolOp(op=op, values=[first, *others]):
                result = said(first)
                for value in others:
                    result = language.operator(_SYMBOLS[type(op)], result, said(value))
                return result
            case ast.IfExp(test=test, body=body, orelse=orelse):
                return language.choose(said(test), said(body), said(orelse))
            case ast.Call(func=ast.Name(id=name), args=arguments, keywords=[]) if name in TABLE:
                return language.call(name, [said(x) for x in arguments])
        raise ValueError(
            f"{ast.unparse(node)!r} in {formula!r} is not of the language of formulas: see autograd/ops.py"
        )

    return said(_parsed(formula))


@cache
def _parsed(formula: str) -> ast.expr:
    return ast.parse(formula, mode="eval").body
