"""The replay: a function's graph, run again on whole batches, and training steps made of it.

In come functions of Values, and arrays. Out go arrays of results and derivatives, and parameters that have moved. A
graph becomes a tape (`taping`, `tape`), which is made shorter (`passes`) and becomes a plan of instructions
(`planning`); kernels run it on many rows at a time (`compiled`), or plain Python row by row (`plain`). It knows the
page and the engine in use.
"""

from autograd.replay.choice import kernels_in_use
from autograd.replay.chunks import Travelling
from autograd.replay.recording import Recording, record
from autograd.replay.tape import Tape
from autograd.replay.update import Update

__all__ = ["Recording", "Tape", "Travelling", "Update", "kernels_in_use", "record"]
