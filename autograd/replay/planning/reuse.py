"""Reuse: a derivative reads what it would compute anew, where an instruction computes that of the same operand.

So the derivative of tanh reads sech2, and that of sech2 tanh, where both are there: in a loss with derivatives inside.
"""

from autograd.languages import REUSING_ROWS
from autograd.replay.planning.encoding import A_GRADIENT, A_STEP, B_STEP, COUNT, OPCODE, OUT, ROW, SUM, A, B

_REUSING = {ROW[row]: (ROW[other], ROW[reusing]) for row, (other, reusing) in REUSING_ROWS.items()}


def reuse(code: list[list[int]]) -> None:
    """Let instructions on lanes read another's results as operand `b`, if these are one run and nothing takes their
    place.
    """
    rows = [it for it in code if it[OPCODE] < SUM and it[A] >= 0]
    taken = {slot for it in rows if it[A] == it[OUT] for slot in range(it[OUT], it[OUT] + it[COUNT])}
    computed = {
        (it[OPCODE], it[A] + i * it[A_STEP]): it[OUT] + i
        for it in rows
        for i in range(it[COUNT])
        if it[OUT] + i not in taken
    }
    for it in rows:
        if it[OPCODE] in _REUSING and it[A_GRADIENT]:
            other, reusing = _REUSING[it[OPCODE]]
            first = computed.get((other, it[A]))
            if first is not None and all(
                computed.get((other, it[A] + i * it[A_STEP])) == first + i for i in range(it[COUNT])
            ):
                it[OPCODE], it[B], it[B_STEP] = reusing, first, 1
