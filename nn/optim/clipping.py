"""Gradients that are too large, cut: by their length, or one by one (Pascanu et al. 2013, section 3.2)."""

import math
from collections.abc import Iterable

import numpy as np

from autograd import Value
from nn.optim.derivatives import Floats
from nn.optim.optimizer import Clip


def clip_by_norm(max_norm: float) -> Clip:
    """For `minimize`: derivatives whose length is above `max_norm` are scaled down to it, as `clip_grad_norm` does.

    >>> clip_by_norm(1.0)(np.array([3.0, 4.0])).round(6)
    array([0.6, 0.8])
    """
    _check("max_norm", max_norm)

    def clip(gradient: Floats) -> Floats:
        return gradient * min(1.0, max_norm / (float(np.linalg.norm(gradient)) + 1e-6))  # PyTorch's, to the last bit

    return clip


def clip_by_value(clip_value: float) -> Clip:
    """For `minimize`: each derivative is brought between -clip_value and clip_value.

    >>> clip_by_value(1.0)(np.array([3.0, -0.5]))
    array([ 1. , -0.5])
    """
    _check("clip_value", clip_value)
    return lambda gradient: np.clip(gradient, -clip_value, clip_value)


def clip_grad_norm(params: Iterable[Value], max_norm: float) -> float:
    """Scale the `.grad` of all parameters so that their length is at most `max_norm`: the length before.

    It is `torch.nn.utils.clip_grad_norm_`, for a loop of one's own: between `backward()` and `step()`.
    """
    return _change(params, clip_by_norm(max_norm))


def clip_grad_value(params: Iterable[Value], clip_value: float) -> float:
    """Bring each parameter's `.grad` between -clip_value and clip_value: the length of all before."""
    return _change(params, clip_by_value(clip_value))


def _change(params: Iterable[Value], clip: Clip) -> float:
    params = list(params)
    gradient = np.array([p.grad for p in params])
    for p, derivative in zip(params, clip(gradient).tolist(), strict=True):
        p.grad = derivative
    return float(np.linalg.norm(gradient))


def _check(name: str, limit: float) -> None:
    if not (limit > 0 and not math.isnan(limit)):
        raise ValueError(f"{name} is above 0; got {limit!r}")
