"""A planet is seen for a few months, then lost behind the sun: where will it be? `python -m examples.orbit`.

So it was with Ceres in 1801, which Gauss found again. From a moving earth one sees directions, no distances. Runge and
Kutta's steps lead from a guess of place and speed to the directions that one would see, and least squares makes them
those that were seen. A step is recorded once, however many are made. The tangents are carried along with it, so that
nothing is kept; the way back from a place in years keeps the root of its steps. Units: the earth's distance from the
sun, and years.
"""

import math
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from autograd.derivatives import jvp, scan
from examples.pictures import panels, save

if TYPE_CHECKING:
    from matplotlib.axes import Axes

Floats = NDArray[np.float64]
SUN = 4 * math.pi**2  # the pull of the sun: the earth goes around once a year
DAY = 1 / 365.25
AXIS, ROUNDNESS = 2.77, 0.08  # of Ceres' ellipse: the half axis, and the eccentricity
TRUTH = np.array([0.0, AXIS * (1 - ROUNDNESS), -math.sqrt(SUN / AXIS * (1 + ROUNDNESS) / (1 - ROUNDNESS)), 0.0])
GUESS = np.array([0.3, 3.0, -3.0, 0.3])  # place and speed at the start


def rate(state: list[Any]) -> list[Any]:
    """How fast place and speed change."""
    x, y, u, v = state
    pull = -SUN / (x * x + y * y) ** 1.5
    return [u, v, pull * x, pull * y]


def step(state: list[Any], h: float) -> list[Any]:
    """A step of Runge and Kutta, of order 4."""

    def moved(slopes: list[Any], h: float) -> list[Any]:
        return [x + h * slope for x, slope in zip(state, slopes, strict=True)]

    k1 = rate(state)
    k2 = rate(moved(k1, h / 2))
    k3 = rate(moved(k2, h / 2))
    k4 = rate(moved(k3, h))
    return moved([a + 2 * b + 2 * c + d for a, b, c, d in zip(k1, k2, k3, k4, strict=True)], h / 6)


class Flight:
    """Steps of so many days: after each the place and speed, and how they change with those at the start."""

    def __init__(self, days: float) -> None:
        def with_tangent(carry: list[Any]) -> list[Any]:
            state, tangent = jvp(lambda state: step(state, self.years), (carry[:4],), (carry[4:],))
            return [*state, *tangent]

        self.years = days * DAY
        self.alone = scan(lambda state: step(state, self.years), GUESS.tolist())
        self.with_tangent = scan(with_tangent, [*GUESS, 1.0, 0.0, 0.0, 0.0])

    def path(self, start: Floats, steps: int) -> tuple[Floats, Floats]:
        """The states, steps x 4, and their derivatives by the start, steps x 4 x 4."""
        carries = self.with_tangent.path(np.hstack([np.tile(start, (4, 1)), np.eye(4)]), length=steps)
        return carries[:, 0, :4], carries[:, :, 4:].transpose(0, 2, 1)

    def end(self, start: Floats, steps: int) -> tuple[Floats, Floats]:
        """The last place, and its derivatives by the start, 2 x 4: the way back, once for each coordinate."""
        last, back = self.alone.vjp(np.tile(start, (2, 1)), length=steps)
        return last[0, :2], back(np.eye(4)[:2]).carry


def earth(time: Floats) -> Floats:
    """Where we are."""
    return np.stack([np.cos(2 * np.pi * time), np.sin(2 * np.pi * time)], axis=1)


def seen(flight: Flight, steps: int, every: int, noise: float, seed: int = 2) -> tuple[Floats, Floats]:
    """When it was seen, and in which direction, an angle."""
    places = flight.path(TRUTH, steps)[0][every - 1 :: every, :2]
    time: Floats = np.arange(every, steps + 1, every, dtype=np.float64) * flight.years
    across, up = (places - earth(time)).T
    angles: Floats = np.arctan2(up, across) + np.random.default_rng(seed).normal(scale=noise, size=len(time))
    return time, angles


def misses(flight: Flight, start: Floats, time: Floats, angles: Floats) -> tuple[Floats, Floats]:
    """By how much each direction is missed, as the sine of the angle, and the derivatives of that by the start."""
    numbers = np.rint(time / flight.years).astype(int)
    states, slopes = flight.path(start, numbers[-1])
    sights = states[numbers - 1, :2] - earth(time)
    sideways = np.stack([-np.sin(angles), np.cos(angles)], axis=1)
    distance = np.linalg.norm(sights, axis=1, keepdims=True)
    across = (sideways * sights).sum(axis=1, keepdims=True) / distance
    by_place = (sideways - across * sights / distance) / distance
    return across[:, 0], np.einsum("ni,nij->nj", by_place, slopes[numbers - 1, :2])


def fit(flight: Flight, time: Floats, angles: Floats, noise: float) -> tuple[Floats, Floats]:
    """The start whose directions are nearest to those that were seen, and its covariance."""
    from scipy.optimize import least_squares

    found = least_squares(
        lambda start: misses(flight, start, time, angles)[0] / noise,
        GUESS,
        jac=lambda start: misses(flight, start, time, angles)[1] / noise,
        x_scale="jac",
    )
    return found.x, np.linalg.inv(found.jac.T @ found.jac)


def kepler(years: float) -> Floats:
    """Where it is in truth after so many years, by Kepler's equation."""
    mean = years * math.sqrt(SUN / AXIS**3)
    anomaly = mean
    for _ in range(50):
        anomaly -= (anomaly - ROUNDNESS * math.sin(anomaly) - mean) / (1 - ROUNDNESS * math.cos(anomaly))
    ahead, aside = AXIS * (math.cos(anomaly) - ROUNDNESS), AXIS * math.sqrt(1 - ROUNDNESS**2) * math.sin(anomaly)
    return np.array([-aside, ahead])  # its ellipse lies along the second axis


def ellipse(start: Floats) -> tuple[float, float]:
    """The half axis and the eccentricity of the orbit that starts so."""
    x, y, u, v = start
    distance, turn = math.hypot(x, y), x * v - y * u
    axis = 1 / (2 / distance - (u * u + v * v) / SUN)
    return axis, math.sqrt(max(0.0, 1 - turn * turn / (SUN * axis)))


def picture(flight: Flight, found: Floats, time: Floats, angles: Floats, there: Floats, sure: Floats) -> "Axes":
    """The earth, the lines of sight, the orbit that was guessed and found, and where it will be."""
    (ax,) = panels(width=5.4, height=5.6)
    whole = int(4.7 / flight.years)
    for start, style, name in ((GUESS, ":", "guess"), (found, "-", "found")):
        ax.plot(
            *flight.path(start, whole)[0][:, :2].T, style, color="#777777" if style == ":" else "#0072B2", label=name
        )
    for place, angle in zip(earth(time), angles, strict=True):
        ax.plot(
            *np.stack([place, place + 3.2 * np.array([math.cos(angle), math.sin(angle)])]).T, color="#E69F00", lw=0.6
        )
    ax.plot(*earth(time).T, ".", color="#E69F00", label="the earth, and where it looked")
    width, axes = np.linalg.eigh(sure)
    around = np.array([np.cos(turn := np.linspace(0, 2 * np.pi, 60)), np.sin(turn)])
    ax.plot(*(there[:, None] + 2 * axes @ (np.sqrt(width)[:, None] * around)), color="#D55E00", label="in three years")
    ax.plot(0, 0, "o", color="#777777")
    ax.set_aspect("equal")
    ax.legend(frameon=False, loc="lower center", bbox_to_anchor=(0.5, 1.0), ncols=2, fontsize=9)
    return ax


def main(days: float = 0.5, observed: int = 240, later: float = 3.0, noise: float = 2e-4) -> None:
    flight = Flight(days)
    steps = int(observed / days)
    time, angles = seen(flight, steps, every=max(1, steps // 20), noise=noise)
    found, covariance = fit(flight, time, angles, noise)
    for name, true, number in zip(("half axis", "eccentricity"), (AXIS, ROUNDNESS), ellipse(found), strict=True):
        print(f"{name:13} {number:7.4f}   in truth {true:.4f}")
    number = round(later / flight.years)
    there, slopes = flight.end(found, number)
    sure = slopes @ covariance @ slopes.T
    away = there - kepler(number * flight.years)
    print(
        f"{later:g} years later: {np.linalg.norm(away):.4f} from where it is; expected {math.sqrt(np.trace(sure)):.4f}"
    )
    save(picture(flight, found, time, angles, there, sure), "orbit")


if __name__ == "__main__":
    main()
