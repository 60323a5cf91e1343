"""`gradcheck`: does the chain rule give the slope that one measures by moving an input a little?

A measured slope is wrong in its own ways: a long step sees the curvature, a short one the rounding of 64-bit floats. So
the difference quotients of many steps are extrapolated to the step zero, and the extrapolation says how sure it is: the
method of C. J. F. Ridders, "Accurate computation of F'(x) and F'(x)F''(x)", Advances in Engineering Software 4 (1982),
75-76; also in Press et al., Numerical Recipes, section 5.7.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cache
from math import inf, isfinite, isnan, nan
from sys import float_info
from typing import SupportsFloat

from autograd.contract import as_float
from autograd.engines import Value, grad

_FIRST_STEP = 0.0573  # times max(1, |x|); an odd number, so that no periodic function looks flat
_LAST_STEP = float_info.epsilon**0.5  # below it, one-sided quotients are more rounding than slope
_COLUMNS = 6  # of the extrapolation: the newest quotients, so that a kink that the first steps crossed is forgotten


class GradientError(AssertionError):
    """A derivative differs from the measured slope.

    - `inputs`: the position of the input, `(i,)`; for a second derivative both positions, `(i, j)`
    - `analytic`, `numeric`: the derivative by the chain rule and the measured one
    - `relative_error`: their difference over the larger of their magnitudes
    """

    def __init__(self, inputs: tuple[int, ...], analytic: float, numeric: float, reason: str = "") -> None:
        self.inputs = inputs
        self.analytic = analytic
        self.numeric = numeric
        self.relative_error = _relative_error(analytic, numeric)
        super().__init__(
            f"{_derivative(inputs)}: the chain rule gives {analytic!r}, differences give {numeric!r} "
            f"(relative error {self.relative_error:.1e}){reason}"
        )


def gradcheck(
    f: Callable[..., Value],
    *inputs: SupportsFloat,
    second: bool = False,
    relative_tolerance: float = 1e-6,
    absolute_tolerance: float = 1e-10,
) -> None:
    """Compare the gradient of `f` at `inputs` with central differences; return quietly if they agree.

    `f` takes as many Values as there are inputs (plain finite numbers) and returns a Value. With `second=True` all
    second derivatives are compared too, the mixed ones in both orders, with differences of the gradient. The chain rule
    may be off by `absolute_tolerance` plus `relative_tolerance` times the derivative, and by what the measurement may.

    At a kink, where the slopes to the left and to the right differ, any derivative between the two is right: it is a
    subgradient, and frameworks choose among them. A slope that is lost in the rounding of `f` counts as zero. Where
    there is nothing to compare with, that is no mistake of the gradient, but no success either: a ValueError.

    Raises

    - GradientError, if a derivative is wrong; of several, the one with the largest relative error.
    - ValueError, if `f` or its slope is not finite at the inputs or next to them (the edge of a domain, a jump, a
      vertical tangent), or if `f` gives two results for the same inputs. The message says which.
    - TypeError, if `f` cannot be called or does not return a Value, or if an input is not a number.

    >>> gradcheck(lambda x, y: x * y.exp() + x**2, 1.5, -2.0, second=True)
    >>> gradcheck(lambda x: 3 * x.detach() + x, 1.0)  # doctest: +ELLIPSIS
    Traceback (most recent call last):
        ...
    autograd.testing.gradient_check.GradientError: the derivative by inputs[0]: the chain rule gives 1.0, ...
    >>> gradcheck(lambda x: x.log(), 0.0)
    Traceback (most recent call last):
        ...
    ValueError: f(0.0) is -inf: choose inputs where f is finite
    """
    if not callable(f):
        raise TypeError(f"f must be a function of Values, got {type(f).__qualname__}: gradcheck(f, 1.0, 2.0)")
    if not inputs:
        raise TypeError("gradcheck needs the inputs at which to compare: gradcheck(f, 1.0, 2.0)")
    if not (0 <= relative_tolerance < 1 and 0 <= absolute_tolerance < inf):
        raise ValueError(
            "relative_tolerance must lie between 0 and 1 and absolute_tolerance be positive, "
            f"got {relative_tolerance!r} and {absolute_tolerance!r}"
        )
    point = tuple(as_float(x) for x in inputs)
    if not all(map(isfinite, point)):
        raise ValueError(f"the inputs must be finite, got {point}")

    @cache
    def value(*numbers: float) -> float:
        return _evaluate(f, numbers)[1].data

    @cache
    def gradient(*numbers: float) -> list[float]:
        variables, output = _evaluate(f, numbers)
        return grad(output, variables)

    variables, output = _evaluate(f, point)
    if not isfinite(output.data):
        raise ValueError(f"f{_listed(point)} is {output.data!r}: choose inputs where f is finite")
    if output.data != value(*point):
        raise ValueError(
            f"f{_listed(point)} gave {output.data!r} and then {value(*point)!r}: f must give the same result every "
            "time, so seed its random numbers inside it"
        )

    def compare(positions: tuple[int, ...], analytic: float, slopes: _Slopes) -> GradientError | None:
        size = max(abs(slopes.left.value), abs(slopes.right.value))
        return _compare(positions, analytic, slopes, absolute_tolerance + relative_tolerance * size)

    errors = [compare((i,), analytic, _measure(value, point, i)) for i, analytic in enumerate(gradient(*point))]
    _raise_worst(errors)
    if second:
        slopes = grad(output, variables, create_graph=True)
        errors = [
            compare((i, j), analytic, _measure(lambda *x, i=i: gradient(*x)[i], point, j))
            for i, slope in enumerate(slopes)
            for j, analytic in enumerate(grad(slope, variables))
        ]
        _raise_worst(errors)


def _evaluate(f: Callable[..., Value], numbers: Sequence[float]) -> tuple[list[Value], Value]:
    variables = [Value(number, label=f"inputs[{i}]") for i, number in enumerate(numbers)]
    output = f(*variables)
    if not isinstance(output, Value):
        raise TypeError(
            f"f must return a Value, got {type(output).__qualname__}: compute with the Values that it is called with, "
            "not with their .data, and return one result"
        )
    return variables, output


def _raise_worst(errors: Sequence[GradientError | None]) -> None:
    found = [error for error in errors if error]
    if found:
        raise max(found, key=lambda error: error.relative_error)


@dataclass(slots=True)
class _Extrapolation:
    """Neville's tableau for the limit of difference quotients as their step, halved each time, goes to zero."""

    power: int  # the error of a quotient is a series in step**power
    value: float = nan
    error: float = inf
    _row: list[float] = field(default_factory=list)

    def add(self, quotient: float, rounding: float) -> None:
        row, factor = [quotient], 1
        for older in self._row:
            factor *= 2**self.power
            row.append(row[-1] + (row[-1] - older) / (factor - 1))
            error = max(abs(row[-1] - row[-2]), abs(row[-1] - older), rounding)
            if error < self.error:
                self.value, self.error = row[-1], error
        self._row = row[:_COLUMNS]


@dataclass(slots=True)
class _Slopes:
    """The slopes at one point: across it, to its left and to its right.

    `steepest` is the steepest of the first quotients. `rounding` is a slope that cannot be told from zero.
    """

    rounding: float
    central: _Extrapolation = field(default_factory=lambda: _Extrapolation(power=2))
    left: _Extrapolation = field(default_factory=lambda: _Extrapolation(power=1))
    right: _Extrapolation = field(default_factory=lambda: _Extrapolation(power=1))
    steepest: float = 0.0

    def add(self, left: float, right: float, central: float, rounding: float) -> None:
        if not all(map(isfinite, (left, right, central))):
            return  # the step is too long: it leaves the domain
        self.steepest = self.steepest or max(abs(left), abs(right))
        self.left.add(left, rounding)
        self.right.add(right, rounding)
        self.central.add(central, rounding)

    def are_within(self, relative_error: float, of_steepest: bool = False) -> bool:
        """Whether the measurements are this good: relative to themselves, or to the steepest quotient."""
        unit = self.steepest if of_steepest else 0.0
        return all(
            slope.error <= max(relative_error * max(abs(slope.value), unit), self.rounding)
            for slope in (self.central, self.left, self.right)
        )


def _measure(f: Callable[..., float], point: tuple[float, ...], i: int) -> _Slopes:
    """The slopes of `f` at `point` along the input `i`."""
    x = point[i]

    def along(moved: float) -> float:
        return f(*point[:i], moved, *point[i + 1 :])

    slopes = _measure_along(along, x, scale=max(1, abs(x)))
    if 0 < abs(x) < 1 and not slopes.are_within(1e-6):  # next to zero, f may live on the scale of x
        closer = _measure_along(along, x, scale=abs(x))
        return closer if closer.are_within(1e-6) else slopes
    return slopes


def _measure_along(f: Callable[[float], float], x: float, scale: float) -> _Slopes:
    middle = f(x)
    slopes = _Slopes(rounding=1e-12 * abs(middle) / scale)
    step = _FIRST_STEP * scale
    while step > _LAST_STEP * scale and not slopes.are_within(1e-9):
        above, below = x + step, x - step
        higher, lower = f(above), f(below)
        slopes.add(
            left=(middle - lower) / (x - below),
            right=(higher - middle) / (above - x),
            central=(higher - lower) / (above - below),
            rounding=float_info.epsilon * max(abs(higher), abs(middle), abs(lower)) / step,
        )
        step /= 2
    return slopes


def _compare(inputs: tuple[int, ...], analytic: float, slopes: _Slopes, tolerance: float) -> GradientError | None:
    central, left, right = slopes.central, slopes.left, slopes.right
    if not slopes.are_within(1e-3, of_steepest=True):
        cause = (
            "f is not finite next to it; this may be the edge of its domain"
            if isnan(central.value)
            else "the differences do not settle; there may be a jump or a vertical tangent"
        )
        raise ValueError(
            f"{_derivative(inputs)} cannot be measured: {cause}. The chain rule gives {analytic!r}; "
            "choose other inputs to check it"
        )
    if abs(left.value - right.value) > 0.5 * tolerance + 4 * (left.error + right.error):
        low, high = sorted((left, right), key=lambda slope: slope.value)
        if low.value - tolerance - 4 * low.error <= analytic <= high.value + tolerance + 4 * high.error:
            return None
        reason = f": at this kink anything from {low.value!r} to {high.value!r} would be right"
        return GradientError(inputs, analytic, central.value, reason)
    if abs(analytic - central.value) <= tolerance + 4 * central.error:
        return None
    return GradientError(inputs, analytic, central.value)


def _relative_error(analytic: float, numeric: float) -> float:
    return abs(analytic - numeric) / max(abs(analytic), abs(numeric)) if isfinite(analytic) else inf


def _derivative(inputs: tuple[int, ...]) -> str:
    names = " and ".join(f"inputs[{i}]" for i in inputs)
    return f"the {'second ' if len(inputs) == 2 else ''}derivative by {names}"


def _listed(point: tuple[float, ...]) -> str:
    return f"({', '.join(map(repr, point))})"
