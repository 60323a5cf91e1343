"""`Plan`: which numbers share a loop, where they live, and who writes a gradient first."""

from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from autograd.replay.passes import simplified
from autograd.replay.planning.encoding import COUNT, FIELDS, OPCODE, SUM, TILE, A, B, Encoder
from autograd.replay.planning.fusion import fused
from autograd.replay.planning.levels import levels_of
from autograd.replay.planning.nodes import Nodes
from autograd.replay.planning.places import Places, placed
from autograd.replay.planning.reuse import reuse
from autograd.replay.planning.slots import Slots
from autograd.replay.planning.storing import say_who_stores
from autograd.replay.tape import Tape


class Plan:
    """How to replay `tape` in compiled code, with the gradients of its parameters, or of its inputs.

    - `tape`: the one that is replayed, after `passes`; `operations`: how many it had before
    - `constants`: its constants' numbers, by which it was planned
    - `code`, `uniform_code`: arrays of instructions; `lists`: what sums and tiles refer to
    - `leaf_order`: the leaves' numbers in the order of their uniform slots, which come first
    - `parameter_slots`: the uniform slot of every parameter of the tape
    - `inputs`: first slot, first input and how many, for runs of inputs in consecutive slots; `input_slots`: how many
    - `outputs`: the results, as operands; `cleared`: lane slots whose gradient starts at 0
    - `lane_slots`, `uniform_slots`: how many there are; `tile_lanes_room`, `tile_weights_room`, `one_row_room`: what
      instructions need beside them (see kernels/tile.h), for each lane, for weights, and with one row
    """

    def __init__(self, tape: Tape, of_inputs: bool = False) -> None:
        self.operations = len(tape.operations)
        self.tape = tape = simplified(tape)
        self.constants = {i: leaf.data for i, leaf in tape.constants.items()}
        lane = tape.descendants(range(tape.first_leaf))
        instructions = fused(tape, lane, self.constants)
        nodes = Nodes.of(tape, lane, instructions, of_inputs)
        uniform, lanes = levels_of(instructions, nodes)

        slots = Slots(lane)
        encoder = Encoder(nodes, slots)
        self.leaf_order = slots.place_leaves(tape, self.constants, lanes)
        self.parameter_slots = slots.of(tape.parameter_numbers)
        uniform_code = encoder.encode(uniform, uniform=True)
        self.inputs = slots.place_inputs(x for x in range(tape.first_leaf) if nodes.uses[x])
        self.input_slots = slots.lanes
        code = encoder.encode(lanes, uniform=False)
        reuse(code)
        self.outputs = [slots.operand(node) for node in tape.outputs]
        self.cleared = say_who_stores(code, encoder.lists, self.outputs)

        self.code, self.uniform_code = _array(code), _array(uniform_code)
        self.lists = np.array(encoder.lists, dtype=np.int32)
        self.lane_slots, self.uniform_slots = slots.lanes, slots.uniforms
        self.tile_lanes_room, self.tile_weights_room = encoder.tile_lanes_room, encoder.tile_weights_room
        self.one_row_room = encoder.one_row_room

    @cached_property
    def places(self) -> Places:
        """Where lanes are with many rows."""
        outputs, cleared = np.array(self.outputs, np.int32), np.array(self.cleared, np.int32)
        return placed(self.code, self.lists, self.lane_slots, self.input_slots, outputs, cleared)

    @property
    def flops(self) -> int:
        """Floating-point operations of a row, without gradients; one for a row of the table, whatever it is."""
        tiles, sums, elementwise = self._kinds()
        products = 2 * (tiles[:, COUNT] * tiles[:, A] * tiles[:, B]).sum()
        return int(products + (2 * sums[:, A] + sums[:, B]).sum() + elementwise[:, COUNT].sum())

    @property
    def summary(self) -> str:
        """Its instructions, fused ones, bytes and arithmetic, in words."""
        tiles, sums, _ = self._kinds()
        return (
            f"{self.operations} operations in {len(self.code) + len(self.uniform_code)} instructions, of which "
            f"{len(tiles)} tiles of {(tiles[:, COUNT] * tiles[:, B]).sum()} dot products and {len(sums)} sums of "
            f"products; {len(self.parameter_slots)} parameters; with the gradient {8 * self.places.size} bytes and "
            f"{3 * self.flops / 1e6:.3g} megaflops a row"
        )

    def _kinds(self) -> tuple[NDArray[np.int64], ...]:
        """The tiles, sums and elementwise instructions."""
        code, opcodes = self.code.astype(np.int64), self.code[:, OPCODE]
        return code[opcodes == TILE], code[opcodes == SUM], code[opcodes < SUM]


def _array(code: list[list[int]]) -> np.ndarray[tuple[int, int], np.dtype[np.int32]]:
    return np.array(code, dtype=np.int32).reshape(-1, FIELDS)
