"""Neurons, layers and multi-layer perceptrons, which compute scalar by scalar."""

import math
from collections.abc import Callable, Iterable, Sequence
from operator import methodcaller, pos
from typing import SupportsIndex

from autograd import Value, dot
from autograd.ops import TABLE
from nn.modules.arguments import Inputs, Output, Seed, as_values, generator_of, width_of
from nn.modules.module import Module


class Neuron(Module):
    """A weighted sum of its inputs and a bias, through an activation.

    `activation` is the name of a function of one operand from the table of derivatives (`"relu"`, `"tanh"`, ...), or
    `"linear"` for none. `rng` is a seed or a `random.Random`. The bias starts at 0; weights are drawn uniformly, for
    relu and softplus with the variance 2 / n_in (He et al. 2015, "Delving deep into rectifiers", section 2.2), else
    2 / (n_in + n_out) (Glorot and Bengio 2010, "Understanding the difficulty of training deep feedforward neural
    networks", equation 16); `n_out` is the width of the layer that the neuron is part of.

    >>> neuron = Neuron(2, activation="tanh", rng=0)
    >>> [p.label for p in neuron.parameters()]
    ['w0', 'w1', 'b']
    >>> y = neuron([1.0, -2.0])    # a Value
    """

    def __init__(
        self, n_in: SupportsIndex, activation: str = "relu", rng: Seed = None, n_out: SupportsIndex = 1
    ) -> None:
        n_in, n_out = width_of(n_in, "n_in"), width_of(n_out, "n_out")
        self.activation = activation
        self._activate = _activation(activation)
        uniform = generator_of(rng).uniform
        limit = math.sqrt(6 / n_in if activation in ("relu", "softplus") else 6 / (n_in + n_out))
        self.weights = [Value(uniform(-limit, limit), label=f"w{i}") for i in range(n_in)]
        self.bias = Value(0.0, label="b")

    def __call__(self, inputs: Inputs) -> Value:
        """The activation for `inputs`, `n_in` numbers or Values. Raises ValueError for another number of them."""
        return self._fire(as_values(inputs))

    def _fire(self, inputs: Sequence[Value]) -> Value:
        if len(inputs) != len(self.weights):
            raise ValueError(f"expected {len(self.weights)} inputs, got {len(inputs)}")
        return self._activate(dot(self.weights, inputs, self.bias))

    def __repr__(self) -> str:
        return f"Neuron({len(self.weights)}, activation={self.activation!r})"


class Layer(Module):
    """`n_out` neurons with the same `n_in` inputs; a call gives a list of `n_out` Values, or the Value if it is one."""

    def __init__(self, n_in: SupportsIndex, n_out: SupportsIndex, activation: str = "relu", rng: Seed = None) -> None:
        n_out, rng = width_of(n_out, "n_out"), generator_of(rng)
        self.neurons = [Neuron(n_in, activation, rng, n_out) for _ in range(n_out)]
        _prefix_labels(self.neurons)

    def __call__(self, inputs: Inputs) -> Output:
        inputs = as_values(inputs)
        outputs = [neuron._fire(inputs) for neuron in self.neurons]
        return outputs[0] if len(outputs) == 1 else outputs

    def __repr__(self) -> str:
        return f"Layer of {len(self.neurons)} x {self.neurons[0]!r}"


class MLP(Module):
    """A multi-layer perceptron: `n_in` inputs and layers of `n_out[0]`, `n_out[1]`, ... neurons.

    Every layer but the last has the `activation`; the last is linear. `rng` is a seed or a `random.Random`: the same
    seed gives the same network. A call takes `n_in` numbers or Values and gives a list of Values, or the Value if the
    last layer has one neuron.

    >>> model = MLP(2, [16, 16, 1], rng=0)
    >>> model
    MLP(2, [16, 16, 1], activation='relu')
    >>> len(model.parameters())
    337
    >>> model([0.5, -1.0]).is_leaf
    False
    """

    def __init__(
        self, n_in: SupportsIndex, n_out: Iterable[SupportsIndex], activation: str = "relu", rng: Seed = None
    ) -> None:
        if not isinstance(n_out, Iterable) or not (widths := [width_of(n, "n_out") for n in n_out]):
            raise ValueError(f"n_out lists the widths of the layers, as in MLP(2, [16, 16, 1]); got {n_out!r}")
        _activation(activation)  # even if there is no layer that uses it
        rng = generator_of(rng)
        self.n_in, self.n_out, self.activation = width_of(n_in, "n_in"), widths, activation
        last = len(widths) - 1
        self.layers = [
            Layer(n_from, n_to, activation if i < last else "linear", rng)
            for i, (n_from, n_to) in enumerate(zip([self.n_in, *widths], widths, strict=False))
        ]
        _prefix_labels(self.layers)

    def __call__(self, inputs: Inputs) -> Output:
        first, *others = self.layers
        outputs = first(inputs)
        for layer in others:
            outputs = layer(outputs)
        return outputs

    def __repr__(self) -> str:
        return f"MLP({self.n_in}, {self.n_out}, activation={self.activation!r})"


def _prefix_labels(parts: Sequence["Neuron | Layer"]) -> None:
    for i, part in enumerate(parts):
        for neuron in [part] if isinstance(part, Neuron) else part.neurons:
            for p in (*neuron.weights, neuron.bias):
                p.label = f"{i}.{p.label}"


def _activation(name: str) -> Callable[[Value], Value]:
    if name == "linear":
        return pos
    names = [op.name for op in TABLE.values() if len(op.operands) == 1 and op.symbol.isidentifier()]
    if name not in names:
        raise ValueError(f"unknown activation {name!r}: choose 'linear' or one of {', '.join(names)}")
    return methodcaller(name)
