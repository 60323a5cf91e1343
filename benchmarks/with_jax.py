"""JAX's programs: one compiled function for a step, in float64, that reuses the memory of the parameters."""

from collections.abc import Callable
from functools import partial
from typing import Any

import jax
import jax.numpy as jnp

from benchmarks import tasks
from benchmarks.scalars import Step
from benchmarks.tasks import Task

jax.config.update("jax_enable_x64", True)


def moons_recorded() -> Step:
    return _training(tasks.moons(), lambda scores, y: jax.nn.relu(1 - y * scores[:, 0]).mean())


def digits_batch() -> Step:
    return _training(tasks.digits(32), _cross_entropy)


def digits_all() -> Step:
    return _training(tasks.digits(), _cross_entropy)


def _cross_entropy(logits: Any, y: Any) -> Any:
    expected = jnp.take_along_axis(logits, y[:, None], axis=1)[:, 0]
    return (jax.nn.logsumexp(logits, axis=1) - expected).mean()


def _training(task: Task, loss: Callable[[Any, Any], Any]) -> Step:
    def mean_loss(layers: Any, X: Any, y: Any) -> Any:
        *hidden, (weights, biases) = layers
        for w, b in hidden:
            X = jax.nn.relu(X @ w.T + b)
        return loss(X @ weights.T + biases, y)

    @partial(jax.jit, donate_argnums=0)
    def update(layers: Any, X: Any, y: Any) -> Any:
        mean, gradients = jax.value_and_grad(mean_loss)(layers, X, y)
        return jax.tree.map(lambda p, gradient: p - task.rate * gradient, layers, gradients), mean

    X, y = jnp.asarray(task.X), jnp.asarray(task.y)
    layers = jax.tree.map(jnp.array, task.layers)

    def step() -> Any:
        nonlocal layers
        layers, mean = update(layers, X, y)
        return mean

    return step
