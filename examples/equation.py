"""A network that solves a differential equation: `python -m examples.equation`.

y' = -2 x y with y(0) = 1 has the solution exp(-x^2). A network N makes the trial solution 1 + x N(x), which starts
right whatever N is; and it is trained on nothing but the equation: y' + 2 x y is to be 0 (Lagaris, Likas and Fotiadis
1998). The derivative y' is part of what is recorded, and training differentiates it once more.
"""

from typing import TYPE_CHECKING, cast

import numpy as np
from numpy.typing import NDArray

from autograd import Value, record
from autograd.derivatives import value_and_grad
from examples.pictures import panels, save
from nn import MLP
from nn.optim import Adam
from nn.schedules import cosine

if TYPE_CHECKING:
    from matplotlib.axes import Axes

Floats = NDArray[np.float64]
END = 2.0


def network(width: int) -> MLP:
    return MLP(1, [width, width, 1], activation="tanh", rng=0)


def solution(model: MLP, x: Value) -> Value:
    """The trial solution."""
    return 1 + x * cast(Value, model([x]))


def mistake(model: MLP, x: Value) -> Value:
    """By how much the equation is not fulfilled, squared."""
    y: Value
    slope: Value
    y, slope = value_and_grad(lambda x: solution(model, x))(x)
    return (slope + 2 * x * y) ** 2


def train(model: MLP, points: int, epochs: int) -> float:
    """Fulfil the equation at so many points between 0 and the end: the mean mistake at last."""
    x = np.linspace(0.0, END, points)
    loss = record(lambda x: mistake(model, x), 0.5)
    optimizer, schedule, last = Adam(model.parameters()), cosine(epochs), 0.0
    for epoch in range(epochs):
        optimizer.lr = 0.01 * schedule(epoch)
        last = optimizer.minimize(loss, x)
    return last


def solved(model: MLP, x: Floats) -> Floats:
    """The trial solution at many points."""
    return record(lambda x: solution(model, x), 0.0)(x)


def picture(model: MLP) -> "Axes":
    """The solution, and how wrong it is."""
    x = np.linspace(0.0, END, 201)
    left, right = panels(2, height=3.2)
    left.plot(x, np.exp(-(x**2)), color="#222222", label=r"exp($-x^2$)")
    left.plot(x[::10], solved(model, x)[::10], "o", color="#0072B2", markersize=4, label="network")
    left.legend(frameon=False)
    right.plot(x, solved(model, x) - np.exp(-(x**2)), color="#D55E00")
    right.set_ylabel("error")
    for ax in (left, right):
        ax.set_xlabel("x")
    return left


def main(width: int = 16, points: int = 50, epochs: int = 4000) -> None:
    model = network(width)
    print(f"mean squared mistake of the equation: {train(model, points, epochs):.1e}")
    x = np.linspace(0.0, END, 201)
    print(f"largest error of the solution: {abs(solved(model, x) - np.exp(-(x**2))).max():.1e}")
    save(picture(model), "equation")


if __name__ == "__main__":
    main()
