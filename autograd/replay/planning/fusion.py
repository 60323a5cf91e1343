"""Fusion: sums of products in a tape, to be computed in registers instead of node by node.

A left-leaning chain of additions, as `sum((w * x for ...), bias)` builds it, becomes one sum of products. The products
of a uniform weight (the same for all rows: a parameter, say) with a lane (it differs from row to row) are split off,
with a bias: those that share their lanes are later computed together, as a tile.
"""

from array import array
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from autograd import ops
from autograd.ops import Op
from autograd.replay.planning.chains import Chains, Terms
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
    weights: "array[int]"
    lanes: "array[int]"
    bias: int | None

    @property
    def uniforms(self) -> "array[int]":
        return self.weights if self.bias is None else self.weights + array("i", [self.bias])

    @property
    def operands(self) -> "array[int]":
        return self.lanes + self.uniforms


Instruction = Elementwise | Sum | Dot


def but_for_weights(it: Instruction) -> Sequence[int]:
    """Its operands, but for the weights and the bias of a dot product, which may be many, and are uniform."""
    return it.lanes if isinstance(it, Dot) else it.operands


def fused(tape: Tape, lane: bytearray, constants: dict[int, float]) -> list[Instruction]:
    """The tape's operations with its chains of additions fused, each after its operands.

    `lane` says of every node whether it differs from row to row. It is extended by the nodes that are new: dot products
    that were split off. `constants` are the numbers of the constants among the leaves.
    """
    chains = Chains(tape, np.array(lane, bool), constants)
    operations, first = tape.operations, tape.first_operation
    arity = [len(op.operands) for op in operations.rows]
    kept = np.flatnonzero(~chains.absorbed)
    instructions: list[Instruction] = []
    described = zip(kept.tolist(), operations.codes[kept].tolist(), operations.operands[kept].tolist(), strict=True)
    for i, code, operands in described:
        op = operations.rows[code]
        if op is ops.add:
            instructions += _split(first + i, chains.terms(i), lane)
        else:
            instructions.append(Elementwise(first + i, op, tuple(operands[: arity[code]])))
    return instructions


def _split(root: int, terms: Terms, lane: bytearray) -> Iterator[Instruction]:
    """A chain as a dot product of uniform weights with lanes, if it is one, and what remains."""
    weights, weighted, products, lanes, uniforms = terms
    has_bias = lane[root] and bool(uniforms)
    if not weights or len(weights) + has_bias < 2 or len(set(weighted)) < len(weighted):
        yield _plain(Sum(root, [*zip(weights, weighted, strict=True), *products], lanes + uniforms))
        return
    bias = uniforms.pop(0) if has_bias else None
    addends, out = lanes + uniforms, root
    if products or addends:
        out = len(lane)
        lane.append(True)
        addends.append(out)
    yield Dot(out, weights, weighted, bias)
    if out != root:
        yield _plain(Sum(root, products, addends))


def _plain(chain: Sum) -> Instruction:
    """A sum of just two nodes stays an addition, which can run together with other additions."""
    if not chain.products and len(chain.addends) == 2:
        return Elementwise(chain.out, ops.add, tuple(chain.addends))
    return chain
