"""A recording as a module of JavaScript: functions of arrays that need only `Math`, with the gradient if asked."""

import json
import math
import re
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from autograd.exports.statements import Statements, inputs_and_leaves
from autograd.exports.walk import gradients, numbers, tape_of
from autograd.languages import javascript_expression, javascript_functions
from autograd.replay import Tape


def to_javascript(function: Callable[..., Any], *example: Any, name: str = "model", gradient: bool = True) -> str:
    """`function`, a recording or what can be recorded on `example`, as the text of a JavaScript module for one row at a
    time, for pages and for Node.

    - `NAME(p, x)`: from parameters and a row of inputs, arrays of numbers, the array of outputs
    - `NAME_gradient(p, x)`: `{y, dp, dx}`, also the derivatives of the only output by parameters and inputs
    - `NAME_start`: the parameters' numbers now; `NAME_inputs`: how many inputs there are

    Arithmetic is that of the formulas in the table. Raises ValueError if `name` has other characters than letters,
    digits, `_` and `$`, and for a gradient of several outputs.

    >>> from autograd import Value
    >>> w = Value(3.0)
    >>> print(to_javascript(lambda x: w * x + 1.0, 0.0, name="line", gradient=False))
    // A function of numbers and its derivatives, written by stepgrad's to_javascript.
    export const line_inputs = 1;
    export const line_start = [3.0];
    <BLANKLINE>
    export function line(p, x) {
      const v3 = (p[0] * x[0]);
      const v4 = (v3 + 1.0);
      return [v4];
    }
    <BLANKLINE>
    """
    if not re.fullmatch(r"[A-Za-z_$][\w$]*", name, re.ASCII):
        raise ValueError(f"a JavaScript function can't be called {name!r}: use letters, digits and underscores")
    tape = tape_of(function, example)
    start = ", ".join(_literal(leaf.data) for leaf in tape.parameters)
    parts = [
        "// A function of numbers and its derivatives, written by stepgrad's to_javascript.\n"
        f"export const {name}_inputs = {tape.first_leaf};\n"
        f"export const {name}_start = [{start}];\n",
        javascript_functions(tape.operations.rows),
        "\n".join(_forward(tape, name)),
        "\n".join(_gradient(tape, name)) if gradient else "",
    ]
    return "\n".join(filter(None, parts)) + "\n"


def _statements(prefix: str, first: int) -> Statements:
    return Statements(prefix, first, "  const {name} = {expression};", javascript_expression)


def _literal(x: float) -> str:
    text = json.dumps(x)  # also Infinity and NaN, as JavaScript writes them
    return f"({text})" if x < 0 or math.copysign(1.0, x) < 0 else text


def _forward(tape: Tape, name: str) -> Iterator[str]:
    statements = _statements("v", tape.first_operation)
    found = numbers(tape, inputs_and_leaves(tape, _literal), statements)
    yield f"export function {name}(p, x) {{"
    yield from statements.lines
    yield f"  return {_array(found[i] for i in tape.outputs)};"
    yield "}"


def _gradient(tape: Tape, name: str) -> Iterator[str]:
    forward, backward = _statements("v", tape.first_operation), _statements("d", 0)
    found = numbers(tape, inputs_and_leaves(tape, _literal), forward)
    derivatives = gradients(tape, found, "1", backward)
    yield f"export function {name}_gradient(p, x) {{"
    yield from forward.lines
    yield from backward.lines
    yield "  return {"
    yield f"    y: {_array(found[i] for i in tape.outputs)},"
    yield f"    dp: {_array(derivatives.get(i, '0') for i in tape.parameter_numbers)},"
    yield f"    dx: {_array(derivatives.get(i, '0') for i in range(tape.first_leaf))},"
    yield "  };"
    yield "}"


def _array(names: Iterable[str]) -> str:
    return f"[{', '.join(names)}]"
