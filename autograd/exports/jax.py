"""A recording as a function of JAX: the same numbers, which `jit`, `grad` and `vmap` take on."""

from collections.abc import Callable
from typing import Any

from autograd.exports.arrays import Arrays, outputs
from autograd.exports.walk import tape_of


def to_jax(function: Callable[..., Any], *example: Any) -> tuple[Callable[..., Any], Any]:
    """`function`, a recording or what can be recorded on `example`, as a pure function for JAX, and its parameters now.

    The function is called with the parameters, an array in the order of `Recording.parameters`, and a batch. Numbers
    are as wide as JAX is set to: `jax.config.update("jax_enable_x64", True)` makes them 64 bits.

    Raises ModuleNotFoundError without JAX.

    >>> from autograd import Value
    >>> w = Value(3.0)
    >>> squared, weights = to_jax(lambda x: (w * x) ** 2, 0.0)    # doctest: +SKIP
    >>> squared(weights, [1.0, 2.0])    # doctest: +SKIP
    Array([ 9., 36.], dtype=float32)
    """
    try:
        import jax
        import jax.numpy as jnp
    except ModuleNotFoundError:
        raise ModuleNotFoundError('to_jax needs JAX: pip install "stepgrad[jax]"', name="jax") from None
    tape = tape_of(function, example)
    parameters = tape.parameter_numbers.tolist()
    unary = "exp expm1 log log1p sqrt cbrt sin cos tan asin acos atan sinh cosh tanh asinh acosh atanh abs sign floor"
    functions = {name: getattr(jnp, name) for name in f"{unary} pow maximum minimum hypot atan2".split()}
    functions |= {"sigmoid": jax.nn.sigmoid, "relu": jax.nn.relu, "softplus": jax.nn.softplus}
    functions |= {"erf": jax.scipy.special.erf, "erfc": jax.scipy.special.erfc}
    functions["greater"] = lambda a, b: jnp.where(a > b, 1.0, 0.0)
    functions["greater_equal"] = lambda a, b: jnp.where(a >= b, 1.0, 0.0)
    library = Arrays(functions, jnp.where, jnp.broadcast_to, lambda results: jnp.stack(results, axis=1))

    def replayed(weights: Any, *batch: Any) -> Any:
        weights = jnp.asarray(weights)
        if weights.shape != (len(parameters),):
            raise ValueError(f"expected an array of {len(parameters)} parameters; got one of shape {weights.shape}")
        given = dict(zip(parameters, weights, strict=True))
        leaves = [given.get(i, leaf.data) for i, leaf in enumerate(tape.leaves, tape.first_leaf)]
        floats = [jax.tree.map(lambda x: jnp.asarray(x, dtype=float), part, is_leaf=_is_array) for part in batch]
        return outputs(tape, library, floats, leaves)

    return replayed, jnp.array([leaf.data for leaf in tape.parameters])


def _is_array(part: Any) -> bool:
    return not isinstance(part, tuple | dict)
