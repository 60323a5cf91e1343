"""Groups of parameters, clipped gradients, L-BFGS, and what an optimiser refuses; beside PyTorch where it is there."""

import copy
import json
import math
import sys

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograd import Value, record
from nn import MLP, data, losses, optim

GRADIENTS = [[0.5, -1.0, 3.0], [1.0, 0.25, -2.0], [-3.0, 0.0, 0.5], [2.0, 40.0, 0.0]]
GROUPS = [
    ("SGD", {"lr": 0.1}, [{"lr": 0.01}, {"momentum": 0.9, "weight_decay": 0.1}]),
    ("SGD", {"momentum": 0.5, "lr": 0.2}, [{}, {"lr": 0.0}]),
    ("Adam", {"lr": 0.05}, [{"betas": (0.5, 0.9)}, {"weight_decay": 0.2}]),
    ("AdamW", {}, [{"lr": 0.3}, {}]),
]


def groups_of(parameters: list[Value], name: str, settings, each) -> optim.Optimizer:
    parts = [parameters[:1], parameters[1:]]
    groups = [{"params": part, **own} for part, own in zip(parts, each, strict=True)]
    return getattr(optim, name)(groups, **settings)


def take(optimizer: optim.Optimizer, gradients) -> list[list[float]]:
    steps = []
    for gradient in gradients:
        for p, g in zip(optimizer.params, gradient, strict=True):
            p.grad = g
        optimizer.step()
        steps.append([p.data for p in optimizer.params])
    return steps


@pytest.mark.parametrize(("name", "settings", "each"), GROUPS)
def test_groups_step_as_those_of_torch(name: str, settings, each) -> None:
    torch = pytest.importorskip("torch")
    ours = take(groups_of([Value(1.5), Value(-2.0), Value(0.5)], name, settings, each), GRADIENTS)
    tensors = [torch.tensor(x, dtype=torch.float64, requires_grad=True) for x in ([1.5], [-2.0, 0.5])]
    optimizer = getattr(torch.optim, name)(
        [{"params": [t], **own} for t, own in zip(tensors, each, strict=True)], **settings
    )
    for gradient, here in zip(GRADIENTS, ours, strict=True):
        for tensor, part in zip(tensors, (gradient[:1], gradient[1:]), strict=True):
            tensor.grad = torch.tensor(part, dtype=torch.float64)
        optimizer.step()
        assert here == pytest.approx([x for t in tensors for x in t.tolist()], rel=1e-13)


@pytest.mark.parametrize(("name", "settings", "each"), GROUPS)
def test_groups_go_on_from_where_they_were_saved(name: str, settings, each) -> None:
    once = groups_of([Value(1.5), Value(-2.0), Value(0.5)], name, settings, each)
    expected = take(once, GRADIENTS)[-1]
    first = groups_of([Value(1.5), Value(-2.0), Value(0.5)], name, settings, each)
    take(first, GRADIENTS[:2])
    second = groups_of([Value(p.data) for p in first.params], name, settings, each)
    second.load_state_dict(json.loads(json.dumps(first.state_dict())))
    assert take(second, GRADIENTS[2:])[-1] == expected
    assert take(copy.deepcopy(first), GRADIENTS[2:])[-1] == expected


def test_settings_by_position_are_for_all_groups() -> None:
    optimizer = optim.SGD([{"params": [Value(1.0)]}, {"params": [Value(1.0)], "momentum": 0.5}], 0.25, 0.75)
    assert repr(optimizer) == "Groups(SGD(lr=0.25, 1 parameter), SGD(lr=0.25, 1 parameter))"
    assert [group.momentum for group in optimizer.groups] == [0.75, 0.5]
    optimizer.lr = 0.5
    assert optimizer.rates == [0.5, 0.5]
    assert optimizer.lr == 0.5


def test_groups_minimize_as_their_optimisers_would() -> None:
    def loss_of(a: Value, b: Value):
        return record(lambda x: (a * x + b) ** 2, 1.0)

    a, b, c, d = (Value(x) for x in (2.0, -1.0, 2.0, -1.0))
    grouped = optim.Groups([optim.Adam([a], lr=0.1), optim.SGD([b], lr=0.2)])
    alone = [optim.Adam([c], lr=0.1), optim.SGD([d], lr=0.2)]
    for _ in range(3):
        mean = grouped.minimize(loss_of(a, b), [1.0, 3.0])
        other = loss_of(c, d)
        c.grad = d.grad = 0.0
        assert mean == other.backward([1.0, 3.0])
        for optimizer in alone:
            optimizer.step()
        assert (a.data, b.data) == pytest.approx((c.data, d.data), rel=1e-14)


def test_a_step_of_groups_that_would_not_be_finite_changes_nothing() -> None:
    a, b = Value(1.0), Value(1.0)
    grouped = optim.Groups([optim.SGD([a], lr=0.1), optim.SGD([b], lr=1e200)])
    with pytest.raises(FloatingPointError, match="the parameter 0 became -inf"):
        grouped.minimize(record(lambda x: a * x + b * x * 1e200, 1.0), [1.0])
    assert (a.data, b.data, grouped.groups[0].steps, grouped.groups[1].steps) == (1.0, 1.0, 0, 0)


@pytest.mark.parametrize(
    ("state", "message"),
    [({"lr": 1.0}, "such as '0.lr'; got 'lr'"), ({"0.lr": 1.0, "0.steps": 1.0, "1.lr": 1.0}, r"has \['lr', 'steps'\]")],
)
def test_a_state_of_other_groups_is_refused_and_changes_nothing(state, message: str) -> None:
    optimizer = optim.SGD([{"params": [Value(1.0)]}, {"params": [Value(1.0)]}], lr=0.25)
    before = optimizer.state_dict()
    with pytest.raises(ValueError, match=message):
        optimizer.load_state_dict(state)
    assert optimizer.state_dict() == before


def test_a_parameter_is_in_one_group() -> None:
    w = Value(1.0)
    with pytest.raises(ValueError, match="a parameter is in two groups"):
        optim.SGD([{"params": [w]}, {"params": [w]}])


# Clipping


@given(st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=5), st.floats(1e-3, 1e3))
def test_clipped_gradients_are_no_longer_than_was_said(gradient: list[float], limit: float) -> None:
    params = [Value(0.0) for _ in gradient]
    for kind in (optim.clip_grad_norm, optim.clip_grad_value):
        for p, g in zip(params, gradient, strict=True):
            p.grad = g
        assert kind(params, limit) == pytest.approx(math.hypot(*gradient), rel=1e-12)
        clipped = [p.grad for p in params]
        size = math.hypot(*clipped) if kind is optim.clip_grad_norm else max(map(abs, clipped))
        assert size <= limit * (1 + 1e-12)
        assert all(a * b >= 0 for a, b in zip(gradient, clipped, strict=True))


@given(st.lists(st.floats(-1e3, 1e3), min_size=1, max_size=5), st.floats(1e-2, 1e3))
def test_clipping_is_that_of_torch(gradient: list[float], limit: float) -> None:
    torch = pytest.importorskip("torch")
    for ours, theirs in (
        (optim.clip_by_norm, torch.nn.utils.clip_grad_norm_),
        (optim.clip_by_value, torch.nn.utils.clip_grad_value_),
    ):
        tensor = torch.zeros(len(gradient), dtype=torch.float64)
        tensor.grad = torch.tensor(gradient, dtype=torch.float64)
        theirs([tensor], limit)
        assert ours(limit)(np.array(gradient)).tolist() == pytest.approx(tensor.grad.tolist(), rel=1e-13, abs=1e-300)


def test_a_clipped_step_goes_by_the_clipped_gradient() -> None:
    w, unused = Value(3.0), Value(7.0)
    loss = record(lambda x: w * x, 1.0)
    assert optim.SGD([unused, w], lr=1.0).minimize(loss, [100.0], clip=optim.clip_by_value(0.5)) == 300.0
    assert (w.data, unused.data) == (2.5, 7.0)


@pytest.mark.parametrize("limit", [0, -1.0, float("nan")])
def test_limits_are_above_0(limit: float) -> None:
    with pytest.raises(ValueError, match="is above 0; got"):
        optim.clip_by_norm(limit)


# What is refused


@pytest.mark.parametrize("rate", [-0.1, float("nan"), float("inf")])
def test_a_rate_set_later_is_checked_as_at_first(rate: float) -> None:
    with pytest.raises(ValueError, match="lr is out of its range"):
        optim.SGD([Value(1.0)], lr=rate)
    optimizer = optim.SGD([Value(1.0)], lr=0.5)
    with pytest.raises(ValueError, match="lr is out of its range"):
        optimizer.lr = rate
    assert optimizer.lr == 0.5


@pytest.mark.parametrize("settings", [{}, {"threads": 2}, {"clip": optim.clip_by_norm(1.0)}])
def test_an_optimiser_none_of_whose_parameters_is_in_the_loss_says_so(settings) -> None:
    w, other = Value(1.0), Value(1.0)
    optimizer = optim.Adam([other])
    with pytest.raises(ValueError, match=r"none of the .*parameters is in the loss"):
        optimizer.minimize(record(lambda x: w * x, 1.0), [1.0, 2.0], **settings)
    assert optimizer.steps == 0


def test_threads_step_as_one_does() -> None:
    found = []
    for threads in (1, 2):
        w = Value(2.0)
        optimizer, loss = optim.Adam([w], lr=0.1), record(lambda x, w=w: (w * x - 1) ** 2, 1.0)
        X = np.linspace(-1, 1, 50)
        found.append([optimizer.minimize(loss, X, threads=threads) for _ in range(5)])
    assert found[0] == pytest.approx(found[1], rel=1e-12)


# L-BFGS


def test_lbfgs_reaches_the_least_squares_that_linear_algebra_gives() -> None:
    rng = np.random.default_rng(0)
    X, y = rng.normal(size=(50, 3)), rng.normal(size=50)
    model = MLP(3, [1], rng=0)
    loss = record(lambda row, t: losses.mean_squared_error(model(row), t), [0.0] * 3, 0.0)
    optim.LBFGS(model.parameters(), max_iter=100, tolerance_change=0.0).minimize(loss, X, y)
    exact, *_ = np.linalg.lstsq(np.column_stack([X, np.ones(50)]), y, rcond=None)
    assert [p.data for p in model.parameters()] == pytest.approx(exact.tolist(), abs=1e-6)


def test_lbfgs_learns_the_moons_faster_than_a_first_order_method() -> None:
    moons = data.moons(60, rng=0)

    def after(optimizer_of, calls: int) -> float:
        model = MLP(2, [8, 1], activation="tanh", rng=0)
        loss = record(lambda row, t: losses.binary_cross_entropy(model(row), t), [0.0, 0.0], 0.0)
        optimizer = optimizer_of(model.parameters())
        for _ in range(calls):
            optimizer.minimize(loss, moons.X, moons.y)
        return float(loss(moons.X, moons.y).mean())

    assert after(lambda p: optim.LBFGS(p, max_iter=60), 1) < after(lambda p: optim.SGD(p, lr=0.5), 60)


def test_lbfgs_comes_back_from_where_the_loss_is_not_finite() -> None:
    w = Value(0.5)
    loss = record(lambda x: -(w * x).log() + 1000 * (w - 0.01) ** 2, 1.0)
    optim.LBFGS([w]).minimize(loss, [1.0])
    assert 0 < w.data < 0.5


def test_lbfgs_that_cannot_begin_changes_nothing() -> None:
    w = Value(-1.0)
    optimizer = optim.LBFGS([w])
    with pytest.raises(FloatingPointError, match=r"log\(-1\) gave nan"):
        optimizer.minimize(record(lambda x: (w * x).log(), 1.0), [1.0])
    assert (w.data, optimizer.steps) == (-1.0, 0)


def test_what_lbfgs_cannot_do_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    optimizer, loss = optim.LBFGS([w := Value(1.0)]), record(lambda x: w * x, 1.0)
    with pytest.raises(TypeError, match="use minimize"):
        optimizer.step()
    with pytest.raises(ValueError, match="no use for clipping"):
        optimizer.minimize(loss, [1.0], clip=optim.clip_by_norm(1.0))
    with pytest.raises(ValueError, match="no groups with settings of their own"):
        optim.LBFGS([{"params": [w], "max_iter": 3}])
    monkeypatch.setitem(sys.modules, "scipy.optimize", None)
    with pytest.raises(ModuleNotFoundError, match=r'pip install "stepgrad\[scipy\]"'):
        optimizer.minimize(loss, [1.0])


def test_penalties_move_where_lbfgs_ends() -> None:
    w = Value(5.0)
    optimizer, loss = optim.LBFGS([w]), record(lambda x: (w - x) ** 2, 0.0)
    with optimizer.penalized(np.array([1.0]), np.array([0.0])):
        optimizer.minimize(loss, [2.0])
    assert w.data == pytest.approx(1.5, abs=1e-6)  # where 2 * (w - 2) + 1 is 0
    optimizer.minimize(loss, [2.0])
    assert w.data == pytest.approx(2.0, abs=1e-6)
