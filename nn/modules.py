"""Neurons, layers and multi-layer perceptrons: modules own parameters and compute with them, scalar by scalar."""

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from operator import methodcaller, pos
from random import Random
from typing import Any, SupportsFloat, SupportsIndex, TypeAlias

import numpy as np

from autograd import Value, dot
from autograd.ops import TABLE

Seed: TypeAlias = int | Random | None
Inputs: TypeAlias = Iterable[Value | SupportsFloat] | Value
Output: TypeAlias = Value | list[Value]


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


class Neuron(Module):
    """A weighted sum of its inputs and a bias, through an activation.

    `activation` is the name of a function of one operand from the table of derivatives (`"relu"`, `"tanh"`, ...), or
    `"linear"` for none. `rng` is a seed or a `random.Random`. The bias starts at 0; weights are drawn uniformly, for
    relu and softplus with the variance 2 / n_in (He et al. 2015, "Delving deep into rectifiers", section 2.2), else
    2 / (n_in + n_out) (Glorot and Bengio 2010, "Understanding the difficulty of training deep feedforward neural
    networks", equation 16); `n_out` is the width of the layer that the neuron is part of.

    >>> neuron = Neuron(2, activation="tanh", rng=0)
    >>> [p.label for p in neuron.parameters()]
    ['w0', 'w1', 'b']
    >>> y = neuron([1.0, -2.0])    # a Value
    """

    def __init__(
        self, n_in: SupportsIndex, activation: str = "relu", rng: Seed = None, n_out: SupportsIndex = 1
    ) -> None:
        n_in, n_out = _width(n_in, "n_in"), _width(n_out, "n_out")
        self.activation = activation
        self._activate = _activation(activation)
        uniform = _generator(rng).uniform
        limit = math.sqrt(6 / n_in if activation in ("relu", "softplus") else 6 / (n_in + n_out))
        self.weights = [Value(uniform(-limit, limit), label=f"w{i}") for i in range(n_in)]
        self.bias = Value(0.0, label="b")

    def __call__(self, inputs: Inputs) -> Value:
        """The activation for `inputs`, `n_in` numbers or Values. Raises ValueError for another number of them."""
        return self._fire(_labelled(inputs))

    def _fire(self, inputs: Sequence[Value]) -> Value:
        if len(inputs) != len(self.weights):
            raise ValueError(f"expected {len(self.weights)} inputs, got {len(inputs)}")
        return self._activate(dot(self.weights, inputs, self.bias))

    def __repr__(self) -> str:
        return f"Neuron({len(self.weights)}, activation={self.activation!r})"


class Layer(Module):
    """`n_out` neurons with the same `n_in` inputs; a call gives a list of `n_out` Values, or the Value if it is one."""

    def __init__(self, n_in: SupportsIndex, n_out: SupportsIndex, activation: str = "relu", rng: Seed = None) -> None:
        n_out, rng = _width(n_out, "n_out"), _generator(rng)
        self.neurons = [Neuron(n_in, activation, rng, n_out) for _ in range(n_out)]
        _prefix_labels(self.neurons)

    def __call__(self, inputs: Inputs) -> Output:
        inputs = _labelled(inputs)
        outputs = [neuron._fire(inputs) for neuron in self.neurons]
        return outputs[0] if len(outputs) == 1 else outputs

    def __repr__(self) -> str:
        return f"Layer of {len(self.neurons)} x {self.neurons[0]!r}"


class MLP(Module):
    """A multi-layer perceptron: `n_in` inputs and layers of `n_out[0]`, `n_out[1]`, ... neurons.

    Every layer but the last has the `activation`; the last is linear. `rng` is a seed or a `random.Random`: the same
    seed gives the same network. A call takes `n_in` numbers or Values and gives a list of Values, or the Value if the
    last layer has one neuron.

    >>> model = MLP(2, [16, 16, 1], rng=0)
    >>> model
    MLP(2, [16, 16, 1], activation='relu')
    >>> len(model.parameters())
    337
    >>> model([0.5, -1.0]).is_leaf
    False
    """

    def __init__(
        self, n_in: SupportsIndex, n_out: Iterable[SupportsIndex], activation: str = "relu", rng: Seed = None
    ) -> None:
        if not isinstance(n_out, Iterable) or not (widths := [_width(n, "n_out") for n in n_out]):
            raise ValueError(f"n_out lists the widths of the layers, as in MLP(2, [16, 16, 1]); got {n_out!r}")
        _activation(activation)  # even if there is no layer that uses it
        rng = _generator(rng)
        self.n_in, self.n_out, self.activation = _width(n_in, "n_in"), widths, activation
        last = len(widths) - 1
        self.layers = [
            Layer(n_from, n_to, activation if i < last else "linear", rng)
            for i, (n_from, n_to) in enumerate(zip([self.n_in, *widths], widths, strict=False))
        ]
        _prefix_labels(self.layers)

    def __call__(self, inputs: Inputs) -> Output:
        first, *others = self.layers
        outputs = first(inputs)
        for layer in others:
            outputs = layer(outputs)
        return outputs

    def __repr__(self) -> str:
        return f"MLP({self.n_in}, {self.n_out}, activation={self.activation!r})"


def _labelled(inputs: Inputs) -> list[Value]:
    """Inputs as Values, one alone as a list; plain numbers become constants that a drawing shows as x0, x1, ..."""
    if isinstance(inputs, Value):
        return [inputs]
    if not isinstance(inputs, Iterable):
        raise TypeError(f"expected a list of inputs, such as [1.0, -2.0]; got {inputs!r}")
    return [x if isinstance(x, Value) else Value(x, label=f"x{i}", requires_grad=False) for i, x in enumerate(inputs)]


def _prefix_labels(modules: Sequence[Module]) -> None:
    for i, module in enumerate(modules):
        for p in module.parameters():
            p.label = f"{i}.{p.label}"


def _activation(name: str) -> Callable[[Value], Value]:
    if name == "linear":
        return pos
    names = [op.name for op in TABLE.values() if len(op.operands) == 1 and op.symbol.isidentifier()]
    if name not in names:
        raise ValueError(f"unknown activation {name!r}: choose 'linear' or one of {', '.join(names)}")
    return methodcaller(name)


def _generator(rng: Seed) -> Random:
    return rng if isinstance(rng, Random) else Random(rng)


def _width(width: SupportsIndex, name: str) -> int:
    if isinstance(width, bool) or not isinstance(width, SupportsIndex) or width.__index__() < 1:
        raise ValueError(f"{name} is a number of neurons or inputs, at least 1; got {width!r}")
    return width.__index__()
