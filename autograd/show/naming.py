"""What nodes are called: by their labels, the program's variables, their short expressions, or what made them.

Parameters and results of a network are called by their place in it: `layer 1, neuron 3, w2` for what `nn` labels
`0.2.w2`. No two nodes share a name; only constants, which are called by their numbers, may look alike.
"""

import sys
from collections.abc import Mapping, Sequence
from itertools import count
from types import MappingProxyType

from autograd.engines import Value
from autograd.show.notation import ATOM, Written, printable, write_operation, written_number

__all__ = ["NO_VARIABLES", "Names", "Variables", "name_nodes", "outputs_of", "owners", "place_of", "variables_around"]

Names = Mapping[Value, Written]
Variables = Mapping[Value, str]
NO_VARIABLES: Variables = MappingProxyType({})
_GENERIC = 0  # the binding of a noun that wants a number
LONGEST_NAME = 16  # characters of an expression that serves as a name
_NOUNS = {"add": "sum", "sub": "difference", "mul": "product", "div": "quotient", "pow": "power", "neg": "negative"}


def variables_around(depth: int = 1) -> Variables:
    """The Values that are variables where the function was called that calls this one, or so many calls before."""
    frame = sys._getframe(depth + 1)
    found: dict[Value, str] = {}
    for name, value in (*frame.f_locals.items(), *frame.f_globals.items()):
        if isinstance(value, Value) and name.isidentifier() and not name.startswith("_"):
            found.setdefault(value, name)
    return found


def name_nodes(nodes: Sequence[Value], variables: Variables = NO_VARIABLES) -> Names:
    """A name for each of `nodes`, which are in topological order.

    That is its label; without one, a constant's number, the variable that holds it, the expression that made it if that
    is short, and else what it is, with a number: `sum_3`. The output of a neuron is called by its place alone.
    """
    owner = owners(nodes)
    ends = {node for found in outputs_of(nodes, owner).values() if len(found) == 1 for node in found}
    names: dict[Value, Written] = {}
    unused = _Unused()
    for node in nodes:
        place = place_of(owner.get(node, ""))
        label = printable(node.label)
        if label and place and node.is_leaf:
            name = _placed(place, Written(label.rpartition(".")[2]))
        elif label:
            name = Written(label, place=place)
        elif not node.requires_grad:
            names[node] = written_number(node.data)
            continue
        elif node in variables:
            name = Written(variables[node], place=place)
        elif place and node in ends:
            name = Written(place, place=place)
        else:
            name = _placed(place, _short_expression(node, names, place))
        names[node] = unused(name)
    return names


def _short_expression(node: Value, names: Names, place: str) -> Written:
    """How `node` was made or, if that is long, a noun for it."""
    if not node.op:
        return Written("variable", _GENERIC)
    expression = write_operation(node.op, [names[x].seen_from(place) for x in node.inputs])
    return (
        expression
        if len(expression.text) <= LONGEST_NAME
        else Written(_NOUNS.get(node.op.name, node.op.name), _GENERIC)
    )


def _placed(place: str, name: Written) -> Written:
    return name._replace(text=f"{place}, {name.text}", place=place) if place else name


class _Unused:
    """Makes names differ from all those before, by a number at the end."""

    def __init__(self) -> None:
        self._used: set[str] = set()
        self._next: dict[str, int] = {}

    def __call__(self, name: Written) -> Written:
        text = name.text
        if text in self._used or name.binding == _GENERIC:
            stem = text if name.binding in (_GENERIC, ATOM) else f"({text})"
            numbers = count(self._next.get(stem, 1 if name.binding == _GENERIC else 2))
            number = next(k for k in numbers if f"{stem}_{k}" not in self._used)
            self._next[stem] = number + 1
            name = name._replace(text=f"{stem}_{number}", binding=ATOM)
        self._used.add(name.text)
        return name


# Places in a network


def place_of(owner: str) -> str:
    """Where a neuron stands, for people: that of `0.3.w1` in `layer 1, neuron 4`; nothing for another owner."""
    match owner.split("."):
        case [layer, neuron] if layer.isdecimal() and neuron.isdecimal():
            return f"layer {int(layer) + 1}, neuron {int(neuron) + 1}"
        case [neuron] if neuron.isdecimal():
            return f"neuron {int(neuron) + 1}"
    return ""


def owners(nodes: Sequence[Value]) -> dict[Value, str]:
    """The name of the neuron that each node is part of: parameters, their products and sums, and the activation.

    Neurons are known by the labels of their parameters: `0.3.w1` belongs to `0.3`.
    """
    found: dict[Value, str] = {}
    for node in nodes:
        if node.is_leaf:
            if node.requires_grad and "." in node.label:
                found[node] = node.label.rpartition(".")[0]
        elif owner := _owner(node, found):
            found[node] = owner
    return found


def _owner(node: Value, found: Mapping[Value, str]) -> str | None:
    parameters = {found[x] for x in node.inputs if x.is_leaf and x in found}
    if len(parameters) == 1:
        return parameters.pop()
    candidates = {found.get(x) for x in node.inputs}
    second_activation = len(node.inputs) == 1 and len(node.inputs[0].inputs) == 1
    return candidates.pop() if len(candidates) == 1 and not second_activation else None


def outputs_of(nodes: Sequence[Value], owner: Mapping[Value, str]) -> dict[str, set[Value]]:
    """For each owner the Values that the rest of the graph uses."""
    found: dict[str, set[Value]] = {name: set() for name in owner.values()}
    root = nodes[-1]
    if root in owner:
        found[owner[root]].add(root)
    for node in nodes:
        for operand in node.inputs:
            if operand in owner and owner.get(node) != owner[operand]:
                found[owner[operand]].add(operand)
    return found
