"""Networks as micrograd's programs build them, in plain Python: stepgrad's own, in `nn`, need NumPy."""

import random
from collections.abc import Sequence

from autograd import Value

Inputs = Sequence[Value | float]


class Module:
    """Something with parameters."""

    def parameters(self) -> list[Value]:
        return []

    def zero_grad(self) -> None:
        for parameter in self.parameters():
            parameter.grad = 0.0


class Neuron(Module):
    """A weighted sum and a bias, and where it is to bend, relu."""

    def __init__(self, nin: int, nonlin: bool = True, name: str = "") -> None:
        self.w = [Value(random.uniform(-1, 1), label=f"{name}.w{i}" if name else "") for i in range(nin)]
        self.b = Value(0.0, label=f"{name}.b" if name else "")
        self.nonlin = nonlin

    def __call__(self, x: Inputs) -> Value:
        total = sum((w * one for w, one in zip(self.w, x, strict=True)), self.b)
        return total.relu() if self.nonlin else total

    def parameters(self) -> list[Value]:
        return [*self.w, self.b]


class Layer(Module):
    """Neurons that read the same inputs."""

    def __init__(self, nin: int, nout: int, nonlin: bool = True, name: str = "") -> None:
        self.neurons = [Neuron(nin, nonlin, f"{name}.{i}" if name else "") for i in range(nout)]

    def __call__(self, x: Inputs) -> Value | list[Value]:
        out = [neuron(x) for neuron in self.neurons]
        return out[0] if len(out) == 1 else out

    def parameters(self) -> list[Value]:
        return [parameter for neuron in self.neurons for parameter in neuron.parameters()]


class MLP(Module):
    """Layers one after the other; the last doesn't bend."""

    def __init__(self, nin: int, nouts: Sequence[int]) -> None:
        sizes = [nin, *nouts]
        last = len(nouts) - 1
        self.layers = [Layer(sizes[i], sizes[i + 1], i < last, str(i)) for i in range(len(nouts))]

    def __call__(self, x: Inputs) -> Value | list[Value]:
        for layer in self.layers:
            x = layer(x)
        return x

    def parameters(self) -> list[Value]:
        return [parameter for layer in self.layers for parameter in layer.parameters()]
