"""The table of derivatives as C: read when the package is built, so that no derivative is written twice.

`expression` turns one formula into a C expression; `functions` turns the table into functions that are inlined
wherever they are used: `value_of_tanh(a)` and, with the result `out`, `partial_a_of_tanh(a, out)`. Arithmetic comes out
operation by operation as it stands in the formula, so that C and Python agree to the last bit. `dispatch` chooses
among them by the number of the row.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from autograd.languages.formulas import said_in
from autograd.ops import TABLE, Op

# What a formula calls. A row that only calls its own name is in C's library; the others are functions of ours.
_FUNCTIONS = {"abs": "fabs"} | {
    row.name: f"value_of_{row.name}"
    for row in TABLE.values()
    if row.formula != f"{row.name}({', '.join(row.operands)})"
}

_SYMBOLS = {"and": "&&", "or": "||"}


def expression(
    formula: str,
    operands: Mapping[str, str] | None = None,
    functions: Mapping[str, str] | None = None,
    number: str = "double",
) -> str:
    """A formula of the table as a C expression, of type double or float.

    `operands` says what stands for `a`, `b` and `out`, by default variables of these names; each is used as often as
    the formula uses it. `functions` replaces functions that the formula calls. Raises ValueError for anything that the
    language of formulas does not have.

    >>> expression("0 if b == 0 else b * pow(a, b - 1)", {"a": "x[i]"})
    '((b == 0.0) ? 0.0 : (b * pow(x[i], (b - 1.0))))'
    >>> expression("log1p(exp(a))", functions={"exp": "fast_exp"})
    'log1p(fast_exp(a))'
    """
    named = {x: x for x in ("a", "b", "out")}
    return said_in(_C({**_FUNCTIONS, **(functions or {})}, number), formula, {**named, **(operands or {})})


@dataclass
class _C:
    """C's words for what formulas are made of."""

    functions: Mapping[str, str]
    type: str

    def number(self, x: float) -> str:
        return repr(x) if self.type == "double" else f"{x!r}f"

    def negative(self, a: str) -> str:
        return f"(-{a})"

    def operator(self, symbol: str, a: str, b: str) -> str:
        return f"({a} {_SYMBOLS.get(symbol, symbol)} {b})"

    def choose(self, test: str, a: str, b: str) -> str:
        return f"({test} ? {a} : {b})"

    def call(self, name: str, arguments: Sequence[str]) -> str:
        return f"{self.functions.get(name, name)}({', '.join(arguments)})"


def functions() -> str:
    """The whole table as C functions: the value and the partial derivatives of every row, in the order of the table."""
    return "#include <math.h>\n\n" + "\n".join(
        function(row)
        + "".join(
            _function(f"partial_{operand}_of_{row.name}", row.arguments, derivative)
            for operand, derivative in zip(row.operands, row.derivatives, strict=True)
        )
        for row in TABLE.values()
    )


def dispatch() -> str:
    """The table for code that knows its rows by their numbers.

    - `enum { ROW_add, ... }`: the rows by number
    - `row_value(row, a, b)`
    - `row_chain(row, a, b, out, upstream, to_a, to_b)`: adds what the node hands to its operands, by the chain rule, to
      `*to_a` and `*to_b`, where these aren't null
    - `TABLE_TEXT`: the whole table as text, to compare with the one at run time
    """
    return (
        f"enum {{ {', '.join(f'ROW_{name}' for name in TABLE)} }};\n"
        f"#define TABLE_TEXT {json.dumps(repr(list(TABLE.values())))}\n\n"
        "static inline double row_value(int row, double a, double b) {\n"
        "    switch (row) {\n"
        + "".join(
            f"    case ROW_{row.name}: return value_of_{row.name}({', '.join(row.operands)});\n"
            for row in TABLE.values()
        )
        + "    }\n    return NAN;\n}\n\n"
        "static inline void row_chain(int row, double a, double b, double out, double upstream,\n"
        "                             double *to_a, double *to_b) {\n"
        "    switch (row) {\n"
        + "".join(
            f"    case ROW_{row.name}:\n"
            + "".join(f"        if (to_{x}) {_handing_on(row, x)}\n" for x in row.operands)
            + "        break;\n"
            for row in TABLE.values()
        )
        + "    }\n}\n"
    )


def _handing_on(row: Op, operand: str) -> str:
    local = f"partial_{operand}_of_{row.name}({', '.join(row.arguments)})"
    if row.masks:
        return f"{{ const double local = {local}; if (local != 0.0) *to_{operand} += upstream * local; }}"
    return f"*to_{operand} += upstream * {local};"


def function(row: Op, number: str = "double") -> str:
    """The value of a row as a C function: `value_of_` and its name."""
    return _function(f"value_of_{row.name}", row.operands, row.formula, number)


def _function(name: str, arguments: tuple[str, ...], formula: str, number: str = "double") -> str:
    declared = ", ".join(f"{number} {x}" for x in arguments)
    return f"static inline {number} {name}({declared}) {{ return {expression(formula, number=number)}; }}\n"
