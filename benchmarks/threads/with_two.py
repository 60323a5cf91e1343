"""The loss in at most two threads."""

from functools import partial

from benchmarks.threads import loss_of

rows_100 = partial(loss_of, 100, 2)
rows_1000 = partial(loss_of, 1000, 2)
rows_10000 = partial(loss_of, 10_000, 2)
rows_100000 = partial(loss_of, 100_000, 2)
rows_1000000 = partial(loss_of, 1_000_000, 2)
