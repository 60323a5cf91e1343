"""How good a trained network is, beside what one gets without any."""

import numpy as np

from nn import training
from nn.data import Dataset, Standardizer
from nn.modules import MLP


def report(
    model: MLP, train_part: Dataset, test_part: Dataset, standardizer: Standardizer, targets: Standardizer | None
) -> None:
    """Print accuracy or error on both parts, and that of the best constant answer."""
    for name, part in (("train", train_part), ("test", test_part)):
        X = standardizer.apply(part.X)
        if targets:
            rms = np.sqrt(np.mean((targets.invert(training.predict(model, X)) - part.y) ** 2))
            baseline = np.sqrt(np.mean((train_part.y.mean() - part.y) ** 2))
            print(f"{name:5} error (rms)  {rms:.4g}, where always predicting the mean gives {baseline:.4g}")
        else:
            majority = np.bincount(train_part.y).argmax()
            baseline = np.mean(part.y == majority)
            accuracy = training.accuracy(model, X, part.y)
            print(f"{name:5} accuracy  {accuracy:6.1%}, where always predicting the largest class gives {baseline:.1%}")
