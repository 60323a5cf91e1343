"""Functions of blocks of rows over Dask arrays: what they give stacked as a Dask array, or added in a fixed order."""

from collections.abc import Callable, Sequence
from itertools import count
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from autograd.distributed.sources import from_memory_map

if TYPE_CHECKING:
    import dask.array as da

TOGETHER = 8  # so many results of chunks are added by one task, and so many of these by the next


def lies_elsewhere(part: Any) -> bool:
    """Whether a part of a batch is a Dask collection, whose numbers are computed where they lie."""
    return hasattr(part, "__dask_graph__")


def aligned(parts: Sequence[Any]) -> "list[da.Array]":
    """The parts of a batch as Dask arrays with the same chunks of rows, each row in one piece.

    The chunks are those of the first part that is a Dask collection. Series and frames of Dask become arrays; so do
    NumPy's, and memory maps, of which a worker reads its rows from the file. Raises ValueError for parts with another
    number of rows or, where that is unknown, of chunks; TypeError for collections that are no arrays.
    """
    arrays = [_array(part) if lies_elsewhere(part) else part for part in parts]
    rows = next(array.chunks[0] for array in arrays if lies_elsewhere(array))
    return [_in_chunks(array, rows) for array in arrays]


def stacked(
    function: Callable[..., NDArray[np.float64]], shared: Sequence[Any], blocks: "Sequence[da.Array]", width: int
) -> "da.Array":
    """`function(*shared, *blocks)`, which gives an array of rows x `width` for a chunk, for all rows: a Dask array."""
    return _over_chunks(function, shared, blocks, width)


def added(
    function: Callable[..., NDArray[np.float64]], shared: Sequence[Any], blocks: "Sequence[da.Array]", width: int
) -> NDArray[np.float64]:
    """The sum over all chunks of `function(*shared, *blocks)`, an array of `width`: computed now.

    Neighbours are added first, eight at a time, then these sums, and so on: a tree that depends on the number of chunks
    only. Nowhere are there more than eight results at once to add, however many chunks there are.
    """
    import dask.array as da

    results = _over_chunks(_as_row, (function, *shared), blocks, width, rows_stay=False)
    sums = da.reduction(
        results, chunk=_itself, combine=_sum, aggregate=_sum, axis=0, split_every=TOGETHER, dtype=float, name="sum"
    )
    total: NDArray[np.float64] = sums.compute()
    return total


def _over_chunks(
    function: Callable[..., Any],
    shared: Sequence[Any],
    blocks: "Sequence[da.Array]",
    width: int,
    rows_stay: bool = True,
) -> "da.Array":
    """`function(*shared, *blocks)` for every chunk. What is shared travels once to each worker."""
    import dask.array as da
    from dask import delayed

    rows, columns, axes = 0, 1, count(2)
    arguments: list[Any] = []
    for part in shared:
        arguments += [delayed(part, pure=True, traverse=False), None]
    for block in blocks:
        arguments += [block, (rows, *[next(axes) for _ in block.shape[1:]])]
    return da.blockwise(
        function,
        (rows, columns),
        *arguments,
        new_axes={columns: width},
        adjust_chunks=None if rows_stay else {rows: lambda _: 1},
        align_arrays=False,
        concatenate=True,
        dtype=float,
        meta=np.empty((0, 0)),
        token="replay",
    )


def _as_row(function: Callable[..., NDArray[np.float64]], *arguments: Any) -> NDArray[np.float64]:
    return function(*arguments)[None]


def _itself(numbers: NDArray[np.float64], **_: Any) -> NDArray[np.float64]:
    return numbers


def _sum(numbers: NDArray[np.float64], axis: tuple[int], keepdims: bool) -> NDArray[np.float64]:
    with np.errstate(all="ignore"):  # who asked looks at the sum
        total: NDArray[np.float64] = np.sum(numbers, axis=axis, keepdims=keepdims)
    return total


def _array(part: Any) -> "da.Array":
    import dask.array as da

    if hasattr(part, "to_dask_array"):
        part = part.to_dask_array()
    if not (isinstance(part, da.Array) and part.ndim):
        raise TypeError(
            f"expected a Dask array whose first axis is rows, a Dask frame or series; got {part!r}: "
            "dask.array.from_delayed makes an array of what is delayed"
        )
    return part.rechunk(dict.fromkeys(range(1, part.ndim), -1))


def _in_chunks(part: Any, rows: tuple[int, ...]) -> "da.Array":
    import dask.array as da

    if not lies_elsewhere(part):
        if np.shape(part)[:1] != (sum(rows),):
            raise ValueError(f"expected arrays with the same number of rows, got {sum(rows)} and {np.shape(part)[:1]}")
        chunks = (rows, *[(length,) for length in np.shape(part)[1:]])
        if isinstance(part, np.memmap) and part.filename is not None:
            return from_memory_map(part, chunks)
        return da.from_array(np.asarray(part, dtype=np.float64), chunks)
    if np.isnan([*rows, *part.chunks[0]]).any():
        if len(part.chunks[0]) != len(rows):
            raise ValueError(
                f"expected arrays with the same chunks of rows, got {len(rows)} and {len(part.chunks[0])}: take all "
                "from one array, frame.to_dask_array(), because Dask reads other columns in other pieces"
            )
        return part
    if sum(part.chunks[0]) != sum(rows):
        raise ValueError(f"expected arrays with the same number of rows, got {sum(rows)} and {len(part)}")
    return part.rechunk({0: rows})
