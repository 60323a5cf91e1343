"""Which replay runs a tape: the compiled one where it can, else the one in plain Python, slow and right.

It can where it was built, for the rows of the table, which the kernels were made from.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING

from autograd.engines import engine
from autograd.ops import TABLE
from autograd.replay.plain import PlainReplay
from autograd.replay.protocol import Replay
from autograd.replay.tape import Tape

__all__ = ["Leaves", "all_finite", "kernels_in_use", "new_replay"]

if TYPE_CHECKING or engine == "python":
    from autograd.replay.arrays import Leaves, all_finite

    new_replay: Callable[[Tape], Replay] = PlainReplay

    def kernels_in_use() -> str:
        """In words, what a replay runs on here."""
        return "none: a replay runs in plain Python, row by row"

else:
    from autograd.replay._replay import available_kernels, use_kernels
    from autograd.replay.compiled import CompiledReplay, Leaves, all_finite

    def new_replay(tape):
        return CompiledReplay(tape) if {*tape.operations.rows} <= {*TABLE.values()} else PlainReplay(tape)

    def kernels_in_use():
        return f"{use_kernels()} instructions (this processor has {', '.join(available_kernels())})"
