"""Estimators for scikit-learn: a classifier and a regressor of scalars that stand wherever its `MLPClassifier` could.

In come tables, and settings by scikit-learn's names. Out go fitted estimators, for `Pipeline`, `GridSearchCV` and their
like. It knows the training, and is the only wing that knows scikit-learn: without it, the import says what to install.
"""

try:
    import sklearn  # noqa: F401
except ModuleNotFoundError:
    raise ModuleNotFoundError(
        'nn.estimators needs scikit-learn: pip install "stepgrad[sklearn]"', name="sklearn"
    ) from None

from nn.estimators.classifier import MLPClassifier
from nn.estimators.regressor import MLPRegressor

__all__ = ["MLPClassifier", "MLPRegressor"]
