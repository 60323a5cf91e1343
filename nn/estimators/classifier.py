"""`MLPClassifier`: rows to classes."""

from dataclasses import dataclass, field
from typing import Any, ClassVar, Self

import numpy as np
from numpy.typing import ArrayLike, NDArray
from sklearn.base import ClassifierMixin
from sklearn.utils import column_or_1d
from sklearn.utils.class_weight import compute_sample_weight
from sklearn.utils.multiclass import check_classification_targets, unique_labels

from nn.estimators.perceptron import Perceptron
from nn.evaluation import probabilities
from nn.losses import Loss, binary_cross_entropy, cross_entropy
from nn.training import Floats


@dataclass(eq=False, repr=False)
class MLPClassifier(ClassifierMixin, Perceptron):  # type: ignore[misc]
    """A multi-layer perceptron for classes: settings, attributes and meaning of `sklearn.neural_network.MLPClassifier`.

    What there is beside: `class_weight` ("balanced", or a dict from class to weight), the activation "softplus", and
    `threads`. It takes no sparse matrices, and one class a row.

    >>> from sklearn.datasets import load_iris
    >>> from sklearn.pipeline import make_pipeline
    >>> from sklearn.preprocessing import StandardScaler
    >>> X, y = load_iris(return_X_y=True)
    >>> network = MLPClassifier((16,), learning_rate_init=0.02, random_state=0)
    >>> pipeline = make_pipeline(StandardScaler(), network).fit(X, y)
    >>> pipeline.score(X, y) > 0.95
    True
    """

    _parameter_constraints: ClassVar[dict[str, list[Any]]] = {
        **Perceptron._parameter_constraints,
        "class_weight": [dict, str, None],
    }

    class_weight: Any = field(default=None, kw_only=True)

    def partial_fit(
        self,
        X: ArrayLike,
        y: ArrayLike,
        classes: ArrayLike | None = None,
        sample_weight: ArrayLike | None = None,
    ) -> Self:
        """One epoch on the rows. The first call says all `classes` that there will ever be."""
        if classes is None and not hasattr(self, "model_"):
            raise ValueError("classes must be passed on the first call to partial_fit.")
        return self._fitted(X, y, sample_weight, classes, True, 1)

    def predict(self, X: ArrayLike) -> NDArray[Any]:
        """The class of each row (n)."""
        best = self.predict_proba(X).argmax(axis=1)
        return np.asarray(self.classes_[best])

    def predict_proba(self, X: ArrayLike) -> Floats:
        """The probability of each class, in the order of `classes_`, for each row (n x classes)."""
        found = probabilities(self._outputs(X))
        return found[:, : len(self.classes_)]

    def predict_log_proba(self, X: ArrayLike) -> Floats:
        """The logarithms of the probabilities."""
        with np.errstate(divide="ignore"):
            return np.log(self.predict_proba(X))

    def _targets(self, y: ArrayLike, classes: ArrayLike | None, again: bool) -> Floats:
        labels = column_or_1d(y, warn=True)
        check_classification_targets(labels)
        known = unique_labels(classes) if classes is not None else np.unique(labels)
        if not again:
            self.classes_ = known
        elif classes is not None and not np.array_equal(known, self.classes_):
            raise ValueError(f"classes={known} is not the same as on the first call: {self.classes_}")
        if len(unknown := np.setdiff1d(labels, self.classes_)):
            raise ValueError(f"y has the classes {unknown.tolist()}, which are not among {self.classes_.tolist()}")
        return np.asarray(np.searchsorted(self.classes_, labels), dtype=np.float64)

    def _weights(self, y: ArrayLike) -> Floats | None:
        return None if self.class_weight is None else np.asarray(compute_sample_weight(self.class_weight, y))

    def _loss(self) -> tuple[Loss, int]:
        several = len(self.classes_) > 2
        self.out_activation_ = "softmax" if several else "logistic"
        return (cross_entropy, len(self.classes_)) if several else (binary_cross_entropy, 1)

    def _score_of(self, outputs: Floats, targets: Floats) -> float:
        return float((probabilities(outputs).argmax(axis=1) == targets).mean())
