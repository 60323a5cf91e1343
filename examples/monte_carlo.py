"""A hundred million paths in bounded memory: a call option's price and sensitivities, `python -m examples.monte_carlo`.

The payoff of one path is a function of one random number. It is recorded, and replayed over a Dask array of them, of
which only a few chunks exist at a time. The answers stand beside the formula of Black and Scholes (1973).
"""

import argparse
from math import erf, exp, log, pi, sqrt

import dask.array as da

from autograd import Value, record, relu
from autograd import exp as exp_of

STRIKE, YEARS = 105.0, 1.0
SPOT, VOLATILITY, RATE = 100.0, 0.2, 0.03
CHUNK = 10**6


def simulated(paths: int, seed: int = 0) -> tuple[float, float, float]:
    """The price, its derivative by the share's price today (delta), and that by the volatility (vega)."""
    spot, volatility = Value(SPOT, label="spot"), Value(VOLATILITY, label="volatility")

    def payoff(z: Value) -> Value:
        growth = (RATE - volatility * volatility / 2) * YEARS + volatility * sqrt(YEARS) * z
        return exp(-RATE * YEARS) * relu(spot * exp_of(growth) - STRIKE)

    z = da.random.default_rng(seed).normal(size=paths, chunks=CHUNK)
    price = record(payoff, 0.0).backward(z)
    return price, spot.grad, volatility.grad


def exact() -> tuple[float, float, float]:
    """The same by the formula of Black and Scholes."""
    d = (log(SPOT / STRIKE) + (RATE + VOLATILITY**2 / 2) * YEARS) / (VOLATILITY * sqrt(YEARS))
    below, above = (0.5 * (1 + erf(x / sqrt(2))) for x in (d, d - VOLATILITY * sqrt(YEARS)))
    density = exp(-d * d / 2) / sqrt(2 * pi)
    return SPOT * below - STRIKE * exp(-RATE * YEARS) * above, below, SPOT * density * sqrt(YEARS)


def main(arguments: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(prog="python -m examples.monte_carlo", description="Price a call option.")
    parser.add_argument("--paths", type=int, default=10**8, help="how many (default: 10^8)")
    found = simulated(parser.parse_args(arguments).paths)
    for name, one, other in zip(("price", "delta", "vega"), found, exact(), strict=True):
        print(f"{name}: {one:.5f}, by the formula {other:.5f}")


if __name__ == "__main__":
    main()
