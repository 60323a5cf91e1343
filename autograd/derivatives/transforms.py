"""Functions of functions: gradients, Jacobians, Hessians, and their products with vectors. The meanings are JAX's.

A function takes numbers, or lists, tuples, dicts and arrays of them, and computes with the Values that it gets in their
place; it may return as much. Derivatives are nested alike. They are plain numbers; or Values, to be differentiated
again, where the result depends on Values besides, in an argument or met by the function. So derivatives nest, and are
recorded like any function. Of a recorded loss they are by its parameters, arrays, of the mean over a batch.
"""

import warnings
from collections.abc import Callable, Sequence
from typing import Any

from autograd.derivatives.evaluation import Evaluation, evaluated, order_of
from autograd.derivatives.modes import backwards, forwards, rows_of_jacobian
from autograd.derivatives.nesting import is_nested, like, numbers_in, shape_of, shaped, size_of, with_blocks
from autograd.derivatives.recordings import hessian_times
from autograd.engines import Value, dot
from autograd.replay import Recording

Function = Callable[..., Any]


def grad(f: Function, argnums: int | Sequence[int] = 0) -> Function:
    """The gradient of `f`, a function that returns one number, by its argument `argnums`, or a tuple of several.

    Raises TypeError if it returns something else, and warns of a plain number, as `math.exp` makes of a Value: that has
    the derivative 0. (`autograd.grad` is another: of a Value that has been computed.)

    >>> grad(lambda x: x[0] ** 2 * x[1])([3.0, 2.0])
    [12.0, 9.0]
    >>> grad(grad(lambda x: x**3))(2.0)
    12.0
    """
    both = value_and_grad(f, argnums)
    return lambda *arguments, **named: both(*arguments, **named)[1]


def value_and_grad(f: Function, argnums: int | Sequence[int] = 0) -> Function:
    """A function that gives a pair: what `f` gives, and its gradient, as `grad` has it.

    >>> value_and_grad(lambda w: w["a"] * w["b"])({"a": 2.0, "b": 5.0})
    (10.0, {'a': 5.0, 'b': 2.0})
    """
    positions = _positions(argnums)
    if isinstance(f, Recording):
        return f.value_and_grad

    def value_and_gradient(*arguments: Any, **named: Any) -> tuple[Any, Any]:
        by = _chosen(arguments, argnums, positions)
        run = evaluated(f, arguments, positions, named)
        output = _only_output(run)
        with run.opened():
            return run.given(output), like(by, backwards(output, run.variables, run.on_values))

    return value_and_gradient


def jacobian(f: Function, argnums: int | Sequence[int] = 0) -> Function:
    """The Jacobian of `f` by its argument `argnums`: the result of `f`, with a gradient in the place of every number.

    Of arrays it is an array, of the shape of the result and then that of the argument. It takes the mode, forward or
    reverse, that takes less time for so many inputs and outputs.

    >>> jacobian(lambda x: [x[0] * x[1], x[0] + x[1], 7.0])([2.0, 3.0])
    [[3.0, 2.0], [1.0, 1.0], [0.0, 0.0]]
    >>> import numpy as np
    >>> jacobian(lambda x: np.array([[1.0, 2.0], [3.0, 4.0]]) @ x)(np.array([5.0, 6.0]))
    array([[1., 2.],
           [3., 4.]])

    One of many rows at once is a recording:

    >>> from autograd import record
    >>> record(jacobian(lambda x: [x[0] * x[1], x[0] + x[1]]), [1.0, 1.0])([[2.0, 3.0], [4.0, 5.0]])
    array([[3., 2., 1., 1.],
           [5., 4., 1., 1.]])
    """
    positions = _positions(argnums)

    def jacobian_of_f(*arguments: Any, **named: Any) -> Any:
        by = _chosen(arguments, argnums, positions)
        run = evaluated(f, arguments, positions, named)
        _warn_of_plain_numbers(run)
        with run.opened():
            rows = iter(rows_of_jacobian(run))

        def by_argument(output: Any) -> Any:
            shape = shape_of(output)
            return _nested_columns(by, [next(rows) for _ in range(size_of(shape))], shape)

        return with_blocks(run.result, by_argument)

    return jacobian_of_f


def hessian(f: Function, argnums: int | Sequence[int] = 0) -> Function:
    """The second derivatives of `f`, a function that returns one number: the Jacobian of its gradient.

    >>> hessian(lambda x: x[0] ** 2 * x[1])([3.0, 2.0])
    [[4.0, 6.0], [6.0, 0.0]]

    That of a recorded loss is parameters x parameters; weights and reduction are those of `Recording.backward`.

    >>> from autograd import record
    >>> w, b = Value(1.0), Value(0.0)
    >>> hessian(record(lambda x, y: (w * x + b - y) ** 2, 0.0, 0.0))([1.0, 3.0], [2.0, 5.0])
    array([[10.,  4.],
           [ 4.,  2.]])
    """
    gradient = grad(f, argnums)
    if isinstance(f, Recording):
        return lambda *batch, **named: hessian_times(f, batch, **named)
    return jacobian(gradient, argnums)


def jvp(f: Function, primals: Sequence[Any], tangents: Sequence[Any]) -> tuple[Any, Any]:
    """What `f` gives at `primals`, and how fast it changes along `tangents`: the Jacobian times a vector, forwards.

    Both have an item for each argument of `f`, and each tangent is nested as its primal. Raises ValueError if not.

    >>> jvp(lambda x, y: x * y, (2.0, 3.0), (1.0, 10.0))
    (6.0, 23.0)
    """
    along = _vector(primals, tangents, "tangents")
    run = evaluated(f, primals, range(len(primals)), {})
    _warn_of_plain_numbers(run)
    on_values = run.on_values or any(isinstance(x, Value) for x in along)
    with run.opened():
        found = forwards(order_of(run.outputs), run.variables, along, on_values)
    zero = Value(0.0, requires_grad=False) if on_values else 0.0
    changes = [found.get(output, zero) for output in run.outputs]
    return _result(run), like(run.result, changes)


def vjp(f: Function, *primals: Any) -> tuple[Any, Function]:
    """What `f` gives at `primals`, and a function that takes what is nested alike, a vector, back to the arguments.

    That is the vector times the Jacobian: a tuple with an item for each argument.

    >>> result, back = vjp(lambda x, y: [x * y, x + y], 2.0, 3.0)
    >>> result, back([1.0, 10.0])
    ([6.0, 5.0], (13.0, 12.0))
    """
    run = evaluated(f, primals, range(len(primals)), {})
    _warn_of_plain_numbers(run)

    def back(cotangents: Any) -> tuple[Any, ...]:
        along = _vector(run.result, cotangents, "cotangents")
        on_values = run.on_values or any(isinstance(x, Value) for x in along)
        with run.opened():
            product = backwards(dot(run.outputs, along), run.variables, on_values)
        return like(tuple(primals), product)  # type: ignore[no-any-return]

    return _result(run), back


def hvp(f: Function, primals: Sequence[Any], tangents: Sequence[Any]) -> Any:
    """The Hessian of `f`, which returns one number, times a vector, without the Hessian: as long as two gradients take.

    With one primal it is nested as that is; with more it is a tuple, the Hessian being by all of them. Of a recorded
    loss the primals are a batch, and the tangents an array with a number for each parameter.

    >>> hvp(lambda x: x[0] ** 2 * x[1], ([3.0, 2.0],), ([1.0, 0.0],))
    [4.0, 6.0]
    """
    if isinstance(f, Recording):
        return hessian_times(f, primals, [tangents])[0]
    along = _vector(primals, tangents, "tangents")
    run = evaluated(f, primals, range(len(primals)), {})
    on_values = run.on_values or any(isinstance(x, Value) for x in along)
    with run.opened():
        slopes = backwards(_only_output(run), run.variables, on_values=True)
        product = backwards(dot(slopes, along), run.variables, on_values)
    nested = like(tuple(primals), product)
    return nested[0] if len(nested) == 1 else nested


def _positions(argnums: Any) -> list[int]:
    """The arguments' places. Raises TypeError for what says none, such as the point to differentiate at."""
    positions = list(argnums) if isinstance(argnums, Sequence) else [argnums]
    if not all(isinstance(i, int) for i in positions):
        raise TypeError(
            f"argnums says by which arguments, as 0 or (0, 1) does; got {argnums!r}. What is made is a function, "
            "to be called with the arguments: grad(f)(x), not grad(f, x)"
        )
    return positions


def _chosen(arguments: Sequence[Any], argnums: int | Sequence[int], positions: Sequence[int]) -> Any:
    """The argument by which is differentiated, or a tuple of them."""
    for i in positions:
        if not -len(arguments) <= i < len(arguments):
            raise ValueError(f"argnums is {argnums!r}, but the function was called with {len(arguments)} arguments")
    return arguments[argnums] if isinstance(argnums, int) else tuple([arguments[i] for i in positions])


def _only_output(run: Evaluation) -> Value:
    if is_nested(run.result):
        raise TypeError(
            f"the function returned {type(run.result).__qualname__}, but a gradient is of one number: "
            "return one, or take the jacobian"
        )
    _warn_of_plain_numbers(run)
    return run.outputs[0]


def _warn_of_plain_numbers(run: Evaluation) -> None:
    """A function that returned nothing but numbers has most likely lost its Values."""
    returned = numbers_in(run.result)
    if returned and not any(isinstance(x, Value) for x in returned):
        what = f"the plain number {returned[0]!r}" if len(returned) == 1 else "plain numbers"
        warnings.warn(
            f"the function returned {what}, whose derivative is 0: the functions of `math`, and float(), take a "
            "Value's number and forget how it was made; use those of `autograd` or NumPy",
            RuntimeWarning,
            stacklevel=4,
        )


def _result(run: Evaluation) -> Any:
    return like(run.result, [run.given(x) for x in run.outputs])


def _vector(like_what: Any, vector: Any, name: str) -> list[Any]:
    """The numbers of a vector that is nested as something else."""
    expected, numbers = numbers_in(like_what), numbers_in(vector)
    if len(expected) != len(numbers):
        raise ValueError(
            f"{name} are nested as what they go with: expected {len(expected)} numbers, got {len(numbers)}"
        )
    return numbers


def _nested_columns(by: Any, rows: list[list[Any]], shape: tuple[int, ...]) -> Any:
    """The rows of a Jacobian for one block of outputs, of this shape, with columns nested as the argument is."""
    first = 0

    def block(argument: Any) -> Any:
        nonlocal first
        inner = shape_of(argument)
        last = first + size_of(inner)
        numbers = [x for row in rows for x in row[first:last]]
        first = last
        return shaped(numbers, shape + inner)

    return with_blocks(by, block)
