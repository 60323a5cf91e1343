"""What passes through the layers of a network on a batch: activations forward, gradients backward."""

import numpy as np
from numpy.typing import ArrayLike

from autograd import Value, grad, no_grad
from nn import losses
from nn.losses import Loss
from nn.modules import MLP, Output
from nn.training.rows import Floats, prepare


@no_grad()
def activations(model: MLP, X: ArrayLike) -> list[Floats]:
    """The outputs of every layer, an array of shape n x neurons each, for the rows of `X` (n x inputs).

    A column that is the same in every row is a neuron that is dead or saturated: it tells nothing about its inputs.

    >>> [outputs.shape for outputs in activations(MLP(2, [8, 1], rng=0), [[0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])]
    [(3, 8), (3, 1)]
    """
    rows, _ = prepare(X, np.zeros(len(np.atleast_1d(X))))
    return _by_layer([[_numbers(outputs) for outputs in _forward(model, row)] for row in rows.tolist()])


def gradients(model: MLP, X: ArrayLike, y: ArrayLike, *, loss: str | Loss) -> list[Floats]:
    """The derivatives of each row's loss by what every neuron sums up, before its activation; shapes as `activations`.

    They are the gradients of the biases, row by row. A column of zeros is a neuron that learns nothing from these rows,
    and a layer of tiny numbers one that the gradient hardly reaches. No `.grad` is changed.

    >>> model = MLP(2, [8, 1], rng=0)
    >>> [g.shape for g in gradients(model, [[0.0, 1.0], [1.0, 0.0]], [0, 1], loss="binary_cross_entropy")]
    [(2, 8), (2, 1)]
    """
    rows, targets = prepare(X, y)
    loss = losses.by_name(loss)
    biases = [[neuron.bias for neuron in layer.neurons] for layer in model.layers]
    return _by_layer(
        [[grad(error, layer) for layer in biases] for error in map(loss, map(model, rows.tolist()), targets.tolist())]
    )


def _forward(model: MLP, row: list[float]) -> list[Output]:
    outputs: list[Output] = []
    for layer in model.layers:
        outputs.append(layer(outputs[-1] if outputs else row))
    return outputs


def _numbers(outputs: Output) -> list[float]:
    return [output.data for output in ([outputs] if isinstance(outputs, Value) else outputs)]


def _by_layer(rows: list[list[list[float]]]) -> list[Floats]:
    return [np.array(layer) for layer in zip(*rows, strict=True)]
