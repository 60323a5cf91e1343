"""Networks from elsewhere: the weights of PyTorch's, in a network of scalars."""

from collections.abc import Iterable
from typing import Any

from nn.modules import MLP

_ACTIVATIONS = {"ReLU": "relu", "Tanh": "tanh", "Sigmoid": "sigmoid", "Softplus": "softplus"}
_PASSES_ON = ("Identity", "Dropout", "Flatten")  # as far as predictions go


def from_torch(sequential: Any) -> MLP:
    """The `MLP` that computes what a `torch.nn.Sequential` does: `Linear` layers, one kind of activation between them.

    The weights are copied; layers without a bias get one of 0. Raises ValueError for a module that an MLP has no place
    for, activations of several kinds, and one after the last layer, where an MLP has none: its loss takes it on.

    >>> from torch.nn import Linear, Sequential, Tanh    # doctest: +SKIP
    >>> from_torch(Sequential(Linear(2, 8), Tanh(), Linear(8, 1)))    # doctest: +SKIP
    MLP(2, [8, 1], activation='tanh')
    """
    if not isinstance(sequential, Iterable):
        raise TypeError(f"expected a torch.nn.Sequential of Linear layers, got {sequential!r}")
    linear: list[Any] = []
    activations: list[str] = []
    for position, module in enumerate(sequential):
        kind = type(module).__name__
        if kind == "Linear":
            if len(activations) != len(linear):
                raise ValueError(f"before module {position}, a Linear, an activation is missing: an MLP has one there")
            if linear and linear[-1].out_features != module.in_features:
                raise ValueError(
                    f"module {position}, a Linear, takes {module.in_features} numbers, but the one before gives "
                    f"{linear[-1].out_features}"
                )
            linear.append(module)
        elif kind in _ACTIVATIONS and len(activations) == len(linear) - 1:
            activations.append(_ACTIVATIONS[kind])
        elif kind not in _PASSES_ON:
            raise ValueError(
                f"module {position}, {module}, has no place in an MLP: it is made of Linear layers, and "
                f"{', '.join(_ACTIVATIONS)} between them"
            )
    if not linear:
        raise ValueError("there is no Linear layer in it")
    if len(activations) == len(linear):
        raise ValueError(f"the last layer has an activation, {activations[-1]}: leave it to the loss")
    if len(set(activations)) > 1:
        raise ValueError(f"the activations are of several kinds, {', '.join(activations)}: an MLP has one")
    activation = activations[0] if activations else "relu"
    model = MLP(linear[0].in_features, [layer.out_features for layer in linear], activation)
    for layer, given in zip(model.layers, linear, strict=True):
        biases = [0.0] * given.out_features if given.bias is None else given.bias.tolist()
        for neuron, weights, bias in zip(layer.neurons, given.weight.tolist(), biases, strict=True):
            neuron.bias.data = bias
            for weight, number in zip(neuron.weights, weights, strict=True):
                weight.data = number
    return model
