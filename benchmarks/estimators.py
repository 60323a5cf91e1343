"""`python -m benchmarks.estimators`: the estimators beside scikit-learn's, at its own settings, on its own data.

Each row is a table; the score is the mean accuracy (or R squared) of held-out rows over seeds, the time the median of
`fit`, both in one process and on one thread.
"""

import statistics
import time
import warnings
from collections.abc import Callable
from typing import Any

import numpy as np
from sklearn.datasets import load_breast_cancer, load_diabetes, load_digits, load_wine, make_friedman1
from sklearn.exceptions import ConvergenceWarning
from sklearn.model_selection import train_test_split
from sklearn.neural_network import MLPClassifier as SklearnClassifier
from sklearn.neural_network import MLPRegressor as SklearnRegressor
from sklearn.preprocessing import StandardScaler
from threadpoolctl import threadpool_limits

from nn.estimators import MLPClassifier, MLPRegressor

SEEDS = range(5)


def friedman(return_X_y: bool) -> tuple[Any, Any]:  # noqa: ARG001
    """A regression of the size of the Californian houses: 20,000 rows, 8 inputs."""
    X, y = make_friedman1(20_000, 8, noise=1.0, random_state=0)
    return X, y


TABLES: dict[str, tuple[Callable[..., Any], tuple[Any, Any], dict[str, Any]]] = {
    "digits": (load_digits, (MLPClassifier, SklearnClassifier), {}),
    "digits, batches of 32": (load_digits, (MLPClassifier, SklearnClassifier), {"batch_size": 32}),
    "breast cancer": (load_breast_cancer, (MLPClassifier, SklearnClassifier), {}),
    "wine": (load_wine, (MLPClassifier, SklearnClassifier), {}),
    "diabetes": (load_diabetes, (MLPRegressor, SklearnRegressor), {}),
    "20,000 rows, 2 layers": (friedman, (MLPRegressor, SklearnRegressor), {"hidden_layer_sizes": (32, 32)}),
}


def measured(load: Callable[..., Any], kind: Any, settings: dict[str, Any]) -> tuple[float, float]:
    """The mean score on held-out rows, and the median time of `fit` in seconds."""
    scores, times = [], []
    for seed in SEEDS:
        X, y = load(return_X_y=True)
        if "Regressor" in kind.__name__:
            y = (y - y.mean()) / y.std()
        train, test, y_train, y_test = train_test_split(X, y, test_size=0.25, random_state=seed)
        scaler = StandardScaler().fit(train)
        estimator = kind(**settings, random_state=seed)
        start = time.perf_counter()
        estimator.fit(scaler.transform(train), y_train)
        times.append(time.perf_counter() - start)
        scores.append(estimator.score(scaler.transform(test), y_test))
    return float(np.mean(scores)), statistics.median(times)


def main() -> None:
    warnings.simplefilter("ignore", ConvergenceWarning)
    print(f"{'table':<22} {'score':>7} {'sklearn':>8} {'seconds':>9} {'sklearn':>8} {'ratio':>6}")
    for name, (load, kinds, settings) in TABLES.items():
        with threadpool_limits(1):
            (score, seconds), (their_score, their_seconds) = (measured(load, kind, settings) for kind in kinds)
        numbers = f"{score:7.3f} {their_score:8.3f} {seconds:9.3f} {their_seconds:8.3f} {their_seconds / seconds:6.1f}"
        print(f"{name:<22} {numbers}", flush=True)


if __name__ == "__main__":
    main()
