"""Learning-rate schedules: from the number of a step (0, 1, ...) to a factor on the optimiser's learning rate.

What looks at the losses instead, `reduce_on_plateau`, is called after each epoch.
"""

import math
from collections.abc import Callable, Sequence
from typing import Protocol, TypeAlias

Schedule: TypeAlias = Callable[[int], float]


class Rates(Protocol):
    """Whatever has learning rates, as an optimiser."""

    rates: list[float]


class Losses(Protocol):
    """What happened in each epoch, as a history tells it."""

    loss: list[float]
    validation_loss: list[float]


def constant() -> Schedule:
    """The learning rate as it is.

    >>> constant()(1000)
    1.0
    """
    return lambda _step: 1.0


def step_decay(every: int, factor: float = 0.1) -> Schedule:
    """Multiplied by `factor` after each `every` steps.

    >>> [step_decay(2, 0.5)(step) for step in range(5)]
    [1.0, 1.0, 0.5, 0.5, 0.25]
    """
    _check_steps(every)
    return lambda step: factor ** (step // every)


def cosine(total: int, lowest: float = 0.0) -> Schedule:
    """Half a cosine from 1 to `lowest` over `total` steps, and `lowest` from then on (Loshchilov and Hutter 2017).

    >>> [round(cosine(4)(step), 3) for step in range(6)]
    [1.0, 0.854, 0.5, 0.146, 0.0, 0.0]
    """
    _check_steps(total)
    return lambda step: lowest + (1 - lowest) * (1 + math.cos(math.pi * min(step / total, 1))) / 2


def cosine_restarts(first: int, times: int = 1, lowest: float = 0.0) -> Schedule:
    """Cosines from 1 to `lowest`, one after another: over `first` steps, then `times` as long as the one before.

    Loshchilov and Hutter 2017, "SGDR: stochastic gradient descent with warm restarts"; `CosineAnnealingWarmRestarts` in
    PyTorch.

    >>> [round(cosine_restarts(2, times=2)(step), 3) for step in range(7)]
    [1.0, 0.5, 1.0, 0.854, 0.5, 0.146, 1.0]
    """
    _check_steps(first)
    _check_steps(times)

    def factor(step: int) -> float:
        length = first
        while step >= length and times > 1:
            step, length = step - length, length * times
        return cosine(length, lowest)(step % length)

    return factor


def reduce_on_plateau(
    optimizer: Rates,
    factor: float = 0.1,
    patience: int = 10,
    threshold: float = 1e-4,
    cooldown: int = 0,
    min_lr: float = 0.0,
) -> Callable[[Losses], None]:
    """For `fit(..., on_epoch=...)`: multiplies the learning rate by `factor` when the loss has stopped falling.

    It has when for more than `patience` epochs the validation loss (without one, the loss) was not below its lowest by
    the share `threshold`; then `cooldown` epochs don't count. Names and meaning are of PyTorch's `ReduceLROnPlateau`.

    >>> from autograd import Value
    >>> from nn import History, optim
    >>> sgd = optim.SGD([Value(1.0)], lr=0.5)
    >>> plateau = reduce_on_plateau(sgd, patience=2)
    >>> for epochs in range(1, 5):
    ...     plateau(History(loss=[1.0] * epochs))
    ...     print(sgd.lr)
    0.5
    0.5
    0.5
    0.05
    """
    if not 0 < factor < 1:
        raise ValueError(f"factor makes a rate smaller, and is between 0 and 1; got {factor!r}")

    def after_epoch(history: Losses) -> None:
        if _levels_out(history.validation_loss or history.loss, patience, threshold, cooldown):
            optimizer.rates = [max(rate * factor, min_lr) for rate in optimizer.rates]

    return after_epoch


def _levels_out(losses: Sequence[float], patience: int, threshold: float, cooldown: int) -> bool:
    """Whether the last loss is the one at which patience ends. All are gone through, so that nothing is remembered."""
    lowest, waited, resting, ends = math.inf, 0, 0, False
    for loss in losses:
        better = loss < lowest * (1 - threshold)
        lowest, waited = (loss, 0) if better else (lowest, waited + 1)
        if resting:
            resting, waited = resting - 1, 0
        ends = waited > patience
        if ends:
            resting, waited = cooldown, 0
    return ends


def warm_up(steps: int, then: Schedule | None = None) -> Schedule:
    """A straight line up to 1 within `steps` steps, then the schedule `then` (constant by default) from its start.

    >>> [warm_up(4)(step) for step in range(6)]
    [0.25, 0.5, 0.75, 1.0, 1.0, 1.0]
    """
    _check_steps(steps)
    after = then or constant()
    return lambda step: (step + 1) / steps if step < steps else after(step - steps)


def _check_steps(steps: int) -> None:
    if steps < 1:
        raise ValueError(f"a schedule needs at least 1 step, got {steps}")
