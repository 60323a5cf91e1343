"""An LSTM remembers: `python -m examples.memory`.

It reads numbers, step by step, and is asked at the end whether the first was positive. What it has seen since is noise,
and the way back to the first step is long: that is what a cell with gates is for (Hochreiter and Schmidhuber 1997; that
the gate which keeps starts open, Jozefowicz et al. 2015).
"""

from random import Random
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from autograd import Value, dot, record, sigmoid, tanh
from examples.pictures import panels, save
from nn import Module
from nn.losses import binary_cross_entropy
from nn.optim import Adam

if TYPE_CHECKING:
    from matplotlib.axes import Axes

Floats = NDArray[np.float64]


class Weighted(Module):
    """A weighted sum of what is read, and a bias."""

    def __init__(self, inputs: int, rng: Random, bias: float = 0.0) -> None:
        self.weights = [Value(rng.gauss(0.0, 0.5)) for _ in range(inputs)]
        self.bias = Value(bias)

    def __call__(self, inputs: list[Value]) -> Value:
        return dot(self.weights, inputs, start=self.bias)


class Cell(Module):
    """Remembers one number: gates say how much is written into it, kept in it, and shown of it."""

    def __init__(self, inputs: int, rng: Random) -> None:
        self.write, self.keep, self.show = (Weighted(inputs, rng, bias) for bias in (0.0, 2.0, 0.0))
        self.news = Weighted(inputs, rng)

    def step(self, inputs: list[Value], memory: Value) -> tuple[Value, Value]:
        """What it remembers then, and what it shows."""
        memory = sigmoid(self.keep(inputs)) * memory + sigmoid(self.write(inputs)) * tanh(self.news(inputs))
        return memory, sigmoid(self.show(inputs)) * tanh(memory)


class LSTM(Module):
    """Reads numbers one by one, and gives a logit at the end."""

    def __init__(self, width: int, rng: Random) -> None:
        self.cells = [Cell(1 + width, rng) for _ in range(width)]
        self.readout = Weighted(width, rng)

    def memories(self, signal: list[Value]) -> list[list[Value]]:
        """What the cells remember after each step; the last row is what they show at the end."""
        nothing = Value(0.0, requires_grad=False)
        memory = shown = [nothing] * len(self.cells)
        history = []
        for x in signal:
            steps = [cell.step([x, *shown], kept) for cell, kept in zip(self.cells, memory, strict=True)]
            memory, shown = [kept for kept, _ in steps], [out for _, out in steps]
            history.append(memory)
        return [*history, shown]

    def __call__(self, signal: list[Value]) -> Value:
        return self.readout(self.memories(signal)[-1])


def signals(count: int, length: int, seed: int) -> tuple[Floats, Floats]:
    """Random signals, and whether the first number of each is positive."""
    X = np.random.default_rng(seed).normal(size=(count, length))
    return X, (X[:, 0] > 0).astype(float)


def train(model: LSTM, X: Floats, y: Floats, steps: int, batch: int = 64) -> list[float]:
    """The losses of so many steps, each on the next rows."""
    loss = record(lambda x, y: binary_cross_entropy(model(x), y), X[0], y[0])
    optimizer, losses = Adam(model.parameters(), lr=0.02), []
    for step in range(steps):
        rows = np.arange(step * batch, (step + 1) * batch) % len(X)
        losses.append(optimizer.minimize(loss, X[rows], y[rows]))
    return losses


def accuracy(model: LSTM, X: Floats, y: Floats) -> float:
    """How often it remembers what came first."""
    return float(((record(model, X[0])(X) > 0) == y).mean())


def picture(model: LSTM, X: Floats) -> "Axes":
    """What the cells remember of eight signals, step by step."""
    axes = panels(2, width=8.0, height=3.2)
    history = record(lambda x: [m for row in model.memories(x)[:-1] for m in row], X[0])(X[:40])
    by_step = history.reshape(len(history), X.shape[1], -1)
    best = int(np.argmax(abs(by_step[X[:40, 0] > 0, -1].mean(axis=0) - by_step[X[:40, 0] <= 0, -1].mean(axis=0))))
    for ax, numbers, name in ((axes[0], X[:40], "what it reads"), (axes[1], by_step[:, :, best], "what a cell keeps")):
        for row, first in zip(numbers, X[:40, 0], strict=True):
            ax.plot(range(1, X.shape[1] + 1), row, color="#0072B2" if first > 0 else "#D55E00", alpha=0.5, linewidth=1)
        ax.set_xlabel("step")
        ax.set_title(name)
    return axes[0]


def main(length: int = 20, width: int = 4, steps: int = 2500) -> None:
    model = LSTM(width, Random(0))
    X, y = signals(4000, length, seed=0)
    losses = train(model, X, y, steps)
    print(f"{len(model.parameters())} parameters; loss {losses[0]:.3f} at first, {np.mean(losses[-20:]):.3f} at last")
    new = signals(1000, length, seed=1)
    right = accuracy(model, *new)
    print(f"remembers what came {length - 1} steps before in {right:.1%} of new signals; chance is 50 %")
    save(picture(model, new[0]), "memory")


if __name__ == "__main__":
    main()
