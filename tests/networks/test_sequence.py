"""Modules one after another; what is dropped in training, and only there; inputs normalised as PyTorch does it."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograd import Value, grad
from nn import MLP, Dropout, Layer, LayerNorm, Module, Sequential, summary

numbers = st.lists(st.floats(-10, 10), min_size=1, max_size=6)


def test_a_sequence_of_layers_is_a_perceptron() -> None:
    mlp = MLP(2, [3, 1], rng=0)
    again = Sequential(*mlp.layers)
    assert again([0.5, -1.0]).data == mlp([0.5, -1.0]).data
    assert again.state_dict() == mlp.state_dict()
    assert repr(Sequential(LayerNorm(2), Dropout(0.25))) == "Sequential(LayerNorm(2), Dropout(0.25))"


@given(numbers, st.floats(0, 0.9), st.integers(0, 9))
def test_dropout_keeps_an_input_scaled_or_drops_it(inputs: list[float], p: float, seed: int) -> None:
    outputs = Dropout(p, rng=seed)(inputs)
    for x, y in zip(inputs, outputs, strict=True):
        assert y.data in (0.0, x * (1 / (1 - p)))
    assert [y.data for y in Dropout(p, rng=seed).eval()(inputs)] == inputs


def test_dropout_keeps_the_mean_and_the_share() -> None:
    dropped = np.array([x.data for x in Dropout(0.3, rng=0)([1.0] * 20_000)])
    assert dropped.mean() == pytest.approx(1, abs=0.02)
    assert (dropped == 0).mean() == pytest.approx(0.3, abs=0.02)


def test_train_and_eval_reach_every_module() -> None:
    model = Sequential(Layer(2, 3), Sequential(Dropout(0.5), Layer(3, 1)))
    assert [m.training for m in model.eval().modules()] == [False] * len(model.modules())
    assert all(m.training for m in model.train().modules())
    assert len(model.modules()) == 5 + 4  # and its four neurons


def test_modules_are_found_wherever_they_stand_once_each() -> None:
    class Model(Module):
        def __init__(self) -> None:
            self.shared = Layer(1, 1)
            self.by_name = {"again": self.shared, "other": (Layer(1, 1), 3.0, "text")}

    assert len(Model().modules()) == 1 + 2 * 2


@given(st.lists(st.floats(-10, 10), min_size=2, max_size=6))
def test_layer_norm_has_mean_0_and_variance_1(inputs: list[float]) -> None:
    outputs = np.array([y.data for y in LayerNorm(len(inputs))(inputs)])
    variance = np.var(inputs)
    assert outputs.mean() == pytest.approx(0, abs=1e-9)
    assert outputs.var() == pytest.approx(variance / (variance + 1e-5), rel=1e-6, abs=1e-9)


def test_layer_norm_is_that_of_torch() -> None:
    torch = pytest.importorskip("torch")
    norm, there = LayerNorm(3), torch.nn.LayerNorm(3, dtype=torch.float64)
    for p, number in zip(norm.parameters(), [0.5, 2.0, -1.0, 0.1, 0.2, 0.3], strict=True):
        p.data = number
    there.load_state_dict(
        {
            name: torch.tensor([p.data for p in values], dtype=torch.float64)
            for name, values in [("weight", norm.weights), ("bias", norm.biases)]
        }
    )
    inputs, tensor = [Value(x) for x in (1.0, -2.0, 0.5)], torch.tensor([1.0, -2.0, 0.5], dtype=torch.float64)
    tensor.requires_grad = True
    outputs, expected = norm(inputs), there(tensor)
    assert [y.data for y in outputs] == pytest.approx(expected.tolist(), rel=1e-12)
    (expected**2).sum().backward()
    assert grad(sum(y * y for y in outputs), inputs) == pytest.approx(tensor.grad.tolist(), rel=1e-9)


def test_summary_counts_what_layers_share_once() -> None:
    class Twins(Module):
        def __init__(self) -> None:
            self.first = self.second = LayerNorm(2)

    assert summary(Twins()).split("\n")[-1].split() == ["all", "4"]
    assert summary(Sequential(Dropout(0.1))).split("\n")[1].split() == ["Dropout(0.1)", "0"]


@pytest.mark.parametrize(
    ("make", "error", "message"),
    [
        (lambda: Sequential(), ValueError, "Sequential is given modules"),
        (lambda: Sequential(Layer(1, 1), abs), TypeError, "is made of Modules; got <built-in function abs>"),
        (lambda: Dropout(1.0), ValueError, "at least 0 and below 1; got 1.0"),
        (lambda: LayerNorm(2, eps=0), ValueError, "and is above it; got 0"),
        (lambda: LayerNorm(2)([1.0]), ValueError, "expected 2 inputs, got 1"),
    ],
)
def test_what_cannot_be_is_refused(make, error: type[Exception], message: str) -> None:
    with pytest.raises(error, match=message):
        make()
