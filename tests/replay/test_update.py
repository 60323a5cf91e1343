"""Steps by a recorded rule change parameters as the rule says, or not at all: on both engines, and in plain Python."""

import pickle
from functools import partial
from math import inf

import numpy as np
import pytest
from perceptron import Perceptron, squared_error

from autograd import Op, RecordError, Update, Value, apply, record, sqrt

pytestmark = pytest.mark.usefixtures("either_replay")


def momentum(rate):
    def rule(p, gradient, velocity):
        velocity = 0.9 * velocity + gradient
        return p - rate * velocity, velocity

    return rule


def test_a_step_is_the_rule_for_every_parameter(numbers):
    model, rate = Perceptron(3, numbers), Value(0.1)
    stranger = Value(5.0)
    X, Y = numbers.normal(size=(10, 3)), numbers.normal(size=10)
    loss = record(squared_error(model), [0.0] * 3, 0.0)
    parameters = [model.b, stranger, *model.w]
    step = Update(parameters, momentum(rate), memories=1)

    expected, velocity = [p.data for p in parameters], [0.0] * 5
    for turn in range(3):
        rate.data = 0.1 / (1 + turn)
        mean, gradient = loss.value_and_grad(X, Y)
        derivative = dict(zip(loss.parameters, gradient.tolist(), strict=True))
        for i, p in enumerate(parameters):
            expected[i], velocity[i] = momentum(rate.data)(expected[i], derivative.get(p, 0.0), velocity[i])
        assert step.step(loss, X, Y, threads=1 + turn % 2) == pytest.approx(mean)
        assert [p.data for p in parameters] == pytest.approx(expected)
    assert step.remembered[0] == pytest.approx(velocity)
    assert all(p.grad == 0 for p in parameters)


@pytest.mark.parametrize("bad", [0.0, inf])
def test_a_step_that_would_spoil_the_parameters_is_not_taken(bad):
    w = Value(1.0)
    loss = record(lambda x: sqrt(w * x), 1.0)
    step = Update([w], momentum(Value(0.1)), memories=1)
    with pytest.raises(FloatingPointError, match="row 1"):
        step.step(loss, [1.0, bad])
    assert (w.data, step.remembered.tolist()) == (1.0, [[0.0]])


def test_a_batch_is_looked_at_each_time(numbers):
    w = Value(1.0)
    loss = record(lambda x, y: (w * x[0] - x[1] * y) ** 2, [0.5, 0.5], 1.0)
    update = Update([w], lambda p, gradient: [p - 0.01 * gradient])
    X, y = numbers.normal(size=(6, 2)), numbers.normal(size=6)

    def expected(*batch):
        mean, (derivative,) = loss.value_and_grad(*batch)
        return mean, w.data - 0.01 * derivative

    batches = [(X, y)] * 3 + [
        (X[:4], y[:4]),
        (X[::2], y[::2]),
        (X.astype("f4"), y),
        (X.tolist(), list(y)),
        (X, y),
        (X, y),
    ]
    for batch in batches:
        before = expected(*batch)
        assert (update.step(loss, *batch), w.data) == pytest.approx(before)
    for wrong in [(X, y[:3]), (X[:0], y[:0]), (X[:, :1], y), (X,), (X, np.array(1.0)), (X[:, 0], X[:, 1], y)]:
        number = w.data
        with pytest.raises((ValueError, TypeError, RecordError)):
            update.step(loss, *wrong)
        assert w.data == number


def test_an_update_that_overflows_is_taken_back():
    w, rate = Value(1.0), Value(0.5)
    loss = record(lambda x: w * x, 1.0)
    step = Update([w], momentum(rate), memories=1)
    step.step(loss, [2.0])
    before = (w.data, step.remembered.tolist())
    rate.data = 1e308
    with pytest.raises(FloatingPointError, match="the parameter 0 became -inf"):
        step.step(loss, [2.0])
    assert (w.data, step.remembered.tolist()) == before == (0.0, [[2.0]])
    rate.data = 0.5
    step.step(loss, [2.0])
    assert w.data == -0.5 * (0.9 * 2.0 + 2.0)


def test_a_step_starts_from_the_parameters_as_they_are_now():
    w = Value(1.0)
    loss = record(lambda x: w * x, 1.0)
    first, second = (Update([w], lambda p, gradient: [p - gradient]) for _ in range(2))

    def taken(update):
        update.step(loss, np.array([1.0]))
        return w.data

    assert [taken(first), taken(first)] == [0.0, -1.0]
    w.data = 5.0
    assert taken(first) == 4.0
    assert [taken(second), taken(first)] == [3.0, 2.0]
    w.__init__(7.0)
    assert taken(first) == 6.0
    first.apply(np.array([2.0]))
    assert taken(first) == 3.0


def test_an_optimiser_of_some_parameters_leaves_the_others(numbers):
    model = Perceptron(3, numbers)
    X, Y = numbers.normal(size=(10, 3)), numbers.normal(size=10)
    loss = record(squared_error(model), [0.0] * 3, 0.0)
    update = Update(model.w[::2], lambda p, gradient: [p - gradient])
    for _ in range(2):
        before = {p: p.data for p in loss.parameters}
        derivative = dict(zip(loss.parameters, loss.value_and_grad(X, Y)[1], strict=True))
        update.step(loss, X, Y)
        for p in loss.parameters:
            assert p.data == pytest.approx(before[p] - (derivative[p] if p in model.w[::2] else 0))
        model.b.data += 1


def test_a_rule_returns_what_it_remembers():
    with pytest.raises(ValueError, match="returned 2 numbers"):
        Update([Value(1.0)], lambda p, gradient: (p - gradient, p))


def test_no_parameter_is_given_twice() -> None:
    w = Value(1.0)
    with pytest.raises(ValueError, match="a parameter was given twice"):
        Update([w, w], lambda p, gradient: [p - gradient])


@pytest.mark.parametrize("other", [Value(1.0, requires_grad=False), Value(1.0) + 1])
def test_a_step_changes_leaves_that_require_a_gradient(other: Value) -> None:
    with pytest.raises(ValueError, match="a step changes leaves that require a gradient; got Value"):
        Update([Value(1.0), other], lambda p, gradient: [p - gradient])


@pytest.mark.parametrize("was", [True, False])
@pytest.mark.parametrize("is_known", [False, True])
def test_a_parameter_stays_one(was: bool, is_known: bool) -> None:
    a, b, c = Value(1.0, requires_grad=was), Value(2.0), Value(3.0)
    loss = record(lambda x: a * x[0] + b * x[1] + c * x[2], [0.0] * 3)
    rule, X = Update([b, c], lambda p, gradient: [p - gradient]), np.array([[1.0, 2.0, 3.0]])
    if is_known:
        loss.backward(X)
        rule.step(loss, X)
        rule.step(loss, X)
    a.requires_grad = not was
    before = loss(X).tolist()
    for call in (loss.backward, loss.value_and_grad, partial(rule.step, loss), partial(rule.step, loss, threads=2)):
        with pytest.raises(RecordError, match=r"was a (variable|constant) when the function was recorded, and is a"):
            call(X)
    assert loss(X).tolist() == before
    a.requires_grad = was
    loss.backward(X)
    rule.step(loss, X)


def test_a_copy_of_an_update_goes_on_alone() -> None:
    w, rate = Value(1.0), Value(0.1)
    rule = Update([w], momentum(rate), memories=1)
    loss = record(lambda x: (w - x) ** 2, 0.0)
    rule.step(loss, [3.0])
    w2, rule2, loss2 = pickle.loads(pickle.dumps((w, rule, loss)))
    assert rule.step(loss, [3.0]) == rule2.step(loss2, [3.0])
    rate.data = 0.0
    rule.step(loss, [3.0])
    rule2.step(loss2, [3.0])
    assert w.data != w2.data
    assert rule.remembered.tolist() == rule2.remembered.tolist()


def test_what_is_remembered_stays_finite() -> None:
    w = Value(1.0, label="w")
    rule = Update([w], lambda p, gradient, square: [p - gradient / (1 + square), square + gradient**2], memories=1)
    with pytest.raises(FloatingPointError, match="what is remembered of the parameter w became inf"):
        rule.step(record(lambda x: w * x, 0.0), [1e200])
    assert (w.data, rule.remembered.tolist()) == (1.0, [[0.0]])


def test_no_loss_is_not_the_last_one() -> None:
    w = Value(3.0)
    rule = Update([w], lambda p, gradient: [p - 0.1 * gradient])
    rule.step(record(lambda x: w * x, 0.0), [1.0])
    with pytest.raises(TypeError, match="expected a recorded loss"):
        rule.step(None, [1.0])  # type: ignore[arg-type]


@pytest.mark.parametrize("threads", [1, 2])
def test_threads_agree_on_what_is_not_finite(threads: int) -> None:
    a, b = Value(0.0), Value(2.0)
    loss = record(lambda x: b * x + a.sqrt(), 0.0)
    rule = Update([b], lambda p, gradient: [p - gradient])
    assert rule.step(loss, [1.0, 1.0], threads=threads) == 2.0
    assert b.data == 1.0
    b.data = 0.0
    X = np.full(16, 1e308)
    with pytest.raises(FloatingPointError, match="every row is finite, but their sum is not"):
        Update([b], lambda p, gradient: [p - gradient]).step(record(lambda x: b * x + x * 0.5, 0.0), X, threads=threads)


def test_many_arguments_of_other_lengths() -> None:
    w = Value(1.0)
    loss = record(lambda *xs: w * sum(xs, 0.0), *[0.0] * 9)
    rule = Update([w], lambda p, gradient: [p - gradient])
    for _ in range(3):
        w.data = 1.0
        assert rule.step(loss, *[np.ones(2)] * 9) == 9.0
    with pytest.raises(ValueError, match="expected arrays with the same number of rows, got 2, 4"):
        rule.step(loss, *[np.ones(2)] * 8, np.ones(4))


def test_a_step_wants_a_recorded_loss() -> None:
    w = Value(1.0)
    update = Update([w], lambda p, gradient: [p - gradient])
    with pytest.raises(
        TypeError, match=r"expected a recorded loss, made by record\(function, an example\), got <function"
    ):
        update.step(lambda x: (w - x) ** 2, [1.0])  # type: ignore[arg-type]
    assert w.data == 1.0


def test_an_update_rule_may_use_a_row_of_ones_own():
    half = Op("half", "half", "a / 2", ("0.5",))
    w = Value(1.0)
    update = Update([w], lambda p, gradient: [p - apply(half, gradient)])
    assert update.step(record(lambda x: w * x, 1.0), [3.0]) == 3.0
    assert w.data == -0.5
