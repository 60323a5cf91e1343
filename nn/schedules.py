"""Learning-rate schedules: from the number of a step (0, 1, ...) to a factor on the optimiser's learning rate."""

import math
from collections.abc import Callable
from typing import TypeAlias

Schedule: TypeAlias = Callable[[int], float]


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
