"""`Value`: what it accepts and refuses, how it behaves among numbers and arrays, and graphs of any size."""

import copy
import gc
import math
import operator
import pickle
import sys
import threading

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograd import Value, exp, grad, no_grad
from autograd.graph import depth, topological_order


def test_the_published_numbers_of_micrograd() -> None:
    a, b = Value(-4.0), Value(2.0)
    c = a + b
    d = a * b + b**3
    c += c + 1
    c += 1 + c + (-a)
    d += d * 2 + (b + a).relu()
    d += 3 * d + (b - a).relu()
    e = c - d
    f = e**2
    g = f / 2.0
    g += 10.0 / f
    g.backward()
    assert f"{g.data:.4f} {a.grad:.4f} {b.grad:.4f}" == "24.7041 138.8338 645.5773"


# Among numbers


@given(st.floats(allow_nan=False), st.floats(allow_nan=False))
def test_comparisons_are_those_of_the_data(a: float, b: float) -> None:
    for relation in (operator.lt, operator.le, operator.gt, operator.ge):
        assert relation(Value(a), Value(b)) is relation(Value(a), b) is relation(a, Value(b)) is relation(a, b)


def test_equality_and_hashing_are_identity() -> None:
    x, y = Value(1.0), Value(1.0)
    assert x == x
    assert x != y
    assert x != 1.0
    assert len({x, y, x}) == 2


def test_it_is_a_number_for_python_and_prints_as_one() -> None:
    x = Value(2.5)
    assert float(x) == 2.5
    assert math.sqrt(Value(4.0)) == 2.0
    assert f"{x:.2f} {x:g}" == "2.50 2.5"
    assert f"{x}" == str(x) == repr(x) == "Value(data=2.5, grad=0.0)"
    assert repr(Value(1, label="w")) == "Value(data=1.0, grad=0.0, label='w')"
    assert +x is x
    assert (-x).data == -abs(-x).data == -2.5


# The chain rule


def test_backward_needs_something_to_differentiate() -> None:
    x = Value(2.0)
    with no_grad():
        unrecorded = x * x
    for constant in (x.detach(), Value(2.0, requires_grad=False) + 1, unrecorded):
        with pytest.raises(ValueError, match=r"backward\(\) from a constant"):
            constant.backward()


def test_backward_from_a_leaf_gives_one() -> None:
    x = Value(2.0)
    x.backward()
    assert x.grad == 1.0


def test_constants_get_no_gradient() -> None:
    x, constant = Value(2.0), Value(3.0, requires_grad=False)
    (x * constant + 4.0).backward()
    assert (x.grad, constant.grad) == (3.0, 0.0)
    assert not constant.requires_grad


def test_a_partial_derivative_of_a_constant_is_not_even_computed() -> None:
    x = Value(-2.0)
    (x**3).backward()  # the derivative by the exponent would be nan
    assert x.grad == 12.0


def test_inner_nodes_show_the_gradient_of_the_last_backward() -> None:
    x = Value(3.0)
    square = x * x
    y = square * 2
    y.backward()
    y.backward()
    assert (x.grad, square.grad, y.grad) == (24.0, 2.0, 1.0)


def test_grad_by_any_node_and_by_what_does_not_matter() -> None:
    x, other = Value(3.0), Value(1.0)
    square = x * x
    assert grad(square * 2, [square, x, other]) == [2.0, 12.0, 0.0]
    assert [d.data for d in grad(square * 2, [square, other], create_graph=True)] == [2.0, 0.0]
    assert grad(x, [x]) == [1.0]


def test_grad_to_any_order() -> None:
    x = Value(0.5)
    derivative = exp(2 * x)
    for _ in range(5):
        (derivative,) = grad(derivative, [x], create_graph=True)
    assert derivative.data == pytest.approx(32 * math.e)


@pytest.mark.parametrize(
    ("attempt", "error", "words"),
    [
        (lambda x: grad(x * x, x), TypeError, "inputs is one Value; give a sequence"),
        (lambda x: grad(x * x), TypeError, r"by which Values\? Give a sequence of them"),
        (lambda x: grad(lambda y: y * x), TypeError, r"The gradient of a function is autograd\.derivatives\.grad\(f\)"),
        (lambda x: grad(x * x, [1.0]), TypeError, r"inputs\[0\] must be a Value, got float"),
        (lambda x: grad(1.0, [x]), TypeError, "output must be a Value, got float"),
        (lambda x: grad(x * x, [x, x.detach()]), ValueError, r"inputs\[1\] is a constant"),
    ],
)
def test_grad_refuses_what_it_cannot_differentiate(attempt, error, words: str) -> None:
    with pytest.raises(error, match=words):
        attempt(Value(2.0))


# no_grad and detach


def test_no_grad_records_nothing_nests_and_ends_with_its_block() -> None:
    x = Value(2.0)
    with no_grad():
        with no_grad():
            assert not (x * x).requires_grad
        assert (x * x).inputs == ()
    assert (x * x).requires_grad


def test_recording_goes_on_after_an_error_in_no_grad() -> None:
    with pytest.raises(TypeError), no_grad():
        exp("2")
    assert exp(Value(2.0)).requires_grad


def test_no_grad_decorates_functions() -> None:
    @no_grad()
    def square(x: Value) -> Value:
        return x * x

    for _ in range(2):
        assert not square(Value(2.0)).requires_grad
    assert (Value(2.0) * 2).requires_grad


def test_no_grad_holds_for_its_own_thread_only() -> None:
    recorded = []
    with no_grad():
        thread = threading.Thread(target=lambda: recorded.append((Value(2.0) * 2).requires_grad))
        thread.start()
        thread.join()
    assert recorded == [True]


def test_threads_with_graphs_of_their_own_do_not_disturb_each_other() -> None:
    gradients: dict[int, float] = {}

    def work(n: int) -> None:
        x = Value(1.0)
        for _ in range(20):
            y = x
            for _ in range(100):
                y = y + n * x
            y.backward()
        gradients[n] = x.grad

    threads = [threading.Thread(target=work, args=(n,)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert gradients == {n: 20.0 * (1 + 100 * n) for n in range(4)}


def test_detach_keeps_number_and_label_and_forgets_the_rest() -> None:
    y = Value(2.0) * 3
    y.label = "y"
    detached = y.detach()
    assert (detached.data, detached.label, detached.is_leaf, detached.requires_grad) == (6.0, "y", True, False)


# Copies


@pytest.mark.parametrize("copied", [copy.copy, copy.deepcopy, lambda x: pickle.loads(pickle.dumps(x))])
def test_leaves_can_be_copied(copied) -> None:
    x = Value(2.0, label="w")
    x.grad = 0.5
    for leaf in (x, Value(3.0, requires_grad=False)):
        y = copied(leaf)
        assert y is not leaf
        assert (y.data, y.grad, y.label, y.requires_grad) == (leaf.data, leaf.grad, leaf.label, leaf.requires_grad)


@pytest.mark.parametrize("copied", [copy.copy, copy.deepcopy, pickle.dumps])
def test_results_cannot_be_copied(copied) -> None:
    with pytest.raises(TypeError, match="only leaves can be copied and pickled"):
        copied(Value(2.0) * 2)


# Size


def test_a_chain_of_a_million_nodes_builds_differentiates_and_is_freed() -> None:
    gc.collect()
    before = sys.getallocatedblocks()
    x = y = Value(1.0)
    for _ in range(1_000_000):
        y = y + 1.0
    y.backward()
    assert (y.data, x.grad) == (1_000_001.0, 1.0)
    assert depth(y) == 1_000_000
    gc.disable()  # there are no cycles for the collector to find
    try:
        del x, y
        assert sys.getallocatedblocks() - before < 10_000
    finally:
        gc.enable()


def test_a_sum_of_300_000_operands() -> None:
    leaves = [Value(1.0) for _ in range(300_000)]
    total = sum(leaves)
    total.backward()
    assert total.data == 300_000.0
    assert {leaf.grad for leaf in leaves} == {1.0}
    assert len(topological_order(total)) == 600_001  # the leaves, their sums, and the zero that sum() starts from


def test_a_node_that_is_used_by_all_others_is_visited_once() -> None:
    y = Value(1e-3)
    for _ in range(200):  # 2**200 paths
        y = y + y
    x = topological_order(y)[0]
    y.backward()
    assert x.grad == 2.0**200


def test_second_derivatives_of_a_long_chain() -> None:
    x = y = Value(0.5)
    for _ in range(20_000):
        y = y * 1.0 + x * 1e-6
    (slope,) = grad(y * y, [x], create_graph=True)
    assert grad(slope, [x]) == pytest.approx([2 * 1.02**2])
