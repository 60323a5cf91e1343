"""Pictures of how good a network is: what it confuses, whether to believe its probabilities, what it looks at."""

import warnings
from collections.abc import Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike

from nn.evaluation import Calibration
from nn.plots.style import COLORS, INK, PAPER, contrast, ink_of, panels, plain, quiet

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_MOST_BARS = 15
_MOST_NAMES = 30  # of classes that are named beside the cells
_SMALLEST = 6  # printer's points, of counts that are still written into their cells
_FREE = 0.8  # of a cell's width, for its count
_LETTER = 0.64  # of a text's size: the width of a digit


def confusion_matrix(counts: ArrayLike, classes: Sequence[str], ax: "Axes | None" = None) -> "Axes":
    """How many rows of each class (down) were predicted as each class (across); each row is coloured by its shares.

    Of many classes every second or so is named.

    >>> from matplotlib.figure import Figure
    >>> ax = confusion_matrix([[8, 2], [1, 9]], ["cat", "dog"], Figure().subplots())
    >>> [text.get_text() for text in ax.texts]
    ['8', '2', '1', '9']
    """
    from matplotlib.colors import LinearSegmentedColormap

    ax = ax or panels()[0]
    table = np.asarray(counts)
    shares = table / np.maximum(table.sum(axis=1, keepdims=True), 1)
    blues = LinearSegmentedColormap.from_list("shares", [PAPER, COLORS[0]])
    ax.imshow(shares, cmap=blues, vmin=0, vmax=1)
    places = range(0, len(classes), -(-len(classes) // _MOST_NAMES))
    names = [plain(classes[k]) for k in places]
    turned = 0 if sum(map(len, names)) <= 40 else 90
    ax.set_xticks(places, names, rotation=turned)
    ax.set_yticks(places, names)
    ax.set(xlabel="predicted", ylabel="true", title="Confusion matrix")
    ax.spines[:].set_visible(False)
    ax.tick_params(length=0)
    texts = [[f"{count}" for count in row] for row in table]
    size = min(10, _FREE * _cell(ax, len(classes)) / (_LETTER * max(len(text) for row in texts for text in row)))
    if size >= _SMALLEST:
        for i, j in np.ndindex(table.shape):
            ink = max((PAPER, INK), key=partial(_contrast, blues(shares[i, j])[:3]))
            ax.text(j, i, texts[i][j], ha="center", va="center", color=ink, size=size)
    return ax


def _cell(ax: "Axes", count: int) -> float:
    """How wide each of so many cells will be beside their names, in printer's points."""
    figure = ax.get_figure(root=True)
    assert figure
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)  # of letters that no font has: whoever draws it is warned
        figure.draw_without_rendering()
    return float(ax.get_window_extent().width) * 72 / figure.dpi / count


def _contrast(paper: Sequence[float], ink: str) -> float:
    from matplotlib.colors import to_rgb

    return contrast(np.array(paper), np.array(to_rgb(ink)))


def calibration_curve(found: Calibration, ax: "Axes | None" = None) -> "Axes":
    """How often the network was right, by how sure it was. On the dashed line it knows how much it knows.

    A larger dot stands for more rows; below the line the network is too sure of itself.
    """
    ax = ax or panels()[0]
    low = min(0.9, float(np.min(found.probability, initial=0.9)), float(np.min(found.right, initial=0.9)))
    low = max(0.0, np.floor(low * 10 - 0.5) / 10)
    ax.plot([low, 1], [low, 1], color=ink_of(ax), linewidth=1, linestyle="--", alpha=0.6)
    ax.plot(found.probability, found.right, color=COLORS[0], linewidth=1.5, clip_on=False)
    sizes = 20 + 200 * found.n / max(int(found.n.sum()), 1)
    ax.scatter(found.probability, found.right, s=sizes, color=COLORS[0], zorder=3, clip_on=False)
    ax.set(
        xlim=(low, 1),
        ylim=(low, 1),
        xlabel="probability of what was predicted",
        ylabel="share that was right",
        title="Calibration",
    )
    quiet(ax)
    return ax


def importance(falls: Mapping[str, float], unit: str, ax: "Axes | None" = None) -> "Axes":
    """How much worse the network gets when a column is shuffled, the most important column on top.

    `unit` is what the numbers are of, as `accuracy lost`. The 15 largest are drawn.

    >>> from matplotlib.figure import Figure
    >>> ax = importance({"age": 0.2, "name": 0.0}, "accuracy lost", Figure().subplots())
    >>> ax.get_xlabel()
    'accuracy lost'
    """
    ax = ax or panels()[0]
    shown = sorted(falls.items(), key=lambda item: -item[1])[:_MOST_BARS]
    ax.barh(range(len(shown)), [fall for _, fall in shown], color=COLORS[0], height=0.7)
    ax.axvline(0, color=ink_of(ax), linewidth=0.8)
    ax.set_yticks(range(len(shown)), [plain(name) for name, _ in shown])
    ax.invert_yaxis()
    left_out = f" (of {len(falls)})" if len(falls) > len(shown) else ""
    ax.set(xlabel=unit, title=f"Importance of the columns{left_out}")
    quiet(ax)
    return ax


def predicted_against_true(truth: ArrayLike, predicted: ArrayLike, name: str, ax: "Axes | None" = None) -> "Axes":
    """A dot for each row of a regression: on the dashed line the prediction is right."""
    ax = ax or panels()[0]
    x, y = np.asarray(truth, dtype=np.float64), np.asarray(predicted, dtype=np.float64)
    ends = [min(x.min(), y.min()), max(x.max(), y.max())]
    ax.plot(ends, ends, color=ink_of(ax), linewidth=1, linestyle="--", alpha=0.6)
    ax.scatter(x, y, s=14, color=COLORS[0], alpha=0.7, linewidths=0)
    ax.set(xlabel=f"true {plain(name)}", ylabel=f"predicted {plain(name)}", title="Predictions")
    quiet(ax)
    return ax
