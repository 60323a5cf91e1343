"""Training on rows that lie in shards on a cluster's workers: every step adds up what all shards say of their part.

A batch takes the same share of every shard, in an order that each draws for itself in every epoch from the run's seed.
What a step computes depends on the shards, and not on how many workers there are, or which of them died.
"""

from collections.abc import Iterator
from functools import partial
from random import Random
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from autograd import RecordError
from autograd.distributed import LostSchedulerError, Shards
from autograd.replay import Travelling
from nn.optim import Clip, Optimizer
from nn.training.batches import Batches, DivergedError, NodeByNode, Recorded, batches_of, different
from nn.training.objective import Objective
from nn.training.rows import Floats, digest, prepare
from nn.training.sources import Batch

HEAD = 1000  # so many rows of the first shard are looked at here, to record the loss and to check it
FEW = 10  # targets of every shard, and those at the ends of their range, are looked at here

Shard = tuple[Floats, Floats]
Order = NDArray[np.intp]


class Sharded:
    """Rows and targets in shards, and steps of training on them. `client` is a `distributed.Client`.

    Raises RecordError for a model or a loss that can't be recorded, and what `Shards` and `prepare` raise.
    """

    def __init__(self, client: Any, objective: Objective, X: ArrayLike, y: ArrayLike, clip: Clip | None) -> None:
        self._shards = Shards(client, [X, y], load=_loaded)
        head = next((head for head in self._shards.each(_head, HEAD, name="head") if len(head[0])), None)
        rows, targets = prepare(*head or ([], []))
        self._work, self._clip = _recorded(batches_of(objective, rows, targets, Random(0))), clip
        self._counts = self._shards.each(_count, self._work.classes, name="count")
        self._rows = sum(self._counts)
        some = zip(*self._shards.each(_different, name="targets"), strict=True)
        NodeByNode(objective).one_of_each_target(*[np.concatenate([p for p in parts if len(p)]) for parts in some])
        recording = self._work.recording
        self._travelling = Travelling(recording.replays[0].tape)
        self._there = self._shards.once(_itself, self._travelling, name="recorded-loss")
        self._places = {p: i for i, p in enumerate(recording.parameters)}

    def epoch(self, batch_size: int, generator: Random | None) -> Iterator[Batch]:
        """Every row once, in batches of about `batch_size` from all shards."""
        steps = -(-self._rows // batch_size)
        generator = generator or Random(0)  # a shard without an order would be taken whole
        seeds = [(generator.getrandbits(63), i) for i in range(len(self._counts))]
        orders = self._shards.kept(_order, own=seeds, name="order") if steps > 1 else [None] * len(seeds)
        for step in range(steps):
            rows = sum(_last(n, step, steps) - _last(n, step - 1, steps) for n in self._counts)
            if rows:
                yield Batch(rows / self._rows, partial(self._step, orders, step, steps))

    def digest(self) -> str:
        return " ".join(self._shards.each(_digest, name="digest"))

    def __len__(self) -> int:
        return int(self._rows)

    def mean_loss(self, rows: Floats, targets: Floats) -> float:
        """The mean loss over rows in this process."""
        return self._work.mean_loss(rows, targets)

    def _step(self, orders: list[Any], step: int, steps: int, optimizer: Optimizer) -> float:
        shared = (self._there, self._travelling.numbers(), step, steps, self._work.classes)
        try:
            rows, _, total, *derivatives = self._shards.added(_gradient, *shared, own=orders, name="gradient")
            derivatives = [*(np.array(derivatives) / rows).tolist(), 0.0]
            if not np.isfinite(total) or not np.isfinite(derivatives).all():
                raise DivergedError(self._why(shared, orders))
            gradient = np.array([derivatives[self._places.get(p, -1)] for p in optimizer.params])
            optimizer.step(self._clip(gradient) if self._clip else gradient)
        except FloatingPointError as error:
            raise DivergedError(str(error)) from None
        except LostSchedulerError as error:
            error.add_note("The model and the optimiser are as before this step: nn.checkpoint.save keeps them.")
            raise
        return float(total / rows)

    def _why(self, shared: tuple[Any, ...], orders: list[Any]) -> str:
        found = self._shards.each(_why_not_finite, *shared, own=orders, name="why-not-finite")
        return next((f"in shard {i}, {why}" for i, why in enumerate(found) if why), "the sum over the shards is not")


def _recorded(work: Batches) -> Recorded:
    if not isinstance(work, Recorded):
        raise RecordError("only a loss that can be recorded is trained on several machines; the warning says why not")
    if not work.plain:
        raise RecordError("what is dropped is drawn in one process: several machines train a model without Dropout")
    return work


# What runs on the workers


def _loaded(rows: ArrayLike, targets: ArrayLike) -> Shard:
    """A shard, checked; one without rows stays one."""
    if len(rows):  # type: ignore[arg-type]
        return prepare(rows, targets)
    return np.zeros((0, 1)), np.zeros(0)


def _head(shard: Shard, rows: int) -> Shard:
    return shard[0][:rows].copy(), shard[1][:rows].copy()


def _different(shard: Shard) -> Shard:
    """Rows with targets that differ, for the loss to look at."""
    some = different(shard[1], FEW)
    return shard[0][some], shard[1][some]


def _count(shard: Shard, classes: int | None) -> int:
    targets = shard[1]
    bad = targets[(targets < 0) | (targets >= classes) | (targets % 1 != 0)] if classes is not None else targets[:0]
    if len(bad):
        raise ValueError(f"the target {bad[0]:g} is no class of a model with {classes} outputs")
    return len(targets)


def _digest(shard: Shard) -> str:
    return digest(*shard)


def _itself(travelling: Travelling) -> Travelling:
    return travelling


def _order(shard: Shard, seed: tuple[int, int]) -> Order:
    """The order of a shard's rows in an epoch."""
    return np.random.default_rng(seed).permutation(len(shard[0]))


def _last(rows: int, step: int, steps: int) -> int:
    """Where the part of a shard ends that takes part in a step."""
    return rows * (step + 1) // steps


def _part(shard: Shard, order: Order | None, step: int, steps: int, classes: int | None) -> Shard:
    """The part of a shard that takes part in a step: all of it, if there is no order."""
    rows, targets = shard
    if order is not None:
        some = order[_last(len(rows), step - 1, steps) : _last(len(rows), step, steps)]
        rows, targets = rows[some], targets[some]
    return rows, targets if classes is None else np.eye(classes)[targets.astype(int)]


def _gradient(
    shard: Shard, order: Order | None, loss: Travelling, numbers: Floats, step: int, steps: int, classes: int | None
) -> Floats:
    return loss.sums(numbers, 1, False, *_part(shard, order, step, steps, classes))


def _why_not_finite(
    shard: Shard, order: Order | None, loss: Travelling, numbers: Floats, step: int, steps: int, classes: int | None
) -> str:
    return loss.why_not_finite(numbers, *_part(shard, order, step, steps, classes))
