"""What a page needs to train: recorded losses and update rules as numbers, the runs' rows, and their parameters."""

from collections.abc import Iterable, Sequence
from copy import copy
from random import Random
from typing import Any

import numpy as np

from autograd import RecordError, Recording, Value, record
from autograd.languages import lane_loops
from nn.data import Floats
from nn.losses import cross_entropy
from nn.modules import MLP, Output
from nn.optim import SGD, Adam, Optimizer
from nn.player.classes import classes_of
from nn.player.numbers import limits, packed
from nn.training import Film

MOST_ROWS = 2000
WIDEST = 16  # a layer, so that each neuron's picture can be seen
MOST_CLASSES = 7  # so many inks


def live_of(films: Sequence[Film], epochs: Sequence[Sequence[int]]) -> dict[str, Any] | None:
    """The runs as tapes, and their parameters after these epochs of each; None for what can't be trained in a page.

    That takes MLPs of two inputs with layers that aren't too wide, classes, losses that can be recorded, and the same
    points for all.
    """
    first = films[0]
    if not all(_trainable(film) and _same_points(film, first) for film in films):
        return None
    assert isinstance(first.model, MLP)
    try:
        recordings = [_recorded(film, _as_numbers(film)) for film in films]
        optimizers = {name: _rule(optimizer) for name, optimizer in _optimizers(first.model).items()}
        loops = lane_loops(_rows(*recordings, *(rule for rule, _ in optimizers.values())))
    except (RecordError, ValueError):
        return None
    return {
        "loops": loops,
        "optimizers": {name: {"rule": _tape(rule), "memories": count} for name, (rule, count) in optimizers.items()},
        "sides": np.transpose(limits(first.X)).tolist(),
        "runs": list(map(_run, films, recordings, epochs)),
    }


def _trainable(film: Film) -> bool:
    """Whether the film is of a network and rows that a page can show."""
    model = film.model
    if type(model) is not MLP or model.n_in != 2 or max(model.n_out) > WIDEST:
        return False
    return classes_of(film) is not None and len(film.X) <= MOST_ROWS and max(2, model.n_out[-1]) <= MOST_CLASSES


def _same_points(film: Film, other: Film) -> bool:
    return np.array_equal(film.X, other.X) and np.array_equal(classes_of(film), classes_of(other))  # type: ignore[arg-type]


def _run(film: Film, recording: Recording, epochs: Sequence[int]) -> dict[str, Any]:
    """A run's loss as a tape, its settings, its rows, and its parameters."""
    model, classes, targets = film.model, classes_of(film), _as_numbers(film)
    assert isinstance(model, MLP)
    assert classes is not None
    tape = recording.replays[0].tape
    numbers = dict(zip(tape.parameters, tape.parameter_numbers.tolist(), strict=True))
    return {
        "loss": {**_tape(recording), "parameters": [numbers[p] for p in model.parameters()]},
        "optimizer": _nearest(film.optimizer),
        "rate": film.optimizer.lr,
        "batch": film.batch_size,
        "rows": packed(np.column_stack([film.X, targets, classes])),
        "targets": [[*targets[classes == k][0].tolist(), int(k)] for k in np.unique(classes)],
        "limits": packed(np.array([p.data for p in _widest(model).parameters()])),
        "snapshots": packed(np.array([list(film.snapshots[epoch].values()) for epoch in epochs], np.float32)),
    }


def _as_numbers(film: Film) -> Floats:
    """The targets as the recorded loss takes them: a class as the probabilities of all classes."""
    assert isinstance(film.model, MLP)
    if film.loss is cross_entropy and film.y.ndim == 1:
        one_hot: Floats = np.eye(film.model.n_out[-1])[film.y.astype(int)]
        return one_hot
    columns: Floats = film.y.reshape(len(film.y), -1)
    return columns


def _recorded(film: Film, targets: Floats) -> Recording:
    """The loss of an example, its outputs, and what every neuron says."""
    model, loss = film.model, film.loss
    assert isinstance(model, MLP)
    alone = targets.shape[1] == 1

    def example(row: list[Value], target: list[Value]) -> list[Value]:
        layers: list[Output] = []
        for layer in model.layers:
            layers.append(layer(layers[-1] if layers else row))
        neurons = [neuron for outputs in layers for neuron in (outputs if isinstance(outputs, list) else [outputs])]
        return [loss(layers[-1], target[0] if alone else target), *neurons]

    return record(example, film.X[0].tolist(), targets[0].tolist())


def _optimizers(model: MLP) -> dict[str, Optimizer]:
    parameters = model.parameters()
    return {"SGD": SGD(parameters), "momentum": SGD(parameters, momentum=0.9), "Adam": Adam(parameters)}


def _nearest(optimizer: Optimizer) -> str:
    """Which of the page's optimisers is most like that of the run."""
    if isinstance(optimizer, SGD):
        return "momentum" if optimizer.momentum else "SGD"
    return "Adam"


def _rule(optimizer: Optimizer) -> tuple[Recording, int]:
    """The update rule as a function of a parameter, its gradient, memories, the learning rate and the step's number."""
    count = len(optimizer.memory)

    def rule(p: Value, gradient: Value, *others: Value) -> list[Value]:
        now: Any = copy(optimizer)
        now.lr, now.steps = others[count:]
        return list(now.rule(p, gradient, others[:count], now.settings()))

    return record(rule, *[0.5] * (4 + count)), count


class _Highest(Random):
    """Draws the highest number each time."""

    def uniform(self, a: float, b: float) -> float:  # noqa: ARG002
        return b


def _widest(model: MLP) -> MLP:
    """A network of this shape whose parameters are the greatest that it could start with."""
    return MLP(model.n_in, model.n_out, model.activation, _Highest())


def _rows(*recordings: Recording) -> Iterable[Any]:
    return (op for recording in recordings for op in recording.replays[0].tape.operations.rows)


def _tape(recording: Recording) -> dict[str, Any]:
    """A tape as JSON: operations as the number of their row in `rows` and the numbers of their operands."""
    tape = recording.replays[0].tape
    rows = {op: i for i, op in enumerate(tape.operations.rows)}
    return {
        "inputs": tape.first_leaf,
        "leaves": [leaf.data for leaf in tape.leaves],
        "rows": [op.name for op in rows],
        "operations": [(rows[op], *operands) for op, operands in tape.operations],
        "outputs": tape.outputs,
    }
