"""The door to SciPy: a function of Values as the functions of arrays that its solvers call.

Nothing of SciPy is needed to make them. A function is recorded once, and its derivatives when they are first asked for;
one that can't be recorded, as it chooses by its numbers, is run node by node, and slower.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from autograd.derivatives.evaluation import as_value
from autograd.derivatives.nesting import is_nested, like, numbers_in
from autograd.derivatives.recordings import hessian_times
from autograd.derivatives.replayed import Replayed, tiled
from autograd.derivatives.transforms import jvp
from autograd.derivatives.vectors import parameters_to_vector, vector_to_parameters
from autograd.engines import Value, dot
from autograd.replay import Recording, record

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Problem:
    """What SciPy's solvers ask for, of a vector.

    - `x0`: the numbers of the example, in one array
    - `fun`: the value; `jac`: the gradient, or the Jacobian (results x numbers) if the function has several results
    - `hess`: the second derivatives; of a function with several results it also takes a vector, and gives those of
      their sum, each times its component, as `NonlinearConstraint` wants them; `hessp`: the Hessian times a vector
    - `nested`: takes a vector to what is nested as the example was
    """

    x0: Array
    fun: Callable[..., Any]
    jac: Callable[..., Array]
    hess: Callable[..., Array] | None
    hessp: Callable[..., Array] | None
    nested: Callable[[ArrayLike], Any]


def for_scipy(
    f: Callable[..., Any] | Recording, *example: Any, argnums: int = 0, rows: Sequence[ArrayLike] = ()
) -> Problem:
    """`f` and its derivatives by its argument `argnums`, for `minimize`, `least_squares`, `root` and `solve_ivp`.

    The example says how the arguments are nested; the functions take that argument as a vector, and the others, as `f`
    does, before and behind it.

    >>> problem = for_scipy(lambda x: (x[0] - 1) ** 2 + x[0] * x[1] ** 2, [3.0, 2.0])
    >>> problem.fun(problem.x0), problem.jac(problem.x0)
    (16.0, array([ 8., 12.]))
    >>> problem.hess(problem.x0)
    array([[2., 4.],
           [4., 6.]])
    >>> from scipy.optimize import minimize    # doctest: +SKIP
    >>> minimize(problem.fun, problem.x0, jac=problem.jac, hess=problem.hess, method="trust-exact")    # doctest: +SKIP

    With `rows`, arrays, `f` gives one result for each of their rows, as in a fit to data: `f(x, *row)`.

    >>> line = for_scipy(lambda p, x, y: p[0] + p[1] * x - y, [0.0, 0.0], rows=([1.0, 2.0, 3.0], [5.0, 7.0, 9.0]))
    >>> line.fun([3.0, 1.0]), line.jac([3.0, 1.0]).tolist()    # for least_squares
    (array([-1., -2., -3.]), [[1.0, 1.0], [1.0, 2.0], [1.0, 3.0]])

    A recording is one of a loss, and the example its batch: the vector is that of its parameters, which are left at the
    vector that was tried last.

    >>> w = Value(3.0)
    >>> loss = for_scipy(record(lambda x, y: (w * x - y) ** 2, 0.0, 0.0), [1.0, 2.0], [2.0, 4.0])
    >>> loss.x0, loss.fun([1.0]), loss.jac([1.0])
    (array([3.]), 2.5, array([-5.]))
    """
    if isinstance(f, Recording):
        return _of_loss(f, example)
    if not example:
        raise TypeError("for_scipy takes an example of every argument beside the function: for_scipy(f, [0.0, 0.0])")
    argnums %= len(example)
    nested_example = example[argnums]
    x0 = np.array([float(x) for x in numbers_in(nested_example)])

    def of_vector(*arguments: Any) -> Any:
        given = [like(x, map(as_value, numbers_in(x))) for x in arguments]
        vector = numbers_in(given[argnums])
        if len(vector) != len(x0):
            raise ValueError(f"expected a vector of {len(x0)} numbers, got {len(vector)}")
        given[argnums] = like(nested_example, vector)
        result = f(*given)
        return list(map(as_value, numbers_in(result))) if is_nested(result) else as_value(result)

    def nested(vector: ArrayLike) -> Any:
        return like(nested_example, np.asarray(vector, dtype=np.float64).tolist())

    if rows:
        return _of_rows(of_vector, x0, rows, nested)
    arguments = list(example)
    arguments[argnums] = x0
    return _of_function(of_vector, arguments, argnums, nested)


def _of_function(f: Callable[..., Any], example: list[Any], argnums: int, nested: Callable[..., Any]) -> Problem:
    """Of a function whose argument `argnums` is a vector.

    Rows of a batch are the directions: results by results backwards, or numbers by numbers forwards, whatever is less.
    Second derivatives are those, backwards, of the change along each number.
    """
    size = len(example[argnums])
    result = f(*example)
    scalar, count = isinstance(result, Value), len(numbers_in(result))
    one: Callable[..., Any] = f if scalar else (lambda *arguments: dot(f(*arguments[:-1]), arguments[-1]))
    several: list[Any] = [] if scalar else [np.ones(count)]
    values, weighted = Replayed(f, example), Replayed(one, example + several)
    changes = Replayed(_along(f, argnums), [*example, example[argnums]])
    bends = Replayed(_along(one, argnums), [*example, *several, example[argnums]])

    def batch(arguments: Sequence[Any], rows: int) -> list[Array]:
        return tiled([np.atleast_1d(x) if i == argnums else x for i, x in enumerate(arguments)], rows)

    def fun(*arguments: Any) -> Any:
        found = values.outputs(batch(arguments, 1))[0]
        return found.item() if scalar else found

    def jac(*arguments: Any) -> Array:
        if scalar:
            return weighted.gradients(batch(arguments, 1), argnums).ravel()
        if count <= size:
            return weighted.gradients([*batch(arguments, count), np.eye(count)], argnums)
        return np.ascontiguousarray(changes.outputs([*batch(arguments, size), np.eye(size)]).T)

    def hess(*arguments: Any) -> Array:
        return bends.gradients([*batch(arguments, size), np.eye(size)], argnums)

    def hessp(*arguments: Any) -> Array:
        return bends.gradients(batch(arguments, 1), argnums).ravel()

    return Problem(example[argnums], fun, jac, hess, hessp, nested)


def _along(f: Callable[..., Any], argnums: int) -> Callable[..., Any]:
    """How fast `f` changes, where its argument `argnums` changes as one more argument says."""

    def change(*arguments: Any) -> Any:
        *given, along = arguments

        def of_vector(x: Any) -> Any:
            return f(*given[:argnums], x, *given[argnums + 1 :])

        return jvp(of_vector, (given[argnums],), (along,))[1]

    return change


def _of_rows(f: Callable[..., Any], x0: Array, rows: Sequence[ArrayLike], nested: Callable[..., Any]) -> Problem:
    """Of a function that gives one result for each row: all rows are replayed at once, with the vector beside each."""
    columns = [np.ascontiguousarray(column, dtype=np.float64) for column in rows]
    recording = record(f, x0, *[column[0] for column in columns])

    def batch(x: ArrayLike) -> list[Array]:
        return [np.tile(np.asarray(x, dtype=np.float64), (len(columns[0]), 1)), *columns]

    def jac(x: ArrayLike) -> Array:
        by_vector: Array = recording.input_gradients(*batch(x))[0]
        return by_vector

    return Problem(x0, lambda x: recording(*batch(x)), jac, None, None, nested)


def _of_loss(recording: Recording, batch: Sequence[Any]) -> Problem:
    """Of a recorded loss, by its parameters, on one batch."""
    parameters = recording.parameters

    def at(x: ArrayLike) -> Recording:
        vector_to_parameters(x, parameters)
        return recording

    return Problem(
        parameters_to_vector(parameters),
        lambda x: at(x).value_and_grad(*batch)[0],
        lambda x: at(x).value_and_grad(*batch)[1],
        lambda x: hessian_times(at(x), batch),
        lambda x, along: hessian_times(at(x), batch, [along])[0],
        lambda x: np.asarray(x, dtype=np.float64),
    )
