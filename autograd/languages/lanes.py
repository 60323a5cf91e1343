"""The table of derivatives as loops over lanes: `table_kernels.h`, made when the package is built."""

from autograd.languages.c import expression
from autograd.ops import TABLE

# Functions that kernels/lanes_math.h has without branches, for SIMD; the others are those of C's library, lane by lane.
_LANES = {name: f"lane_{name}" for name in ("exp", "expm1", "log", "log1p", "tanh", "cosh", "erf")}


def kernels() -> str:
    """For each row of the table: its value as a function, its loop, and the loops of what it hands to its operands."""
    lines = [f"#define ROWS_OF_TABLE {len(TABLE)}"]
    for row in TABLE.values():
        arguments = ", ".join(f"double {x}" for x in row.operands)
        formula = expression(row.formula, functions=_LANES)
        if f"{row.name}({', '.join(row.operands)})" != row.formula:
            lines.append(f"static inline double value_of_{row.name}({arguments}) {{ return {formula}; }}")
    for row in TABLE.values():
        loop = ("UNARY", "BINARY")[len(row.operands) - 1]
        lines.append(f"VALUE({row.name}, {loop}, {expression(row.formula, functions=_LANES)})")
        for operand, derivative in zip(row.operands, row.derivatives, strict=True):
            local = expression(derivative, {"out": "O[i]"}, _LANES)
            share = f"unless_zero(G[i], {local})" if row.masks else f"G[i] * {local}"
            lines.append(f"SHARE({operand}_of_{row.name}, {loop}, {share})")
    values = ", ".join(f"value_{name}" for name in TABLE)
    shares = ", ".join(
        f"{{{', '.join(f'share_{operand}_of_{row.name}' for operand in row.operands)}}}" for row in TABLE.values()
    )
    lines.append(f"static value_kernel *const value_kernels[] = {{{values}}};")
    lines.append(f"static share_kernel *const share_kernels[][2] = {{{shares}}};")
    return "\n".join(lines) + "\n"
