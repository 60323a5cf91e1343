"""Losses against their definitions at 50 digits, for predictions of any size, and their gradients."""

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from mpmath import mp, mpf

from autograd import Value, grad, gradcheck
from nn import losses
from nn.losses import binary_cross_entropy, cross_entropy, hinge, mean_squared_error

mp.dps = 50
SIZES = [0.0, 1e-9, -0.3, 1.0, -12.0, 36.5, 1000.0, -1000.0]
logits_strategy = st.lists(st.floats(-1000, 1000), min_size=2, max_size=6)


def values(numbers: Sequence[float]) -> list[Value]:
    return [Value(x) for x in numbers]


def exact_softmax(numbers: Sequence[float]) -> list[Any]:
    shares = [mp.exp(mpf(x)) for x in numbers]
    return [share / sum(shares) for share in shares]


@given(st.lists(st.tuples(st.floats(-1e3, 1e3), st.floats(-1e3, 1e3)), min_size=1, max_size=6))
def test_the_mean_squared_error_is_the_mean_of_the_squares(pairs: list[tuple[float, float]]) -> None:
    predictions, targets = zip(*pairs, strict=True)
    exact = sum((mpf(p) - mpf(t)) ** 2 for p, t in pairs) / len(pairs)
    loss = mean_squared_error(variables := values(predictions), targets)
    assert loss.data == pytest.approx(float(exact), rel=1e-13)
    expected = [float(2 * (mpf(p) - mpf(t)) / len(pairs)) for p, t in pairs]
    assert grad(loss, variables) == pytest.approx(expected, rel=1e-13)


@pytest.mark.parametrize("z", SIZES)
@pytest.mark.parametrize("target", [0, 1, 0.3])
def test_binary_cross_entropy_is_minus_the_log_of_the_probability(z: float, target: float) -> None:
    p = 1 / (1 + mp.exp(-mpf(z)))
    exact = -(target * mp.log(p) + (1 - mpf(target)) * mp.log(1 / (1 + mp.exp(mpf(z)))))
    loss = binary_cross_entropy(logit := Value(z), target)
    assert loss.data == pytest.approx(float(exact), rel=1e-13)
    assert grad(loss, [logit]) == pytest.approx([float(p - target)], rel=1e-13, abs=1e-16)


@given(logits_strategy, st.data())
def test_cross_entropy_is_minus_the_log_of_the_softmax(numbers: list[float], draw: st.DataObject) -> None:
    target = draw.draw(st.integers(0, len(numbers) - 1))
    probabilities = exact_softmax(numbers)
    loss = cross_entropy(logits := values(numbers), target)
    assert loss.data == pytest.approx(float(-mp.log(probabilities[target])), rel=1e-13, abs=1e-15)
    expected = [float(p - (i == target)) for i, p in enumerate(probabilities)]
    assert grad(loss, logits) == pytest.approx(expected, rel=1e-12, abs=1e-15)
    one_hot = [float(i == target) for i in range(len(numbers))]
    assert cross_entropy(logits, one_hot).data == loss.data
    assert cross_entropy(logits, np.array(one_hot)).data == loss.data


@given(logits_strategy, st.data())
def test_cross_entropy_with_soft_targets_is_the_mean_over_them(numbers: list[float], draw: st.DataObject) -> None:
    weights = [draw.draw(st.integers(0, 16)) for _ in numbers]
    weights[0] += 1
    target = [w / sum(weights) for w in weights]
    exact = -sum(mpf(t) * mp.log(p) for t, p in zip(target, exact_softmax(numbers), strict=True))
    assert cross_entropy(values(numbers), target).data == pytest.approx(float(exact), rel=1e-12, abs=1e-12)


def test_a_confident_right_answer_keeps_its_digits_at_large_logits() -> None:
    loss = cross_entropy(values([1000.0, 988.0]), 0)
    assert loss.data == pytest.approx(math.log1p(math.exp(-12)), rel=1e-10)


@pytest.mark.parametrize(("score", "target", "loss", "slope"), [(3, 1, 0, 0), (3, -1, 4, 1), (0.25, 1, 0.75, -1)])
def test_the_hinge_is_zero_beyond_the_margin_and_linear_before_it(
    score: float, target: int, loss: float, slope: float
) -> None:
    result = hinge(x := Value(score), target)
    assert (result.data, *grad(result, [x])) == (loss, slope)


@pytest.mark.parametrize("target", [-1, 1])
def test_the_hinge_has_the_slope_zero_at_its_kink(target: int) -> None:
    result = hinge(x := Value(float(target)), target)
    assert (result.data, *grad(result, [x])) == (0, 0)


@pytest.mark.parametrize(
    ("loss", "target", "n"),
    [
        (mean_squared_error, [0.5, -1.0, 2.0], 3),
        (hinge, -1, 1),
        (binary_cross_entropy, 0.25, 1),
        (cross_entropy, 1, 3),
        (cross_entropy, [0.5, 0.25, 0.25], 3),
    ],
)
@pytest.mark.parametrize("point", [(0.3, -0.7, 1.1), (-8.0, 3.0, 0.01)])
def test_gradients_are_those_of_differences(loss: losses.Loss, target: Any, n: int, point: tuple[float, ...]) -> None:
    gradcheck(lambda *x: loss(list(x) if n > 1 else x[0], target), *point[:n], second=True)


def test_equal_largest_logits_share_the_gradient() -> None:
    assert grad(cross_entropy(z := values([5.0, 5.0]), 0), z) == pytest.approx([-0.5, 0.5])


def test_an_impossible_class_may_have_the_logit_minus_infinity() -> None:
    loss = cross_entropy(z := values([1.0, -math.inf, 1.0]), 0)
    assert loss.data == pytest.approx(math.log(2))
    assert grad(loss, z) == pytest.approx([-0.5, 0, 0.5])


def test_the_loss_of_a_batch_is_the_mean() -> None:
    predictions = [[Value(1.0), Value(3.0)], [Value(0.0), Value(0.5)]]
    each = [cross_entropy(p, t).data for p, t in zip(predictions, (0, 1), strict=True)]
    assert losses.mean(cross_entropy, predictions, np.array([0, 1])).data == pytest.approx(sum(each) / 2)


def test_a_target_may_be_one_number_in_a_list_and_so_may_a_prediction() -> None:
    assert mean_squared_error(Value(3.0), [1.0]).data == mean_squared_error([Value(3.0)], np.array([1.0])).data == 4
    assert hinge([Value(0.5)], 1).data == 0.5  # type: ignore[arg-type]


def test_losses_are_found_by_name_and_functions_are_themselves() -> None:
    assert losses.by_name("hinge") is hinge
    assert losses.by_name(hinge) is hinge
    with pytest.raises(ValueError, match=r"unknown loss 'mse': choose one of mean_squared_error, .*hinge, .*function"):
        losses.by_name("mse")


@pytest.mark.parametrize(
    ("loss", "prediction", "target", "message"),
    [
        (mean_squared_error, [1, 2], [1.0], "expected a target for each prediction; got 1 for 2"),
        (mean_squared_error, [1, 2], 1.0, "got 1 for 2"),
        (mean_squared_error, [], [], "got 0 for 0"),
        (hinge, [1], 0, "the target of hinge is -1 or 1; got 0"),
        (hinge, [1, 2], 1, "for models with one output; this one has 2"),
        (binary_cross_entropy, [1], -1, "the target of binary_cross_entropy is 0 or 1, or between; got -1"),
        (binary_cross_entropy, [1], math.nan, "got nan"),
        (binary_cross_entropy, [1, 2, 3], 1, "for models with one output; this one has 3"),
        (cross_entropy, [1], 0, "needs an output for each class; one output goes with binary_cross_entropy"),
        (cross_entropy, [1, 2], 2, "a class from 0 to 1; got 2"),
        (cross_entropy, [1, 2], -1, "a class from 0 to 1; got -1"),
        (cross_entropy, [1, 2], 0.5, "a class from 0 to 1; got 0.5"),
        (cross_entropy, [1, 2], math.nan, "a class from 0 to 1; got nan"),
        (cross_entropy, [1, 2], [1, 0, 0], "expected a target for each prediction; got 3 for 2"),
        (cross_entropy, [1, 2], [1, 1], r"probabilities, whose sum is 1; got \[1, 1\]"),
        (cross_entropy, [1, 2], [2, -1], "probabilities, whose sum is 1"),
    ],
)
def test_what_cannot_be_learned_is_refused(loss: losses.Loss, prediction: Any, target: Any, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        loss(values(prediction), target)


def test_a_batch_without_a_target_for_each_prediction_is_refused() -> None:
    with pytest.raises(ValueError, match="got 1 for 2"):
        losses.mean(hinge, values([1.0, 2.0]), [1])


@given(st.floats(-20, 20), st.floats(-20, 20), st.floats(0.1, 5))
def test_huber_is_a_square_within_delta_and_a_line_beyond(p: float, t: float, delta: float) -> None:
    error = abs(p - t)
    expected = error**2 / 2 if error <= delta else delta * (error - delta / 2)
    assert losses.huber(Value(p), t, delta).data == pytest.approx(expected, rel=1e-12, abs=1e-14)


@given(st.floats(-5, 5), st.integers(0, 9))
def test_poisson_nll_is_lowest_at_the_logarithm_of_the_count(z: float, count: int) -> None:
    loss = losses.poisson_nll(log_rate := Value(z), count)
    assert grad(loss, [log_rate]) == pytest.approx([math.exp(z) - count], rel=1e-12, abs=1e-12)


@given(st.floats(-20, 20), st.sampled_from([0, 1]))
def test_focal_without_focus_is_binary_cross_entropy(z: float, target: int) -> None:
    expected = binary_cross_entropy(Value(z), target).data
    assert losses.focal(Value(z), target, alpha=-1, gamma=0).data == pytest.approx(expected, rel=1e-13)
    assert losses.focal(Value(z), target, alpha=0.5).data <= expected / 2


@given(logits_strategy, st.data())
def test_multi_margin_is_what_the_wrong_classes_come_too_near(numbers: list[float], draw: st.DataObject) -> None:
    k = draw.draw(st.integers(0, len(numbers) - 1))
    expected = sum(max(0, 1 - numbers[k] + x) for i, x in enumerate(numbers) if i != k) / len(numbers)
    assert losses.multi_margin(values(numbers), k).data == pytest.approx(expected, rel=1e-12, abs=1e-12)


@given(st.lists(st.floats(-20, 20), min_size=2, max_size=5))
def test_kl_divergence_is_0_where_the_prediction_is_the_target(numbers: list[float]) -> None:
    shares = [float(x) for x in exact_softmax(numbers)]
    assert losses.kl_divergence(values(numbers), shares).data == pytest.approx(0, abs=1e-12)
    first = [1.0] + [0.0] * (len(numbers) - 1)
    loss = losses.kl_divergence(values(numbers), first).data
    assert loss == pytest.approx(cross_entropy(values(numbers), 0).data, rel=1e-13)


@pytest.mark.parametrize(
    ("loss", "prediction", "target", "message"),
    [
        (losses.poisson_nll, Value(0.0), -1, "a count, at least 0; got -1"),
        (losses.multi_margin, [Value(0.0)], 0, "one score goes with hinge"),
        (losses.multi_margin, [Value(0.0), Value(1.0)], 5, "the target of multi_margin is a class from 0 to 1; got 5"),
        (losses.kl_divergence, [Value(0.0), Value(1.0)], [0.5, 0.2], "a list as target of kl_divergence has"),
        (losses.kl_divergence, [Value(0.0), Value(1.0)], 1, "a list of the classes' probabilities; got 1"),
        (lambda p, t: losses.huber(p, t, delta=0), Value(0.0), 1, "above 0; got 0"),
    ],
)
def test_what_a_loss_cannot_take_is_refused(loss, prediction, target, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        loss(prediction, target)
