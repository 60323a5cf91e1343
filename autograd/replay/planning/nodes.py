"""What a plan has to know of each node: whether it differs from row to row, needs a gradient, or a place of its own."""

from collections import Counter
from collections.abc import Set
from dataclasses import dataclass
from functools import cache
from itertools import chain

from autograd import ops
from autograd.ops import Op
from autograd.replay.planning.fusion import Elementwise, Instruction, but_for_weights
from autograd.replay.tape import Tape


@dataclass(frozen=True)
class Nodes:
    """What is known of nodes, by their numbers.

    - `lane`: whether it is a lane, which differs from row to row; else it is uniform, one number for all rows
    - `wanted`: whether its gradient is needed
    - `uses`: how often it is read, if it is a lane
    - `in_place`: the nodes that take the place of their operand
    """

    lane: bytearray
    wanted: bytearray
    uses: Counter[int]
    in_place: set[int]

    @classmethod
    def of(cls, tape: Tape, lane: bytearray, instructions: list[Instruction], of_inputs: bool) -> "Nodes":
        """The nodes of `tape`, and those that fusion added, for gradients of parameters or, `of_inputs`, of inputs."""
        wanted = _which_gradients(tape, len(lane), instructions, of_inputs)
        uses = Counter(chain(tape.outputs, *map(but_for_weights, instructions)))
        return cls(lane, wanted, uses, _which_in_place(lane, uses, instructions))


def _which_gradients(tape: Tape, count: int, instructions: list[Instruction], of_inputs: bool) -> bytearray:
    """For every node, whether it depends on a parameter; or, `of_inputs`, on an input."""
    wanted = tape.descendants(range(tape.first_leaf) if of_inputs else tape.parameter_numbers)
    wanted += bytes(count - len(wanted))
    for it in instructions:
        if it.out >= len(tape):
            wanted[it.out] = any(wanted[x] for x in it.operands)
    return wanted


def _which_in_place(lane: bytearray, uses: Counter[int], instructions: list[Instruction]) -> set[int]:
    """The results of functions of one operand whose number nothing else reads: no instruction, and no derivative."""
    made = {it.out: it for it in instructions}

    def may_be_overwritten(node: int) -> bool:
        it = made.get(node)
        kept = it is None or (isinstance(it, Elementwise) and "out" in _needed(it.op))
        return bool(lane[node]) and uses[node] == 1 and not kept

    unary = [it for it in instructions if isinstance(it, Elementwise) and len(it.operands) == 1]
    return {it.out for it in unary if "a" not in _needed(it.op) and may_be_overwritten(it.operands[0])}


@cache
def _needed(op: Op) -> Set[str]:
    """What the row's derivatives are computed from. For relu the result serves as well as the operand: either both are
    above 0, or neither."""
    return {"out"} if op is ops.relu else set().union(*op.needed)
