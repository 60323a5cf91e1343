"""How long a pendulum is, and how much air brakes it, from what one sees: `python -m examples.pendulum`.

The angle obeys angle'' = -(g / length) sin(angle) - drag angle'. Runge and Kutta's steps (order 4) lead from a guess of
the length, the drag and the start to the angles that one would see; least squares makes them those that were seen. The
derivatives go through all the steps.
"""

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from autograd import Value, sin
from autograd.derivatives import Problem, for_scipy
from examples.pictures import panels, save

if TYPE_CHECKING:
    from matplotlib.axes import Axes

GRAVITY = 9.81
TRUTH = [1.7, 0.15, 2.4, 0.0]  # length, drag, angle and speed at the start


def angles(parameters: list[Any], steps: int, step: float) -> list[Any]:
    """The angle after each of so many steps of time."""
    length, drag, angle, speed = parameters

    def rate(angle: Any, speed: Any) -> tuple[Any, Any]:
        return speed, -GRAVITY / length * sin(angle) - drag * speed

    seen = []
    for _ in range(steps):
        a1, s1 = rate(angle, speed)
        a2, s2 = rate(angle + step / 2 * a1, speed + step / 2 * s1)
        a3, s3 = rate(angle + step / 2 * a2, speed + step / 2 * s2)
        a4, s4 = rate(angle + step * a3, speed + step * s3)
        angle = angle + step / 6 * (a1 + 2 * a2 + 2 * a3 + a4)
        speed = speed + step / 6 * (s1 + 2 * s2 + 2 * s3 + s4)
        seen.append(angle)
    return seen


def observations(steps: int, step: float, noise: float, seed: int = 0) -> NDArray[np.float64]:
    """Angles that a camera might have seen."""
    exact = [x.data for x in angles([Value(x) for x in TRUTH], steps, step)]
    return np.array(exact) + np.random.default_rng(seed).normal(scale=noise, size=steps)


def problem(seen: NDArray[np.float64], step: float, guess: list[float]) -> Problem:
    """How far the angles of a guess are from those that were seen, and the derivatives of that."""
    return for_scipy(lambda p: [a - b for a, b in zip(angles(p, len(seen), step), seen, strict=True)], guess)


def fit(seen: NDArray[np.float64], step: float, guess: list[float]) -> NDArray[np.float64]:
    """The parameters whose angles are nearest to those that were seen."""
    from scipy.optimize import least_squares

    distance = problem(seen, step, guess)
    found = least_squares(distance.fun, distance.x0, jac=distance.jac)
    fitted: NDArray[np.float64] = found.x
    return fitted


def picture(seen: NDArray[np.float64], step: float, guess: list[float], found: NDArray[np.float64]) -> "Axes":
    """What was seen, what was guessed, and what was found."""
    (ax,) = panels(width=7.0, height=3.4)
    time = step * np.arange(1, len(seen) + 1)
    for parameters, style, name in ((guess, "--", "guess"), (found.tolist(), "-", "found")):
        drawn = [x.data for x in angles([Value(x) for x in parameters], len(seen), step)]
        ax.plot(time, drawn, style, color="#0072B2" if name == "found" else "#777777", label=name)
    ax.plot(time, seen, "o", color="#D55E00", markersize=3, label="seen")
    ax.set_xlabel("seconds")
    ax.set_ylabel("angle")
    ax.legend(frameon=False, loc="lower center", bbox_to_anchor=(0.5, 1.0), ncols=3)
    return ax


def main(steps: int = 120, step: float = 0.05, noise: float = 0.05) -> None:
    guess = [1.5, 0.05, 2.2, 0.2]
    seen = observations(steps, step, noise)
    found = fit(seen, step, guess)
    for name, true, number in zip(("length", "drag", "angle", "speed"), TRUTH, found, strict=True):
        print(f"{name:8} {number:8.4f}   in truth {true:.4f}")
    save(picture(seen, step, guess, found), "pendulum")


if __name__ == "__main__":
    main()
