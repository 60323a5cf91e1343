"""A recording as a program in C99: one file that needs nothing but `math.h`, with the gradient if asked."""

import math
import re
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import Any

import numpy as np

from autograd.exports.statements import Statements, inputs_and_leaves
from autograd.exports.walk import gradients, numbers, tape_of
from autograd.languages import c_expression, c_function
from autograd.ops import TABLE
from autograd.replay import Tape


def to_c(
    function: Callable[..., Any], *example: Any, name: str = "model", gradient: bool = True, number: str = "double"
) -> str:
    """`function`, a recording or what can be recorded on `example`, as the text of a C file for one row at a time.

    - `NAME(p, x, y)`: from parameters and a row of inputs the outputs
    - `NAME_gradient(p, x, y, dp, dx)`: also the derivatives of the only output by parameters and inputs
    - `NAME_start`: the parameters' numbers now; `NAME_inputs`, `NAME_parameters`, `NAME_outputs`: how many there are

    It compiles with `-std=c99 -Wall -Wextra -Werror -pedantic`. Arithmetic is that of the formulas in the table, in the
    type `number`: double, or float for processors that compute with these only. Nothing is allocated, and nothing is
    kept between calls. Raises ValueError if `name` has other characters than letters, digits and underscores, for
    another type, and for a gradient of several outputs.

    >>> from autograd import Value
    >>> w = Value(3.0)
    >>> print(to_c(lambda x: w * x + 1.0, 0.0, name="line", gradient=False))
    /* A function of numbers and its derivatives, written by stepgrad's to_c. */
    #include <math.h>
    enum { line_inputs = 1, line_parameters = 1, line_outputs = 1 };
    void line(const double *p, const double *x, double *y);
    const double line_start[1] = {3.0};
    <BLANKLINE>
    void line(const double *p, const double *x, double *y) {
        const double v3 = (p[0] * x[0]);
        const double v4 = (v3 + 1.0);
        (void)p, (void)x;
        y[0] = v4;
    }
    <BLANKLINE>
    """
    if not re.fullmatch(r"[A-Za-z_]\w*", name, re.ASCII):
        raise ValueError(f"a C function can't be called {name!r}: use letters, digits and underscores")
    if number not in ("double", "float"):
        raise ValueError(f"number is a type of C, 'double' or 'float'; got {number!r}")
    tape = tape_of(function, example)
    body = "\n".join(_forward(tape, name, number))
    if gradient:
        body += "\n\n" + "\n".join(_gradient(tape, name, number))
    return f"{_head(tape, name, gradient, number)}\n{_functions_called_in(body, number)}{body}\n"


def _statements(prefix: str, first: int, number: str) -> Statements:
    return Statements(
        prefix, first, f"    const {number} {{name}} = {{expression}};", partial(c_expression, number=number)
    )


def _literal(x: float, number: str) -> str:
    if number == "float":
        with np.errstate(over="ignore", under="ignore"):
            single = float(np.float32(x))
        x = x if single and math.isfinite(single) else single  # out of range, a compiler refuses its digits
    if math.isnan(x):
        return "NAN"
    if math.isinf(x):
        return "INFINITY" if x > 0 else "(-INFINITY)"
    text = repr(x) if number == "double" else f"{x!r}f"
    return f"({text})" if text[0] == "-" else text


def _forward(tape: Tape, name: str, number: str) -> Iterator[str]:
    statements = _statements("v", tape.first_operation, number)
    found = numbers(tape, inputs_and_leaves(tape, partial(_literal, number=number)), statements)
    yield f"{_signature(name, number)} {{"
    yield from statements.lines
    yield "    (void)p, (void)x;"
    yield from _results("y", [found[i] for i in tape.outputs])
    yield "}"


def _gradient(tape: Tape, name: str, number: str) -> Iterator[str]:
    forward, backward = _statements("v", tape.first_operation, number), _statements("d", 0, number)
    found = numbers(tape, inputs_and_leaves(tape, partial(_literal, number=number)), forward)
    derivatives = gradients(tape, found, "1", backward)
    yield f"{_signature(name, number, gradient=True)} {{"
    yield from forward.lines
    yield from backward.lines
    yield "    (void)p, (void)x, (void)dp, (void)dx;"
    yield from _results("y", [found[i] for i in tape.outputs])
    yield from _results("dp", [derivatives.get(i, "0") for i in tape.parameter_numbers])
    yield from _results("dx", [derivatives.get(i, "0") for i in range(tape.first_leaf)])
    yield "}"


def _signature(name: str, number: str, gradient: bool = False) -> str:
    if gradient:
        return f"void {name}_gradient(const {number} *p, const {number} *x, {number} *y, {number} *dp, {number} *dx)"
    return f"void {name}(const {number} *p, const {number} *x, {number} *y)"


def _results(array: str, names: Sequence[str]) -> Iterator[str]:
    return (f"    {array}[{i}] = {x};" for i, x in enumerate(names))


def _head(tape: Tape, name: str, gradient: bool, number: str) -> str:
    start = [_literal(leaf.data, number) for leaf in tape.parameters]
    sizes = f"{name}_inputs = {tape.first_leaf}, {name}_parameters = {len(start)}, {name}_outputs = {len(tape.outputs)}"
    lines = [
        "/* A function of numbers and its derivatives, written by stepgrad's to_c. */",
        "#include <math.h>" if number == "double" else "#include <tgmath.h>",
        f"enum {{ {sizes} }};",
        f"{_signature(name, number)};",
    ]
    if gradient:
        lines.append(f"{_signature(name, number, gradient=True)};")
    if start:
        lines.append(f"const {number} {name}_start[{len(start)}] = {{{', '.join(start)}}};")
    return "\n".join(lines) + "\n"


def _functions_called_in(body: str, number: str) -> str:
    """The functions that the body calls and C's library lacks, each declared before it is called."""
    called: set[str] = set()
    waiting = set(re.findall(r"value_of_(\w+)", body))
    while waiting:
        called |= waiting
        text = "".join(c_function(TABLE[name], number) for name in waiting)
        waiting = set(re.findall(r"value_of_(\w+)", text)) - called
    return "".join(c_function(row, number) for name, row in TABLE.items() if name in called)
