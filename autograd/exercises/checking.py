"""Exercises that check themselves: `check(answer, expected)` prints what is wrong with an answer, not only that it is.

The verdict is in Korean where the environment asks for that, in the variables that gettext reads (`LANGUAGE=ko`), and
in English elsewhere.
"""

import math
import reprlib
from collections.abc import Sequence
from typing import Any

from autograd.contract import as_float
from autograd.engines import Value
from autograd.exercises.messages import say

__all__ = ["check"]

_CLOSE = 0.01  # a relative error to be told of
_LARGEST_FACTOR = 1000


def check(answer: object, expected: Any, at: Sequence[object] | None = None, tolerance: float = 1e-6) -> None:
    """Print whether `answer` is right, and if not, what is wrong with it.

    - `answer`: what the reader gives; `...` or None, anywhere in it, is an exercise that waits for its answer
    - `expected`: a number, a Value, text, a bool, or a list or array of these; or a function that computes it
    - `at`: the inputs at which two functions are compared, each an argument or a tuple of arguments
    - `tolerance`: of numbers, relative to the larger or absolute, whichever is more

    Raises ValueError if `expected` is a function and there is nothing to compare it `at`.

    >>> check(..., 12)
    … Replace the ... by your answer, then run this cell again.
    >>> check(-12.0, 12)
    ✗ -12: the sign is flipped.
    >>> check([3, 8], [3, 4])
    ✗ [1] = 8: 2 times too large.
    >>> def slope(x): return x**2
    >>> check(slope, lambda x: 2 * x, at=[2, 3])
    ✗ slope(3) = 9: too large; expected 6. slope(2) is right.
    >>> check(lambda x: x + x, lambda x: 2 * x, at=[2, 3])
    ✓ Right.
    """
    if _is_unanswered(answer):
        print(say("unanswered"))  # noqa: T201 (the verdict is for the reader of a notebook)
    elif callable(expected):
        if at is None or not len(at):
            raise ValueError("where are the two functions to be compared? check(answer, expected, at=[1.0, 2.0])")
        print(_verdict_on_function(answer, expected, at, tolerance))  # noqa: T201
    else:
        fault = _fault(answer, expected, tolerance)
        print(say("wrong", fault=fault) if fault else say("right"))  # noqa: T201


def _verdict_on_function(answer: object, expected: Any, at: Sequence[object], tolerance: float) -> str:
    if not callable(answer):
        return say("wrong", fault=f"{_written(answer)}: {_of_another_kind(answer, say('function'))}")
    right_there = ""
    for inputs in at:
        arguments = inputs if isinstance(inputs, tuple) else (inputs,)
        call = f"{_written(answer)}({', '.join(map(_written, arguments))})"
        try:
            result = answer(*arguments)
        except Exception as error:
            return say("raised", call=call, error=f"{type(error).__name__}: {error}".rstrip(": ")) + right_there
        if _is_unanswered(result):
            return say("unanswered")
        right = expected(*arguments)
        if fault := _fault(result, right, tolerance, place=call):
            return say("wrong here", fault=fault, expected=_written(_plain(right))) + right_there
        right_there = say("right there", call=call)
    return say("right")


def _is_unanswered(answer: object) -> bool:
    return answer is ... or answer is None or (isinstance(answer, list | tuple) and any(map(_is_unanswered, answer)))


def _fault(answer: object, expected: object, tolerance: float, place: str = "") -> str:
    """What is wrong with `answer`, after the place of the mistake; empty if it is right."""
    answer, expected = _plain(answer), _plain(expected)
    if isinstance(expected, list | tuple):
        if isinstance(answer, list | tuple) and len(answer) == len(expected):
            pairs = enumerate(zip(answer, expected, strict=True))
            faults = (_fault(a, b, tolerance, f"{place}[{i}]") for i, (a, b) in pairs)
            return next(filter(None, faults), "")
        fault = _fault_of_list(answer, len(expected))
    elif isinstance(expected, str | bool):
        fault = _fault_of_word(answer, expected)
    else:
        fault = _fault_of_number(answer, as_float(expected), tolerance)  # type: ignore[arg-type]
    return fault and f"{place} = {_written(answer)}: {fault}".removeprefix(" = ")


def _fault_of_list(answer: object, length: int) -> str:
    if isinstance(answer, list | tuple):
        return say("length", length=len(answer), expected=length)
    return _of_another_kind(answer, say("list", length=length))


def _fault_of_word(answer: object, expected: str | bool) -> str:
    if not isinstance(answer, type(expected)):
        return _of_another_kind(answer, say("text" if isinstance(expected, str) else "truth"))
    return "" if answer == expected else say("other")


def _fault_of_number(answer: Any, expected: float, tolerance: float) -> str:
    def same(a: float, b: float) -> bool:
        return math.isclose(a, b, rel_tol=tolerance, abs_tol=tolerance) or (math.isnan(a) and math.isnan(b))

    try:
        number = as_float(answer)
    except TypeError:
        return _of_another_kind(answer, say("number"))
    if same(number, expected):
        return ""
    if math.isnan(number):
        return say("nan")
    if same(-number, expected):
        return say("sign")
    if number and expected and math.isfinite(ratio := number / expected):
        if math.isclose(1 / number, expected, rel_tol=tolerance):
            return say("reciprocal")
        if abs(ratio - 1) < _CLOSE:
            return say("close", error=100 * abs(ratio - 1))
        for size, factor in (("times too large", ratio), ("times too small", expected / number)):
            if 1.5 < factor < _LARGEST_FACTOR and math.isclose(factor, round(factor), rel_tol=tolerance):
                return say(size, factor=round(factor))
    return say("too large" if number > expected else "too small" if number < expected else "other")


def _of_another_kind(answer: object, kind: str) -> str:
    return say("kind", type=type(answer).__name__, kind=kind)


def _plain(x: Any) -> Any:
    """A Value's number; NumPy's numbers and arrays as Python's numbers and lists."""
    if isinstance(x, Value):
        return x.data
    return x.tolist() if hasattr(x, "tolist") else x


def _written(x: object) -> str:
    """As a person writes it, and short."""
    if callable(x):
        name = getattr(x, "__name__", "")
        return name if name.isidentifier() else "f"
    return f"{x:.6g}" if isinstance(x, float) else reprlib.repr(x)
