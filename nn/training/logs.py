"""What happens in a run, written as it happens: for `fit(..., on_epoch=...)`."""

import csv
from collections.abc import Callable
from pathlib import Path
from typing import TypeAlias

from nn.training.history import History

OnEpoch: TypeAlias = Callable[[History], object]


def log_to_csv(path: str | Path) -> OnEpoch:
    """A table with a line for each epoch: its number, losses and learning rate, there to read while the run goes on.

    Of a run that goes on from a checkpoint all epochs are written anew: a killed one may have logged more than it kept.

    >>> import tempfile
    >>> from nn import MLP, data, fit
    >>> moons, model = data.moons(20), MLP(2, [1], rng=0)
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     log = log_to_csv(f"{folder}/log.csv")
    ...     history = fit(model, moons.X, moons.y, loss="focal", epochs=2, on_epoch=log, progress=False)
    ...     print(Path(f"{folder}/log.csv").read_text().splitlines()[0])
    epoch,loss,learning_rate
    """

    written = 0

    def write(history: History) -> None:
        nonlocal written
        columns, epochs = _columns(history), len(history.loss)
        begun = written if written < epochs else 0
        with Path(path).open("a" if begun else "w", newline="") as file:
            table = csv.writer(file, lineterminator="\n")
            if not begun:
                table.writerow(["epoch", *columns])
            table.writerows([i + 1, *[column[i] for column in columns.values()]] for i in range(begun, epochs))
        written = epochs

    return write


def log_to_tensorboard(folder: str | Path) -> OnEpoch:
    """Curves of the losses and the learning rate that `tensorboard --logdir FOLDER` shows while the run goes on.

    Raises ModuleNotFoundError without tensorboardX.
    """
    try:
        from tensorboardX import SummaryWriter
    except ModuleNotFoundError:
        raise ModuleNotFoundError(
            'log_to_tensorboard needs tensorboardX: pip install "stepgrad[tensorboard]"', name="tensorboardX"
        ) from None
    writer = SummaryWriter(str(folder), flush_secs=1)

    def write(history: History) -> None:
        for name, column in _columns(history).items():
            writer.add_scalar(name, column[-1], len(history.loss))

    return write


def _columns(history: History) -> dict[str, list[float]]:
    """What there is a number of for each epoch."""
    columns = {
        "loss": history.loss,
        "validation_loss": history.validation_loss,
        "learning_rate": history.learning_rate,
    }
    return {name: column for name, column in columns.items() if len(column) == len(history.loss)}
