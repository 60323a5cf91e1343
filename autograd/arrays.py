"""Arrays of Values, and NumPy's functions on them: where NumPy would compare, a graph is built.

An array that NumPy makes of Values holds objects, of which `np.maximum`, `np.sign` and `np.clip` compare numbers, and
whose norm has no gradient at 0. `Values` is such an array, and answers by the table. A single Value answers alike.
Comparisons give truths, of numbers with `==` too; in a recording, which has none, they are numbers of the graph, for
`np.where`.
"""

from collections.abc import Callable, Iterable
from math import log, pi
from typing import Any

import numpy as np

from autograd.composed import clip, log_sum_exp, norm, where
from autograd.contract import is_value, refusals
from autograd.engines import functions

_LOG, _EXP = functions["log"], functions["exp"]
_UFUNCS: dict[str, Callable[..., Any]] = {
    **{name: functions[name] for name in ("maximum", "minimum", "sign")},
    "clip": clip,
    "conjugate": lambda a: +a,
    "log2": lambda a: _LOG(a) / log(2),
    "log10": lambda a: _LOG(a) / log(10),
    "exp2": lambda a: _EXP(a * log(2)),
    "logaddexp": lambda a, b: log_sum_exp([a, b]),
    "deg2rad": lambda a: a * (pi / 180),
    "radians": lambda a: a * (pi / 180),
    "rad2deg": lambda a: a * (180 / pi),
    "degrees": lambda a: a * (180 / pi),
}
_GREATER, _GREATER_EQUAL = functions["greater"], functions["greater_equal"]


def _equal(a: Any, b: Any) -> Any:
    return _GREATER_EQUAL(a, b) * _GREATER_EQUAL(b, a)


_CONDITIONS: dict[str, Callable[..., Any]] = {  # in a recording: 1 where they hold for a row, else 0
    "greater": _GREATER,
    "greater_equal": _GREATER_EQUAL,
    "less": lambda a, b: _GREATER(b, a),
    "less_equal": lambda a, b: _GREATER_EQUAL(b, a),
    "equal": _equal,
    "not_equal": lambda a, b: 1 - _equal(a, b),
    **dict.fromkeys(("bitwise_and", "logical_and"), lambda a, b: a * b),
    **dict.fromkeys(("bitwise_or", "logical_or"), functions["maximum"]),
    **dict.fromkeys(("invert", "logical_not"), lambda a: 1 - a),
}


class Values(np.ndarray[Any, np.dtype[Any]]):
    """An array of Values: what a function that is recorded or differentiated gets in the place of an array.

    >>> from autograd import Value
    >>> x = values_of([Value(-1.0), Value(2.0)], (2,))
    >>> y = np.maximum(x, 0.0)
    >>> y[1].op is x[1].op, [value.data for value in y]
    (False, [0.0, 2.0])
    """

    def __array_ufunc__(self, ufunc: Any, method: str, *inputs: Any, **named: Any) -> Any:
        return on_ufunc(ufunc, method, *inputs, **named)

    def __array_function__(self, function: Any, types: Any, arguments: Any, named: Any) -> Any:
        return on_function(function, types, arguments, named)


def values_of(numbers: Iterable[Any], shape: tuple[int, ...]) -> Values:
    """An array of this shape of Values, or of whatever is in `numbers`, in their order."""
    listed = list(numbers)
    array = np.empty(len(listed), dtype=object)
    array[:] = listed
    return array.reshape(shape).view(Values)


def on_ufunc(ufunc: Any, method: str, *inputs: Any, **named: Any) -> Any:
    """What one of NumPy's functions of numbers gives where Values are among its inputs: element by element."""
    own = _UFUNCS.get(ufunc.__name__)
    if refusals.get() is not None:
        own = own or _CONDITIONS.get(ufunc.__name__)
    elif ufunc in (np.equal, np.not_equal):  # a Value by itself is equal to itself only
        inputs = tuple(map(_numbers, inputs))
    computing = np.frompyfunc(own, ufunc.nin, 1, identity=None) if own else ufunc  # in any order of axes
    into = named.get("out")
    if into is not None:
        named["out"] = tuple([_objects(x) for x in into])
    result = getattr(computing, method)(*[_objects(x) for x in inputs], **named)
    return into[0] if into is not None else _as_values(result)


def on_function(function: Any, types: Any, arguments: Any, named: Any) -> Any:  # noqa: ARG001
    """What another function of NumPy gives where Values are among its arguments."""
    own = _FUNCTIONS.get(function)
    given, named = _in_arrays(arguments), _in_arrays(named)
    if own:
        return own(*given, **named)
    return _as_values(np.ndarray.__array_function__(_ANY, function, (Values,), given, named))


def _where(condition: Any, *choices: Any) -> Any:
    """`np.where`; a condition that is made of Values holds, as a number does in NumPy, where it isn't 0."""
    if np.asarray(condition).dtype != object:
        return _as_values(np.where(condition, *map(_objects, choices)))
    return _as_values(np.frompyfunc(_chosen, 3, 1)(*map(_objects, (condition, *choices))))


def _chosen(condition: Any, a: Any, b: Any) -> Any:
    return where(functions["abs"](condition), a, b)


def _norm(x: Any, ord: Any = None, axis: Any = None, keepdims: bool = False) -> Any:  # noqa: A002
    """`np.linalg.norm`, whose gradient at 0 is 0. Of other orders than 2 it is NumPy's."""
    array = _objects(x)
    if axis is None and (ord is None or (ord == 2 and array.ndim == 1)):
        length = norm(array.ravel().tolist())
        return values_of([length], (1,) * array.ndim) if keepdims else length
    if ord in (None, 2) and isinstance(axis, int):
        lengths = np.apply_along_axis(lambda row: _object(norm(row.tolist())), axis, array)
        return _as_values(np.expand_dims(lengths, axis) if keepdims else lengths)
    if array.ndim > 1 and not isinstance(axis, int):
        return _as_values(np.linalg.norm(array, ord, axis, keepdims))
    lengths = np.linalg.norm(array, ord, axis, keepdims=True)  # NumPy expects an array of what it has added up
    return _as_values(lengths if keepdims else np.squeeze(lengths, axis))


_FUNCTIONS: dict[Any, Callable[..., Any]] = {np.where: _where, np.linalg.norm: _norm}


def _objects(x: Any) -> Any:
    """An array that NumPy asks no more about: one of a single Value, or the plain one that a `Values` is."""
    if is_value(x):
        return _object(x)
    return x.view(np.ndarray) if isinstance(x, Values) else x


def _numbers(x: Any) -> Any:
    """An array with numbers in the place of Values."""
    return np.vectorize(lambda item: item.data if is_value(item) else item, otypes=[object])(_objects(x))


def _object(x: Any) -> Any:
    array = np.empty((), dtype=object)
    array[()] = x
    return array


def _in_arrays(x: Any) -> Any:
    """The Values among arguments as arrays."""
    if is_value(x):
        return _object(x).view(Values)
    match x:
        case list() | tuple():
            return type(x)([_in_arrays(item) for item in x])
        case dict():
            return {key: _in_arrays(item) for key, item in x.items()}
    return x


def _as_values(result: Any) -> Any:
    """A result: arrays of objects as `Values`, and what is in one without axes."""
    if isinstance(result, np.ndarray) and result.dtype == object:
        return result.view(Values) if result.ndim else result.item()
    return result


_ANY = values_of([], (0,))
