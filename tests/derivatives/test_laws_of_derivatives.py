"""The laws of derivatives, on random programs over every row of the table, and on every row by itself."""

from collections.abc import Callable
from math import isfinite

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from autograd import Value, apply
from autograd import grad as grad_of_value
from autograd.derivatives import grad, hessian, hvp, jacobian, jvp, value_and_grad, vjp
from autograd.derivatives.evaluation import evaluated
from autograd.derivatives.modes import backwards, columns_to_rows
from autograd.ops import TABLE, Op
from autograd.testing import Expression, expressions

CLOSE = {"rtol": 1e-9, "atol": 1e-9}
vectors = st.lists(st.integers(-300, 300).map(lambda n: n / 100), min_size=3, max_size=3)


@st.composite
def several(draw: st.DrawFn) -> tuple[Callable[[list[Value]], list[Value]], list[float]]:
    """A function of a list of three numbers that returns several, and where it is smooth."""
    f = draw(expressions(variables=3))
    size = len(f.steps)
    taken = draw(st.lists(st.integers(1, size), min_size=1, max_size=4))
    parts = [Expression(f.point, f.constants, f.steps[:n]) for n in taken]
    return lambda x: [part(*x) for part in parts], list(f.point)


def as_array(nested: object) -> np.ndarray:
    return np.array(nested, dtype=float)


@given(several())
def test_rows_of_the_jacobian_are_gradients(program) -> None:
    f, point = program
    rows = jacobian(f)(point)
    for i, row in enumerate(rows):
        variables = [Value(x) for x in point]
        assert row == pytest.approx(grad_of_value(f(variables)[i], variables), rel=1e-12)


@given(several(), vectors)
def test_jvp_is_the_jacobian_times_a_vector(program, v: list[float]) -> None:
    f, point = program
    value, change = jvp(f, (point,), (v,))
    assert value == [x.data for x in f([Value(x) for x in point])]
    np.testing.assert_allclose(change, as_array(jacobian(f)(point)) @ v, **CLOSE)


@given(several(), vectors, st.data())
def test_jvp_and_vjp_are_adjoint(program, v: list[float], data: st.DataObject) -> None:
    f, point = program
    _, change = jvp(f, (point,), (v,))
    u = data.draw(st.lists(st.integers(-3, 3).map(float), min_size=len(change), max_size=len(change)))
    _, back = vjp(f, point)
    (taken_back,) = back(u)
    size = 1 + abs(as_array(u)) @ abs(as_array(jacobian(f)(point))) @ abs(as_array(v))
    assert np.dot(u, change) == pytest.approx(np.dot(taken_back, v), rel=1e-9, abs=1e-12 * size)


@given(expressions(variables=3), vectors)
def test_the_hessian_is_symmetric_and_hvp_its_product(f: Expression, v: list[float]) -> None:
    second = as_array(hessian(lambda x: f(*x))(list(f.point)))
    assume(np.isfinite(second).all())
    size = 1 + abs(second).max()
    np.testing.assert_allclose(second, second.T, rtol=1e-9, atol=1e-10 * size)
    product = hvp(lambda x: f(*x), (list(f.point),), (v,))
    np.testing.assert_allclose(product, second @ v, rtol=1e-9, atol=1e-9 * size)


@given(expressions(variables=3), vectors)
def test_hvp_is_how_fast_the_gradient_changes(f: Expression, v: list[float]) -> None:
    gradient = grad(lambda x: f(*x))
    slopes, change = jvp(gradient, (list(f.point),), (v,))
    assert slopes == pytest.approx(gradient(list(f.point)))
    product = hvp(lambda x: f(*x), (list(f.point),), (v,))
    np.testing.assert_allclose(change, product, rtol=1e-9, atol=1e-9 * (1 + max(map(abs, product))))


@given(several())
def test_forward_and_reverse_are_one(program) -> None:
    """As numbers and as nodes, whose derivatives agree too."""
    f, point = program
    run = evaluated(f, [point], [0], {})
    with run.opened():
        forward = columns_to_rows(run)
        reverse = [backwards(output, run.variables, on_values=False) for output in run.outputs]
    np.testing.assert_allclose(forward, reverse, **CLOSE)

    run = evaluated(f, [[Value(x) for x in point]], [0], {})
    in_nodes = [backwards(output, run.variables, on_values=True) for output in run.outputs]
    for row, other in zip(columns_to_rows(run), in_nodes, strict=True):
        assert [x.data for x in row] == pytest.approx([x.data for x in other], rel=1e-9, abs=1e-9)
        for slope, same in zip(row, other, strict=True):
            second, expected = (backwards(x, run.variables, on_values=False) for x in (slope, same))
            assert second == pytest.approx(expected, rel=1e-8, abs=1e-8, nan_ok=True)


EDGES = [-2.0, -0.0, 0.0, 0.5, 1.0, 2.0, float("inf")]


@pytest.mark.parametrize("op", TABLE.values(), ids=TABLE)
def test_every_row_forward_and_reverse_also_at_the_edges(op: Op) -> None:
    for a in EDGES:
        for b in EDGES if len(op.operands) == 2 else [0.0]:
            point = (a, b)[: len(op.operands)]
            run = evaluated(lambda x: apply(op, *x), [list(point)], [0], {})
            with run.opened():
                (forward,), reverse = columns_to_rows(run), backwards(run.outputs[0], run.variables, on_values=False)
            np.testing.assert_array_equal(forward, reverse, err_msg=str(point))


@given(expressions(variables=2))
def test_all_ways_to_a_gradient_agree(f: Expression) -> None:
    value, gradient = value_and_grad(lambda x: f(*x))(list(f.point))
    assert value == f(*f.point) or not isfinite(value)
    assert gradient == grad(lambda x: f(*x))(list(f.point))
    assert gradient == pytest.approx(list(value_and_grad(f, argnums=(0, 1))(*f.point)[1]))
    assert gradient == pytest.approx(list(vjp(f, *f.point)[1](1.0)))
