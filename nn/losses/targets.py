"""What losses are given: predictions and targets, checked where they come in."""

import math
from collections.abc import Callable, Sequence
from typing import Any, TypeAlias, TypeGuard

from autograd import Value

Prediction: TypeAlias = Value | Sequence[Value]
Number: TypeAlias = Value | float
Target: TypeAlias = Number | Sequence[Number]
Loss: TypeAlias = Callable[[Any, Any], Value]


def total(values: Sequence[Value]) -> Value:
    return sum(values[1:], values[0])


def is_sequence(x: Target | Prediction) -> TypeGuard[Sequence[Any]]:
    return hasattr(x, "__len__")


def listed(x: Target | Prediction) -> Sequence[Any]:
    return x if is_sequence(x) else [x]


def one_of(prediction: Prediction) -> Value:
    if isinstance(prediction, Value):
        return prediction
    if len(prediction) == 1:
        return prediction[0]
    raise ValueError(f"this loss is for models with one output; this one has {len(prediction)}")


def class_number(loss: str, target: Any, n_classes: int) -> int:
    number = float(target)
    if not (number.is_integer() and 0 <= number < n_classes):
        raise ValueError(f"the target of {loss} is a class from 0 to {n_classes - 1}; got {target!r}")
    return int(number)


def check_probabilities(loss: str, target: Sequence[Number]) -> None:
    if any(isinstance(t, Value) for t in target):
        return
    shares = [float(t) for t in target]
    if min(shares) < 0 or not math.isclose(sum(shares), 1, rel_tol=1e-6):
        raise ValueError(f"a list as target of {loss} has probabilities, whose sum is 1; got {list(target)}")


def check_as_many(predictions: Sequence[object], targets: Sequence[object]) -> None:
    if len(predictions) != len(targets) or len(targets) == 0:
        raise ValueError(f"expected a target for each prediction; got {len(targets)} for {len(predictions)}")
