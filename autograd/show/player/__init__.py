"""The player: a page that plays the forward and the backward pass over the drawing of a graph, one step at a time.

Python computes all steps, their formulas and the drawing, and puts them into one HTML file with its style and its
scripts, which stand beside this module. Nothing is loaded from elsewhere, and nothing is computed in the browser.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from string import Template
from typing import Any

from autograd.engines import Value
from autograd.environment import Language
from autograd.graph import topological_order
from autograd.show.drawing import picture
from autograd.show.notation import Written, name_nodes, rounded
from autograd.show.passes import ForwardStep, Step, chain_rule
from autograd.show.player.folding import Layer, Neuron, fold, gather, stand_ins
from autograd.show.player.page import Page, compose, image, part

__all__ = ["Player"]

PARTS = "autograd.show.player"
SCRIPTS = ("page_words.js", "words.js", "page.js", "lesson.js", "drawing.js", "player.js")
MOST_NODES = 1500  # of a graph that is drawn whole
MOST_FOLDED_NODES = 4000


class Player(Page):
    """A page that plays the steps to a graph's gradients as they were when it was made. It shows itself in a notebook.

    A network of 100 Values or more has one box for each neuron, which opens on a click; or for each layer, if it has
    more than 24 neurons. Neurons are known by the labels of their parameters (`0.3.w1` belongs to `0.3`, of layer `0`),
    as `nn` gives them, and need to have one output.

    Where a notebook is shown without its scripts, there is a picture of the state after the last step instead.
    """

    __slots__ = ("_svg",)

    def __init__(self, root: Value, *, forward_only: bool = False, language: Language | None = None) -> None:
        """See `Steps.player`. Raises ValueError for a graph too large to watch, or another language."""
        nodes = topological_order(root)
        most = MOST_FOLDED_NODES if fold(nodes) else MOST_NODES
        if len(nodes) > most:
            raise ValueError(
                f"a graph of {len(nodes):,} Values is too large to watch step by step; the limit is {most:,}. "
                "Play a part of it, such as one neuron or the loss of one example"
            )
        lesson = _Lesson.of(nodes, forward_only)
        self._svg, insides = lesson.drawings(nodes)
        self.source = compose(
            language=language,
            title=lesson.names[root].text,
            styles=[(PARTS, "page.css"), (PARTS, "player.css")],
            scripts=[(PARTS, name) for name in SCRIPTS],
            main=Template(part(PARTS, "player.html")).substitute(drawing=_element(self._svg)),
            templates="".join(f'<template id="{name}">{_element(svg)}</template>' for name, svg in insides.items()),
            lesson=lesson.for_page(nodes),
        )

    def _still(self) -> str:
        return image("The computation graph with its gradients", "image/svg+xml", self._svg.encode())


@dataclass(frozen=True)
class _Lesson:
    """What the page plays."""

    names: Mapping[Value, Written]
    forward: Sequence[ForwardStep]
    backward: Sequence[Step]
    gradients: Mapping[Value, Sequence[float]]  # of each Value that has one, all that it has had, in order
    neurons: Sequence[Neuron]

    @classmethod
    def of(cls, nodes: Sequence[Value], forward_only: bool) -> "_Lesson":
        names = name_nodes(nodes)
        forward = [ForwardStep(node, node.data, names) for node in nodes if node.op]
        backward = [] if forward_only else list(chain_rule(nodes, names, {}))
        gradients: dict[Value, list[float]] = {}
        if not forward_only:
            gradients = {node: [0.0] for node in nodes if node.requires_grad}
            gradients[nodes[-1]].append(1.0)
        for step in backward:
            gradients[step.operand].append(step.after)
        return cls(names, forward, backward, gradients, fold(nodes))

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
        names = {box.output: box.name for box in boxes}
        layers = {box.output: len(box.neurons) for box in boxes if isinstance(box, Layer)}

        def lines(node: Value) -> list[str]:
            if node in layers:
                return [names[node], f"\N{MULTIPLICATION SIGN} {layers[node]}"]
            name, *numbers = self._lines(node)
            return [names.get(node, name), *numbers]

        return picture(nodes, lines, shown, stand_ins(boxes)).svg()

    def _lines(self, node: Value) -> list[str]:
        name, data = self.names[node].text, rounded(node.data)
        if not node.requires_grad:
            return [name, data] if name != data else [data]
        gradients = [rounded(x) for x in self.gradients.get(node, ())]
        width = max(map(len, (data, *gradients)))
        shown = [f"data {data:>{width}}"]
        if gradients:
            shown.append(f"grad {gradients[-1]:>{width}}")
        return [name, *shown]

    def for_page(self, nodes: Sequence[Value]) -> dict[str, Any]:
        position = {node: i for i, node in enumerate(nodes)}
        neurons, boxes = stand_ins(self.neurons), stand_ins(gather(self.neurons, nodes))
        return {
            "boxes": [[position[x] for x in (node, neurons.get(node, node), boxes.get(node, node))] for node in nodes],
            "neurons": {position[neuron.output]: neuron.name for neuron in self.neurons},
            "nodes": [
                {"name": self.names[node].text, "atom": self.names[node].atom, "data": rounded(node.data)}
                for node in nodes
            ],
            "forward": [
                {
                    "node": position[step.node],
                    "operands": [position[x] for x in step.node.inputs],
                    "formula": step.formula,
                    "numbers": step.formula_in_numbers,
                }
                for step in self.forward
            ],
            "backward": [
                {
                    "node": position[step.node],
                    "operand": position[step.operand],
                    "position": step.position,
                    "derivative": step.derivative,
                    "formula": step.formula,
                    "numbers": step.formula_in_numbers,
                    "upstream": rounded(step.upstream),
                    "local": rounded(step.local),
                    "contribution": rounded(step.contribution),
                    "before": rounded(step.before),
                    "after": rounded(step.after),
                }
                for step in self.backward
            ],
            "gradients": bool(self.gradients),
        }


def _element(svg: str) -> str:
    """The SVG document as an element of the page, without what the page's style says, and without the ids as titles."""
    element = svg[svg.index("<svg") :]
    return re.sub(r'<!--.*?-->\s*|<title>.*?</title>\s*| (?:font-family|font-size|text-anchor)="[^"]*"', "", element)
