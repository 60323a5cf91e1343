"""The optimisers take the steps of `torch.optim`, and go on from where they were saved."""

import copy
import json
import pickle
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from make_torch_optim import GRADIENTS, START, TABLE, VARIANTS, torch_steps

from autograd import RecordError, Value, grad, record
from nn import MLP, optim

ROWS = json.loads(TABLE.read_text())["rows"]
OURS: dict[str, Callable[..., optim.Optimizer]] = {"SGD": optim.SGD, "Adam": optim.Adam, "AdamW": optim.AdamW}


def our_steps(name: str, settings: dict[str, Any]) -> list[list[float]]:
    parameters = [Value(x) for x in START]
    optimizer = OURS[name](parameters, **settings)
    steps = []
    for gradient in GRADIENTS:
        for p, g in zip(parameters, gradient, strict=True):
            p.grad = g
        optimizer.step()
        steps.append([p.data for p in parameters])
    return steps


def assert_same_steps(ours: list[list[float]], theirs: list[list[float]]) -> None:
    for step, (here, there) in enumerate(zip(ours, theirs, strict=True)):
        assert here == pytest.approx(there, rel=1e-13, abs=1e-15), f"after step {step + 1}"


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row['optimizer']} {row['settings']}")
def test_every_step_is_the_one_that_torch_took(row: dict[str, Any]) -> None:
    assert_same_steps(our_steps(row["optimizer"], row["settings"]), row["steps"])


def test_the_table_has_every_variant() -> None:
    assert [(row["optimizer"], row["settings"]) for row in ROWS] == VARIANTS


@pytest.mark.parametrize(("name", "settings"), VARIANTS)
def test_every_step_is_the_one_that_torch_takes(name: str, settings: dict[str, Any]) -> None:
    pytest.importorskip("torch", reason="torch is not installed: compared with the table only")
    assert_same_steps(our_steps(name, settings), torch_steps(name, settings))


@pytest.mark.parametrize(("name", "settings"), VARIANTS)
@pytest.mark.parametrize("saved_after", [0, 1, 4])
def test_a_saved_optimiser_goes_on_exactly(name: str, settings: dict[str, Any], saved_after: int) -> None:
    parameters = [Value(x) for x in START]
    optimizer = OURS[name](parameters, **settings)
    steps = []
    for i, gradient in enumerate(GRADIENTS):
        if i == saved_after:
            state = json.loads(json.dumps(optimizer.state_dict()))
            optimizer = OURS[name](parameters, **{**settings, "lr": 123.0})  # the state brings its own rate
            optimizer.load_state_dict(state)
        for p, g in zip(parameters, gradient, strict=True):
            p.grad = g
        optimizer.step()
        steps.append([p.data for p in parameters])
    assert steps == our_steps(name, settings)


@pytest.mark.parametrize("copied", [copy.deepcopy, lambda x: pickle.loads(pickle.dumps(x))])
def test_a_copied_optimizer_goes_on_as_the_first(copied: Any) -> None:
    w = Value(1.0)
    optimizer, loss = optim.Adam([w], lr=0.1), record(lambda x: (w - x) ** 2, 0.0)
    optimizer.minimize(loss, [3.0])
    w2, optimizer2, loss2 = copied((w, optimizer, loss))
    for _ in range(3):
        assert optimizer.minimize(loss, [3.0]) == optimizer2.minimize(loss2, [3.0])
    assert w.data == w2.data
    assert optimizer.state_dict() == optimizer2.state_dict()


def test_a_foreign_state_is_refused_and_changes_nothing() -> None:
    adam = optim.Adam([Value(1.0), Value(2.0)])
    before = adam.state_dict()
    with pytest.raises(ValueError, match=r"the state of Adam has .*'square'.*; got .*'velocity'"):
        adam.load_state_dict(optim.SGD([Value(1.0), Value(2.0)], momentum=0.9).state_dict())
    with pytest.raises(ValueError, match="the state is of 1 parameters; this optimiser has 2"):
        adam.load_state_dict(optim.Adam([Value(1.0)]).state_dict())
    with pytest.raises(ValueError, match="the state is of 3 parameters; this optimiser has 2"):
        adam.load_state_dict({**before, "square": [0.0] * 3})
    with pytest.raises((TypeError, ValueError)):
        adam.load_state_dict({**before, "lr": "fast"})  # type: ignore[dict-item]
    assert adam.state_dict() == before


class SignDescent(optim.Optimizer):
    """A rule of one's own, which remembers nothing."""

    def rule(self, p: Value, gradient: Value, _: optim.Numbers, settings: optim.Numbers) -> list[Value]:
        (lr,) = settings
        return [p - lr * gradient / abs(gradient)]


def test_a_rule_of_ones_own_may_remember_nothing() -> None:
    parameters = [Value(1.0), Value(2.0)]
    parameters[0].grad, parameters[1].grad = -3.0, 5.0
    optimizer = SignDescent(parameters, lr=0.25)
    optimizer.step()
    optimizer.load_state_dict(optimizer.state_dict())
    optimizer.step()
    assert [p.data for p in parameters] == [1.5, 1.5]
    assert optimizer.state_dict() == {"lr": 0.25, "steps": 2}


def test_gradients_are_set_to_zero() -> None:
    p = Value(1.0)
    p.grad = 3.0
    optim.SGD([p]).zero_grad()
    assert p.grad == 0


def test_a_model_is_asked_for_its_parameters() -> None:
    with pytest.raises(TypeError, match=r"is given parameters, such as model.parameters\(\); got MLP\(1, \[1\]"):
        optim.Adam(MLP(1, [1]))


def test_one_parameter_may_be_given_by_a_generator() -> None:
    assert repr(optim.SGD((p for p in [Value(1.0)]), lr=0.5)) == "SGD(lr=0.5, 1 parameter)"


@pytest.mark.parametrize("parameters", [[], [Value(1.0, requires_grad=False)], [Value(1.0) * 2]])
def test_only_variables_are_optimised(parameters: list[Value]) -> None:
    with pytest.raises(ValueError, match=r"no parameters to optimise|only leaves that require a gradient"):
        optim.SGD(parameters)


@pytest.mark.parametrize(
    ("make", "settings"),
    [
        (optim.SGD, {"lr": -1}),
        (optim.SGD, {"lr": float("nan")}),
        (optim.SGD, {"momentum": -0.1}),
        (optim.SGD, {"weight_decay": -0.1}),
        (optim.Adam, {"betas": (0.9, 1.0)}),
        (optim.Adam, {"betas": (-0.1, 0.9)}),
        (optim.Adam, {"eps": 0.0}),
        (optim.AdamW, {"weight_decay": -1.0}),
    ],
)
def test_a_setting_out_of_its_range_is_refused(make: Any, settings: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=f"{next(iter(settings))} is out of its range"):
        make([Value(1.0)], **settings)


@pytest.mark.parametrize("settings", [{"momentum": 0.0}, {"momentum": 0.9, "dampening": 0.1}])
def test_nesterov_needs_momentum_and_no_dampening(settings: dict[str, float]) -> None:
    with pytest.raises(ValueError, match="nesterov needs a momentum above 0 and no dampening"):
        optim.SGD([Value(1.0)], nesterov=True, **settings)


def test_an_optimiser_without_a_rule_says_so() -> None:
    with pytest.raises(RecordError, match="NotImplementedError"):
        optim.Optimizer([Value(1.0)], lr=0.1).step()


@pytest.mark.parametrize("batch", [([1.0, 2.0], [1.0]), (1.0, 2.0), ([], []), ([1.0],), (None, None)])
def test_a_batch_that_is_refused_is_no_step(batch):
    w = Value(3.0)
    optimizer = optim.Adam([w], lr=0.1)
    loss = record(lambda x, y: (w * x - y) ** 2, 0.0, 0.0)
    with pytest.raises((ValueError, TypeError, RecordError)):
        optimizer.minimize(loss, *batch)
    assert (optimizer.steps, w.data) == (0, 3.0)


@given(st.lists(st.sampled_from(["step", "step of the other", "set", "use", "drop", "pickle"]), max_size=12))
def test_a_parameter_is_the_same_number_to_all_who_share_it(deeds: list[str]) -> None:
    """Wherever its number is kept: for optimisers, for programs that set it, for graphs; when an optimiser is gone."""
    a, b, expected = Value(1.0), Value(-2.0), [1.0, -2.0]
    loss = record(lambda x: (a - x) ** 2 + (b - 2 * x) ** 2, 0.0)
    both, other = optim.SGD([a, b], lr=0.125), optim.SGD([b], lr=0.25)
    for deed in deeds:
        slopes = [2 * (expected[0] - 3.0), 2 * (expected[1] - 6.0)]
        match deed:
            case "step":
                both.minimize(loss, [3.0])
                expected = [w - 0.125 * slope for w, slope in zip(expected, slopes, strict=True)]
            case "step of the other":
                other.minimize(loss, [3.0])
                expected[1] -= 0.25 * slopes[1]
            case "set":
                a.data = expected[0] = expected[0] + 5
            case "use":
                assert (a * b).data == pytest.approx(expected[0] * expected[1])
                assert grad(a * b, [a, b]) == pytest.approx(expected[::-1])
                assert float(loss([3.0])[0]) == pytest.approx((slopes[0] / 2) ** 2 + (slopes[1] / 2) ** 2)
            case "drop":
                both = optim.SGD([a, b], lr=0.125)
            case "pickle":
                assert pickle.loads(pickle.dumps(b)).data == b.data
        assert [a.data, b.data] == pytest.approx(expected)
    del both, other
    assert [a.data, b.data] == pytest.approx(expected)
