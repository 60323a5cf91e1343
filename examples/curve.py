"""A curve through measurements, and how sure one is of it: `python -m examples.curve`.

An enzyme works the faster the more it is fed, up to a limit: speed = fastest food / (half + food) (Michaelis and Menten
1913). The best curve has the least sum of squares. How sharply that sum rises away from its lowest point, its Hessian,
says how sure the two numbers are: their covariance is the inverse (Press et al., Numerical Recipes, section 15.6).
"""

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from autograd.derivatives import Problem, for_scipy, grad, hessian
from examples.pictures import panels, save

if TYPE_CHECKING:
    from matplotlib.axes import Axes

Floats = NDArray[np.float64]
TRUTH = (2.0, 0.6)  # the fastest speed; the food at which it is half as fast
NOISE = 0.05


def speed(food: Any, fastest: Any, half: Any) -> Any:
    return fastest * food / (half + food)


def measurements(count: int, seed: int = 1) -> tuple[Floats, Floats]:
    """Amounts of food, and the speeds that were measured."""
    food = np.linspace(0.1, 4.0, count)
    return food, speed(food, *TRUTH) + np.random.default_rng(seed).normal(scale=NOISE, size=count)


def surprise(p: Any, food: Floats, speeds: Floats) -> Any:
    """Half the sum of squares, in units of the noise, of the curve with these two numbers."""
    distances = [(speed(x, p[0], p[1]) - y) / NOISE for x, y in zip(food.tolist(), speeds.tolist(), strict=True)]
    return sum([d * d for d in distances[1:]], distances[0] * distances[0]) / 2


def problem(food: Floats, speeds: Floats) -> Problem:
    """The surprise and its derivatives, from a first guess on."""
    return for_scipy(lambda p: surprise(p, food, speeds), [1.0, 1.0])


def fit(food: Floats, speeds: Floats) -> tuple[Floats, Floats]:
    """The two numbers of the best curve, and their covariance."""
    from scipy.optimize import minimize

    of = problem(food, speeds)
    found = minimize(of.fun, of.x0, jac=of.jac, hess=of.hess, method="trust-exact")
    return found.x, np.linalg.inv(hessian(surprise)(found.x, food, speeds))


def uncertainty(food: Floats, best: Floats, covariance: Floats) -> Floats:
    """The standard deviation of the curve at each amount of food: the covariance along its gradient."""
    slopes = np.array([grad(lambda p, x=x: speed(x, p[0], p[1]))(best.tolist()) for x in food.tolist()])
    deviation: Floats = np.sqrt(np.einsum("ni,ij,nj->n", slopes, covariance, slopes))
    return deviation


def picture(food: Floats, speeds: Floats, best: Floats, covariance: Floats) -> "Axes":
    """The measurements, the curve, and two standard deviations around it."""
    (ax,) = panels(height=3.6)
    fine = np.linspace(0.01, 4.2, 100)
    curve, sigma = speed(fine, *best), uncertainty(fine, best, covariance)
    ax.fill_between(fine, curve - 2 * sigma, curve + 2 * sigma, color="#0072B2", alpha=0.25, linewidth=0)
    ax.plot(fine, curve, color="#0072B2", label="best curve, two standard deviations")
    ax.plot(food, speeds, "o", color="#D55E00", markersize=4, label="measured")
    ax.set_xlabel("food")
    ax.set_ylabel("speed")
    ax.legend(frameon=False, loc="lower right")
    return ax


def main(count: int = 25) -> None:
    from scipy.optimize import curve_fit

    food, speeds = measurements(count)
    best, covariance = fit(food, speeds)
    theirs, _ = curve_fit(speed, food, speeds, p0=(1.0, 1.0), sigma=np.full(count, NOISE), absolute_sigma=True)
    for i, name in enumerate(("fastest", "half")):
        sure = np.sqrt(covariance[i, i])
        print(f"{name:8} {best[i]:.4f} +- {sure:.4f}   SciPy {theirs[i]:.4f}   in truth {TRUTH[i]:.4f}")
    save(picture(food, speeds, best, covariance), "curve")


if __name__ == "__main__":
    main()
