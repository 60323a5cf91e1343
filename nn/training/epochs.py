"""The loop of a training run: epochs of mini-batches, and how far the run has come."""

import math
from collections.abc import Iterator
from dataclasses import dataclass, field
from random import Random

import numpy as np

from nn.modules import Module
from nn.optim import Optimizer
from nn.schedules import Schedule
from nn.training.batches import Batches, DivergedError
from nn.training.history import History
from nn.training.rows import Floats

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
class Data:
    """Rows, targets, what each row weighs, and others to look at after each epoch."""

    rows: Floats
    targets: Floats
    weights: Floats | None
    held_out: tuple[Floats, Floats] | None


@dataclass(frozen=True)
class Epochs:
    """Takes the steps of one epoch after another, and notes what happened in each."""

    model: Module
    work: Batches
    optimizer: Optimizer
    data: Data
    batch_size: int
    schedule: Schedule | None
    shuffle: bool

    def next(self, progress: Progress) -> None:
        """One epoch. Raises DivergedError, with finite parameters."""
        loss = self._steps(progress)
        history = progress.history
        validation_loss = self.work.mean_loss(*self.data.held_out) if self.data.held_out else 0.0
        if not math.isfinite(validation_loss):
            raise DivergedError(f"the validation loss became {validation_loss:g}")
        history.loss.append(loss)
        history.learning_rate.append(self.optimizer.lr)
        if self.data.held_out:
            history.validation_loss.append(validation_loss)
            if validation_loss <= min(history.validation_loss):
                progress.best, progress.best_epoch = list(self.model.state_dict().values()), len(history.loss) - 1
        if history.film:
            history.film.take()

    def _steps(self, progress: Progress) -> float:
        """An epoch's steps: the mean of the losses before each."""
        total, data = 0.0, self.data
        for batch in shuffled(len(data.rows), self.batch_size, progress.generator if self.shuffle else None):
            if self.schedule:
                factor = self.schedule(progress.step)
                self.optimizer.rates = [rate * factor for rate in progress.base_rates]
            weights, share = None, len(batch) / len(data.rows)
            if data.weights is not None:
                weights = data.weights[batch]
                share = float(weights.sum() / data.weights.sum())
                weights = weights / weights.mean()
            now = self.work.step(self.optimizer, data.rows[batch], data.targets[batch], weights)
            progress.first_loss = now if progress.step == 0 else progress.first_loss
            if now > EXPLODED * max(progress.first_loss, 1):
                raise DivergedError(f"the loss rose from {progress.first_loss:.4g} to {now:.4g}")
            total += share * now
            progress.step += 1
        return total


def shuffled(n: int, batch_size: int, generator: Random | None) -> Iterator[list[int]]:
    """The numbers 0 to n - 1 in an order drawn from `generator`, or as they are, `batch_size` at a time."""
    order = list(range(n))
    if generator:
        generator.shuffle(order)
    return (order[i : i + batch_size] for i in range(0, n, batch_size))


def weights_of_rows(weights: object, rows: int) -> Floats | None:
    """Weights as an array, or None. Raises ValueError unless there is one for each row, at least 0 and finite."""
    if weights is None:
        return None
    numbers = np.asarray(weights, dtype=np.float64)
    if numbers.shape != (rows,):
        raise ValueError(f"sample_weight has a number for each of the {rows} rows; got shape {numbers.shape}")
    if not (np.isfinite(numbers).all() and (numbers >= 0).all() and numbers.any()):
        raise ValueError("sample_weight has finite numbers, at least 0 and not all of them 0")
    return numbers
