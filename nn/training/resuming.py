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

        Raises ValueError, and changes nothing, if it is a run on other data, or with other settings; OSError if none
        could be kept.
        """
        if not self._path.exists():
            check_writable(self._path.parent)
            return
        before, rates = self._model.state_dict(), self._optimizer.rates
        remembered = self._optimizer.state_dict()
        found = checkpoint.load(self._path, into=self._model)
        run: Any = found.notes.get("run")
        try:
            other = "a model alone" if run is None else _differences(run["about"], self._about)
            if not other:
                self._optimizer.load_state_dict(found.optimizer_state)
                if rates not in (run["base_rates"], self._optimizer.rates):  # as it began, or as it is now
                    other = f"learning rate {_listed(run['base_rates'])}, not {_listed(rates)}"
            if other:
                raise ValueError(f"{self._path} is of another run: {other}; give another file, or delete it")
        except ValueError:
            self._model.load_state_dict(before)
            self._optimizer.load_state_dict(remembered)
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


def _differences(theirs: dict[str, Any], ours: dict[str, Any]) -> str:
    """What two runs don't have in common, in words; empty if that is nothing."""
    different = [name for name in ours if theirs.get(name, ours[name]) != ours[name]]
    if different and set(different) <= {"data", "validation"}:
        return "its rows or targets have other numbers"
    return ", ".join(f"{k}={theirs[k]}, not {ours[k]}" for k in different if k not in ("data", "validation"))


def _listed(rates: list[float]) -> str:
    return " and ".join(f"{rate:g}" for rate in rates)
