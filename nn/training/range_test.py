"""The learning-rate range test: raise the rate step by step and watch the loss fall, level out, and explode."""

import math
from dataclasses import dataclass
from itertools import count
from random import Random

from numpy.typing import ArrayLike

from nn import losses
from nn.losses import Loss
from nn.modules import Module
from nn.optim import SGD, Optimizer
from nn.training.batches import DivergedError, batches_of
from nn.training.objective import Objective
from nn.training.rows import prepare
from nn.training.sources import shuffled


@dataclass
class RangeTest:
    """The learning rates tried, and the smoothed loss at each."""

    learning_rates: list[float]
    losses: list[float]

    @property
    def suggestion(self) -> float:
        """A tenth of the rate at which the loss was lowest: there it still falls, and safely.

        It is the rule `minimum` of fastai's `lr_find`. The rate at which the loss falls most steeply, another rule, is
        at the mercy of single batches.
        """
        return self.learning_rates[self.losses.index(min(self.losses))] / 10


def lr_range_test(
    model: Module,
    X: ArrayLike,
    y: ArrayLike,
    *,
    loss: str | Loss,
    optimizer: Optimizer | None = None,
    lowest: float = 1e-4,
    highest: float = 10.0,
    steps: int = 100,
    batch_size: int = 32,
    rng: int | None = 0,
) -> RangeTest:
    """Train for `steps` steps with rates that rise geometrically from `lowest` to `highest` (Smith 2017, "Cyclical
    learning rates", section 3.3), stopping where the loss explodes; then put the model and the optimiser back.

    The optimiser is SGD unless given; other arguments are those of `fit`. The losses are an exponential moving average
    that starts from the loss over all rows. Raises ValueError if that, or its gradient, is not finite.

    >>> from nn import MLP, data
    >>> moons = data.moons(50, rng=0)
    >>> found = lr_range_test(MLP(2, [4, 1], rng=0), moons.X, moons.y, loss="binary_cross_entropy")
    >>> 1e-4 < found.suggestion < 10
    True
    """
    rows, targets = prepare(X, y)
    if not (0 < lowest < highest and steps >= 2):
        raise ValueError("the rates rise from lowest > 0 to highest > lowest in at least 2 steps")
    loss = losses.by_name(loss)
    optimizer = optimizer or SGD(model.parameters())
    before, optimizer_before = model.state_dict(), optimizer.state_dict()
    generator = Random(rng)
    endless = (batch for _ in count() for batch in shuffled(len(rows), batch_size, generator))
    work = batches_of(Objective(model, loss), rows, targets, generator)
    rates, smoothed = [], [work.mean_loss(rows, targets)]
    try:
        for step, batch in zip(range(steps), endless, strict=False):
            optimizer.lr = lowest * (highest / lowest) ** (step / (steps - 1))
            now = work.step(optimizer, rows[batch], targets[batch], None)
            rates.append(optimizer.lr)
            smoothed.append(0.9 * smoothed[-1] + 0.1 * now)
            if smoothed[-1] > 4 * min(smoothed) + 1e-12:
                break
    except DivergedError:
        pass  # the end of the range
    finally:
        model.load_state_dict(before)
        model.zero_grad()
        optimizer.load_state_dict(optimizer_before)
    if not (rates and math.isfinite(smoothed[0])):
        raise ValueError("the loss or its gradient is not finite before any step: check the inputs and the model")
    return RangeTest(rates, smoothed[1:])
