"""Loops: a step is recorded once, however often it is repeated, and the way back keeps no tape of all the steps.

Backwards, a step must know where it stood. Of n steps only every sqrt(n)-th place is kept, and the places between are
found again, so many at a time: that takes one more run forwards, and memory for 2 sqrt(n) places (Griewank and Walther,
Evaluating Derivatives, 2008, chapter 12). Forwards nothing is kept: the tangent is part of what is carried.
"""

import math
from collections.abc import Callable, Iterator, Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from autograd.derivatives.evaluation import as_value
from autograd.derivatives.nesting import numbers_in
from autograd.engines import Value, dot
from autograd.replay import record

Array = NDArray[np.float64]


class Pulled(NamedTuple):
    """A vector that was taken back through a loop: by the first `carry` and by `xs`, each of its shape (None if there
    were no `xs`), and by the loop's `parameters`, one array, summed over the rows.
    """

    carry: Array
    xs: Array | None
    parameters: Array


def scan(step: Callable[..., Any], carry: Sequence[float], x: Sequence[float] | None = None) -> "Scan":
    """The loop that repeats `step(carry, x)`, which returns as many numbers as it was given to carry.

    The two are an example, lists of numbers; without `x` the step takes the carry alone. Values that it meets besides
    are the parameters. It is JAX's `lax.scan` of a function, with `checkpoint`, and CasADi's `mapaccum`; a number that
    is wanted at the end, as the sum of what each step costs, is carried along. Raises RecordError if the step can't be
    recorded, or returns more or fewer numbers.

    >>> growth = scan(lambda carry: [carry[0] * carry[1], carry[1]], [1.0, 2.0])
    >>> growth([1.0, 2.0], length=10)
    array([1024.,    2.])
    >>> _, back = growth.vjp([1.0, 2.0], length=10)
    >>> back([1.0, 0.0]).carry    # 2**10 by the start, and by the factor
    array([1024., 5120.])
    """
    return Scan(step, carry, x)


class Scan:
    """A loop, made by `scan`: of one carry, a vector, or of many, the rows of an array.

    `xs` has an item for each step: an array steps x numbers, which all rows share, or steps x rows x numbers. Where the
    steps have none, `length` says how many there are.
    """

    def __init__(self, step: Callable[..., Any], carry: Sequence[float], x: Sequence[float] | None) -> None:
        given = [list(carry)] if x is None else [list(carry), list(x)]

        def carried(*arguments: Any) -> list[Value]:
            numbers = [as_value(number) for number in numbers_in(step(*arguments))]
            if len(numbers) != len(carry):
                raise ValueError(f"the step was given {len(carry)} numbers to carry, and returned {len(numbers)}")
            return numbers

        self._size, self._has_xs, self._width = len(carry), x is not None, 0 if x is None else len(x)
        self._step = record(carried, *given)
        self._product = record(lambda *arguments: dot(carried(*arguments[:-1]), arguments[-1]), *given, given[0])

    @property
    def parameters(self) -> tuple[Value, ...]:
        """The variables that the step met beside what it was given, in that order."""
        return self._product.parameters

    def __call__(self, carry: ArrayLike, xs: ArrayLike | None = None, length: int | None = None) -> Array:
        """What is carried after the last step."""
        run = self._run(carry, xs, length)
        last = run.start
        for after in self._carries(run, last, 0, run.steps):
            last = after
        return run.shaped(last)

    def path(self, carry: ArrayLike, xs: ArrayLike | None = None, length: int | None = None) -> Array:
        """What is carried after every step: an array steps x numbers, or steps x rows x numbers."""
        run = self._run(carry, xs, length)
        found = np.empty((run.steps, *run.start.shape))
        for i, after in enumerate(self._carries(run, run.start, 0, run.steps)):
            found[i] = after
        return found if run.many else found[:, 0]

    def vjp(
        self, carry: ArrayLike, xs: ArrayLike | None = None, length: int | None = None
    ) -> tuple[Array, Callable[[ArrayLike], Pulled]]:
        """What is carried after the last step, and a function that takes a vector, of its shape, back."""
        run = self._run(carry, xs, length)
        every = max(1, math.isqrt(run.steps))
        kept, last = [], run.start
        for i, after in enumerate(self._carries(run, last, 0, run.steps)):
            if i % every == 0:
                kept.append(last)
            last = after
        return run.shaped(last), lambda cotangents: self._taken_back(run, kept, every, cotangents)

    def _taken_back(self, run: "_Run", kept: list[Array], every: int, cotangents: ArrayLike) -> Pulled:
        upstream = np.asarray(cotangents, dtype=np.float64).reshape(run.start.shape)
        by_xs, by_parameters = np.zeros_like(run.xs), np.zeros(len(self.parameters))
        size, replay = self._size, None
        for segment in reversed(range(len(kept))):
            first, end = segment * every, min((segment + 1) * every, run.steps)
            places = [kept[segment], *self._carries(run, kept[segment], first, end - 1)]
            for i in reversed(range(first, end)):
                batch = [places.pop(), *run.inputs(i), upstream]
                if self.parameters:
                    by_parameters += self._product.value_and_grad(*batch, reduction="sum")[1]
                replay = replay or self._product.prepared(tuple(batch), differentiated=True)[0]
                gradients = replay.input_gradients(batch)
                upstream, by_x = np.ascontiguousarray(gradients[:, :size]), gradients[:, size:-size]
                if self._has_xs:
                    by_xs[i] = by_x if run.own_xs else by_x.sum(axis=0)
        return Pulled(run.shaped(upstream), by_xs if self._has_xs else None, by_parameters)

    def _carries(self, run: "_Run", carry: Array, first: int, end: int) -> Iterator[Array]:
        """What is carried after each of these steps."""
        replay = None
        for i in range(first, end):
            columns = [carry, *run.inputs(i)]
            replay = replay or self._step.prepared(tuple(columns))[0]  # once: the rows of all steps are alike
            carry = replay.outputs(columns)
            yield carry

    def _run(self, carry: ArrayLike, xs: ArrayLike | None, length: int | None) -> "_Run":
        start = np.asarray(carry, dtype=np.float64)
        if start.shape[-1:] != (self._size,) or start.ndim > 2:
            raise ValueError(f"expected {self._size} numbers to carry, or rows of them, got an array of {start.shape}")
        if (self._has_xs, not self._has_xs) != (xs is not None, length is not None):
            expected = "`xs`, with an item for each step" if self._has_xs else "`length`, as its steps take no x"
            raise ValueError(f"the loop expected {expected}, got xs={xs!r} and length={length!r}")
        steps = np.empty((length or 0, 0)) if xs is None else np.asarray(xs, dtype=np.float64)
        rows, width = len(np.atleast_2d(start)), self._width
        if steps.shape[1:] not in ((width,), (rows, width)):
            raise ValueError(
                f"expected xs of steps x {width} numbers, or steps x {rows} x {width}, got an array of {steps.shape}"
            )
        return _Run(start, steps)


class _Run:
    """What a loop was called with: `start`, rows x numbers, and `xs`, steps x numbers or steps x rows x numbers."""

    def __init__(self, start: Array, xs: Array) -> None:
        self.many, self.own_xs, self.steps = start.ndim > 1, xs.ndim > 2, len(xs)
        self.start, self.xs = np.ascontiguousarray(np.atleast_2d(start)), np.ascontiguousarray(xs)
        self._x = np.empty((len(self.start), xs.shape[-1]))

    def inputs(self, i: int) -> list[Array]:
        """The x of a step for all rows, if it takes one; until the next is asked for."""
        self._x[:] = self.xs[i]
        return [self._x] if self._x.size else []

    def shaped(self, rows: Array) -> Array:
        """Rows, or the only one of them, as the carry was given."""
        return rows if self.many else rows[0]
