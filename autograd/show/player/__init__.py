"""The player: a page that plays the forward and the backward pass over the drawing of a graph, one step at a time.

Python lays the drawing out, and puts it into one HTML file with the graph, the rows of the table that it uses, in
JavaScript, and the scripts and styles that stand beside this module. Numbers, gradients and sentences are computed in
the page, so that its leaves can be changed. Nothing is loaded from elsewhere.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import isfinite
from string import Template
from typing import Any

from autograd.engines import Value
from autograd.environment import Language
from autograd.graph import topological_order
from autograd.languages import rows_of_table
from autograd.ops import Op
from autograd.show.drawing import lines, names_in, picture
from autograd.show.naming import NO_VARIABLES, Names, Variables, name_nodes
from autograd.show.notation import rounded
from autograd.show.passes import chain_rule
from autograd.show.player.folding import Layer, Neuron, columns, fold, gather, stand_ins
from autograd.show.player.page import Page, compose, image, part

__all__ = ["Player"]

PARTS = "autograd.show.player"
SCRIPTS = (
    *("page_words.js", "theme.js", "words.js", "page.js", "notation.js", "graph.js", "lesson.js"),
    *("sentences.js", "camera.js", "drawing.js", "edges.js", "leaves.js", "ways.js", "update.js"),
    *("predict.js", "levels.js", "state.js", "picture.js", "links.js", "player.js"),
)
NARROWEST = 8  # characters that a number has room for in the drawing: it may change
MOST_NODES = 1500  # of a graph that is drawn whole
MOST_FOLDED_NODES = 4000
_SAID_IN_STYLE = re.compile(
    r'<!--.*?-->\s*|<title>.*?</title>\s*| (?:font-family|font-size|text-anchor)="[^"]*"| (?:fill|stroke)="#\w+"'
    r"|(?<=>)\n(?=<)"
)


class Player(Page):
    """A page that plays the steps to a graph's gradients. It shows itself in a notebook.

    It begins with the numbers of when it was made. Variables, and inputs that have a label, can be changed in the page:
    dragged to the side, with the arrow keys, or typed. The rest follows at once.

    A network of 100 Values or more has one box for each neuron, which opens on a click; or for each layer, if it has
    more than 24 neurons. Neurons are known by the labels of their parameters (`0.3.w1` belongs to `0.3`, of layer `0`),
    as `nn` gives them, and need to have one output.

    Where a notebook is shown without its scripts, there is a picture of the state after the last step instead.
    """

    __slots__ = ("_svg",)

    def __init__(
        self,
        root: Value,
        variables: Variables = NO_VARIABLES,
        *,
        forward_only: bool = False,
        predict: bool = False,
        language: Language | None = None,
    ) -> None:
        """See `Steps.player`. Raises ValueError for a graph too large to watch, or another language."""
        nodes = topological_order(root)
        most = MOST_FOLDED_NODES if fold(nodes) else MOST_NODES
        if len(nodes) > most:
            raise ValueError(
                f"a graph of {len(nodes):,} Values is too large to watch step by step; the limit is {most:,}. "
                "Play a part of it, such as one neuron or the loss of one example"
            )
        lesson = _Lesson.of(nodes, variables, forward_only)
        rows = list(dict.fromkeys(node.op for node in nodes if node.op))
        self._svg, insides = lesson.drawings(nodes)
        self.source = compose(
            language=language,
            title=lesson.names[root].text,
            styles=[(PARTS, "page.css"), (PARTS, "player.css")],
            scripts=[(PARTS, name) for name in SCRIPTS],
            main=Template(part(PARTS, "player.html")).substitute(drawing=_element(self._svg)),
            templates="".join(f'<template id="{name}">{_element(svg)}</template>' for name, svg in insides.items())
            + f'<script id="rows">\n{rows_of_table(rows)}</script>',
            controls=part(PARTS, "levels.html"),
            lesson={**lesson.for_page(nodes, rows), "predict": predict},
        )

    def _still(self) -> str:
        return image("The computation graph with its gradients", "image/svg+xml", self._svg.encode())


@dataclass(frozen=True)
class _Lesson:
    """What the page plays."""

    names: Names
    gradients: Mapping[Value, Sequence[float]]  # of each Value that has one, all that it has had, in order
    neurons: Sequence[Neuron]

    @classmethod
    def of(cls, nodes: Sequence[Value], variables: Variables, forward_only: bool) -> "_Lesson":
        names = name_nodes(nodes, variables)
        gradients: dict[Value, list[float]] = {}
        if not forward_only:
            gradients = {node: [0.0] for node in nodes if node.requires_grad}
            gradients[nodes[-1]].append(1.0)
            for step in chain_rule(nodes, names, {}):
                gradients[step.operand].append(step.after)
        return cls(names, gradients, fold(nodes))

    def drawings(self, nodes: Sequence[Value]) -> tuple[str, dict[str, str]]:
        """The state after the last step as SVG, with room for the widest number of every step.

        First the whole, with neurons or layers folded, then the inside of each, by the id of its box.
        """
        position = {node: i for i, node in enumerate(nodes)}
        boxes = gather(self.neurons, nodes)
        folded = stand_ins(boxes)
        outside = [node for node in nodes if folded.get(node, node) is node]
        insides = {
            f"layer-v{position[layer.output]}": self._picture(
                nodes, [*layer.inputs, *(neuron.output for neuron in layer.neurons)], layer.neurons
            )
            for layer in boxes
            if isinstance(layer, Layer)
        }
        insides |= {
            f"inside-v{position[neuron.output]}": self._picture(nodes, [*neuron.inputs, *neuron.nodes])
            for neuron in self.neurons
        }
        return self._picture(nodes, outside, boxes), insides

    def _picture(self, nodes: Sequence[Value], shown: Sequence[Value], boxes: Sequence[Neuron] = ()) -> str:
        layers = {box.output: box for box in boxes if isinstance(box, Layer)}
        places = {box.output: box.place for box in boxes}
        names = names_in([node for node in shown if node not in places], self.names)

        def lines_in(node: Value) -> list[str]:
            if node in layers:
                return [layers[node].place, f"\N{MULTIPLICATION SIGN} {len(layers[node].neurons)}"]
            name = places.get(node) or names[node].text
            return lines(node, name, list(map(rounded, self.gradients.get(node, ()))), NARROWEST)

        return picture(nodes, lines_in, shown, stand_ins(boxes), columns(boxes)).svg()

    def for_page(self, nodes: Sequence[Value], rows: Sequence[Op]) -> dict[str, Any]:
        """The graph: each node with its label and number, and the number of its row and its operands."""
        position = {node: i for i, node in enumerate(nodes)}
        number_of_row = {op: i for i, op in enumerate(rows)}
        neurons, boxes = stand_ins(self.neurons), stand_ins(gather(self.neurons, nodes))
        return {
            "boxes": [[position[x] for x in (node, neurons.get(node, node), boxes.get(node, node))] for node in nodes],
            "neurons": {position[neuron.output]: neuron.place for neuron in self.neurons},
            "nodes": [
                {
                    **self._name(node),
                    "data": _number(node.data),
                    "constant": not node.requires_grad,
                    "inputs": [position[x] for x in node.inputs],
                    **({"row": number_of_row[node.op]} if node.op else {}),
                }
                for node in nodes
            ],
            "gradients": bool(self.gradients),
        }

    def _name(self, node: Value) -> dict[str, Any]:
        """What `node` is called; constants without a label go by their numbers."""
        name = self.names[node]
        return {"name": [name.text, name.binding, name.place]} if name.number is None else {}


def _number(x: float) -> float | str:
    """`x` as JSON can say it, for JavaScript's `Number()`."""
    return x if isfinite(x) else str(x).replace("inf", "Infinity").replace("nan", "NaN")


def _element(svg: str) -> str:
    """The SVG document as an element of the page, without what the page's style says, and without the ids as titles."""
    element = svg[svg.index("<svg") :]
    return _SAID_IN_STYLE.sub("", element)
