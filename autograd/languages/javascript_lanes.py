"""The table of derivatives as JavaScript over lanes: what replays a tape in a page, on many rows at a time."""

from collections.abc import Iterable

from autograd.languages.c import expression
from autograd.languages.javascript import FUNCTIONS, functions_called
from autograd.ops import Op

_LANE = {"a": "a[i * ia]", "b": "b[i * ib]", "out": "out[i * io]"}


def lane_loops(rows: Iterable[Op]) -> str:
    """The constant `LOOPS`: for each row, by its name, the loops over lanes of its value and its partial derivatives.

    - `value(n, a, ia, b, ib, out)` sets `out` on n lanes
    - `partials[k](n, a, ia, b, ib, out, io, upstream, to, it)` adds to `to` what the chain rule hands to operand k

    An operand has a typed array and its stride: 1, or 0 if all lanes share its number; a gradient for it is then the
    sum over the lanes. Raises ValueError for a row that calls a function which JavaScript doesn't have.

    >>> from autograd.ops import TABLE
    >>> print(lane_loops([TABLE["mul"]]).splitlines()[2])
        value: (n, a, ia, b, ib, out) => { for (let i = 0; i < n; i++) out[i] = (a[i * ia] * b[i * ib]); },
    """
    used = list(dict.fromkeys(rows))
    return f"{functions_called(used)}const LOOPS = {{\n{''.join(map(_loops, used))}}};\n"


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
    return expression(formula, _LANE, FUNCTIONS)
