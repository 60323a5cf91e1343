"""First weights: the names and laws of `torch.nn.init`, for a model or a part of it.

Each draws the weights of every layer in `module` anew, in place, and leaves biases alone. `rng` is a seed or a
`random.Random`. A layer of n_out neurons with n_in inputs is what PyTorch calls a weight of shape n_out x n_in.
"""

import math
from collections.abc import Callable
from random import Random

import numpy as np

from nn.modules import Layer, Module, Seed, generator_of


def constant_(module: Module, value: float) -> None:
    """Every weight is `value`: neurons of a layer that start alike stay alike, which is worth seeing once."""
    _fill(module, None, lambda _n_in, _n_out, _generator: value)


def uniform_(module: Module, low: float = 0.0, high: float = 1.0, rng: Seed = None) -> None:
    """From the uniform distribution between `low` and `high`."""
    _fill(module, rng, lambda _n_in, _n_out, generator: generator.uniform(low, high))


def normal_(module: Module, mean: float = 0.0, std: float = 1.0, rng: Seed = None) -> None:
    """From the normal distribution."""
    _fill(module, rng, lambda _n_in, _n_out, generator: generator.gauss(mean, std))


def xavier_uniform_(module: Module, gain: float = 1.0, rng: Seed = None) -> None:
    """Uniform, with the variance gain^2 * 2 / (n_in + n_out) (Glorot and Bengio 2010, equation 16)."""
    _spread(module, rng, uniform=True, std=lambda n_in, n_out: gain * math.sqrt(2 / (n_in + n_out)))


def xavier_normal_(module: Module, gain: float = 1.0, rng: Seed = None) -> None:
    """Normal, with the variance gain^2 * 2 / (n_in + n_out) (Glorot and Bengio 2010)."""
    _spread(module, rng, uniform=False, std=lambda n_in, n_out: gain * math.sqrt(2 / (n_in + n_out)))


def kaiming_uniform_(module: Module, gain: float = math.sqrt(2), rng: Seed = None) -> None:
    """Uniform, with the variance gain^2 / n_in; the gain is relu's unless given (He et al. 2015, section 2.2)."""
    _spread(module, rng, uniform=True, std=lambda n_in, _n_out: gain / math.sqrt(n_in))


def kaiming_normal_(module: Module, gain: float = math.sqrt(2), rng: Seed = None) -> None:
    """Normal, with the variance gain^2 / n_in; the gain is relu's unless given (He et al. 2015, section 2.2).

    >>> from nn import MLP
    >>> model = MLP(2, [100, 1])
    >>> kaiming_normal_(model, rng=0)
    >>> print(f"{np.std([p.data for neuron in model.layers[0].neurons for p in neuron.weights]):.1f}")    # sqrt(2 / 2)
    1.0
    """
    _spread(module, rng, uniform=False, std=lambda n_in, _n_out: gain / math.sqrt(n_in))


def orthogonal_(module: Module, gain: float = 1.0, rng: Seed = None) -> None:
    """Rows (or columns, if they are fewer) at right angles, of length `gain` (Saxe et al. 2014, section 3)."""
    generator = generator_of(rng)
    for layer in _layers(module):
        n_out, n_in = len(layer.neurons), len(layer.neurons[0].weights)
        shape = (max(n_out, n_in), min(n_out, n_in))
        q, r = np.linalg.qr(np.reshape([generator.gauss(0, 1) for _ in range(n_out * n_in)], shape))
        q *= np.sign(np.diag(r))  # else they are not drawn evenly
        for neuron, row in zip(layer.neurons, (q if n_out >= n_in else q.T).tolist(), strict=True):
            for weight, number in zip(neuron.weights, row, strict=True):
                weight.data = gain * number


def _spread(module: Module, rng: Seed, uniform: bool, std: Callable[[int, int], float]) -> None:
    def draw(n_in: int, n_out: int, generator: Random) -> float:
        deviation = std(n_in, n_out)
        limit = math.sqrt(3) * deviation
        return generator.uniform(-limit, limit) if uniform else generator.gauss(0, deviation)

    _fill(module, rng, draw)


def _fill(module: Module, rng: Seed, draw: Callable[[int, int, Random], float]) -> None:
    generator = generator_of(rng)
    for layer in _layers(module):
        for neuron in layer.neurons:
            for weight in neuron.weights:
                weight.data = draw(len(neuron.weights), len(layer.neurons), generator)


def _layers(module: Module) -> list[Layer]:
    layers = [part for part in module.modules() if isinstance(part, Layer)]
    if not layers:
        raise ValueError(f"there is no Layer in {module!r} whose weights could be drawn")
    return layers
