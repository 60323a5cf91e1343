"""What a model says of rows, and how often it is right."""

import warnings
from weakref import WeakKeyDictionary, ref

import numpy as np
from numpy.typing import ArrayLike, NDArray

from autograd import RecordError, Recording, no_grad, record
from nn.modules import Module, evaluating
from nn.training.rows import Floats, prepare, rows_of

FEW = 8  # rows that are sooner computed than recorded

_kept: WeakKeyDictionary[Module, Recording | None] = WeakKeyDictionary()  # None: what can't be recorded


def predict(model: Module, X: ArrayLike) -> Floats:
    """The model's output for each row of `X`: shape n for one output, n x outputs for several; recording nothing.

    Of many rows the first is computed node by node. The rest is replayed from a recording that is kept with the model,
    as long as that one says the same; a model that can't be recorded takes the longer way.
    """
    with evaluating(model):
        return _outputs(model, rows_of(X))


def _outputs(model: Module, rows: Floats) -> Floats:
    if len(rows) <= FEW:
        return _node_by_node(model, rows)
    first = _node_by_node(model, rows[:1])
    for again in (False, True):  # a recording of the model as it was, say with fewer layers, is made once more
        if again or model not in _kept:
            _kept[model] = _recorded(model, rows[0])
        if (recording := _kept[model]) is None:
            break
        outputs = _replayed(recording, rows)
        if outputs.shape[1:] == first.shape[1:] and np.allclose(outputs[:1], first, rtol=1e-9, equal_nan=True):
            return outputs
    return np.concatenate([first, _node_by_node(model, rows[1:])])


@no_grad()
def _node_by_node(model: Module, rows: Floats) -> Floats:
    return np.array([np.asarray(model(row), dtype=np.float64) for row in rows.tolist()])


def _recorded(model: Module, row: Floats) -> Recording | None:
    the_model = ref(model)  # a recording that held it would keep it, and be kept by it
    try:
        return record(lambda inputs: the_model()(inputs), row.tolist())  # type: ignore[misc]
    except (RecordError, TypeError):  # it looks at its numbers, or gives none
        return None


def _replayed(recording: Recording, rows: Floats) -> Floats:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)  # of outputs that are not finite: the caller sees them
        return recording(rows)


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
