"""Losses: how wrong a prediction is, as one Value.

Each is a function of one example's prediction (a Value or a list of them, as a model gives it) and its target; `mean`
is the loss over a batch. They stay finite, with accurate gradients, for predictions of any size. A target that is a
Value, as when a loss is recorded, is taken as it is.
"""

import math
from collections.abc import Callable, Sequence
from typing import Any, TypeAlias, TypeGuard

from autograd import Value, relu, softplus
from autograd.composed import shifted_log_sum_exp

Prediction: TypeAlias = Value | Sequence[Value]
Number: TypeAlias = Value | float
Target: TypeAlias = Number | Sequence[Number]
Loss: TypeAlias = Callable[[Any, Any], Value]


def mean_squared_error(prediction: Prediction, target: Target) -> Value:
    """The mean over the outputs of (prediction - target)^2.

    >>> mean_squared_error([Value(1.0), Value(5.0)], [0.0, 2.0]).data
    5.0
    """
    predictions, targets = _listed(prediction), _listed(target)
    _check_as_many(predictions, targets)
    squares = [(p - t) ** 2 for p, t in zip(predictions, targets, strict=True)]
    return _sum(squares) / len(squares)


def hinge(prediction: Value, target: Number) -> Value:
    """The max-margin loss max(0, 1 - target * score) of one score, for targets -1 and 1 (Cortes and Vapnik 1995).

    Raises ValueError for another target.

    >>> hinge(Value(0.25), -1).data
    1.25
    """
    score = _one(prediction)
    if not isinstance(target, Value) and float(target) not in (-1, 1):
        raise ValueError(f"the target of hinge is -1 or 1; got {target!r}")
    return relu(1 - target * score)


def binary_cross_entropy(prediction: Value, target: Number) -> Value:
    """-log p(target), where the prediction is the logit of p: for targets 0 and 1, or a probability between.

    Raises ValueError for another target.

    >>> binary_cross_entropy(Value(-1000.0), 1).data
    1000.0
    """
    logit = _one(prediction)
    if not isinstance(target, Value) and not 0 <= float(target) <= 1:
        raise ValueError(f"the target of binary_cross_entropy is 0 or 1, or between; got {target!r}")
    return target * softplus(-logit) + (1 - target) * softplus(logit)


def cross_entropy(prediction: Prediction, target: Target) -> Value:
    """-log p(target), where the predictions are the logits of the classes (softmax).

    The target is the number of the class, or a list of the classes' probabilities (one-hot, say). Raises ValueError for
    another target, and for less than two classes.

    >>> logits = [Value(1000.0), Value(0.0), Value(-1000.0)]
    >>> cross_entropy(logits, 1).data, cross_entropy(logits, [0, 1, 0]).data
    (1000.0, 1000.0)
    """
    logits = _listed(prediction)
    if len(logits) < 2:
        raise ValueError("cross_entropy needs an output for each class; one output goes with binary_cross_entropy")
    if _is_sequence(target):
        _check_as_many(logits, target)
        _check_probabilities(target)
        expected = _sum([t * z for t, z in zip(target, logits, strict=True)])
    else:
        expected = logits[_class_number(target, len(logits))]
    largest, log_of_sum = shifted_log_sum_exp(logits)
    return log_of_sum + (largest - expected)


def mean(loss: Loss, predictions: Sequence[Prediction], targets: Sequence[Target]) -> Value:
    """The mean of `loss` over a batch of predictions and their targets.

    >>> mean(hinge, [Value(0.0), Value(2.0)], [1, 1]).data
    0.5
    """
    _check_as_many(predictions, targets)
    return _sum([loss(p, t) for p, t in zip(predictions, targets, strict=True)]) / len(targets)


LOSSES: dict[str, Loss] = {f.__name__: f for f in (mean_squared_error, hinge, binary_cross_entropy, cross_entropy)}


def by_name(loss: str | Loss) -> Loss:
    """The loss called `loss`; a function is returned as it is. Raises ValueError for an unknown name."""
    if callable(loss):
        return loss
    if loss not in LOSSES:
        raise ValueError(f"unknown loss {loss!r}: choose one of {', '.join(LOSSES)}, or give a function")
    return LOSSES[loss]


def _sum(values: Sequence[Value]) -> Value:
    return sum(values[1:], values[0])


def _is_sequence(x: Target | Prediction) -> TypeGuard[Sequence[Any]]:
    return hasattr(x, "__len__")


def _listed(x: Target | Prediction) -> Sequence[Any]:
    return x if _is_sequence(x) else [x]


def _one(prediction: Prediction) -> Value:
    if isinstance(prediction, Value):
        return prediction
    if len(prediction) == 1:
        return prediction[0]
    raise ValueError(f"this loss is for models with one output; this one has {len(prediction)}")


def _class_number(target: Any, n_classes: int) -> int:
    number = float(target)
    if not (number.is_integer() and 0 <= number < n_classes):
        raise ValueError(f"the target of cross_entropy is a class from 0 to {n_classes - 1}; got {target!r}")
    return int(number)


def _check_probabilities(target: Sequence[Number]) -> None:
    if any(isinstance(t, Value) for t in target):
        return
    shares = [float(t) for t in target]
    if min(shares) < 0 or not math.isclose(sum(shares), 1, rel_tol=1e-6):
        raise ValueError(f"a list as target of cross_entropy has probabilities, whose sum is 1; got {list(target)}")


def _check_as_many(predictions: Sequence[object], targets: Sequence[object]) -> None:
    if len(predictions) != len(targets) or len(targets) == 0:
        raise ValueError(f"expected a target for each prediction; got {len(targets)} for {len(predictions)}")
