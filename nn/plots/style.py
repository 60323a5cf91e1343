"""The look that all plots share: paper, ink, colours, and names that are no formulas."""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from matplotlib.axes import Axes

COLORS = ["#0072B2", "#E69F00", "#009E73", "#CC79A7", "#56B4E9", "#D55E00", "#F0E442", "#000000"]
MARKERS = "os^Dv*XP"
INK, PAPER = "#222222", "#FFFFFF"
LONGEST_NAME = 40


def panels(columns: int = 1, width: float | None = None, height: float = 4.0) -> "list[Axes]":
    """New axes side by side in a new figure, for plots to be compared; `width` and `height` of the figure in inches.

    Raises ImportError, saying how to install it, without matplotlib.
    """
    try:
        from matplotlib import pyplot
    except ModuleNotFoundError as error:
        raise ModuleNotFoundError('plots need matplotlib: pip install "stepgrad[plot]"', name="matplotlib") from error
    size = (width or max(6.0, 3.6 * columns), height)
    figure, axes = pyplot.subplots(1, columns, squeeze=False, figsize=size, layout="constrained")
    figure.set_facecolor(PAPER)
    for ax in axes[0]:
        ax.set_facecolor(PAPER)
        ax.spines[:].set_color(INK)
        ax.tick_params(colors=INK)
        ax.grid(False)
        quiet(ax)
        for text in (ax.title, ax.xaxis.label, ax.yaxis.label):
            text.set_color(INK)
    return list(axes[0])


def ink_of(ax: "Axes") -> Any:
    """The colour that is written in: dark on our paper, and what the user's axes have on theirs."""
    return ax.xaxis.label.get_color()


def quiet(ax: "Axes") -> None:
    """Leave out the lines of the frame that say nothing."""
    ax.spines[["top", "right"]].set_visible(False)


def plain(name: str) -> str:
    """A name on one line, no formula whatever dollars it has, and no longer than a label can be."""
    name = name.replace("\n", r"\n").replace("\r", r"\r")
    if len(name) > LONGEST_NAME:
        name = name[: LONGEST_NAME - 1] + "…"
    return name.replace("$", r"\$")


def write(
    ax: "Axes", name: str, at: tuple[float, float], offset: tuple[float, float], color: Any, va: str = "center"
) -> None:
    """A name beside the point `at`, `offset` printer's points away, with a halo that keeps it apart from lines."""
    from matplotlib.patheffects import withStroke

    halo = withStroke(linewidth=3, foreground=ax.get_facecolor())
    ha = "left" if offset[0] > 0 else "right"
    ax.annotate(
        plain(name), at, offset, textcoords="offset points", color=color, ha=ha, va=va, path_effects=[halo], zorder=5
    )
