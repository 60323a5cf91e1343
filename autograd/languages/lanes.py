"""The table of derivatives as loops over lanes: `table_kernels.h`, made when the package is built."""

import re

from autograd.languages.c import expression
from autograd.ops import TABLE, Op

# Functions that kernels/lanes_math.h has without branches, for SIMD; the others are those of C's library, lane by lane.
_LANES = {name: f"lane_{name}" for name in ("exp", "expm1", "log", "log1p", "tanh", "cosh", "erf")}

_NEAR = _LANES | {"sin": "lane_sin", "cos": "lane_cos"}  # where |a| is not above NEAR


def _reusing() -> dict[Op, tuple[Op, Op]]:
    found = {}
    for row in TABLE.values():
        for name in re.findall(r"\b(\w+)\(a\)", row.derivatives[0]):
            if name in TABLE and name != "abs":  # which takes no time
                derivative = row.derivatives[0].replace(f"{name}(a)", "b")
                found[row] = TABLE[name], Op(f"{row.name}_beside_{name}", row.symbol, row.formula, (derivative, "0"))
    return found


# The rows whose derivative calls another row on the same operand: that row; and as a row of its own, that the
# derivative reads the other's value as operand b: the derivative of tanh, say, where sech2 is computed anyway.
REUSING_ROWS = _reusing()

# The rows that there are kernels of, in order.
LANE_ROWS = [*TABLE.values(), *(reusing for _, reusing in REUSING_ROWS.values())]


def kernels() -> str:
    """For each row: its value as a function, its loop, and the loops of what it hands to its operands."""
    lines = [f"#define ROWS_WITH_KERNELS {len(LANE_ROWS)}"]
    for row in TABLE.values():
        arguments = ", ".join(f"double {x}" for x in row.operands)
        formula = expression(row.formula, functions=_LANES)
        if f"{row.name}({', '.join(row.operands)})" != row.formula:
            lines.append(f"static inline double value_of_{row.name}({arguments}) {{ return {formula}; }}")
    for row in LANE_ROWS:
        lines += _loops("VALUE", row.name, row, row.formula, "{}")
        for operand, derivative in zip(row.operands, row.derivatives, strict=True):
            share = "unless_zero(G[i], {})" if row.masks else "G[i] * {}"
            lines += _loops("SHARE", f"{operand}_of_{row.name}", row, derivative, share)
    values = ", ".join(f"value_{row.name}" for row in LANE_ROWS)
    shares = ", ".join(
        f"{{{', '.join(f'share_{operand}_of_{row.name}' for operand in row.operands)}}}" for row in LANE_ROWS
    )
    lines.append(f"static value_kernel *const value_kernels[] = {{{values}}};")
    lines.append(f"static share_kernel *const share_kernels[][2] = {{{shares}}};")
    return "\n".join(lines) + "\n"


def _loops(what: str, name: str, row: Op, formula: str, whole: str) -> list[str]:
    """The loop of a formula; or two, and what chooses between them, where it calls functions for near numbers."""
    loop = ("UNARY", "BINARY")[len(row.operands) - 1]
    near, of_any = (whole.format(expression(formula, {"out": "O[i]"}, functions)) for functions in (_NEAR, _LANES))
    if near == of_any:
        return [f"{what}({name}, {loop}, {of_any})"]
    return [f"{what}(near_{name}, {loop}, {near})", f"{what}(any_{name}, {loop}, {of_any})", f"NEAR_{what}({name})"]
