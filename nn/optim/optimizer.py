"""What every optimiser does: whole steps on batches, steps by the gradients that are there, and what it remembers."""

import math
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from functools import cached_property
from inspect import signature
from itertools import accumulate, pairwise
from typing import Any, Self, TypeAlias

import numpy as np

from autograd import Recording, Update, Value, sign
from nn.optim.derivatives import Derivatives, Floats

State: TypeAlias = dict[str, list[float] | float]
Numbers: TypeAlias = tuple[Value, ...]
Clip: TypeAlias = Callable[[Floats], Floats]


class Optimizer:
    """Changes parameters against their gradients; the optimisers below say how.

    `lr` is the learning rate, and may be set between steps. An optimiser is a `rule`, the names of what the rule
    remembers of each parameter (`memory`), and its `settings`. Parameters may come in groups with settings of their
    own, as in PyTorch: `SGD([{"params": first, "lr": 0.01}, {"params": others}], lr=0.1)`. Raises ValueError for no
    parameters, constants, inner nodes of a graph, or a setting out of its range.
    """

    memory: tuple[str, ...] = ()  # all 0 at first

    def __new__(cls, params: Any = (), *arguments: Any, **settings: Any) -> Self:
        if isinstance(params, list | tuple) and params and all(isinstance(group, Mapping) for group in params):
            _, _, *names = signature(cls.__init__).parameters
            for_all = dict(zip(names, arguments, strict=False)) | settings
            return Groups([cls(**{**for_all, **group}) for group in params])  # type: ignore[return-value]
        return super().__new__(cls)

    def __init__(self, params: Iterable[Value], lr: float) -> None:
        if not isinstance(params, Iterable):
            raise TypeError(f"an optimiser is given parameters, such as model.parameters(); got {params!r}")
        self.params = list(dict.fromkeys(params))
        if not self.params:
            raise ValueError("there are no parameters to optimise")
        for p in self.params:
            if not (p.is_leaf and p.requires_grad):
                raise ValueError(f"only leaves that require a gradient can be optimised; got {p!r}")
        self.lr = lr
        self.steps = 0
        self._numbers: tuple[float, ...] = ()  # of the settings now
        self._penalties: dict[str, Floats] = {}

    @property
    def lr(self) -> float:
        """The learning rate; a Value, as in a rule that is recorded, is taken as it is.

        Raises ValueError where it is set to a number below 0, or to one that is not finite.
        """
        return self._lr

    @lr.setter
    def lr(self, rate: float) -> None:
        if not isinstance(rate, Value):
            check_settings(lr=math.isfinite(rate) and rate >= 0)
        self._lr = rate

    @property
    def rates(self) -> list[float]:
        """The learning rate of each group of parameters: here of the only one."""
        return [self.lr]

    @rates.setter
    def rates(self, rates: Sequence[float]) -> None:
        (self.lr,) = rates

    def settings(self) -> tuple[float, ...]:
        """The numbers of the rule that change from step to step. `steps` is the number of this step, from 1."""
        return (self.lr,)

    def rule(self, p: Value, gradient: Value, remembered: Numbers, settings: Numbers) -> Sequence[Value]:
        """The new parameter, and what is to be remembered of it."""
        raise NotImplementedError

    def step(self, gradient: Floats | None = None) -> None:
        """Update every parameter once, by its `.grad`, or by `gradient`: an array in the order of `params`.

        Raises FloatingPointError, and changes nothing, if a number became infinite or nan by a `gradient`.
        """
        self._begin_step()
        if gradient is None:
            self._update.apply(np.array([p.grad for p in self.params]))
            return
        try:
            self._update.become(self._update.following(gradient, only_finite=True))
        except FloatingPointError:
            self.steps -= 1
            raise

    def minimize(self, loss: Recording, *batch: object, threads: int = 1, clip: Clip | None = None) -> float:
        """A whole step, forward, backward and update, on a batch of a recorded loss: the mean loss before it.

        It touches no `.grad`. `clip` makes of the derivatives, an array in the order of the parameters, those to go by:
        `clip_by_norm(1.0)`, say. With `threads` the rows are divided among so many threads. Raises FloatingPointError,
        and changes nothing, if a number is not finite, and ValueError if none of the parameters is in the loss. Threads
        may step at the same time, but only with optimisers that share no parameters.

        >>> from autograd import record
        >>> from nn.optim import SGD
        >>> w = Value(3.0)
        >>> SGD([w], lr=0.25).minimize(record(lambda x: (w - x) ** 2, 0.0), [1.0, 2.0])
        2.5
        >>> w.data
        2.25
        """
        if clip is not None:
            mean, gradient = self._derivatives.of(loss, batch, threads)
            self.step(clip(gradient))
            return mean
        self._begin_step()
        try:
            return self._update.take(loss, batch, threads)
        except BaseException:
            self.steps -= 1
            raise

    def zero_grad(self) -> None:
        """Set every parameter's gradient to 0."""
        for p in self.params:
            p.grad = 0.0

    def state_dict(self) -> State:
        """The learning rate, the number of steps, and for each memory the list of what is remembered."""
        memories = zip(self.memory, self._remembered.tolist(), strict=True)
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
        for remembered, column in zip(self._remembered, columns, strict=True):
            remembered[:] = column

    @contextmanager
    def penalized(self, l1: Floats, l2: Floats) -> Iterator[None]:
        """Within it, l1 * sign(p) + l2 * p is added to each parameter's derivative p: arrays, in their order.

        They are the gradients of the penalties l1 * |p| and l2 / 2 * p^2. Clipping comes before them.
        """
        self._penalize({name: x for name, x in (("l1", l1), ("l2", l2)) if x.any()})
        try:
            yield
        finally:
            self._penalize({})

    def _penalize(self, penalties: dict[str, Floats]) -> None:
        remembered = self._remembered.copy()
        self._penalties = penalties
        del self._update
        self._remembered[:] = remembered
        for column, penalty in zip(self._update.remembered[len(self.memory) :], penalties.values(), strict=True):
            column[:] = penalty

    @property
    def _remembered(self) -> Floats:
        """What the rule remembers: memories x parameters."""
        return self._update.remembered[: len(self.memory)]

    @cached_property
    def _update(self) -> Update:
        n = len(self.memory)

        def penalized(p: Value, gradient: Value, *remembered: Value) -> list[Value]:
            penalties = dict(zip(self._penalties, remembered[n:], strict=True))  # constants, beside what is the rule's
            if "l1" in penalties:
                gradient = gradient + penalties["l1"] * sign(p)
            if "l2" in penalties:
                gradient = gradient + penalties["l2"] * p
            return [*self.rule(p, gradient, remembered[:n], self._settings), *penalties.values()]

        return Update(self.params, penalized, n + len(self._penalties))

    @cached_property
    def _derivatives(self) -> Derivatives:
        return Derivatives(self.params)

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
        count = len(self.params)
        return f"{type(self).__name__}(lr={self.lr:g}, {count} parameter{'s' * (count != 1)})"


class Groups(Optimizer):
    """Several optimisers that step together: what `SGD([{"params": ...}, ...])` makes, or of different kinds.

    `lr` is the rate of the first; to set it sets the rates of all, and `rates` are those of each. Raises ValueError if
    two have a parameter in common.

    >>> from autograd import Value
    >>> from nn.optim import SGD
    >>> slow, fast = Value(1.0), Value(1.0)
    >>> optimizer = SGD([{"params": [slow], "lr": 0.01}, {"params": [fast]}], lr=0.1)
    >>> (slow + fast).backward()
    >>> optimizer.step()
    >>> slow.data, fast.data
    (0.99, 0.9)
    """

    def __init__(self, groups: Sequence[Optimizer]) -> None:
        self.groups = list(groups)
        self.params = [p for group in self.groups for p in group.params]
        if len(set(self.params)) < len(self.params):
            raise ValueError("a parameter is in two groups, but a step changes each once")
        self._ends = list(accumulate((len(group.params) for group in self.groups), initial=0))

    @property
    def lr(self) -> float:
        return self.groups[0].lr

    @lr.setter
    def lr(self, rate: float) -> None:
        self.rates = [rate] * len(self.groups)

    @property
    def rates(self) -> list[float]:
        return [group.lr for group in self.groups]

    @rates.setter
    def rates(self, rates: Sequence[float]) -> None:
        for group, rate in zip(self.groups, rates, strict=True):
            group.lr = rate

    def step(self, gradient: Floats | None = None) -> None:
        if gradient is None:
            for group in self.groups:
                group.step()
        else:
            self._step_by(gradient)

    @contextmanager
    def penalized(self, l1: Floats, l2: Floats) -> Iterator[None]:
        with ExitStack() as stack:
            for group, (start, end) in zip(self.groups, pairwise(self._ends), strict=True):
                stack.enter_context(group.penalized(l1[start:end], l2[start:end]))
            yield

    def minimize(self, loss: Recording, *batch: object, threads: int = 1, clip: Clip | None = None) -> float:
        mean, gradient = self._derivatives.of(loss, batch, threads)
        self.step(clip(gradient) if clip else gradient)
        return mean

    def _step_by(self, gradient: Floats) -> None:
        for group in self.groups:
            group._begin_step()
        parts = [gradient[start:end] for start, end in pairwise(self._ends)]
        try:
            states = [g._update.following(part, only_finite=True) for g, part in zip(self.groups, parts, strict=True)]
        except BaseException:
            for group in self.groups:
                group.steps -= 1
            raise
        for group, state in zip(self.groups, states, strict=True):
            group._update.become(state)

    def state_dict(self) -> State:
        return {f"{i}.{name}": x for i, g in enumerate(self.groups) for name, x in g.state_dict().items()}

    def load_state_dict(self, state: Mapping[str, Sequence[float] | float]) -> None:
        own: list[State] = [{} for _ in self.groups]
        for name, numbers in state.items():
            number, _, rest = name.partition(".")
            if not (number.isdigit() and int(number) < len(own)):
                raise ValueError(f"the state of {len(own)} groups has names such as '0.lr'; got {name!r}")
            own[int(number)][rest] = numbers  # type: ignore[assignment]
        before = [group.state_dict() for group in self.groups]
        try:
            for group, part in zip(self.groups, own, strict=True):
                group.load_state_dict(part)
        except ValueError:
            for group, part in zip(self.groups, before, strict=True):
                group.load_state_dict(part)
            raise

    def __repr__(self) -> str:
        return f"Groups({', '.join(map(repr, self.groups))})"


def check_settings(**settings: bool) -> None:
    for name, in_range in settings.items():
        if not in_range:
            raise ValueError(f"{name} is out of its range: rates and decays are at least 0, betas below 1, eps above 0")
