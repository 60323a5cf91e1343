"""How the outputs of a batch's rows become one number: their mean or their sum, each row with its weight."""

from typing import Any, Literal, TypeAlias

import numpy as np

from autograd.replay.structure import Column, doubles

Reduction: TypeAlias = Literal["mean", "sum"]


def weights_of_rows(weights: Any, rows: int) -> Column | None:
    """The weights as an array of doubles, if there are any.

    Raises ValueError for another shape than (rows,), and for weights that are not finite.
    """
    if weights is None:
        return None
    numbers = np.ascontiguousarray(doubles(weights))
    if numbers.shape != (rows,):
        raise ValueError(f"weights are one number a row: expected the shape ({rows},), got {numbers.shape}")
    are_finite = np.isfinite(numbers)
    if not are_finite.all():
        row = int(are_finite.argmin())
        raise ValueError(f"the weight of row {row} is {numbers[row]:g}: expected finite numbers")
    return numbers


def divisor(reduction: Reduction, total: float) -> float:
    """What a sum over rows is divided by, where `total` is that of their weights, or their number.

    Raises ValueError for another reduction, and for a mean whose weights add up to 0.

    >>> divisor("mean", 4.0), divisor("sum", 4.0)
    (4.0, 1.0)
    """
    if reduction not in ("mean", "sum"):
        raise ValueError(f"reduction is 'mean' or 'sum', got {reduction!r}")
    if reduction == "mean" and total == 0:
        raise ValueError("the weights add up to 0, so there is no mean: give others, or reduction='sum'")
    return 1.0 if reduction == "sum" else total
