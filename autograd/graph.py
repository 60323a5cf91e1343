"""Walks over the graph: its leaves, its size and depth, and the node where a number stopped being finite.

They see a node's public attributes only, so they serve both engines.
"""

from collections import Counter
from dataclasses import dataclass
from math import isfinite

from autograd.engines import Value, topological_order

__all__ = ["NonFinite", "count_operations", "depth", "first_nonfinite", "leaves", "topological_order"]


def leaves(root: Value) -> list[Value]:
    """The variables and constants that `root` was computed from, in the order in which they are met.

    >>> x = Value(2.0, label="x")
    >>> [leaf.data for leaf in leaves(x * x + 3)]
    [2.0, 3.0]
    """
    return [node for node in topological_order(root) if node.is_leaf]


def count_operations(root: Value) -> Counter[str]:
    """How often each operation of the table occurs below `root`.

    >>> x = Value(2.0)
    >>> count_operations(x * x * x + x)
    Counter({'mul': 2, 'add': 1})
    """
    return Counter(node.op.name for node in topological_order(root) if node.op)


def depth(root: Value) -> int:
    """The number of operations on the longest path from a leaf to `root`; 0 for a leaf."""
    depths: dict[Value, int] = {}
    for node in topological_order(root):
        depths[node] = 1 + max((depths[x] for x in node.inputs), default=-1)
    return depths[root]


@dataclass(frozen=True)
class NonFinite:
    """A node that is infinite or not a number, and in words what made it; `str()` gives the words."""

    node: Value
    reason: str

    def __str__(self) -> str:
        return self.reason


def first_nonfinite(root: Value) -> NonFinite | None:
    """The earliest node below `root` that is infinite or not a number, or None if all are finite.

    All its operands are finite, so this is where things went wrong.

    >>> x = Value(0.0, label="x")
    >>> print(first_nonfinite(2 * x.log() + 1))
    log(x = 0) gave -inf
    """
    for node in topological_order(root):
        if not isfinite(node.data):
            return NonFinite(node, _how_it_was_made(node))
    return None


def _how_it_was_made(node: Value) -> str:
    if node.op is None:
        kind = "leaf" if node.requires_grad else "constant"
        return f"the {kind} {_named(node)} is not finite"
    operands = ", ".join(map(_named, node.inputs))
    made = f" (the node {node.label!r})" if node.label else ""
    return f"{node.op.name}({operands}) gave {node.data:g}{made}"


def _named(node: Value) -> str:
    return f"{node.label} = {node.data:.6g}" if node.label else f"{node.data:.6g}"
