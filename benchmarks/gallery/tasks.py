"""What every peer computes of the gallery: the numbers that the examples start from, as arrays."""

from random import Random
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from examples import balance, convolution, curve, equation, memory, option, orbit, pendulum
from nn import MLP

Floats = NDArray[np.float64]

STRIKE = 105.0
MARKET = [p.data for p in option.market()]
CHANCES = np.random.default_rng(0).normal(size=100_000)

STEP = 0.05  # seconds of the pendulum's time
SEEN = pendulum.observations(120, STEP, 0.05)
GUESS = np.array([1.5, 0.05, 2.2, 0.2])

ORBIT, ORBIT_DAYS, ORBIT_STEPS = orbit.TRUTH, 0.5, 2000

FOOD, SPEEDS = curve.measurements(25)
CURVE = np.array([1.9, 0.5])

ANGLES = np.array([0.3, 0.5, -0.4, 0.2])

POINTS = np.linspace(0.0, equation.END, 50)

PLACES, KICKS = np.random.default_rng(0).normal(size=(2, 400, 2))
SLIDE_STEP, SLIDE_STEPS = 0.05, 12

SIGNALS, FIRST = memory.signals(64, 20, seed=0)

PIXELS, SHOWN = np.random.default_rng(0).uniform(size=(50, 64)), np.arange(50) % 10

BENT = np.linspace(-1.0, 1.0, 100)

# Heston's model: spot, first variance, its return and mean, its volatility, correlation, rate
HESTON = np.array([100.0, 0.04, 2.0, 0.04, 0.5, -0.7, 0.03])
HESTON_STEP = 1 / 50  # years
SHOCKS = np.random.default_rng(0).normal(size=(20_000, 50, 2))


class Total:
    """What a step computed, as one number when it is asked for: so that this is not timed.

    It is the norm of all numbers, whose order and shape may be another in each library.
    """

    def __init__(self, *parts: Any) -> None:
        self.parts = parts

    def __float__(self) -> float:
        return float(
            np.linalg.norm([np.linalg.norm(np.asarray(part, dtype=np.float64).ravel()) for part in self.parts])
        )


def numbers(values: list[Any]) -> Floats:
    """The numbers of Values, nested in lists."""
    return np.array([[x.data for x in row] if isinstance(row, list) else row.data for row in values])


def equation_layers() -> list[tuple[Floats, Floats]]:
    """Weights, outputs x inputs, and biases of the network that solves the equation."""
    return layers(equation.network(16))


def bent_network() -> MLP:
    """One number in, one out, through two layers of 16 tanh."""
    return MLP(1, [16, 16, 1], activation="tanh", rng=0)


def layers(model: Any) -> list[tuple[Floats, Floats]]:
    """The same of any MLP."""
    return [
        (
            numbers([list(neuron.weights) for neuron in layer.neurons]),
            numbers([neuron.bias for neuron in layer.neurons]),
        )
        for layer in model.layers
    ]


class Gates(NamedTuple):
    """An LSTM: for the gates write, keep, news and show, in PyTorch's order, weights of what is read, and of what was
    shown before; biases; the weights of the readout, and its bias.
    """

    read: Floats
    shown: Floats
    biases: Floats
    readout: Floats
    bias: float


def lstm() -> memory.LSTM:
    return memory.LSTM(4, Random(0))


def gates() -> Gates:
    model = lstm()
    rows = [getattr(cell, gate) for gate in ("write", "keep", "news", "show") for cell in model.cells]
    weights = numbers([row.weights for row in rows])
    return Gates(
        weights[:, :1],
        weights[:, 1:],
        numbers([row.bias for row in rows]),
        numbers(model.readout.weights),
        model.readout.bias.data,
    )


def reader() -> convolution.Convolution:
    return convolution.Convolution(6, 10, Random(0))


class Kernels(NamedTuple):
    """The convolution: kernels x 3 x 3, their biases, and the readout, classes x (places x kernels)."""

    kernels: Floats
    biases: Floats
    readout: Floats


def kernels() -> Kernels:
    model = reader()
    return Kernels(numbers(model.kernels).reshape(-1, 3, 3), numbers(model.biases), numbers(model.readout))


class Pushes(NamedTuple):
    """What carts met and did, and how much each counts."""

    met: Floats
    sides: Floats
    gains: Floats


def pushes() -> Pushes:
    random = np.random.default_rng(0)
    met, gains = random.normal(size=(1000, 4)), random.normal(size=1000)
    return Pushes(met, random.choice([-1.0, 1.0], size=1000), gains / 1000)


def policy() -> balance.Learner:
    return balance.Learner()
