"""Gradient descent and its refinements: new weight = old weight - learning rate x gradient.

The meanings and defaults are those of `torch.optim`. An update rule is a scalar function of one parameter. It is
recorded, and replayed with the parameters as the rows of its batch.
"""

from nn.optim.clipping import clip_by_norm, clip_by_value, clip_grad_norm, clip_grad_value
from nn.optim.lbfgs import LBFGS
from nn.optim.optimizer import Clip, Groups, Numbers, Optimizer, State
from nn.optim.rules import SGD, Adam, AdamW

__all__ = [
    "LBFGS",
    "SGD",
    "Adam",
    "AdamW",
    "Clip",
    "Groups",
    "Numbers",
    "Optimizer",
    "State",
    "clip_by_norm",
    "clip_by_value",
    "clip_grad_norm",
    "clip_grad_value",
]
