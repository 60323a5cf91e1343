"""What the benchmark found: a table, what fell short, the machine."""

import platform
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from autograd import engine
from benchmarks.alone import AT_MOST_BYTES, AT_MOST_GROWTH, AT_MOST_IMPORT
from benchmarks.works import GALLERY, GALLERY_MODULES, MODULES, OURS, WORKS

INSTRUCTION_SETS = ("sse4_2", "avx", "avx2", "fma", "avx512f", "avx512_bf16", "asimd", "sve")


@dataclass
class Report:
    """Medians in seconds.

    - `seconds`: of each work by library; None for a library that is not installed
    - `ready`: the same until the first step is done: what recording, compiling and the like take
    - `imports`: of each library
    - `sizes`: by the nodes of a graph, the seconds and the bytes per node
    """

    seconds: dict[str, dict[str, float | None]] = field(default_factory=dict)
    ready: dict[str, dict[str, float | None]] = field(default_factory=dict)
    imports: dict[str, float | None] = field(default_factory=dict)
    sizes: dict[int, tuple[float, float]] = field(default_factory=dict)

    def table(self) -> str:
        """Everything in words: a line for each work and peer, with how many times our time fits into the peer's."""
        lines = [machine(), ", ".join(f"{name} {found}" for name, found in versions().items()), ""]
        if self.seconds or self.imports:
            lines.append(
                f"{'one thread, float64':40}{OURS:>12}  {'peer':13}{'its time':>14}{'ratio':>12}{'at least':>11}"
            )
        for work in (*WORKS, *GALLERY):
            if work.name in self.seconds:
                lines += _rows(work.title, self.seconds[work.name], work.at_least)
        if self.ready:
            lines += ["", "until the first step is done"]
        for work in (*WORKS, *GALLERY):
            if work.name in self.ready:
                lines += _rows(work.title, self.ready[work.name], {})
        if self.imports:
            lines += _rows("import", self.imports, {})
        if self.sizes:
            lines += ["", f"{'a chain of':>14}{'time per node':>16}{'bytes per node':>16}"]
            lines += [f"{n:8,} nodes {duration(s):>15}{memory:16.1f}" for n, (s, memory) in self.sizes.items()]
        return "\n".join(lines)

    def shortfalls(self) -> Iterator[str]:
        """A line for every promise that this run did not keep."""
        for work in WORKS:
            times = self.seconds.get(work.name, {})
            ours = times.get(OURS)
            if ours is None:
                continue
            if ours > work.at_most:
                yield f"{work.title}: {duration(ours)}, at most {duration(work.at_most)} expected"
            for peer, ratio in work.at_least.items():
                theirs = times[peer]
                if theirs is not None and theirs < ratio * ours:
                    yield f"{work.title}: {theirs / ours:.1f} x {peer}, at least {ratio:g} x expected"
        importing = self.imports.get(OURS) or 0.0
        if importing > AT_MOST_IMPORT:
            yield f"import: {duration(importing)}, at most {duration(AT_MOST_IMPORT)} expected"
        yield from self._size_shortfalls()

    def _size_shortfalls(self) -> Iterator[str]:
        if engine != "native" or not self.sizes:
            return
        memory = max(memory for _, memory in self.sizes.values())
        if memory > AT_MOST_BYTES:
            yield f"graph sizes: {memory:.0f} bytes per node, at most {AT_MOST_BYTES} expected"
        growth = self.sizes[max(self.sizes)][0] / self.sizes[min(self.sizes, key=lambda n: abs(n - 10**4))][0]
        if growth > AT_MOST_GROWTH:
            yield f"graph sizes: {growth:.1f} times the time per node in the largest, at most {AT_MOST_GROWTH} expected"

    def as_json(self) -> dict[str, Any]:
        sizes = {str(n): {"seconds_per_node": s, "bytes_per_node": b} for n, (s, b) in self.sizes.items()}
        found = {
            "seconds": self.seconds,
            "ready_seconds": self.ready,
            "import_seconds": self.imports,
            "graph_sizes": sizes,
        }
        return {"machine": machine(), "versions": versions(), **found, "shortfalls": list(self.shortfalls())}


def _rows(title: str, times: Mapping[str, float | None], at_least: Mapping[str, float]) -> Iterator[str]:
    ours = times[OURS]
    start = f"{title:40}{_cell(ours):>12}  "
    peers = [name for name in times if name != OURS]
    for peer in peers:
        theirs = times[peer]
        ratio = f"{theirs / ours:.1f} x" if theirs and ours else ""
        wanted = f"{at_least[peer]:g} x" if at_least.get(peer) else ""
        yield f"{start}{peer:13}{_cell(theirs):>14}{ratio:>12}{wanted:>11}".rstrip()
        start = " " * len(start)
    if not peers:
        yield start.rstrip()


def _cell(seconds: float | None) -> str:
    return "missing" if seconds is None else duration(seconds)


def duration(seconds: float) -> str:
    """Three digits and a unit.

    >>> duration(5.432e-6), duration(0.0123)
    ('5.43 us', '12.3 ms')
    """
    for unit, size in (("ns", 1e-9), ("us", 1e-6), ("ms", 1e-3)):
        if seconds < 999.5 * size:
            return f"{seconds / size:.3g} {unit}"
    return f"{seconds:.3g} s"


def machine() -> str:
    """The processor, its instruction sets that matter here, and what runs on it."""
    python = f"{platform.python_implementation()} {platform.python_version()}"
    return f"{_processor()}, {platform.system()}, {python}"


def _processor() -> str:
    known = Path("/proc/cpuinfo")
    lines = known.read_text().splitlines() if known.exists() else []
    facts = {key.strip().lower(): value.strip() for key, _, value in (line.partition(":") for line in lines)}
    features = facts.get("flags", facts.get("features", "")).split()
    sets = " ".join(name for name in INSTRUCTION_SETS if name in features)
    name = facts.get("model name") or platform.processor() or platform.machine()
    return f"{name} ({sets})" if sets else name


def versions() -> dict[str, str]:
    """Of the libraries that are installed; ours with the engine in use."""
    found = {OURS: f"({engine} engine)"}
    for name in {**MODULES, **GALLERY_MODULES}:
        try:
            found[name] = f"{version(name)} {found.get(name, '')}".strip()
        except PackageNotFoundError:
            continue
    return found
