"""The laws of derivatives hold in recordings as node by node: of every row of the table, and of random programs."""

from math import isfinite

import numpy as np
import pytest
from hypothesis import given, settings
from test_laws_of_derivatives import several

from autograd import Value, apply, record
from autograd.derivatives import for_scipy, grad, hessian, hvp, jacobian, jvp, vjp
from autograd.ops import TABLE, Op

CLOSE = {"rtol": 1e-9, "atol": 1e-9}
POINTS = np.random.default_rng(0).uniform(-2.0, 2.0, size=(200, 2))


def inside(op: Op) -> np.ndarray:
    """Three points where the row is finite, and none of them a kink."""
    points = POINTS[:, : len(op.operands)]
    return np.array([point for point in points.tolist() if isfinite(op.compute(*point))][:3])


@pytest.mark.parametrize("op", TABLE.values(), ids=TABLE)
def test_every_row_recorded(op: Op) -> None:
    """Gradient, tangent, Hessian and its product: as node by node, adjoint, and symmetric."""

    def f(x: list) -> Value:
        return apply(op, *x)

    X = inside(op)
    V, u = np.random.default_rng(1).normal(size=X.shape), np.array([0.5, -2.0, 3.0])
    example = X[0].tolist()
    slopes = record(jacobian(f), example)(X)
    np.testing.assert_allclose(slopes, [grad(f)(x.tolist()) for x in X], **CLOSE)
    change = record(lambda x, v: jvp(f, (x,), (v,))[1], example, example)(X, V)
    np.testing.assert_allclose(change, (slopes * V).sum(axis=1), **CLOSE)
    back = record(lambda x, u: vjp(f, x)[1](u)[0], example, 1.0)(X, u)
    np.testing.assert_allclose((back * V).sum(axis=1), u * change, **CLOSE)
    second = record(hessian(f), example)(X).reshape(len(X), *[X.shape[1]] * 2)
    np.testing.assert_allclose(second, [hessian(f)(x.tolist()) for x in X], **CLOSE)
    np.testing.assert_allclose(second, second.transpose(0, 2, 1), **CLOSE)
    product = record(lambda x, v: hvp(f, (x,), (v,)), example, example)(X, V)
    np.testing.assert_allclose(product, np.einsum("nij,nj->ni", second, V), **CLOSE)


@given(several())
@settings(max_examples=25)
def test_what_scipy_is_given_are_the_derivatives(program: tuple) -> None:
    """Replayed by rows of directions, in either mode: those of all results, and of their weighted sum twice."""
    f, point = program
    problem = for_scipy(f, point)
    np.testing.assert_allclose(problem.jac(point), jacobian(f)(point), **CLOSE)
    weights = np.arange(1.0, 1 + len(problem.fun(point)))

    def weighted(x: list) -> Value:
        parts = [w * part for w, part in zip(weights.tolist(), f(x), strict=True)]
        return sum(parts[1:], parts[0])

    second = np.array(hessian(weighted)(point))
    if np.isfinite(second).all():
        size = 1 + abs(second).max()
        np.testing.assert_allclose(problem.hess(point, weights), second, rtol=1e-8, atol=1e-8 * size)


def test_perturbations_are_not_confused_in_a_recording() -> None:
    X = np.array([1.0, 3.0])
    for nested, expected in (
        (grad(lambda x: x * grad(lambda y: x + y)(1.0)), [1.0, 1.0]),
        (grad(lambda x: x * jvp(lambda y: x * y, (x,), (1.0,))[1]), 2 * X),
        (lambda x: jvp(lambda x: x * grad(lambda y: x * y)(x), (x,), (1.0,))[1], 2 * X),
        (grad(lambda x: hvp(lambda y: x * y**3, (x,), (1.0,))), 12 * X),
        (grad(grad(grad(lambda x: x**4))), 24 * X),
    ):
        np.testing.assert_allclose(record(nested, 1.0)(X), expected, rtol=1e-12)
