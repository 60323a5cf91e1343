"""The picture of a network with its gradients: who is responsible, and in which direction."""

from matplotlib.collections import LineCollection
from matplotlib.colors import to_hex
from matplotlib.figure import Figure

from nn import MLP, plots
from nn.plots.style import COLORS


def edges_of(model: MLP, highest: float | None = None) -> LineCollection:
    [edges] = plots.network_gradients(model, Figure().subplots(), highest).collections
    assert isinstance(edges, LineCollection)
    return edges


def test_an_edge_is_as_thick_as_its_weight_is_responsible_and_its_colour_says_the_sign() -> None:
    model = MLP(2, [2, 1], activation="linear", rng=0)
    weights = [weight for layer in model.layers for neuron in layer.neurons for weight in neuron.weights]
    for weight, gradient in zip(weights, [-1.0, 0.0, 3.0, -4.0, 0.01, 2.0], strict=True):
        weight.grad = gradient
    too_large, too_small = COLORS[5], COLORS[0]
    edges = edges_of(model)
    assert [to_hex(color).upper() for color in edges.get_color()] == [too_small, too_large, too_large, too_small]
    assert list(edges.get_linewidth()) == [1, 2, 3, 4]
    assert list(edges_of(model, highest=8.0).get_linewidth()) == [0.5, 1, 1.5, 2]


def test_before_any_gradient_nobody_is_responsible() -> None:
    assert not edges_of(MLP(2, [2, 1], rng=0)).get_paths()
