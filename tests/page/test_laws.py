"""The laws of differentiation, on random expressions."""

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograd import Value, exp, grad, gradcheck, no_grad
from autograd.testing import Expression, expressions

numbers = st.integers(-300, 300).map(lambda n: n / 100)


def variables(point: tuple[float, ...]) -> list[Value]:
    return [Value(x) for x in point]


def gradient(f: Callable[..., Value], point: tuple[float, ...]) -> list[float]:
    leaves = variables(point)
    return grad(f(*leaves), leaves)


def close(correct: Any) -> Any:
    return pytest.approx(correct, rel=1e-9, abs=1e-9)


@given(expressions(variables=3))
def test_the_gradient_is_the_slope(f: Expression) -> None:
    gradcheck(f, *f.point)


@given(expressions(max_size=8))
def test_the_second_derivatives_are_the_slopes_of_the_gradient(f: Expression) -> None:
    gradcheck(f, *f.point, second=True, absolute_tolerance=1e-6)


@given(expressions())
def test_second_derivatives_commute(f: Expression) -> None:
    x, y = variables(f.point)
    by_x, by_y = grad(f(x, y), [x, y], create_graph=True)
    ((xy,), (yx,)) = grad(by_x, [y]), grad(by_y, [x])
    assert xy == pytest.approx(yx, rel=1e-6, abs=1e-6)


@given(expressions(), st.data(), numbers, numbers)
def test_the_gradient_is_linear(f: Expression, data: st.DataObject, a: float, b: float) -> None:
    g = data.draw(expressions())
    by_sum = gradient(lambda *x: a * f(*x) + b * g(*x), f.point)
    separately = [a * df + b * dg for df, dg in zip(gradient(f, f.point), gradient(g, f.point), strict=True)]
    if all(abs(x) < 1e6 for x in separately):  # g is smooth at its own point, but perhaps not at that of f
        assert by_sum == close(separately)


@given(expressions(), expressions())
def test_a_product_differentiates_by_the_rule_of_leibniz(f: Expression, g: Expression) -> None:
    x = variables(f.point)
    (u, du), (v, dv) = ((h(*variables(h.point)).data, gradient(h, h.point)) for h in (f, g))
    y = variables(g.point)
    assert grad(f(*x) * g(*y), [*x, *y]) == close([*(d * v for d in du), *(d * u for d in dv)])


@given(expressions(variables=1), expressions(variables=2))
def test_the_chain_rule_through_composition(outer: Expression, inner: Expression) -> None:
    # the inner result is moved to where the outer expression is smooth
    shift = outer.point[0] - inner(*inner.point)
    composed = gradient(lambda *x: outer(inner(*x) + shift), inner.point)
    (slope,) = gradient(outer, (inner(*inner.point) + shift,))
    assert composed == close([slope * d for d in gradient(inner, inner.point)])


@given(expressions(variables=3))
def test_a_variable_used_in_several_places_sums_its_paths(f: Expression) -> None:
    x = f.point[0]
    point = (x, x, x)
    separately = gradient(f, point)
    if all(abs(d) < 1e6 for d in separately):
        assert gradient(lambda x: f(x, x, x), (x,)) == close([sum(separately)])


@given(expressions())
def test_a_result_used_twice_sums_its_paths(f: Expression) -> None:
    twice = gradient(lambda *x: (lambda y: y + y)(f(*x)), f.point)
    assert twice == [2 * d for d in gradient(f, f.point)]


@given(expressions())
def test_names_change_nothing(f: Expression) -> None:
    named = [Value(x, label=f"variable {i}") for i, x in enumerate(f.point)]
    output = f(*named)
    output.label = "output"
    assert grad(output, named) == gradient(f, f.point)


@given(expressions(), expressions(), expressions())
def test_association_and_order_of_operands_change_nothing_but_rounding(
    f: Expression, g: Expression, h: Expression
) -> None:
    point = (*f.point, *g.point, *h.point)

    def terms(x: tuple[Value, ...]) -> tuple[Value, Value, Value]:
        return f(*x[:2]), g(*x[2:4]), h(*x[4:])

    def products(x: tuple[Value, ...]) -> tuple[Value, Value, Value]:
        return tuple(term.tanh() for term in terms(x))  # type: ignore[return-value]

    left = gradient(lambda *x: (lambda a, b, c: (a + b) + c)(*terms(x)), point)
    assert gradient(lambda *x: (lambda a, b, c: a + (b + c))(*terms(x)), point) == left
    assert gradient(lambda *x: (lambda a, b, c: c + (b + a))(*terms(x)), point) == left
    left = gradient(lambda *x: (lambda a, b, c: (a * b) * c)(*products(x)), point)
    assert gradient(lambda *x: (lambda a, b, c: a * (b * c))(*products(x)), point) == close(left)
    assert gradient(lambda *x: (lambda a, b, c: c * (b * a))(*products(x)), point) == close(left)


@given(expressions())
def test_grad_and_backward_agree_exactly_and_grad_touches_nothing(f: Expression) -> None:
    leaves = variables(f.point)
    output = f(*leaves)
    derivatives = grad(output, leaves)
    assert [leaf.grad for leaf in leaves] == [0.0, 0.0]
    output.backward()
    assert [leaf.grad for leaf in leaves] == derivatives


@given(expressions())
def test_grad_that_builds_a_graph_gives_the_same_numbers(f: Expression) -> None:
    leaves = variables(f.point)
    output = f(*leaves)
    assert [d.data for d in grad(output, leaves, create_graph=True)] == grad(output, leaves)


@given(expressions())
def test_backward_again_adds_exactly_the_same_again(f: Expression) -> None:
    leaves = variables(f.point)
    output = f(*leaves)
    output.backward()
    once = [leaf.grad for leaf in leaves]
    output.backward()
    assert [leaf.grad for leaf in leaves] == [2 * d for d in once]


@given(expressions())
def test_backward_from_two_outputs_adds_their_gradients(f: Expression) -> None:
    x = variables(f.point)
    f(*x).backward()
    exp(x[0]).backward()
    by_f, by_exp = gradient(f, f.point), gradient(lambda *x: exp(x[0]), f.point)
    assert [leaf.grad for leaf in x] == [df + de for df, de in zip(by_f, by_exp, strict=True)]


@given(expressions())
def test_values_are_those_of_plain_numbers_recorded_or_not(f: Expression) -> None:
    recorded = f(*variables(f.point))
    with no_grad():
        unrecorded = f(*variables(f.point))
    assert recorded.data == unrecorded.data == f(*f.point)
    assert unrecorded.is_leaf


@given(expressions())
def test_nothing_flows_through_detach(f: Expression) -> None:
    x, y = variables(f.point)
    assert grad(f(x.detach(), y), [x, y]) == [0.0, gradient(f, f.point)[1]]
    assert grad(x + f(x, y).detach(), [x, y]) == [1.0, 0.0]


@given(expressions(), st.floats(0.1, 0.9))
def test_a_small_enough_step_down_the_gradient_never_raises_the_result(f: Expression, shrink: float) -> None:
    slopes = gradient(f, f.point)
    before, rate = f(*f.point), 1.0
    while not f(*(x - rate * slope for x, slope in zip(f.point, slopes, strict=True))) <= before:
        rate *= shrink
        assert rate > 1e-15
