"""L-BFGS, SciPy's: many steps at once on one batch, with the curvature learned from the gradients on the way."""

from collections.abc import Iterable
from typing import Any, Self

import numpy as np

from autograd import Recording, Value
from nn.optim.derivatives import Floats
from nn.optim.optimizer import Clip, Optimizer

_WALL = 1e10  # a loss that is not finite, in terms of the first one


class LBFGS(Optimizer):
    """The limited-memory method of Broyden, Fletcher, Goldfarb and Shanno, for losses over all rows at once.

    `minimize` runs SciPy's L-BFGS-B (Byrd et al. 1995) for up to `max_iter` iterations, until the largest derivative is
    below `tolerance_grad` or the loss changes by less than `tolerance_change`, with a memory of `history_size` steps:
    the names of `torch.optim.LBFGS`. There is no learning rate; in `fit` give a batch_size of all rows. Raises
    ModuleNotFoundError without SciPy.

    >>> from autograd import record
    >>> w = Value(3.0)
    >>> LBFGS([w]).minimize(record(lambda x: (w - x) ** 4, 0.0), [1.0, 2.0])
    8.5
    >>> round(w.data, 3)
    1.5
    """

    def __new__(cls, params: Any = (), *arguments: Any, **settings: Any) -> Self:
        made = super().__new__(cls, params, *arguments, **settings)
        if not isinstance(made, cls):
            raise ValueError("L-BFGS has no groups with settings of their own: give it all parameters in one list")
        return made

    def __init__(
        self,
        params: Iterable[Value],
        max_iter: int = 20,
        tolerance_grad: float = 1e-7,
        tolerance_change: float = 1e-9,
        history_size: int = 100,
    ) -> None:
        super().__init__(params, lr=1.0)
        self.max_iter, self.history_size = max_iter, history_size
        self.tolerance_grad, self.tolerance_change = tolerance_grad, tolerance_change

    @property
    def _remembered(self) -> Floats:
        """Nothing: each step learns the curvature anew."""
        return np.empty((0, len(self.params)))

    def _penalize(self, penalties: dict[str, Floats]) -> None:
        self._penalties = penalties

    def step(self, gradient: Floats | None = None) -> None:  # noqa: ARG002
        raise TypeError("L-BFGS computes the loss many times in a step: use minimize(loss, ...) with a recorded loss")

    def minimize(self, loss: Recording, *batch: object, threads: int = 1, clip: Clip | None = None) -> float:
        """Up to `max_iter` iterations on a batch of a recorded loss: the mean loss before them.

        Raises FloatingPointError, and changes nothing, if the loss or its gradient isn't finite where it begins.
        """
        try:
            from scipy.optimize import minimize
        except ModuleNotFoundError:
            raise ModuleNotFoundError('LBFGS needs SciPy: pip install "stepgrad[scipy]"', name="scipy") from None
        if clip is not None:
            raise ValueError("L-BFGS learns from gradients as they are: it has no use for clipping")
        before = [p.data for p in self.params]
        first: list[float] = []

        def value_and_derivatives(numbers: Floats) -> tuple[float, Floats]:
            self._set(numbers.tolist())
            try:
                mean, gradient = self._derivatives.of(loss, batch, threads)
            except FloatingPointError:
                if not first:
                    raise
                return _WALL * (1 + abs(first[0])), numbers * 0  # the line search comes back from so high a wall
            first.append(mean)
            if (l1 := self._penalties.get("l1")) is not None:
                mean, gradient = mean + float(l1 @ abs(numbers)), gradient + l1 * np.sign(numbers)
            if (l2 := self._penalties.get("l2")) is not None:
                mean, gradient = mean + float(l2 @ numbers**2) / 2, gradient + l2 * numbers
            return mean, gradient

        options: dict[str, Any] = {
            "maxiter": self.max_iter,
            "maxcor": self.history_size,
            "gtol": self.tolerance_grad,
            "ftol": self.tolerance_change,
        }
        found = before
        try:
            found = minimize(value_and_derivatives, before, method="L-BFGS-B", jac=True, options=options).x.tolist()
        finally:
            self._set(found)
        self.steps += 1
        return first[0]

    def _set(self, numbers: list[float]) -> None:
        for p, number in zip(self.params, numbers, strict=True):
            p.data = number
