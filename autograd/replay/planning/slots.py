"""Slots: where the kernels find each number. A lane's slot has a number for each row; a uniform number's has one."""

from array import array
from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from autograd.replay.planning.fusion import Dot
from autograd.replay.planning.levels import Level
from autograd.replay.tape import Tape

NOWHERE = -1


class Slots:
    """The slots of nodes, in the order in which they were placed; `lanes` and `uniforms` say how many there are."""

    def __init__(self, lane: bytearray) -> None:
        self._lane = lane
        self._slot = array("i", [NOWHERE]) * len(lane)
        self.lanes = self.uniforms = 0

    def __getitem__(self, node: int) -> int:
        return self._slot[node]

    def operand(self, node: int) -> int:
        """The slot of a lane, or ~slot of a uniform number."""
        return self._slot[node] if self._lane[node] else ~self._slot[node]

    def place(self, node: int, at: int | None = None) -> int:
        """Give the node the next slot of its kind, or let it share the slot `at`; the slot."""
        if at is not None:
            self._slot[node] = at
        elif self._lane[node]:
            self._slot[node] = self.lanes
            self.lanes += 1
        else:
            self._slot[node] = self.uniforms
            self.uniforms += 1
        return self._slot[node]

    def place_leaves(self, tape: Tape, constants: dict[int, float], levels: list[Level]) -> NDArray[np.int32]:
        """Place leaves in the order in which tiles use them, so that a result's weights and bias stand side by side.

        They are the first that are placed. Other constants that are equal share a slot. Returns the leaves' places in
        the tape, in the order of slots.
        """
        first, end, slot = tape.first_leaf, tape.first_operation, np.asarray(self._slot)
        dots = (it for level in levels for run in level for it in run if isinstance(it, Dot))
        read = np.asarray(array("i", b"".join([it.uniforms for it in dots])))
        read = read[read < end]
        when = np.arange(len(read), dtype=np.int32)
        slot[read[::-1]] = when[::-1]  # the first time that it is read
        order = read[slot[read] == when]
        slot[order] = when[: len(order)]
        self.uniforms = len(order)
        others = array("i")
        slots: dict[int | str, int] = {}
        for x in (first + np.flatnonzero(slot[first:end] == NOWHERE)).tolist():
            number = constants[x].hex() if x in constants else x
            if number not in slots:
                others.append(x)
            slots[number] = self.place(x, at=slots.get(number))
        return np.concatenate([order, others]) - first

    def place_inputs(self, inputs: Iterable[int]) -> list[tuple[int, int, int]]:
        """Place inputs, in order: first slot, first input and how many, for runs of neighbours."""
        runs: list[tuple[int, int, int]] = []
        for x in inputs:
            slot = self.place(x)
            if runs and sum(runs[-1][1:]) == x:
                first, column, count = runs[-1]
                runs[-1] = (first, column, count + 1)
            else:
                runs.append((slot, x, 1))
        return runs

    def of(self, nodes: "array[int] | NDArray[np.intp]") -> NDArray[np.int32]:
        """The slots of several nodes."""
        return np.asarray(self._slot)[nodes]
