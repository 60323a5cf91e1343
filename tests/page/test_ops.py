"""The table of derivatives, row by row: mpmath, central differences and NumPy all agree with it.

The `check_*` functions hold for any row; `mutate_table.py` uses them to show that they notice every broken formula.
"""

import itertools
import math
import pickle
from collections.abc import Callable
from math import copysign, inf, isfinite, isnan, log, nan, ulp

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from references import FLAT, exact, in_domain, moderate_points, points

from autograd import Value, functions, grad, gradcheck
from autograd.ops import TABLE, Op

every_row = pytest.mark.parametrize("op", TABLE.values(), ids=lambda op: op.name)

COMPARISONS = {"greater", "greater_equal", "mask"}
EXACT = {"add", "sub", "mul", "div", "neg", "sqrt", "relu", "abs", "sign", "floor", "maximum", "minimum", *COMPARISONS}


def on_values(op: Op) -> Callable[..., Value]:
    return getattr(Value, op.name)


def unit(op: Op, *positions: int) -> tuple[int, ...]:
    """How often to differentiate by each operand: `unit(mul, 0, 1)` is `(1, 1)`."""
    return tuple(positions.count(i) for i in range(len(op.operands)))


def same(x: float, y: float) -> bool:
    return x == y or (isnan(x) and isnan(y))


def identical(x: float, y: float) -> bool:
    """The same number, and of zeros the same one."""
    return isnan(x) and isnan(y) if isnan(x) else x == y and copysign(1, x) == copysign(1, y)


def close(x: float, correct: float, ulps: float, absolute: float = 0.0) -> bool:
    return same(x, correct) or (isfinite(x) and abs(x - correct) <= ulps * ulp(correct) + absolute)


# Each row on its domain


def check_value(op: Op) -> None:
    for point in points(op.name):
        value, correct = op.compute(*point), exact(op.name, point, unit(op))
        assert value == correct if op.name in EXACT else close(value, correct, ulps=4), (op.name, point, value, correct)


def check_partials(op: Op) -> None:
    for point in points(op.name):
        # a**b with a short b is as sensitive to the rounding of b - 1 as log(a) is large
        ulps = 8 + abs(log(point[0])) if op.name == "pow" else 8
        for i, partial in enumerate(op.partials):
            derivative, correct = partial(*point, op.compute(*point)), exact(op.name, point, unit(op, i))
            assert close(derivative, correct, ulps), (op.name, i, point, derivative, correct)


def check_second_derivatives(op: Op, function: Callable[..., Value]) -> None:
    for point in moderate_points(op.name):
        operands = [Value(x) for x in point]
        slopes = grad(function(*operands), operands, create_graph=True)
        size = max([1.0, *(abs(slope.data) for slope in slopes)])
        for i, slope in enumerate(slopes):
            assert close(slope.data, op.partials[i](*point, op.compute(*point)), 4), (op.name, i, point)
            for j, derivative in enumerate(grad(slope, operands)):
                correct = exact(op.name, point, unit(op, i, j))
                assert close(derivative, correct, 1000, 1e-13 * size), (op.name, i, j, point, derivative, correct)


def check_edges(op: Op) -> None:
    for name, operands, value, partials in EDGES:
        if name == op.name:
            assert identical(op.compute(*operands), value), (op.name, operands)
            for i, (partial, correct) in enumerate(zip(op.partials, partials, strict=True)):
                assert identical(partial(*operands, value), correct), (op.name, i, operands)


def check_second_derivatives_at_edges(op: Op, function: Callable[..., Value]) -> None:
    for name, point in FLAT:
        if name == op.name:
            operands = [Value(x) for x in point]
            for slope in grad(function(*operands), operands, create_graph=True):
                assert all(second == 0 for second in grad(slope, operands)), (op.name, point)


def check_whole_powers(op: Op, function: Callable[..., Value]) -> None:
    if op.name == "pow":
        for a, n in itertools.product([-2.0, -0.5, 0.0, 0.5, 3.0], range(5)):
            x = Value(a)
            derivative, correct = function(x, n), a**n
            for k in range(n + 2):
                assert derivative.data == pytest.approx(correct, rel=1e-14), (a, n, k)
                (derivative,) = grad(derivative, [x], create_graph=True)
                correct = math.perm(n, k + 1) * a ** max(n - k - 1, 0)


EDGES: list[tuple[str, tuple[float, ...], float, tuple[float, ...]]] = [
    # powers of zero and of negative numbers
    ("pow", (0.0, 0.0), 1.0, (0.0, 0.0)),
    ("pow", (0.0, 0.5), 0.0, (inf, 0.0)),
    ("pow", (0.0, 1.0), 0.0, (1.0, 0.0)),
    ("pow", (0.0, 2.0), 0.0, (0.0, 0.0)),
    ("pow", (0.0, -0.5), inf, (-inf, -inf)),
    ("pow", (0.0, -1.0), inf, (-inf, -inf)),
    ("pow", (-0.0, -1.0), -inf, (-inf, inf)),
    ("pow", (-2.0, 0.0), 1.0, (-0.0, nan)),
    ("pow", (-2.0, 3.0), -8.0, (12.0, nan)),
    ("pow", (-2.0, -1.0), -0.5, (-0.25, nan)),
    ("pow", (-8.0, 1 / 3), nan, (nan, nan)),
    ("pow", (10.0, 400.0), inf, (inf, inf)),
    ("pow", (inf, 0.5), inf, (0.0, inf)),
    # division by zero, and poles
    ("div", (1.0, 0.0), inf, (inf, -inf)),
    ("div", (-1.0, 0.0), -inf, (inf, inf)),
    ("div", (1.0, -0.0), -inf, (-inf, -inf)),
    ("div", (0.0, 0.0), nan, (inf, nan)),
    ("log", (0.0,), -inf, (inf,)),
    ("log", (-1.0,), nan, (-1.0,)),
    ("log1p", (-1.0,), -inf, (inf,)),
    ("atanh", (1.0,), inf, (inf,)),
    ("atanh", (-1.0,), -inf, (inf,)),
    # roots, and where a domain ends
    ("sqrt", (0.0,), 0.0, (inf,)),
    ("sqrt", (-1.0,), nan, (nan,)),
    ("cbrt", (0.0,), 0.0, (inf,)),
    ("asin", (1.0,), math.pi / 2, (inf,)),
    ("asin", (2.0,), nan, (nan,)),
    ("acos", (-1.0,), math.pi, (-inf,)),
    ("acosh", (1.0,), 0.0, (inf,)),
    ("acosh", (0.5,), nan, (nan,)),
    ("sin", (inf,), nan, (nan,)),
    # far out
    ("exp", (1000.0,), inf, (inf,)),
    ("exp", (-1000.0,), 0.0, (0.0,)),
    ("expm1", (1000.0,), inf, (inf,)),
    ("expm1", (-1000.0,), -1.0, (0.0,)),
    ("cosh", (1000.0,), inf, (inf,)),
    ("sinh", (-1000.0,), -inf, (inf,)),
    ("tanh", (20.0,), 1.0, (1.6993417021166355e-17,)),
    ("tanh", (-inf,), -1.0, (0.0,)),
    ("sigmoid", (-740.0,), math.exp(-740), (math.exp(-740),)),
    ("sigmoid", (-800.0,), 0.0, (0.0,)),
    ("sigmoid", (800.0,), 1.0, (0.0,)),
    ("softplus", (800.0,), 800.0, (1.0,)),
    ("softplus", (-800.0,), 0.0, (0.0,)),
    ("atan", (inf,), math.pi / 2, (0.0,)),
    ("asinh", (-inf,), -inf, (0.0,)),
    ("erf", (inf,), 1.0, (0.0,)),
    ("erfc", (-inf,), 2.0, (-0.0,)),
    # kinks and ties: PyTorch's choices
    ("relu", (0.0,), 0.0, (0.0,)),
    ("relu", (-0.0,), 0.0, (0.0,)),
    ("relu", (nan,), nan, (1.0,)),
    ("abs", (0.0,), 0.0, (0.0,)),
    ("abs", (nan,), nan, (nan,)),
    ("sign", (0.0,), 0.0, (0.0,)),
    ("sign", (-0.0,), -0.0, (0.0,)),
    ("sign", (nan,), nan, (0.0,)),
    ("sign", (-inf,), -1.0, (0.0,)),
    ("floor", (2.0,), 2.0, (0.0,)),
    ("floor", (-0.0,), -0.0, (0.0,)),
    ("floor", (-5e-324,), -1.0, (0.0,)),
    ("floor", (inf,), inf, (0.0,)),
    ("floor", (nan,), nan, (0.0,)),
    ("maximum", (2.0, 2.0), 2.0, (0.5, 0.5)),
    ("minimum", (2.0, 2.0), 2.0, (0.5, 0.5)),
    ("maximum", (nan, 1.0), nan, (1, 1)),
    ("maximum", (1.0, nan), nan, (1, 1)),
    ("minimum", (nan, 1.0), nan, (1, 1)),
    ("minimum", (1.0, nan), nan, (1, 1)),
    ("greater", (2.0, 2.0), 0.0, (0.0, 0.0)),
    ("greater", (nan, 1.0), 0.0, (0.0, 0.0)),
    ("greater", (1.0, nan), 0.0, (0.0, 0.0)),
    ("greater_equal", (2.0, 2.0), 1.0, (0.0, 0.0)),
    ("greater_equal", (nan, 1.0), 0.0, (0.0, 0.0)),
    ("greater_equal", (1.0, nan), 0.0, (0.0, 0.0)),
    ("mask", (5.0, 0.0), 0.0, (0.0, 0.0)),
    ("mask", (5.0, nan), 0.0, (0.0, 0.0)),
    ("mask", (inf, -1.0), 0.0, (0.0, 0.0)),
    ("mask", (nan, -1.0), 0.0, (0.0, 0.0)),
    ("mask", (nan, 1.0), nan, (1.0, 0.0)),
    ("hypot", (0.0, 0.0), 0.0, (0.0, 0.0)),
    ("atan2", (0.0, -1.0), math.pi, (-1.0, -0.0)),
]


@every_row
def test_the_value_is_that_of_mpmath(op: Op) -> None:
    check_value(op)


@every_row
def test_the_partial_derivatives_are_those_of_mpmath_and_do_not_overflow(op: Op) -> None:
    check_partials(op)


@every_row
def test_the_second_derivatives_are_those_of_mpmath(op: Op) -> None:
    check_second_derivatives(op, on_values(op))


@every_row
def test_all_derivatives_are_those_of_central_differences(op: Op) -> None:
    for point in moderate_points(op.name):
        around = list(itertools.product(*((0.99 * x, 1.01 * x) for x in point)))
        if op.name == "floor" and op.compute(*around[0]) != op.compute(*around[-1]):
            continue  # there is a jump between them
        if all(0.1 <= abs(x) <= 10 for x in point) and all(in_domain(op, neighbour) for neighbour in around):
            gradcheck(on_values(op), *point, second=True)


@every_row
def test_at_the_edges_it_follows_ieee_754_and_the_choices_of_pytorch(op: Op) -> None:
    check_edges(op)


@every_row
def test_second_derivatives_vanish_at_kinks_and_far_out(op: Op) -> None:
    check_second_derivatives_at_edges(op, on_values(op))


def test_a_whole_power_of_any_number_has_all_its_derivatives() -> None:
    check_whole_powers(TABLE["pow"], on_values(TABLE["pow"]))


def test_the_mixed_derivative_of_a_power_at_exponent_zero() -> None:
    a, b = Value(2.0), Value(0.0)
    by_a, by_b = grad(a**b, [a, b], create_graph=True)
    assert grad(by_a, [b]) == grad(by_b, [a]) == [0.5]


anything = st.floats() | st.floats(-800, 800) | st.sampled_from([0.0, -0.0, 1.0, -1.0, inf, -inf, nan, 5e-324])


@every_row
@given(data=st.data())
def test_no_floats_make_a_formula_raise(op: Op, data: st.DataObject) -> None:
    operands = [data.draw(anything) for _ in op.operands]
    for partial in op.partials:
        float(partial(*operands, op.compute(*operands)))


@every_row
@given(data=st.data())
@example(data=None)
def test_a_nan_is_never_swallowed(op: Op, data: st.DataObject | None) -> None:
    others = [data.draw(anything) if data else 2.0 for _ in op.operands]
    for i in range(len(op.operands)):
        operands = [nan if i == j else x for j, x in enumerate(others)]
        if op.name == "pow" and (operands[0] == 1 or operands[1] == 0):
            continue  # IEEE 754: 1**nan and nan**0 are 1, whatever the nan stands for
        if op.name in COMPARISONS:
            continue  # IEEE 754: no comparison with a nan holds
        if op.name == "hypot" and any(map(math.isinf, operands)):
            continue  # IEEE 754: so long is the hypotenuse, whatever the other side
        assert isnan(op.compute(*operands))


# Conditions as nodes


@pytest.mark.parametrize("comparison", ["<", "<=", ">", ">=", "==", "!="])
@pytest.mark.parametrize("condition", ["a {} b", "a {} b and b > 0", "a {} b or b > 0", "a < 0 or a {} b and b < 9"])
def test_a_condition_of_nodes_holds_where_that_of_numbers_does(condition: str, comparison: str) -> None:
    row = Op("row", "row", "a", (f"3 if {condition.format(comparison)} else -out if b < 2 else a / b", "0"))
    numbers = (-inf, -1.0, 0.0, 1.0, 2.0, inf, nan)
    by_nodes, _ = row.partials_on(functions, replayable=True)
    for a, b in itertools.product(numbers, numbers):
        assert same(by_nodes(Value(a), Value(b), Value(a)).data, row.partials[0](a, b, a)), (a, b)


# The rows themselves


@every_row
def test_a_row_is_found_by_its_name_and_pickles_to_itself(op: Op) -> None:
    assert TABLE[op.name] is op
    assert pickle.loads(pickle.dumps(op)) is op


def test_a_row_of_ones_own_pickles_by_its_formulas() -> None:
    row = Op("tanh", "th", "a if a < b else 0.0", ("1", "0"), "a != b", "th", masks=True, smooth=("2", "3"))
    first, second = pickle.loads(pickle.dumps((row, row)))
    assert first is second
    assert first is not TABLE["tanh"]
    assert repr(first) == repr(row)
    assert first.compute(1.0, 2.0) == 1.0


@every_row
def test_a_row_differentiates_by_each_of_its_operands(op: Op) -> None:
    assert len(op.partials) == len(op.derivatives) == len(op.operands)
    assert op.arguments == (*op.operands, "out")


@every_row
def test_a_row_has_points_in_its_domain(op: Op) -> None:
    assert len(points(op.name)) > 20
    assert all(in_domain(op, point) for point in points(op.name))


@pytest.mark.parametrize("derivatives", ["2 * a", (), ("1", "1", "1"), ["1"]])
def test_derivatives_are_a_tuple_of_one_or_two_formulas(derivatives) -> None:
    with pytest.raises(TypeError, match=r"such as \('2 \* a',\); got "):
        Op("twice", "twice", "2 * a", derivatives)
