"""Gradient descent and its refinements: new weight = old weight - learning rate x gradient.

The meanings and defaults are those of `torch.optim`. An update rule is a scalar function of one parameter, its gradient
and what the optimiser remembers about it, and works on floats as on Values.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import ClassVar, TypeAlias

from autograd import Value

State: TypeAlias = dict[str, list[float] | float]


class Optimizer:
    """Changes parameters against their gradients; the optimisers below say how.

    `lr` is the learning rate, and may be set between steps. Raises ValueError for no parameters, constants, inner nodes
    of a graph, or a setting out of its range.
    """

    memory: ClassVar[tuple[str, ...]] = ()  # what the rule remembers for each parameter; starts at 0

    def __init__(self, params: Iterable[Value], lr: float) -> None:
        self.params = list(params)
        if not self.params:
            raise ValueError("there are no parameters to optimise")
        for p in self.params:
            if not (p.is_leaf and p.requires_grad):
                raise ValueError(f"only leaves that require a gradient can be optimised; got {p!r}")
        _check(lr=lr >= 0)
        self.lr = lr
        self.steps = 0
        self.remembered: list[tuple[float, ...]] = [(0.0,) * len(self.memory)] * len(self.params)

    def rule(self, p: float, gradient: float, *remembered: float) -> tuple[float, ...]:
        """The new parameter, and what is remembered of it, after one step. `steps` is the number of this step."""
        raise NotImplementedError

    def step(self) -> None:
        """Update every parameter once, by its `.grad`."""
        self.steps += 1
        for i, p in enumerate(self.params):
            p.data, *remembered = self.rule(p.data, p.grad, *self.remembered[i])
            self.remembered[i] = tuple(remembered)

    def zero_grad(self) -> None:
        """Set every parameter's gradient to 0."""
        for p in self.params:
            p.grad = 0.0

    def state_dict(self) -> State:
        """The learning rate, the number of steps, and for each memory the list of what is remembered."""
        columns = zip(*self.remembered, strict=True) if self.memory else ()
        memories = {name: list(column) for name, column in zip(self.memory, columns, strict=True)}
        return {"lr": self.lr, "steps": float(self.steps), **memories}

    def load_state_dict(self, state: Mapping[str, Sequence[float] | float]) -> None:
        """Go on from the `state_dict()` of an optimiser of this kind and size; raises ValueError for another."""
        expected = {"lr", "steps", *self.memory}
        if state.keys() != expected:
            raise ValueError(f"the state of {type(self).__name__} has {sorted(expected)}; got {sorted(state)}")
        columns = [[float(x) for x in state[name]] for name in self.memory]  # type: ignore[union-attr]
        if any(len(column) != len(self.params) for column in columns):
            raise ValueError(f"the state is of {len(columns[0])} parameters; this optimiser has {len(self.params)}")
        self.lr, self.steps = float(state["lr"]), int(state["steps"])  # type: ignore[arg-type]
        if self.memory:
            self.remembered = list(zip(*columns, strict=True))

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

    memory = ("momentum",)

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

    def rule(self, p: float, gradient: float, *remembered: float) -> tuple[float, ...]:
        (velocity,) = remembered
        gradient = gradient + self.weight_decay * p
        # the first gradient starts the velocity undampened
        velocity = gradient if self.steps == 1 else self.momentum * velocity + (1 - self.dampening) * gradient
        if self.momentum == 0:
            direction = gradient
        elif self.nesterov:
            direction = gradient + self.momentum * velocity
        else:
            direction = velocity
        return p - self.lr * direction, velocity


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

    def rule(self, p: float, gradient: float, *remembered: float) -> tuple[float, ...]:
        return self._moments_step(p, gradient + self.weight_decay * p, *remembered)

    def _moments_step(self, p: float, gradient: float, mean: float, square: float) -> tuple[float, ...]:
        beta1, beta2 = self.betas
        mean = beta1 * mean + (1 - beta1) * gradient
        square = beta2 * square + (1 - beta2) * gradient * gradient
        unbiased_mean = mean / (1 - beta1**self.steps)
        unbiased_square = square / (1 - beta2**self.steps)
        return p - self.lr * unbiased_mean / (unbiased_square**0.5 + self.eps), mean, square


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

    def rule(self, p: float, gradient: float, *remembered: float) -> tuple[float, ...]:
        return self._moments_step(p - self.lr * self.weight_decay * p, gradient, *remembered)


def _check(**settings: bool) -> None:
    for name, in_range in settings.items():
        if not in_range:
            raise ValueError(f"{name} is out of its range: rates and decays are at least 0, betas below 1, eps above 0")
