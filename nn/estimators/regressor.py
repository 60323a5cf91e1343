"""`MLPRegressor`: rows to numbers."""

from typing import ClassVar, Self

import numpy as np
from numpy.typing import ArrayLike
from sklearn.base import RegressorMixin
from sklearn.metrics import r2_score
from sklearn.utils import column_or_1d

from autograd import Value
from nn.estimators.perceptron import Perceptron
from nn.losses import Loss, Prediction, Target, mean_squared_error
from nn.training import Floats


class MLPRegressor(RegressorMixin, Perceptron):  # type: ignore[misc]
    """A multi-layer perceptron for numbers: settings, attributes and meaning of `sklearn.neural_network.MLPRegressor`.

    Several targets a row (n x targets) are several outputs. What there is beside: the activation "softplus", and
    `threads`. It takes no sparse matrices. Targets of a size far from 1 learn well
    when they are scaled, as scikit-learn's `TransformedTargetRegressor` does it.

    >>> from sklearn.datasets import make_regression
    >>> X, y = make_regression(100, 3, random_state=0)
    >>> MLPRegressor((8,), solver="lbfgs", random_state=0).fit(X, y / 100).score(X, y / 100) > 0.95
    True
    """

    _numeric: ClassVar[bool] = True

    def partial_fit(self, X: ArrayLike, y: ArrayLike, sample_weight: ArrayLike | None = None) -> Self:
        """One epoch on the rows."""
        return self._fitted(X, y, sample_weight, None, True, 1)

    def predict(self, X: ArrayLike) -> Floats:
        """The number for each row (n), or numbers (n x targets)."""
        return self._outputs(X)

    def _targets(self, y: ArrayLike, classes: ArrayLike | None, again: bool) -> Floats:  # noqa: ARG002
        targets = np.asarray(y, dtype=np.float64)
        if targets.ndim == 2 and targets.shape[1] == 1:
            targets = column_or_1d(targets, warn=True)
        n = 1 if targets.ndim == 1 else targets.shape[1]
        if again and n != self.n_outputs_:
            raise ValueError(f"it has learned {self.n_outputs_} targets a row; got {n}")
        self._n_targets = n
        return targets

    def _loss(self) -> tuple[Loss, int]:
        self.out_activation_ = "identity"
        return _half_squared_error, self._n_targets

    def _score_of(self, outputs: Floats, targets: Floats) -> float:
        return float(r2_score(targets, outputs))


def _half_squared_error(prediction: Prediction, target: Target) -> Value:
    """scikit-learn's."""
    return mean_squared_error(prediction, target) / 2
