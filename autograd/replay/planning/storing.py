"""Who stores: the first instruction to write a gradient stores it, later ones add, and nothing is cleared before."""

from collections.abc import MutableSequence, Sequence

from autograd.replay.planning.encoding import (
    A_GRADIENT,
    A_STEP,
    ADD,
    B_GRADIENT,
    B_STEP,
    COUNT,
    LIST,
    OPCODE,
    OUT,
    STORE,
    SUM,
    TILE,
    A,
    B,
)


def say_who_stores(code: list[list[int]], lists: MutableSequence[int], outputs: list[int]) -> list[int]:
    """Going backward, let the first writer of each lane's gradient store it, where later ones add.

    Returns the slots whose gradients must be set to 0 first: their first writer can't store, because it writes a slot
    twice, or together with slots that others wrote before.
    """
    written = {x for x in outputs if x >= 0}
    cleared: list[int] = []

    def how(slots: Sequence[int]) -> int:
        """Whether an instruction stores or adds to these slots."""
        fresh = [x for x in slots if x not in written]
        written.update(fresh)
        if len(fresh) == len(slots) == len(set(slots)):
            return STORE
        cleared.extend(fresh)
        return ADD

    for it in reversed(code):
        if it[OPCODE] == TILE:
            if it[A_GRADIENT]:
                it[A_GRADIENT] = how(lists[it[LIST] : it[LIST] + it[COUNT] * it[A]])
        elif it[OPCODE] == SUM:
            for slot, gradient in _places_in_sum(it):
                if lists[gradient] and lists[slot] >= 0:
                    lists[gradient] = how([lists[slot]])
        elif it[A] == it[OUT]:  # in place
            it[A_GRADIENT] = min(it[A_GRADIENT], STORE)
        else:
            for first, step, gradient in ((A, A_STEP, A_GRADIENT), (B, B_STEP, B_GRADIENT)):
                if it[gradient] and it[first] >= 0:
                    count = it[COUNT] if it[step] else 1
                    it[gradient] = how([it[first] + i * it[step] for i in range(count)])
    return cleared


def _places_in_sum(it: list[int]) -> list[tuple[int, int]]:
    """For each operand of a sum, where in the lists its slot stands, and what to do with its gradient."""
    end = it[LIST] + 4 * it[A]
    factors = [(i + k, i + 2 + k) for i in range(it[LIST], end, 4) for k in (0, 1)]
    return factors + [(i, i + 1) for i in range(end, end + 2 * it[B], 2)]
