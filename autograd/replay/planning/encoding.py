"""Instructions as the kernels read them: ten integers each, and lists of what sums and tiles refer to.

What the integers mean stands in `kernels/program.h`.
"""

from array import array
from collections import defaultdict

import numpy as np

from autograd.languages import LANE_ROWS
from autograd.replay.planning.fusion import Dot, Elementwise, Sum
from autograd.replay.planning.levels import Level
from autograd.replay.planning.nodes import Nodes
from autograd.replay.planning.slots import Slots

# The fields of an instruction
FIELDS = 10
OPCODE, COUNT, A, A_STEP, B, B_STEP, OUT, A_GRADIENT, B_GRADIENT, LIST = range(FIELDS)

# Opcodes: a row's place among the kernels, and what fusion made
ROW = {op: i for i, op in enumerate(LANE_ROWS)}
SUM, TILE = len(LANE_ROWS), len(LANE_ROWS) + 1

# What an instruction does with the gradient of an operand
NO_GRADIENT, STORE, ADD = range(3)


class Encoder:
    """Writes instructions, and places their results in `slots`.

    - `lists`: what sums and tiles refer to
    - `tile_lanes_room`, `tile_weights_room`, `one_row_room`: how many numbers tiles need beside the slots (see
      kernels/tile.h): for each lane, for weights, and with one row
    """

    def __init__(self, nodes: Nodes, slots: Slots) -> None:
        self._nodes, self._slots = nodes, slots
        self.lists = array("i")
        self.tile_lanes_room = self.tile_weights_room = self.one_row_room = 0

    def encode(self, levels: list[Level], uniform: bool) -> list[list[int]]:
        """The instructions of these levels; `uniform` says that all their operands are."""
        return [it for level in levels for it in self._level(level, uniform)]

    def _level(self, level: Level, uniform: bool) -> list[list[int]]:
        code: list[list[int]] = []
        tiles: dict[object, list[list[Dot]]] = defaultdict(list)
        for run in level:
            match run[0]:
                case Elementwise():
                    code += self._elementwise([it for it in run if isinstance(it, Elementwise)], uniform)
                case Dot():
                    dots = [it for it in run if isinstance(it, Dot)]
                    dots.sort(key=lambda it: self._slots[it.weights[0]])
                    tiles[tuple([(it.weights.tobytes(), it.bias) for it in dots])].append(dots)
                case it:
                    code.append(self._sum(it, uniform))
        return code + [self._tile(places) for places in tiles.values()]

    def _elementwise(self, members: list[Elementwise], uniform: bool) -> list[list[int]]:
        """Runs as long as operands' slots are equally far apart, or stay the same; in place they are neighbours."""
        op, nodes = members[0].op, members[0].operands
        in_place = members[0].out in self._nodes.in_place
        a_gradient = self._gradient(nodes[0])
        b_gradient = self._gradient(nodes[1]) if len(nodes) == 2 else NO_GRADIENT
        code: list[list[int]] = []
        start: tuple[int, int] = (0, 0)  # the operands' slots in the first of a run
        for (a, b), i in sorted(
            ((self._slots[it.operands[0]], self._slots[it.operands[-1]]), i) for i, it in enumerate(members)
        ):
            it = members[i]
            out = self._slots.place(it.out, at=a if in_place else None)
            steps = code and _steps(code[-1], a - start[0], b - start[1])
            if steps and (steps == (1, 1) or not in_place):
                code[-1][A_STEP], code[-1][B_STEP] = steps
                code[-1][COUNT] += 1
            else:
                start = a, b
                x, y = (self._operand(node, uniform) for node in (it.operands[0], it.operands[-1]))
                code.append([ROW[op], 1, x, int(x >= 0), y, int(y >= 0), out, a_gradient, b_gradient, 0])
        return code

    def _sum(self, it: Sum, uniform: bool) -> list[int]:
        start = len(self.lists)
        for x, y in it.products:
            self.lists.extend(
                (self._operand(x, uniform), self._operand(y, uniform), self._gradient(x), self._gradient(y))
            )
        for x in it.addends:
            self.lists.extend((self._operand(x, uniform), self._gradient(x)))
        return [SUM, 1, len(it.products), 0, len(it.addends), 0, self._slots.place(it.out), 0, 0, start]

    def _tile(self, places: list[list[Dot]]) -> list[int]:
        """The same weights at so many places: at each, dot products of the same lanes."""
        start, dots, width = len(self.lists), places[0], len(places[0][0].lanes)
        weights = self._slots.of(array("i", b"".join([it.weights for it in dots]))).reshape(-1, width)
        first, step = int(weights[0, 0]), width + (dots[0].bias is not None)
        slots_from_there = np.arange(first, first + len(dots) * step).reshape(-1, step)
        side_by_side = (weights == slots_from_there[:, :width]).all()
        self.lists.extend([self._slots[x] for place in places for x in place[0].lanes])
        self.lists.extend([self._slots.place(it.out) for place in places for it in place])
        self.lists.frombytes(weights.tobytes())
        self.lists.extend([-1 if it.bias is None else self._slots[it.bias] for it in dots])
        self.tile_lanes_room = max(self.tile_lanes_room, width + 8)
        self.tile_weights_room = max(self.tile_weights_room, 3 * len(dots) * (width + 8))
        self.one_row_room = max(self.one_row_room, len(places) * (width + 8 + len(dots)))
        wanted = self._nodes.wanted
        of_lanes = ADD if any(wanted[x] for place in places for x in place[0].lanes) else NO_GRADIENT
        of_weights = ADD if any(wanted[w] for it in dots for w in it.uniforms) else NO_GRADIENT
        out, step = (first, step) if side_by_side else (-1, width)
        return [TILE, len(places), width, 0, len(dots), step, out, of_lanes, of_weights, start]

    def _operand(self, node: int, uniform: bool) -> int:
        """A node as an operand: its slot, and in instructions on lanes also whether it is uniform."""
        return self._slots[node] if uniform else self._slots.operand(node)

    def _gradient(self, node: int) -> int:
        return ADD if self._nodes.wanted[node] else NO_GRADIENT


def _steps(it: list[int], *distances: int) -> tuple[int, ...] | None:
    """The steps between operands if the run `it` goes on with slots at these distances from its first, else None."""
    count = it[COUNT]
    if count == 1:
        return distances if any(distances) else None
    steps = it[A_STEP], it[B_STEP]
    return steps if all(d == step * count for d, step in zip(distances, steps, strict=True)) else None
