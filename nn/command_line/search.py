"""Several runs: cross-validation, and a small search for a network and a learning rate."""

import argparse
from collections.abc import Iterator

import numpy as np

from nn import data
from nn.command_line.learning import Rows, Setting, failed, interrupted, learn, setting_of, validation_split
from nn.command_line.report import result
from nn.command_line.source import Source, amount

_HIDDEN: tuple[tuple[int, ...], ...] = ((8,), (32,), (16, 16), (64, 32))
_RATES = (0.005, 0.02)


def settings(args: argparse.Namespace) -> list[Setting]:
    """Those that a search tries: what the arguments say, and some around it."""
    said = setting_of(args)
    return list(dict.fromkeys([said, *(Setting(hidden, lr) for hidden in _HIDDEN for lr in _RATES)]))


def search(found: Source, train: Rows, args: argparse.Namespace) -> tuple[Setting, list[str]]:
    """The setting with the lowest loss on a validation part of the training rows, and a line for each one."""
    part, validation = validation_split(found, train, args)
    if validation is None:
        raise ValueError(
            "--search compares on validation rows: it needs 50 rows to train on, several "
            "of each class, and --patience above 0"
        )
    tried = []
    for setting in settings(args):
        history = learn(found, part, validation, setting, args).history
        if interrupted(history):
            raise KeyboardInterrupt
        lowest = np.inf if failed(history) else min(history.validation_loss)
        tried.append((lowest, setting))
    tried.sort(key=lambda one: one[0])
    lines = [
        f"  validation loss {lowest:.4f}  --hidden {' '.join(map(str, setting.hidden))} --lr {setting.lr:g}"
        for lowest, setting in tried
    ]
    return tried[0][1], ["searched, best first:", *lines]


def cross_validate(found: Source, setting: Setting, folds: int, args: argparse.Namespace) -> Iterator[str]:
    """Train on all folds but one, in turn, and score that one: a line with the mean and the deviation of the scores."""
    fold = data.folds_of(found.target.y, bool(found.target.classes), folds, args.seed)
    scores, baselines = [], []
    for k in range(folds):
        train, test = np.flatnonzero(fold != k), np.flatnonzero(fold == k)
        learned = learn(found, *validation_split(found, train, args), setting, args)
        if interrupted(learned.history):
            raise KeyboardInterrupt
        if failed(learned.history):
            raise ValueError(learned.history.stopped)
        scored = result(learned.network, found, test, train)
        scores.append(scored.score)
        baselines.append(scored.baseline)
    mean, deviation, constant = (float(x) for x in (np.mean(scores), np.std(scores), np.mean(baselines)))
    if found.target.classes:
        yield f"{folds} folds: accuracy {mean:.1%} ± {deviation:.1%}, where the largest class gives {constant:.1%}"
    else:
        spread = f"{amount(mean)} ± {amount(deviation)}"
        yield f"{folds} folds: error (rms) {spread}, where the mean gives {amount(constant)}"
