"""The plan of a compiled replay: a tape, said in integers that the kernels understand.

In comes a tape; out goes its `Plan`. Chains of additions (`chains`) are fused (`fusion`), it is found out what each
node needs (`nodes`) and what can run together (`levels`), numbers get slots (`slots`), instructions are written
(`encoding`), the first to write a gradient stores it (`storing`), and with many rows slots share places (`places`, by
`linear_scan`). It knows the table and the tape.
"""

from autograd.replay.planning.plan import Plan

__all__ = ["Plan"]
