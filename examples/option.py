"""What a call option is worth, and its greeks, by Monte Carlo: `python -m examples.option`.

The option pays how far a share has risen above the strike after a year. Its value today is the mean over many futures,
and the greeks are the derivatives of that mean by what one knows today: all of them come from one gradient. The closed
form is that of Black and Scholes (1973); that derivatives may be taken path by path, of Broadie and Glasserman (1996).
"""

import math
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from autograd import Recording, Value, exp, record, relu, sqrt
from autograd.derivatives import value_and_grad
from examples.pictures import panels, save

if TYPE_CHECKING:
    from matplotlib.axes import Axes

GREEKS = ("delta", "vega", "rho", "minus theta")  # the derivatives by the four numbers of a market


def market(spot: float = 100.0, volatility: float = 0.2, rate: float = 0.05, years: float = 1.0) -> list[Value]:
    """The share's price today, how much it moves in a year, the interest rate, and the time to go."""
    numbers = {"spot": spot, "volatility": volatility, "rate": rate, "years": years}
    return [Value(number, label=name) for name, number in numbers.items()]


def payoff(known: list[Value], strike: float) -> Recording:
    """What the option pays in a future, in money of today: of chance, a number of the normal distribution."""
    spot, volatility, rate, years = known

    def discounted(chance: Value) -> Value:
        growth = (rate - volatility**2 / 2) * years + volatility * sqrt(years) * chance
        return exp(-rate * years) * relu(spot * exp(growth) - strike)

    return record(discounted, 0.0)


def monte_carlo(known: list[Value], strike: float, futures: int, seed: int = 0) -> tuple[float, NDArray[np.float64]]:
    """The option's value, and its greeks, as means over so many futures, each with its mirror image."""
    half = np.random.default_rng(seed).normal(size=futures // 2)
    recording = payoff(known, strike)
    value, gradient = recording.value_and_grad(np.concatenate([half, -half]))
    by_parameter = dict(zip(recording.parameters, gradient, strict=True))
    return value, np.array([by_parameter[p] for p in known])


def closed_form(known: list[Value], strike: float) -> Value:
    """The value by the formula of Black and Scholes."""
    spot, volatility, rate, years = known

    def normal(x: Value) -> Value:
        return 0.5 * (-x / math.sqrt(2)).erfc()

    d = ((spot / strike).log() + (rate + volatility**2 / 2) * years) / (volatility * sqrt(years))
    return spot * normal(d) - strike * exp(-rate * years) * normal(d - volatility * sqrt(years))


def exact(known: list[Value], strike: float) -> tuple[float, NDArray[np.float64]]:
    """The value and the greeks of the closed form."""
    value, greeks = value_and_grad(closed_form)([p.data for p in known], strike)
    return value, np.array(greeks)


def picture(strike: float, futures: int) -> "Axes":
    """Value and delta over the price of today."""
    spots = np.linspace(60, 140, 33)
    sampled = [monte_carlo(market(spot), strike, futures) for spot in spots]
    known = [exact(market(spot), strike) for spot in spots]
    left, right = panels(2, height=3.4)
    for ax, name, dots, line in (
        (left, "value", [v for v, _ in sampled], [v for v, _ in known]),
        (right, "delta", [g[0] for _, g in sampled], [g[0] for _, g in known]),
    ):
        ax.plot(spots, line, color="#222222", label="Black and Scholes")
        ax.plot(spots, dots, "o", color="#0072B2", markersize=4, label=f"{futures:,} futures")
        ax.set_xlabel("price of the share today")
        ax.set_ylabel(name)
    left.legend(frameon=False)
    return left


def main(futures: int = 200_000) -> None:
    strike = 105.0
    value, greeks = monte_carlo(market(), strike, futures)
    right_value, right_greeks = exact(market(), strike)
    print(f"{'':12}{'Monte Carlo':>12}{'closed form':>12}")
    for name, found, right in zip(("value", *GREEKS), (value, *greeks), (right_value, *right_greeks), strict=True):
        print(f"{name:12}{found:12.4f}{right:12.4f}")
    save(picture(strike, min(futures, 20_000)), "option")


if __name__ == "__main__":
    main()
