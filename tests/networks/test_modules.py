"""Neurons, layers, networks: what they own, how they start, and that micrograd's programs run unchanged."""

import copy
import math
import pickle
from dataclasses import dataclass
from random import Random
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograd import Value
from nn import MLP, Layer, Module, Neuron


def test_parameters_are_named_by_the_path_to_them() -> None:
    model = MLP(2, [4, 3], rng=0)
    names = [name for name, _ in model.named_parameters()]
    assert names[:4] == [f"layers.0.neurons.0.{x}" for x in ("weights.0", "weights.1", "bias")] + [
        "layers.0.neurons.1.weights.0"
    ]
    assert model.layers[0].neurons[3].weights[1] is dict(model.named_parameters())["layers.0.neurons.3.weights.1"]
    assert len(names) == len(set(names)) == len(model.parameters()) == 4 * 3 + 3 * 5


def test_labels_tell_layer_neuron_and_weight() -> None:
    assert [p.label for p in MLP(1, [2, 1], rng=0).parameters()] == [
        *("0.0.w0", "0.0.b", "0.1.w0", "0.1.b"),
        *("1.0.w0", "1.0.w1", "1.0.b"),
    ]
    output = Neuron(2, activation="linear", rng=0)([3.0, 4.0])
    assert [x.label for x in output.inputs[1].inputs] == ["w1", "x1"]


class Tied(Module):
    def __init__(self) -> None:
        self.shared = Value(2.0)
        self.parts = {"a": [self.shared, Value(3.0)], "b": (Value(4.0), "text", None)}
        self.fixed = Value(5.0, requires_grad=False)
        self.result = self.shared * 2
        self.array = np.array([[Value(6.0), Value(7.0)]])
        self.numbers = np.zeros(3)
        self.itself = self


def test_parameters_are_the_variables_in_all_containers_and_each_counts_once() -> None:
    assert Tied().state_dict() == {"shared": 2, "parts.a.1": 3, "parts.b.0": 4, "array.0.0": 6, "array.0.1": 7}


def test_a_module_may_be_a_dataclass() -> None:
    @dataclass
    class Scale(Module):
        factor: Value

    assert [name for name, _ in Scale(Value(1.0)).named_parameters()] == ["factor"]


def test_a_module_that_computes_nothing_says_so() -> None:
    with pytest.raises(NotImplementedError, match="Tied doesn't say what it computes: define __call__"):
        Tied()([1.0])


@pytest.mark.parametrize("n_out", [1, 3])
def test_one_output_is_a_value_and_several_are_a_list(n_out: int) -> None:
    for module in (Layer(2, n_out, rng=0), MLP(2, [4, n_out], rng=0)):
        output = module([1.0, 2.0])
        assert isinstance(output, Value) if n_out == 1 else (isinstance(output, list) and len(output) == n_out)


@given(st.integers(1, 4), st.lists(st.integers(1, 4), min_size=1, max_size=3), st.integers())
def test_the_same_seed_makes_the_same_network(n_in: int, n_out: list[int], seed: int) -> None:
    one = MLP(n_in, n_out, rng=seed)
    assert one.state_dict() == MLP(n_in, n_out, rng=Random(seed)).state_dict()
    assert one.state_dict() != MLP(n_in, n_out, rng=seed + 1 if seed >= 0 else seed - 1).state_dict()
    assert len(one.parameters()) == sum((a + 1) * b for a, b in zip([n_in, *n_out], n_out, strict=False))


def test_a_network_computes_what_numpy_computes() -> None:
    model = MLP(3, [5, 4, 2], activation="tanh", rng=1)
    x = np.array([0.5, -1.0, 2.0])
    for i, layer in enumerate(model.layers):
        weights = np.array([[w.data for w in n.weights] for n in layer.neurons])
        x = weights @ x + [n.bias.data for n in layer.neurons]
        x = np.tanh(x) if i < 2 else x
    assert [y.data for y in model([0.5, -1.0, 2.0])] == pytest.approx(x.tolist(), rel=1e-13)


@pytest.mark.parametrize(
    ("activation", "variance"),
    [("relu", 2 / 50), ("softplus", 2 / 50), ("tanh", 2 / 80), ("sigmoid", 2 / 80), ("linear", 2 / 80)],
)
def test_weights_start_with_the_variance_of_he_or_glorot_and_biases_at_zero(activation: str, variance: float) -> None:
    layer = Layer(50, 30, activation, rng=0)
    weights = np.array([w.data for n in layer.neurons for w in n.weights])
    assert weights.var() == pytest.approx(variance, rel=0.08)
    assert abs(weights.mean()) < 4 * math.sqrt(variance / weights.size)
    assert abs(weights).max() <= math.sqrt(3 * variance)
    assert {n.bias.data for n in layer.neurons} == {0}


def test_the_last_layer_is_linear() -> None:
    model = MLP(1, [2, 1], activation="relu", rng=0)
    assert [layer.neurons[0].activation for layer in model.layers] == ["relu", "linear"]


@pytest.mark.parametrize("inputs", [[1.0, -2.0], (1, -2), np.array([1.0, -2.0]), [Value(1.0), -2], iter([1, -2])])
def test_inputs_may_be_any_numbers_or_values(inputs: Any) -> None:
    assert MLP(2, [3, 1], rng=0)(inputs).data == MLP(2, [3, 1], rng=0)([1.0, -2.0]).data


def test_a_value_alone_is_one_input() -> None:
    assert Neuron(1, rng=0)(Value(2.0)).data == Layer(1, 1, rng=0)(Value(2.0)).data == Neuron(1, rng=0)([2.0]).data


def test_widths_may_be_numpy_integers() -> None:
    assert repr(MLP(np.int64(2), np.array([3, 1]), rng=0)) == "MLP(2, [3, 1], activation='relu')"


def test_modules_show_their_shape() -> None:
    assert repr(Layer(2, 3, "tanh")) == "Layer of 3 x Neuron(2, activation='tanh')"


def test_a_program_for_micrograd_runs_unchanged() -> None:
    xs = [[2.0, 3.0, -1.0], [3.0, -1.0, 0.5], [0.5, 1.0, 1.0], [1.0, 1.0, -1.0]]
    ys = [1.0, -1.0, -1.0, 1.0]
    n = MLP(3, [4, 4, 1], rng=1)
    losses = []
    for _ in range(30):
        ypred = [n(x) for x in xs]
        loss = sum((yout - ygt) ** 2 for ygt, yout in zip(ys, ypred, strict=True))
        n.zero_grad()
        for p in n.parameters():
            assert p.grad == 0
        loss.backward()
        for p in n.parameters():
            p.data -= 0.02 * p.grad
        losses.append(loss.data)
    assert losses[-1] < 0.1 * losses[0]


def test_a_state_moves_from_one_network_to_another() -> None:
    one, other = MLP(2, [3, 1], rng=0), MLP(2, [3, 1], rng=1)
    other.load_state_dict(one.state_dict())
    assert other([1.0, 2.0]).data == one([1.0, 2.0]).data


@pytest.mark.parametrize(
    ("change", "error"),
    [
        (lambda state: state.pop("layers.0.neurons.0.bias"), "lacks 1 parameters, such as 'layers.0.neurons.0.bias'"),
        (lambda state: state.update(extra=1.0), "the model lacks 1 parameters, such as 'extra'"),
        (lambda state: state.update({"layers.1.neurons.0.bias": "high"}), "could not convert"),
        (lambda state: state.update({"layers.1.neurons.0.bias": None}), "NoneType"),
    ],
)
def test_a_state_that_does_not_fit_is_refused_and_changes_nothing(change: Any, error: str) -> None:
    model = MLP(2, [3, 1], rng=0)
    before = model.state_dict()
    state = {name: number + 1 for name, number in before.items()}
    change(state)
    with pytest.raises((KeyError, ValueError, TypeError), match=error):
        model.load_state_dict(state)
    assert model.state_dict() == before


@pytest.mark.parametrize("activation", ["relu", "tanh", "linear"])
def test_networks_are_copied_and_pickled(activation: str) -> None:
    model = MLP(2, [3, 1], activation, rng=0)
    for twin in (copy.deepcopy(model), pickle.loads(pickle.dumps(model))):
        assert twin.state_dict() == model.state_dict()
        assert twin([1.0, 2.0]).data == model([1.0, 2.0]).data
        assert not set(twin.parameters()) & set(model.parameters())


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: MLP(2, []), r"lists the widths of the layers, as in MLP\(2, \[16, 16, 1\]\); got \[\]"),
        (lambda: MLP(2, 3), "lists the widths of the layers.*; got 3"),
        (lambda: MLP(0, [1]), "n_in is a number of neurons or inputs, at least 1; got 0"),
        (lambda: MLP(2, [3, -1]), "n_out is a number.*got -1"),
        (lambda: MLP(2, [3, 1.5]), "n_out is a number.*got 1.5"),
        (lambda: Layer(2, True), "n_out is a number.*got True"),
        (lambda: Neuron("2"), "n_in is a number.*got '2'"),
        (lambda: Neuron(2, "rellu"), "unknown activation 'rellu': choose 'linear' or one of .*relu"),
        (lambda: Neuron(2, "add"), "unknown activation 'add'"),
        (lambda: Neuron(2)([1.0]), "expected 2 inputs, got 1"),
        (lambda: MLP(2, [1])([1.0, 2.0, 3.0]), "expected 2 inputs, got 3"),
    ],
)
def test_shapes_that_cannot_be_are_refused(make: Any, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        make()


@pytest.mark.parametrize(
    ("inputs", "message"),
    [
        (3.0, r"expected a list of inputs, such as \[1.0, -2.0\]; got 3.0"),
        ([[1.0, 2.0], [3.0, 4.0]], r"a call takes the inputs of one row, and nn\.predict\(model, X\) many rows"),
        (["1", "2"], "expected a real number, got builtins.str"),
        ([[1.0, 2.0]], "expected a real number, got builtins.list"),
    ],
)
def test_inputs_that_are_not_numbers_are_refused(inputs: Any, message: str) -> None:
    with pytest.raises(TypeError, match=message):
        MLP(2, [1])(inputs)
