"""Our programs: those of the examples."""

from typing import Any

import numpy as np

from autograd import Value, exp, grad, maximum, record, relu, sqrt
from autograd.derivatives import Problem, for_scipy
from benchmarks.gallery import tasks
from benchmarks.gallery.tasks import Total
from benchmarks.scalars import Step
from examples import arm as arms
from examples import curve as curves
from examples import equation as equations
from examples import option as options
from examples import orbit as orbits
from examples import pendulum as pendulums
from examples import sampling as samples
from nn.losses import binary_cross_entropy, cross_entropy


def option() -> Step:
    recording = options.payoff(options.market(), tasks.STRIKE)
    return lambda: Total(*recording.value_and_grad(tasks.CHANCES))


def pendulum() -> Step:
    return _value_and_jacobian(pendulums.problem(tasks.SEEN, tasks.STEP, tasks.GUESS.tolist()), tasks.GUESS)


def orbit() -> Step:
    flight = orbits.Flight(tasks.ORBIT_DAYS)
    return lambda: Total(*flight.end(tasks.ORBIT, tasks.ORBIT_STEPS))


def curve() -> Step:
    of, x = curves.problem(tasks.FOOD, tasks.SPEEDS), tasks.CURVE
    assert of.hess is not None
    hess = of.hess
    return lambda: Total(of.fun(x), of.jac(x), hess(x))


def arm() -> Step:
    return _value_and_jacobian(for_scipy(arms.hand, tasks.ANGLES), tasks.ANGLES)


def _value_and_jacobian(problem: Problem, x: tasks.Floats) -> Step:
    return lambda: Total(problem.fun(x), problem.jac(x))


def equation() -> Step:
    model = equations.network(16)
    loss = record(lambda x: equations.mistake(model, x), 0.5)
    return lambda: Total(*loss.value_and_grad(tasks.POINTS))


def curvature() -> Step:
    model = tasks.bent_network()

    def mistake(x: Value) -> Any:
        y: Any = model([x])
        (slope,) = grad(y, [x], create_graph=True)
        (bend,) = grad(slope, [x], create_graph=True)
        return (bend + y) ** 2

    loss = record(mistake, 0.5)
    return lambda: Total(*loss.value_and_grad(tasks.BENT))


def heston() -> Step:
    known = [Value(number) for number in tasks.HESTON.tolist()]
    spot, first, back, mean, wild, together, rate = known
    h = tasks.HESTON_STEP

    def paid(shocks: list[list[Value]]) -> Value:
        logarithm, variance = Value(0.0, requires_grad=False), first
        for shock, other in shocks:
            positive = maximum(variance, 0)
            deviation = sqrt(positive + 1e-12) * h**0.5
            logarithm = logarithm + (rate - 0.5 * positive) * h + deviation * shock
            shock = together * shock + sqrt(1 - together * together) * other
            variance = variance + back * (mean - positive) * h + wild * deviation * shock
        return exp(-rate * h * len(shocks)) * relu(spot * exp(logarithm) - tasks.STRIKE)

    option = record(paid, tasks.SHOCKS[0])
    return lambda: Total(*option.value_and_grad(tasks.SHOCKS))


def sampling() -> Step:
    slide = samples.recorded_slide(tasks.SLIDE_STEP, tasks.SLIDE_STEPS)
    return lambda: Total(slide(tasks.PLACES, tasks.KICKS))


def memory() -> Step:
    model, X, y = tasks.lstm(), tasks.SIGNALS, tasks.FIRST
    loss = record(lambda x, y: binary_cross_entropy(model(x), y), X[0], y[0])
    return lambda: Total(*loss.value_and_grad(X, y))


def convolution() -> Step:
    model = tasks.reader()
    X, targets = tasks.PIXELS, np.eye(10)[tasks.SHOWN]
    loss = record(lambda x, t: cross_entropy(model(x), t), X[0].tolist(), targets[0].tolist())
    return lambda: Total(*loss.value_and_grad(X, targets))


def balance() -> Step:
    surprise, (met, sides, gains) = tasks.policy().surprise, tasks.pushes()
    return lambda: Total(*surprise.value_and_grad(met, sides, weights=gains, reduction="sum"))
