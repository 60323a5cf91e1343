"""What every peer computes: the same data and the same first weights, drawn from a seed."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from nn import data

Floats = NDArray[np.float64]
NAME = "abidjan"  # that the GPT reads


class Task(NamedTuple):
    """One step of training an MLP with ReLU: loss, gradients, update.

    - `X`: rows x inputs; `y`: a target for each row
    - `layers`: for each the weights, outputs x inputs, and the biases
    - `rate`: the learning rate
    """

    X: Floats
    y: NDArray[np.int64]
    layers: list[tuple[Floats, Floats]]
    rate: float

    @property
    def numbers(self) -> list[float]:
        """The parameters one by one: of each neuron the weights, then the bias."""
        neurons = [np.column_stack(layer) for layer in self.layers]
        return [float(number) for neuron in neurons for number in neuron.flat]


def moons() -> Task:
    """Micrograd's demo: 100 points in two half circles, targets -1 and 1, layers 2-16-16-1, max-margin loss."""
    points = data.moons(100)
    return Task(points.X, 2 * points.y.astype(np.int64) - 1, _layers(2, 16, 16, 1), rate=0.1)


def digits(rows: int | None = None) -> Task:
    """Images of 64 pixels, targets 0 to 9, layers 64-32-10, cross-entropy; the first `rows`, or all 1797."""
    images = data.digits()
    return Task(images.X[:rows] / 16, images.y[:rows].astype(np.int64), _layers(64, 32, 10), rate=0.1)


def noise(rows: int, *widths: int) -> Task:
    """Rows of noise for layers of these widths, cross-entropy."""
    rng = np.random.default_rng(0)
    return Task(rng.normal(size=(rows, widths[0])), rng.integers(widths[-1], size=rows), _layers(*widths), rate=0.01)


def _layers(*widths: int) -> list[tuple[Floats, Floats]]:
    rng = np.random.default_rng(0)
    shapes = zip(widths[1:], widths, strict=False)
    return [(rng.uniform(-1, 1, shape) / shape[1] ** 0.5, rng.uniform(-0.1, 0.1, shape[0])) for shape in shapes]
