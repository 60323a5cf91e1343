"""`fit`: epochs of mini-batches."""

import math
import warnings
from random import Random
from typing import Any

from numpy.typing import ArrayLike
from tqdm import tqdm

from nn import losses
from nn.losses import Loss
from nn.modules import Module
from nn.optim import Adam, Optimizer
from nn.schedules import Schedule
from nn.training.batches import DivergedError, InMemory, NodeByNode, Source, batches_of
from nn.training.film import Film
from nn.training.history import History
from nn.training.rows import prepare
from nn.training.sharded import Sharded

EXPLODED = 1e6  # a loss so many times that of the first step, or 1, has diverged although it is still finite


class DivergenceWarning(RuntimeWarning):
    """A number of a training run exploded, or became infinite or not a number, and the run was stopped."""


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
    film: bool = False,
    progress: bool = True,
    client: Any = None,
) -> History:
    """Train `model` in place on the rows of `X` (shape n x inputs) and their targets `y` (n, or n x outputs).

    `loss` is a name from `nn.losses` or a function of a prediction and a target. It is recorded for one example and
    replayed on batches; a model or a loss that can't be recorded is trained node by node, with a warning. The optimiser
    is Adam with lr=0.01 unless given; a `schedule` scales its learning rate step by step. Each epoch visits the rows in
    an order drawn from `rng`, in batches of `batch_size`. With `validation=(X, y)` and `patience`, training stops after
    that many epochs without a lower validation loss; however the run ends, the parameters with the lowest are put back.
    With `film` the history keeps the parameters of every epoch, which `nn.train_player` plays.

    With a `distributed.Client` as `client` the rows, which may be Dask arrays, stay in shards on its workers, and every
    step takes its share of each: give `batch_size` some ten thousands. The result depends on the shards (a Dask array's
    chunks; eight of rows in memory), and not on the number of workers. One that dies changes nothing but time; a lost
    scheduler raises LostSchedulerError, with the parameters of the last step in the model.

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
    held_out = prepare(*validation) if validation is not None else None
    if patience is not None and (held_out is None or patience < 1):
        raise ValueError("patience is a number of epochs, and needs validation=(X, y): it waits for their loss to fall")
    if epochs < 0 or batch_size < 1:
        raise ValueError(f"expected epochs >= 0 and batch_size >= 1; got {epochs} and {batch_size}")
    loss = losses.by_name(loss)
    optimizer = optimizer or Adam(model.parameters(), lr=0.01)
    if not set(optimizer.params) & set(model.parameters()):
        raise ValueError("the optimiser has no parameter of this model: make it anew, from model.parameters()")
    if client is not None:
        if film:
            raise ValueError("a film shows the rows, but with a client they are elsewhere: train without film=True")
        work: Source = Sharded(client, model, loss, X, y)
    else:
        rows, targets = prepare(X, y)
        work = InMemory(batches_of(model, loss, rows, targets), rows, targets)
    if held_out:
        NodeByNode(model, loss).one_of_each_target(*held_out)
    base_rate, step, first, best, best_epoch = optimizer.lr, 0, 0.0, model.state_dict(), 0
    history = History()
    if film:
        history.film = Film(model, rows, targets, loss, optimizer, batch_size)
        history.film.take()
    generator = rng if isinstance(rng, Random) else Random(rng)
    try:
        with tqdm(range(epochs), desc="training", unit="epoch", disable=not progress) as bar:
            for epoch in bar:
                total = 0.0
                for batch in work.epoch(batch_size, generator):
                    optimizer.lr = base_rate * schedule(step) if schedule else base_rate
                    where = f"step {step + 1} (epoch {epoch + 1}), at learning rate {optimizer.lr:g}"
                    now = batch.step(optimizer)
                    first = now if step == 0 else first
                    if now > EXPLODED * max(first, 1):
                        raise DivergedError(f"the loss rose from {first:.4g} to {now:.4g}")
                    total += batch.share * now
                    step += 1
                validation_loss = work.mean_loss(*held_out) if held_out else 0.0
                if not math.isfinite(validation_loss):
                    raise DivergedError(f"the validation loss became {validation_loss:g}")
                history.loss.append(total)
                history.learning_rate.append(optimizer.lr)
                shown = {"loss": f"{total:.4g}"}
                if held_out:
                    history.validation_loss.append(validation_loss)
                    shown["validation"] = f"{validation_loss:.4g}"
                    if validation_loss <= min(history.validation_loss):
                        best, best_epoch = model.state_dict(), epoch
                if history.film:
                    history.film.take()
                bar.set_postfix(shown, refresh=False)  # with the number of epochs, not before it
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
