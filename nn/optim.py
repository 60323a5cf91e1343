"""Gradient descent and its refinements: new weight = old weight - learning rate x gradient.

The meanings and defaults are those of `torch.optim`. An update rule is a scalar function of one parameter. It is
recorded, and replayed with the parameters as the rows of its batch.
"""

from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from autograd import Recording, Update, Value, sqrt

State: TypeAlias = dict[str, list[float] | float]
Numbers: TypeAlias = tuple[Value, ...]


class Optimizer:
    """Changes parameters against their gradients; the optimisers below say how.

    `lr` is the learning rate, and may be set between steps. An optimiser is a `rule`, the names of what the rule
    remembers of each parameter (`memory`), and its `settings`. Raises ValueError for no parameters, constants, inner
    nodes of a graph, or a setting out of its range.
    """

    memory: tuple[str, ...] = ()  # all 0 at first

    def __init__(self, params: Iterable[Value], lr: float) -> None:
        self.params = list(dict.fromkeys(params))
        if not self.params:
            raise ValueError("there are no parameters to optimise")
        for p in self.params:
            if not (p.is_leaf and p.requires_grad):
                raise ValueError(f"only leaves that require a gradient can be optimised; got {p!r}")
        _check(lr=lr >= 0)
        self.lr = lr
        self.steps = 0
        self._numbers: tuple[float, ...] = ()  # of the settings now

    def settings(self) -> tuple[float, ...]:
        """The numbers of the rule that change from step to step. `steps` is the number of this step, from 1."""
        return (self.lr,)

    def rule(self, p: Value, gradient: Value, remembered: Numbers, settings: Numbers) -> Sequence[Value]:
        """The new parameter, and what is to be remembered of it."""
        raise NotImplementedError

    def step(self, gradient: NDArray[np.float64] | None = None) -> None:
        """Update every parameter once, by its `.grad`, or by `gradient`: an array in the order of `params`.

        Raises FloatingPointError, and changes nothing, if a number became infinite or nan by a `gradient`.
        """
        given = gradient is not None
        if gradient is None:
            gradient = np.array([p.grad for p in self.params])
        self._begin_step()
        try:
            self._update.apply(gradient, only_finite=given)
        except FloatingPointError:
            self.steps -= 1
            raise

    def minimize(self, loss: Recording, *batch: object) -> float:
        """A whole step, forward, backward and update, on a batch of a recorded loss: the mean loss before it.

        It touches no `.grad`. Raises FloatingPointError, and changes nothing, if a number is not finite. Threads may
        step at the same time, but only with optimisers that share no parameters.

        >>> from autograd import record
        >>> w = Value(3.0)
        >>> SGD([w], lr=0.25).minimize(record(lambda x: (w - x) ** 2, 0.0), [1.0, 2.0])
        2.5
        >>> w.data
        2.25
        """
        self._begin_step()
        try:
            return self._update.take(loss, batch)
        except BaseException:
            self.steps -= 1
            raise

    def zero_grad(self) -> None:
        """Set every parameter's gradient to 0."""
        for p in self.params:
            p.grad = 0.0

    def state_dict(self) -> State:
        """The learning rate, the number of steps, and for each memory the list of what is remembered."""
        memories = zip(self.memory, self._update.remembered.tolist(), strict=True)
        return {"lr": self.lr, "steps": float(self.steps), **dict(memories)}

    def load_state_dict(self, state: Mapping[str, Sequence[float] | float]) -> None:
        """Go on from the `state_dict()` of an optimiser of this kind and size; raises ValueError for another."""
        expected = {"lr", "steps", *self.memory}
        if state.keys() != expected:
            raise ValueError(f"the state of {type(self).__name__} has {sorted(expected)}; got {sorted(state)}")
        columns = [[float(x) for x in state[name]] for name in self.memory]  # type: ignore[union-attr]
        for column in columns:
            if len(column) != len(self.params):
                raise ValueError(f"the state is of {len(column)} parameters; this optimiser has {len(self.params)}")
        self.lr, self.steps = float(state["lr"]), int(state["steps"])  # type: ignore[arg-type]
        for remembered, column in zip(self._update.remembered, columns, strict=True):
            remembered[:] = column

    @cached_property
    def _update(self) -> Update:
        return Update(self.params, lambda p, g, *m: self.rule(p, g, m, self._settings), len(self.memory))

    @cached_property
    def _settings(self) -> Numbers:
        return tuple([Value(0.0) for _ in self.settings()])

    def _begin_step(self) -> None:
        self.steps += 1
        numbers = self.settings()
        if numbers != self._numbers:
            self._numbers = numbers
            for setting, number in zip(self._settings, numbers, strict=True):
                setting.data = number

    def __repr__(self) -> str:
        return f"{type(self).__name__}(lr={self.lr:g}, {len(self.params)} parameters)"


class SGD(Optimizer):
    """Stochastic gradient descent, with momentum (Sutskever et al. 2013, as in PyTorch), Nesterov's if asked.

    >>> w = Value(3.0)
    >>> optimizer = SGD([w], lr=0.25)
    >>> (w * w).backward()
    >>> optimizer.step()
    >>> w.data
    1.5
    """

    def __init__(
        self,
        params: Iterable[Value],
        lr: float = 1e-3,
        momentum: float = 0.0,
        dampening: float = 0.0,
        weight_decay: float = 0.0,
        nesterov: bool = False,
    ) -> None:
        super().__init__(params, lr)
        _check(momentum=momentum >= 0, weight_decay=weight_decay >= 0)
        if nesterov and (momentum == 0 or dampening != 0):
            raise ValueError("nesterov needs a momentum above 0 and no dampening")
        self.momentum, self.dampening, self.weight_decay, self.nesterov = momentum, dampening, weight_decay, nesterov
        self.memory = ("velocity",) if momentum else ()

    def settings(self) -> tuple[float, ...]:
        if not self.momentum:
            return (self.lr,)
        undampened = self.dampening == 0 or self.steps <= 1  # the first gradient starts the velocity
        return (self.lr, 1.0 if undampened else 1 - self.dampening)

    def rule(self, p: Value, gradient: Value, remembered: Numbers, settings: Numbers) -> Sequence[Value]:
        if self.weight_decay:
            gradient = gradient + self.weight_decay * p
        if not self.momentum:
            (lr,) = settings
            return [p - lr * gradient]
        (velocity,), (lr, share) = remembered, settings
        velocity = self.momentum * velocity + share * gradient
        direction = gradient + self.momentum * velocity if self.nesterov else velocity
        return [p - lr * direction, velocity]


class Adam(Optimizer):
    """Steps scaled by running moments of the gradient (Kingma and Ba 2015, algorithm 1); weight decay is an L2 penalty.

    >>> w = Value(3.0)
    >>> optimizer = Adam([w], lr=0.1)
    >>> (w * w).backward()
    >>> optimizer.step()
    >>> round(w.data, 6)
    2.9
    """

    memory = ("mean", "square")

    def __init__(
        self,
        params: Iterable[Value],
        lr: float = 1e-3,
        betas: tuple[float, float] = (0.9, 0.999),
        eps: float = 1e-8,
        weight_decay: float = 0.0,
    ) -> None:
        super().__init__(params, lr)
        _check(betas=all(0 <= beta < 1 for beta in betas), eps=eps > 0, weight_decay=weight_decay >= 0)
        self.betas, self.eps, self.weight_decay = betas, eps, weight_decay

    def settings(self) -> tuple[float, ...]:
        return (self.lr, *[1 - beta**self.steps for beta in self.betas])  # the moments' biases

    def rule(self, p: Value, gradient: Value, remembered: Numbers, settings: Numbers) -> Sequence[Value]:
        if self.weight_decay:
            gradient = gradient + self.weight_decay * p
        return self._moments_step(p, gradient, remembered, settings)

    def _moments_step(self, p: Value, gradient: Value, remembered: Numbers, settings: Numbers) -> Sequence[Value]:
        (mean, square), (lr, mean_bias, square_bias), (beta1, beta2) = remembered, settings, self.betas
        mean = beta1 * mean + (1 - beta1) * gradient
        square = beta2 * square + (1 - beta2) * gradient * gradient
        scale = sqrt(square_bias)  # in the order that the paper finds more efficient, at the end of its section 2
        return [p - (lr * scale / mean_bias) * mean / (sqrt(square) + self.eps * scale), mean, square]


class AdamW(Adam):
    """Adam with the weight decay beside the gradient, not in it (Loshchilov and Hutter 2019, algorithm 2)."""

    def __init__(
        self,
        params: Iterable[Value],
        lr: float = 1e-3,
        betas: tuple[float, float] = (0.9, 0.999),
        eps: float = 1e-8,
        weight_decay: float = 1e-2,
    ) -> None:
        super().__init__(params, lr, betas, eps, weight_decay)

    def rule(self, p: Value, gradient: Value, remembered: Numbers, settings: Numbers) -> Sequence[Value]:
        lr = settings[0]
        return self._moments_step(p - lr * self.weight_decay * p, gradient, remembered, settings)


def _check(**settings: bool) -> None:
    for name, in_range in settings.items():
        if not in_range:
            raise ValueError(f"{name} is out of its range: rates and decays are at least 0, betas below 1, eps above 0")
