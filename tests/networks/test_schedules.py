"""Learning-rate schedules: factors from the number of a step."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nn.schedules import constant, cosine, step_decay, warm_up


@given(st.integers(0, 10**6))
def test_a_constant_schedule_leaves_the_rate_alone(step: int) -> None:
    assert constant()(step) == 1


@given(st.integers(1, 1000), st.floats(0.1, 1), st.integers(0, 100), st.integers(0, 10**6))
def test_step_decay_multiplies_once_for_every_so_many_steps(every: int, factor: float, times: int, step: int) -> None:
    schedule = step_decay(every, factor)
    assert schedule(times * every) == factor**times
    assert schedule(step + every) == pytest.approx(factor * schedule(step), rel=1e-9, abs=1e-300)


@given(st.integers(1, 1000), st.floats(0, 1))
def test_a_cosine_falls_from_one_to_the_lowest_and_stays(total: int, lowest: float) -> None:
    schedule = cosine(total, lowest)
    factors = [schedule(step) for step in range(total + 1)]
    assert factors[0] == 1
    assert factors == sorted(factors, reverse=True)
    assert schedule(total) == schedule(10 * total) == pytest.approx(lowest, abs=1e-15)
    middle = cosine(2 * total, lowest)(total)
    assert middle == pytest.approx((1 + lowest) / 2)
    third = cosine(3 * total, lowest)(total)
    assert third == pytest.approx(lowest + (1 - lowest) * (1 + math.cos(math.pi / 3)) / 2)


@given(st.integers(1, 1000), st.integers(0, 1000))
def test_a_warm_up_rises_in_a_straight_line_and_hands_over(steps: int, later: int) -> None:
    after = cosine(500, 0.1)
    schedule = warm_up(steps, after)
    assert [schedule(step) for step in range(steps)] == [(step + 1) / steps for step in range(steps)]
    assert schedule(steps + later) == after(later)
    assert warm_up(steps)(steps + later) == 1


@pytest.mark.parametrize("make", [step_decay, cosine, warm_up])
def test_no_schedule_lasts_less_than_a_step(make: object) -> None:
    with pytest.raises(ValueError, match="a schedule needs at least 1 step, got 0"):
        make(0)  # type: ignore[operator]
