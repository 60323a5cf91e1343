"""What runs together: instructions of one kind on one level of the graph, which don't depend on each other.

A level is the length of the longest path from a leaf, or from the weights of a tile, which are known before all lanes.
"""

from array import array
from collections import defaultdict
from typing import TypeAlias

from autograd.replay.planning.fusion import Dot, Elementwise, Instruction, but_for_weights
from autograd.replay.planning.nodes import Nodes

# Instructions that run as one: elementwise ones of one row, dot products of the same lanes, or a single sum
Run: TypeAlias = list[Instruction]
Level: TypeAlias = list[Run]


def levels_of(instructions: list[Instruction], nodes: Nodes) -> tuple[list[Level], list[Level]]:
    """The levels of instructions whose results are uniform, and of those whose results are lanes."""
    level = array("i", bytes(4 * len(nodes.lane)))
    found: dict[tuple[int, int], dict[object, Run]] = defaultdict(lambda: defaultdict(list))
    for it in instructions:
        here = level[it.out] = 1 + max(map(level.__getitem__, but_for_weights(it)), default=0)
        found[nodes.lane[it.out], here][_kind(it, nodes)].append(it)
    levels = [(lane, [*found[lane, n].values()]) for lane, n in sorted(found)]
    return [runs for lane, runs in levels if not lane], [runs for lane, runs in levels if lane]


def _kind(it: Instruction, nodes: Nodes) -> object:
    """Instructions of one level and of one kind run as one."""
    match it:
        case Elementwise():
            return (it.op, it.out in nodes.in_place, *[(nodes.lane[x], nodes.wanted[x]) for x in it.operands])
        case Dot():
            return it.lanes.tobytes()
        case _:
            return it.out
