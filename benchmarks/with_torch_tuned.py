"""PyTorch as hardly a user writes it: functions of tensors without modules, and one update in place for all."""

from functools import partial
from typing import Any

import torch
from torch import Tensor
from torch.nn.functional import linear

from benchmarks import with_torch
from benchmarks.scalars import Step
from benchmarks.tasks import Task


def _training(task: Task, loss: with_torch.Loss) -> Step:
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


moons_recorded = partial(with_torch.moons_recorded, _training)
digits_batch = partial(with_torch.digits_batch, _training)
