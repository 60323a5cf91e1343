"""CasADi's programs: expressions are built once, scalars (SX) or arrays (MX), and its virtual machine runs them.

What trains networks isn't what it is for: only the equation is here.
"""

from typing import Any

import casadi as ca
import numpy as np

from benchmarks.gallery import tasks
from benchmarks.gallery.tasks import Total
from benchmarks.scalars import Step
from examples import arm as arms
from examples import orbit as orbits
from examples import pendulum as pendulums
from examples import sampling as samples


def _function(inputs: list[Any], outputs: list[Any], *arguments: Any) -> Step:
    run, given = ca.Function("f", inputs, outputs), [ca.DM(x) for x in arguments]
    return lambda: Total(*run.call(given))


def option() -> Step:
    known, chance = ca.MX.sym("known", 4), ca.MX.sym("chance", len(tasks.CHANCES))
    spot, volatility, rate, years = ca.vertsplit(known)
    growth = (rate - volatility**2 / 2) * years + volatility * ca.sqrt(years) * chance
    paid = ca.exp(-rate * years) * ca.fmax(spot * ca.exp(growth) - tasks.STRIKE, 0)
    value = ca.sum1(paid) / len(tasks.CHANCES)
    return _function([known, chance], [value, ca.gradient(value, known)], tasks.MARKET, tasks.CHANCES)


def pendulum() -> Step:
    p, h = ca.SX.sym("p", 4), tasks.STEP

    def rate(state: Any) -> Any:
        return ca.vertcat(state[1], -pendulums.GRAVITY / p[0] * ca.sin(state[0]) - p[1] * state[1])

    state, angles = p[2:], []
    for _ in tasks.SEEN:
        k1 = rate(state)
        k2 = rate(state + h / 2 * k1)
        k3 = rate(state + h / 2 * k2)
        k4 = rate(state + h * k3)
        state = state + h / 6 * (k1 + 2 * k2 + 2 * k3 + k4)
        angles.append(state[0])
    distances = ca.vertcat(*angles) - tasks.SEEN
    return _function([p], [distances, ca.jacobian(distances, p)], tasks.GUESS)


def orbit() -> Step:
    state, h = ca.SX.sym("state", 4), tasks.ORBIT_DAYS * orbits.DAY

    def rate(state: Any) -> Any:
        place, speed = state[:2], state[2:]
        return ca.vertcat(speed, -orbits.SUN / ca.dot(place, place) ** 1.5 * place)

    k1 = rate(state)
    k2 = rate(state + h / 2 * k1)
    k3 = rate(state + h / 2 * k2)
    k4 = rate(state + h * k3)
    step = ca.Function("step", [state], [state + h / 6 * (k1 + 2 * k2 + 2 * k3 + k4)])
    start = ca.MX.sym("start", 4)
    end = step.fold(tasks.ORBIT_STEPS)(start)[:2]
    return _function([start], [end, ca.jacobian(end, start)], tasks.ORBIT)


def curve() -> Step:
    p = ca.SX.sym("p", 2)
    distances = (p[0] * tasks.FOOD / (p[1] + tasks.FOOD) - tasks.SPEEDS) / 0.05
    surprise = ca.sumsqr(distances) / 2
    hessian, gradient = ca.hessian(surprise, p)
    return _function([p], [surprise, gradient, hessian], tasks.CURVE)


def arm() -> Step:
    angles = ca.SX.sym("angles", 4)
    turned, lengths = ca.cumsum(angles), ca.DM(arms.LENGTHS)
    hand = ca.vertcat(ca.dot(lengths, ca.cos(turned)), ca.dot(lengths, ca.sin(turned)))
    return _function([angles], [hand, ca.jacobian(hand, angles)], tasks.ANGLES)


def equation() -> Step:
    layers = [
        (ca.SX.sym("weights", *weights.shape), ca.SX.sym("biases", len(biases)))
        for weights, biases in tasks.equation_layers()
    ]
    *hidden, (weights, biases) = layers
    x = ca.SX.sym("x")
    inner = x
    for w, b in hidden:
        inner = ca.tanh(w @ inner + b)
    y = 1 + x * (weights @ inner + biases)
    mistake = (ca.jacobian(y, x) + 2 * x * y) ** 2
    parameters = ca.veccat(*[part for layer in layers for part in layer])
    count = len(tasks.POINTS)
    rows = ca.Function("row", [parameters, x], [mistake, ca.gradient(mistake, parameters)]).map(count)
    at, points = ca.MX.sym("at", parameters.shape[0]), ca.MX.sym("points", 1, count)
    means = [ca.sum2(found) / count for found in rows(ca.repmat(at, 1, count), points)]
    numbers = ca.veccat(*[ca.DM(part) for layer in tasks.equation_layers() for part in layer])
    return _function([at, points], means, numbers, tasks.POINTS[None])


def heston() -> Step:
    known, h, steps = ca.SX.sym("known", 7), tasks.HESTON_STEP, tasks.SHOCKS.shape[1]
    shocks = ca.SX.sym("shocks", steps, 2)
    spot, first, back, mean, wild, together, rate = ca.vertsplit(known)
    logarithm, variance = 0, first
    for i in range(steps):
        positive = ca.fmax(variance, 0)
        deviation = ca.sqrt(positive + 1e-12) * h**0.5
        shock = together * shocks[i, 0] + ca.sqrt(1 - together**2) * shocks[i, 1]
        logarithm = logarithm + (rate - 0.5 * positive) * h + deviation * shocks[i, 0]
        variance = variance + back * (mean - positive) * h + wild * deviation * shock
    paid = ca.exp(-rate * h * steps) * ca.fmax(spot * ca.exp(logarithm) - tasks.STRIKE, 0)
    one = ca.Function("one", [known, shocks], [paid, ca.gradient(paid, known)])
    paths, given = len(tasks.SHOCKS), np.concatenate(tasks.SHOCKS, axis=1)
    run, start = one.map(paths), np.tile(tasks.HESTON[:, None], paths)

    def step() -> Total:
        prices, greeks = run(start, given)
        return Total(ca.sum2(prices) / paths, ca.sum2(greeks) / paths)

    return step


def sampling() -> Step:
    h, steps = tasks.SLIDE_STEP, tasks.SLIDE_STEPS
    point = ca.SX.sym("point", 2)
    energy = 0.5 * (point[0] ** 2 + ((point[1] - samples.BEND * (point[0] ** 2 - 1)) / 0.5) ** 2)
    slope = ca.Function("slope", [point], [ca.gradient(energy, point)])
    start, kick = ca.SX.sym("start", 2), ca.SX.sym("kick", 2)
    place, speed = start, kick - 0.5 * h * slope(start)
    for i in range(steps):
        place = place + h * speed
        speed = speed - (h if i < steps - 1 else 0.5 * h) * slope(place)
    run = ca.Function("slid", [start, kick], [place, speed]).map(len(tasks.PLACES))
    given = ca.DM(tasks.PLACES.T), ca.DM(tasks.KICKS.T)
    return lambda: Total(*run(*given))
