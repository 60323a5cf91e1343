"""What training makes small: an example's loss, as much as its row weighs, and the weights that a penalty is on."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from autograd import Value
from nn.losses import Loss
from nn.modules import Module
from nn.training.rows import Floats


class Objective:
    """The loss of `model` on one example."""

    def __init__(self, model: Module, loss: Loss) -> None:
        self.model, self.loss = model, loss

    def __call__(self, row: Any, target: Any, weight: Value | float | None = None) -> Value:
        """The loss, times the row's weight."""
        example = self.loss(self.model(row), target)
        if not isinstance(example, Value):
            raise TypeError(f"the loss gave {example!r}: it must give a Value, computed from the model's output")
        return example if weight is None else example * weight


def weights_among(params: Sequence[Value], named: Sequence[tuple[str, Value]]) -> Floats:
    """1 for each of the parameters that is a weight by its name, else 0: a weight is what isn't called a bias."""
    weights = {p for name, p in named if not {"b", "bias", "biases"} & set(name.split("."))}
    return np.array([float(p in weights) for p in params])
