"""Breaks every formula of the table in every small way, and shows that the tests of the table notice each.

    python tests/page/mutate_table.py

prints the mutants that no test noticed, and fails if there is one that is not argued to be equivalent below.
"""

import ast
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))  # as pytest does, for what the tests share

from test_ops import (
    check_edges,
    check_partials,
    check_second_derivatives,
    check_second_derivatives_at_edges,
    check_value,
    check_whole_powers,
)

from autograd.engines import apply
from autograd.ops import TABLE, Op

# Mutants that compute the same numbers as the formula, or numbers that are equally close to the truth.
_MEET = "both formulas are accurate around the place where they meet"
_ONE_IS_ENOUGH = "the second formula is accurate everywhere; the first is there because it is the one in textbooks"
_TIE = "at a tie it does not matter which of the equal operands is the result"
_TANH_FAR_OUT = "sech2(a)"
EQUIVALENT: dict[tuple[str, str], str] = {
    **{
        ("atan", f"1 / (1 + a * a) if abs(a) {limit} else 1 / a / a"): _MEET
        for limit in ("< 99999999.0", "< 100000001.0", "< 100099999.99999999", "<= 100000000.0")
    },
    **{
        ("sigmoid", f"1 / (1 + exp(-a)) if a {limit} else exp(a) / (1 + exp(a))"): _MEET
        for limit in ("> 0", ">= -1", ">= 1")
    },
    **{
        ("sigmoid", f"out * (1 - out) if a {limit} else out * out * exp(-a)"): _MEET
        for limit in ("<= 0", "< -1", "< 1")
    },
    **{
        ("tanh", f"1 - out * out if {condition} else {_TANH_FAR_OUT}"): reason
        for condition, reason in {
            "abs(a) <= 1": _MEET,
            "abs(a) < 1.001": _MEET,
            "abs(a) < 2": _MEET,
            "abs(a) < 0": _ONE_IS_ENOUGH,
            "abs(a) < -1": _ONE_IS_ENOUGH,
            "False": _ONE_IS_ENOUGH,
        }.items()
    },
    **{
        ("pow", f"0 if a == 0 and b == 0 else b * pow(a, b - 1) if b {limit} else b / pow(a, 1 - b)"): _MEET
        for limit in ("> 1", ">= 1.001", ">= 2")
    },
    ("tanh", _TANH_FAR_OUT): _ONE_IS_ENOUGH,
    ("tanh", "1 - out * out if abs(a) < 1 else sech2(-a)"): "sech2 is even",
    ("softplus", "(a if a >= 0 else 0.0) + log1p(exp(-abs(a)))"): _MEET,
    ("maximum", "a if a > b or a != a else b"): _TIE,
    ("minimum", "a if a < b or a != a else b"): _TIE,
}

OTHER_OPERATORS: dict[type[ast.operator], list[ast.operator]] = {
    ast.Add: [ast.Sub()],
    ast.Sub: [ast.Add()],
    ast.Mult: [ast.Div(), ast.Add()],
    ast.Div: [ast.Mult()],
}
OTHER_COMPARISONS: dict[type[ast.cmpop], list[ast.cmpop]] = {
    ast.Lt: [ast.LtE(), ast.Gt()],
    ast.LtE: [ast.Lt(), ast.GtE()],
    ast.Gt: [ast.GtE(), ast.Lt()],
    ast.GtE: [ast.Gt(), ast.LtE()],
    ast.Eq: [ast.NotEq()],
    ast.NotEq: [ast.Eq()],
}
SIBLINGS = {
    "exp": "expm1",
    "expm1": "exp",
    "log": "log1p",
    "log1p": "log",
    "sin": "cos",
    "cos": "sin",
    "tan": "atan",
    "sqrt": "cbrt",
    "cbrt": "sqrt",
    "asin": "acos",
    "acos": "asin",
    "atan": "tan",
    "sinh": "cosh",
    "cosh": "sinh",
    "tanh": "atan",
    "sech2": "tanh",
    "asinh": "acosh",
    "acosh": "asinh",
    "atanh": "tanh",
    "sigmoid": "tanh",
    "hypot": "atan2",
    "atan2": "hypot",
    "erf": "erfc",
    "erfc": "erf",
    "abs": "exp",
    "pow": "hypot",
    "greater": "greater_equal",
    "floor": "abs",
}


def mutations(node: ast.expr, arguments: tuple[str, ...]) -> Iterator[ast.expr]:
    """What could stand in the place of `node` if someone made one mistake."""
    match node:
        case ast.BinOp(left, op, right):
            yield from (ast.BinOp(left, other, right) for other in OTHER_OPERATORS[type(op)])
            yield from (left, right)  # a term dropped
            if isinstance(op, ast.Sub | ast.Div):
                yield ast.BinOp(right, op, left)
        case ast.UnaryOp(_, operand):
            yield operand
        case ast.Compare(left, [op], [right]):
            yield from (ast.Compare(left, [other], [right]) for other in OTHER_COMPARISONS[type(op)])
            yield from (ast.Constant(True), ast.Constant(False))
        case ast.BoolOp(op, values):
            yield ast.BoolOp(ast.And() if isinstance(op, ast.Or) else ast.Or(), values)
            yield from values
        case ast.IfExp(test, body, orelse):
            yield ast.IfExp(test, orelse, body)
            yield from (body, orelse)
        case ast.Constant(value):
            yield from (ast.Constant(other) for other in (value + 1, value - 1, *([1.001 * value] if value else [])))
        case ast.Name(name):
            yield from (ast.Name(other) for other in arguments if other not in (name, "out"))
        case ast.Call(ast.Name(name), operands):
            yield ast.Call(ast.Name(SIBLINGS[name]), operands, [])
            yield from operands
            if name != "hypot":
                yield ast.Call(ast.Name(name), operands[::-1], [])


def mutants(formula: str, arguments: tuple[str, ...]) -> set[str]:
    """`formula` with one mistake, in every place and of every kind."""
    found = set()
    for place, node in enumerate(places(ast.parse(formula, mode="eval"))):
        for mutation in mutations(node, arguments):
            tree = ast.parse(formula, mode="eval")
            found.add(ast.unparse(_Replacing(places(tree)[place], mutation).visit(tree)))
    for place in range(len(signed_places(ast.parse(formula, mode="eval")))):
        tree = ast.parse(formula, mode="eval")
        node = signed_places(tree)[place]
        found.add(ast.unparse(_Replacing(node, ast.UnaryOp(ast.USub(), node)).visit(tree)))
    return found - {ast.unparse(ast.parse(formula))}


def places(tree: ast.Expression) -> list[ast.expr]:
    """The parts of a formula, without the names of the functions that it calls."""
    functions = [node.func for node in ast.walk(tree) if isinstance(node, ast.Call)]
    return [node for node in ast.walk(tree) if isinstance(node, ast.expr) and node not in functions]


def signed_places(tree: ast.Expression) -> list[ast.expr]:
    """The parts of a formula whose sign matters: not conditions, zeros, the operands of even functions and of `==`."""
    unsigned: list[ast.expr] = []
    for node in ast.walk(tree):
        match node:
            case ast.Call(ast.Name("abs" | "cos" | "cosh" | "hypot"), operands):
                unsigned += operands
            case ast.Compare(left, [ast.Eq() | ast.NotEq()], [right]):
                unsigned += [node, left, right]
            case ast.Compare() | ast.BoolOp() | ast.Constant(0):
                unsigned.append(node)
    return [node for node in places(tree) if node not in unsigned]


class _Replacing(ast.NodeTransformer):
    def __init__(self, target: ast.expr, replacement: ast.expr) -> None:
        self.target, self.replacement = target, replacement

    def visit(self, node: ast.AST) -> ast.AST:
        return self.replacement if node is self.target else self.generic_visit(node)


def is_noticed(mutant: Op) -> bool:
    """Whether a test of the table fails for `mutant`."""
    checks: list[Callable[[], None]] = [
        partial(check_edges, mutant),
        partial(check_value, mutant),
        partial(check_partials, mutant),
        *(
            partial(check, mutant, partial(apply, mutant))
            for check in (check_second_derivatives_at_edges, check_whole_powers, check_second_derivatives)
        ),
    ]
    for check in checks:
        try:
            check()
        except (AssertionError, ArithmeticError, ValueError, TypeError):
            return True
    return False


def broken_rows(op: Op) -> Iterator[tuple[str, Op]]:
    """Every mutant of a row, and the formula that was broken in it."""
    for formula in sorted(mutants(op.formula, op.operands)):
        yield formula, replace(op, formula=formula)
    for i, derivative in enumerate(op.derivatives):
        for formula in sorted(mutants(derivative, op.arguments)):
            yield formula, replace(op, derivatives=(*op.derivatives[:i], formula, *op.derivatives[i + 1 :]))


def main() -> int:
    """Print what no test noticed, and say whether all of it is argued to be equivalent."""
    mutated = [(op.name, formula, is_noticed(mutant)) for op in TABLE.values() for formula, mutant in broken_rows(op)]
    survivors = [(name, formula) for name, formula, noticed in mutated if not noticed]
    intact_but_failing = [op.name for op in TABLE.values() if is_noticed(op)]
    unknown = [survivor for survivor in survivors if survivor not in EQUIVALENT]
    outdated = [listed for listed in EQUIVALENT if listed not in survivors]
    lines = [
        *(f"{name} fails its tests before it is broken" for name in intact_but_failing),
        *(f"{name}: {formula}: not noticed" for name, formula in unknown),
        *(f"{name}: {formula}: listed as equivalent, but noticed, or no mutant" for name, formula in outdated),
        *(
            f"{name}: {formula}: {EQUIVALENT[name, formula]}"
            for name, formula in survivors
            if (name, formula) in EQUIVALENT
        ),
        f"{len(mutated)} mutants: {len(mutated) - len(survivors)} noticed, {len(survivors) - len(unknown)} equivalent",
    ]
    print(*lines, sep="\n")  # noqa: T201 - a command
    return 1 if intact_but_failing or unknown or outdated else 0


if __name__ == "__main__":
    sys.exit(main())
