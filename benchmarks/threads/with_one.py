"""The loss in one thread."""

from functools import partial

from benchmarks.threads import loss_of

points = partial(loss_of, threads=1)
