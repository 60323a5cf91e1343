"""What a model says of rows, and how often it is right."""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from autograd import no_grad
from nn.modules import Module
from nn.training.rows import Floats, prepare, rows_of


@no_grad()
def predict(model: Module, X: ArrayLike) -> Floats:
    """The model's output for each row of `X`: shape n for one output, n x outputs for several; recording nothing."""
    return np.array([np.asarray(model(row), dtype=np.float64) for row in rows_of(X).tolist()])


def predict_class(model: Module, X: ArrayLike) -> NDArray[np.int64]:
    """The class of each row: the largest of several outputs; 1 where a single output is above 0, else 0."""
    outputs = predict(model, X)
    return outputs.argmax(axis=1) if outputs.ndim == 2 else (outputs > 0).astype(np.int64)


def accuracy(model: Module, X: ArrayLike, y: ArrayLike) -> float:
    """The share of rows whose class is predicted.

    Targets are class numbers, or -1 and 1 as for a hinge loss, or rows of the classes' probabilities.
    """
    _, targets = prepare(X, y)
    classes = targets.argmax(axis=1) if targets.ndim == 2 else np.maximum(targets, 0)
    return float((predict_class(model, X) == classes).mean())
