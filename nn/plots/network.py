"""A network, with an edge for each weight: who is responsible, at a glance."""

from typing import TYPE_CHECKING

import numpy as np

from nn.modules import MLP
from nn.plots.style import COLORS, PAPER, ink_of, panels

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_LINEWIDTH = 4.0  # of the largest gradient, in printer's points
_LEAST = 0.02  # of the largest gradient: what is smaller is not drawn


def network_gradients(model: MLP, ax: "Axes | None" = None, highest: float | None = None) -> "Axes":
    """The neurons of a network in columns, inputs first, with an edge for each weight, coloured by its `.grad`.

    Orange is a positive gradient: the weight is too large. Blue is a negative one: it is too small. An edge is as thick
    as its gradient is large, compared with `highest` or with the largest of them; below 2 % of that it is left out.
    Several pictures with the same `highest` can be compared. Gradients are those of the last `backward()`.

    >>> from matplotlib.figure import Figure
    >>> model = MLP(2, [3, 1], activation="tanh", rng=0)
    >>> model([0.5, -1.0]).backward()
    >>> len(network_gradients(model, Figure().subplots()).collections[0].get_segments())
    9
    """
    from matplotlib.collections import LineCollection

    ax = ax or panels()[0]
    weights = [np.array([[w.grad for w in neuron.weights] for neuron in layer.neurons]) for layer in model.layers]
    columns = [_heights(weights[0].shape[1]), *(_heights(len(layer)) for layer in weights)]
    edges = [
        ([(x, columns[x][i]), (x + 1, columns[x + 1][j])], layer[j, i])
        for x, layer in enumerate(weights)
        for j, i in np.ndindex(layer.shape)
    ]
    gradients = np.array([gradient for _, gradient in edges])
    shares = np.abs(gradients) / (highest or np.abs(gradients).max() or 1.0)
    order = [i for i in np.argsort(shares) if shares[i] >= _LEAST]  # the largest are drawn last
    ax.add_collection(
        LineCollection(
            [edges[i][0] for i in order],
            colors=[COLORS[5] if gradients[i] > 0 else COLORS[0] for i in order],
            linewidths=_LINEWIDTH * np.minimum(shares[order], 1),
        )
    )
    for x, column in enumerate(columns):
        ax.plot(np.full(len(column), x), column, "o", markersize=9, color=PAPER, markeredgecolor=ink_of(ax), zorder=3)
    ax.axis("off")
    return ax


def _heights(neurons: int) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    """Places one below the other, around the middle."""
    return (neurons - 1) / 2 - np.arange(neurons, dtype=np.float64)
