"""The player: a page that plays the forward and the backward pass over the drawing of a graph, one step at a time.

Python computes all steps, their formulas and the drawing, and puts them into one HTML file with its style and its
scripts, which stand beside this module. Nothing is loaded from elsewhere, and nothing is computed in the browser.
"""

import base64
import html
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from os import PathLike
from string import Template
from typing import Any, Literal

from autograd.draw import picture
from autograd.engines import Value
from autograd.graph import topological_order
from autograd.notation import Written, name_nodes, rounded
from autograd.player.folding import Neuron, fold, stand_ins
from autograd.steps import ForwardStep, Step, chain_rule

__all__ = ["Player"]

SCRIPTS = ("words.js", "lesson.js", "drawing.js", "player.js")
MOST_NODES = 1500
HEIGHT = 640  # pixels, of the frame in a notebook


class Player:
    """A page that plays the steps to a graph's gradients as they were when it was made. It shows itself in a notebook.

    A network of 100 Values or more has one box for each neuron, which opens on a click. Neurons are known by the labels
    of their parameters (`0.3.w1` belongs to `0.3`), as `nn` gives them, and need to have one output.

    Where a notebook is shown without its scripts, there is a picture of the state after the last step instead.

    `source` is the page: one HTML file that needs no network.
    """

    __slots__ = ("_svg", "source")

    source: str

    def __init__(self, root: Value, *, forward_only: bool = False, language: Literal["en", "ko"] = "en") -> None:
        """See `Steps.player`. Raises ValueError for a graph too large to watch, or another language."""
        if language not in ("en", "ko"):
            raise ValueError(f"the player speaks 'en' (English) and 'ko' (Korean), got language={language!r}")
        nodes = topological_order(root)
        if len(nodes) > MOST_NODES:
            raise ValueError(
                f"a graph of {len(nodes):,} Values is too large to watch step by step; the limit is {MOST_NODES:,}. "
                "Play a part of it, such as one neuron or the loss of one example"
            )
        lesson = _Lesson.of(nodes, forward_only)
        self._svg, insides = lesson.drawings(nodes)
        self.source = Template(_part("player.html")).substitute(
            language=language,
            title=html.escape(lesson.names[root].text),
            style=_part("player.css"),
            script="\n".join(map(_part, SCRIPTS)),
            lesson=_as_script(lesson.for_page(nodes)),
            drawing=_element(self._svg),
            insides="".join(f'<template id="{name}">{_element(svg)}</template>' for name, svg in insides.items()),
        )

    def save(self, path: str | PathLike[str]) -> None:
        """Write the page to `path`, a name that ends in .html. Raises ValueError for another, OSError if it can't."""
        from pathlib import Path

        from autograd.files import write_atomically

        path = Path(path)
        if path.suffix.lower() not in (".html", ".htm"):
            raise ValueError(f"cannot save a player as {str(path)!r}: let the name end in .html")
        if not path.parent.is_dir():
            raise FileNotFoundError(
                f"cannot save {str(path)!r}: there is no folder {str(path.parent)!r}; create it first"
            )
        write_atomically(path, self.source.encode())

    def __repr__(self) -> str:
        return '<Player: shows itself in a notebook; elsewhere, .save("lesson.html") and open that in a browser>'

    def _repr_html_(self) -> str:
        """The page in a frame, and before it the picture, which hides itself once the frame has been loaded."""
        picture = base64.b64encode(self._svg.encode()).decode()
        return (
            f'<img alt="The computation graph with its gradients" src="data:image/svg+xml;base64,{picture}">'
            f'<iframe title="Step player" style="width: 100%; height: {HEIGHT}px; border: 0" '
            f'onload="this.previousSibling.style.display = `none`" srcdoc="{html.escape(self.source)}"></iframe>'
        )


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

        First the whole, with neurons folded, then the inside of each neuron, by the id of its box.
        """
        folded = stand_ins(self.neurons)
        boxes = {neuron.output: neuron.name for neuron in self.neurons}
        shown = [node for node in nodes if node in boxes or node not in folded]
        whole = picture(
            nodes, lambda node: [boxes.get(node, self._lines(node)[0]), *self._lines(node)[1:]], shown, folded
        )
        position = {node: i for i, node in enumerate(nodes)}
        return whole.svg(), {
            f"inside-v{position[neuron.output]}": picture(nodes, self._lines, [*neuron.inputs, *neuron.nodes]).svg()
            for neuron in self.neurons
        }

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
        boxes = {node: position[stand_in] for node, stand_in in stand_ins(self.neurons).items()}
        return {
            "boxes": [boxes.get(node, i) for node, i in position.items()],
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


def _as_script(data: object) -> str:
    """`data` as JSON that can stand inside a script element: it can't end it, or begin a comment."""
    return json.dumps(data, ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c")


@cache
def _part(name: str) -> str:
    return files("autograd.player").joinpath(name).read_text(encoding="utf-8")
