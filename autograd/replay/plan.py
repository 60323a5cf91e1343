"""The plan of a compiled replay: which numbers share a loop, where they live, and who writes a gradient first.

`Plan` turns a tape into the arrays of integers that `kernels/replay.h` describes. Instructions of one kind on one level
of the graph (the longest path from a leaf) don't depend on each other: they get consecutive slots and run as one.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Set
from functools import cache
from itertools import chain
from typing import TypeAlias

import numpy as np

from autograd import ops
from autograd.ops import TABLE, Op
from autograd.replay.fusion import Dot, Elementwise, Instruction, Sum, fused
from autograd.replay.tape import Tape

NO_GRADIENT, STORE, ADD = range(3)
_OPCODE = {op: i for i, op in enumerate(TABLE.values())}
_SUM, _TILE = len(TABLE), len(TABLE) + 1

# The fields of an instruction, as in kernels/replay.h
OPCODE, COUNT, A, A_STEP, B, B_STEP, OUT, A_GRADIENT, B_GRADIENT, LIST = range(10)


# Instructions that run as one: elementwise ones of one row, dot products of the same lanes, or a single sum
_Run: TypeAlias = list[Instruction]


class Plan:
    """How to replay `tape` in compiled code, with the gradients of its parameters, or of its inputs.

    - `code`, `uniform_code`: arrays of instructions; `lists`: what sums and tiles refer to
    - `leaf_order`: the leaves' numbers in the order of their uniform slots, which come first
    - `parameter_slots`: the uniform slot of every parameter of the tape
    - `inputs`: first slot, first input and how many, for runs of inputs in consecutive slots
    - `outputs`: the results, as operands; `cleared`: lane slots whose gradient starts at 0
    - `lane_slots`, `uniform_slots`: how many there are; `tile_lanes_room`, `tile_weights_room`, `one_row_room`: what
      instructions need beside them (see kernels/tile.h), for each lane, for weights, and with one row
    """

    def __init__(self, tape: Tape, of_inputs: bool = False) -> None:
        self.tape = tape
        self.constants = {i: leaf.data for i, leaf in tape.constants.items()}
        self._lane = tape.descendants(range(tape.first_leaf))
        instructions = fused(tape, self._lane, self.constants)
        self._wanted = self._which_gradients(instructions, of_inputs)
        self._in_place = self._which_in_place(instructions)
        self._slot: dict[int, int] = {}
        self._lists: list[int] = []
        self.lane_slots = self.uniform_slots = 0
        self.tile_lanes_room = self.tile_weights_room = self.one_row_room = 0

        levels = self._levels(instructions)
        uniform = [level for lane, level in levels if not lane]
        lanes = [level for lane, level in levels if lane]
        self._place_leaves(lanes)
        uniform_code = [row for level in uniform for row in self._emit(level, uniform=True)]
        self._place_inputs(instructions)
        code = [row for level in lanes for row in self._emit(level, uniform=False)]
        self.outputs = [self._operand(node) for node in tape.outputs]
        self.cleared = self._say_who_stores(code)
        self.code, self.uniform_code = _array(code, 10), _array(uniform_code, 10)
        self.lists = np.array(self._lists, dtype=np.int32)

    @property
    def summary(self) -> str:
        """Its instructions, fused ones, bytes and arithmetic, in words."""
        operations, fused_into = len(self.tape.operations), self.code[:, OPCODE]
        tiles, sums = self.code[fused_into == _TILE].astype(np.int64), self.code[fused_into == _SUM]
        elementwise = self.code[fused_into < _SUM]
        flops = int(
            2 * (tiles[:, COUNT] * tiles[:, A] * tiles[:, B]).sum()
            + (2 * sums[:, A] + sums[:, B]).sum()
            + elementwise[:, COUNT].sum()
        )
        return (
            f"{operations} operations in {len(self.code) + len(self.uniform_code)} instructions, of which {len(tiles)} "
            f"tiles of {(tiles[:, COUNT] * tiles[:, B]).sum()} dot products and {len(sums)} sums of products; "
            f"{len(self.parameter_slots)} parameters; with the gradient {16 * self.lane_slots} bytes and "
            f"{3 * flops / 1e6:.3g} megaflops a row"
        )

    def _which_gradients(self, instructions: Iterable[Instruction], of_inputs: bool) -> list[bool]:
        """For every node, whether it depends on a parameter; or, `of_inputs`, on an input."""
        tape = self.tape
        wanted = [False] * len(self._lane)
        for i in range(tape.first_leaf) if of_inputs else tape.parameters:
            wanted[i] = True
        for it in instructions:
            wanted[it.out] = any(wanted[x] for x in it.operands)
        return wanted

    def _which_in_place(self, instructions: list[Instruction]) -> set[int]:
        """The nodes that take the place of their operand: not even a derivative needs that number any more."""
        uses = Counter(chain(self.tape.outputs, *[it.operands for it in instructions]))
        made = {it.out: it for it in instructions}

        def is_dispensable(node: int) -> bool:
            it = made.get(node)
            needed = it is None or (isinstance(it, Elementwise) and "out" in _needed(it.op))
            return self._lane[node] and uses[node] == 1 and not needed

        unary = [it for it in instructions if isinstance(it, Elementwise) and len(it.operands) == 1]
        return {it.out for it in unary if "a" not in _needed(it.op) and is_dispensable(it.operands[0])}

    def _levels(self, instructions: list[Instruction]) -> list[tuple[bool, list[_Run]]]:
        """Runs of instructions, level by level: on uniform slots (False), then on lanes (True)."""
        level: dict[int, int] = {}
        levels: dict[tuple[bool, int], dict[object, list[Instruction]]] = defaultdict(lambda: defaultdict(list))
        for it in instructions:
            here = level[it.out] = 1 + max([level.get(x, 0) for x in it.operands], default=0)
            key: object
            match it:
                case Elementwise():
                    key = (it.op, it.out in self._in_place, *[(self._lane[x], self._wanted[x]) for x in it.operands])
                case Dot():
                    key = it.lanes
                case _:
                    key = it.out
            levels[self._lane[it.out], here][key].append(it)
        return [(lane, [*levels[lane, n].values()]) for lane, n in sorted(levels)]

    # Slots

    def _place_leaves(self, levels: list[list[_Run]]) -> None:
        """Leaves in the order in which tiles use them, so that each result finds its weights and bias side by side.

        Other constants that are equal share a slot.
        """
        tape = self.tape
        dots = (it for level in levels for run in level for it in run if isinstance(it, Dot))
        leaves = range(tape.first_leaf, tape.first_operation)
        order = list(dict.fromkeys(x for x in chain.from_iterable(it.uniforms for it in dots) if x in leaves))
        for x in order:
            self._place(x)
        slots: dict[int | str, int] = {}
        for x in leaves:
            if x not in self._slot:
                number = self.constants[x].hex() if x in self.constants else x
                if number not in slots:
                    order.append(x)
                slots[number] = self._place(x, at=slots.get(number))
        self.leaf_order = [x - tape.first_leaf for x in order]
        self.parameter_slots = np.array([self._slot[x] for x in tape.parameters], dtype=np.int32)

    def _place_inputs(self, instructions: Iterable[Instruction]) -> None:
        used = {x for it in instructions for x in it.operands} | set(self.tape.outputs)
        self.inputs: list[tuple[int, int, int]] = []
        for x in range(self.tape.first_leaf):
            if x in used:
                slot = self._place(x)
                if self.inputs and sum(self.inputs[-1][1:]) == x:
                    first, column, count = self.inputs[-1]
                    self.inputs[-1] = (first, column, count + 1)
                else:
                    self.inputs.append((slot, x, 1))

    def _place(self, node: int, at: int | None = None) -> int:
        if at is not None:
            self._slot[node] = at
        elif self._lane[node]:
            self._slot[node] = self.lane_slots
            self.lane_slots += 1
        else:
            self._slot[node] = self.uniform_slots
            self.uniform_slots += 1
        return self._slot[node]

    def _operand(self, node: int, uniform: bool = False) -> int:
        """The slot of a lane, or ~slot of a uniform number; for uniform instructions the slot."""
        return self._slot[node] if uniform or self._lane[node] else ~self._slot[node]

    # Instructions

    def _emit(self, level: list[_Run], uniform: bool) -> list[list[int]]:
        code: list[list[int]] = []
        tiles: dict[object, list[list[Dot]]] = defaultdict(list)
        for run in level:
            match run[0]:
                case Elementwise():
                    code += self._emit_elementwise([it for it in run if isinstance(it, Elementwise)], uniform)
                case Dot():
                    dots = [it for it in run if isinstance(it, Dot)]
                    dots.sort(key=lambda it: self._slot[it.weights[0]])
                    tiles[tuple([(it.weights, it.bias) for it in dots])].append(dots)
                case it:
                    code.append(self._emit_sum(it, uniform))
        return code + [self._emit_tile(places) for places in tiles.values()]

    def _emit_elementwise(self, members: list[Elementwise], uniform: bool) -> list[list[int]]:
        """Runs as long as each operand's slots are consecutive, or stay the same."""
        op, nodes = members[0].op, members[0].operands
        a_gradient = self._gradient(nodes[0])
        b_gradient = self._gradient(nodes[1]) if len(nodes) == 2 else NO_GRADIENT
        code: list[list[int]] = []
        start: tuple[int, int] = (0, 0)  # the operands' slots in the first of a run
        for (a, b), i in sorted(
            ((self._slot[it.operands[0]], self._slot[it.operands[-1]]), i) for i, it in enumerate(members)
        ):
            out = self._place(members[i].out, at=a if members[i].out in self._in_place else None)
            steps = code and _steps(code[-1], a - start[0], b - start[1])
            if steps:
                code[-1][A_STEP], code[-1][B_STEP] = steps
                code[-1][COUNT] += 1
                self.one_row_room = max(self.one_row_room, code[-1][COUNT])
            else:
                start = a, b
                x, y = (self._operand(node, uniform) for node in (members[i].operands[0], members[i].operands[-1]))
                code.append([_OPCODE[op], 1, x, int(x >= 0), y, int(y >= 0), out, a_gradient, b_gradient, 0])
        return code

    def _emit_sum(self, it: Sum, uniform: bool) -> list[int]:
        start = len(self._lists)
        for x, y in it.products:
            self._lists += (self._operand(x, uniform), self._operand(y, uniform), self._gradient(x), self._gradient(y))
        for x in it.addends:
            self._lists += (self._operand(x, uniform), self._gradient(x))
        return [_SUM, 1, len(it.products), 0, len(it.addends), 0, self._place(it.out), 0, 0, start]

    def _emit_tile(self, places: list[list[Dot]]) -> list[int]:
        """The same weights at so many places: at each, dot products of the same lanes."""
        start, dots, width = len(self._lists), places[0], len(places[0][0].lanes)
        rows = [[self._slot[w] for w in it.weights] for it in dots]
        first, step = rows[0][0], width + (dots[0].bias is not None)
        side_by_side = rows == [[first + j * step + k for k in range(width)] for j in range(len(dots))]
        self._lists += [self._slot[x] for place in places for x in place[0].lanes]
        self._lists += [self._place(it.out) for place in places for it in place]
        self._lists += chain.from_iterable(rows)
        self._lists += [-1 if it.bias is None else self._slot[it.bias] for it in dots]
        self.tile_lanes_room = max(self.tile_lanes_room, width + 8)
        self.tile_weights_room = max(self.tile_weights_room, 3 * len(dots) * (width + 8))
        self.one_row_room = max(self.one_row_room, len(places) * (width + 8 + len(dots)))
        of_lanes = ADD if any(self._wanted[x] for place in places for x in place[0].lanes) else NO_GRADIENT
        of_weights = ADD if any(self._wanted[w] for it in dots for w in it.uniforms) else NO_GRADIENT
        out, step = (first, step) if side_by_side else (-1, width)
        return [_TILE, len(places), width, 0, len(dots), step, out, of_lanes, of_weights, start]

    def _gradient(self, node: int) -> int:
        return ADD if self._wanted[node] else NO_GRADIENT

    # Gradients

    def _say_who_stores(self, code: list[list[int]]) -> list[int]:
        """Going backward, turn ADD to STORE for the first writer of each lane's gradient.

        Returns the slots whose gradient must start at 0: their first writer can't store, as it writes a slot twice, or
        slots that others wrote before.
        """
        written = {x for x in self.outputs if x >= 0}
        cleared: list[int] = []

        def how(slots: list[int]) -> int:
            """Whether an instruction stores or adds to these slots."""
            fresh = [x for x in slots if x not in written]
            written.update(fresh)
            if len(fresh) == len(slots) == len(set(slots)):
                return STORE
            cleared.extend(fresh)
            return ADD

        for it in reversed(code):
            if it[OPCODE] == _TILE:
                if it[A_GRADIENT]:
                    it[A_GRADIENT] = how(self._lists[it[LIST] : it[LIST] + it[COUNT] * it[A]])
            elif it[OPCODE] == _SUM:
                end = it[LIST] + 4 * it[A]
                places = [(i + k, i + 2 + k) for i in range(it[LIST], end, 4) for k in (0, 1)]
                places += [(i, i + 1) for i in range(end, end + 2 * it[B], 2)]
                for slot, gradient in places:
                    if self._lists[gradient] and self._lists[slot] >= 0:
                        self._lists[gradient] = how([self._lists[slot]])
            elif it[A] == it[OUT]:  # in place
                it[A_GRADIENT] = min(it[A_GRADIENT], STORE)
            else:
                for first, step, gradient in ((A, A_STEP, A_GRADIENT), (B, B_STEP, B_GRADIENT)):
                    if it[gradient] and it[first] >= 0:
                        count = it[COUNT] if it[step] else 1
                        it[gradient] = how(list(range(it[first], it[first] + count)))
        return cleared


def _steps(it: list[int], *distances: int) -> tuple[int, ...] | None:
    """The steps between operands if the run `it` goes on with slots at these distances from its first, else None."""
    count = it[COUNT]
    if count == 1:
        return distances if any(distances) and all(d in (0, 1) for d in distances) else None
    steps = it[A_STEP], it[B_STEP]
    return steps if all(d == step * count for d, step in zip(distances, steps, strict=True)) else None


@cache
def _needed(op: Op) -> Set[str]:
    """What derivatives are computed from. relu's result does as well as its operand: both are above 0, or neither."""
    return {"out"} if op is ops.relu else op.needed


def _array(rows: list[list[int]], width: int) -> np.ndarray[tuple[int, int], np.dtype[np.int32]]:
    return np.array(rows, dtype=np.int32).reshape(-1, width)
