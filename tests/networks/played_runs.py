"""Runs that tests of the train player share."""

from typing import Any

import numpy as np
import pytest
from pages import OpenPage

from nn import MLP, DivergenceWarning, History, Module, data, fit, optim

MOONS = data.moons(40, rng=0)
LINE = (np.linspace(-1, 1, 20)[:, None], np.linspace(-1, 1, 20) ** 2)


def run(model: Module | None = None, X: Any = MOONS.X, y: Any = MOONS.y, lr: float = 0.1, **settings: Any) -> History:
    model = model or MLP(2, [4, 1], activation="tanh", rng=0)
    optimizer = optim.SGD(model.parameters(), lr)
    settings = {"loss": "binary_cross_entropy", "epochs": 5, "film": True, "progress": False, **settings}
    return fit(model, X, y, optimizer=optimizer, **settings)


def line(**settings: Any) -> History:
    return run(MLP(1, [4, 1], activation="tanh", rng=0), *LINE, loss="mean_squared_error", **settings)


def diverged() -> History:
    """It ends early: from the third epoch on the learning rate is absurd."""
    with pytest.warns(DivergenceWarning):
        return line(epochs=6, batch_size=20, schedule=lambda step: 1e200 if step > 1 else 1.0)


class Live(OpenPage):
    """A page that trains; it waits for what the worker tells."""

    def loss(self) -> float:
        return float(self.page.inner_text("#sentence strong >> nth=0"))

    def wait_for_epoch(self, epoch: int) -> None:
        self.wait(f"lab.training && lab.epoch >= {epoch} && !lab.reports && !lab.stale")

    def wait(self, condition: str) -> None:
        """Until it holds: the page's policy forbids Playwright's own way."""
        for _ in range(400):
            if self.page.evaluate(condition):
                return
            self.page.wait_for_timeout(25)
        raise AssertionError(f"{condition} never came true")
