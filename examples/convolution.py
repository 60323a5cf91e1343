"""A small convolution reads digits: `python -m examples.convolution`.

The same few weights look at every place of an image (LeCun et al. 1989): 8 x 8 pixels, six kernels of 3 x 3 at nine
places, and a linear layer for the ten digits. A recording finds that the weights are the same, and makes one matrix
product of all places.
"""

import math
from random import Random
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from autograd import Value, dot, record, relu
from examples.pictures import panels, save
from nn import Module, data
from nn.losses import cross_entropy
from nn.optim import Adam

if TYPE_CHECKING:
    from matplotlib.axes import Axes

Floats = NDArray[np.float64]
SIDE, KERNEL, STRIDE = 8, 3, 2


class Convolution(Module):
    """Kernels slide over the image; a linear layer weighs what they find."""

    def __init__(self, kernels: int, classes: int, rng: Random) -> None:
        self.corners = range(0, SIDE - KERNEL + 1, STRIDE)
        found = kernels * len(self.corners) ** 2
        self.kernels = [[Value(rng.gauss(0.0, 1 / KERNEL)) for _ in range(KERNEL**2)] for _ in range(kernels)]
        self.biases = [Value(0.0) for _ in range(kernels)]
        self.readout = [[Value(rng.gauss(0.0, 1 / math.sqrt(found))) for _ in range(found)] for _ in range(classes)]

    def __call__(self, pixels: list[Value]) -> list[Value]:
        """The logits of the classes."""
        windows = [
            [pixels[SIDE * (y + i) + x + j] for i in range(KERNEL) for j in range(KERNEL)]
            for y in self.corners
            for x in self.corners
        ]
        found = [
            relu(dot(kernel, window, start=bias))
            for window in windows
            for kernel, bias in zip(self.kernels, self.biases, strict=True)
        ]
        return [dot(row, found) for row in self.readout]


def images() -> tuple[Floats, NDArray[np.int64], Floats, NDArray[np.int64]]:
    """Digits to learn from, and others to be tested with: pixels from 0 to 1, and what they show."""
    digits = data.digits()
    order = np.random.default_rng(0).permutation(len(digits.X))
    X, y = digits.X[order] / 16, digits.y[order].astype(np.int64)
    return X[:1400], y[:1400], X[1400:], y[1400:]


def train(model: Convolution, X: Floats, y: NDArray[np.int64], epochs: int, batch: int = 50) -> list[float]:
    """Show it all images so many times: the mean loss of each time."""
    classes = len(model.readout)
    targets = np.eye(classes)[y]
    loss = record(lambda x, t: cross_entropy(model(x), t), X[0].tolist(), targets[0].tolist())
    optimizer, random, losses = Adam(model.parameters(), lr=0.01), np.random.default_rng(1), []
    for _ in range(epochs):
        order = random.permutation(len(X)).reshape(-1, batch)
        losses.append(float(np.mean([optimizer.minimize(loss, X[rows], targets[rows]) for rows in order])))
    return losses


def predicted(model: Convolution, X: Floats) -> NDArray[np.intp]:
    """The most likely class of each image."""
    likeliest: NDArray[np.intp] = record(model, X[0].tolist())(X).argmax(axis=1)
    return likeliest


def picture(model: Convolution) -> "Axes":
    """The kernels, as small images."""
    axes = panels(len(model.kernels), width=8.0, height=1.7)
    for ax, kernel in zip(axes, model.kernels, strict=True):
        ax.imshow(np.array([w.data for w in kernel]).reshape(KERNEL, KERNEL), cmap="RdBu", vmin=-1.5, vmax=1.5)
        ax.set_xticks([])
        ax.set_yticks([])
    return axes[0]


def main(kernels: int = 6, epochs: int = 30) -> None:
    X, y, new, truth = images()
    model = Convolution(kernels, 10, Random(0))
    losses = train(model, X, y, epochs)
    right = (predicted(model, new) == truth).mean()
    print(f"{len(model.parameters())} parameters; loss {losses[0]:.3f} at first, {losses[-1]:.3f} at last")
    print(f"{right:.1%} of {len(new)} new images are read rightly")
    save(picture(model), "convolution")


if __name__ == "__main__":
    main()
