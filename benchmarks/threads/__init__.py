"""One and two threads: micrograd's network and its loss, with gradients, on so many points."""

import numpy as np

import nn
from autograd import record, relu
from benchmarks.scalars import Step


def loss_of(rows: int, threads: int) -> Step:
    rng = np.random.default_rng(0)
    X, y = rng.normal(size=(rows, 2)), rng.choice([-1.0, 1.0], rows)
    model = nn.MLP(2, [16, 16, 1], rng=0)
    recorded = record(lambda x, y: relu(1 - y * model(x)), X[0], y[0])
    return lambda: recorded.value_and_grad(X, y, threads=threads)[0]
