"""Dropout in a recording: what is dropped are numbers beside each row's inputs, drawn anew for every batch."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import numpy as np

from autograd import no_grad
from nn.modules import Dropout, Module
from nn.training.rows import Floats


class Dropping:
    """The factors that a model's `Dropout`s take for one row, `count` of them, in the order in which they take them."""

    def __init__(self, model: Module, row: Sequence[float]) -> None:
        self._modules = [m for m in model.modules() if isinstance(m, Dropout) and m.p]
        probabilities: list[float] = []
        if self._modules:

            def kept(p: float) -> float:
                probabilities.append(p)
                return 1.0

            with no_grad(), self._factors_from(kept):
                model(row)
        self.count = len(probabilities)
        self._p = np.array(probabilities)

    @contextmanager
    def given(self, factors: Sequence[Any]) -> Iterator[None]:
        """Within it, the model takes these."""
        following = iter(factors)
        with self._factors_from(lambda _p: next(following)):
            yield

    def drawn(self, rows: int, seed: int) -> Floats:
        """Factors for so many rows: an array of rows x `count`."""
        kept = np.random.default_rng(seed).random((rows, self.count)) >= self._p
        return np.asarray(kept / (1 - self._p))

    @contextmanager
    def _factors_from(self, factor: Callable[[float], Any]) -> Iterator[None]:
        before = [m.factor for m in self._modules]
        for m in self._modules:
            m.factor = factor
        try:
            yield
        finally:
            for m, own in zip(self._modules, before, strict=True):
                m.factor = own
