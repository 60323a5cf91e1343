"""Losses: how wrong a prediction is, as one Value.

Each is a function of one example's prediction (a Value or a list of them, as a model gives it) and its target; `mean`
is the loss over a batch. They stay finite, with accurate gradients, for predictions of any size. A target that is a
Value, as when a loss is recorded, is taken as it is.
"""

from collections.abc import Sequence

import autograd
from autograd import Value
from nn.losses.classification import (
    binary_cross_entropy,
    cross_entropy,
    focal,
    hinge,
    kl_divergence,
    multi_margin,
)
from nn.losses.regression import huber, mean_absolute_error, mean_squared_error, poisson_nll
from nn.losses.targets import Loss, Prediction, Target, check_as_many

__all__ = [
    "LOSSES",
    "OF_CLASS_NUMBERS",
    "Loss",
    "Prediction",
    "Target",
    "binary_cross_entropy",
    "by_name",
    "cross_entropy",
    "focal",
    "hinge",
    "huber",
    "kl_divergence",
    "mean",
    "mean_absolute_error",
    "mean_squared_error",
    "multi_margin",
    "poisson_nll",
]

_FUNCTIONS: tuple[Loss, ...] = (mean_squared_error, mean_absolute_error, huber, poisson_nll, hinge, multi_margin)
_FUNCTIONS += (binary_cross_entropy, focal, cross_entropy, kl_divergence)
LOSSES: dict[str, Loss] = {f.__name__: f for f in _FUNCTIONS}
OF_CLASS_NUMBERS: tuple[Loss, ...] = (cross_entropy, multi_margin)  # whose target may be one, or one-hot


def by_name(loss: str | Loss) -> Loss:
    """The loss called `loss`; a function is returned as it is. Raises ValueError for an unknown name."""
    if callable(loss):
        return loss
    if loss not in LOSSES:
        raise ValueError(f"unknown loss {loss!r}: choose one of {', '.join(LOSSES)}, or give a function")
    return LOSSES[loss]


def mean(loss: Loss, predictions: Sequence[Prediction], targets: Sequence[Target]) -> Value:
    """The mean of `loss` over a batch of predictions and their targets.

    >>> mean(hinge, [Value(0.0), Value(2.0)], [1, 1]).data
    0.5
    """
    check_as_many(predictions, targets)
    return autograd.mean([loss(p, t) for p, t in zip(predictions, targets, strict=True)])
