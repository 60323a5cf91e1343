"""Settings by scikit-learn's names: their ranges, and the optimiser and the layers that they stand for."""

import math
from collections.abc import Iterable, MutableSequence
from dataclasses import KW_ONLY, dataclass
from functools import cached_property
from numbers import Integral, Real
from random import Random
from typing import Any

import numpy as np
from sklearn.utils._param_validation import Interval, StrOptions

from autograd import Value
from nn.modules import MLP
from nn.optim import LBFGS, SGD, Adam, Optimizer

ACTIVATIONS = {"identity": "linear", "logistic": "sigmoid", "tanh": "tanh", "relu": "relu", "softplus": "softplus"}


def _number(lowest: float, highest: float | None = None, closed: str = "left") -> list[Any]:
    return [Interval(Real, lowest, highest, closed=closed)]


def _count(lowest: int) -> list[Any]:
    return [Interval(Integral, lowest, None, closed="left")]


RANGES: dict[str, list[Any]] = {
    "hidden_layer_sizes": ["array-like", Interval(Integral, 1, None, closed="left")],
    "activation": [StrOptions(set(ACTIVATIONS))],
    "solver": [StrOptions({"lbfgs", "sgd", "adam"})],
    "alpha": _number(0),
    "batch_size": [StrOptions({"auto"}), *_count(1)],
    "learning_rate": [StrOptions({"constant", "invscaling", "adaptive"})],
    "learning_rate_init": _number(0, closed="neither"),
    "power_t": _number(0),
    "max_iter": _count(1),
    "shuffle": ["boolean"],
    "random_state": ["random_state"],
    "tol": _number(0),
    "verbose": ["verbose"],
    "warm_start": ["boolean"],
    "momentum": _number(0, 1, closed="both"),
    "nesterovs_momentum": ["boolean"],
    "early_stopping": ["boolean"],
    "validation_fraction": _number(0, 1, closed="neither"),
    "beta_1": _number(0, 1),
    "beta_2": _number(0, 1),
    "epsilon": _number(0, closed="neither"),
    "n_iter_no_change": _count(1),
    "threads": _count(1),
}


@dataclass(eq=False, repr=False)
class Settings:
    """The settings of scikit-learn's networks, with its defaults, and `threads`."""

    hidden_layer_sizes: Any = (100,)
    activation: str = "relu"
    _: KW_ONLY
    solver: str = "adam"
    alpha: float = 0.0001
    batch_size: int | str = "auto"
    learning_rate: str = "constant"
    learning_rate_init: float = 0.001
    power_t: float = 0.5
    max_iter: int = 200
    shuffle: bool = True
    random_state: Any = None
    tol: float = 1e-4
    verbose: bool = False
    warm_start: bool = False
    momentum: float = 0.9
    nesterovs_momentum: bool = True
    early_stopping: bool = False
    validation_fraction: float = 0.1
    beta_1: float = 0.9
    beta_2: float = 0.999
    epsilon: float = 1e-8
    n_iter_no_change: int = 10
    threads: int = 1


def optimizer_of(settings: Settings, parameters: Iterable[Value]) -> Optimizer:
    """What `solver` and the settings beside it say."""
    rate, betas = settings.learning_rate_init, (settings.beta_1, settings.beta_2)
    if settings.solver == "lbfgs":
        return LBFGS(parameters, max_iter=settings.max_iter, tolerance_grad=settings.tol, tolerance_change=0.0)
    if settings.solver == "adam":
        return Adam(parameters, lr=rate, betas=betas, eps=settings.epsilon)
    nesterov = settings.nesterovs_momentum and settings.momentum > 0
    return SGD(parameters, lr=rate, momentum=settings.momentum, nesterov=nesterov)


def widths_of(hidden_layer_sizes: Any) -> list[int]:
    """The hidden layers' widths. Raises ValueError for one below 1."""
    widths = list(hidden_layer_sizes) if isinstance(hidden_layer_sizes, Iterable) else [hidden_layer_sizes]
    if any(not isinstance(width, Integral) or width < 1 for width in widths):
        raise ValueError(f"hidden_layer_sizes are whole numbers of at least 1; got {hidden_layer_sizes!r}")
    return [int(width) for width in widths]


class Generator(Random):
    """Python's generator, which shuffles as fast as NumPy's: small tables wait for little else."""

    @cached_property
    def _numpy(self) -> np.random.Generator:
        return np.random.default_rng(self.getrandbits(64))

    def shuffle(self, x: MutableSequence[Any]) -> None:
        x[:] = self._numpy.permutation(x).tolist()


def first_parameters(model: MLP, factor: float, generator: Random) -> None:
    """Draw weights and biases uniformly within +-sqrt(factor / (n_in + n_out)) (Glorot and Bengio 2010), as there."""
    for layer in model.layers:
        for neuron in layer.neurons:
            limit = math.sqrt(factor / (len(neuron.weights) + len(layer.neurons)))
            for parameter in (*neuron.weights, neuron.bias):
                parameter.data = generator.uniform(-limit, limit)
