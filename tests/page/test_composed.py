"""Functions composed of rows are what they are called, for numbers and derivatives alike, and recorded."""

import math
from collections.abc import Callable
from math import inf, isnan, nan

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from mpmath import mp, mpf

from autograd import Value, clip, grad, gradcheck, log_sum_exp, lookup, mean, norm, softmax, where
from autograd.arrays import Values, values_of

mp.dps = 50
numbers = st.floats(allow_nan=False)
moderate = st.lists(st.floats(-1000, 1000), min_size=1, max_size=6)


def values(data: list[float]) -> list[Value]:
    return [Value(x) for x in data]


# where


@given(st.floats(), numbers, numbers)
@example(0.0, 1.0, 2.0)
@example(nan, 1.0, 2.0)
@example(1.0, 3.0, inf)
@example(-1.0, -inf, 3.0)
def test_it_is_the_operand_that_is_chosen(condition: float, a: float, b: float) -> None:
    operands = [Value(condition), Value(a), Value(b)]
    chosen = where(*operands)
    assert chosen.data == (a if condition > 0 else b)
    assert grad(chosen, operands) == [0.0, *((1.0, 0.0) if condition > 0 else (0.0, 1.0))]


def test_a_nan_comes_through_only_where_it_is_chosen() -> None:
    assert where(1.0, 2.0, nan).data == where(0.0, nan, 2.0).data == 2.0
    assert isnan(where(1.0, nan, 2.0).data)


def test_its_operands_may_be_plain_numbers() -> None:
    assert not where(1, 2, 3).requires_grad
    assert where(1, Value(2.0), 3).requires_grad


# clip


@given(numbers, numbers, numbers)
@example(1.0, 1.0, 2.0)
@example(2.0, 1.0, 2.0)
@example(1.5, 2.0, 1.0)
def test_clip_is_numpys_and_its_derivative_that_of_what_is_chosen(x: float, low: float, high: float) -> None:
    operands = [Value(x), Value(low), Value(high)]
    clipped = clip(*operands)
    assert clipped.data == np.clip(x, low, high)
    by_x, by_low, by_high = grad(clipped, operands)
    assert by_x == (low <= x <= high)
    assert by_x + by_low + by_high == 1
    assert by_high == (max(x, low) > high)


def test_clip_keeps_a_nan() -> None:
    assert isnan(clip(nan, 0.0, 1.0).data)


# lookup


@pytest.mark.parametrize("index", [0, 1, 2, 2.0, 1.75])
def test_lookup_is_the_entry_and_its_gradient_goes_there(index: float) -> None:
    table, place = values([5.0, inf, -3.0]), Value(index)
    entry = lookup(table, place)
    assert entry.data == table[int(index)].data
    assert grad(entry, [*table, place]) == [*(float(i == int(index)) for i in range(3)), 0.0]


@pytest.mark.parametrize("index", [-0.5, 3, inf, nan])
def test_beyond_the_table_there_is_nothing(index: float) -> None:
    assert isnan(lookup([1.0, 2.0, 3.0], index).data)


# Functions of many numbers


@given(moderate)
def test_the_mean_is_that_of_all_its_values(data: list[float]) -> None:
    average = mean(variables := values(data))
    assert average.data == pytest.approx(math.fsum(data) / len(data), rel=1e-12, abs=1e-12)
    assert grad(average, variables) == pytest.approx([1 / len(data)] * len(data))


@given(st.lists(st.floats(-1e300, 1e300), min_size=1, max_size=5))
@example([0.0, 0.0, 0.0])
@example([0.0])
@example([1e-200, 1e-200])
def test_the_norm_is_the_length_and_its_gradient_the_direction(data: list[float]) -> None:
    length = norm(variables := values(data))
    assert length.data == pytest.approx(math.hypot(*data), rel=1e-14)
    direction = [x / length.data if length.data else 0.0 for x in data]
    assert grad(length, variables) == pytest.approx(direction, rel=1e-12, abs=1e-12)


def test_the_square_of_a_norm_is_smooth_at_0() -> None:
    variables = values([0.0, 0.0])
    assert grad(norm(variables) ** 2, variables) == [0.0, 0.0]


@given(moderate)
def test_log_sum_exp_never_overflows(data: list[float]) -> None:
    exact = mp.log(sum(mp.exp(mpf(x)) for x in data))
    assert log_sum_exp(values(data)).data == pytest.approx(float(exact), rel=1e-14, abs=1e-14)


@given(moderate)
def test_softmax_is_the_gradient_of_log_sum_exp_and_adds_up_to_1(data: list[float]) -> None:
    variables = values(data)
    shares = [share.data for share in softmax(variables)]
    assert sum(shares) == pytest.approx(1)
    assert grad(log_sum_exp(variables), variables) == pytest.approx(shares, rel=1e-9, abs=1e-12)


@pytest.mark.parametrize(
    "function",
    [
        lambda *x: clip(x[0], -0.5, 0.5) + clip(x[1], -0.5, 0.5),
        lambda *x: lookup(x, 1) * lookup(x, 0),
        lambda *x: mean(x) ** 2,
        lambda *x: norm(x),
        lambda *x: log_sum_exp(x),
        lambda *x: softmax(x)[0],
    ],
    ids=["clip", "lookup", "mean", "norm", "log_sum_exp", "softmax"],
)
def test_second_derivatives_are_right_and_recordings_agree(function: Callable[..., Value]) -> None:
    record = pytest.importorskip("autograd.replay").record
    point = (0.3, -1.2, 0.7)
    gradcheck(function, *point, second=True)
    rows = np.random.default_rng(0).normal(size=(9, 3))
    gradients = np.stack(record(function, *point).input_gradients(*rows.T), axis=1)
    for row, gradient in zip(rows.tolist(), gradients, strict=True):
        variables = values(row)
        assert grad(function(*variables), variables) == pytest.approx(gradient.tolist(), rel=1e-12, abs=1e-14)


@pytest.mark.parametrize("function", [mean, norm, log_sum_exp, softmax, lambda v: lookup(v, 0)])
def test_of_nothing_there_is_nothing(function: Callable[..., object]) -> None:
    with pytest.raises(ValueError, match="needs at least one value, got none"):
        function([])


def test_plain_numbers_are_constants() -> None:
    x = Value(1.0)
    for result in (mean([x, 3]), norm([x, 2.0]), log_sum_exp([0, x]), softmax([x, 1.0])[0], norm([x])):
        assert result.requires_grad
    assert not norm([3.0]).requires_grad
    assert norm([-3.0]).data == 3.0


def test_the_softmax_of_an_array_is_an_array() -> None:
    x = values_of([Value(1.0), Value(2.0)], (2,))
    assert isinstance(softmax(x), Values)
    assert [(1 - share).data for share in softmax(x)] == [a.data for a in 1 - softmax(x)]
    assert [share.data for share in softmax(np.array([1.0, 2.0]))] == [share.data for share in softmax(x)]
