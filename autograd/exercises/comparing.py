"""What is wrong with an answer: numbers, words, lists and graphs, compared with what is right."""

import math
import reprlib
from collections.abc import Iterator
from typing import Any

from autograd.contract import as_float
from autograd.engines import Value, grad
from autograd.exercises.messages import say

__all__ = ["fault_of", "fault_of_graph", "is_unanswered", "of_another_kind", "plain", "written"]

_CLOSE = 0.01  # a relative error to be told of
_LARGEST_FACTOR = 1000
_LONGEST = 6  # elements that are written out


def is_unanswered(answer: object) -> bool:
    return answer is ... or (isinstance(answer, list | tuple) and any(map(is_unanswered, answer)))


def fault_of(answer: object, expected: object, tolerance: float, place: str = "", any_order: bool = False) -> str:
    """What is wrong with `answer`, after the place of the mistake; empty if it is right."""
    answer, expected = plain(answer), plain(expected)
    if isinstance(expected, list | tuple):
        if isinstance(answer, list | tuple) and len(answer) == len(expected):
            return _fault_of_elements(answer, expected, tolerance, place, any_order)
        fault = _fault_of_list(answer, len(expected))
    elif answer is None:
        fault = say("nothing")
    elif isinstance(expected, str | bool):
        fault = _fault_of_word(answer, expected)
    else:
        fault = _fault_of_number(answer, as_float(expected), tolerance)  # type: ignore[arg-type]
    return fault and f"{place} = {written(answer)}: {fault}".removeprefix(" = ")


def fault_of_graph(answer: object, expected: object, arguments: object, tolerance: float) -> str:
    """What is wrong with the graph of a result whose number is right; empty where numbers are all that is asked for.

    A graph is asked for where the expected result depends on Values among the arguments. It is known by its gradients.
    """
    leaves = list(_variables(arguments))
    if not leaves or not isinstance(expected, Value) or not expected.requires_grad:
        return ""
    if not isinstance(answer, Value) or not answer.requires_grad:
        return say("graph lost")
    pairs = zip(leaves, grad(answer, leaves), grad(expected, leaves), strict=True)
    for leaf, given, right in pairs:
        if not math.isclose(given, right, rel_tol=tolerance, abs_tol=tolerance):
            return say("gradient", given=written(given), right=written(right), name=leaf.label or written(leaf.data))
    return ""


def _variables(arguments: object) -> Iterator[Value]:
    if isinstance(arguments, list | tuple):
        for argument in arguments:
            yield from _variables(argument)
    elif isinstance(arguments, Value) and arguments.requires_grad:
        yield arguments


def _fault_of_elements(answer: Any, expected: Any, tolerance: float, place: str, any_order: bool) -> str:
    faults = [fault_of(a, b, tolerance, f"{place}[{i}]") for i, (a, b) in enumerate(zip(answer, expected, strict=True))]
    fault = next(filter(None, faults), "")
    if not fault or not _is_another_order(answer, expected, tolerance):
        return fault
    return "" if any_order else f"{place} = {written(answer)}: {say('order')}".removeprefix(" = ")


def _is_another_order(answer: Any, expected: Any, tolerance: float) -> bool:
    left = list(expected)
    for given in answer:
        found = next((i for i, right in enumerate(left) if not fault_of(given, right, tolerance)), None)
        if found is None:
            return False
        del left[found]
    return True


def _fault_of_list(answer: object, length: int) -> str:
    if answer is None:
        return say("nothing")
    if isinstance(answer, list | tuple):
        return say("length", length=len(answer), expected=length)
    return of_another_kind(answer, say("list", length=length))


def _fault_of_word(answer: object, expected: str | bool) -> str:
    if not isinstance(answer, type(expected)):
        return of_another_kind(answer, say("text" if isinstance(expected, str) else "truth"))
    return "" if answer == expected else say("other")


def _fault_of_number(answer: Any, expected: float, tolerance: float) -> str:
    def same(a: float, b: float) -> bool:
        return math.isclose(a, b, rel_tol=tolerance, abs_tol=tolerance) or (math.isnan(a) and math.isnan(b))

    try:
        number = as_float(answer)
    except TypeError:
        return of_another_kind(answer, say("number"))
    if same(number, expected):
        return ""
    if math.isnan(number):
        return say("nan")
    if math.isnan(expected):
        return say("other")
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
    return say(_size(number, expected))


def _size(number: float, expected: float) -> str:
    """How far a number is off, in a word that is true of negative ones too."""
    if number == 0 or expected == 0:
        return "is zero" if number == 0 else "too far from zero"
    if (number < 0) != (expected < 0):
        return "sign and size"
    if expected < 0:
        return "too far below" if number < expected else "not far enough below"
    return "too large" if number > expected else "too small"


def of_another_kind(answer: object, kind: str) -> str:
    return say("kind", type=type(answer).__name__, kind=kind)


def plain(x: Any) -> Any:
    """A Value's number; NumPy's numbers and arrays as Python's numbers and lists."""
    if isinstance(x, Value):
        return x.data
    return x.tolist() if hasattr(x, "tolist") else x


def written(x: object) -> str:
    """As a person writes it, and short: a Value by its label."""
    if callable(x):
        name = getattr(x, "__name__", "")
        return name if name.isidentifier() else "f"
    if isinstance(x, Value):
        return x.label or written(x.data)
    if isinstance(x, list | tuple) and 0 < len(x) <= _LONGEST:
        inside = ", ".join(map(written, x))
        return f"[{inside}]" if isinstance(x, list) else f"({inside})"
    return f"{x:.6g}" if isinstance(x, float) else reprlib.repr(x)
