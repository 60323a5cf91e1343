"""Pictures of training, by matplotlib (`pip install "stepgrad[plot]"`).

Each function draws into the axes that it is given, or into new ones, and returns them. Colours are those of Okabe and
Ito (2008), which colour-blind people can tell apart.
"""

from typing import TYPE_CHECKING

import numpy as np

from nn.data import Dataset, Floats, Standardizer
from nn.modules import Module
from nn.training import History, predict

if TYPE_CHECKING:
    from matplotlib.axes import Axes

COLORS = ["#0072B2", "#E69F00", "#009E73", "#CC79A7", "#56B4E9", "#D55E00", "#F0E442", "#000000"]
MARKERS = "os^Dv*XP"


def loss_curve(history: History, ax: "Axes | None" = None) -> "Axes":
    """The training loss by epoch, and the validation loss where there is one."""
    ax = ax or _new_axes()
    for name, series, color in (
        ("training", history.loss, COLORS[0]),
        ("validation", history.validation_loss, COLORS[1]),
    ):
        if series:
            ax.plot(range(1, len(series) + 1), series, color=color, linewidth=2)
            ax.annotate(name, (len(series), series[-1]), (6, 0), textcoords="offset points", color=color, va="center")
    ax.set(xlabel="epoch", ylabel="loss", title="Loss", ylim=(0, None))
    _quiet(ax)
    return ax


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
    ax = ax or _new_axes()
    low, high = dataset.X.min(axis=0), dataset.X.max(axis=0)
    margin = 0.1 * np.where(high > low, high - low, np.maximum(np.abs(high), 1))
    axes = [np.linspace(*limits, 80) for limits in zip(low - margin, high + margin, strict=True)]
    grid = np.stack(np.meshgrid(*axes), axis=-1).reshape(-1, 2)
    probabilities = _probabilities(predict(model, standardizer.apply(grid) if standardizer else grid))
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
    ax.legend(clouds, map(_plain, dataset.classes), title=_plain(dataset.target), frameon=True, framealpha=0.9)
    ax.set(xlabel=_plain(dataset.features[0]), ylabel=_plain(dataset.features[1]), title="Decision boundary")
    _quiet(ax)
    return ax


def _probabilities(logits: Floats) -> Floats:
    if logits.ndim == 1:
        logits = np.stack([np.zeros_like(logits), logits], axis=1)
    shares = np.exp(logits - logits.max(axis=1, keepdims=True))
    probabilities: Floats = shares / shares.sum(axis=1, keepdims=True)
    return probabilities


def _plain(name: str) -> str:
    """A name that is no formula, whatever dollars it has."""
    return name.replace("$", r"\$")


def _new_axes() -> "Axes":
    import matplotlib.pyplot as plt

    return plt.subplots(layout="constrained")[1]


def _quiet(ax: "Axes") -> None:
    ax.spines[["top", "right"]].set_visible(False)
