"""The picture of a report: for every work, how many times as long as ours the peers take, on a logarithmic scale."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from benchmarks.report import Report, duration
from benchmarks.works import GALLERY, OURS, WORKS

INK = "#808080"  # that reads on white as on black
STYLES = {  # colours of Okabe and Ito that the colour-blind tell apart, and a shape for each
    "stepgrad": ("#d55e00", "D"),
    "micrograd": ("#56b4e9", "o"),
    "xad": ("#009e73", "s"),
    "torch": ("#e69f00", "^"),
    "torch, tuned": ("#c9a400", "<"),
    "jax": ("#cc79a7", "v"),
    "numpy": ("#0072b2", "P"),
    "casadi": ("#882255", "X"),
    "one thread": ("#999999", "*"),
}


def inked() -> Any:
    """Settings for pictures that stand on white as on black."""
    names = ("text.color", "xtick.color", "ytick.color", "axes.labelcolor", "axes.edgecolor", "grid.color")
    return dict.fromkeys(names, INK)


def save(report: Report, path: Path) -> None:
    """Write the picture, with a transparent background, in the format that the path's suffix names."""
    import matplotlib

    matplotlib.use("agg")
    from matplotlib import pyplot

    with pyplot.rc_context(inked()):
        works = [work for work in (*WORKS, *GALLERY) if len(_ratios(report.seconds.get(work.name, {}))) > 1]
        figure, axes = pyplot.subplots(figsize=(9, 1.5 + 0.62 * len(works)), layout="constrained")
        for y, work in enumerate(works):
            ratios = _ratios(report.seconds[work.name])
            axes.plot([1, max(ratios.values())], [y, y], color=INK, alpha=0.35, zorder=1)
            for place, (name, ratio) in enumerate(sorted(ratios.items(), key=lambda item: (item[0] != OURS, item[1]))):
                color, marker = STYLES[name]
                axes.scatter(ratio, y, s=70, color=color, marker=marker, zorder=2)
                if name != OURS:  # labels alternate above and below
                    label = f"{ratio:,.0f}" if ratio >= 10 else f"{ratio:.1f}"
                    offset, side = ((0, 7), "bottom") if place % 2 else ((0, -8), "top")
                    axes.annotate(
                        label, (ratio, y), offset, textcoords="offset points", ha="center", va=side, fontsize=9
                    )
        titles = [f"{work.title}\n{duration(report.seconds[work.name][OURS] or 0)}" for work in works]
        axes.set(xscale="log", yticks=range(len(works)), yticklabels=titles)
        axes.set_ylim(len(works) - 0.4, -0.7)
        axes.set_xlabel("times as long as stepgrad takes")
        axes.xaxis.set_major_formatter("{x:,g}")
        axes.spines[["top", "right", "left"]].set_visible(False)
        axes.tick_params(axis="y", length=0)
        for name, (color, marker) in STYLES.items():
            if any(name in report.seconds[work.name] for work in works):
                axes.scatter([], [], s=70, color=color, marker=marker, label=name)
        figure.legend(loc="outside upper center", ncols=4, frameon=False)
        figure.savefig(path, transparent=True, dpi=160)
        pyplot.close(figure)


def _ratios(times: Mapping[str, float | None]) -> dict[str, float]:
    """How many times as long as ours each library takes that is installed."""
    ours = times.get(OURS)
    return {name: seconds / ours for name, seconds in times.items() if seconds} if ours else {}
