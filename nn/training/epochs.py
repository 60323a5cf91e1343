"""The loop of a training run: epochs of mini-batches, and how far the run has come."""

import math
from dataclasses import dataclass, field
from random import Random

from autograd import Value
from nn.optim import Optimizer
from nn.schedules import Schedule
from nn.training.batches import DivergedError
from nn.training.history import History
from nn.training.rows import Floats
from nn.training.sources import Source

EXPLODED = 1e6  # a loss so many times that of the first step, or 1, has diverged although it is still finite


@dataclass
class Progress:
    """How far a run has come: all that its next epoch needs besides parameters, optimiser and data."""

    base_rates: list[float]  # of the optimiser's groups, before any schedule
    generator: Random
    best: list[float]  # the parameters after the epoch with the lowest validation loss
    best_epoch: int = 0
    step: int = 0
    first_loss: float = 0.0
    history: History = field(default_factory=History)


@dataclass(frozen=True)
class Epochs:
    """Takes the steps of one epoch after another, and notes what happened in each."""

    parameters: list[Value]
    source: Source
    held_out: tuple[Floats, Floats] | None
    optimizer: Optimizer
    batch_size: int
    schedule: Schedule | None
    shuffle: bool

    def next(self, progress: Progress) -> None:
        """One epoch. Raises DivergedError, with finite parameters."""
        loss = self._steps(progress)
        history = progress.history
        validation_loss = self.source.mean_loss(*self.held_out) if self.held_out else 0.0
        if not math.isfinite(validation_loss):
            raise DivergedError(f"the validation loss became {validation_loss:g}")
        history.loss.append(loss)
        history.learning_rate.append(self.optimizer.lr)
        if self.held_out:
            history.validation_loss.append(validation_loss)
            if validation_loss <= min(history.validation_loss):
                progress.best, progress.best_epoch = [p.data for p in self.parameters], len(history.loss) - 1
        if history.film:
            history.film.take()

    def _steps(self, progress: Progress) -> float:
        """An epoch's steps: the mean of the losses before each."""
        total = 0.0
        for batch in self.source.epoch(self.batch_size, progress.generator if self.shuffle else None):
            if self.schedule:
                factor = self.schedule(progress.step)
                self.optimizer.rates = [rate * factor for rate in progress.base_rates]
            now = batch.step(self.optimizer)
            progress.first_loss = now if progress.step == 0 else progress.first_loss
            if now > EXPLODED * max(progress.first_loss, 1):
                raise DivergedError(f"the loss rose from {progress.first_loss:.4g} to {now:.4g}")
            total += batch.share * now
            progress.step += 1
        return total
