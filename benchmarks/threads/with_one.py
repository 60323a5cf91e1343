"""The loss in one thread."""

from functools import partial

from benchmarks.threads import loss_of

rows_100 = partial(loss_of, 100, 1)
rows_1000 = partial(loss_of, 1000, 1)
rows_10000 = partial(loss_of, 10_000, 1)
rows_100000 = partial(loss_of, 100_000, 1)
rows_1000000 = partial(loss_of, 1_000_000, 1)
