"""Small networks and data that tests of training share."""

from typing import Any

from autograd import Value
from nn import MLP, History, Module, data, fit

MOONS = data.moons(40, rng=0)
LINE = ([[0.0], [1.0], [2.0]], [1.0, 3.0, 5.0])


def train(model: Module, X: Any = MOONS.X, y: Any = MOONS.y, **settings: Any) -> History:
    return fit(model, X, y, **{"loss": "binary_cross_entropy", "epochs": 5, "progress": False, **settings})


def small_net(seed: int = 0) -> MLP:
    return MLP(2, [4, 1], activation="tanh", rng=seed)


class Power(Module):
    """w x^100: its loss overflows as soon as w x grows."""

    def __init__(self) -> None:
        self.w = Value(1.0, label="w")

    def __call__(self, inputs: Any) -> Value:
        return (self.w * inputs[0]) ** 100


class Root(Module):
    def __init__(self) -> None:
        self.w = Value(0.0, label="w")

    def __call__(self, inputs: Any) -> Value:
        return self.w.sqrt() * inputs[0]
