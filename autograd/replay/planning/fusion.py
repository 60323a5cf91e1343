"""Fusion: sums of products in a tape, to be computed in registers instead of node by node.

A left-leaning chain of additions, as `sum((w * x for ...), bias)` builds it, becomes one sum of products. The products
of a uniform weight (the same for all rows: a parameter, say) with a lane (it differs from row to row) are split off,
with a bias: those that share their lanes are later computed together, as a tile.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from autograd import ops
from autograd.ops import Op
from autograd.replay.tape import Tape


@dataclass(frozen=True, slots=True)
class Elementwise:
    """Node `out` is a row of the table of `operands`."""

    out: int
    op: Op
    operands: tuple[int, ...]


@dataclass(slots=True)
class Sum:
    """Node `out` is the sum of products of pairs, and of addends."""

    out: int
    products: list[tuple[int, int]]
    addends: list[int]

    @property
    def operands(self) -> tuple[int, ...]:
        return (*[x for pair in self.products for x in pair], *self.addends)


@dataclass(frozen=True, slots=True)
class Dot:
    """Node `out` is the sum of uniform weights times lanes, and a uniform bias, if it has one."""

    out: int
    weights: tuple[int, ...]
    lanes: tuple[int, ...]
    bias: int | None

    @property
    def uniforms(self) -> tuple[int, ...]:
        return self.weights if self.bias is None else (*self.weights, self.bias)

    @property
    def operands(self) -> tuple[int, ...]:
        return (*self.lanes, *self.uniforms)


Instruction = Elementwise | Sum | Dot


def fused(tape: Tape, lane: list[bool], constants: dict[int, float]) -> list[Instruction]:
    """The tape's operations with its chains of additions fused, each after its operands.

    `lane` says of every node whether it differs from row to row. It is extended by the nodes that are new: dot products
    that were split off. `constants` are the numbers of the constants among the leaves.
    """
    uses = Counter([x for _, operands in tape.operations for x in operands] + list(tape.outputs))
    operation = dict(enumerate(tape.operations, tape.first_operation))
    absorbed: set[int] = set()

    def inside(node: int, op: Op, root: int) -> bool:
        """Whether `node` is made by `op` for the chain of `root` only."""
        made = operation.get(node)
        return made is not None and made[0] is op and uses[node] == 1 and lane[node] == lane[root]

    def terms(root: int) -> Iterator[int]:
        """The terms of a chain, the last first. The additions between them are absorbed."""
        node = root
        while node == root or inside(node, ops.add, root):
            if node != root:
                absorbed.add(node)
            node, right = operation[node][1]
            yield right
        yield node

    chains: dict[int, Sum] = {}
    for root in reversed(operation):
        if operation[root][0] is not ops.add or root in absorbed:
            continue
        chain = Sum(root, [], [])
        for term in reversed(list(terms(root))):
            if inside(term, ops.mul, root):
                absorbed.add(term)
                x, y = operation[term][1]
                chain.products.append((x, y))
            elif constants.get(term) != 0.0:
                chain.addends.append(term)
        chains[root] = chain

    instructions: list[Instruction] = []
    for node, (op, operands) in operation.items():
        if node in chains:
            instructions += _split(chains[node], lane)
        elif node not in absorbed:
            instructions.append(_simplest(node, op, operands, constants))
    return instructions


def _simplest(node: int, op: Op, operands: tuple[int, ...], constants: dict[int, float]) -> Elementwise:
    """A power of 2 becomes a product, which costs less and gives the same number."""
    if op is ops.pow and constants.get(operands[1]) == 2.0:
        return Elementwise(node, ops.mul, (operands[0], operands[0]))
    return Elementwise(node, op, operands)


def _split(chain: Sum, lane: list[bool]) -> Iterator[Instruction]:
    """The chain as a dot product of uniform weights with lanes, and what remains."""
    weighted = [(y, x) if lane[x] else (x, y) for x, y in chain.products if lane[x] != lane[y]]
    lanes = tuple([x for _, x in weighted])
    bias = next((x for x in chain.addends if not lane[x]), None)
    terms = len(weighted) + (bias is not None)
    if not lane[chain.out] or not weighted or terms < 2 or len(set(lanes)) < len(lanes):
        yield _plain(chain)
        return
    rest = Sum(chain.out, [(x, y) for x, y in chain.products if lane[x] == lane[y]], list(chain.addends))
    if bias is not None:
        rest.addends.remove(bias)
    out = chain.out
    if rest.products or rest.addends:
        out = len(lane)
        lane.append(True)
        rest.addends.append(out)
    yield Dot(out, tuple([w for w, _ in weighted]), lanes, bias)
    if out != chain.out:
        yield _plain(rest)


def _plain(chain: Sum) -> Instruction:
    """A sum of just two nodes stays an addition, which can run together with other additions."""
    if not chain.products and len(chain.addends) == 2:
        return Elementwise(chain.out, ops.add, tuple(chain.addends))
    return chain
