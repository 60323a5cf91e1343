"""Our programs: node by node the very ones of micrograd, and the same networks recorded."""

from collections.abc import Callable
from typing import Any

import numpy as np

import nn
from autograd import Value, log_sum_exp, record, relu
from benchmarks import scalars, tasks
from benchmarks.scalars import Step
from benchmarks.tasks import Floats, Task
from examples import gpt as example
from nn import optim


def expression() -> Step:
    return scalars.expression(Value)


def moons() -> Step:
    return scalars.moons(Value, nn)


def gpt() -> Step:
    return scalars.gpt_step(Value)


def moons_recorded() -> Step:
    task = tasks.moons()
    return _training(task, task.y.astype(float), _margin)


def digits_batch() -> Step:
    return _classes(tasks.digits(32))


def digits_all() -> Step:
    return _classes(tasks.digits())


def network(rows: int, *widths: int, threads: int = 1) -> Step:
    return _classes(tasks.noise(rows, *widths), threads)


def gpt_recorded() -> Step:
    model, parameters = scalars.new_gpt(Value)
    names = example.one_hot(f".{tasks.NAME}.")[None]
    loss = record(lambda name: scalars.surprise(model, name), names[0])
    optimizer = optim.Adam(parameters, lr=0.01, betas=(0.85, 0.99))
    return lambda: optimizer.minimize(loss, names)


def record_moons() -> Step:
    """Recording alone: the loss of an example, once."""
    model = _mlp(tasks.moons())

    def step() -> float:
        record(lambda x, y: _margin(model(x), y), [0.0, 0.0], 1.0)
        return 0.0

    return step


def _classes(task: Task, threads: int = 1) -> Step:
    return _training(task, np.eye(len(task.layers[-1][1]))[task.y], _cross_entropy, threads)


def _training(task: Task, targets: Floats, loss: Callable[..., Value], threads: int = 1) -> Step:
    model = _mlp(task)
    recorded = record(lambda x, y: loss(model(x), y), task.X[0], targets[0])
    optimizer = optim.SGD(model.parameters(), lr=task.rate)
    return lambda: optimizer.minimize(recorded, task.X, targets, threads=threads)


def _mlp(task: Task) -> nn.MLP:
    model = nn.MLP(task.X.shape[1], [len(biases) for _, biases in task.layers])
    for p, number in zip(model.parameters(), task.numbers, strict=True):
        p.data = number
    return model


def _margin(score: Any, y: Value) -> Value:
    return relu(1 - y * score)


def _cross_entropy(logits: list[Value], y: list[Value]) -> Value:
    return log_sum_exp(logits) - example.dot(logits, y)
