"""What modules are given: inputs, seeds and widths, checked where they come in."""

from collections.abc import Iterable
from random import Random
from typing import SupportsFloat, SupportsIndex, TypeAlias

from autograd import Value

Seed: TypeAlias = int | Random | None
Inputs: TypeAlias = Iterable[Value | SupportsFloat] | Value
Output: TypeAlias = Value | list[Value]


def as_values(inputs: Inputs) -> list[Value]:
    """Inputs as Values, one alone as a list; plain numbers become constants that a drawing shows as x0, x1, ...

    Raises TypeError for what is no list of numbers, such as several rows.
    """
    if isinstance(inputs, Value):
        return [inputs]
    if not isinstance(inputs, Iterable):
        raise TypeError(f"expected a list of inputs, such as [1.0, -2.0]; got {inputs!r}")
    try:
        return [
            x if isinstance(x, Value) else Value(x, label=f"x{i}", requires_grad=False) for i, x in enumerate(inputs)
        ]
    except TypeError as error:
        raise TypeError(f"a call takes the inputs of one row, and nn.predict(model, X) many rows: {error}") from None


def generator_of(rng: Seed) -> Random:
    return rng if isinstance(rng, Random) else Random(rng)


def width_of(width: SupportsIndex, name: str) -> int:
    if isinstance(width, bool) or not isinstance(width, SupportsIndex) or width.__index__() < 1:
        raise ValueError(f"{name} is a number of neurons or inputs, at least 1; got {width!r}")
    return width.__index__()
