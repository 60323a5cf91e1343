"""What passes through the layers: the model's own numbers, layer by layer."""

import numpy as np
import pytest

from nn import MLP, activations, gradients, losses, predict

X = np.array([[0.5, -1.0], [2.0, 0.25], [-1.5, 1.0]])


@pytest.mark.parametrize("widths", [[1], [3], [4, 1], [5, 4, 3]])
def test_activations_go_from_layer_to_layer_up_to_the_prediction(widths: list[int]) -> None:
    model = MLP(2, widths, activation="tanh", rng=0)
    outputs = activations(model, X)
    assert [layer.shape for layer in outputs] == [(3, width) for width in widths]
    assert np.array_equal(outputs[-1], predict(model, X).reshape(3, -1))
    for layer, before, after in zip(model.layers, [X, *outputs], outputs, strict=False):
        assert np.array_equal(after, [np.atleast_1d(np.asarray(layer(row), dtype=float)) for row in before.tolist()])


def test_gradients_are_those_of_the_biases_row_by_row() -> None:
    model = MLP(2, [4, 3, 2], activation="sigmoid", rng=0)
    y = [0, 1, 1]
    found = gradients(model, X, y, loss="cross_entropy")
    assert [layer.shape for layer in found] == [(3, 4), (3, 3), (3, 2)]
    for i, (row, target) in enumerate(zip(X.tolist(), y, strict=True)):
        model.zero_grad()
        losses.cross_entropy(model(row), target).backward()
        for layer, rows in zip(model.layers, found, strict=True):
            assert rows[i] == pytest.approx([neuron.bias.grad for neuron in layer.neurons])


def test_looking_changes_nothing() -> None:
    model = MLP(2, [3, 1], rng=0)
    losses.mean_squared_error(model([1.0, 2.0]), 3.0).backward()
    before = model.state_dict(), [p.grad for p in model.parameters()]
    activations(model, X)
    gradients(model, X, [1.0, 2.0, 3.0], loss=losses.mean_squared_error)
    assert (model.state_dict(), [p.grad for p in model.parameters()]) == before


def test_rows_that_do_not_fit_are_refused() -> None:
    with pytest.raises(ValueError, match="as many rows as targets"):
        gradients(MLP(2, [1]), X, [1.0], loss="mean_squared_error")
    with pytest.raises(ValueError, match="expected 2 inputs, got 1"):
        activations(MLP(2, [1]), [[1.0], [2.0]])
