"""`Module`: what owns parameters, wherever they stand in its attributes."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import numpy as np

from autograd import Value


class Module:
    """Owns parameters: every leaf Value in its attributes, also in lists, tuples, dicts, arrays and Modules among them.

    >>> class Line(Module):
    ...     def __init__(self):
    ...         self.slope, self.offset = Value(2.0), Value(1.0)
    ...     def __call__(self, x):
    ...         return self.slope * x + self.offset
    >>> Line().state_dict()
    {'slope': 2.0, 'offset': 1.0}
    """

    training = True

    def __call__(self, inputs: Any) -> Any:
        """What the module computes: subclasses say it."""
        raise NotImplementedError(f"{type(self).__name__} doesn't say what it computes: define __call__(self, inputs)")

    def named_parameters(self) -> list[tuple[str, Value]]:
        """Every parameter once, with the path to it, such as `layers.0.neurons.3.weights.1`."""
        names: dict[Value, str] = {}
        _name_parameters(self, "", names, seen=set())
        return [(name, value) for value, name in names.items()]

    def parameters(self) -> list[Value]:
        """Every parameter once."""
        return [value for _, value in self.named_parameters()]

    def modules(self) -> list["Module"]:
        """The module itself and every Module in it, once each, from the outside in."""
        found: dict[int, Module] = {}
        _collect_modules(self, found)
        return list(found.values())

    def train(self, mode: bool = True) -> "Module":
        """Let it behave as in training, which matters to `Dropout`; itself."""
        for module in self.modules():
            module.training = mode
        return self

    def eval(self) -> "Module":
        """Let it behave as in predictions: nothing is dropped; itself."""
        return self.train(False)

    def zero_grad(self) -> None:
        """Set every parameter's gradient to 0, so that the next `backward()` starts from nothing."""
        for p in self.parameters():
            p.grad = 0.0

    def state_dict(self) -> dict[str, float]:
        """The number of every parameter, by name."""
        return {name: p.data for name, p in self.named_parameters()}

    def load_state_dict(self, state: Mapping[str, float]) -> None:
        """Set every parameter from `state`. Raises KeyError, and changes nothing, unless the names are the same."""
        parameters = dict(self.named_parameters())
        if missing := sorted(parameters.keys() - state.keys()):
            raise KeyError(
                f"the state lacks {len(missing)} parameters, such as {missing[0]!r}: is it of another shape?"
            )
        if unexpected := sorted(state.keys() - parameters.keys()):
            raise KeyError(
                f"the model lacks {len(unexpected)} parameters, such as {unexpected[0]!r}: is it another shape?"
            )
        numbers = {name: float(number) for name, number in state.items()}
        for name, p in parameters.items():
            p.data = numbers[name]


@contextmanager
def evaluating(model: Module) -> Iterator[None]:
    """Within it, `model` and every Module in it behave as in predictions."""
    in_training = [module for module in model.modules() if module.training]
    for module in in_training:
        module.training = False
    try:
        yield
    finally:
        for module in in_training:
            module.training = True


def _name_parameters(owner: object, path: str, names: dict[Value, str], seen: set[int]) -> None:
    """Add the parameters in `owner` to `names`. `seen`: the ids of the Modules met before, which may hold it."""
    members: Iterable[tuple[object, object]]
    match owner:
        case Value():
            if owner.requires_grad and owner.is_leaf:
                names.setdefault(owner, path)
            return
        case Module() if id(owner) not in seen:
            seen.add(id(owner))
            members = vars(owner).items()
        case Mapping():
            members = owner.items()
        case list() | tuple():
            members = enumerate(owner)
        case np.ndarray(dtype=np.dtypes.ObjectDType()):
            members = enumerate(owner)
        case _:
            return
    for key, member in members:
        _name_parameters(member, f"{path}.{key}" if path else str(key), names, seen)


def _collect_modules(owner: object, found: dict[int, Module]) -> None:
    """Add the Modules in `owner` to `found`, by their ids."""
    members: Iterable[object]
    match owner:
        case Value() | str() | float() | None:  # most of what there is
            return
        case Module() if id(owner) not in found:
            found[id(owner)] = owner
            members = vars(owner).values()
        case Mapping():
            members = owner.values()
        case list() | tuple() if not isinstance(next(iter(owner), None), Value | float):  # a layer's many weights
            members = owner
        case _:
            return
    for member in members:
        _collect_modules(member, found)
