"""`check(answer, expected)`: a verdict on an answer, in words.

The verdict is in Korean where the environment asks for that, in the variables that gettext reads (`LANGUAGE=ko`), or
after `speak("ko")`, and in English elsewhere.
"""

from collections.abc import Sequence
from typing import Any, NamedTuple

from autograd.exercises.comparing import fault_of, fault_of_graph, is_unanswered, of_another_kind, plain, written
from autograd.exercises.messages import say

__all__ = ["Verdict", "check", "verdict_on"]


class Verdict(NamedTuple):
    """What `check` prints, and whether the answer is right; None while it waits for one."""

    text: str
    right: bool | None


def check(
    answer: object,
    expected: Any,
    at: Sequence[object] | None = None,
    tolerance: float = 1e-6,
    any_order: bool = False,
) -> None:
    """Print whether `answer` is right, and if not, what is wrong with it.

    - `answer`: what the reader gives; `...`, anywhere in it, is an exercise that waits for its answer
    - `expected`: a number, a Value, text, a bool, or a list or array of these; or a function that computes it
    - `at`: the inputs at which two functions are compared, each an argument or a tuple of arguments. Where Values are
      among them, and the expected result depends on them, the answer has to be a Value too, with the same gradients
    - `tolerance`: of numbers, relative to the larger or absolute, whichever is more
    - `any_order`: a list may have its elements in another order

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
    print(verdict_on(answer, expected, at, tolerance, any_order).text)  # noqa: T201 (for the reader of a notebook)


def verdict_on(
    answer: object,
    expected: Any,
    at: Sequence[object] | None = None,
    tolerance: float = 1e-6,
    any_order: bool = False,
) -> Verdict:
    """What `check` prints of this answer. See there."""
    if is_unanswered(answer):
        return Verdict(say("unanswered"), None)
    if callable(expected):
        if at is None or not len(at):
            raise ValueError("where are the two functions to be compared? check(answer, expected, at=[1.0, 2.0])")
        return _verdict_on_function(answer, expected, at, tolerance)
    fault = fault_of(answer, expected, tolerance, any_order=any_order)
    return Verdict(say("wrong", fault=fault), False) if fault else Verdict(say("right"), True)


def _verdict_on_function(answer: object, expected: Any, at: Sequence[object], tolerance: float) -> Verdict:
    if not callable(answer):
        return Verdict(say("wrong", fault=f"{written(answer)}: {of_another_kind(answer, say('function'))}"), False)
    right_there = ""
    for inputs in at:
        arguments = inputs if isinstance(inputs, tuple) else (inputs,)
        call = f"{written(answer)}({', '.join(map(written, arguments))})"
        try:
            result = answer(*arguments)
        except Exception as error:
            return Verdict(raised(call, error) + right_there, False)
        if is_unanswered(result):
            return Verdict(say("unanswered"), None)
        if result is None:
            return Verdict(say("returned nothing", call=call), False)
        right = expected(*arguments)
        if fault := fault_of(result, right, tolerance, place=call):
            return Verdict(say("wrong here", fault=fault, expected=written(plain(right))) + right_there, False)
        if fault := fault_of_graph(result, right, arguments, tolerance):
            return Verdict(say("wrong graph", call=call, fault=fault), False)
        right_there = say("right there", call=call)
    return Verdict(say("right"), True)


def raised(call: str, error: Exception) -> str:
    """That a call raised, and what; of a long message, the first sentence."""
    return say("raised", call=call, error=f"{type(error).__name__}: {error}".rstrip(": ").split("\n")[0])
