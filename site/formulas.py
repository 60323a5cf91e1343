"""The rows of the table to be looked at: formulas as LaTeX, and plots of value and derivatives as SVG."""

import math
from collections.abc import Iterator, Sequence

from autograd import Op
from autograd.languages import said_in

WIDTH, HEIGHT, REACH = 320, 200, 3.0  # of a plot, and how far both axes go from 0
SAMPLES = 480
OTHER = {"pow": 2.0}  # what b is in the plot of a row of two operands; 1 elsewhere
FUNCTIONS = {"hypot", "pow", "abs", "sqrt", "floor"}

Written = tuple[str, int]  # LaTeX, and how strongly it holds together: 0 choice, 1 comparison, 2 sum, 3 product, 5 atom


class _Latex:
    """A formula as LaTeX: the language of formulas, part by part."""

    def number(self, x: float) -> Written:
        return (r"\infty" if math.isinf(x) else f"{x:g}" if x < 1e5 else rf"10^{{{math.log10(x):.0f}}}"), 5

    def negative(self, a: Written) -> Written:
        return f"-{_inside(a, 3)}", 2

    def operator(self, symbol: str, a: Written, b: Written) -> Written:
        match symbol:
            case "/":
                return rf"\frac{{{a[0]}}}{{{b[0]}}}", 4
            case "*":
                return rf"{_inside(a, 3)} \cdot {_inside(b, 3)}", 3
            case "+" | "-":
                return f"{_inside(a, 2)} {symbol} {_inside(b, 3 if symbol == '-' else 2)}", 2
            case "and" | "or":
                return rf"{a[0]} \text{{ {symbol} }} {b[0]}", 0
        signs = {"<=": r"\le", ">=": r"\ge", "==": "=", "!=": r"\ne"}
        return f"{a[0]} {signs.get(symbol, symbol)} {b[0]}", 1

    def choose(self, test: Written, a: Written, b: Written) -> Written:
        rest = b[0].removeprefix(r"\begin{cases}").removesuffix(r"\end{cases}")
        if rest == b[0]:
            rest = rf"{b[0]} & \text{{else}}"
        return rf"\begin{{cases}}{a[0]} & \text{{if }} {test[0]} \\ {rest}\end{{cases}}", 0

    def call(self, name: str, arguments: Sequence[Written]) -> Written:
        first = arguments[0][0]
        match name:
            case "exp":
                return f"e^{{{first}}}", 4
            case "sqrt":
                return rf"\sqrt{{{first}}}", 5
            case "cbrt":
                return rf"\sqrt[3]{{{first}}}", 5
            case "abs":
                return f"|{first}|", 5
            case "pow":
                return f"{{{_inside(arguments[0], 5)}}}^{{{arguments[1][0]}}}", 4
        spelled = name.replace("_", r"\_")
        listed = ", ".join(x for x, _ in arguments)
        return rf"\operatorname{{{spelled}}}({listed})", 5


def _inside(x: Written, strength: int) -> str:
    return x[0] if x[1] >= strength else f"({x[0]})"


def latex(formula: str) -> str:
    r"""A formula of the table as LaTeX.

    >>> latex("1 / (3 * out * out)")
    '\\frac{1}{3 \\cdot out \\cdot out}'
    """
    return said_in(_Latex(), formula, {"a": ("a", 5), "b": ("b", 5), "out": (r"\mathit{out}", 5)})[0]


def plot(row: Op) -> str:
    """The value of a row (a line) and its derivatives (dashed, dotted) over its domain, as an SVG element."""
    b = OTHER.get(row.name, 1.0)
    rest = [b][: len(row.operands) - 1]
    curves = [("value", row.compute)]
    for name, partial in zip(("by-a", "by-b"), row.partials, strict=False):
        curves.append((name, lambda *x, partial=partial: partial(*x, row.compute(*x))))
    lines = "".join(
        f'<path class="{name}" d="{"".join(_path(row, curve, rest))}"/>' for name, curve in reversed(curves)
    )
    grid = "".join(
        f'<path class="{"axis" if x == 0 else "grid"}" d="M{_x(x):g} 0V{HEIGHT}M0 {_y(x):g}H{WIDTH}"/>'
        for x in sorted(range(-2, 3), key=lambda x: x == 0)
    )
    marks = f'<text x="{_x(1):g}" y="{_y(0) + 13:g}">1</text><text x="{_x(0) - 9:g}" y="{_y(1) + 4:g}">1</text>'
    said = f"{row.name} and its derivative" + (f", where b is {b:g}" if rest else "")
    size = f'viewBox="0 0 {WIDTH} {HEIGHT}" width="{WIDTH}" height="{HEIGHT}"'
    return f'<svg class="plot" {size} role="img" aria-label="{said}">{grid}{lines}{marks}</svg>'


def _path(row: Op, curve: object, rest: list[float]) -> Iterator[str]:
    """The pieces of a curve: it is broken where it leaves the plot, the domain, or jumps."""
    before = math.nan
    for i in range(SAMPLES + 1):
        a = REACH * (2 * (i + 0.5) / (SAMPLES + 1) - 1)
        y = curve(a, *rest) if _in_domain(row, a, *rest) else math.nan
        if not abs(y) <= 2 * REACH:
            y = math.nan
        if math.isfinite(y):
            yield f"{'L' if abs(y - before) < 0.4 else 'M'}{_x(a):.1f} {_y(y):.1f}"
        before = y


def _in_domain(row: Op, a: float, b: float = 0.0) -> bool:
    return bool(eval(row.domain, {"abs": abs, "floor": math.floor, "a": a, "b": b}))


def _x(a: float) -> float:
    return WIDTH * (a / REACH + 1) / 2


def _y(y: float) -> float:
    return HEIGHT * (1 - y / 2) / 2
