"""The table of derivatives as JavaScript over lanes: what replays a tape in a page, on many rows at a time."""

import ast
from collections.abc import Iterable, Iterator

from autograd.languages.c import expression
from autograd.ops import TABLE, Op

# A formula of the table reads in JavaScript as it does in C, but for the names of functions: these are `Math`'s.
_MATH = {
    name: f"Math.{name}"
    for name in (
        *("abs", "exp", "expm1", "log", "log1p", "sqrt", "cbrt", "pow", "hypot"),
        *("sin", "cos", "tan", "asin", "acos", "atan", "atan2", "sinh", "cosh", "tanh", "asinh", "acosh", "atanh"),
    )
}
_LANE = {"a": "a[i * ia]", "b": "b[i * ib]", "out": "out[i * io]"}
_OWN = {f"{row.name}({', '.join(row.operands)})" for row in TABLE.values()}  # formulas that only call their own name


def lane_loops(rows: Iterable[Op]) -> str:
    """The constant `LOOPS`: for each row, by its name, the loops over lanes of its value and its partial derivatives.

    - `value(n, a, ia, b, ib, out)` sets `out` on n lanes
    - `partials[k](n, a, ia, b, ib, out, io, upstream, to, it)` adds to `to` what the chain rule hands to operand k

    An operand has a typed array and its stride: 1, or 0 if all lanes share its number; a gradient for it is then the
    sum over the lanes. Raises ValueError for a row with a function that `Math` doesn't have.

    >>> from autograd.ops import TABLE
    >>> print(lane_loops([TABLE["mul"]]).splitlines()[2])
        value: (n, a, ia, b, ib, out) => { for (let i = 0; i < n; i++) out[i] = (a[i * ia] * b[i * ib]); },
    """
    used = list(dict.fromkeys(rows))
    called = {name for row in used for formula in (row.formula, *row.derivatives) for name in _calls(formula)}
    if missing := sorted(name for name in called - _MATH.keys() if name not in TABLE or TABLE[name].formula in _OWN):
        raise ValueError(f"JavaScript has no {missing[0]}()")
    helpers = "".join(
        f"const value_of_{row.name} = ({', '.join(row.operands)}) => {expression(row.formula, functions=_MATH)};\n"
        for row in TABLE.values()
        if row.name in called - _MATH.keys()
    )
    return f"{helpers}const LOOPS = {{\n{''.join(map(_loops, used))}}};\n"


def _calls(formula: str) -> Iterator[str]:
    """The names of the functions that a formula calls."""
    for node in ast.walk(ast.parse(formula)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            yield node.func.id


def _loops(row: Op) -> str:
    loop = "for (let i = 0; i < n; i++)"
    partials = "".join(
        f"      (n, a, ia, b, ib, out, io, upstream, to, it) => "
        f"{{ {loop} to[i * it] += upstream[i * io] * {_lane(derivative)}; }},\n"
        for derivative in row.derivatives
    )
    value = f"(n, a, ia, b, ib, out) => {{ {loop} out[i] = {_lane(row.formula)}; }}"
    return f"  {row.name}: {{\n    value: {value},\n    partials: [\n{partials}    ],\n  }},\n"


def _lane(formula: str) -> str:
    return expression(formula, _LANE, _MATH)
