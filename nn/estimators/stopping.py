"""When to stop: scikit-learn's patience with the loss, or with the score of rows that were held out."""

from typing import Any

import numpy as np

from nn.training import Floats, History, predict

_LOWEST_RATE = 1e-6  # an adaptive rate falls no further
_ADAPTS = 5.0


class Patience:
    """Called after each epoch, it ends a run that is no better by `tol` for more than `n_iter_no_change` epochs.

    With rows that were held out the score on these counts, and the best parameters are put back in the end; else the
    loss counts. A rate that is "adaptive" is divided by 5 instead, until it is too small.
    """

    def __init__(self, estimator: Any, held_out: tuple[Floats, Floats] | None) -> None:
        self._estimator, self._held_out = estimator, held_out
        self._best, self._waited = -np.inf, 0
        self._parameters = estimator.model_.parameters() if held_out else []
        self._best_parameters: list[float] = []
        self.ended = False
        if held_out:
            estimator.validation_scores_ = []

    def __call__(self, history: History) -> bool:
        estimator = self._estimator
        now = self._score() if self._held_out else -history.loss[-1]
        self._waited = self._waited + 1 if now < self._best + estimator.tol else 0
        if now > self._best:
            self._best = now
            if self._held_out:
                self._best_parameters = [p.data for p in self._parameters]
        if self._waited <= estimator.n_iter_no_change:
            return False
        if estimator.solver == "sgd" and estimator.learning_rate == "adaptive":
            optimizer = estimator.optimizer_
            if optimizer.lr > _LOWEST_RATE:
                optimizer.lr, self._waited = optimizer.lr / _ADAPTS, 0
                return False
        self.ended = True
        return True

    def ends(self) -> None:
        """Put the best parameters back."""
        if self._best_parameters:
            for p, number in zip(self._parameters, self._best_parameters, strict=True):
                p.data = number
            self._estimator.best_validation_score_ = self._best

    def _score(self) -> float:
        assert self._held_out is not None
        rows, targets = self._held_out
        score: float = self._estimator._score_of(predict(self._estimator.model_, rows), targets)
        self._estimator.validation_scores_.append(score)
        return score
