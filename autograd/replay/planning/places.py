"""Places: with many rows, lanes and their gradients take up room only while they are in use, so that more rows fit the
caches.

The code runs forward, then backward. A lane is in use from the instruction that computes it to the last one that reads
it, on the way back too where a derivative is computed from it; its gradient, from the first instruction on the way back
that writes it to the one that computed the lane. What is not in use at the same time may have the same place, but slots
that an instruction takes as one run stay neighbours.
"""

from collections.abc import Iterator
from functools import cache
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from autograd.languages import LANE_ROWS
from autograd.replay.planning.encoding import (
    A_GRADIENT,
    A_STEP,
    B_GRADIENT,
    B_STEP,
    COUNT,
    LIST,
    NO_GRADIENT,
    OPCODE,
    OUT,
    SUM,
    TILE,
    A,
    B,
)
from autograd.replay.planning.linear_scan import linear_scan

Integers = NDArray[Any]

VALUES, GRADIENTS = 0, 1  # what of a slot is in use


class Places(NamedTuple):
    """Where each slot's numbers are, and where their gradients; of tiles' slots, tile by tile; how many there are.

    `alone` says of a slot that it is in no run, and no tile's, so that its numbers may be anywhere.
    """

    values: NDArray[np.int32]
    gradients: NDArray[np.int32]
    of_tiles: NDArray[np.int32]
    alone: NDArray[np.int32]
    size: int


def placed(code: Integers, lists: Integers, slots: int, inputs: int, outputs: Integers, cleared: Integers) -> Places:
    """The places of so many lane slots. Each tile is told where in `of_tiles` its own begin.

    The first `inputs` slots are loaded before the code runs, and stay. Between forward and backward the `outputs` are
    read, and gradients are set: theirs, and those that are `cleared`.
    """
    end = 2 * len(code) + 1  # instruction i runs at time i, and backward at end - 1 - i
    first, last = np.full((2, slots), end), np.full((2, slots), -1)

    def use(what: int, operands: Integers, times: Integers) -> None:
        lanes = operands >= 0
        np.minimum.at(first[what], operands[lanes], times[lanes])
        np.maximum.at(last[what], operands[lanes], times[lanes])

    for what, is_backward, operands, which in _uses(code, lists):
        use(what, operands, end - 1 - which if is_backward else which)
    for what, operands in ((VALUES, outputs), (GRADIENTS, outputs), (GRADIENTS, cleared)):
        use(what, operands, np.full(len(operands), len(code)))
    first[VALUES, :inputs], last[VALUES, :inputs] = -1, end
    last[GRADIENTS, :inputs][last[GRADIENTS, :inputs] >= 0] = end

    begins = np.flatnonzero(~_follows(code, lists, slots))
    sizes = np.diff(begins, append=slots)
    firsts, lasts = np.minimum.reduceat(first, begins, axis=1), np.maximum.reduceat(last, begins, axis=1)
    used = np.nonzero(lasts >= 0)
    lives = zip(firsts[used].tolist(), lasts[used].tolist(), sizes[used[1]].tolist(), strict=True)
    found, count = linear_scan([*lives])
    moved = np.zeros(firsts.shape, np.int32)
    moved[used] = found - begins[used[1]]
    values, gradients = np.arange(slots, dtype=np.int32) + np.repeat(moved, sizes, axis=1)

    of_tiles: list[NDArray[np.int32]] = [np.zeros(0, np.int32)]
    alone, begin = (np.repeat(sizes, sizes) == 1).astype(np.int32), 0
    for tile in map(code.__getitem__, np.flatnonzero(code[:, OPCODE] == TILE)):
        its = lists[tile[LIST] : tile[LIST] + tile[COUNT] * (tile[A] + tile[B])]
        of_tiles += [values[its], gradients[its]]
        alone[its] = False
        tile[A_STEP], begin = begin, begin + 2 * len(its)
    return Places(values, gradients, np.concatenate(of_tiles), alone, count)


def _uses(code: Integers, lists: Integers) -> Iterator[tuple[int, bool, Integers, Integers]]:
    """What is used, and whether on the way back, by operands of which instructions."""
    opcode, count, a, b, out, start = (code[:, field] for field in (OPCODE, COUNT, A, B, OUT, LIST))

    rows = count * (opcode < SUM)
    lanes_a, lanes_b = rows * (a >= 0), rows * (b >= 0)
    operands = [_runs(a, code[:, A_STEP], lanes_a), _runs(b, code[:, B_STEP], lanes_b), _runs(out, 1, rows)]
    yield from ((VALUES, False, *its) for its in operands)
    for i, gradient in enumerate((A_GRADIENT, B_GRADIENT)):
        hands_on = code[:, gradient] != NO_GRADIENT
        for its, is_read in zip(operands, _reads()[i], strict=True):
            yield VALUES, True, *_those(hands_on & is_read[opcode], *its)
        yield GRADIENTS, True, *_those(hands_on, *operands[i])
        yield GRADIENTS, True, *_those(hands_on, *operands[2])

    is_sum = opcode == SUM
    yield VALUES, False, out[is_sum], np.flatnonzero(is_sum)
    at, which = _runs(start, 4, a * is_sum)
    for x, other, gradient in ((0, 1, 2), (1, 0, 3)):
        hands_on = lists[at + gradient] != NO_GRADIENT
        yield VALUES, False, lists[at + x], which
        yield VALUES, True, lists[at + other][hands_on], which[hands_on]
        yield GRADIENTS, True, lists[at + x][hands_on], which[hands_on]
        yield GRADIENTS, True, out[which[hands_on]], which[hands_on]
    at, which = _runs(start + 4 * a, 2, b * is_sum)
    hands_on = lists[at + 1] != NO_GRADIENT
    yield VALUES, False, lists[at], which
    yield GRADIENTS, True, lists[at][hands_on], which[hands_on]
    yield GRADIENTS, True, out[which[hands_on]], which[hands_on]

    tiles = count * (opcode == TILE)
    of_lanes, of_weights = code[:, A_GRADIENT] != NO_GRADIENT, code[:, B_GRADIENT] != NO_GRADIENT
    at, which = _runs(start, 1, tiles * a)
    yield VALUES, False, lists[at], which
    yield VALUES, True, *_those(of_weights, lists[at], which)
    yield GRADIENTS, True, *_those(of_lanes, lists[at], which)
    at, which = _runs(start + count * a, 1, tiles * b)
    yield VALUES, False, lists[at], which
    yield GRADIENTS, True, *_those(of_lanes | of_weights, lists[at], which)


@cache
def _reads() -> NDArray[np.bool_]:
    """Whether the derivative by an operand is computed from a, b or out, for each opcode; those of no row have none."""
    reads = np.zeros((2, 3, TILE + 1), bool)
    for code, op in enumerate(LANE_ROWS):
        for i, needed in enumerate(op.needed):
            reads[i, :, code] = [x in needed for x in ("a", "b", "out")]
    return reads


def _follows(code: Integers, lists: Integers, slots: int) -> NDArray[np.bool_]:
    """Of each slot whether an instruction takes it in one run with the one before."""
    begun = np.zeros(slots + 2, np.intp)  # how many more runs begin than end

    def run(first: Integers, last: Integers) -> None:
        np.add.at(begun, 1 + np.minimum(first, last), 1)
        np.add.at(begun, 1 + np.maximum(first, last), -1)

    rows = code[code[:, OPCODE] < SUM]
    for first, step in ((rows[:, A], rows[:, A_STEP]), (rows[:, B], rows[:, B_STEP]), (rows[:, OUT], 1)):
        lanes = first >= 0
        run(first[lanes], (first + step * (rows[:, COUNT] - 1))[lanes])
    tiles = code[code[:, OPCODE] == TILE]
    count, terms, results = tiles[:, COUNT], tiles[:, A], tiles[:, B]
    for start, length in ((tiles[:, LIST], terms), (tiles[:, LIST] + count * terms, results)):
        at, which = _runs(start, 1, count * length)
        goes_on = (at + 1 - start[which]) % length[which] > 0  # at the same place
        at = at[goes_on]
        at = at[lists[at + 1] == lists[at] + 1]
        run(lists[at], lists[at + 1])
    return np.cumsum(begun)[:slots] > 0


def _runs(first: Integers, step: Integers | int, count: Integers) -> tuple[Integers, Integers]:
    """For each instruction `count` numbers, `step` apart; and whose they are."""
    which = np.repeat(np.arange(len(count)), count)
    nth = np.arange(len(which)) - np.repeat(np.cumsum(count) - count, count)
    return first[which] + np.broadcast_to(step, first.shape)[which] * nth, which


def _those(kept: NDArray[np.bool_], operands: Integers, which: Integers) -> tuple[Integers, Integers]:
    """The operands of instructions that are kept."""
    return operands[kept[which]], which[kept[which]]
