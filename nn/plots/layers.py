"""The layers of a network on a batch: a histogram of every neuron, side by side."""

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike

from nn.data import Floats
from nn.losses import Loss
from nn.modules import MLP
from nn.plots.style import COLORS, INK, PAPER, panels, quiet
from nn.training import activations, gradients

if TYPE_CHECKING:
    from matplotlib.axes import Axes

BINS = 41
_STUCK = 0.01  # of the liveliest neuron's range: a neuron that moves less hardly distinguishes the rows


def activation_histograms(model: MLP, X: ArrayLike, ax: "Axes | None" = None) -> "Axes":
    """How the outputs of every neuron are distributed over the rows of `X`: a column each, dark where many rows are.

    A neuron that gives nearly the same number for every row has a cross above it: it is dead (relu) or saturated (tanh,
    sigmoid). Raises ValueError for fewer than two rows.
    """
    return _histograms(activations(model, X), "output of the neuron", "Activations by layer", ax)


def gradient_histograms(
    model: MLP, X: ArrayLike, y: ArrayLike, *, loss: str | Loss, ax: "Axes | None" = None
) -> "Axes":
    """How the gradient of every row's loss at every neuron, before its activation, is distributed over the rows.

    A cross marks a neuron that hardly any gradient reaches. Raises ValueError for fewer than two rows.
    """
    return _histograms(gradients(model, X, y, loss=loss), "gradient at the neuron", "Gradients by layer", ax)


def _histograms(layers: list[Floats], ylabel: str, title: str, ax: "Axes | None") -> "Axes":
    from matplotlib.colors import LinearSegmentedColormap, PowerNorm

    if len(layers[0]) < 2:
        raise ValueError("a histogram over the rows of a batch needs at least two rows")
    ax = ax or panels()[0]
    low = min(layer.min() for layer in layers)
    high = max(layer.max() for layer in layers)
    margin = 0.03 * (high - low) or 0.5
    edges = np.linspace(low - margin, high + margin, BINS + 1)
    liveliest = max(np.ptp(layer, axis=0).max() for layer in layers)
    inks = LinearSegmentedColormap.from_list("share", [PAPER, COLORS[0], INK])
    gap = max(1, sum(layer.shape[1] for layer in layers) // 20)
    left, middles, names = 0, [], []
    for i, layer in enumerate(layers):
        rows, neurons = layer.shape
        shares = np.stack([np.histogram(column, edges)[0] / rows for column in layer.T], axis=1)
        ax.pcolormesh(np.arange(left, left + neurons + 1), edges, shares, cmap=inks, norm=PowerNorm(0.5, 0, 1))
        stuck = np.flatnonzero(np.ptp(layer, axis=0) <= _STUCK * liveliest)
        ax.plot(left + stuck + 0.5, np.full(len(stuck), edges[-1]), "x", color=COLORS[5], clip_on=False)
        middles.append(left + neurons / 2)
        names.append(f"layer {i}\n" + (f"{len(stuck)} of {neurons} stuck" if len(stuck) else f"{neurons} alive"))
        left += neurons + gap
    ax.set_xticks(middles, names)
    ax.tick_params("x", length=0)
    ax.set(xlim=(-0.5, left - gap + 0.5), ylim=edges[[0, -1]], ylabel=ylabel)
    ax.set_title(title, pad=12)
    quiet(ax)
    return ax
