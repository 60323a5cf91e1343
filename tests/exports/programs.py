"""Programs to export: each row of the table, random expressions over all of them, and a network's loss."""

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from autograd import Op, Recording, Value, apply, record
from autograd.ops import TABLE
from autograd.testing import Expression
from nn import MLP, losses

Floats = NDArray[np.float64]

# Where every row is smooth, and far from the edges of its domain
POINTS = {
    **{name: [(0.3,), (-0.45,)] for name in ("asin", "acos", "atanh")},
    **{name: [(0.75,), (2.5,)] for name in ("log", "sqrt")},
    "acosh": [(1.5,), (3.0,)],
    "log1p": [(-0.4,), (2.0,)],
    "pow": [(0.5, -1.5), (2.0, 3.0)],
    "atan2": [(1.0, 2.0), (-1.5, 0.5)],
    "mask": [(1.5, 2.0), (1.5, -2.0)],
}


def of_row(name: str) -> tuple[Recording, list[Floats]]:
    """A row as a recorded function, with a parameter beside it, and a batch for it."""
    op = TABLE[name]
    points = POINTS.get(name, [(0.7, -1.3)[: len(op.operands)], (-1.1, 0.4)[: len(op.operands)]])
    scale = Value(1.25, label="scale")
    return record(lambda *x: scale * apply(op, *x), *points[0]), [
        np.array(column) for column in zip(*points, strict=True)
    ]


def of_expression(f: Expression) -> tuple[Recording, list[Floats]]:
    return record(f, *f.point), [np.array([x]) for x in f.point]


def of_network() -> tuple[Recording, list[Floats]]:
    """The loss of a network with three classes, for rows of inputs and of the classes' probabilities."""
    model = MLP(3, [5, 4, 3], activation="tanh", rng=0)
    numbers = np.random.default_rng(0)
    loss = record(lambda x, y: losses.cross_entropy(model(x), y), [0.1, 0.2, 0.3], [0.0, 1.0, 0.0])
    return loss, [numbers.normal(size=(6, 3)), np.eye(3)[numbers.integers(3, size=6)]]


STAIR = Op(
    "stair", "stair", "mask(a * sigmoid(b), greater(b, 0) + 1) if a != b else 0", ("sigmoid(b)", "a * sigmoid(b)")
)


LEAKY = Op("relu", "leaky", "a if a > 0 else 0.1 * a", ("1 if a > 0 else 0.1",))


def of_own_row() -> tuple[Recording, list[Floats]]:
    """Rows that aren't in the table, one with a name that is there, beside an operation on constants only."""
    three = Value(3.0, requires_grad=False)
    f = record(lambda x, y: apply(STAIR, x, y) * (three * three) + apply(LEAKY, x) * y, 1.0, 2.0)
    return f, [np.array([0.5, -1.0])] * 2


def several() -> Callable[[Any], list[Value]]:
    """A function with two results, of which one is the same for all rows."""
    w = Value(2.0, label="w")
    return lambda x: [w * x, w * 3]
