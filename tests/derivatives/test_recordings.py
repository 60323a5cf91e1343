"""A recorded loss is differentiated by its parameters, twice: as the same loss is node by node, and by JAX."""

import gc
import weakref

import numpy as np
import pytest

from autograd import Value, exp, greater, log, maximum, record, sin, tanh, where
from autograd import grad as grad_of_value
from autograd.derivatives import for_scipy, grad, hessian, hvp, jacobian, jvp, parameters_to_vector, value_and_grad, vjp
from autograd.engines import dot, engine

X, Y = np.random.default_rng(0).normal(size=(2, 7))


def network(p: list, x: Value) -> Value:
    return p[0] * tanh(p[1] * x + p[2]) + where(greater(p[3], x), p[3] * sin(p[0] * x), maximum(p[1], x) ** 2)


def model() -> list[Value]:
    return [Value(number) for number in (0.7, -1.2, 0.4, 0.1)]


def error(p: list, x: Value, y: Value) -> Value:
    return log(1 + exp(-y * network(p, x))) + (network(p, x) - y) ** 2


def node_by_node(p: list[Value], direction: np.ndarray, weights: np.ndarray) -> list[float]:
    """The Hessian times a direction of a weighted mean that is one graph."""
    mean = dot(
        [error(p, x, y) for x, y in zip(X.tolist(), Y.tolist(), strict=True)], (weights / weights.sum()).tolist()
    )
    slopes = grad_of_value(mean, p, create_graph=True)
    return grad_of_value(dot(slopes, direction.tolist()), p)


def test_second_derivatives_are_those_of_the_graph_of_all_rows() -> None:
    p = model()
    loss = record(lambda x, y: error(p, x, y), X[0], Y[0])
    order = [p.index(x) for x in loss.parameters]
    ones, weights = np.ones(7), np.arange(1.0, 8.0)
    expected = np.array([node_by_node(p, direction, ones) for direction in np.eye(4)])[np.ix_(order, order)]
    np.testing.assert_allclose(hessian(loss)(X, Y), expected, rtol=1e-9, atol=1e-12)
    np.testing.assert_allclose(hessian(loss)(X, Y, reduction="sum"), 7 * expected, rtol=1e-9, atol=1e-12)
    v = np.array([1.0, -2.0, 0.5, 3.0])
    np.testing.assert_allclose(hvp(loss, (X, Y), v), expected @ v, rtol=1e-9)
    weighted = np.array([node_by_node(p, direction, weights) for direction in np.eye(4)])[np.ix_(order, order)]
    np.testing.assert_allclose(hessian(loss)(X, Y, weights=weights), weighted, rtol=1e-9, atol=1e-12)


def test_first_derivatives_have_their_names_too() -> None:
    p = model()
    loss = record(lambda x, y: error(p, x, y), X[0], Y[0])
    value, gradient = value_and_grad(loss)(X, Y)
    assert (value, gradient.tolist()) == (loss.value_and_grad(X, Y)[0], grad(loss)(X, Y).tolist())
    for transformed in (grad(loss), hessian(loss), value_and_grad(loss)):
        with pytest.raises(ValueError, match="the batch has no rows"):
            transformed([], [])


def test_parameters_may_move_between_and_are_left_alone() -> None:
    w = Value(2.0)
    loss = record(lambda x: w**3 * x, 1.0)
    assert hessian(loss)([1.0, 3.0]).tolist() == [[24.0]]
    w.data = 1.0
    assert hessian(loss)([1.0, 3.0]).tolist() == [[12.0]]
    assert (w.data, w.grad) == (1.0, 0.0)


def test_what_does_not_bend_has_no_second_derivatives() -> None:
    w, b = Value(2.0), Value(1.0)
    line = record(lambda x: w * x + b, 1.0)
    assert hessian(line)([1.0, 2.0]).tolist() == [[0.0, 0.0], [0.0, 0.0]]
    assert hessian(record(lambda x: x * x, 1.0))([1.0]).shape == (0, 0)


def test_rows_of_several_structures_share_their_parameters() -> None:
    w, b = Value(2.0), Value(1.0)
    loss = record(lambda x: (w * x[0] + (b if len(x) > 1 else 0)) ** 2, [1.0])
    assert hessian(loss)([[3.0]]).tolist() == [[18.0]]
    np.testing.assert_allclose(hessian(loss)([[3.0, 0.0]]), [[18.0, 6.0], [6.0, 2.0]])
    np.testing.assert_allclose(hessian(loss)([[3.0]]), [[18.0, 0.0], [0.0, 0.0]])


def test_nothing_is_kept_of_a_loss_that_is_gone() -> None:
    w = Value(1.0)
    loss = record(lambda x: w * w * x, 1.0)
    hvp(loss, ([1.0],), [1.0])
    gone = weakref.ref(loss)
    del loss
    gc.collect()
    assert gone() is None


def test_what_is_no_derivative_of_a_recording_is_refused() -> None:
    w = Value(2.0)
    loss = record(lambda x: (w * x) ** 2, 1.0)
    for vector, shape in (([1.0, 0.0], r"\(2,\)"), ([], r"\(0,\)"), (1.0, r"\(\)")):
        with pytest.raises(ValueError, match=f"a vector of 1 numbers, one for each parameter, got a shape of {shape}"):
            hvp(loss, ([1.0],), vector)
    for derivative in (jacobian(loss), lambda x: jvp(loss, (x,), (x,)), lambda x: vjp(loss, x)):
        with pytest.raises(TypeError, match=r"a recording is a function of arrays of rows.* input_gradients"):
            derivative([1.0, 2.0])


@pytest.mark.parametrize("method", ["Newton-CG", "trust-exact"])
def test_scipy_minimizes_with_them(method: str) -> None:
    optimize = pytest.importorskip("scipy.optimize")
    w, b = Value(0.5), Value(0.5)
    x = np.linspace(-1, 1, 20)
    loss = record(lambda x, y: (tanh(w * x) + b - y) ** 2, 0.1, 0.1)
    problem = for_scipy(loss, x, np.tanh(1.3 * x) - 0.4)
    found = optimize.minimize(problem.fun, problem.x0, jac=problem.jac, hess=problem.hess, method=method, tol=1e-10)
    np.testing.assert_allclose(found.x, [1.3, -0.4], atol=1e-6)
    np.testing.assert_allclose(problem.hessp(found.x, [1.0, 2.0]), problem.hess(found.x) @ [1.0, 2.0], rtol=1e-9)
    assert parameters_to_vector(loss.parameters).tolist() == found.x.tolist()


@pytest.mark.skipif(engine == "python", reason="the numbers are those of the other engine")
def test_they_are_those_of_jax() -> None:
    jax = pytest.importorskip("jax")
    jax.config.update("jax_enable_x64", True)
    jnp, p = jax.numpy, model()
    loss = record(lambda x, y: (p[0] * tanh(p[1] * x + p[2]) + p[3] - y) ** 2, 0.1, 0.1)

    def mean(q: object) -> object:
        return ((q[0] * jnp.tanh(q[1] * X + q[2]) + q[3] - Y) ** 2).mean()

    order = [p.index(x) for x in loss.parameters]
    expected = np.asarray(jax.jit(jax.hessian(mean))(jnp.array([x.data for x in p])))[np.ix_(order, order)]
    np.testing.assert_allclose(hessian(loss)(X, Y), expected, rtol=1e-9, atol=1e-12)
