"""First weights have the spread that `torch.nn.init` gives a tensor of the layer's shape."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nn import MLP, Layer, Neuron, Sequential, init

GLOROT, HE = math.sqrt(2 / (80 + 50)), math.sqrt(2 / 80)
SPREADS = {
    init.uniform_: 1 / math.sqrt(12),
    init.normal_: 1.0,
    init.xavier_uniform_: GLOROT,
    init.xavier_normal_: GLOROT,
    init.kaiming_uniform_: HE,
    init.kaiming_normal_: HE,
}


def weights(layer: Layer) -> np.ndarray:
    return np.array([[w.data for w in neuron.weights] for neuron in layer.neurons])


@pytest.mark.parametrize("draw", SPREADS)
def test_weights_have_the_spread_that_the_name_says(draw) -> None:
    layer = Layer(80, 50)
    draw(layer, rng=0)
    assert weights(layer).std() == pytest.approx(SPREADS[draw], rel=0.05)
    assert all(neuron.bias.data == 0 for neuron in layer.neurons)


@pytest.mark.parametrize("draw", SPREADS)
def test_the_same_seed_draws_the_same(draw) -> None:
    first, second = MLP(3, [4, 2]), Sequential(Layer(3, 4), Layer(4, 2))
    draw(first, rng=7)
    draw(second, rng=7)
    assert [p.data for p in first.parameters()] == [p.data for p in second.parameters()]


@pytest.mark.parametrize(("name", "gain"), [("xavier_uniform_", 2.0), ("kaiming_normal_", math.sqrt(2))])
def test_spreads_are_those_of_torch(name: str, gain: float) -> None:
    torch = pytest.importorskip("torch")
    torch.manual_seed(0)
    there, layer = torch.empty(60, 90, dtype=torch.float64), Layer(90, 60)
    getattr(torch.nn.init, name)(there, **({"gain": gain} if "xavier" in name else {}))
    getattr(init, name)(layer, gain=gain, rng=0)
    assert weights(layer).std() == pytest.approx(there.std().item(), rel=0.05)
    assert abs(weights(layer)).max() == pytest.approx(there.abs().max().item(), rel=0.2)


@given(st.integers(1, 6), st.integers(1, 6), st.floats(0.5, 2), st.integers(0, 99))
def test_orthogonal_rows_or_columns_stand_at_right_angles(n_in: int, n_out: int, gain: float, seed: int) -> None:
    layer = Layer(n_in, n_out)
    init.orthogonal_(layer, gain, rng=seed)
    w = weights(layer)
    product = w @ w.T if n_out <= n_in else w.T @ w
    np.testing.assert_allclose(product, gain**2 * np.eye(min(n_in, n_out)), atol=1e-12)


def test_constants() -> None:
    model = MLP(2, [3, 1])
    init.constant_(model, 0.5)
    assert {p.data for p in model.parameters()} == {0.0, 0.5}


def test_a_module_without_layers_has_nothing_to_draw() -> None:
    with pytest.raises(ValueError, match="there is no Layer in Neuron"):
        init.normal_(Neuron(2))
