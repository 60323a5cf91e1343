"""The table of derivatives as JavaScript, for pages: on single numbers, with the formulas to be read.

A formula reads in JavaScript as it does in C, but for the names of functions. `Math` has most of them; `pow`, which
differs from IEEE 754 there, `erf` and `erfc` are written here. In V8 every row is within 8 ulp of the plain engine:
most are equal to the last bit, `exp`, `log`, `sin`, `cos`, `sinh`, `asinh`, `hypot` within 1, `cbrt` and `pow` 2,
`erf` and the derivatives of `atan2` 4, `erfc` 5.
"""

import ast
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from autograd.languages import c
from autograd.languages.formulas import said_in
from autograd.ops import TABLE, Op

FUNCTIONS = {
    name: f"Math.{name}"
    for name in (
        *("abs", "floor", "exp", "expm1", "log", "log1p", "sqrt", "cbrt", "hypot"),
        *("sin", "cos", "tan", "asin", "acos", "atan", "atan2", "sinh", "cosh", "tanh", "asinh", "acosh", "atanh"),
    )
}

# What `Math` lacks. `erf` is a series all of whose terms have one sign (Abramowitz and Stegun, Handbook of Mathematical
# Functions, 7.1.6); `erfc` from 0.5 on a continued fraction (7.1.14), of as many terms as double precision needs there.
# The exponential of the square takes its argument in two parts, so that the rounding of a large square isn't magnified.
_WRITTEN = {
    "pow": "const pow = (a, b) => (a === 1 || (a === -1 && (b === Infinity || b === -Infinity)) ? 1 : Math.pow(a, b));",
    "erf": """const erf = (a) => {
  if (Math.abs(a) > 2) return a > 0 ? 1 - erfc(a) : erfc(-a) - 1;
  if (!a) return a;
  let term = (2 * a) / Math.sqrt(Math.PI), sum = 0;
  for (let n = 1; sum + term !== sum; n++) { sum += term; term *= (2 * a * a) / (2 * n + 1); }
  return Math.exp(-a * a) * sum;
};""",
    "erfc": """const erfc = (a) => {
  if (a < 0.5) return a < -0.5 ? 2 - erfc(-a) : 1 - erf(a);
  let tail = a;
  for (let n = Math.ceil(8 + 180 / (a * a)); n > 0; n--) tail = a + n / 2 / tail;
  if (!(a < 28)) return a > 0 ? 0 : a;
  const near = Math.round(a * 16) / 16;
  return (Math.exp(-near * near) * Math.exp((near - a) * (near + a))) / Math.sqrt(Math.PI) / tail;
};""",
}
_NEEDED = {"erf": ["erfc"], "erfc": ["erf"]}
FUNCTIONS |= {name: name for name in _WRITTEN}


def rows_of_table(rows: Iterable[Op]) -> str:
    """The constant `ROWS`, a list: what each of the rows computes, with the functions that they call.

    - `value(a, b)`
    - `partials[k](a, b, out)`, the derivative by operand k, which `masks` if the row does
    - `symbol`, and `formulas[k]`, the derivative to be read: a number, the name `a`, `b` or `out`, or a list of what is
      done and of what it is done with, `["*", "a", ["cos", "b"]]`. A choice is `["if", test, body, otherwise]`
    - `branches[k]`, its branches from first to last, as pairs of functions: whether it holds, and what it gives

    Raises ValueError for a row that calls a function which JavaScript doesn't have.

    >>> print(rows_of_table([TABLE["mul"]]))
    const ROWS = [
      {
        symbol: "*", masks: false,
        value: (a, b) => (a * b),
        partials: [(a, b, out) => b, (a, b, out) => a],
        formulas: ["b", "a"],
        branches: [[[(a, b, out) => true, (a, b, out) => b]], [[(a, b, out) => true, (a, b, out) => a]]],
      },
    ];
    <BLANKLINE>
    """
    used = list(dict.fromkeys(rows))
    return f"{functions_called(used)}const ROWS = [\n{''.join(map(_row, used))}];\n"


def expression(formula: str, operands: Mapping[str, str] | None = None) -> str:
    """A formula of the table as an expression of JavaScript, where `operands` says what stands for `a`, `b` and `out`.

    >>> expression("0 if b == 0 else b * cos(a)", {"a": "x[0]", "b": "p[1]"})
    '((p[1] == 0.0) ? 0.0 : (p[1] * Math.cos(x[0])))'
    """
    return c.expression(formula, operands, FUNCTIONS)


def functions_called(rows: Iterable[Op]) -> str:
    """The functions that the formulas of `rows` call and `Math` doesn't have, in JavaScript.

    Raises ValueError for one that is not of the language of formulas.
    """
    found: dict[str, str] = {}
    waiting = [name for row in rows for formula in (row.formula, *row.derivatives) for name in _calls(formula)]
    while waiting:
        name = waiting.pop()
        if name in found or FUNCTIONS.get(name, name) != name:
            continue
        if name in _WRITTEN:
            found[name] = _WRITTEN[name]
            waiting += _NEEDED.get(name, [])
        elif name in TABLE:
            row = TABLE[name]
            found[name] = f"const value_of_{name} = {_function(row.operands, row.formula)};"
            waiting += _calls(row.formula)
        else:
            raise ValueError(f"JavaScript has no {name}()")
    return "".join(f"{text}\n" for text in reversed(found.values()))


def _calls(formula: str) -> Iterator[str]:
    """The names of the functions that a formula calls."""
    for node in ast.walk(ast.parse(formula)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            yield node.func.id


def _row(row: Op) -> str:
    symbol = json.dumps(row.symbol).replace("<", "\\u003c")  # it can't end the script that it is in
    partials = ", ".join(_function(row.arguments, derivative) for derivative in row.derivatives)
    branches = ", ".join(f"[{', '.join(_branches(row, derivative))}]" for derivative in row.derivatives)
    return (
        "  {\n"
        f"    symbol: {symbol}, masks: {json.dumps(row.masks)},\n"
        f"    value: {_function(row.operands, row.formula)},\n"
        f"    partials: [{partials}],\n"
        f"    formulas: {json.dumps([_read(derivative) for derivative in row.derivatives])},\n"
        f"    branches: [{branches}],\n"
        "  },\n"
    )


def _branches(row: Op, formula: str) -> Iterator[str]:
    tree = ast.parse(formula, mode="eval").body
    while isinstance(tree, ast.IfExp):
        yield _branch(row, ast.unparse(tree.test), ast.unparse(tree.body))
        tree = tree.orelse
    yield _branch(row, "", ast.unparse(tree))


def _branch(row: Op, test: str, body: str) -> str:
    holds = _function(row.arguments, test) if test else f"({', '.join(row.arguments)}) => true"
    return f"[{holds}, {_function(row.arguments, body)}]"


def _function(arguments: Sequence[str], formula: str) -> str:
    return f"({', '.join(arguments)}) => {expression(formula)}"


class _Read:
    """A formula as lists, to be written out for people."""

    def number(self, x: float) -> Any:
        return x

    def negative(self, a: Any) -> Any:
        return ["neg", a]

    def operator(self, symbol: str, a: Any, b: Any) -> Any:
        return [symbol, a, b]

    def choose(self, test: Any, a: Any, b: Any) -> Any:
        return ["if", test, a, b]

    def call(self, name: str, arguments: Sequence[Any]) -> Any:
        return [name, *arguments]


def _read(formula: str) -> Any:
    return said_in(_Read(), formula, {x: x for x in ("a", "b", "out")})
