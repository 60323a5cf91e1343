"""The key: what is right in the exercises of the nine lessons, and what some wrong answers mean.

It stands here and not in the lessons, where the answer would be read before the question is thought about, and where a
cell that was changed could change it.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import permutations
from math import log
from typing import Any

from autograd.contract import RecordError
from autograd.engines import Value, apply, functions, grad
from autograd.exercises.comparing import of_another_kind, written
from autograd.exercises.messages import say
from autograd.ops import Op

__all__ = ["KEY", "Exercise", "RefusedError"]


class RefusedError(Exception):
    """An answer that can't be compared, with the verdict on it."""


@dataclass(frozen=True)
class Exercise:
    """What `check` compares an answer with.

    - `expected`, `at`, `tolerance`, `any_order`: as there; of an exercise about the reader's own numbers, `expected` is
      a function of what is `given`
    - `remarks`: wrong answers, each with the message that says what it means
    - `prepared`: what is made of the answer before it is compared; may raise RefusedError
    """

    expected: Any
    at: Sequence[object] = ()
    tolerance: float = 1e-6
    any_order: bool = False
    given: bool = False
    remarks: Sequence[tuple[object, str]] = ()
    prepared: Callable[[Any], object] = lambda answer: answer


def _square(x: float) -> float:
    return x * x


def _reciprocal(x: float) -> float:
    return 1 / x


def _slope(f: Callable[[float], float], x: float, h: float) -> float:  # noqa: ARG001 (the answer's arguments)
    return 2 * x if f is _square else -1 / x**2


def _neuron(w: list[Value], x: list[float], b: Value) -> Value:
    total = b
    for weight, number in zip(w, x, strict=True):
        total = total + weight * number
    return total.tanh()


def _weights(*numbers: float) -> list[Value]:
    return [Value(number, label=f"w{i}") for i, number in enumerate(numbers)]


def _surprise(z: float | Value) -> Value:
    return functions["softplus"](z)


def _slopes_of_row(derivative: object) -> object:
    """The slopes that a row with this derivative has, as a function."""
    if not isinstance(derivative, str):
        raise RefusedError(say("wrong", fault=f"{written(derivative)}: {of_another_kind(derivative, say('text'))}"))

    def slope(x: float) -> float:
        leaf = Value(x)
        return grad(apply(Op("wave", "wave", "a / (1 + a * a)", (derivative,)), leaf), [leaf])[0]

    return slope


def _replayed(function: Any) -> object:
    from autograd.replay import record  # needs NumPy, which some browsers are without

    if not callable(function) or function(Value(1.0)) in (..., None):
        return function
    try:
        recorded = record(function, 1.0)
    except RecordError as error:
        raise RefusedError(say("uses an if")) from error

    def leaky(rows: list[float]) -> object:
        return recorded(rows)

    return leaky


KEY: dict[int, list[Exercise]] = {
    1: [
        Exercise(18.0, tolerance=0.01, remarks=[(18.9, "step too large"), (27.0, "step too large")]),
        Exercise(
            _slope,
            at=[(_square, 3.0, 1e-4), (_square, -1.0, 1e-5), (_reciprocal, 0.5, 1e-5)],
            tolerance=1e-3,
        ),
        Exercise([-12.0, -4.0], tolerance=0.01),
    ],
    2: [
        Exercise(6, remarks=[(7, "one b each")]),
        Exercise(2.5),
        Exercise(
            _neuron,
            at=[
                (_weights(0.7, -0.3), [0.5, -1.2], Value(0.1, label="b")),
                (_weights(-1.5), [0.4], Value(0.2, label="b")),
                (_weights(0.2, 0.4, -0.9), [1.0, 0.0, 2.0], Value(-0.3, label="b")),
            ],
        ),
    ],
    3: [
        Exercise([6.0, 2.0]),
        Exercise([4.0, 3.0], any_order=True),
        Exercise(
            lambda before, gradient, local: before + gradient * local,
            at=[(0.0, -6.0, 3.0), (-18.0, -4.0, 1.0), (2.0, 0.5, -1.0)],
        ),
        Exercise(["u", "t", "s"], remarks=[(list(order), "early") for order in permutations("uts")]),
    ],
    4: [
        Exercise(
            lambda old, gradient, rate: old - rate * gradient,
            at=[(1.0, -18.0, 0.02), (1.0, -6.0, 0.02), (3.0, 18.0, 0.05)],
        ),
        Exercise([2.1, 0.7], remarks=[([3.9, 1.3], "uphill")]),
        Exercise(-19.8, tolerance=1e-3, remarks=[(-1.8, "new gradient alone")]),
    ],
    5: [Exercise(0.25, tolerance=0.02), Exercise(10.0, tolerance=0.01), Exercise(["A", "C", "B"])],
    6: [
        Exercise(32, remarks=[(25, "without biases")]),
        Exercise(_surprise, at=[0.0, 2.0, Value(-3.0, label="z")]),
    ],
    7: [
        Exercise(lambda shares: max(shares) - 0.9, given=True),
        Exercise(lambda losses: losses.index(min(losses)) + 1, at=[([3.0, 1.0, 2.0],), ([0.4, 0.5],), ([2.0, 1.0],)]),
        Exercise(lambda sure, right: ((sure >= 0.9) & ~right).mean(), given=True),
    ],
    8: [
        Exercise([0, 1], any_order=True),
        Exercise(lambda x: (1 - x * x) / (1 + x * x) ** 2, at=[0.0, 0.5, 1.0, -2.0], prepared=_slopes_of_row),
    ],
    9: [
        Exercise(337, remarks=[(304, "without biases")]),
        Exercise(lambda rows: [max(x, 0.1 * x) for x in rows], at=[([3.0, -2.0, 0.5, -0.1],)], prepared=_replayed),
        Exercise(log(27), tolerance=0.01),
    ],
}
