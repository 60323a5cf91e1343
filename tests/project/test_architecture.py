"""The house: a wing hands its names on by its `__init__`, and nobody takes them from its rooms.

That imports run downwards, and never in circles, is held by `lint-imports`, with the contracts in pyproject.toml.
"""

import html
import re
from collections.abc import Iterator

import grimp
import pytest

from docs import make_architecture_picture as picture

PACKAGES = ("autograd", "nn", "benchmarks", "examples")
GRAPH = grimp.build_graph(*PACKAGES, cache_dir=None)


def wing_of(module: str) -> str:
    return ".".join(module.split(".")[:2])


def imports_of_rooms() -> Iterator[str]:
    """The imports of a room in a wing from outside of it."""
    for importer in sorted(GRAPH.modules):
        for imported in GRAPH.find_modules_directly_imported_by(importer):
            if wing_of(imported) not in (imported, wing_of(importer)):
                yield f"{importer} imports {imported}: take it from {wing_of(imported)}"


def test_names_are_taken_from_wings() -> None:
    assert list(imports_of_rooms()) == []


@pytest.mark.parametrize("package", ["autograd", "nn"])
def test_every_wing_says_what_it_is_for(package: str) -> None:
    for name in GRAPH.find_children(package):
        module = __import__(name, fromlist=["__doc__"])
        assert module.__doc__, name
        if GRAPH.find_children(name):
            assert len(module.__doc__.split("\n\n")) > 1, f"{name} says what comes in, what goes out, what it knows"


def test_the_picture_is_of_todays_imports() -> None:
    svg = picture.PICTURE.read_text(encoding="utf-8")
    drawn = {html.unescape(title) for title in re.findall("<title>(.*?)</title>", svg)} - {"architecture"}
    arrows = picture.imports()
    expected = {*arrows, *(f"{wing}->{below}" for wing, below in picture.reduced(arrows))}
    assert drawn == expected, "python docs/make_architecture_picture.py draws it anew"
