"""`gradcheck` finds mistakes and nothing else; `expressions()` draws what it promises."""

import importlib
import math
import random
import re
import subprocess
import sys
from dataclasses import replace

import pytest
from hypothesis import Phase, find, given, settings
from hypothesis import strategies as st

import autograd
from autograd import GradientError, Op, Value, cbrt, exp, gradcheck, log, maximum, relu, sin, sqrt, tanh
from autograd.ops import TABLE
from autograd.testing import Expression, Step, expressions

# gradcheck: mistakes


@given(expressions(), st.floats(1e-4, 10), st.sampled_from([-1, 1]))
def test_it_finds_a_gradient_that_is_wrong_by_any_factor(f: Expression, error: float, sign: int) -> None:
    with pytest.raises(GradientError) as caught:  # a detached part adds to the value, and not to the gradient
        gradcheck(lambda x, y: f(x, y) + x + sign * error * x.detach() - f(x, y), *f.point)
    assert caught.value.inputs == (0,)
    assert caught.value.analytic == pytest.approx(1, abs=1e-6)
    assert caught.value.numeric == pytest.approx(1 + sign * error, abs=1e-6)


def test_the_message_names_input_analytic_numeric_and_relative_error() -> None:
    with pytest.raises(GradientError) as caught:
        gradcheck(lambda x, y: x + y + y.detach(), 1.0, 2.0)
    words = (
        r"the derivative by inputs\[1\]: the chain rule gives 1.0, differences give (2\.0\d*|1\.9\d*) \(.* 5.0e-01\)"
    )
    assert re.fullmatch(words, str(caught.value))
    assert caught.value.relative_error == pytest.approx(0.5)


def test_of_several_mistakes_the_worst_is_raised() -> None:
    with pytest.raises(GradientError) as caught:
        gradcheck(lambda x, y: x * (y + y.detach()) + 0.01 * x.detach(), 1.0, 2.0)
    assert caught.value.inputs == (1,)


def test_a_mistake_only_in_a_second_derivative_is_found_when_asked() -> None:
    def f(x: Value, y: Value) -> Value:
        return x * y - x.detach() * y - x * y.detach()  # the gradient is right at x and y, and nowhere else

    gradcheck(lambda x, y: f(x, y) + x * y, 0.0, 0.0)
    with pytest.raises(GradientError) as caught:
        gradcheck(lambda x, y: f(x, y) + x * y, 0.0, 0.0, second=True)
    assert set(caught.value.inputs) == {0, 1}
    assert "the second derivative by inputs[0] and inputs[1]" in str(caught.value)


def test_a_gradient_that_is_not_finite_is_a_mistake_where_the_slope_is() -> None:
    with pytest.raises(GradientError, match=r"chain rule gives nan.*relative error inf"):
        gradcheck(lambda x: sqrt(x * x) + x - x, 0.0)


# gradcheck: what is right passes


@pytest.mark.parametrize("scale", [1e-100, 1e-9, 1.0, 1e9, 1e100])
def test_it_measures_on_the_scale_of_the_input(scale: float) -> None:
    gradcheck(lambda x: log(x), scale, second=abs(math.log10(scale)) < 50)
    gradcheck(lambda x: sin(x / scale), scale)
    gradcheck(lambda x: scale * x**2, scale)


@pytest.mark.parametrize("x", [0.0, 0.2, 3.0])
def test_a_function_that_swings_with_any_period_is_not_taken_for_flat(x: float) -> None:
    for period in (1.0, 0.5, 0.125, 0.01):
        gradcheck(lambda x, period=period: sin(2 * math.pi / period * x), x, second=True, absolute_tolerance=1e-3)
        with pytest.raises(GradientError):
            gradcheck(lambda x, period=period: sin(2 * math.pi / period * x.detach()) + 0 * x, 1.1 * period)


def test_a_slope_lost_in_rounding_counts_as_zero() -> None:
    gradcheck(tanh, 25.0)
    gradcheck(lambda x: 1e20 + x, 1.0)


def test_a_function_that_does_not_depend_on_its_input_has_slope_zero() -> None:
    gradcheck(lambda x: Value(3.0), 1.0, second=True)  # noqa: ARG005
    gradcheck(lambda x: x * 0, 1.0)


def test_near_the_largest_numbers() -> None:
    gradcheck(exp, 709.0)
    gradcheck(lambda x: x * 1e308, 1.0)


# gradcheck: kinks


@pytest.mark.parametrize("f", [relu, abs, lambda x: maximum(x, 0.5 * x), lambda x: 100 + relu(x) - 2 * abs(x)])
def test_at_a_kink_any_derivative_between_the_slopes_is_right(f) -> None:
    gradcheck(f, 0.0)


def test_at_a_kink_a_derivative_that_is_not_between_the_slopes_is_wrong() -> None:
    with pytest.raises(GradientError, match=r"at this kink anything from -?\S+ to 1\S* would be right"):
        gradcheck(lambda x: relu(x) - 2 * (x - x.detach()), 0.0)


@pytest.mark.parametrize("distance", [1e-1, 1e-3, 1e-5, 1e-7])
def test_a_kink_nearby_does_not_disturb(distance: float) -> None:
    for x in (distance, -distance):
        gradcheck(lambda x: relu(x) + 3 * x, x)
        with pytest.raises(GradientError):
            gradcheck(lambda x: relu(x) + 3 * x + 0.5 * x.detach(), x)


# gradcheck: where there is nothing to compare with


@pytest.mark.parametrize(
    ("f", "x", "words"),
    [
        (log, 0.0, r"f(0.0) is -inf: choose inputs where f is finite"),
        (sqrt, -1.0, r"f(-1.0) is nan"),
        (sqrt, 0.0, "f is not finite next to it; this may be the edge of its domain. The chain rule gives inf"),
        (cbrt, 0.0, "the differences do not settle; there may be a jump or a vertical tangent"),
        (lambda x: Value(1.0) if x > 0 else Value(0.0), 0.0, "there may be a jump"),
    ],
)
def test_regions_without_a_slope_are_told_from_mistakes(f, x: float, words: str) -> None:
    with pytest.raises(ValueError, match=re.escape(words)):
        gradcheck(f, x)


def test_the_gradient_of_a_kink_has_no_slope() -> None:
    with pytest.raises(ValueError, match=r"the second derivative by inputs\[0\] and inputs\[0\] cannot be measured"):
        gradcheck(relu, 0.0, second=True)


# gradcheck: bad arguments


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ((3.0, 1.0), "f must be a function of Values, got float"),
        ((exp,), "needs the inputs"),
        ((exp, "1"), "expected a real number, got builtins.str"),
        ((exp, Value(1.0)), "expected a plain number, got a Value"),
        ((lambda x: x.data, 1.0), "f must return a Value, got float"),
        ((lambda x: [x], 1.0), "f must return a Value, got list"),
        ((lambda x: None, 1.0), "f must return a Value, got NoneType"),  # noqa: ARG005
    ],
)
def test_what_it_cannot_take_is_a_type_error(arguments, words: str) -> None:
    with pytest.raises(TypeError, match=words):
        gradcheck(*arguments)


@pytest.mark.parametrize("x", [math.nan, math.inf])
def test_inputs_must_be_finite(x: float) -> None:
    with pytest.raises(ValueError, match="the inputs must be finite, got"):
        gradcheck(exp, 1.0 if x == 0 else x)


@pytest.mark.parametrize(
    "tolerance", [{"relative_tolerance": 1.0}, {"relative_tolerance": -1e-9}, {"absolute_tolerance": math.inf}]
)
def test_tolerances_must_make_sense(tolerance: dict[str, float]) -> None:
    with pytest.raises(ValueError, match="relative_tolerance must lie between 0 and 1"):
        gradcheck(exp, 1.0, **tolerance)


def test_a_function_that_gives_two_results_is_refused() -> None:
    with pytest.raises(ValueError, match=r"f\(1.0\) gave .* and then .*: f must give the same result every time"):
        gradcheck(lambda x: x * random.random(), 1.0)


# Expressions


@given(expressions(variables=3, max_size=15))
def test_an_expression_is_finite_smooth_and_moderate_at_its_point(f: Expression) -> None:
    assert len(f.point) == 3
    assert len(f.steps) <= 15
    assert abs(f(*f.point)) <= 100


@given(expressions())
def test_its_source_is_the_program(f: Expression) -> None:
    names = {name: getattr(autograd, name) for name in TABLE if hasattr(autograd, name)}
    exec(str(f), names)
    x = [Value(number) for number in f.point]
    assert names["f"](*x).data == f(*x).data == f(*f.point)


def test_its_source_names_what_is_shared_and_puts_parentheses_where_needed() -> None:
    def step(name: str, *operands: int) -> Step:
        return Step(TABLE[name], operands)

    shared = Expression(
        (0.5, 2.0), (-1.5, 3.0), (step("pow", 0, 2), step("neg", 4), step("sub", 1, 5), step("mul", 6, 6))
    )
    assert str(shared) == "def f(x0, x1):\n    t0 = 3.0 - -(-1.5) ** x0\n    return t0 * t0"
    assert repr(shared) == f"{shared}\n# at x0 = 0.5, x1 = 2.0"
    called = Expression((0.5, 2.0), (), (step("add", 0, 1), step("hypot", 2, 0), step("abs", 3)))
    assert str(called) == "def f(x0, x1):\n    return abs(hypot(x0 + x1, x0))"


def test_an_expression_takes_as_many_numbers_as_it_has_variables() -> None:
    f = Expression((0.5, 2.0), (), ())
    assert f(3.0, 4.0) == 4.0
    with pytest.raises(TypeError, match="an expression in 2 variables, got 1"):
        f(1.0)


def test_every_operation_and_size_and_sharing_are_drawn() -> None:
    drawn = []

    @settings(max_examples=1000)
    @given(expressions())
    def draw(f: Expression) -> None:
        drawn.append(f)

    draw()
    assert {step.op.name for f in drawn for step in f.steps} == set(TABLE)
    assert {len(f.steps) for f in drawn} >= set(range(1, 10))
    assert {len(f.constants) for f in drawn} == {0, 1, 2}
    assert sum("t0" in str(f) for f in drawn) > 100


def test_it_shrinks_to_the_smallest_program() -> None:
    whole = settings(max_examples=100, phases=[Phase.generate, Phase.shrink])
    programs = expressions(ops=["add", "exp", "mul"])
    f = find(programs, lambda f: any(step.op.name == "mul" for step in f.steps), settings=whole)
    assert re.fullmatch(r"def f\(x0, x1\):\n    return x\d \* x\d", str(f))
    assert f.point == (0.0, 0.0)


@given(expressions(ops=iter(["log", "sqrt"])))
def test_only_the_operations_asked_for_are_drawn(f: Expression) -> None:
    assert {step.op.name for step in f.steps} <= {"log", "sqrt"}


def test_a_row_of_ones_own_is_drawn_and_its_wrong_derivative_found() -> None:
    bell = Op("bell", "bell", "exp(-a * a)", ("-2 * a * out",))
    wrong = replace(bell, derivatives=("-2 * out",))

    def is_right(f: Expression) -> bool:
        try:
            gradcheck(f, *f.point)
        except GradientError:
            return False
        return True

    given(expressions(ops=["add", "mul", bell]))(lambda f: gradcheck(f, *f.point))()
    found = find(expressions(ops=["add", "mul", wrong]), lambda f: not is_right(f))
    assert [step.op for step in found.steps] == [wrong]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ({"variables": 0}, "variables and max_size must be at least 1, got 0 and 12"),
        ({"max_size": 0}, "got 2 and 0"),
        ({"ops": ["add", "plus"]}, "the table has no operation plus; it has add, sub"),
    ],
)
def test_what_cannot_be_drawn_is_refused_at_once(arguments, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        expressions(**arguments)


# What importing costs


def test_without_hypothesis_the_import_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "hypothesis", None)
    monkeypatch.delitem(sys.modules, "autograd.testing.strategies")
    with pytest.raises(ImportError, match=re.escape('pip install "stepgrad[testing]"')):
        importlib.import_module("autograd.testing.strategies")


def test_importing_autograd_imports_neither_numpy_nor_hypothesis() -> None:
    program = "import autograd, sys; sys.exit(bool({'numpy', 'hypothesis'} & set(sys.modules)))"
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0
