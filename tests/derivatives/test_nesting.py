"""Derivatives are nested as arguments and results are; and nested derivatives never confuse their variables."""

import math
from collections import namedtuple

import numpy as np
import pytest

from autograd import Value, exp, record, sin
from autograd.derivatives import for_scipy, grad, hessian, hvp, jacobian, jvp, value_and_grad, vjp

Point = namedtuple("Point", "x y")


# Nesting of numbers


def test_gradients_are_nested_as_arguments_are() -> None:
    def f(w: dict) -> Value:
        return w["list"][0] * w["list"][1] + w["pair"].x * w["pair"].y + (w["array"] * w["array"]).sum() * w["number"]

    at = {"list": [2.0, 3.0], "pair": Point(5.0, 7.0), "array": np.array([[1.0, 2.0]]), "number": 2}
    value, gradient = value_and_grad(f)(at)
    assert value == 6 + 35 + 10
    assert gradient["list"] == [3.0, 2.0]
    assert gradient["pair"] == Point(7.0, 5.0)
    np.testing.assert_array_equal(gradient["array"], [[4.0, 8.0]])
    assert gradient["array"].dtype == float
    assert gradient["number"] == 5.0


def test_a_jacobian_is_a_result_with_a_gradient_for_every_number() -> None:
    assert jacobian(lambda x: {"a": x[0] * x[1], "b": [x[1], 4]})([2.0, 3.0]) == {
        "a": [3.0, 2.0],
        "b": [[0.0, 1.0], [0.0, 0.0]],
    }
    by_array = jacobian(lambda x, y: x * y, argnums=(0, 1))(np.array([1.0, 2.0]), 3.0)
    np.testing.assert_array_equal(by_array[0], [[3.0, 0.0], [0.0, 3.0]])
    np.testing.assert_array_equal(by_array[1], [1.0, 2.0])


def test_the_shape_of_an_array_is_that_of_the_result_and_then_of_the_argument() -> None:
    x = np.arange(6.0).reshape(2, 3)
    cubes = jacobian(lambda x: x**2 @ np.ones((3, 4)))(x)
    assert cubes.shape == (2, 4, 2, 3)
    np.testing.assert_array_equal(cubes[1, 2, 1], 2 * x[1])
    assert hessian(lambda x: (x**3).sum())(x).shape == (2, 3, 2, 3)
    np.testing.assert_array_equal(hvp(lambda x: (x**3).sum(), (x,), (np.ones((2, 3)),)), 6 * x)


def test_columns_and_tables_of_pandas_are_arrays() -> None:
    pandas = pytest.importorskip("pandas")
    column, table = pandas.Series([1.0, 2.0], index=[7, 5]), pandas.DataFrame({"a": [1, 2], "b": [3, 4]})
    np.testing.assert_array_equal(grad(lambda x: (x**2).sum())(column), [2.0, 4.0])
    np.testing.assert_array_equal(grad(lambda x: (x**2).sum())(table), [[2.0, 6.0], [4.0, 8.0]])
    assert for_scipy(lambda x: (x**2).sum(), column).jac([3.0, 4.0]).tolist() == [6.0, 8.0]


def test_many_results_of_few_numbers_are_found_forwards() -> None:
    waves = jacobian(lambda x: [sin(x * k) for k in range(100)])(0.5)
    assert waves == pytest.approx([k * np.cos(0.5 * k) for k in range(100)])
    with pytest.warns(RuntimeWarning, match="returned plain numbers, whose derivative is 0"):
        assert jacobian(lambda _: [1.0] * 100)(0.5) == [0.0] * 100


def test_argnums_choose_and_the_others_stay_plain() -> None:
    def f(x: Value, n: int, scale: float = 1.0) -> Value:
        assert isinstance(n, int)
        return x**n * scale

    assert grad(f)(2.0, 3) == 12.0
    assert grad(f)(2.0, 3, scale=10.0) == 120.0
    assert grad(lambda n, x: x**n, argnums=-1)(3, 2.0) == 12.0
    assert grad(lambda x, y: x * y, argnums=(1,))(2.0, 5.0) == (2.0,)


def test_pushing_forward_and_pulling_back_keep_the_nesting() -> None:
    def f(pair: tuple, y: Value) -> dict:
        return {"product": pair[0] * y, "sum": (pair[1] + y,)}

    assert jvp(f, ((2.0, 3.0), 4.0), ((1.0, 0.0), 10.0)) == (
        {"product": 8.0, "sum": (7.0,)},
        {"product": 24.0, "sum": (10.0,)},
    )
    result, back = vjp(f, (2.0, 3.0), 4.0)
    assert result == {"product": 8.0, "sum": (7.0,)}
    assert back({"product": 1.0, "sum": (100.0,)}) == ((4.0, 100.0), 102.0)
    assert hvp(lambda x, y: x * x * y, (2.0, 3.0), (1.0, 0.0)) == (6.0, 4.0)


# Nesting of derivatives


def test_perturbations_are_not_confused() -> None:
    """Siskind and Pearlmutter, "Perturbation confusion and referential transparency", 2005: the answer is 1, not 2."""
    assert grad(lambda x: x * grad(lambda y: x + y)(1.0))(1.0) == 1.0
    assert grad(lambda x: x * grad(lambda y: x + y)(x))(1.0) == 1.0
    assert jvp(lambda x: x * jvp(lambda y: x + y, (1.0,), (1.0,))[1], (1.0,), (1.0,)) == (1.0, 1.0)
    assert grad(lambda x: x * jvp(lambda y: x * y, (x,), (1.0,))[1])(3.0) == 6.0
    assert jvp(lambda x: x * grad(lambda y: x * y)(x), (3.0,), (1.0,))[1] == 6.0


def test_a_derivative_within_a_derivative_sees_the_outer_variable() -> None:
    assert grad(lambda x: grad(lambda y: x * x * y)(7.0))(3.0) == 6.0
    assert grad(lambda x: vjp(lambda y: x * y, 2.0)[1](x)[0])(3.0) == 6.0
    assert grad(lambda x: hvp(lambda y: x * y**3, (x,), (1.0,)))(2.0) == 24.0
    assert grad(lambda t: jvp(lambda x: x**3, (2.0,), (t,))[1])(5.0) == 12.0
    assert grad(lambda t: hvp(lambda x: x**3, (2.0,), (t,)))(5.0) == 12.0
    assert grad(lambda t: vjp(lambda x: x**3, 2.0)[1](t)[0])(5.0) == 12.0


def test_derivatives_of_any_order() -> None:
    f, value = exp, 1.0
    for _ in range(5):
        f, value = grad(f), value
        assert f(0.0) == value
    assert hessian(grad(lambda x: x[0] ** 3), 0)  # a function again


def test_a_value_met_by_the_function_keeps_the_graph() -> None:
    w = Value(3.0)
    slope = grad(lambda x: w * x * x)(2.0)
    assert isinstance(slope, Value)
    slope.backward()
    assert (slope.data, w.grad) == (12.0, 4.0)
    value, change = jvp(lambda x: w * x, (2.0,), (1.0,))
    assert (value.data, change.data) == (6.0, 3.0)


def test_values_in_an_argument_give_values() -> None:
    x = Value(2.0)
    value, slope = value_and_grad(lambda y: y**3)(x)
    (slope * value).backward()
    assert (slope.data, x.grad) == (12.0, 12 * 8 + 12 * 12)
    constant = Value(2.0, requires_grad=False)
    assert grad(lambda y: y**3)(constant) == 12.0


def test_a_recording_of_a_jacobian_is_one_for_every_row() -> None:
    def f(x: list) -> list:
        return [x[0] * x[1], sin(x[0])]

    X = np.random.default_rng(0).normal(size=(5, 2))
    for transformed in (jacobian(f), grad(lambda x: f(x)[0] * f(x)[1]), hessian(lambda x: f(x)[0] * f(x)[1])):
        rows = record(transformed, [1.0, 1.0])(X)
        np.testing.assert_allclose(rows, [np.ravel(transformed(x.tolist())) for x in X], rtol=1e-12)


# What cannot be


def test_a_gradient_is_of_one_number() -> None:
    for transformed in (grad, value_and_grad, hessian):
        with pytest.raises(TypeError, match="the function returned list, but a gradient is of one number"):
            transformed(lambda x: [x, x])(1.0)
    with pytest.raises(TypeError, match="the function returned Values"):
        hvp(lambda x: x * 2, (np.ones(2),), (np.ones(2),))


def test_a_plain_number_has_the_derivative_0_and_that_is_said() -> None:
    said = r"the plain number 2\.718.*, whose derivative is 0: .*use those of"
    for transformed in (
        grad(math.exp),
        jacobian(math.exp),
        lambda x: hvp(math.exp, (x,), (1.0,)),
        lambda x: jvp(math.exp, (x,), (1.0,))[1],
        lambda x: vjp(math.exp, x)[1](1.0)[0],
    ):
        with pytest.warns(RuntimeWarning, match=said):
            assert transformed(1.0) == 0.0
    with pytest.warns(RuntimeWarning, match="returned plain numbers, whose derivative is 0"):
        assert not jacobian(np.gradient)(np.arange(3.0)).any()


def test_what_is_no_number_is_refused() -> None:
    with pytest.raises(TypeError, match=r"expected a real number, got builtins\.str"):
        grad(lambda x: x)("1")
    with pytest.raises(TypeError, match=r"expected a real number, got builtins\.NoneType"):
        grad(lambda _: None)(1.0)
    with pytest.raises(ValueError, match="argnums is 2, but the function was called with 1 arguments"):
        grad(lambda x: x, argnums=2)(1.0)
    for transformation in (grad, value_and_grad, jacobian, hessian):
        for point in (1.0, [1.0, 2.0], np.array([1.0, 2.0])):
            with pytest.raises(TypeError, match=r"argnums says by which arguments.*grad\(f\)\(x\), not"):
                transformation(lambda x: x, point)
    with pytest.raises(ValueError, match="tangents are nested as what they go with: expected 2 numbers, got 1"):
        jvp(lambda x: x[0], ([1.0, 2.0],), ([1.0],))
    with pytest.raises(ValueError, match="cotangents are nested as what they go with: expected 1 numbers, got 2"):
        vjp(lambda x: x, 1.0)[1]([1.0, 2.0])
