"""Sources of rows that Dask has no door for: memory maps. Zarr, Parquet, HDF5 and others it reads itself."""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    import dask.array as da


def from_memory_map(array: "np.memmap[Any, Any]", chunks: Any = "auto") -> "da.Array":
    """A NumPy memory map as a Dask array, of which every worker reads its chunks from the file.

    Dask itself would send the numbers. `chunks` is as in `dask.array.from_array`. Raises ValueError for a part of a
    map, whose place in the file isn't known, or one that is a copy; TypeError for what is no map, as what is computed
    from one; ModuleNotFoundError without Dask.

    >>> import tempfile
    >>> with tempfile.NamedTemporaryFile() as file:
    ...     numbers = np.memmap(file.name, dtype=np.float64, mode="w+", shape=(6, 2))
    ...     from_memory_map(numbers, chunks=(3, 2)).sum().compute().item()
    0.0
    """
    try:
        import dask.array as da
    except ModuleNotFoundError:
        needed = 'from_memory_map needs Dask: pip install "stepgrad[dask]"'
        raise ModuleNotFoundError(needed, name="dask") from None
    if not isinstance(array, np.memmap) or array.filename is None:
        raise TypeError(f"expected a memory map, such as numpy.load(path, mmap_mode='r'); got {type(array).__name__}")
    if array.mode == "c":
        raise ValueError("changes of a map with mode 'c' never reach the file that workers read: map it with mode 'r'")
    if isinstance(array.base, np.ndarray):
        raise ValueError("expected a whole memory map, of a file: this one is a part of another; slice the Dask array")
    array.flush()
    order = "C" if array.flags.c_contiguous else "F"
    mapped = _Mapped(Path(array.filename), array.dtype, array.shape, array.offset, order)
    return da.from_array(mapped, chunks=chunks, meta=np.empty((0,) * array.ndim, array.dtype))


@dataclass(frozen=True)
class _Mapped:
    """Where numbers lie in a file; it is opened where they are asked for."""

    path: Path
    dtype: np.dtype[Any]
    shape: tuple[int, ...]
    offset: int
    order: Any

    def __getitem__(self, index: Any) -> NDArray[Any]:
        return np.array(np.memmap(self.path, self.dtype, "r", self.offset, self.shape, self.order)[index])
