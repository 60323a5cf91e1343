"""`fit`: a training run from its data to its history."""

import warnings
from collections.abc import Iterable
from contextlib import AbstractContextManager, nullcontext
from numbers import Integral
from pathlib import Path
from random import Random
from typing import Any

from numpy.typing import ArrayLike
from tqdm import tqdm

from nn import losses
from nn.losses import Loss
from nn.modules import Module, generator_of
from nn.optim import Adam, Clip, Optimizer, clip_by_norm, clip_by_value
from nn.schedules import Schedule
from nn.training.batches import DivergedError, NodeByNode, batches_of
from nn.training.epochs import Epochs, Progress
from nn.training.film import Film
from nn.training.history import History
from nn.training.logs import OnEpoch
from nn.training.objective import Objective, weights_among
from nn.training.resuming import Resumable
from nn.training.rows import digest, prepare
from nn.training.sharded import Sharded
from nn.training.sources import InMemory, Source, weights_of_rows


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
    sample_weight: ArrayLike | None = None,
    validation: tuple[ArrayLike, ArrayLike] | None = None,
    patience: int | None = None,
    schedule: Schedule | None = None,
    l1: float = 0.0,
    l2: float = 0.0,
    clip_norm: float | None = None,
    clip_value: float | None = None,
    on_epoch: OnEpoch | Iterable[OnEpoch] = (),
    checkpoint: str | Path | None = None,
    threads: int = 1,
    shuffle: bool = True,
    rng: int | Random | None = 0,
    film: bool = False,
    progress: bool = True,
    client: Any = None,
) -> History:
    """Train `model` in place on the rows of `X` (shape n x inputs) and their targets `y` (n, or n x outputs).

    `loss` is a name from `nn.losses` or a function of a prediction and a target. It is recorded for one example and
    replayed on batches; a model or a loss that can't be recorded is trained node by node, with a warning. The optimiser
    is Adam with lr=0.01 unless given; a `schedule` scales its learning rate step by step. Each epoch visits the rows in
    an order drawn from `rng` (without `shuffle`, as they stand), in batches of `batch_size`, computed by so many
    `threads`.

    - `sample_weight`: how much each row counts (n); a batch's loss is the mean weighed so
    - `validation=(X, y)` and `patience`: training stops after that many epochs without a lower validation loss; however
      the run ends, the parameters with the lowest are put back
    - `l1`, `l2`: the penalties l1 * sum(|w|) + l2 / 2 * sum(w^2) on the weights, not the biases; the history's losses
      are without them
    - `clip_norm`, `clip_value`: gradients are cut to that length, or one by one, as `nn.optim.clip_grad_norm` does it
    - `on_epoch`: called with the history after each epoch, or several that are; one that returns True ends the run
    - `checkpoint`: a file that the run is written to, at most once a second; where it exists, the run goes on from
      there, at the learning rate that it had, and ends as if it had never been interrupted, to the last bit
    - `film`: the history keeps the parameters of every epoch, which `nn.train_player` plays

    With a `distributed.Client` as `client` the rows, which may be Dask arrays, stay in shards on its workers, and every
    step takes its share of each: give `batch_size` some ten thousands. The result depends on the shards (a Dask array's
    chunks; eight of rows in memory), and not on the number of workers. One that dies changes nothing but time; a lost
    scheduler raises LostSchedulerError, with the parameters of the last step in the model.

    A run that diverges is stopped before the step that would spoil the parameters, with a DivergenceWarning that says
    where and what to try. Ctrl-C ends the run too; either way the history so far is returned, and the model left as for
    predictions (`model.eval()`). Raises ValueError for data that don't fit together or are not finite, settings out of
    range, an optimiser of another model, or the checkpoint of another run.

    >>> from nn import MLP, data
    >>> moons = data.moons(40, rng=0)
    >>> model = MLP(2, [8, 1], activation="tanh", rng=0)
    >>> history = fit(model, moons.X, moons.y, loss="binary_cross_entropy", epochs=20, progress=False)
    >>> history.loss[-1] < history.loss[0]
    True
    """
    if not (validation is None or (isinstance(validation, tuple | list) and len(validation) == 2)):
        raise TypeError(f"validation is (X, y), rows that are not trained on and their targets; got {validation!r}")
    if not (schedule is None or callable(schedule)):
        raise TypeError(f"a schedule is a function of the step, such as schedules.cosine(steps); got {schedule!r}")
    held_out = prepare(*validation) if validation is not None else None
    if patience is not None and (held_out is None or patience < 1):
        raise ValueError("patience is a number of epochs, and needs validation=(X, y): it waits for their loss to fall")
    if not (isinstance(epochs, Integral) and isinstance(batch_size, Integral) and epochs >= 0 and batch_size >= 1):
        raise ValueError(f"expected whole numbers, epochs >= 0 and batch_size >= 1; got {epochs!r} and {batch_size!r}")
    if not (l1 >= 0 and l2 >= 0):
        raise ValueError(f"penalties are at least 0; got l1={l1!r} and l2={l2!r}")
    loss = losses.by_name(loss)
    optimizer = optimizer or Adam(model.parameters(), lr=0.01)
    if not hasattr(optimizer, "params"):
        raise TypeError(f"expected an optimiser, such as optim.Adam(model.parameters(), lr=0.01); got {optimizer!r}")
    named = model.named_parameters()
    parameters = [p for _, p in named]
    if not set(optimizer.params) & set(parameters):
        raise ValueError("the optimiser has no parameter of this model: make it anew, from model.parameters()")
    objective, generator = Objective(model, loss), generator_of(rng)
    clip = _clip_of(clip_norm, clip_value)
    model.train()
    if client is not None:
        if film or sample_weight is not None:
            raise ValueError("with a client the rows are elsewhere: train without film=True and without sample_weight")
        source: Source = Sharded(client, objective, X, y, clip)
    else:
        source = _in_memory(objective, X, y, sample_weight, generator, clip, threads)
    if held_out:
        NodeByNode(objective).one_of_each_target(*held_out)
    run = Progress(optimizer.rates, generator, [p.data for p in parameters])
    kept = None
    if checkpoint is not None:
        about = {
            "rows": len(source),
            "loss": getattr(loss, "__name__", "of its own"),
            "batch_size": batch_size,
            "optimizer": type(optimizer).__name__,
            "l1": l1,
            "l2": l2,
            "clip_norm": clip_norm,
            "clip_value": clip_value,
            "data": source.digest(),
            "validation": digest(*held_out or ()),
        }
        kept = Resumable(checkpoint, model, optimizer, about)
        kept.take_up(run)
    if film and isinstance(source, InMemory):
        run.history.film = Film(model, source.rows, source.targets, loss, optimizer, batch_size, held_out)
        run.history.film.take()
    all_on_epoch = [on_epoch] if callable(on_epoch) else list(on_epoch)
    loop = Epochs(parameters, source, held_out, optimizer, batch_size, schedule, shuffle)
    history = run.history
    penalties: AbstractContextManager[None] = nullcontext()
    if l1 or l2:
        weights = weights_among(optimizer.params, named)
        penalties = optimizer.penalized(l1 * weights, l2 * weights)
    try:
        with (
            penalties,
            tqdm(total=epochs, initial=len(history.loss), desc="training", unit="epoch", disable=not progress) as bar,
        ):
            while len(history.loss) < epochs and not history.stopped:
                loop.next(run)
                history.stopped = _why_stop(run, patience, [call(history) is True for call in all_on_epoch])
                if kept:
                    kept.keep(run, last=bool(history.stopped) or len(history.loss) == epochs)
                bar.set_postfix(_shown(history), refresh=False)  # with the number of epochs, not before it
                bar.update()
    except DivergedError as error:
        where = f"step {run.step + 1} (epoch {len(history.loss) + 1}), at learning rate {optimizer.lr:g}"
        history.stopped = (
            f"diverged in {where}: {error}. Try a learning rate ten times lower, or standardise the inputs; "
            "nn.lr_range_test finds a rate that works."
        )
        warnings.warn(history.stopped, DivergenceWarning, stacklevel=2)
    except KeyboardInterrupt:
        history.stopped = f"interrupted in epoch {len(history.loss) + 1}"
    finally:
        model.eval()
        if schedule:
            optimizer.rates = run.base_rates
        if patience is not None and history.validation_loss:
            for p, number in zip(parameters, run.best, strict=True):
                p.data = number
    return history


def _in_memory(
    objective: Objective,
    X: ArrayLike,
    y: ArrayLike,
    sample_weight: ArrayLike | None,
    generator: Random,
    clip: Clip | None,
    threads: int,
) -> InMemory:
    """The rows that weigh something, and how steps on them are taken."""
    rows, targets = prepare(X, y)
    weights = weights_of_rows(sample_weight, len(rows))
    if weights is not None and not weights.all():
        rows, targets, weights = rows[weights > 0], targets[weights > 0], weights[weights > 0]
    work = batches_of(objective, rows, targets, generator, weighed=weights is not None, clip=clip, threads=threads)
    return InMemory(work, rows, targets, weights)


def _clip_of(clip_norm: float | None, clip_value: float | None) -> Clip | None:
    if clip_norm is not None and clip_value is not None:
        raise ValueError("gradients are clipped by clip_norm or by clip_value, not by both")
    if clip_norm is not None:
        return clip_by_norm(clip_norm)
    return None if clip_value is None else clip_by_value(clip_value)


def _why_stop(run: Progress, patience: int | None, asked: list[bool]) -> str:
    """Why the run ends after this epoch; empty if it goes on."""
    if any(asked):
        return "stopped by on_epoch"
    if patience is not None and len(run.history.loss) - 1 - run.best_epoch >= patience:
        return f"no lower validation loss for {patience} epochs; back to the best, epoch {run.best_epoch + 1}"
    return ""


def _shown(history: History) -> dict[str, str]:
    """The losses beside the progress bar."""
    columns = {"loss": history.loss, "validation": history.validation_loss}
    return {name: f"{column[-1]:.4g}" for name, column in columns.items() if column}
