"""Modules one after another, and what stands between layers: dropout and normalisation."""

from collections.abc import Callable
from typing import Any

from autograd import Value, mean
from nn.modules.arguments import Inputs, Output, Seed, as_values, generator_of, width_of
from nn.modules.module import Module


class Sequential(Module):
    """Modules, each of which gets what the one before it gives.

    >>> from nn import Layer
    >>> model = Sequential(Layer(2, 8, "tanh", rng=0), LayerNorm(8), Dropout(0.2, rng=0), Layer(8, 1, "linear", rng=1))
    >>> len(model.parameters())
    49
    """

    def __init__(self, *modules: Module) -> None:
        if not modules:
            raise ValueError("Sequential is given modules, such as Sequential(Layer(2, 8), Layer(8, 1, 'linear'))")
        for module in modules:
            if not isinstance(module, Module):
                raise TypeError(f"Sequential is made of Modules; got {module!r}")
        self.layers = list(modules)

    def __call__(self, inputs: Any) -> Any:
        for module in self.layers:
            inputs = module(inputs)
        return inputs

    def __repr__(self) -> str:
        return f"Sequential({', '.join(map(repr, self.layers))})"


class Dropout(Module):
    """In training, each input is 0 with the probability `p`, else divided by 1 - p; in predictions it does nothing.

    Srivastava et al. 2014, "Dropout", with the scaling of `torch.nn.Dropout`. `fit` draws anew for every row and batch,
    and leaves the model as for predictions (`eval()`); in a loop of one's own, `train()` and `eval()` say which it is.

    >>> [x.data for x in Dropout(0.5, rng=1)([1.0, 2.0, 3.0, 4.0])]
    [0.0, 4.0, 6.0, 0.0]
    """

    def __init__(self, p: float = 0.5, rng: Seed = None) -> None:
        if not 0 <= p < 1:
            raise ValueError(f"p is the probability of dropping an input, at least 0 and below 1; got {p!r}")
        self.p = p
        self._generator = generator_of(rng)
        self.factor: Callable[[float], Any] = self._drawn  # from p, what an input is multiplied by: 0 or 1 / (1 - p)

    def __call__(self, inputs: Inputs) -> list[Value]:
        values = as_values(inputs)
        if not self.training or not self.p:
            return values
        return [x * self.factor(self.p) for x in values]

    def _drawn(self, p: float) -> float:
        return 0.0 if self._generator.random() < p else 1 / (1 - p)

    def __repr__(self) -> str:
        return f"Dropout({self.p:g})"


class LayerNorm(Module):
    """Inputs shifted and scaled to the mean 0 and the variance 1 of themselves, then by parameters: weight and bias.

    Ba et al. 2016, "Layer normalization", with the names and `eps` of `torch.nn.LayerNorm`.

    >>> [round(y.data, 3) for y in LayerNorm(3)([1.0, 2.0, 3.0])]
    [-1.225, 0.0, 1.225]
    """

    def __init__(self, n: int, eps: float = 1e-5) -> None:
        n = width_of(n, "n")
        if not eps > 0:
            raise ValueError(f"eps keeps the division from 0, and is above it; got {eps!r}")
        self.eps = eps
        self.weights = [Value(1.0, label=f"w{i}") for i in range(n)]
        self.biases = [Value(0.0, label=f"b{i}") for i in range(n)]

    def __call__(self, inputs: Inputs) -> Output:
        values = as_values(inputs)
        if len(values) != len(self.weights):
            raise ValueError(f"expected {len(self.weights)} inputs, got {len(values)}")
        middle = mean(values)
        apart = [x - middle for x in values]
        scale = 1 / (mean([x * x for x in apart]) + self.eps).sqrt()
        return [x * scale * w + b for x, w, b in zip(apart, self.weights, self.biases, strict=True)]

    def __repr__(self) -> str:
        return f"LayerNorm({len(self.weights)})"
