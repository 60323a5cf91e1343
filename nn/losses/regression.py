"""Losses of numbers: how far a prediction is from its target."""

from collections.abc import Callable

from autograd import Value, mean, relu
from nn.losses.targets import Number, Prediction, Target, check_as_many, listed, one_of


def mean_squared_error(prediction: Prediction, target: Target) -> Value:
    """The mean over the outputs of (prediction - target)^2.

    >>> mean_squared_error([Value(1.0), Value(5.0)], [0.0, 2.0]).data
    5.0
    """
    return _mean_of(lambda p, t: (p - t) ** 2, prediction, target)


def mean_absolute_error(prediction: Prediction, target: Target) -> Value:
    """The mean over the outputs of |prediction - target|, which single bad targets pull less.

    >>> mean_absolute_error([Value(1.0), Value(5.0)], [0.0, 2.0]).data
    2.0
    """
    return _mean_of(lambda p, t: abs(p - t), prediction, target)


def huber(prediction: Prediction, target: Target, delta: float = 1.0) -> Value:
    """The mean of error^2 / 2 where the error is at most `delta`, else of delta * (|error| - delta / 2) (Huber 1964).

    >>> huber([Value(0.5), Value(3.0)], [0.0, 0.0]).data    # the mean of 0.125 and 2.5
    1.3125
    """
    if not delta > 0:
        raise ValueError(f"delta is the error from which on the loss is a line, above 0; got {delta!r}")

    def one(p: Value, t: Number) -> Value:
        error = abs(p - t)
        beyond = relu(error - delta)  # the square of what lies within, and a line for the rest
        within = error - beyond
        return within * within / 2 + delta * beyond

    return _mean_of(one, prediction, target)


def poisson_nll(prediction: Value, target: Number) -> Value:
    """-log p(target), but for what doesn't depend on the prediction: the log of a count's expectation (Poisson's law).

    It is `torch.nn.PoissonNLLLoss`. Raises ValueError for a target below 0.

    >>> poisson_nll(Value(0.0), 3).data
    1.0
    """
    log_rate = one_of(prediction)
    if not isinstance(target, Value) and not float(target) >= 0:
        raise ValueError(f"the target of poisson_nll is a count, at least 0; got {target!r}")
    return log_rate.exp() - target * log_rate


def _mean_of(one: Callable[[Value, Number], Value], prediction: Prediction, target: Target) -> Value:
    predictions, targets = listed(prediction), listed(target)
    check_as_many(predictions, targets)
    return mean([one(p, t) for p, t in zip(predictions, targets, strict=True)])
