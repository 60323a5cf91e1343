"""Folding: a large network is drawn with one box for each neuron, and each box has a drawing of its inside.

Neurons are known by the names of their parameters: `0.3.w1` is a parameter of `0.3`. Where there are too many of them,
each layer is a box, `0`, that has its neurons inside.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from autograd.engines import Value

FOLD_FROM = 100  # Values; smaller graphs are drawn whole
MOST_NEURONS = 24  # as boxes of one drawing


@dataclass(frozen=True, eq=False, slots=True)
class Neuron:
    """A part of the graph that the rest uses by one `output` only; `nodes` are its Values in topological order."""

    name: str
    nodes: Sequence[Value]

    @property
    def output(self) -> Value:
        """The Value in whose place its box is drawn."""
        return self.nodes[-1]

    @property
    def inputs(self) -> list[Value]:
        """The Values outside that it is computed from, in the order in which they are met."""
        inside = set(self.nodes)
        return list(dict.fromkeys(x for node in self.nodes for x in node.inputs if x not in inside))


@dataclass(frozen=True, eq=False, slots=True)
class Layer(Neuron):
    """Neurons of one layer. The rest uses all their outputs; the box is drawn in the place of the last."""

    neurons: Sequence[Neuron]


def fold(nodes: Sequence[Value]) -> list[Neuron]:
    """The neurons of a graph, given in topological order, if it is large; parts with several outputs are none."""
    if len(nodes) < FOLD_FROM:
        return []
    names = _owners(nodes)
    members: dict[str, list[Value]] = {}
    for node, name in names.items():
        members.setdefault(name, []).append(node)
    outputs: dict[str, set[Value]] = {name: {nodes[-1]} & {*part} for name, part in members.items()}
    for node in nodes:
        for operand in node.inputs:
            if operand in names and names.get(node) != names[operand]:
                outputs[names[operand]].add(operand)
    neurons = [Neuron(name, part) for name, part in members.items() if outputs[name] == {part[-1]}]
    return neurons if len(neurons) > 1 else []


def gather(neurons: Sequence[Neuron], nodes: Sequence[Value]) -> list[Neuron]:
    """What a drawing of all the graph shows of its neurons: themselves or, if they are too many, their layers."""
    if len(neurons) <= MOST_NEURONS:
        return list(neurons)
    layers: dict[str, list[Neuron]] = {}
    for neuron in neurons:
        layer, dot, _ = neuron.name.rpartition(".")
        layers.setdefault(layer if dot else neuron.name, []).append(neuron)
    position = {node: i for i, node in enumerate(nodes)}
    return [
        Layer(name, sorted((x for part in parts for x in part.nodes), key=position.__getitem__), parts)
        if len(parts) > 1
        else parts[0]
        for name, parts in layers.items()
    ]


def stand_ins(neurons: Iterable[Neuron]) -> dict[Value, Value]:
    """For each Value inside a neuron, the output that stands for it where the neuron is a box."""
    return {node: neuron.output for neuron in neurons for node in neuron.nodes}


def _owners(nodes: Sequence[Value]) -> dict[Value, str]:
    """The name of the neuron that each node is part of: parameters, their products and sums, and the activation."""
    names: dict[Value, str] = {}
    for node in nodes:
        if node.is_leaf:
            if node.requires_grad and "." in node.label:
                names[node] = node.label.rpartition(".")[0]
        elif owner := _owner(node, names):
            names[node] = owner
    return names


def _owner(node: Value, names: Mapping[Value, str]) -> str | None:
    parameters = {names[x] for x in node.inputs if x.is_leaf and x in names}
    if len(parameters) == 1:
        return parameters.pop()
    owners = {names.get(x) for x in node.inputs}
    second_activation = len(node.inputs) == 1 and len(node.inputs[0].inputs) == 1
    return owners.pop() if len(owners) == 1 and not second_activation else None
