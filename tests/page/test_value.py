"""`Value`: what it accepts and refuses, how it behaves among numbers and arrays, and graphs of any size."""

import copy
import gc
import math
import operator
import pickle
import random
import sys
import threading
from decimal import Decimal
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import autograd
from autograd import Value, exp, grad, hypot, no_grad, relu
from autograd.graph import depth, topological_order
from autograd.ops import TABLE

finite = st.floats(-1e6, 1e6)
arithmetic = pytest.mark.parametrize(
    "apply", [operator.add, operator.sub, operator.mul, operator.truediv, operator.pow]
)


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


# Numbers


@arithmetic
@given(a=finite, b=finite)
def test_operators_take_plain_numbers_on_either_side(apply, a: float, b: float) -> None:
    values = [apply(Value(a), Value(b)).data, apply(Value(a), b).data, apply(a, Value(b)).data]
    assert values[0] == values[1] == values[2] or all(map(math.isnan, values))


@pytest.mark.parametrize(
    "number", [2, 2.0, True, Fraction(5, 2), Decimal("2.5"), np.float64(2.5), np.float32(2.5), np.int64(2), np.True_]
)
def test_any_real_number_is_a_number(number) -> None:
    assert Value(number).data == (Value(1.0) * number).data == float(number)
    assert type(Value(number).data) is float
    assert (Value(1.0) * number).inputs[1].data == float(number)


def test_an_array_without_axes_is_a_number() -> None:
    assert Value(np.array(3.0)).data == (Value(1.0) + np.array(2.0)).data == 3.0


BAD_NUMBERS = [
    *(
        "3",
        b"3",
        np.str_("3"),
        np.bytes_(b"3"),
        None,
        1j,
        np.complex64(1),
        [1.0],
        (1.0,),
        {},
        object(),
        Value,
        [Value(1.0)],
    ),
]


@pytest.mark.parametrize("bad", BAD_NUMBERS, ids=lambda bad: type(bad).__name__)
def test_what_is_no_real_number_is_refused_by_its_type(bad) -> None:
    x = Value(1.0)
    kind = "complex" if isinstance(bad, complex | np.complexfloating) else type(bad).__name__
    words = f"expected a real number, got .*{kind}"
    attempts = [
        lambda: Value(bad),
        lambda: x + bad,
        lambda: bad - x,
        lambda: x**bad,
        lambda: hypot(x, bad),
        lambda: exp(bad),
        lambda: x < bad,
        lambda: x >= bad,
        lambda: setattr(x, "data", bad),
        lambda: setattr(x, "grad", bad),
    ]
    for attempt in attempts:
        with pytest.raises(TypeError, match=words):
            attempt()
    assert (x.data, x.grad) == (1.0, 0.0)


@pytest.mark.parametrize("array", [np.array([1.0]), np.ones((2, 2))])
def test_an_array_is_no_number(array) -> None:
    for attempt in (lambda: Value(array), lambda: exp(array), lambda: setattr(Value(1.0), "data", array)):
        with pytest.raises(TypeError, match="one Value for each element"):
            attempt()


def test_a_value_is_no_plain_number() -> None:
    x = Value(1.0)
    for attempt in (lambda: Value(x), lambda: setattr(x, "data", x), lambda: setattr(x, "grad", x)):
        with pytest.raises(TypeError, match=r"got a Value: use x\.data for its number, or x\.detach\(\)"):
            attempt()


@pytest.mark.parametrize("op", TABLE.values(), ids=lambda op: op.name)
def test_a_function_counts_its_operands(op) -> None:
    for count in {0, 1, 2, 3} - {len(op.operands)}:
        with pytest.raises(TypeError, match=rf"{op.name}\(.*\) got {count} operands"):
            getattr(Value(1.0), op.name)(*[1.0] * (count - 1)) if count else getattr(Value, op.name)()


@pytest.mark.parametrize("op", [op for op in TABLE.values() if op.symbol.isidentifier()], ids=lambda op: op.name)
def test_a_function_is_also_a_method(op) -> None:
    operands = [0.5, 2.0][: len(op.operands)]
    x, *rest = operands
    result = getattr(autograd, op.name)(*operands)
    assert not result.requires_grad
    made = getattr(Value(x), op.name)(*rest)
    assert made.op is op
    assert made.data == result.data or math.isnan(made.data)
    assert op.formula in getattr(autograd, op.name).__doc__


def test_data_and_grad_can_be_set() -> None:
    x = Value(1.0)
    x.data, x.grad = 3, np.float64(0.5)
    assert (x.data, x.grad) == (3.0, 0.5)
    assert type(x.data) is type(x.grad) is float


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


# NumPy


def test_arrays_and_values_combine_element_by_element() -> None:
    x, array = Value(2.0), np.array([1.0, 3.0])
    for result in (x + array, array + x):
        assert [y.data for y in result] == [3.0, 5.0]
    assert [y.data for y in array - x] == [-1.0, 1.0]
    assert [y.data for y in x**array] == [2.0, 8.0]
    assert list(x < array) == list(array > x) == [False, True]


@pytest.mark.parametrize("number", [np.float64(3), np.float32(3), np.int64(3)])
@arithmetic
def test_numpy_scalars_on_the_left_give_values(apply, number) -> None:
    result = apply(number, Value(2.0))
    assert isinstance(result, Value)
    assert result.data == apply(3.0, 2.0)


def test_a_matrix_times_an_array_of_values() -> None:
    rng = np.random.default_rng(0)
    matrix = rng.normal(size=(3, 4))
    x = np.array([Value(number) for number in rng.normal(size=4)])
    y = matrix @ x
    y[1].backward()
    assert [v.grad for v in x] == pytest.approx(matrix[1])
    assert [v.data for v in y] == pytest.approx(matrix @ np.array([v.data for v in x]))
    assert np.sum(x).data == pytest.approx(sum(v.data for v in x))


IN_NUMPY = {op.name: op.ufunc or op.name for op in TABLE.values() if hasattr(np, op.ufunc or op.name)}
COMPARED_BY_NUMPY = {"maximum", "minimum", "greater", "greater_equal"}
CALLED_BY_METHOD = sorted(IN_NUMPY.keys() - {"pow"} - COMPARED_BY_NUMPY)


@pytest.mark.parametrize("name", CALLED_BY_METHOD)
def test_ufuncs_work_on_arrays_of_values(name: str) -> None:
    op = TABLE[name]
    operands = [[1.25, 1.5], [2.0, 3.0]] if name == "acosh" else [[0.25, 0.5], [2.0, 3.0]]
    arrays = [np.array(list(map(Value, x))) for x in operands[: len(op.operands)]]
    results = getattr(np, IN_NUMPY[name])(*arrays)
    assert all(result.op is op for result in results)
    assert [result.data for result in results] == [
        op.compute(*x) for x in zip(*operands[: len(op.operands)], strict=True)
    ]


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


@given(st.integers(0, 2**32))
def test_a_network_of_random_shape_has_the_gradient_of_numpy(seed: int) -> None:
    rng = random.Random(seed)
    n, m = rng.randint(1, 5), rng.randint(1, 5)
    weights = [[Value(rng.uniform(-1, 1)) for _ in range(n)] for _ in range(m)]
    inputs = [rng.uniform(-1, 1) for _ in range(n)]
    sum(relu(sum(w * x for w, x in zip(row, inputs, strict=True))) for row in weights).backward()
    numbers = np.array([[w.data for w in row] for row in weights])
    expected = np.outer(numbers @ inputs > 0, inputs)
    assert np.array([[w.grad for w in row] for row in weights]) == pytest.approx(expected)
