"""How good a trained network is, beside what one gets without any."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nn import evaluation
from nn.command_line.learning import Network, Rows
from nn.command_line.source import Source, amount
from nn.data import Floats

_RARE = 0.5  # of a class's fair share: below, accuracy alone says little


@dataclass(frozen=True)
class Result:
    """What a network says of some rows, beside the truth.

    `score` is the accuracy, or a regression's error (rms); `baseline` that of the best constant answer, which
    is the largest class or the mean of the rows that were trained on.
    """

    truth: NDArray[np.int64] | Floats
    outputs: Floats
    answers: NDArray[np.int64] | Floats
    score: float
    baseline: float
    classes: Sequence[str]

    @property
    def better(self) -> bool:
        """Whether the network is better than the baseline by more than chance: a standard error, or 5 % of an rms."""
        if self.classes:
            return self.score > self.baseline + math.sqrt(self.baseline * (1 - self.baseline) / len(self.truth))
        return self.score < 0.95 * self.baseline


def result(network: Network, found: Source, rows: Rows, train: Rows) -> Result:
    """What the network says of these rows of a table."""
    y = found.target.y
    outputs = network.outputs(found.table.take(rows))
    answers, classes = network.answers(outputs), found.target.classes
    constant = np.bincount(y[train]).argmax() if classes else y[train].mean()
    baseline = score(y[rows], np.full(len(rows), constant), classes)
    return Result(y[rows], outputs, answers, score(y[rows], answers, classes), baseline, classes)


def score(truth: NDArray[Any], answers: NDArray[Any], classes: Sequence[str]) -> float:
    """The accuracy, or where there are no classes the error (rms)."""
    return float(np.mean(truth == answers)) if classes else evaluation.root_mean_square(truth, answers)


def sentences(name: str, found: Result, rare: bool) -> list[str]:
    """The score beside the baseline; with `rare`, and where classes are, what counts them all alike."""
    if not found.classes:
        constant = f"where always predicting the mean gives {amount(found.baseline)}"
        return [f"{name:5} error (rms)  {amount(found.score)}, {constant}"]
    constant = f"where always predicting the largest class gives {found.baseline:.1%}"
    lines = [f"{name:5} accuracy  {found.score:6.1%}, {constant}"]
    counts = evaluation.confusion(found.truth, found.answers, len(found.classes))
    sizes = counts.sum(axis=1)
    if rare and sizes.min() < _RARE * len(found.truth) / len(found.classes):
        chance = 1 / np.count_nonzero(sizes)
        lines.append(
            f"{name:5} balanced accuracy {evaluation.balanced_accuracy(counts):.1%} (by chance {chance:.1%}), "
            f"F1 {evaluation.macro_f1(counts):.2f}, for some classes are rare"
        )
    return lines


def warnings_about(train: Result, test: Result) -> list[str]:
    """In words, what should worry a reader, and what to try."""
    if test.better:
        return []
    constant = "the largest class" if test.classes else "the mean"
    if train.better:
        said = "it has learned its rows by heart and nothing that holds for others"
        hints = "fewer columns (--drop), a smaller network (--hidden 8), or more rows"
    else:
        said = "the columns may have nothing to do with the target, or it didn't learn"
        hints = "other columns, --search, --lr 0.1 or 0.002, --hidden 64, --epochs 500 --patience 100"
    rows = len(test.truth)
    few = f"; {rows} row{'s tell' if rows > 1 else ' tells'} little, --folds 5 tells more" if rows < 50 else ""
    return [
        f"warning: the network is not clearly better than always predicting {constant}: {said}{few}",
        f"  try {hints}; and look whether the columns above are what they should be",
    ]
