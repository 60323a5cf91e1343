"""Fusion: sums of products in a tape, to be computed in registers instead of node by node.

A left-leaning chain of additions, as `sum((w * x for ...), bias)` builds it, becomes one sum of products. The products
of a uniform weight (the same for all rows: a parameter, say) with a lane (it differs from row to row) are split off,
with a bias: those that share their lanes are later computed together, as a tile.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

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
    chains = _Chains(tape, np.array(lane), constants)
    operations, first = tape.operations, tape.first_operation
    arity = [len(op.operands) for op in operations.rows]
    kept = np.flatnonzero(~chains.absorbed[first:])
    instructions: list[Instruction] = []
    described = zip(kept.tolist(), operations.codes[kept].tolist(), operations.operands[kept].tolist(), strict=True)
    for i, code, operands in described:
        op = operations.rows[code]
        if op is ops.add:
            instructions += chains.split(first + i, lane)
        else:
            instructions.append(Elementwise(first + i, op, tuple(operands[: arity[code]])))
    return instructions


# What the terms of a chain are
WEIGHTED, PRODUCT, LANE, UNIFORM = range(4)


class _Chains:
    """The chains of additions in a tape, by their last addition, the root. `absorbed` are the nodes within them.

    A node is within a chain if nothing else uses it, and it differs from row to row if the chain does: additions that
    are left operands of the next, and the products that are added up.
    """

    def __init__(self, tape: Tape, lane: NDArray[np.bool_], constants: dict[int, float]) -> None:
        first, operations, nodes = tape.first_operation, tape.operations, np.arange(len(tape))
        # who uses whom, and the root that each addition leads to
        a, b, consumer = (np.zeros(len(tape), np.intp) for _ in range(3))
        a[first:], b[first:] = operations.operands.T
        consumer[a[first:]] = consumer[b[first:]] = nodes[first:]
        used = [operations.operands[:, 0], operations.operands[operations.have_two, 1], tape.outputs]
        alone = (np.bincount(np.concatenate(used), minlength=len(tape)) == 1) & (lane == lane[consumer])
        is_add, is_product = np.zeros(len(tape), bool), np.zeros(len(tape), bool)
        is_add[first:] = operations.are(ops.add)
        is_product[first:] = operations.are(ops.mul)
        inner = alone & is_add & is_add[consumer] & (a[consumer] == nodes)
        within = np.flatnonzero(inner)
        root, next_root = nodes.copy(), consumer[within]
        while not np.array_equal(root[within], next_root):  # twice as far each time
            root[within] = next_root
            next_root = root[next_root]

        # a chain's terms: the right operands of its additions, and the left one of the first; of products, the factors
        adds = np.flatnonzero(is_add)
        starts = adds[~inner[a[adds]]]
        terms, roots = np.concatenate([a[starts], b[adds]]), root[np.concatenate([starts, adds])]
        is_product &= alone & is_add[consumer]
        x, y = a[terms], b[terms]
        is_weighted = is_product[terms] & lane[roots] & (lane[x] != lane[y])
        kinds = np.select([is_weighted, is_product[terms], lane[terms]], [WEIGHTED, PRODUCT, LANE], UNIFORM)
        # chain by chain, and kind by kind; what is always 0 is left out
        is_zero = np.zeros(len(tape), bool)
        is_zero[[i for i, number in constants.items() if number == 0]] = True
        order = np.flatnonzero(~is_zero[terms])
        order = order[np.argsort(roots[order] * 4 + kinds[order], kind="stable")]
        self.absorbed = inner | is_product
        is_factor = kinds < LANE
        swapped = is_weighted & lane[x]
        self._left = np.where(is_factor, np.where(swapped, y, x), terms)[order].tolist()
        self._right = np.where(swapped, x, y)[order].tolist()
        kept = adds[~inner[adds]]
        ends = np.searchsorted(roots[order] * 4 + kinds[order], kept[:, None] * 4 + np.arange(5))
        self._ends = dict(zip(kept.tolist(), ends.tolist(), strict=True))

    def split(self, root: int, lane: list[bool]) -> Iterator[Instruction]:
        """The chain as a dot product of uniform weights with lanes, if it is one, and what remains."""
        start, products, lanes, uniforms, end = self._ends[root]
        weights, weighted = self._left[start:products], self._right[start:products]
        pairs = list(zip(self._left[products:lanes], self._right[products:lanes], strict=True))
        addends = self._left[lanes:end]
        has_bias = lane[root] and uniforms < end
        if not weights or len(weights) + has_bias < 2 or len(set(weighted)) < len(weighted):
            yield _plain(Sum(root, [*zip(weights, weighted, strict=True), *pairs], addends))
            return
        bias = addends.pop(uniforms - lanes) if has_bias else None
        out = root
        if pairs or addends:
            out = len(lane)
            lane.append(True)
            addends.append(out)
        yield Dot(out, tuple(weights), tuple(weighted), bias)
        if out != root:
            yield _plain(Sum(root, pairs, addends))


def _plain(chain: Sum) -> Instruction:
    """A sum of just two nodes stays an addition, which can run together with other additions."""
    if not chain.products and len(chain.addends) == 2:
        return Elementwise(chain.out, ops.add, tuple(chain.addends))
    return chain
