"""Programs that build a graph of scalars at every step; written once, for libraries with micrograd's vocabulary."""

from collections.abc import Callable, Sequence
from random import Random
from types import ModuleType
from typing import Any, SupportsFloat, TypeAlias

from benchmarks import tasks
from examples import gpt

Step: TypeAlias = Callable[[], SupportsFloat]  # gives the loss
Number: TypeAlias = Any  # a library's Value


def expression(value: Callable[[float], Number]) -> Step:
    """Nine nodes, three of them leaves, built and differentiated."""

    def step() -> float:
        a, b, c = value(2.0), value(-3.0), value(10.0)
        out = (a * b + c).relu() * a + b * c
        out.backward()
        return float(out.data + a.grad + b.grad + c.grad)

    return step


def moons(value: Callable[[float], Number], nn: ModuleType) -> Step:
    """Forward, backward and update of micrograd's demo, one row after the other."""
    task = tasks.moons()
    rows, targets = task.X.tolist(), task.y.tolist()
    model = nn.MLP(2, [16, 16, 1])
    for p, number in zip(model.parameters(), task.numbers, strict=True):
        p.data = number

    def step() -> float:
        scores = [model([value(x) for x in row]) for row in rows]
        losses = [(1 + -target * score).relu() for target, score in zip(targets, scores, strict=True)]
        loss = sum(losses) * (1.0 / len(losses))
        model.zero_grad()
        loss.backward()
        for p in model.parameters():
            p.data -= task.rate * p.grad
        return float(loss.data)

    return step


def gpt_step(value: Callable[[float], Number]) -> Step:
    """The example's GPT reads a name: forward, backward, and Adam as a loop over the parameters."""
    model, parameters = new_gpt(value)
    name = gpt.one_hot(f".{tasks.NAME}.").tolist()
    means, squares = [0.0] * len(parameters), [0.0] * len(parameters)
    steps = 0

    def step() -> float:
        nonlocal steps
        loss = surprise(model, name)
        for p in parameters:
            p.grad = 0.0
        loss.backward()
        steps += 1
        for i, p in enumerate(parameters):
            means[i] = 0.85 * means[i] + 0.15 * p.grad
            squares[i] = 0.99 * squares[i] + 0.01 * p.grad * p.grad
            mean, square = means[i] / (1 - 0.85**steps), squares[i] / (1 - 0.99**steps)
            p.data -= 0.01 * mean / (square**0.5 + 1e-8)
        return float(loss.data)

    return step


def new_gpt(value: Callable[[float], Number]) -> tuple[gpt.GPT, list[Number]]:
    """The example's network made of a library's Values, and those."""
    parameters: list[Number] = []

    def parameter(number: float) -> Number:
        parameters.append(value(number))
        return parameters[-1]

    vars(gpt)["Value"] = parameter  # as a user does who changes the import line
    return gpt.GPT(rng=Random(0)), parameters


def surprise(model: gpt.GPT, name: Sequence[Sequence[Any]]) -> Number:
    """The mean of -log p(next token), in the operations that all libraries have."""
    pairs = zip(model(name[:-1]), name[1:], strict=True)
    surprises = [gpt.total([z.exp() for z in logits]).log() - gpt.dot(logits, token) for logits, token in pairs]
    return gpt.total(surprises) / len(surprises)
