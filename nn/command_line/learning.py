"""One training run: columns prepared, a network made and fitted, and what it answers."""

import argparse
import sys
import warnings
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nn import checkpoint, data, evaluation, schedules, training
from nn.command_line.arguments import OPTIMIZERS
from nn.command_line.source import Source
from nn.data import Floats, Preparation, Standardizer, Table
from nn.modules import MLP, Module
from nn.optim import Optimizer
from nn.training import History

Rows = NDArray[np.intp]
MOST_FILMED = 5000  # parameters of a network whose epochs are kept
FEWEST = 50  # rows to train on, below which none are spared for stopping early
_VALIDATION = 0.2  # of the training rows, that choose when to stop


@dataclass(frozen=True)
class Setting:
    """What a search varies."""

    hidden: tuple[int, ...]
    lr: float


@dataclass(frozen=True)
class Network:
    """A model with what makes its inputs and reads its outputs.

    `scale` is of a regression's target; `decimal` is the mark that numbers have in the table, empty where none tells.
    """

    model: Module
    preparation: Preparation
    target: str
    classes: Sequence[str]
    scale: Standardizer | None
    decimal: str

    def outputs(self, table: Table) -> Floats:
        """The model's outputs for the rows of a table; for a regression in the target's unit."""
        outputs = training.predict(self.model, self.preparation.apply(table))
        return self.scale.invert(outputs) if self.scale else outputs

    def targets(self, y: NDArray[Any]) -> NDArray[Any]:
        """Targets as the model learns them: standardised for a regression."""
        return self.scale.apply(y) if self.scale else y

    def answers(self, outputs: Floats) -> NDArray[Any]:
        """What the outputs say: numbers of classes, or the outputs themselves."""
        return evaluation.probabilities(outputs).argmax(axis=1) if self.classes else outputs

    def notes(self) -> dict[str, Any]:
        """All but the model, as its file keeps it."""
        return {
            "columns": self.preparation.to_json(),
            "target": self.target,
            "classes": list(self.classes),
            "scale": asdict(self.scale) if self.scale else None,
            "decimal": self.decimal,
        }

    @classmethod
    def of(cls, path: Path) -> "Network":
        """What a file keeps. Raises OSError, or ValueError if it is not one that `train` wrote."""
        loaded = checkpoint.load(path)
        notes = loaded.notes
        if not {"columns", "target", "classes", "scale"} <= notes.keys():
            raise ValueError(f"{path} doesn't tell its columns: predict needs a model written by 'train'")
        scale = Standardizer(**notes["scale"]) if notes["scale"] else None
        preparation = Preparation.from_json(notes["columns"])
        return cls(loaded.model, preparation, notes["target"], notes["classes"], scale, notes.get("decimal", ""))


@dataclass(frozen=True)
class Learned:
    """A network, and how it came to be."""

    network: Network
    model: MLP
    loss: str
    optimizer: Optimizer
    history: History


def setting_of(args: argparse.Namespace) -> Setting:
    """The one that the arguments say."""
    return Setting(tuple(getattr(args, "hidden", [64] if args.data == "digits" else [16, 16])), args.lr)


def validation_split(found: Source, rows: Rows, args: argparse.Namespace) -> tuple[Rows, Rows | None]:
    """The rows to train on, and those that choose when to stop, if there are enough and stopping is wanted."""
    if not args.patience or len(rows) < FEWEST:
        return rows, None
    try:
        train, validation = data.split_rows(found.target.y[rows], bool(found.target.classes), _VALIDATION, args.seed)
    except ValueError:  # each class has so few that none can be spared
        return rows, None
    return rows[train], rows[validation]


def learn(
    found: Source,
    train: Rows,
    validation: Rows | None,
    setting: Setting,
    args: argparse.Namespace,
    film: bool = False,
) -> Learned:
    """Train a network on some rows; all that is learned, the columns' statistics too, comes from these.

    With `film` the history of a network that is not large can be played.
    """
    target, table = found.target, found.table.take(train)
    preparation = Preparation.of(table, found.columns)
    scale = None if target.classes else Standardizer.of(target.y[train], target.name)
    X = preparation.apply(table)
    n_out = len(target.classes) if len(target.classes) > 2 else 1
    model = MLP(X.shape[1], [*setting.hidden, n_out], activation=args.activation, rng=args.seed)
    optimizer = OPTIMIZERS[args.optimizer](model.parameters(), lr=setting.lr)
    loss = "mean_squared_error" if scale else "cross_entropy" if n_out > 1 else "binary_cross_entropy"
    batch_size = getattr(args, "batch_size", min(max(16, len(X) // 640), 256))
    network = Network(model, preparation, target.name, target.classes, scale, table.decimal)
    targets = network.targets(target.y)
    held_out = (
        (preparation.apply(found.table.take(validation)), targets[validation]) if validation is not None else None
    )
    steps = args.epochs * -(-len(X) // batch_size)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", training.DivergenceWarning)  # the history tells
        history = training.fit(
            model,
            X,
            targets[train],
            loss=loss,
            optimizer=optimizer,
            epochs=args.epochs,
            batch_size=batch_size,
            validation=held_out,
            patience=args.patience if held_out else None,
            schedule=schedules.cosine(steps) if args.schedule == "cosine" else None,
            rng=args.seed,
            checkpoint=args.checkpoint if film else None,  # of the one run that is kept
            film=film and len(optimizer.params) <= MOST_FILMED,
            progress=sys.stderr.isatty(),
        )
    return Learned(network, model, loss, optimizer, history)


def failed(history: History) -> bool:
    """Whether the run ended because numbers exploded."""
    return history.stopped.startswith("diverged")


def interrupted(history: History) -> bool:
    """Whether Ctrl-C ended the run."""
    return history.stopped.startswith("interrupted")
