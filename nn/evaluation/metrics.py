"""Numbers that say how good predictions are. They are those of scikit-learn, by which they are tested."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from nn.data import Floats

Counts = NDArray[np.int64]


def probabilities(outputs: ArrayLike) -> Floats:
    """The classes' probabilities, shape n x classes, from outputs n x classes (softmax), or from n logits (sigmoid).

    >>> probabilities([0.0, 1000.0]).tolist()
    [[0.5, 0.5], [0.0, 1.0]]
    """
    logits = np.asarray(outputs, dtype=np.float64)
    if logits.ndim == 1:
        logits = np.stack([np.zeros_like(logits), logits], axis=1)
    shares = np.exp(logits - logits.max(axis=1, keepdims=True))
    result: Floats = shares / shares.sum(axis=1, keepdims=True)
    return result


def confusion(truth: ArrayLike, predicted: ArrayLike, n_classes: int) -> Counts:
    """How many rows of each class (down) were predicted as each class (across): shape classes x classes.

    >>> confusion([0, 0, 1], [0, 1, 1], 2).tolist()
    [[1, 1], [0, 1]]
    """
    both = np.asarray(truth, dtype=np.int64) * n_classes + np.asarray(predicted, dtype=np.int64)
    return np.bincount(both, minlength=n_classes**2).reshape(n_classes, n_classes)


def balanced_accuracy(counts: Counts) -> float:
    """The mean over the classes of the share that was found, so that a rare class counts as much as a common one.

    Classes of which there is no row are left out.

    >>> balanced_accuracy(np.array([[98, 0], [2, 0]]))
    0.5
    """
    rows = counts.sum(axis=1)
    return float(np.mean(np.diag(counts)[rows > 0] / rows[rows > 0]))


def macro_f1(counts: Counts) -> float:
    """The mean over the classes of F1, the harmonic mean of the share found and the share of the found that is right.

    Classes that are neither there nor predicted are left out.

    >>> round(macro_f1(np.array([[98, 0], [2, 0]])), 3)
    0.495
    """
    sizes = counts.sum(axis=1) + counts.sum(axis=0)
    return float(np.mean(2 * np.diag(counts)[sizes > 0] / sizes[sizes > 0]))


def root_mean_square(truth: ArrayLike, predicted: ArrayLike) -> float:
    """The root of the mean squared error, in the target's unit.

    >>> root_mean_square([1.0, 2.0], [4.0, 2.0]).__round__(3)
    2.121
    """
    return float(np.sqrt(np.mean((np.asarray(truth) - np.asarray(predicted)) ** 2)))


@dataclass(frozen=True)
class Calibration:
    """Rows grouped by the probability of what was predicted.

    Of each group that isn't empty: the mean probability, the share of the rows that were right, and how many they are.
    """

    probability: Floats
    right: Floats
    n: Counts


def calibration(shares: ArrayLike, truth: ArrayLike, bins: int = 10) -> Calibration:
    """Whether a network that says 80 % is right in 80 % of such rows: `shares` are probabilities n x classes.

    Guo, Pleiss, Sun, Weinberger (2017), "On calibration of modern neural networks", section 2.

    >>> calibration([[0.9, 0.1], [0.1, 0.9]], [0, 0]).right.tolist()
    [0.5]
    """
    table = np.asarray(shares, dtype=np.float64)
    sure, right = table.max(axis=1), table.argmax(axis=1) == np.asarray(truth)
    group = np.minimum((sure * bins).astype(np.int64), bins - 1)
    n = np.bincount(group, minlength=bins)
    filled = n > 0
    probability, good = (
        np.bincount(group, weights=values, minlength=bins)[filled] / n[filled] for values in (sure, right)
    )
    return Calibration(probability, good, n[filled])
