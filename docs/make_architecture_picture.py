"""Draws the house from the code's own imports, so that the picture can't lie:

    python docs/make_architecture_picture.py

A box is a wing; an arrow leads to what it imports. Arrows that follow from others are left out: if a imports b, and b
imports c, none is drawn from a to c.
"""

from collections.abc import Mapping
from pathlib import Path

import graphviz  # type: ignore[import-untyped]
import grimp

from autograd.show import Drawing

PICTURE = Path(__file__).with_name("architecture.svg")
LOOKS = {
    "page": {"fillcolor": "#fbe6cf", "color": "#d55e00"},  # what people come to read
    "autograd": {"fillcolor": "#d3e6f2", "color": "#0072b2"},
    "nn": {"fillcolor": "#d1eee5", "color": "#009e73"},
}
PAGE = ("autograd.ops", "autograd.value", "autograd.graph", "autograd.composed")


def imports() -> dict[str, set[str]]:
    """What each wing imports. `autograd` itself hands on what most programs need."""
    graph = grimp.build_graph("autograd", "nn", cache_dir=None)

    def wing_of(module: str) -> str:
        return ".".join(module.split(".")[:2])

    wings = {wing_of(module) for module in graph.modules if module != "nn" and not module.endswith("__main__")}
    found: dict[str, set[str]] = {wing: set() for wing in wings}
    for module in graph.modules:
        wing = wing_of(module)
        if wing in wings:
            below = map(wing_of, graph.find_modules_directly_imported_by(module))
            found[wing] |= {x for x in below if x in wings and x != wing}
    return found


def reduced(arrows: Mapping[str, set[str]]) -> list[tuple[str, str]]:
    """The arrows from which all others follow, in order."""

    def reachable(wing: str) -> set[str]:
        return {x for below in arrows[wing] for x in {below, *reachable(below)}}

    return sorted(
        (wing, below)
        for wing in arrows
        for below in arrows[wing]
        if not any(below in reachable(other) for other in arrows[wing] - {below})
    )


def drawing() -> Drawing:
    arrows = imports()
    graph = graphviz.Digraph(
        "architecture",
        graph_attr={"rankdir": "TB", "bgcolor": "transparent", "nodesep": "0.25", "ranksep": "0.45"},
        node_attr={
            "shape": "box",
            "style": "filled,rounded",
            "fontname": "Courier",
            "fontsize": "13",
            "margin": "0.18,0.1",
        },
        edge_attr={"color": "#7a7a7a", "arrowsize": "0.7"},
    )
    for wing in sorted(arrows):
        package, _, name = wing.partition(".")
        graph.node(wing, name or wing, **LOOKS["page" if wing in PAGE else package])
    for wing, below in reduced(arrows):
        graph.edge(wing, below)
    return Drawing(graph.source)


if __name__ == "__main__":
    drawing().save(PICTURE)
