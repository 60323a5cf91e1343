"""Folding: a large network is drawn with one box for each neuron, and each box has a drawing of its inside.

Neurons are known by the names of their parameters: `0.3.w1` is a parameter of `0.3`. Where there are too many of them,
each layer is a box, `0`, that has its neurons inside.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from autograd.engines import Value
from autograd.show.naming import outputs_of, owners, place_of

FOLD_FROM = 100  # Values; smaller graphs are drawn whole
MOST_NEURONS = 24  # as boxes of one drawing


@dataclass(frozen=True, eq=False, slots=True)
class Neuron:
    """A part of the graph that the rest uses by one `output` only; `nodes` are its Values in topological order."""

    name: str
    nodes: Sequence[Value]

    @property
    def place(self) -> str:
        """Where it stands, for people: `layer 1, neuron 4`."""
        return place_of(self.name) or self.name

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

    @property
    def place(self) -> str:
        """Where it stands, for people: `layer 1`."""
        return self.neurons[0].place.partition(",")[0]


def fold(nodes: Sequence[Value]) -> list[Neuron]:
    """The neurons of a graph, given in topological order, if it is large; parts with several outputs are none."""
    if len(nodes) < FOLD_FROM:
        return []
    names = owners(nodes)
    members: dict[str, list[Value]] = {}
    for node, name in names.items():
        members.setdefault(name, []).append(node)
    outputs = outputs_of(nodes, names)
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


def columns(boxes: Sequence[Neuron]) -> list[list[Value]]:
    """The neurons of each layer, in their order."""
    layers: dict[str, list[Neuron]] = {}
    for box in boxes:
        if not isinstance(box, Layer):
            layers.setdefault(box.place.partition(",")[0], []).append(box)
    return [[box.output for box in sorted(layer, key=_number)] for layer in layers.values()]


def _number(neuron: Neuron) -> int:
    last = neuron.name.rpartition(".")[2]
    return int(last) if last.isdecimal() else 0


def stand_ins(neurons: Iterable[Neuron]) -> dict[Value, Value]:
    """For each Value inside a neuron, the output that stands for it where the neuron is a box."""
    return {node: neuron.output for neuron in neurons for node in neuron.nodes}
