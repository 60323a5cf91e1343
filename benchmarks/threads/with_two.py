"""In at most two threads: the loss, and a network's training."""

from functools import partial

from benchmarks import with_stepgrad
from benchmarks.threads import loss_of

points = partial(loss_of, threads=2)
network = partial(with_stepgrad.network, threads=2)
