"""Shards: blocks of rows that are loaded once, stay on a cluster's workers, and are computed with again and again."""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import CancelledError
from contextlib import contextmanager
from itertools import count
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import numpy as np
from numpy.typing import NDArray

from autograd.distributed.chunks import TOGETHER, aligned, lies_elsewhere

if TYPE_CHECKING:
    from distributed import Client, Future

SHARDS_OF_MEMORY = 8  # of arrays that lie in this process: few to tell the scheduler of, and many for some machines


class LostSchedulerError(ConnectionError):
    """The scheduler of a Dask cluster can no longer be reached."""


class Shards:
    """The blocks of `parts`, arrays with rows, each given to `load` and kept where it was loaded.

    Parts are Dask arrays, whose chunks are the blocks, or arrays in memory, which become eight. What a killed worker
    had is computed anew elsewhere: from its source or, of arrays in memory, from the copy that the scheduler has. Tasks
    are called by their names on the dashboard.

    Every method raises LostSchedulerError if the scheduler is lost, and what was raised on a worker.

    >>> from distributed import Client    # doctest: +SKIP
    >>> shards = Shards(Client(), [np.arange(100.0)], load=np.square)    # doctest: +SKIP
    >>> shards.added(np.sum, name="sum")    # doctest: +SKIP
    328350.0
    """

    def __init__(self, client: "Client", parts: Sequence[Any], load: Callable[..., Any]) -> None:
        from dask import array as da
        from dask import delayed
        from distributed import Client

        if not isinstance(client, Client):
            raise TypeError(f"expected a distributed.Client, which Client(address) makes; got {client!r}")
        self.client = client
        self._run, self._calls = uuid4().hex[:8], count()
        self._released: list[Future] = []
        if not any(map(lies_elsewhere, parts)):
            first = np.asarray(parts[0], dtype=np.float64)
            rows = max(1, -(-len(first) // SHARDS_OF_MEMORY))
            parts = [da.from_array(first, chunks=(rows, *first.shape[1:])), *parts[1:]]
        blocks = zip(*[array.to_delayed().ravel() for array in aligned(parts)], strict=True)
        loaded = [
            delayed(_loaded)(load, i, *block, dask_key_name=(f"shard-{self._run}", i)) for i, block in enumerate(blocks)
        ]
        with reached(self.client):
            self._futures: list[Future] = client.compute(loaded)

    def each(
        self, function: Callable[..., Any], *shared: Any, own: Sequence[Any] | None = None, name: str
    ) -> list[Any]:
        """`function(shard, *shared)` for every shard, or `function(shard, its own, *shared)`, in their order."""
        with reached(self.client):
            found: list[Any] = self.client.gather(self.kept(function, *shared, own=own, name=name))
        return found

    def kept(
        self, function: Callable[..., Any], *shared: Any, own: Sequence[Any] | None = None, name: str
    ) -> "list[Future]":
        """The same, of which the results stay where they are: futures, which may be others' `own` or shared."""
        n = len(self._futures)
        columns = [self._futures, *([own] if own is not None else []), *[[part] * n for part in shared]]
        return self._submitted(function, columns, name)

    def once(self, function: Callable[..., Any], *arguments: Any, name: str) -> "Future":
        """`function(*arguments)`, computed and kept on a worker, to be shared."""
        return self._submitted(function, [[part] for part in arguments], name)[0]

    def added(self, function: Callable[..., Any], *shared: Any, own: Sequence[Any] | None = None, name: str) -> Any:
        """The sum of `function(shard, *shared)`: eight neighbours first, on a worker, and so on.

        So the order depends on the number of shards only, and any number of workers computes the same bits.
        """
        with reached(self.client):
            parts = self.kept(function, *shared, own=own, name=name)
            self._released = parts  # only now those of the last sum: a client sends messages at intervals of 10 ms
            while len(parts) > TOGETHER:
                groups = [parts[i : i + TOGETHER] for i in range(0, len(parts), TOGETHER)]
                parts = self._submitted(total, [groups], f"sum-of-{name}")
            return total(self.client.gather(parts))

    def _submitted(self, function: Callable[..., Any], columns: Sequence[Sequence[Any]], name: str) -> "list[Future]":
        call = next(self._calls)
        keys = [(f"{name}-{self._run}", call, i) for i in range(len(columns[0]))]
        with reached(self.client):
            futures: list[Future] = self.client.map(function, *columns, key=keys, pure=False)
        return futures


def _loaded(load: Callable[..., Any], i: int, *block: Any) -> Any:
    try:
        return load(*block)
    except ValueError as error:
        raise ValueError(f"in shard {i}, {error}") from None


def total(parts: Sequence[NDArray[np.float64]]) -> NDArray[np.float64]:
    """The sum of arrays, from the first to the last."""
    with np.errstate(all="ignore"):  # who asked looks at the sum
        return np.sum(parts, axis=0)  # type: ignore[no-any-return]


@contextmanager
def reached(client: "Client") -> Iterator[None]:
    """Raises LostSchedulerError where Dask's client says, in one of its many ways, that nobody answers."""
    try:
        yield
    except Exception as error:
        if client.status == "running" and not isinstance(error, CancelledError):
            raise
        raise LostSchedulerError(
            f"the Dask scheduler was lost ({type(error).__name__}). Connect a new client, and go on from the last state"
        ) from error
