"""A second opinion on the table of derivatives: mpmath, which knows none of its formulas.

Every row has an independent function here; mpmath differentiates it numerically, with so many digits that nothing
cancels.
"""

import itertools
from collections.abc import Callable
from functools import cache
from math import floor, inf, isfinite

import mpmath
from mpmath import mp, mpf

from autograd.ops import TABLE, Op

# Python has a hypot of its own; everything else is the same C library's.
SHARED = [op for op in TABLE.values() if "hypot" not in op.formula + "".join(op.derivatives)]

# Points at which all second derivatives are zero: kinks, and where a function has saturated
FLAT: list[tuple[str, tuple[float, ...]]] = [
    *(
        (name, (a,))
        for name in ("tanh", "sech2", "sigmoid", "softplus", "erf", "erfc")
        for a in (-1e300, -800.0, 800.0, 1e300)
    ),
    ("atan", (1e155,)),
    ("atan", (-1e155,)),
    ("abs", (0.0,)),
    ("relu", (0.0,)),
    ("sign", (0.0,)),
    ("floor", (2.0,)),
    ("maximum", (2.0, 2.0)),
    ("minimum", (2.0, 2.0)),
]

FUNCTIONS: dict[str, Callable[..., mpf]] = {
    "add": lambda a, b: a + b,
    "sub": lambda a, b: a - b,
    "mul": lambda a, b: a * b,
    "div": lambda a, b: a / b,
    "neg": lambda a: -a,
    "pow": mp.power,
    "exp": mp.exp,
    "expm1": mp.expm1,
    "log": mp.log,
    "log1p": mp.log1p,
    "sqrt": mp.sqrt,
    "cbrt": lambda a: mp.sign(a) * mp.cbrt(abs(a)),
    "sin": mp.sin,
    "cos": mp.cos,
    "tan": mp.tan,
    "asin": mp.asin,
    "acos": mp.acos,
    "atan": mp.atan,
    "sinh": mp.sinh,
    "cosh": mp.cosh,
    "tanh": mp.tanh,
    "sech2": lambda a: mp.sech(a) ** 2,
    "asinh": mp.asinh,
    "acosh": mp.acosh,
    "atanh": mp.atanh,
    "sigmoid": lambda a: 1 / (1 + mp.exp(-a)),
    "softplus": lambda a: mp.log1p(mp.exp(a)),
    "relu": lambda a: max(a, 0),
    "abs": abs,
    "sign": mp.sign,
    "floor": mp.floor,
    "maximum": max,
    "minimum": min,
    "greater": lambda a, b: mpf(a > b),
    "greater_equal": lambda a, b: mpf(a >= b),
    "mask": lambda a, b: a if b > 0 else mpf(0),
    "hypot": mp.hypot,
    "atan2": mp.atan2,
    "erf": mp.erf,
    "erfc": lambda a: mp.erfc(a) if abs(a) < 1e5 else mpf(0 if a > 0 else 2),
}

_POSITIVE = (
    *(5e-324, 1e-310, 1e-300, 1e-160, 1e-100, 1e-20, 1e-8, 1e-3, 0.1, 0.3, 0.5, 0.75, 0.9, 0.999999, 1 - 2**-53),
    *(1.0, 1 + 2**-52, 1.000001, 1.25, 1.5, 2.0, 3.0, 5.0, 6.5, 10.0, 20.0, 27.0, 40.0, 100.0, 300.0, 360.0, 709.0),
    *(740.0, 800.0, 1e4, 1e8, 1e10, 1e16, 1e100, 1e155, 1e200, 1e300, 1.7e308),
)
_PAIRED = (1e-300, 1e-200, 1e-9, 0.3, 0.5, 1.0, 1.5, 2.0, 3.0, 7.25, 300.0, 1e9, 1e200, 1.2e308)


_TINY_POWERS = tuple((1e-310, b) for b in (1e-9, -1e-9, 0.5, 0.999, -0.5, 1.5, 2.0))


def in_domain(op: Op, point: tuple[float, ...]) -> bool:
    return bool(eval(op.domain, {"abs": abs, "floor": floor}, dict(zip(op.operands, point, strict=True))))


@cache
def points(op_name: str) -> list[tuple[float, ...]]:
    """Numbers of every size in the domain of a row, at which its value is representable."""
    op = TABLE[op_name]
    numbers = _POSITIVE if len(op.operands) == 1 else _PAIRED
    signed = [0.0, *numbers, *(-x for x in numbers)]
    candidates = [*itertools.product(signed, repeat=len(op.operands)), *(_TINY_POWERS if op_name == "pow" else ())]
    return [point for point in candidates if in_domain(op, point) and isfinite(op.compute(*point))]


def moderate_points(op_name: str) -> list[tuple[float, ...]]:
    """Those of the points at which nothing in a second derivative overflows, and little cancels."""
    return [
        point
        for point in points(op_name)
        if all(x == 0 or (1e-20 <= abs(x) <= 1e10 if len(point) == 1 else 0.1 <= abs(x) <= 10) for x in point)
    ]


@cache
def exact(op_name: str, point: tuple[float, ...], orders: tuple[int, ...]) -> float:
    """The correctly rounded derivative of a row; `orders` says how often by each operand, `(0, 0)` is the value."""
    with mp.workprec(_bits(point)):
        arguments = tuple(map(mpf, point))
        if not any(orders):
            derivative = FUNCTIONS[op_name](*arguments)
        elif len(arguments) == 1:
            derivative = mpmath.diff(FUNCTIONS[op_name], arguments[0], orders[0])
        else:
            derivative = mpmath.diff(FUNCTIONS[op_name], arguments, orders)
        return rounded(derivative)


def _bits(point: tuple[float, ...]) -> int:
    """50 digits, and as many again as the largest or smallest of the numbers, or its exponential, may cancel."""
    if all(1e-8 <= abs(x) <= 5 or x == 0 for x in point):
        return 170
    return 1300 if all(1e-20 <= abs(x) <= 400 or x == 0 for x in point) else 2700


def rounded(x: mpf) -> float:
    """The nearest float: Python divides integers with one rounding, even where the quotient is subnormal."""
    if x == 0 or mp.mag(x) < -1100:
        return 0.0
    if mp.mag(x) > 1024:
        return inf if x > 0 else -inf
    mantissa, exponent = x.man_exp
    magnitude = float(mantissa * 2**exponent) if exponent >= 0 else mantissa / 2**-exponent
    return magnitude if x > 0 else -magnitude
