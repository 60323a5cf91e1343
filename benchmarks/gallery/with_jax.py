"""JAX's programs: compiled functions of arrays in float64; loops over time are scans."""

from collections.abc import Callable
from typing import Any

import jax
import jax.numpy as jnp

from benchmarks.gallery import tasks
from benchmarks.gallery.tasks import Total
from benchmarks.scalars import Step
from examples import arm as arms
from examples import orbit as orbits
from examples import pendulum as pendulums
from examples import sampling as samples

jax.config.update("jax_enable_x64", True)


def _compiled(f: Callable[..., Any], *arguments: Any) -> Step:
    """A step that calls the compiled function on arrays that were moved to the device before."""
    run, moved = jax.jit(f), jax.tree.map(jnp.asarray, arguments)
    return lambda: Total(*jax.tree.leaves(run(*moved)))


def option() -> Step:
    def value(known: Any, chance: Any) -> Any:
        spot, volatility, rate, years = known
        growth = (rate - volatility**2 / 2) * years + volatility * jnp.sqrt(years) * chance
        return (jnp.exp(-rate * years) * jax.nn.relu(spot * jnp.exp(growth) - tasks.STRIKE)).mean()

    return _compiled(jax.value_and_grad(value), tasks.MARKET, tasks.CHANCES)


def pendulum() -> Step:
    h = tasks.STEP

    def distances(p: Any) -> Any:
        length, drag, angle, speed = p

        def rate(state: Any) -> Any:
            return jnp.array([state[1], -pendulums.GRAVITY / length * jnp.sin(state[0]) - drag * state[1]])

        def step(state: Any, _: None) -> Any:
            k1 = rate(state)
            k2 = rate(state + h / 2 * k1)
            k3 = rate(state + h / 2 * k2)
            k4 = rate(state + h * k3)
            state = state + h / 6 * (k1 + 2 * k2 + 2 * k3 + k4)
            return state, state[0]

        return jax.lax.scan(step, jnp.array([angle, speed]), length=len(tasks.SEEN))[1] - tasks.SEEN

    return _compiled(lambda p: (distances(p), jax.jacfwd(distances)(p)), tasks.GUESS)


def orbit() -> Step:
    h = tasks.ORBIT_DAYS * orbits.DAY

    def rate(state: Any) -> Any:
        place, speed = state[:2], state[2:]
        return jnp.concatenate([speed, -orbits.SUN / (place @ place) ** 1.5 * place])

    @jax.checkpoint  # type: ignore[untyped-decorator]
    def step(state: Any, _: None) -> Any:
        k1 = rate(state)
        k2 = rate(state + h / 2 * k1)
        k3 = rate(state + h / 2 * k2)
        k4 = rate(state + h * k3)
        return state + h / 6 * (k1 + 2 * k2 + 2 * k3 + k4), None

    def end(start: Any) -> Any:
        return jax.lax.scan(step, start, length=tasks.ORBIT_STEPS)[0][:2]

    return _compiled(lambda start: (end(start), jax.jacrev(end)(start)), tasks.ORBIT)


def curve() -> Step:
    def surprise(p: Any) -> Any:
        return (((p[0] * tasks.FOOD / (p[1] + tasks.FOOD) - tasks.SPEEDS) / 0.05) ** 2).sum() / 2

    return _compiled(lambda p: (jax.value_and_grad(surprise)(p), jax.hessian(surprise)(p)), tasks.CURVE)


def arm() -> Step:
    def hand(angles: Any) -> Any:
        turned, lengths = jnp.cumsum(angles), jnp.array(arms.LENGTHS)
        return jnp.array([lengths @ jnp.cos(turned), lengths @ jnp.sin(turned)])

    return _compiled(lambda x: (hand(x), jax.jacobian(hand)(x)), tasks.ANGLES)


def _mlp(layers: Any, x: Any) -> Any:
    *hidden, (weights, biases) = layers
    for w, b in hidden:
        x = jnp.tanh(w @ x + b)
    return (weights @ x + biases)[0]


def equation() -> Step:
    def mistake(layers: Any, x: Any) -> Any:
        y, slope = jax.value_and_grad(lambda x: 1 + x * _mlp(layers, jnp.array([x])))(x)
        return (slope + 2 * x * y) ** 2

    def mean(layers: Any, points: Any) -> Any:
        return jax.vmap(mistake, (None, 0))(layers, points).mean()

    return _compiled(jax.value_and_grad(mean), tasks.equation_layers(), tasks.POINTS)


def curvature() -> Step:
    def mistake(layers: Any, x: Any) -> Any:
        def y(x: Any) -> Any:
            return _mlp(layers, jnp.array([x]))

        return (jax.grad(jax.grad(y))(x) + y(x)) ** 2

    def mean(layers: Any, points: Any) -> Any:
        return jax.vmap(mistake, (None, 0))(layers, points).mean()

    return _compiled(jax.value_and_grad(mean), tasks.layers(tasks.bent_network()), tasks.BENT)


def heston() -> Step:
    h = tasks.HESTON_STEP

    def paid(known: Any, shocks: Any) -> Any:
        spot, first, back, mean, wild, together, rate = known

        def step(state: Any, shock: Any) -> Any:
            logarithm, variance = state
            positive = jnp.maximum(variance, 0)
            deviation = jnp.sqrt(positive + 1e-12) * h**0.5
            other = together * shock[0] + jnp.sqrt(1 - together**2) * shock[1]
            logarithm = logarithm + (rate - 0.5 * positive) * h + deviation * shock[0]
            return (logarithm, variance + back * (mean - positive) * h + wild * deviation * other), None

        starts = jnp.zeros(shocks.shape[-1]), jnp.full(shocks.shape[-1], first)
        (logarithm, _), _ = jax.lax.scan(step, starts, shocks)
        return (jnp.exp(-rate * h * len(shocks)) * jax.nn.relu(spot * jnp.exp(logarithm) - tasks.STRIKE)).mean()

    return _compiled(jax.value_and_grad(paid), tasks.HESTON, tasks.SHOCKS.transpose(1, 2, 0))


def sampling() -> Step:
    h, steps = tasks.SLIDE_STEP, tasks.SLIDE_STEPS

    def landscape(point: Any) -> Any:
        x, y = point
        return 0.5 * (x * x + ((y - samples.BEND * (x * x - 1)) / 0.5) ** 2)

    slope = jax.vmap(jax.grad(landscape))

    def slid(place: Any, speed: Any) -> Any:
        def step(state: Any, share: Any) -> Any:
            place, speed = state
            place = place + h * speed
            return (place, speed - share * h * slope(place)), None

        shares = jnp.ones(steps).at[-1].set(0.5)
        return jax.lax.scan(step, (place, speed - 0.5 * h * slope(place)), shares)[0]

    return _compiled(slid, tasks.PLACES, tasks.KICKS)


def memory() -> Step:
    def mean(gates: Any, X: Any, y: Any) -> Any:
        def step(state: Any, x: Any) -> Any:
            kept, shown = state
            sums = x[:, None] * gates.read[:, 0] + shown @ gates.shown.T + gates.biases
            write, keep, news, show = jnp.split(sums, 4, axis=1)
            kept = jax.nn.sigmoid(keep) * kept + jax.nn.sigmoid(write) * jnp.tanh(news)
            return (kept, jax.nn.sigmoid(show) * jnp.tanh(kept)), None

        nothing = jnp.zeros((len(X), gates.shown.shape[1]))
        (_, shown), _ = jax.lax.scan(step, (nothing, nothing), X.T)
        logits = shown @ gates.readout + gates.bias
        return (jax.nn.softplus(logits) - y * logits).mean()

    return _compiled(jax.value_and_grad(mean), tasks.gates(), tasks.SIGNALS, tasks.FIRST)


def convolution() -> Step:
    def mean(model: Any, X: Any, y: Any) -> Any:
        images, kernels = X.reshape(-1, 8, 8, 1), model.kernels.transpose(1, 2, 0)[:, :, None]
        named = ("NHWC", "HWIO", "NHWC")
        found = jax.lax.conv_general_dilated(images, kernels, (2, 2), "VALID", dimension_numbers=named)
        logits = jax.nn.relu(found + model.biases).reshape(len(X), -1) @ model.readout.T
        expected = jnp.take_along_axis(logits, y[:, None], axis=1)[:, 0]
        return (jax.nn.logsumexp(logits, axis=1) - expected).mean()

    return _compiled(jax.value_and_grad(mean), tasks.kernels(), tasks.PIXELS, tasks.SHOWN)


def balance() -> Step:
    def weighted(layers: Any, met: Any, sides: Any, gains: Any) -> Any:
        logits = jax.vmap(_mlp, (None, 0))(layers, met)
        return gains @ jax.nn.softplus(-sides * logits)

    return _compiled(jax.value_and_grad(weighted), tasks.layers(tasks.policy().model), *tasks.pushes())
