"""Curves: the loss by epoch, and by learning rate."""

import math
from collections.abc import Mapping, Sequence
from itertools import cycle
from typing import TYPE_CHECKING

from nn.plots.style import COLORS, ink_of, legible, panels, quiet, write
from nn.plots.words import words_for
from nn.training import History, RangeTest

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_APART = 0.07  # of the height of the axes: names that are nearer would touch


def loss_curve(
    history: History | Mapping[str, Sequence[float]], ax: "Axes | None" = None, highest: float | None = None
) -> "Axes":
    """The training loss by epoch, and the validation loss where there is one; or the losses of several runs, by name.

    A loss that is infinite or not a number is left out, and what is above `highest` is cut off.

    >>> from matplotlib.figure import Figure
    >>> ax = loss_curve({"rate 0.1": [4.0, 2.0, 1.0], "rate 0.01": [4.0, 3.8, 3.6]}, Figure().subplots())
    >>> [text.get_text() for text in ax.texts]
    ['rate 0.1', 'rate 0.01']
    """
    ax = ax or panels()[0]
    words = words_for(ax)
    if isinstance(history, History):
        history = {words("training"): history.loss, words("validation"): history.validation_loss}
    ends = []
    for (name, losses), hue in zip(history.items(), cycle(COLORS), strict=False):
        finite = [(epoch, loss) for epoch, loss in enumerate(losses, 1) if math.isfinite(loss)]
        if finite:
            color = legible(hue, ax)
            ax.plot(*zip(*finite, strict=True), color=color, linewidth=2)
            ends.append((*finite[-1], name, color))
    ax.set(xlabel=words("epoch"), ylabel=words("loss"), title=words("Loss"), ylim=(0, highest))
    ax.locator_params("x", integer=True)
    top = ax.get_ylim()[1]
    lowest_free = -math.inf
    for epoch, loss, name, color in sorted(ends, key=lambda end: end[1]):
        lowest_free = max(min(loss, top), lowest_free)
        write(ax, name, (epoch, lowest_free), (6, 0), color)
        lowest_free += _APART * top
    quiet(ax)
    return ax


def range_test(found: RangeTest, ax: "Axes | None" = None) -> "Axes":
    """The smoothed loss at each learning rate of a range test, with the lowest loss and the suggested rate marked.

    >>> from matplotlib.figure import Figure
    >>> ax = range_test(RangeTest(learning_rates=[0.01, 0.1, 1.0], losses=[2.0, 1.0, 4.0]), Figure().subplots())
    >>> [text.get_text() for text in ax.texts]
    ['lowest loss', 'suggested: 0.01']
    """
    ax = ax or panels()[0]
    words = words_for(ax)
    ax.plot(found.learning_rates, found.losses, color=COLORS[0], linewidth=2)
    lowest = min(found.losses)
    rate = found.learning_rates[found.losses.index(lowest)]
    ax.plot([rate], [lowest], "o", color=COLORS[0])
    ax.axvline(found.suggestion, color=COLORS[5], linewidth=1.5, linestyle="--")
    ax.set(
        xscale="log",
        xlabel=words("learning rate"),
        ylabel=words("loss, smoothed"),
        title=words("Learning-rate range test"),
        ylim=(0, None),
    )
    write(ax, words("lowest loss"), (rate, lowest), (6, -9), ink_of(ax))
    write(
        ax,
        words("suggested: {rate:.2g}").format(rate=found.suggestion),
        (found.suggestion, ax.get_ylim()[1]),
        (-6, -4),
        legible(COLORS[5], ax),
        "top",
    )
    quiet(ax)
    return ax
