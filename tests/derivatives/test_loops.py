"""The law of loops: a step that is recorded once and repeated has the derivatives of the loop written out."""

import tracemalloc

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograd import Value, engine, exp, sin, tanh
from autograd.contract import RecordError
from autograd.derivatives import jvp, scan
from autograd.derivatives import vjp as vjp_of


def turn(carry: list, x: list) -> list:
    """Some step, which mixes all that it is given."""
    a, b, cost = carry
    return [tanh(a * x[0] + b), sin(b) - a * x[1], cost + a * b]


numbers = st.floats(-2, 2).map(lambda x: round(x, 3))


def arrays(*shape: int) -> st.SearchStrategy[np.ndarray]:
    size = int(np.prod(shape))
    return st.lists(numbers, min_size=size, max_size=size).map(lambda x: np.array(x).reshape(shape))


@given(st.integers(0, 30).flatmap(lambda n: st.tuples(arrays(3), arrays(n, 2), arrays(3))))
def test_it_has_the_derivatives_of_the_loop_written_out(problem: tuple) -> None:
    carry, xs, u = problem

    def unrolled(carry: list, xs: list) -> list:
        for x in xs:
            carry = turn(carry, x)
        return carry

    expected, expected_back = vjp_of(unrolled, carry.tolist(), xs.tolist())
    found, back = LOOP.vjp(carry, xs)
    np.testing.assert_allclose(found, expected, rtol=1e-12, atol=1e-12)
    np.testing.assert_array_equal(LOOP(carry, xs), found)
    by_carry, by_xs = expected_back(u.tolist())
    pulled = back(u)
    np.testing.assert_allclose(pulled.carry, by_carry, rtol=1e-9, atol=1e-9)
    np.testing.assert_allclose(pulled.xs, np.reshape(by_xs, xs.shape), rtol=1e-9, atol=1e-9)


LOOP = scan(turn, [0.1, 0.2, 0.0], [0.3, 0.4])


@given(arrays(2, 3), arrays(5, 2), arrays(2, 3))
def test_rows_go_their_own_ways(carry: np.ndarray, xs: np.ndarray, u: np.ndarray) -> None:
    """And share `xs`, or have their own."""
    alone = [LOOP.vjp(row, xs) for row in carry]
    each = [back(v) for (_, back), v in zip(alone, u, strict=True)]
    for given_xs, expected in (
        (xs, each[0].xs + each[1].xs),
        (np.stack([xs, xs], 1), np.stack([p.xs for p in each], 1)),
    ):
        found, back = LOOP.vjp(carry, given_xs)
        np.testing.assert_allclose(found, [last for last, _ in alone], rtol=1e-12, atol=1e-12)
        pulled = back(u)
        np.testing.assert_allclose(pulled.carry, [p.carry for p in each], rtol=1e-9, atol=1e-9)
        np.testing.assert_allclose(pulled.xs, expected, rtol=1e-9, atol=1e-9)


def test_the_path_is_what_is_carried_after_every_step() -> None:
    count = scan(lambda carry: [carry[0] + 1, carry[1] * 2], [0.0, 1.0])
    assert count.path([0.0, 1.0], length=3).tolist() == [[1, 2], [2, 4], [3, 8]]
    assert count.path([[0.0, 1.0], [5.0, 0.0]], length=2).tolist() == [[[1, 2], [6, 0]], [[2, 4], [7, 0]]]
    assert count([0.0, 1.0], length=0).tolist() == [0, 1]
    assert count.vjp([0.0, 1.0], length=3)[1]([1.0, 1.0]).xs is None


def test_parameters_get_their_derivatives_too() -> None:
    w, b = Value(0.7), Value(-0.2)
    loop = scan(lambda carry: [tanh(w * carry[0] + b)], [0.0])
    starts, length = np.array([[0.5], [-1.0]]), 12

    def total(w: Value, b: Value) -> Value:
        ends = [Value(x, requires_grad=False) for x in starts[:, 0]]
        for _ in range(length):
            ends = [tanh(w * x + b) for x in ends]
        return ends[0] + 3 * ends[1]

    _, back = loop.vjp(starts, length=length)
    assert loop.parameters == (w, b)
    np.testing.assert_allclose(back([[1.0], [3.0]]).parameters, vjp_of(total, w.data, b.data)[1](1.0), rtol=1e-12)


def test_forward_mode_carries_its_tangent_and_is_the_adjoint() -> None:
    def both(carry: list) -> list:
        place, change = jvp(lambda c: turn(c, [0.3, -0.8]), (carry[:3],), (carry[3:],))
        return [*place, *change]

    start, v, u = np.random.default_rng(0).normal(size=(3, 3))
    change = scan(both, [0.0] * 6)(np.concatenate([start, v]), length=50)[3:]
    pulled = LOOP.vjp(start, np.tile([0.3, -0.8], (50, 1)))[1](u)
    assert u @ change == pytest.approx(pulled.carry @ v, rel=1e-9)


@pytest.mark.skipif(engine == "python", reason="the same loop, and slow where every number is traced")
def test_memory_grows_as_the_root_of_the_steps() -> None:
    loop = scan(lambda carry: [x * 0.999 for x in carry], [1.0] * 50)

    def peak(steps: int) -> int:
        tracemalloc.start()
        loop.vjp(np.ones((20, 50)), length=steps)[1](np.ones((20, 50)))
        _, most = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        return most

    peak(10)
    assert peak(1600) < 4.5 * peak(100)  # 16 times as many steps, each of 8000 bytes


def test_what_cannot_be_is_told() -> None:
    with pytest.raises(RecordError, match="the step was given 2 numbers to carry, and returned 1"):
        scan(lambda carry: carry[:1], [1.0, 2.0])
    loop = scan(lambda carry: [exp(x) for x in carry], [1.0, 2.0])
    with pytest.raises(ValueError, match=r"expected 2 numbers to carry, or rows of them, got an array of \(3,\)"):
        loop([1.0, 2.0, 3.0], length=1)
    with pytest.raises(ValueError, match="expected `length`, as its steps take no x, got xs=None and length=None"):
        loop([1.0, 2.0])
    with pytest.raises(ValueError, match="expected `xs`, with an item for each step, got xs=None and length=3"):
        LOOP([1.0, 2.0, 3.0], length=3)
    held = scan(lambda carry, x: [carry[0] * x[0]], [1.0], [1.0])
    for xs in (np.ones(3), np.ones((3, 2)), np.ones((3, 4, 1)), np.ones((3, 5, 2)), 1.0):
        with pytest.raises(ValueError, match=r"expected xs of steps x 1 numbers, or steps x 5 x 1, got an array of \("):
            held(np.ones((5, 1)), xs)
    assert held([2.0], np.full((3, 1, 1), 2.0)).tolist() == [16.0]
