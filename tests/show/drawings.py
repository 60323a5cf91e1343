"""Drawings read back, and machines with and without the program dot."""

import sys
import xml.etree.ElementTree as ET
from pathlib import Path
from shutil import which

import pytest

from autograd import Value

SVG = "{http://www.w3.org/2000/svg}"


def neuron() -> Value:
    """w x + b times 2: one Value of each kind. In topological order: w, x, w x, b, w x + b, 2, the root."""
    w, b = Value(-3.0, label="w"), Value(0.25, label="b")
    x = Value(0.5, label="x", requires_grad=False)
    out = (w * x + b) * 2
    out.backward()
    return out


class Picture:
    """An SVG, read back: its groups by id."""

    def __init__(self, svg: str) -> None:
        self.root = ET.fromstring(svg)
        self.groups = {group.attrib["id"]: group for group in self.root.iter(f"{SVG}g")}

    def classes(self) -> dict[str, str]:
        return {name: group.attrib["class"] for name, group in self.groups.items() if name != "graph0"}

    def ends(self, edge: str) -> list[str]:
        title = self.groups[edge].findtext(f"{SVG}title")
        assert title
        return [end.partition(":")[0] for end in title.split("->")]

    def texts(self, node: str) -> list[str]:
        return [
            (text.text or "").replace("\xa0", " ").replace("\N{MINUS SIGN}", "-")
            for text in self.groups[node].iter(f"{SVG}text")
        ]

    def height(self, node: str) -> float:
        return next(float(text.attrib["y"]) for text in self.groups[node].iter(f"{SVG}text"))

    def structure(self) -> list[tuple[str, str | None, str | None]]:
        return [(element.tag, element.get("id"), element.get("class")) for element in self.root.iter()]


def install_dot(folder: Path, program: str) -> Path:
    dot = folder / "dot"
    dot.write_text(f"#!{sys.executable}\nimport sys\n{program}\n")
    dot.chmod(0o755)
    return dot


needs_dot = pytest.mark.skipif(which("dot") is None, reason="Graphviz's program dot is not installed")
