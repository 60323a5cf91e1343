"""PyTorch's programs: tensors, eager, in float64, with the fastest update it has."""

from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor
from torch.nn.functional import cross_entropy, linear

from benchmarks import tasks
from benchmarks.scalars import Step
from benchmarks.tasks import Task

torch.set_num_threads(1)


def moons_recorded() -> Step:
    return _training(tasks.moons(), lambda scores, y: (1 - y * scores[:, 0]).relu().mean())


def digits_batch() -> Step:
    return _training(tasks.digits(32), cross_entropy)


def digits_all() -> Step:
    return _training(tasks.digits(), cross_entropy)


def _training(task: Task, loss: Callable[[Tensor, Tensor], Tensor]) -> Step:
    X, y = torch.tensor(task.X), torch.tensor(task.y)
    parameters = [torch.tensor(numbers, requires_grad=True) for layer in task.layers for numbers in layer]

    def model(outputs: Tensor) -> Tensor:
        *hidden, weights, biases = parameters
        for i in range(0, len(hidden), 2):
            outputs = linear(outputs, hidden[i], hidden[i + 1]).relu()
        return linear(outputs, weights, biases)

    def step() -> Any:
        mean = loss(model(X), y)
        gradients = torch.autograd.grad(mean, parameters)
        with torch.no_grad():
            torch._foreach_add_(parameters, gradients, alpha=-task.rate)
        return mean.detach()

    return step
