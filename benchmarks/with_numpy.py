"""NumPy's programs: the gradients derived by hand, in arrays that are made once."""

from collections.abc import Callable
from typing import TypeAlias

import numpy as np

from benchmarks import tasks
from benchmarks.scalars import Step
from benchmarks.tasks import Floats, Task

Slope: TypeAlias = Callable[[Floats], tuple[float, Floats]]  # from outputs to the mean loss and its derivatives


def moons_recorded() -> Step:
    task = tasks.moons()
    y = task.y[:, None].astype(float)
    share = -y / len(y)

    def margin(scores: Floats) -> tuple[float, Floats]:
        short = 1 - y * scores
        return np.maximum(short, 0).sum() / len(y), share * (short > 0)

    return _training(task, margin)


def digits_batch() -> Step:
    return _cross_entropy_training(tasks.digits(32))


def digits_all() -> Step:
    return _cross_entropy_training(tasks.digits())


def network(rows: int, *widths: int) -> Step:
    return _cross_entropy_training(tasks.noise(rows, *widths))


def _cross_entropy_training(task: Task) -> Step:
    rows = np.arange(len(task.y))

    def cross_entropy(logits: Floats) -> tuple[float, Floats]:
        logits -= logits.max(axis=1, keepdims=True)
        expected = logits[rows, task.y].sum()
        np.exp(logits, out=logits)
        sums = logits.sum(axis=1, keepdims=True)
        logits /= sums
        logits[rows, task.y] -= 1
        logits /= len(rows)
        return (np.log(sums).sum() - expected) / len(rows), logits

    return _training(task, cross_entropy)


def _training(task: Task, slope: Slope) -> Step:
    outputs = [np.empty((len(task.X), len(biases))) for _, biases in task.layers]
    upstream = [np.empty_like(output) for output in outputs]

    def step() -> float:
        inputs = [task.X, *outputs]
        last = len(task.layers) - 1
        for i, (weights, biases) in enumerate(task.layers):
            np.matmul(inputs[i], weights.T, out=outputs[i])
            outputs[i] += biases
            if i < last:
                np.maximum(outputs[i], 0, out=outputs[i])
        mean, gradient = slope(outputs[last])
        for i in range(last, -1, -1):
            weights, biases = task.layers[i]
            change = gradient.T @ inputs[i]
            shift = gradient.sum(axis=0)
            if i:
                gradient = np.matmul(gradient, weights, out=upstream[i - 1])
                gradient *= outputs[i - 1] > 0
            change *= task.rate
            weights -= change
            shift *= task.rate
            biases -= shift
        return mean

    return step
