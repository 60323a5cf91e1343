"""The look that all plots share: paper, ink, colours, and names that are no formulas."""

from typing import TYPE_CHECKING, Any

import numpy as np

from nn.data import Floats
from nn.plots.words import give_letters

if TYPE_CHECKING:
    from matplotlib.axes import Axes

COLORS = ["#0072B2", "#E69F00", "#009E73", "#CC79A7", "#56B4E9", "#D55E00", "#F0E442", "#000000"]
MARKERS = "os^Dv*XP"
INK, PAPER = "#222222", "#FFFFFF"
CONTRAST = 4.5  # of what is written, at least: WCAG 2.2, 1.4.3
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
    """The colour of text: dark on our own paper; on the user's axes, the one that they use."""
    return ax.xaxis.label.get_color()


def legible(color: Any, ax: "Axes") -> str:
    """A shade of this colour that can be read on the paper of these axes: darker, or lighter where the paper is dark.

    >>> from matplotlib.figure import Figure
    >>> [legible(color, Figure().subplots()) for color in COLORS[:2]]
    ['#0072b2', '#9c6c00']
    """
    from matplotlib.colors import to_hex, to_rgb

    paper, ink = np.array(to_rgb(ax.get_facecolor())), np.array(to_rgb(color))
    end = np.zeros(3) if _luminance(paper) > 0.18 else np.ones(3)  # which of the two has more contrast
    shades = (ink + share * (end - ink) for share in np.linspace(0, 1, 101))
    return to_hex(next(shade for shade in shades if contrast(shade, paper) >= CONTRAST))


def contrast(one: Floats, other: Floats) -> float:
    """The contrast of two colours (red, green, blue, from 0 to 1): from 1 to 21 (WCAG 2.2, "contrast ratio")."""
    low, high = sorted([_luminance(one), _luminance(other)])
    return (high + 0.05) / (low + 0.05)


def _luminance(color: Floats) -> float:
    linear = np.where(color <= 0.04045, color / 12.92, ((color + 0.055) / 1.055) ** 2.4)
    return float(linear @ [0.2126, 0.7152, 0.0722])


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
    give_letters(
        ax.annotate(
            plain(name),
            at,
            offset,
            textcoords="offset points",
            color=color,
            ha=ha,
            va=va,
            path_effects=[halo],
            zorder=5,
        )
    )
