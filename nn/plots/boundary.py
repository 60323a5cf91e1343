"""The decision boundary: the plane of two inputs, coloured by what a model predicts there."""

from typing import TYPE_CHECKING

import numpy as np

from nn.data import Dataset, Standardizer
from nn.evaluation import probabilities as probabilities_of
from nn.modules import Module
from nn.plots.style import COLORS, MARKERS, ink_of, panels, plain, quiet
from nn.plots.words import words_for
from nn.training import predict

if TYPE_CHECKING:
    from matplotlib.axes import Axes


def decision_boundary(
    model: Module, dataset: Dataset, standardizer: Standardizer | None = None, ax: "Axes | None" = None
) -> "Axes":
    """The plane of two inputs, coloured by the class that the model predicts, with the data set's points on it.

    A lighter colour is a less certain prediction. Raises ValueError for another number of inputs, or no
    classes.
    """
    if dataset.X.shape[1] != 2 or not dataset.classes:
        raise ValueError(
            f"a decision boundary needs 2 inputs and classes; {dataset.name} has {dataset.X.shape[1]} inputs and "
            f"{len(dataset.classes)} classes"
        )
    ax = ax or panels()[0]
    low, high = dataset.X.min(axis=0), dataset.X.max(axis=0)
    margin = 0.1 * np.where(high > low, high - low, np.maximum(np.abs(high), 1))
    axes = [np.linspace(*limits, 80) for limits in zip(low - margin, high + margin, strict=True)]
    grid = np.stack(np.meshgrid(*axes), axis=-1).reshape(-1, 2)
    probabilities = probabilities_of(predict(model, standardizer.apply(grid) if standardizer else grid))
    classes = probabilities.shape[1]
    inks = np.array([[int(color[i : i + 2], 16) / 255 for i in (1, 3, 5)] for color in COLORS])[np.arange(classes) % 8]
    blend = 1 - 0.55 * (1 - probabilities @ inks)  # each class's ink, as strong as its probability
    ax.imshow(
        blend.reshape(80, 80, 3),
        extent=(*axes[0][[0, -1]], *axes[1][[0, -1]]),
        origin="lower",
        aspect="auto",
        interpolation="bilinear",
    )
    for k in range(classes - 1):
        lead = probabilities[:, k] - np.delete(probabilities, k, axis=1).max(axis=1)
        if lead.min() < 0 < lead.max():
            ax.contour(*axes, lead.reshape(80, 80), levels=[0], colors="#444444", linewidths=1.2)
    clouds = []
    for k in range(len(dataset.classes)):
        points = dataset.X[dataset.y == k]
        clouds.append(
            ax.scatter(points[:, 0], points[:, 1], s=28, c=COLORS[k % 8], marker=MARKERS[k % 8], edgecolors="white")
        )
    names = list(map(plain, dataset.classes))
    legend = ax.legend(clouds, names, title=plain(dataset.target), framealpha=0.9, facecolor=ax.get_facecolor())
    for text in (legend.get_title(), *legend.get_texts()):
        text.set_color(ink_of(ax))
    ax.set(
        xlabel=plain(dataset.features[0]), ylabel=plain(dataset.features[1]), title=words_for(ax)("Decision boundary")
    )
    quiet(ax)
    return ax
