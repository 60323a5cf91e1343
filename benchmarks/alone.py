"""What needs no opponent: how time and memory grow with the graph, and how long an import takes."""

import multiprocessing
import statistics
import subprocess
import sys
import time
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path

from autograd import Value, engine

SIZES = [10**k for k in range(3, 8 if engine == "native" else 7)]  # in Python, ten million nodes take many gigabytes
AT_MOST_BYTES = 72  # per node
AT_MOST_GROWTH = 1.5  # of the time per node, from ten thousand nodes to ten million
AT_MOST_IMPORT = 0.040  # seconds
IMPORTS = {
    "stepgrad": "autograd",
    "micrograd": "micrograd.nn",
    "xad": "xad.adj_1st",
    "torch": "torch",
    "jax": "jax",
    "numpy": "numpy",
}


def graph_sizes(sizes: Sequence[int]) -> dict[int, tuple[float, float]]:
    """For chains of so many nodes: the seconds per node to build, differentiate and free one, and the bytes per node.

    Each size is measured in a process of its own, over as many chains as make a million nodes.
    """
    spawn = multiprocessing.get_context("spawn")
    found = {}
    for size in sizes:
        with spawn.Pool(1) as pool:
            found[size] = pool.apply(_measured, (size,))
    return found


def _measured(size: int) -> tuple[float, float]:
    count = max(1, 10**6 // size)
    before = _memory()
    chains = [_chain(size) for _ in range(count)]
    memory = _memory() - before
    del chains
    return statistics.median([_seconds(size) for _ in range(max(3, count))]) / size, memory / (count * size)


def _seconds(size: int) -> float:
    start = time.perf_counter()
    _chain(size).backward()
    return time.perf_counter() - start


def _chain(size: int) -> Value:
    x, a, b = Value(1.0), Value(0.5), Value(0.25)
    for _ in range(size // 2):
        x = x * a + b
    return x


def _memory() -> int:
    """The bytes of this process that are in memory now; where only the most so far is known, that."""
    import resource  # which Windows lacks

    known = Path("/proc/self/statm")
    if known.exists():
        return int(known.read_text().split()[1]) * resource.getpagesize()
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


def import_times(turns: int) -> dict[str, float | None]:
    """The seconds that importing each library takes in a fresh interpreter; None for one that is not installed."""
    installed = [name for name, module in IMPORTS.items() if find_spec(module.partition(".")[0])]
    samples: dict[str, list[float]] = {name: [] for name in installed}
    for _ in range(turns):
        for name, times in samples.items():
            timed = f"from time import perf_counter as now; start = now(); import {IMPORTS[name]}; print(now() - start)"
            done = subprocess.run([sys.executable, "-c", timed], stdout=subprocess.PIPE, check=True)
            times.append(float(done.stdout))
    return {name: statistics.median(samples[name]) if name in samples else None for name in IMPORTS}
