"""Learning-rate schedules: factors from the number of a step."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograd import Value
from nn import optim
from nn.schedules import constant, cosine, cosine_restarts, reduce_on_plateau, step_decay, warm_up
from nn.training import History


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


@given(st.integers(1, 20), st.integers(1, 3), st.floats(0, 0.5), st.integers(0, 300))
def test_restarts_are_those_of_torch(first: int, times: int, lowest: float, step: int) -> None:
    torch = pytest.importorskip("torch")
    optimizer = torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=1.0)
    there = torch.optim.lr_scheduler.CosineAnnealingWarmRestarts(optimizer, first, times, eta_min=lowest)
    optimizer.step()
    there.step(step)
    assert cosine_restarts(first, times, lowest)(step) == pytest.approx(there.get_last_lr()[0], abs=1e-12)


@given(st.integers(1, 20), st.integers(1, 4), st.integers(0, 5))
def test_a_restart_begins_at_one(first: int, times: int, restarts: int) -> None:
    begins = sum(first * times**i for i in range(restarts))
    assert cosine_restarts(first, times)(begins) == 1


LOSSES = st.lists(st.sampled_from([1.0, 0.99999, 0.9, 0.5, 0.3]), min_size=1, max_size=30)


@given(LOSSES, st.integers(0, 4), st.integers(0, 3), st.sampled_from([0.0, 0.02]))
def test_a_plateau_is_where_torch_sees_one(losses: list[float], patience: int, cooldown: int, lowest: float) -> None:
    torch = pytest.importorskip("torch")
    there = torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=0.1)
    settings = {"factor": 0.5, "patience": patience, "cooldown": cooldown, "min_lr": lowest}
    scheduler = torch.optim.lr_scheduler.ReduceLROnPlateau(there, **settings)
    here = optim.SGD([Value(0.0)], lr=0.1)
    plateau = reduce_on_plateau(here, **settings)
    for i, loss in enumerate(losses):
        there.step()
        scheduler.step(loss)
        plateau(History(loss=[0.0] * (i + 1), validation_loss=losses[: i + 1]))
        assert here.lr == pytest.approx(there.param_groups[0]["lr"], abs=2e-8)  # where it leaves a tiny change out


def test_without_a_validation_loss_the_loss_is_looked_at() -> None:
    optimizer = optim.SGD([Value(0.0)], lr=0.1)
    reduce_on_plateau(optimizer, patience=1)(History(loss=[1.0, 1.0, 1.0]))
    assert optimizer.lr == pytest.approx(0.01)


def test_a_factor_makes_smaller() -> None:
    with pytest.raises(ValueError, match="between 0 and 1; got 2"):
        reduce_on_plateau(optim.SGD([Value(0.0)]), factor=2)
