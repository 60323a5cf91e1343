"""Hamiltonian Monte Carlo draws from a distribution of which only the shape is known: `python -m examples.sampling`.

A point slides over the landscape -log(density), kicked at random, as a puck without friction would: where it is after a
while is a draw (Duane et al. 1987; Neal 2011, "MCMC using Hamiltonian dynamics"). Sliding needs the gradient. The
chains are the rows of a batch, so all of them slide at once.
"""

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from autograd import Recording, Value, record
from autograd.derivatives import grad
from examples.pictures import panels, save

if TYPE_CHECKING:
    from matplotlib.axes import Axes

Floats = NDArray[np.float64]
BEND = 0.5


def landscape(point: list[Value]) -> Value:
    """-log of the density of a banana: x is normal, and y is normal around BEND (x^2 - 1) (Haario et al. 1999)."""
    x, y = point
    return 0.5 * (x * x + ((y - BEND * (x * x - 1)) / 0.5) ** 2)


def recorded_slide(step: float, steps: int) -> Recording:
    """From a place and a speed to those after so many leapfrog steps, one behind the other: of any number of points."""

    def pushed(speed: list[Value], place: list[Value], time: float) -> list[Value]:
        return [v - time * slope for v, slope in zip(speed, grad(landscape)(place), strict=True)]

    def slid(place: list[Value], speed: list[Value]) -> list[Value]:
        speed = pushed(speed, place, 0.5 * step)
        for i in range(steps):
            place = [x + step * v for x, v in zip(place, speed, strict=True)]
            speed = pushed(speed, place, step if i < steps - 1 else 0.5 * step)
        return [*place, *speed]

    return record(slid, [0.0, 0.0], [0.0, 0.0])


def draws(chains: int, kicks: int, step: float = 0.2, steps: int = 12, seed: int = 0) -> tuple[Floats, float]:
    """The points of all chains after each kick, of shape kicks x chains x 2; and how often a move was accepted."""
    random = np.random.default_rng(seed)
    energy, slide = record(landscape, [0.0, 0.0]), recorded_slide(step, steps)
    place = random.normal(size=(chains, 2))
    drawn, accepted = np.empty((kicks, chains, 2)), 0
    for i in range(kicks):
        speed = random.normal(size=place.shape)
        moved, last = np.hsplit(slide(place, speed), 2)
        before = energy(place) + 0.5 * (speed**2).sum(axis=1)
        after = energy(moved) + 0.5 * (last**2).sum(axis=1)
        taken = random.exponential(size=chains) > after - before  # Metropolis: makes up for the steps' finite length
        place[taken] = moved[taken]
        accepted += int(taken.sum())
        drawn[i] = place
    return drawn, accepted / (chains * kicks)


def moments() -> dict[str, float]:
    """What is known of the banana, exactly."""
    return {"mean of x": 0.0, "mean of y": 0.0, "variance of x": 1.0, "variance of y": 0.25 + 2 * BEND**2}


def found(drawn: Floats) -> dict[str, float]:
    """The same of the draws."""
    x, y = drawn.reshape(-1, 2).T
    return dict(zip(moments(), (x.mean(), y.mean(), x.var(), y.var()), strict=True))


def picture(drawn: Floats) -> "Axes":
    """The draws, and the density by its contours."""
    (ax,) = panels(width=5.0, height=4.2)
    ax.plot(*drawn.reshape(-1, 2)[-3000:].T, ".", color="#0072B2", markersize=2, alpha=0.5)
    x, y = np.meshgrid(np.linspace(-3.2, 3.2, 120), np.linspace(-2.5, 5.0, 120))
    height = record(landscape, [0.0, 0.0])(np.stack([x.ravel(), y.ravel()], axis=1)).reshape(x.shape)
    ax.contour(x, y, np.exp(-height), levels=5, colors="#D55E00", linewidths=1)
    ax.set_xlabel("x")
    ax.set_ylabel("y")
    return ax


def main(chains: int = 400, kicks: int = 300) -> None:
    drawn, accepted = draws(chains, kicks)
    kept = drawn[kicks // 5 :]
    print(f"{kept.size // 2:,} draws, {accepted:.0%} of the moves accepted")
    for name, number in found(kept).items():
        print(f"{name:14} {number:7.3f}   exactly {moments()[name]:.3f}")
    save(picture(kept), "sampling")


if __name__ == "__main__":
    main()
