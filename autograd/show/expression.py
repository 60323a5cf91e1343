"""An expression that was typed, such as `(a*b + c)**2`, as a graph: what the command line plays."""

import ast
import operator
from collections.abc import Callable, Mapping
from typing import Any

from autograd.engines import Value, functions

__all__ = ["typed"]

LONGEST_TITLE = 16  # characters of a result that is known by its expression

_OPERATORS: dict[type[ast.AST], Callable[..., Any]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.Pow: operator.pow,
}


def typed(expression: str, numbers: Mapping[str, float]) -> Value:
    """The graph of `expression`, whose names are variables with these `numbers`.

    It is made of numbers, names, `+ - * / **`, and functions of the table such as `tanh`; `loss = ...` names the
    result. Raises ValueError for another, for a name without a number, and for a number without a name.

    >>> loss = typed("loss = (a*b + c)**2", {"a": 2.0, "b": -3.0, "c": 10.0})
    >>> loss.data, loss.label
    (16.0, 'loss')
    """
    name, tree = _parsed(expression)
    leaves = {x: Value(number, label=x) for x, number in numbers.items()}
    used = {x.id for x in ast.walk(tree) if isinstance(x, ast.Name)} - {
        x.func.id for x in ast.walk(tree) if isinstance(x, ast.Call) and isinstance(x.func, ast.Name)
    }
    if missing := sorted(used - leaves.keys()):
        raise ValueError(f"{missing[0]} has no number: add {missing[0]}=1.0")
    if unused := [x for x in leaves if x not in used]:
        raise ValueError(f"{unused[0]} does not occur in {expression!r}")
    result = _walk(tree, leaves)
    if not isinstance(result, Value):
        raise ValueError(f"{expression!r} has no variable: write one as a name, such as a*2, and give its number, a=3")
    if not result.is_leaf and (name or len(ast.unparse(tree)) > LONGEST_TITLE):
        result.label = name or "result"
    return result


def _parsed(expression: str) -> tuple[str, ast.expr]:
    """The name of the result, or none, and the expression."""
    try:
        [statement] = ast.parse(expression.strip()).body
    except (SyntaxError, ValueError) as error:
        raise ValueError(f"{expression!r} is not an expression such as (a*b + c)**2") from error
    match statement:
        case ast.Assign(targets=[ast.Name(id=name)], value=tree):
            return name, tree
        case ast.Expr(value=tree):
            return "", tree
    raise ValueError(f"{expression!r} is not an expression such as (a*b + c)**2")


def _walk(node: ast.expr, leaves: Mapping[str, Value]) -> Any:
    match node:
        case ast.Constant(value=int() | float() as number):
            return float(number)
        case ast.Name(id=name):
            return leaves[name]
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            return -_walk(operand, leaves)
        case ast.BinOp(left=left, op=op, right=right) if type(op) in _OPERATORS:
            return _OPERATORS[type(op)](_walk(left, leaves), _walk(right, leaves))
        case ast.Call(func=ast.Name(id=name), args=arguments, keywords=[]) if name in functions:
            return functions[name](*(_walk(x, leaves) for x in arguments))
    known = ", ".join(name for name in functions if name not in ("add", "sub", "mul", "div", "neg", "mask"))
    raise ValueError(f"{ast.unparse(node)!r} is not understood: there are + - * / ** and the functions {known}")
