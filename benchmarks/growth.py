"""Speed over size: one training step of networks that grow, and on rows that become more.

    python -m benchmarks.growth growth.png

Libraries run as in `python -m benchmarks`: the same numbers, each in a process of its own, in turn.
"""

import argparse
from collections.abc import Iterable
from itertools import pairwise
from pathlib import Path

import matplotlib
from matplotlib.axes import Axes
from tqdm import tqdm

from benchmarks.plot import STYLES, inked
from benchmarks.race import race
from benchmarks.works import MODULES, OURS, Work

NETWORKS = (
    (1, 2),
    (2, 4, 2),
    (2, 16, 16, 2),
    (64, 32, 10),
    (784, 32, 10),
    (784, 128, 10),
    (784, 512, 256, 10),
    (784, 1024, 256, 10),
)
ROWS = (1, 10, 100, 1000, 10**4, 10**5, 10**6)
SMALL = (2, 16, 16, 2)
TWO_THREADS = "stepgrad, two threads"
LIBRARIES = {
    OURS: MODULES[OURS],
    TWO_THREADS: "benchmarks.threads.with_two",
    "numpy": MODULES["numpy"],
    "torch": MODULES["torch"],
}
TURNS = 5

Times = dict[str, list[float]]


def measured(sizes: Iterable[tuple[int, ...]]) -> Times:
    """For each library the seconds of a step on so many rows, for a network of these widths."""
    times: Times = {name: [] for name in LIBRARIES}
    for rows, *widths in tqdm(list(sizes), unit="size", leave=False):
        peers = dict.fromkeys([name for name in LIBRARIES if name != OURS], 0.0)
        work = Work(f"{rows} rows", "", peers, modules=LIBRARIES, program="network", arguments=(rows, *widths))
        for name, seconds in race(work, TURNS)[0].items():
            times[name].append(seconds or float("nan"))
    return times


def parameters(*widths: int) -> int:
    return sum((inputs + 1) * outputs for inputs, outputs in pairwise(widths))


def draw(axes: Axes, sizes: list[int], times: Times, label: str) -> None:
    for name, seconds in times.items():
        color, marker = STYLES[OURS if name == TWO_THREADS else name]
        line, fill = ("--", "none") if name == TWO_THREADS else ("-", color)
        axes.plot(sizes, seconds, line, color=color, marker=marker, markerfacecolor=fill, label=name)
    axes.set(xscale="log", yscale="log", xlabel=label)
    axes.grid(alpha=0.2)
    axes.spines[["top", "right"]].set_visible(False)


def main(path: Path) -> None:
    matplotlib.use("agg")
    from matplotlib import pyplot
    from matplotlib.ticker import EngFormatter

    by_size, by_rows = measured((128, *widths) for widths in NETWORKS), measured((rows, *SMALL) for rows in ROWS)
    with pyplot.rc_context(inked()):
        figure, (left, right) = pyplot.subplots(1, 2, figsize=(9, 3.6), layout="constrained", sharey=True)
        draw(left, [parameters(*widths) for widths in NETWORKS], by_size, "parameters of the network; 128 rows")
        draw(right, list(ROWS), by_rows, f"rows; a network of {parameters(*SMALL)} parameters")
        left.set_ylabel("one training step")
        left.yaxis.set_major_formatter(EngFormatter("s"))
        figure.legend(*left.get_legend_handles_labels(), loc="outside upper center", ncols=4, frameon=False)
        figure.savefig(path, transparent=True, dpi=160)
    for name in LIBRARIES:
        print(name, *(f"{seconds:.3g}" for seconds in (*by_size[name], *by_rows[name])))


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m benchmarks.growth", description="Draw speed over size.")
    parser.add_argument("path", type=Path, nargs="?", default=Path("growth.png"), help="default: growth.png")
    main(parser.parse_args().path)
