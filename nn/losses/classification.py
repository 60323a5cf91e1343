"""Losses of classes: how sure a model is of the right one."""

from collections.abc import Sequence

from autograd import Value, log, mean, relu, sigmoid, softplus, where
from autograd.composed import shifted_log_sum_exp
from nn.losses.targets import (
    Number,
    Prediction,
    Target,
    check_as_many,
    check_probabilities,
    class_number,
    is_sequence,
    listed,
    one_of,
    total,
)


def hinge(prediction: Value, target: Number) -> Value:
    """The max-margin loss max(0, 1 - target * score) of one score, for targets -1 and 1 (Cortes and Vapnik 1995).

    Raises ValueError for another target.

    >>> hinge(Value(0.25), -1).data
    1.25
    """
    score = one_of(prediction)
    if not isinstance(target, Value) and float(target) not in (-1, 1):
        raise ValueError(f"the target of hinge is -1 or 1; got {target!r}")
    return relu(1 - target * score)


def binary_cross_entropy(prediction: Value, target: Number) -> Value:
    """-log p(target), where the prediction is the logit of p: for targets 0 and 1, or a probability between.

    Raises ValueError for another target.

    >>> binary_cross_entropy(Value(-1000.0), 1).data
    1000.0
    """
    logit = one_of(prediction)
    if not isinstance(target, Value) and not 0 <= float(target) <= 1:
        raise ValueError(f"the target of binary_cross_entropy is 0 or 1, or between; got {target!r}")
    return target * softplus(-logit) + (1 - target) * softplus(logit)


def focal(prediction: Value, target: Number, alpha: float = 0.25, gamma: float = 2.0) -> Value:
    """Binary cross-entropy, with less weight on rows that are predicted well already (Lin et al. 2017, "Focal loss").

    Each is multiplied by (1 - p(target))^gamma, and by `alpha` for the target 1, 1 - alpha for 0, or not at all if
    `alpha` is below 0: `torchvision.ops.sigmoid_focal_loss`.

    >>> round(focal(Value(3.0), 1).data, 6), round(focal(Value(-3.0), 1).data, 6)
    (2.7e-05, 0.69157)
    """
    logit = one_of(prediction)
    wrong = sigmoid(logit) * (1 - target) + sigmoid(-logit) * target  # 1 - p(target)
    loss = binary_cross_entropy(logit, target) * wrong**gamma
    return loss if alpha < 0 else loss * (alpha * target + (1 - alpha) * (1 - target))


def cross_entropy(prediction: Prediction, target: Target) -> Value:
    """-log p(target), where the predictions are the logits of the classes (softmax).

    The target is the number of the class, or a list of the classes' probabilities (one-hot, say). Raises ValueError for
    another target, and for less than two classes.

    >>> logits = [Value(1000.0), Value(0.0), Value(-1000.0)]
    >>> cross_entropy(logits, 1).data, cross_entropy(logits, [0, 1, 0]).data
    (1000.0, 1000.0)
    """
    logits = listed(prediction)
    if len(logits) < 2:
        raise ValueError("cross_entropy needs an output for each class; one output goes with binary_cross_entropy")
    if is_sequence(target):
        check_as_many(logits, target)
        check_probabilities("cross_entropy", target)
        expected = total([t * z for t, z in zip(target, logits, strict=True)])
    else:
        expected = logits[class_number("cross_entropy", target, len(logits))]
    largest, log_of_sum = shifted_log_sum_exp(logits)
    return log_of_sum + (largest - expected)


def multi_margin(prediction: Prediction, target: Target, margin: float = 1.0) -> Value:
    """The mean over all classes of how far each wrong one's score comes within `margin` of the right one's.

    Crammer and Singer 2001, as `torch.nn.MultiMarginLoss`. The target is the number of the class, or a one-hot list.

    >>> multi_margin([Value(2.0), Value(1.5), Value(0.0)], 0).data    # 0.5 / 3
    0.16666666666666666
    """
    scores = listed(prediction)
    if len(scores) < 2:
        raise ValueError("multi_margin needs a score for each class; one score goes with hinge")
    if not is_sequence(target):
        number = class_number("multi_margin", target, len(scores))
        target = [float(i == number) for i in range(len(scores))]
    check_as_many(scores, target)
    check_probabilities("multi_margin", target)
    right = total([t * s for t, s in zip(target, scores, strict=True)])
    return mean([(1 - t) * relu(margin - right + s) for t, s in zip(target, scores, strict=True)])


def kl_divergence(prediction: Prediction, target: Sequence[Number]) -> Value:
    """Kullback and Leibler's divergence of the target, a list of probabilities, from the softmax of the predictions.

    It is cross-entropy less what no prediction can change: 0 where the prediction is the target. In PyTorch:
    `kl_div(log_softmax(prediction), target, reduction="sum")`.

    >>> kl_divergence([Value(0.0), Value(0.0)], [0.5, 0.5]).data
    0.0
    """
    if not is_sequence(target):
        raise ValueError(f"the target of kl_divergence is a list of the classes' probabilities; got {target!r}")
    check_probabilities("kl_divergence", target)
    entropy = total([t * log(where(t, t, 1.0)) for t in target])  # 0 * log(1) where there is nothing
    return cross_entropy(prediction, target) + entropy
