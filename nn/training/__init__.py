"""Training: epochs of mini-batches, what happened in them, what a model says afterwards, and what passes through it.

In come a model, a loss, an optimiser, rows and targets. Out go parameters that have moved, and a history. It knows the
vocabulary (modules, losses, optimisers, schedules), and nothing of files, tables or pictures.
"""

from nn.training.batches import NodeByNode
from nn.training.film import Film
from nn.training.fitting import DivergenceWarning, fit
from nn.training.history import History
from nn.training.inspection import activations, gradients
from nn.training.logs import log_to_csv, log_to_tensorboard
from nn.training.objective import Objective
from nn.training.prediction import accuracy, predict, predict_class
from nn.training.range_test import RangeTest, lr_range_test
from nn.training.rows import Floats, prepare

__all__ = [
    "DivergenceWarning",
    "Film",
    "Floats",
    "History",
    "NodeByNode",
    "Objective",
    "RangeTest",
    "accuracy",
    "activations",
    "fit",
    "gradients",
    "log_to_csv",
    "log_to_tensorboard",
    "lr_range_test",
    "predict",
    "predict_class",
    "prepare",
]
