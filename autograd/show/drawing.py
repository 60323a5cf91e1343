"""Pictures of the graph: every Value and every operation becomes a node of a Graphviz drawing, from left to right.

Ids and classes are stable, so that a page can style and animate the SVG. With Values numbered in topological order,
Value 5 is `v5`, its operation `o5`, the edges from the operands `e5-0` and `e5-1`, the edge to the result `e5`. Nodes
have the class `value` and one of `variable`, `input`, `constant`, `result` and `root`, or the class `operation`; edges
have `operand` or `output`. The texts of a Value are, as far as it has them: label, data, gradient, in this order.
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from itertools import pairwise
from os import PathLike
from types import MappingProxyType

from autograd.engines import Value
from autograd.environment import write_atomically
from autograd.graph import topological_order
from autograd.show.layout import lay_out
from autograd.show.naming import Names, name_nodes, variables_around
from autograd.show.notation import rounded, with_minus

__all__ = ["Drawing", "draw"]

# The colours of Okabe and Ito, which the colour-blind can tell apart: pure on outlines, as tints inside. The page stays
# transparent: texts have their own ground, and outlines and edges stand out from white and from black alike.
_INK, _LINE = "#1a1a1a", "#7a7a7a"
_GRAPH = {"rankdir": "LR", "bgcolor": "transparent", "nodesep": "0.2", "ranksep": "0.33"}
_FOLDED = {"splines": "line", "ranksep": "1.0", "nodesep": "0.08"}
_NODE = {
    "shape": "box",
    "style": "filled",
    "color": _LINE,
    "fontname": "Courier",  # the one font whose widths Graphviz knows without a font system
    "fontsize": "12",
    "fontcolor": _INK,
    "margin": "0.08,0.06",
    "width": "0",
    "height": "0",
}
_EDGE = {"color": _LINE, "arrowsize": "0.6"}
_STYLES = {
    "variable": {"color": "#0072b2", "fillcolor": "#d3e6f2", "penwidth": "1.5"},
    "input": {"color": "#009e73", "fillcolor": "#d1eee5", "penwidth": "1.5", "shape": "cds", "margin": "0.2,0.13"},
    "constant": {"fillcolor": "#e6e6e6", "penwidth": "0"},
    "result": {"fillcolor": "#fafafa", "style": "filled,rounded"},
    "root": {
        "color": "#d55e00",
        "fillcolor": "#fbe6cf",
        "penwidth": "1.5",
        "style": "filled,rounded",
        "peripheries": "2",
    },
    "neuron": {
        "color": "#b07a00",
        "fillcolor": "#fbeecb",
        "penwidth": "1.5",
        "shape": "folder",
        "margin": "0.16,0.05",
        "ordering": "in",
    },
    "operation": {
        "shape": "ellipse",
        "fillcolor": "#666666",
        "fontcolor": "#ffffff",
        "width": "0.34",
        "height": "0.34",
        "margin": "0.04,0.02",
        "ordering": "in",  # operands from top to bottom: a - b is not b - a
    },
}

_NONE: Mapping[Value, Value] = MappingProxyType({})


class Drawing:
    """A picture of a graph as it was when `draw` was called. It shows itself in a notebook.

    `source` is the drawing in Graphviz's language DOT.
    """

    __slots__ = ("source",)

    source: str

    def __init__(self, source: str) -> None:
        self.source = source

    def svg(self) -> str:
        """The drawing as an SVG document, its background transparent. Raises RuntimeError if nothing can lay it out."""
        return lay_out(self.source, "svg").decode()

    def save(self, path: str | PathLike[str]) -> None:
        """Write the drawing to `path`: an .svg, .png or .pdf picture, or its source as .dot or .gv.

        Raises ValueError for another suffix, OSError if the file can't be written, and RuntimeError for a PNG or PDF
        without Graphviz's program `dot`. None of them leaves a file, or changes one.
        """
        from pathlib import Path

        path = Path(path)
        suffix = path.suffix.lower()
        if suffix not in (".svg", ".png", ".pdf", ".dot", ".gv"):
            raise ValueError(
                f"cannot save a drawing as {str(path)!r}: let the name end in .svg, .png, .pdf, .dot or .gv"
            )
        if not path.parent.is_dir():
            raise FileNotFoundError(
                f"cannot save {str(path)!r}: there is no folder {str(path.parent)!r}; create it first"
            )
        content = self.source.encode() if suffix in (".dot", ".gv") else lay_out(self.source, suffix[1:])
        try:
            if path.exists():
                path.open("r+b").close()  # what may not be written may not be replaced either
            write_atomically(path, content)
        except OSError as error:
            raise OSError(error.errno, f"cannot save the drawing: {error.strerror}", str(path)) from error

    def __repr__(self) -> str:
        return '<Drawing: shows itself in a notebook; elsewhere, .save("graph.svg") and open that in a browser>'

    def _repr_mimebundle_(self, **_: object) -> dict[str, str]:
        try:
            svg = self.svg().replace(
                "<svg ", '<svg style="max-width: 100%; height: auto" ', 1
            )  # no wider than the cell
            return {"image/svg+xml": svg, "text/plain": repr(self)}
        except RuntimeError as error:
            return {"text/plain": f"{self!r}\n{error}"}


def draw(root: Value, *, max_nodes: int = 300) -> Drawing:
    """A picture of how `root` was computed: each Value with label, data and gradient, each operation with its symbol.

    A Value goes by its label, by the variable that holds it where `draw` is called, or by how it was made. Variables
    (parameters) are blue boxes, inputs (constants with a label) green tags, other constants plain numbers, results
    rounded boxes, and `root` has a double outline. Constants show no gradient: they have none. A Value that is used
    twice by one operation has two edges. Numbers are rounded to four digits.

    A graph of more than `max_nodes` Values is refused with ValueError: nobody could read its picture.

    >>> a, b = Value(2.0, label="a"), Value(-3.0, label="b")
    >>> loss = (a * b + 10).tanh()
    >>> loss.backward()
    >>> picture = draw(loss)
    >>> picture.save("loss.svg")  # doctest: +SKIP
    >>> picture
    <Drawing: shows itself in a notebook; elsewhere, .save("graph.svg") and open that in a browser>
    """
    if not hasattr(root, "inputs"):
        raise TypeError(f"draw() expects a Value, got {type(root).__name__}: give it one Value, such as the loss")
    nodes = topological_order(root)
    if len(nodes) > max_nodes:
        raise ValueError(_too_large(nodes, max_nodes))
    names = names_in(nodes, name_nodes(nodes, variables_around()))
    return picture(nodes, lambda node: lines(node, names[node].text, [rounded(node.grad)]))


def picture(
    nodes: Sequence[Value],
    lines_in: Callable[[Value], list[str]],
    shown: Collection[Value] = (),
    stand_ins: Mapping[Value, Value] = _NONE,
    columns: Iterable[Sequence[Value]] = (),
) -> Drawing:
    """The drawing of `nodes`, which are in topological order, with the texts in each that `lines_in` gives for it.

    It can be a part: only the Values `shown`, if there are any, and the operations between them. And it can be folded:
    a Value that stands in for others, and for itself, is in their place a box with edges from what they depend on.
    Those of a column stand below each other, in their order.
    """
    import graphviz  # type: ignore[import-untyped]

    nohtml = graphviz.nohtml  # it would read a label that stands in < and > as HTML
    attributes = _GRAPH | _FOLDED if stand_ins else _GRAPH
    graph = graphviz.Digraph("computation graph", graph_attr=attributes, node_attr=_NODE, edge_attr=_EDGE)
    position = {node: i for i, node in enumerate(nodes)}
    visible = set(shown or nodes)
    behind: dict[Value, list[Value]] = {}
    for node, stand_in in stand_ins.items():
        behind.setdefault(stand_in, []).append(node)
    for node in shown or nodes:
        i = position[node]
        kind = "neuron" if node in behind else "root" if node is nodes[-1] else _kind(node)
        text = nohtml(_text(lines_in(node)))
        graph.node(f"v{i}", text, id=f"v{i}", **{"class": f"value {kind}"}, **_STYLES[kind])
        if node in behind:
            operands = dict.fromkeys(stand_ins.get(x, x) for part in behind[node] for x in part.inputs)
            for j in (position[x] for x in operands if x is not node):
                graph.edge(f"v{j}", f"v{i}", id=f"b{j}-{i}", tailport="e", headport="w", **{"class": "operand"})
            continue
        operands_shown = [stand_ins.get(x, x) for x in node.inputs]
        if node.op and visible.issuperset(operands_shown):
            symbol = nohtml(_text([node.op.symbol.replace("-", "\N{MINUS SIGN}")]))
            graph.node(f"o{i}", symbol, id=f"o{i}", **{"class": "operation"}, **_STYLES["operation"])
            for k, operand in enumerate(operands_shown):
                graph.edge(f"v{position[operand]}", f"o{i}", id=f"e{i}-{k}", tailport="e", **{"class": "operand"})
            graph.edge(f"o{i}", f"v{i}", id=f"e{i}", headport="w", **{"class": "output"})
    for column in columns:
        with graph.subgraph(graph_attr={"rank": "same"}) as below:
            for upper, lower in pairwise(column):
                below.edge(f"v{position[upper]}", f"v{position[lower]}", style="invis")
    return Drawing(graph.source)


def _kind(node: Value) -> str:
    if node.op:
        return "result"
    if node.requires_grad:
        return "variable"
    return "input" if node.label else "constant"


def names_in(shown: Iterable[Value], names: Names) -> Names:
    """The names of what a drawing shows: where it is all of one neuron, as they are within that."""
    found = {node: names[node] for node in shown}
    places = {name.place for name in found.values()} - {""}
    if len(places) == 1:
        [place] = places
        return {node: name.seen_from(place) for node, name in found.items()}
    return found


def lines(node: Value, name: str, gradients: Sequence[str], width: int = 0) -> list[str]:
    """The texts in `node`: its name, data and last gradient, as far as it has them, with room for all its gradients."""
    data = rounded(node.data)
    if not node.requires_grad:
        return [name, f"{data:^{width}}"] if node.label.strip() else [data]
    width = max(width, *map(len, (data, *gradients)))
    return [name, f"data {data:>{width}}", *(f"grad {gradient:>{width}}" for gradient in gradients[-1:])]


def _text(lines: Iterable[str]) -> str:
    """`lines` as Graphviz's text: entities and escapes such as `\\N` mean themselves, and minus signs are real ones."""
    return r"\n".join(with_minus(line).replace("&", "&amp;").replace("\\", r"\\") for line in lines)


def _too_large(nodes: list[Value], max_nodes: int) -> str:
    kinds = [_kind(node) for node in nodes]
    results, variables = kinds.count("result"), kinds.count("variable")
    return (
        f"a graph of {len(nodes):,} Values ({variables:,} variable{'s' * (variables != 1)}, "
        f"{len(nodes) - variables - results:,} constants, {results:,} results of operations) is too large to read as "
        f"a picture; the limit is max_nodes={max_nodes}. Draw a part of it, such as one neuron or the loss of one "
        "example, or raise max_nodes"
    )
