"""Who is responsible, and by which way: a derivative is a sum over paths, of the product of the derivatives along each.

Back-propagation computes that sum without ever listing the paths, of which there can be exponentially many (Bauer 1974,
"Computational graphs and rounding error").
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from heapq import nlargest
from typing import NamedTuple

from autograd.engines import Value, grad
from autograd.environment import spoken
from autograd.graph import topological_order
from autograd.show.naming import Names, name_nodes, variables_around
from autograd.show.notation import rounded, write_quotient, written_number

__all__ = ["Explanation", "Path", "explain"]

LONGEST_ROW = 20  # nodes or factors of a path that are written out


@dataclass(frozen=True, eq=False, slots=True)
class Path:
    """One way from a leaf to the root: the nodes on it, the derivative of each by the one before, and their product."""

    nodes: tuple[Value, ...]
    derivatives: tuple[float, ...]
    product: float


@dataclass(frozen=True, eq=False, repr=False, slots=True)
class Explanation:
    """Why `leaf` has the gradient that it has; its text says it.

    - `gradient`: the derivative of `root` by `leaf`
    - `count`: how many paths there are from the leaf to the root
    - `paths`: those with the largest products, largest first
    """

    leaf: Value
    root: Value
    gradient: float
    count: int
    paths: tuple[Path, ...]
    names: Names

    @property
    def rest(self) -> float:
        """What the paths that are not in `paths` contribute together."""
        shown = math.fsum(path.product for path in self.paths)
        return self.gradient - shown if len(self.paths) < self.count else 0.0

    def __repr__(self) -> str:
        root = self.names[self.root]
        if not self.count:
            return spoken(
                f"{root.text} does not depend on {self.leaf!r}: no path leads there, so the derivative is 0",
                f"{self.leaf!r}에서 {root.text}까지 가는 경로가 없으므로 미분은 0입니다",
            )
        rows = [(path.product, *self._explained(path)) for path in self.paths]
        if others := self.count - len(self.paths):
            rows.append((self.rest, _others(others), ""))
        width = max(len(rounded(number)) for number in (*(row[0] for row in rows), self.gradient))
        lines = [f"{write_quotient(root, self.names[self.leaf])}, {_ways(self.count)}:"]
        for product, factors, way in rows:
            lines += [f"  {rounded(product):>{width}} = {factors}", " " * (width + 5) + way]
        lines += ["  " + "-" * width, f"  {rounded(self.gradient):>{width}}"]
        return "\n".join(line for line in lines if not line.isspace())

    def _explained(self, path: Path) -> tuple[str, str]:
        factors = [written_number(x).factor for x in path.derivatives] or ["1"]
        return _shortened(factors, " * "), _shortened([self.names[node].text for node in path.nodes], " -> ")


def explain(leaf: Value, root: Value, limit: int = 10) -> Explanation:
    """The derivative of `root` by `leaf` as a sum over the paths that lead from one to the other.

    Each path contributes the product of the local derivatives along it. The paths are counted first, and if there are
    more than `limit`, those with the largest products are found without visiting the others. `leaf` may be any node.
    No `.grad` is changed.

    Raises TypeError for what is not a Value, and ValueError for a `leaf` that is a constant or computed from `root`, or
    a negative `limit`.

    >>> a, b = Value(2.0, label="a"), Value(-3.0, label="b")
    >>> explain(a, a * b + a**2)
    d(a * b + a**2)/d(a), by 2 paths:
       4 = 4 * 1
           a -> a**2 -> a * b + a**2
      -3 = (-3) * 1
           a -> a * b -> a * b + a**2
      --
       1

    The best `limit` paths to a node are among the best `limit` to its operands, each with one edge more: the algorithm
    is that of Viterbi, with several survivors (Seshadri and Sundberg 1994, "List Viterbi decoding algorithms").
    """
    for name, value in (("leaf", leaf), ("root", root)):
        if not hasattr(value, "inputs"):
            raise TypeError(f"explain() expects two Values, got {type(value).__name__} as {name}")
    if limit < 0:
        raise ValueError(f"limit is the number of paths to show, got {limit}")
    if leaf is not root and root in topological_order(leaf):
        raise ValueError("the first Value is computed from the second: give the leaf first, as in explain(a, loss)")
    [gradient] = grad(root, [leaf])
    nodes = topological_order(root)
    counts, survivors = {leaf: 1}, {leaf: [_Survivor(1.0)][:limit]}
    for node in nodes:
        edges = [(x, local) for x, local in _edges(node) if x in counts] if node is not leaf else []
        if node.op and edges:
            counts[node] = sum(counts[x] for x, _ in edges)
            masks = node.op.masks
            longer = (survivor.longer(local, x, masks) for x, local in edges for survivor in survivors[x])
            survivors[node] = nlargest(limit, longer, key=_magnitude)
    paths = tuple(_path(survivor, root) for survivor in survivors.get(root, []))
    return Explanation(leaf, root, gradient, counts.get(root, 0), paths, name_nodes(nodes, variables_around()))


class _Survivor(NamedTuple):
    """One of the best paths to a node: its product, its last edge, and the path to where that edge begins."""

    product: float
    local: float = 1.0
    operand: Value | None = None
    rest: "_Survivor | None" = None
    is_masked: bool = False  # whatever arrives from above, nothing passes

    def longer(self, local: float, operand: Value, masks: bool) -> "_Survivor":
        """This path and an edge to it."""
        product = self.product if self.is_masked else self.product * local
        return _Survivor(product, local, operand, self, self.is_masked or (masks and local == 0))


def _magnitude(path: _Survivor) -> float:
    """By how much a path counts; one that is not a number is to be seen first."""
    return math.inf if math.isnan(path.product) else abs(path.product)


def _edges(node: Value) -> Iterator[tuple[Value, float]]:
    """The operands of `node` that gradients flow to, and the derivative of `node` by each."""
    if node.op:
        numbers = [x.data for x in (*node.inputs, node)]
        for operand, partial in zip(node.inputs, node.op.partials, strict=True):
            if operand.requires_grad:
                yield operand, partial(*numbers)


def _path(survivor: _Survivor, end: Value) -> Path:
    nodes, derivatives = [end], []
    edge: _Survivor | None = survivor
    while edge and edge.operand:
        nodes.append(edge.operand)
        derivatives.append(edge.local)
        edge = edge.rest
    return Path(tuple(reversed(nodes)), tuple(reversed(derivatives)), survivor.product)


def _ways(count: int) -> str:
    return spoken(f"by {_counted(count)} path{'s' * (count != 1)}", f"경로 {_counted(count)}개")


def _others(count: int) -> str:
    english = f"{_counted(count)} other path{'s' * (count != 1)} together"
    return spoken(english, f"나머지 경로 {_counted(count)}개의 합")


def _counted(count: int) -> str:
    return f"{count:,}" if count < 10**12 else spoken("about ", "약 ") + f"10**{math.log10(count):.0f}"


def _shortened(parts: list[str], separator: str) -> str:
    """The parts in a row, those in the middle left out if there are many."""
    if len(parts) > LONGEST_ROW:
        ends = LONGEST_ROW // 2
        parts = [*parts[:ends], _left_out(len(parts) - 2 * ends), *parts[-ends:]]
    return separator.join(parts)


def _left_out(count: int) -> str:
    return spoken(f"... {count} more ...", f"... {count}개 더 ...")
