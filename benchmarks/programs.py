"""The programs that are timed: each is written once, for any library with micrograd's vocabulary."""

from collections.abc import Callable
from random import Random
from types import ModuleType
from typing import Any, TypeAlias

from nn import data

Step: TypeAlias = Callable[[], float]


def expression(engine: ModuleType, _nn: ModuleType) -> Step:
    """Nine nodes, built and differentiated."""
    a, b, c = engine.Value(2.0), engine.Value(-3.0), engine.Value(10.0)

    def step() -> float:
        a.grad = b.grad = c.grad = 0.0
        out = (a * b + c).relu() * a + b * c
        out.backward()
        return float(out.data + a.grad + b.grad + c.grad)

    return step


def moons(engine: ModuleType, nn: ModuleType) -> Step:
    """A step of micrograd's demo: an MLP 2-16-16-1 on 100 points, max-margin loss; forward, backward, update."""
    points = data.moons(100)
    rows, targets = points.X.tolist(), (2 * points.y - 1).tolist()
    model = nn.MLP(2, [16, 16, 1])
    draw = Random(0).uniform
    for p in model.parameters():
        p.data = draw(-0.5, 0.5)

    def step() -> float:
        scores: list[Any] = [model([engine.Value(x) for x in row]) for row in rows]
        losses = [(1 + -target * score).relu() for target, score in zip(targets, scores, strict=True)]
        loss = sum(losses) * (1.0 / len(losses))
        model.zero_grad()
        loss.backward()
        for p in model.parameters():
            p.data -= 0.1 * p.grad
        return float(loss.data)

    return step


PROGRAMS = {"expression of 9 nodes": expression, "moons step, 100 points": moons}
