"""PyTorch's programs, as its users write them: a module, its fused optimiser, eager, in float64."""

from collections.abc import Callable
from typing import Any, TypeAlias

import torch
from torch import Tensor, nn
from torch.nn.functional import cross_entropy

from benchmarks import tasks
from benchmarks.scalars import Step
from benchmarks.tasks import Task

Loss: TypeAlias = Callable[[Tensor, Tensor], Tensor]

torch.set_num_threads(1)


def training(task: Task, loss: Loss) -> Step:
    X, y = torch.tensor(task.X), torch.tensor(task.y)
    model = nn.Sequential(*[part for weights, _ in task.layers for part in (_linear(weights.shape), nn.ReLU())][:-1])
    numbers = [array for layer in task.layers for array in layer]
    for p, array in zip(model.parameters(), numbers, strict=True):
        p.data.copy_(torch.tensor(array))
    optimizer = torch.optim.SGD(model.parameters(), lr=task.rate, fused=True)

    def step() -> Any:
        optimizer.zero_grad()
        mean = loss(model(X), y)
        mean.backward()
        optimizer.step()
        return mean.detach()

    return step


def _linear(shape: tuple[int, ...]) -> nn.Linear:
    return nn.Linear(shape[1], shape[0], dtype=torch.float64)


def moons_recorded(trained: Callable[[Task, Loss], Step] = training) -> Step:
    return trained(tasks.moons(), lambda scores, y: (1 - y * scores[:, 0]).relu().mean())


def digits_batch(trained: Callable[[Task, Loss], Step] = training) -> Step:
    return trained(tasks.digits(32), cross_entropy)


def digits_all() -> Step:
    return training(tasks.digits(), cross_entropy)


def network(rows: int, *widths: int) -> Step:
    return training(tasks.noise(rows, *widths), cross_entropy)
