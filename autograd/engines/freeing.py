"""How Pyodide frees a graph of any depth.

Elsewhere Python itself doesn't recurse when it frees a long chain of objects. As WebAssembly it counts on more stack
than a browser gives, and some two thousand nodes in a row crashed the page. So a node that dies there leaves its
operands to a list, and they are freed one after the other.
"""

from collections.abc import Sequence
from typing import Protocol


class Node(Protocol):
    """What holds its operands, and so what made them."""

    inputs: Sequence["Node"]


_waiting: list[Sequence[Node]] = []
_freeing = False


def free_operands_in_turn(node: Node) -> None:
    """As `__del__` of a node: its operands die after it, and not within it."""
    global _freeing
    _waiting.append(getattr(node, "inputs", ()))  # of a Value that was refused a number: none
    node.inputs = ()
    if _freeing:
        return
    _freeing = True
    try:
        while _waiting:
            _waiting.pop()
    finally:
        _freeing = False
