"""How good predictions are: counts, shares and curves of right and wrong, and what each column has to do with it.

In come the truth and the predictions, as arrays, or a table and a score. Out go numbers, which `nn.plots` draws. It
knows nothing of networks and files.
"""

from nn.evaluation.importance import permutation_importance
from nn.evaluation.metrics import (
    Calibration,
    balanced_accuracy,
    calibration,
    confusion,
    macro_f1,
    probabilities,
    root_mean_square,
)

__all__ = [
    "Calibration",
    "balanced_accuracy",
    "calibration",
    "confusion",
    "macro_f1",
    "permutation_importance",
    "probabilities",
    "root_mean_square",
]
