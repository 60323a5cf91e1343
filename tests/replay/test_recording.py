"""A recorded function, replayed, does what the function does: on both engines, and in plain Python."""

import pickle
import warnings
from collections import namedtuple
from functools import partial
from math import inf, nan

import numpy as np
import pytest
from perceptron import Perceptron, squared_error

from autograd import Op, RecordError, Update, Value, apply, grad, log, maximum, record, sqrt, where
from autograd.arrays import Values
from autograd.derivatives import grad as gradient_of

pytestmark = pytest.mark.usefixtures("either_replay")


def test_the_gradient_is_that_of_the_mean_node_by_node(numbers):
    model = Perceptron(3, numbers)
    X, Y = numbers.normal(size=(20, 3)), numbers.normal(size=20)
    loss = record(squared_error(model), [0.0] * 3, 0.0)

    total = sum(squared_error(model)(x, y) for x, y in zip(X.tolist(), Y.tolist(), strict=True)) / 20
    expected = grad(total, [*model.w, model.b])
    assert set(loss.parameters) == {*model.w, model.b}
    assert loss.backward(X, Y) == pytest.approx(total.data)
    assert [p.grad for p in (*model.w, model.b)] == pytest.approx(expected)
    loss.backward(X, Y)
    assert [p.grad for p in (*model.w, model.b)] == pytest.approx([2 * d for d in expected])


def test_value_and_grad_touches_nothing(numbers):
    model = Perceptron(2, numbers)
    loss = record(squared_error(model), [0.0] * 2, 0.0)
    X, Y = numbers.normal(size=(5, 2)), numbers.normal(size=5)
    mean, gradient = loss.value_and_grad(X, Y)
    assert all(p.grad == 0 for p in loss.parameters)
    assert mean == pytest.approx(loss(X, Y).mean())
    assert loss.backward(X, Y) == mean
    assert gradient.tolist() == [p.grad for p in loss.parameters]


def test_leaves_are_read_at_every_call():
    w, frozen = Value(2.0), Value(0.0, requires_grad=False)
    f = record(lambda x: w * x + frozen * 3 + x**frozen, 1.0)
    assert f([1.0, 2.0]).tolist() == [3.0, 5.0]
    w.data, frozen.data = 3.0, 2.0
    assert f([1.0, 2.0]).tolist() == [3 + 6 + 1, 6 + 6 + 4]
    assert f.parameters == (w,)


def test_what_does_not_depend_on_the_inputs():
    w = Value(3.0)
    f = record(lambda _: w * w, 1.0)
    assert f([1.0, 2.0]).tolist() == [9.0, 9.0]
    assert f.value_and_grad([1.0, 2.0])[1].tolist() == [6.0]
    assert record(lambda x: x, 1.0)([1.0, 2.0]).tolist() == [1.0, 2.0]
    assert record(lambda _: w, 1.0).value_and_grad([1.0])[1].tolist() == [1.0]


def test_several_values_are_several_columns():
    f = record(lambda x, y: (x + y, [x * y]), 0.0, 0.0)
    assert f([1.0, 2.0], [3.0, 4.0]).tolist() == [[4.0, 3.0], [6.0, 8.0]]
    assert record(lambda x: [x], 0.0)([1.0]).shape == (1, 1)
    with pytest.raises(ValueError, match="several Values"):
        f.backward([1.0], [2.0])
    with pytest.raises(ValueError, match="several Values"):
        f.backward(np.ones(1), np.ones(1))


def test_gradients_by_the_inputs_are_shaped_like_them(numbers):
    X, s = numbers.normal(size=(4, 2, 2)), numbers.normal(size=4)
    f = record(
        lambda x, more: x[0][0] * x[1][1] + x[0][1] * more["s"].sin() * more["t"][0],
        [[0.0] * 2] * 2,
        {"s": 0.0, "t": [0.0]},
    )
    by_x, by_more = f.input_gradients(X, {"s": s, "t": np.ones((4, 1))})
    assert by_x.shape == X.shape
    assert by_x[:, 0, 0] == pytest.approx(X[:, 1, 1])
    assert by_x[:, 1, 0].tolist() == [0.0] * 4
    assert by_more["s"] == pytest.approx(X[:, 0, 1] * np.cos(s))
    assert by_more["t"][:, 0] == pytest.approx(X[:, 0, 1] * np.sin(s))


# Structures


def test_arguments_keep_their_shape():
    def f(pair, table, named):
        assert isinstance(pair, tuple)
        assert isinstance(table, np.ndarray)
        assert table.shape == (2, 2)
        return pair[0] * pair[1] + (table @ table)[0, 1] + named["k"][1]

    g = record(f, (1.0, 2.0), np.ones((2, 2)), {"k": [1, 2]})
    assert g((np.array([3.0]), [4.0]), np.ones((1, 2, 2)), {"k": [[5, 6]]}).tolist() == [20.0]
    assert g(np.array([[3.0, 4.0]]), np.ones((1, 2, 2)), {"k": [[5, 6]]}).tolist() == [20.0]


def test_a_new_structure_is_recorded_again_and_kept(numbers):
    calls = []

    def mean(xs):
        calls.append(type(xs))
        return sum(xs, 0.0) / len(xs)

    f = record(mean, (1.0, 2.0))
    for length in (2, 3, 5, 3, 2):
        X = numbers.normal(size=(4, length))
        assert f(X) == pytest.approx(X.mean(axis=1))
    assert calls == [tuple, tuple, tuple]
    with pytest.raises(ValueError, match="none to record"):
        f(np.ones((0, 9)))


def test_a_new_structure_keeps_the_kinds_of_the_example():
    seen = []

    def f(pair, named, table, none):
        seen.append((type(pair[0]), type(pair[1]), type(named["a"]), type(table), none))
        return sum([*pair[0], pair[1], *named["a"], *table.ravel()], 0.0)

    g = record(f, ([1.0], 2.0), {"a": [1.0]}, np.ones((1, 1)), [])
    empty = np.ones((2, 0))
    assert g(([[1.0], [2.0]], [3.0, 4.0]), {"a": np.ones((2, 1))}, np.ones((2, 1, 1)), empty).tolist() == [6.0, 8.0]
    wider = g((np.ones((2, 2)), [3.0, 4.0]), {"a": np.ones((2, 2))}, np.ones((2, 1, 2)), empty)
    assert wider.tolist() == [9.0, 10.0]
    assert seen == [(list, Value, list, Values, [])] * 2
    by_pair, *_ = g.input_gradients((np.ones((2, 2)), [3.0, 4.0]), {"a": np.ones((2, 2))}, np.ones((2, 1, 2)), empty)
    assert [by.shape for by in by_pair] == [(2, 2), (2,)]


@pytest.mark.filterwarnings("ignore:the matrix subclass:PendingDeprecationWarning")
def test_a_matrix_is_an_array():
    f = record(lambda v: (v * v).sum(), np.matrix([[1.0, 2.0]]))
    assert f(np.array([[[3.0, 4.0]]])).tolist() == [25.0]


def test_tuples_with_named_fields_keep_them():
    Point, w = namedtuple("Point", "x y"), Value(3.0)
    f = record(lambda p: sum(p.x, 0.0) * w - p.y, Point([1.0], 2.0))
    for width in (1, 2):
        for batch in (Point(np.ones((4, width)), np.ones(4)), (np.ones((4, width)), np.ones(4))):
            assert f(batch).tolist() == [3.0 * width - 1.0] * 4
            (by,) = f.input_gradients(batch)
            assert type(by) is type(batch)
            assert (by[0].tolist(), by[1].tolist()) == ([[3.0] * width] * 4, [-1.0] * 4)
    assert record(gradient_of(lambda p: p.x * p.y**2), Point(1.0, 2.0))(Point([1.0], [3.0])).tolist() == [[9.0, 6.0]]


def test_parameters_of_all_structures_have_one_order():
    w = [Value(1.0), Value(2.0), Value(3.0)]
    f = record(lambda xs: sum((w[len(xs) - 1 - i] * x for i, x in enumerate(xs)), 0.0), [1.0])
    assert f.value_and_grad([[5.0]])[1].tolist() == [5.0]
    assert f.value_and_grad([[5.0, 6.0, 7.0]])[1].tolist() == [7.0, 5.0, 6.0]
    parameters = f.parameters
    assert parameters == (w[0], w[2], w[1])
    assert f.value_and_grad([[5.0]])[1].tolist() == [5.0, 0.0, 0.0]
    assert f.value_and_grad([[5.0, 6.0]])[1].tolist() == [6.0, 0.0, 5.0]
    assert f.parameters is parameters


def test_arrays_of_other_types_are_converted():
    f = record(lambda x, y: x - y, 0.0, 0.0)
    for kind in (np.int64, np.float32, bool):
        assert f(np.ones(3, kind), np.zeros(3, kind)).tolist() == [1.0, 1.0, 1.0]
    assert f(np.arange(6.0)[::2], memoryview(np.zeros(3))).tolist() == [0.0, 2.0, 4.0]


def test_batches_that_cannot_be():
    f = record(lambda x, y: x - y, 0.0, 0.0)
    with pytest.raises(ValueError, match="rows"):
        f([1.0, 2.0], [1.0])
    with pytest.raises(ValueError, match="rows"):
        f(np.ones(2), np.ones(3))
    for wrong in ((np.ones(2), np.ones(3)), (np.float64(1.0), np.float64(2.0))):
        assert f(np.ones(2), np.ones(2)).tolist() == [0.0, 0.0]
        with pytest.raises(ValueError, match="rows"):
            f(*wrong)
    with pytest.raises(ValueError, match="first axis is rows"):
        f(1.0, 2.0)
    with pytest.raises(ValueError, match="no rows"):
        f.backward([], [])
    assert f([], []).tolist() == []
    with pytest.raises(ValueError, match="an array for each argument of the function: there is none"):
        f()


def test_many_arguments():
    f = record(lambda *xs: sum(xs, 0.0), *[0.0] * 20)
    assert f(*[[float(i)] for i in range(20)]).tolist() == [190.0]
    assert f(*[np.zeros(0)] * 20).tolist() == []
    with pytest.raises(ValueError, match="expected arrays with the same number of rows, got"):
        f(*[np.zeros(2)] * 19, np.zeros(3))


# Looking inside


def test_the_graph_of_a_row_is_made_of_values(numbers):
    model = Perceptron(2, numbers)
    model.b.label = "b"
    loss = record(squared_error(model), [1.0, 2.0], 0.0)
    root = loss.graph()
    assert root.data == pytest.approx(squared_error(model)([1.0, 2.0], 0.0).data)
    X, Y = numbers.normal(size=(3, 2)), numbers.normal(size=3)
    assert loss.graph(X, Y, row=2).data == pytest.approx(loss(X, Y)[2])
    root.backward()
    assert model.b.grad != 0
    outputs = record(lambda x: [x, x * 2], 3.0).graph()
    assert [y.data for y in outputs] == [3.0, 6.0]


def test_labels_survive():
    def f(x):
        y = x * 2
        y.label = "twice"
        return y.log()

    g = record(f, 1.0)
    assert "twice" in str(g.first_nonfinite([1.0, 0.0]))


def test_print_says_how_large_it_is():
    w = Value(1.0)
    text = repr(record(lambda x: w * x, 1.0))
    assert "1 parameters" in text
    assert "1 operations" in text


@pytest.mark.parametrize("bad", [0.0, inf, nan])
def test_results_that_are_not_finite_name_the_row(bad):
    w = Value(1.0)
    f = record(lambda x: w * log(x), 1.0)
    X = np.array([1.0, 2.0, bad])
    for call in (f, f.backward):
        with pytest.warns(RuntimeWarning, match="row 2"):
            call(X)
    assert f.first_nonfinite(X).node.data in (-inf, inf) or bad != bad
    assert f.first_nonfinite(X, row=0) is None
    assert f.first_nonfinite(X[:2]) is None


def test_a_gradient_that_is_not_finite_names_the_row():
    w = Value(1.0, label="w")
    f = record(lambda x: sqrt(w * x), 1.0)
    with pytest.warns(RuntimeWarning, match="row 1 of the batch makes the gradient of w nan"):
        f.value_and_grad([1.0, 0.0])


def test_finite_rows_whose_sum_overflows():
    f = record(lambda x: x * 1.0, 1.0)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert f([1e308, 1e308]).tolist() == [1e308, 1e308]
    with pytest.warns(RuntimeWarning, match="their sum is not"):
        f.backward([1e308, 1e308])


def test_a_pickled_recording_replays_without_the_function(numbers):
    model = Perceptron(2, numbers)
    loss = record(squared_error(model), [0.0, 0.0], 0.0)
    X, Y = numbers.normal(size=(3, 2)), numbers.normal(size=3)
    text = pickle.dumps(loss)
    assert b"lambda" not in text
    assert b"squared_error" not in text
    copy = pickle.loads(text)
    assert copy(X, Y).tolist() == loss(X, Y).tolist()
    assert copy.value_and_grad(X, Y)[1].tolist() == loss.value_and_grad(X, Y)[1].tolist()
    assert copy.graph().data == loss.graph().data
    assert not set(copy.parameters) & set(loss.parameters)
    with pytest.raises(RecordError, match="has no function"):
        copy(np.ones((3, 5)), Y)


@pytest.mark.parametrize("threads", [0, -2])
def test_no_threads_are_refused(threads: int) -> None:
    w = Value(1.0)
    loss = record(lambda x: w * x, 1.0)
    rule = Update([w], lambda p, gradient: [p - gradient])
    for call in (loss, loss.backward, loss.value_and_grad, loss.input_gradients, partial(rule.step, loss)):
        with pytest.raises(ValueError, match=f"threads is {threads}: it must be 1 or more"):
            call([1.0, 2.0], threads=threads)


def test_parameters_may_be_of_a_subclass() -> None:
    class Weight(Value):
        pass

    w = Weight(2.0)
    loss = record(lambda x: w * x, 1.0)
    assert loss([1.0, 2.0]).tolist() == [2.0, 4.0]
    assert Update([w], lambda p, gradient: [p - gradient]).step(loss, [1.0, 2.0]) == 3.0
    assert w.data == 0.5


def test_array_likes_of_shapes_that_arrays_had() -> None:
    class Like:
        shape = (2, 1)

        def __array__(self, dtype=None, copy=None):
            return np.array([[1.0], [2.0]], dtype)

    f = record(lambda x: x[0] * x[0], [1.0])
    assert f(np.array([[1.0], [2.0]])).tolist() == f(Like()).tolist() == [1.0, 4.0]
    (by_x,) = f.input_gradients(np.array([[1.0], [2.0]]))
    assert by_x.tolist() == f.input_gradients(Like())[0].tolist() == [[2.0], [4.0]]


def test_threads_give_the_same_result_every_time(numbers):
    model = Perceptron(4, numbers)
    loss = record(squared_error(model), [0.0] * 4, 0.0)
    X, Y = numbers.normal(size=(1001, 4)), numbers.normal(size=1001)
    alone = loss.value_and_grad(X, Y)
    for threads in (2, 3):
        mean, gradient = loss.value_and_grad(X, Y, threads=threads)
        again = loss.value_and_grad(X, Y, threads=threads)
        assert (mean, gradient.tolist()) == (again[0], again[1].tolist())
        assert mean == pytest.approx(alone[0], rel=1e-12)
        assert gradient == pytest.approx(alone[1], rel=1e-12)
        assert loss(X, Y, threads=threads).tolist() == loss(X, Y).tolist()
    assert loss(X[:1], Y[:1], threads=4).tolist() == loss(X[:1], Y[:1]).tolist()


def test_a_branch_by_the_table_can_be_replayed():
    f = record(lambda x: maximum(x, -x), 1.0)
    assert f([-2.0, 3.0]).tolist() == [2.0, 3.0]
    w = Value(10.0)
    g = record(lambda x, y: where(x.greater(y), w * x, y), 0.0, 0.0)
    assert g([1.0, 2.0, nan], [2.0, 1.0, 5.0]).tolist() == [2.0, 20.0, 5.0]
    assert g.value_and_grad([1.0, 2.0, 3.0], [2.0, 1.0, 3.0]) == (25 / 3, pytest.approx([2 / 3]))
    assert [by.tolist() for by in g.input_gradients([1.0, 2.0], [2.0, 1.0])] == [[0.0, 10.0], [1.0, 0.0]]


@pytest.mark.parametrize("choose", [lambda x, y: x if y == 1 else -x, lambda x, y: x if y else -x, lambda x, y: x != y])
def test_equality_and_truth_are_refused(choose):
    with pytest.raises(RecordError, match=r"compared with ==|truth of a Value"):
        record(choose, 1.0, 1.0)


def test_what_depends_on_constants_only_gets_no_gradient():
    w, c = Value(3.0), Value(2.0, requires_grad=False)
    f = record(lambda x: w * x * (c * 5), 1.0)
    assert f.value_and_grad([1.0, 2.0]) == (45.0, pytest.approx([15.0]))


def test_an_operation_that_is_not_of_the_table_is_replayed_and_trained():
    cube = Op("cube", "cube", "a * a * a", ("3 * a * a",))
    w = Value(2.0)
    loss = record(lambda x: apply(cube, w * x), 1.0)
    for copied in (loss, pickle.loads(pickle.dumps(loss))):
        assert copied([1.0, 2.0]).tolist() == [8.0, 64.0]
    assert loss.value_and_grad([1.0, 2.0])[1].tolist() == [(12.0 + 96.0) / 2]
    assert Update([w], lambda p, gradient: [p - gradient / 54]).step(loss, [1.0, 2.0]) == 36.0
    assert w.data == 1.0
