"""A run on disk: what a killed training goes on from, to the last bit."""

import time
from pathlib import Path
from typing import Any

from autograd.environment import check_writable
from nn import checkpoint
from nn.modules import Module
from nn.optim import Optimizer
from nn.training.epochs import Progress
from nn.training.history import History

EVERY = 1.0  # seconds between two writings, for epochs that are shorter


class Resumable:
    """Keeps a run in a file of `nn.save`, from which `nn.load` also takes the model as it was.

    `about` says what the run is; a file of another run is refused.
    """

    def __init__(self, path: str | Path, model: Module, optimizer: Optimizer, about: dict[str, Any]) -> None:
        self._path, self._model, self._optimizer, self._about = Path(path), model, optimizer, about
        self._written = time.monotonic()

    def take_up(self, progress: Progress) -> None:
        """Let `progress`, the model and the optimiser be as the run in the file left them, if there is one.

        Raises ValueError, and changes nothing, if it is a run of another number of rows, loss, batch size or shape;
        OSError if none could be kept.
        """
        if not self._path.exists():
            check_writable(self._path.parent)
            return
        before = self._model.state_dict()
        found = checkpoint.load(self._path, into=self._model)
        run = found.notes.get("run")
        try:
            if run is None or run["about"] != self._about:
                others = "a model alone" if run is None else ", ".join(f"{k}={v}" for k, v in run["about"].items())
                ours = ", ".join(f"{k}={v}" for k, v in self._about.items())
                raise ValueError(
                    f"{self._path} is of another run: {others}, not {ours}; give another file, or delete it"
                )
            self._optimizer.load_state_dict(found.optimizer_state)
        except ValueError:
            self._model.load_state_dict(before)
            raise
        version, numbers, gauss = run["generator"]
        progress.generator.setstate((version, tuple(numbers), gauss))
        progress.best, progress.best_epoch, progress.base_rates = run["best"], run["best_epoch"], run["base_rates"]
        progress.step, progress.first_loss = run["step"], run["first_loss"]
        progress.history = History(**run["history"])

    def keep(self, progress: Progress, last: bool = False) -> None:
        """Write where the run is, between two epochs: at once if it is the `last`, else if some time has passed."""
        if not last and time.monotonic() - self._written < EVERY:
            return
        history = progress.history
        run = {
            "about": self._about,
            "generator": progress.generator.getstate(),
            "best": progress.best,
            "best_epoch": progress.best_epoch,
            "base_rates": progress.base_rates,
            "step": progress.step,
            "first_loss": progress.first_loss,
            "history": history.numbers(),
        }
        checkpoint.save(self._path, self._model, self._optimizer, notes={"run": run})
        self._written = time.monotonic()
