"""More rows than memory, and more machines: functions of rows, run by Dask on chunks of rows where these lie.

In come a function of arrays, and a batch of which a part is a Dask collection. Out go Dask arrays, or sums that were
added in an order which depends on the chunks only, so that any number of workers computes the same bits; and `Shards`,
which stay on their workers while a program computes with them step by step. It knows Dask,
which is imported when such a batch comes in, and nothing of ours: the replay, which stands above it, says what to run.

https://docs.dask.org/en/stable/array.html
"""

from autograd.distributed.chunks import added, aligned, lies_elsewhere, stacked
from autograd.distributed.shards import LostSchedulerError, Shards
from autograd.distributed.sources import from_memory_map

__all__ = ["LostSchedulerError", "Shards", "added", "aligned", "from_memory_map", "lies_elsewhere", "stacked"]
