"""What a batch's rows become: a mean or a sum, each row with its weight, on every replay that there is."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from perceptron import Perceptron, squared_error

from autograd import Value, record

pytestmark = pytest.mark.usefixtures("either_replay")


@pytest.mark.parametrize("threads", [1, 2])
@pytest.mark.parametrize("rows", [1, 2, 9, 300])
def test_a_weight_is_as_good_as_so_many_rows(rows, threads, numbers):
    loss = record(squared_error(Perceptron(3, numbers)), [0.0] * 3, 0.0)
    X, Y = numbers.normal(size=(rows, 3)), numbers.normal(size=rows)
    times = numbers.integers(0, 4, size=rows)
    times[0] = 2
    for reduction in ("mean", "sum"):
        total, gradient = loss.value_and_grad(X, Y, weights=times, reduction=reduction, threads=threads)
        repeated = X.repeat(times, axis=0), Y.repeat(times)
        expected, expected_gradient = loss.value_and_grad(*repeated, reduction=reduction)
        assert total == pytest.approx(expected)
        np.testing.assert_allclose(gradient, expected_gradient, rtol=1e-10, atol=1e-12)


def test_a_sum_is_the_mean_times_the_rows(numbers):
    loss = record(squared_error(Perceptron(2, numbers)), [0.0] * 2, 0.0)
    X, Y = numbers.normal(size=(7, 2)), numbers.normal(size=7)
    mean, gradient = loss.value_and_grad(X, Y)
    total, of_sum = loss.value_and_grad(X, Y, reduction="sum")
    assert total == pytest.approx(7 * mean)
    np.testing.assert_allclose(of_sum, 7 * gradient, rtol=1e-12)


@given(st.lists(st.floats(0.01, 10), min_size=1, max_size=40))
@settings(max_examples=30)
def test_equal_weights_change_nothing_but_rounding(outputs):
    w = Value(1.0)
    loss = record(lambda x: w * x, 0.0)
    plain = loss.value_and_grad(outputs)
    weighted = loss.value_and_grad(outputs, weights=[0.25] * len(outputs))
    assert plain[0] == pytest.approx(weighted[0])
    assert plain[1] == pytest.approx(weighted[1])


def test_a_function_that_ignores_its_row_counts_as_often_as_the_weights_say():
    w = Value(3.0)
    loss = record(lambda _: w * w, 0.0)
    assert loss.backward([1.0, 2.0], weights=[0.5, 2.0], reduction="sum") == 22.5
    assert w.grad == 15.0


def test_what_cannot_be_weighted_is_refused():
    loss = record(lambda x: x * Value(1.0), 0.0)
    with pytest.raises(ValueError, match=r"weights are one number a row: expected the shape \(2,\), got \(3,\)"):
        loss.backward([1.0, 2.0], weights=[1.0, 1.0, 1.0])
    with pytest.raises(ValueError, match=r"the weight of row 1 is nan: expected finite numbers"):
        loss.backward([1.0, 2.0], weights=[1.0, np.nan])
    with pytest.raises(ValueError, match="the weights add up to 0"):
        loss.backward([1.0, 2.0], weights=[1.0, -1.0])
    with pytest.raises(ValueError, match="reduction is 'mean' or 'sum', got 'max'"):
        loss.backward([1.0, 2.0], reduction="max")
    assert loss.value_and_grad([1.0, 2.0], weights=[1.0, -1.0], reduction="sum")[0] == -1.0
