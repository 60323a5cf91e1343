"""Training: epochs of mini-batches, and what happened in them.

A batch's gradient is the mean of its examples' gradients. They are computed one example at a time, so that memory holds
one example's graph however large the batch.
"""

import json
import math
import warnings
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from random import Random
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray
from tqdm import tqdm

from autograd import Value, no_grad
from autograd.files import write_atomically
from autograd.graph import first_nonfinite
from nn import losses
from nn.losses import Loss
from nn.modules import Module
from nn.optim import Adam, Optimizer
from nn.schedules import Schedule

Rows: TypeAlias = list[list[float]]

EXPLODED = 1e6  # a loss so many times that of the first step, or 1, has diverged although it is still finite


class DivergenceWarning(RuntimeWarning):
    """A number of a training run exploded, or became infinite or not a number, and the run was stopped."""


@dataclass
class History:
    """What happened in each epoch, and why the run ended before its last epoch (`stopped`, else empty).

    - `loss`: the mean over the epoch's examples, each measured just before the step that it took part in
    - `validation_loss`: after the epoch; empty without validation data
    - `learning_rate`: of the epoch's last step
    """

    loss: list[float] = field(default_factory=list)
    validation_loss: list[float] = field(default_factory=list)
    learning_rate: list[float] = field(default_factory=list)
    stopped: str = ""

    def save(self, path: str | Path) -> None:
        """Write it as JSON."""
        write_atomically(path, json.dumps(asdict(self), indent=1).encode())


def fit(
    model: Module,
    X: ArrayLike,
    y: ArrayLike,
    *,
    loss: str | Loss,
    optimizer: Optimizer | None = None,
    epochs: int = 100,
    batch_size: int = 32,
    validation: tuple[ArrayLike, ArrayLike] | None = None,
    patience: int | None = None,
    schedule: Schedule | None = None,
    rng: int | Random | None = 0,
    progress: bool = True,
) -> History:
    """Train `model` in place on the rows of `X` (shape n x inputs) and their targets `y` (n, or n x outputs).

    `loss` is a name from `nn.losses` or a function of a prediction and a target. The optimiser is Adam with lr=0.01
    unless given; a `schedule` scales its learning rate step by step. Each epoch visits the rows in an order drawn from
    `rng`, in batches of `batch_size`. With `validation=(X, y)` and `patience`, training stops after that many epochs
    without a lower validation loss; however the run ends, the parameters with the lowest are put back.

    A run that diverges is stopped before the step that would spoil the parameters, with a DivergenceWarning that says
    where and what to try. Ctrl-C ends the run too; either way the history so far is returned. Raises ValueError for
    data that don't fit together or are not finite, settings out of range, or an optimiser of another model.

    >>> from nn import MLP, data
    >>> moons = data.moons(40, rng=0)
    >>> model = MLP(2, [8, 1], activation="tanh", rng=0)
    >>> history = fit(model, moons.X, moons.y, loss="binary_cross_entropy", epochs=20, progress=False)
    >>> history.loss[-1] < history.loss[0]
    True
    """
    rows, targets = prepare(X, y)
    held_out = prepare(*validation) if validation is not None else None
    if patience is not None and (held_out is None or patience < 1):
        raise ValueError("patience is a number of epochs, and needs validation=(X, y): it waits for their loss to fall")
    if epochs < 0 or batch_size < 1:
        raise ValueError(f"expected epochs >= 0 and batch_size >= 1; got {epochs} and {batch_size}")
    loss = losses.by_name(loss)
    optimizer = optimizer or Adam(model.parameters(), lr=0.01)
    if not set(optimizer.params) & set(model.parameters()):
        raise ValueError("the optimiser has no parameter of this model: make it anew, from model.parameters()")
    base_rate, step, first, best, best_epoch = optimizer.lr, 0, 0.0, model.state_dict(), 0
    history = History()
    generator = rng if isinstance(rng, Random) else Random(rng)
    try:
        with tqdm(range(epochs), desc="training", unit="epoch", disable=not progress) as bar:
            for epoch in bar:
                total = 0.0
                for batch in batches(len(rows), batch_size, generator):
                    optimizer.lr = base_rate * schedule(step) if schedule else base_rate
                    where = f"step {step + 1} (epoch {epoch + 1}), at learning rate {optimizer.lr:g}"
                    now = gradient_of_batch(model, loss, [rows[i] for i in batch], [targets[i] for i in batch])
                    first = now if step == 0 else first
                    if now > EXPLODED * max(first, 1):
                        raise DivergedError(f"the loss rose from {first:.4g} to {now:.4g}")
                    total += len(batch) / len(rows) * now
                    careful_step(model, optimizer)
                    step += 1
                validation_loss = mean_loss(model, loss, *held_out) if held_out else 0.0
                history.loss.append(total)
                history.learning_rate.append(optimizer.lr)
                shown = {"loss": f"{total:.4g}"}
                if held_out:
                    history.validation_loss.append(validation_loss)
                    shown["validation"] = f"{validation_loss:.4g}"
                    if validation_loss <= min(history.validation_loss):
                        best, best_epoch = model.state_dict(), epoch
                bar.set_postfix(shown)
                if patience is not None and epoch - best_epoch >= patience:
                    history.stopped = (
                        f"no lower validation loss for {patience} epochs; back to the best, epoch {best_epoch + 1}"
                    )
                    break
    except DivergedError as error:
        history.stopped = (
            f"diverged in {where}: {error}. Try a learning rate ten times lower, or standardise the inputs; "
            "nn.lr_range_test finds a rate that works."
        )
        warnings.warn(history.stopped, DivergenceWarning, stacklevel=2)
    except KeyboardInterrupt:
        history.stopped = f"interrupted in epoch {len(history.loss) + 1}"
    finally:
        optimizer.lr = base_rate
        if patience is not None and history.validation_loss:
            model.load_state_dict(best)
    return history


class DivergedError(ArithmeticError):
    """A loss or a gradient is not finite; the message says which, and where it began."""


def gradient_of_batch(model: Module, loss: Loss, rows: Rows, targets: Sequence[Any]) -> float:
    """Set every parameter's gradient to that of the mean loss over the batch; the mean loss. Raises DivergedError."""
    model.zero_grad()
    total = 0.0
    for row, target in zip(rows, targets, strict=True):
        example = loss(model(row), target)
        if not isinstance(example, Value):
            raise TypeError(f"the loss gave {example!r}: it must give a Value, computed from the model's output")
        if bad := first_nonfinite(example) if not math.isfinite(example.data) else None:
            raise DivergedError(str(bad))
        share = example / len(rows)
        share.backward()
        total += share.data
    for name, p in model.named_parameters():
        if not math.isfinite(p.grad):
            raise DivergedError(f"the gradient of {name} is {p.grad:g}")
    return total


def careful_step(model: Module, optimizer: Optimizer) -> None:
    """A step of the optimiser; raises DivergedError, with the parameters as they were, if one would not be finite."""
    before = model.state_dict()
    optimizer.step()
    for name, number in model.state_dict().items():
        if not math.isfinite(number):
            model.load_state_dict(before)
            raise DivergedError(f"the parameter {name} became {number:g}")


def batches(n: int, batch_size: int, generator: Random) -> Iterator[list[int]]:
    """The numbers 0 to n - 1 in an order drawn from `generator`, `batch_size` at a time."""
    order = list(range(n))
    generator.shuffle(order)
    return (order[i : i + batch_size] for i in range(0, n, batch_size))


def prepare(X: ArrayLike, y: ArrayLike) -> tuple[Rows, list[Any]]:
    """Rows and targets as lists of Python numbers. Raises ValueError if they don't fit together or are not finite."""
    rows, targets = _rows(X), _numbers("y", y)
    if targets.ndim == 2 and targets.shape[1] == 1:
        targets = targets[:, 0]
    if targets.ndim not in (1, 2):
        raise ValueError(f"y has a target, or a row of targets, for each example; got shape {targets.shape}")
    if len(rows) != len(targets) or not len(rows):
        raise ValueError(
            f"expected as many rows as targets, at least one; got {len(rows)} rows, {len(targets)} targets"
        )
    return rows.tolist(), targets.tolist()


def _rows(X: ArrayLike) -> NDArray[np.float64]:
    rows = _numbers("X", X)
    if rows.ndim == 1:
        rows = rows[:, None]
    if rows.ndim != 2:
        raise ValueError(f"X has a row of inputs for each example, shape n x inputs; got shape {rows.shape}")
    return rows


def _numbers(name: str, table: ArrayLike) -> NDArray[np.float64]:
    try:
        numbers = np.asarray(table, dtype=np.float64)
    except (TypeError, ValueError) as error:
        raise ValueError(f"{name} must be numbers, as many in each row; {error}") from None
    if len(bad := np.argwhere(~np.isfinite(numbers))):
        raise ValueError(f"{name}{bad[0].tolist()} is {numbers[tuple(bad[0])]}: expected finite numbers")
    return numbers


@no_grad()
def mean_loss(model: Module, loss: Loss, rows: Rows, targets: Sequence[Any]) -> float:
    """The mean loss over rows and targets, recording nothing. Raises DivergedError if it is not finite."""
    mean = sum([loss(model(row), target).data / len(rows) for row, target in zip(rows, targets, strict=True)])
    if not math.isfinite(mean):
        raise DivergedError(f"the validation loss became {mean:g}")
    return mean


@no_grad()
def predict(model: Module, X: ArrayLike) -> NDArray[np.float64]:
    """The model's output for each row of `X`: shape n for one output, n x outputs for several; recording nothing."""
    return np.array([np.asarray(model(row), dtype=np.float64) for row in _rows(X).tolist()])


def predict_class(model: Module, X: ArrayLike) -> NDArray[np.int64]:
    """The class of each row: the largest of several outputs; 1 where a single output is above 0, else 0."""
    outputs = predict(model, X)
    return outputs.argmax(axis=1) if outputs.ndim == 2 else (outputs > 0).astype(np.int64)


def accuracy(model: Module, X: ArrayLike, y: ArrayLike) -> float:
    """The share of rows whose class is predicted.

    Targets are class numbers, or -1 and 1 as for a hinge loss, or rows of the classes' probabilities.
    """
    targets = np.array(prepare(X, y)[1])
    classes = targets.argmax(axis=1) if targets.ndim == 2 else np.maximum(targets, 0)
    return float((predict_class(model, X) == classes).mean())
