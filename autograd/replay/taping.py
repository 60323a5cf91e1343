"""A function is run once on Values, which nobody may look at meanwhile, and the graph that it builds becomes a tape."""

import contextlib
import linecache
from collections.abc import Callable, Iterator
from pathlib import Path
from types import TracebackType
from typing import Any

import numpy as np

from autograd.contract import RecordError
from autograd.engines import Value, sealed
from autograd.ops import FILE_OF_FORMULAS
from autograd.replay.structure import as_values
from autograd.replay.tape import Tape

_REMEDY = (
    "A replay on other numbers would not repeat it. Compute with Values instead: where, maximum, minimum, relu and abs "
    "choose between numbers; what is random, or differs from row to row, is an argument."
)
_EXAMPLE = (
    "To record a function is to call it once, with Values in the place of the example's numbers: "
    "record(f, 0.0, [0.0, 0.0]) for f(x, v). Instead of an index that is a Value there are where and lookup."
)


def taped(function: Callable[..., Any], example: tuple[Any, ...]) -> Tape:
    """The tape of the graph that `function` builds of an example.

    Raises RecordError, with the line at fault, if it does what a replay could not repeat, or raises an exception;
    TypeError if it returns no Values.
    """
    inputs: list[Value] = []
    arguments = as_values(example, inputs)
    with sealed() as refusals:
        try:
            result = function(*arguments)
        except Exception as error:
            raised = f"{type(error).__name__} was raised: {error}"
            deed, remedy = (refusals[-1], _REMEDY) if refusals else (raised, _EXAMPLE)
            raise RecordError(f"{_line_of(error.__traceback__)}: {deed}. {remedy}") from error
    if refusals:  # the function caught it
        raise RecordError(f"{_line_of(refusals[0].__traceback__)}: {refusals[0]}. {_REMEDY}")
    return Tape.of(inputs, list(_values_in(result)), several=not isinstance(result, Value))


def _values_in(result: Any) -> Iterator[Value]:
    if isinstance(result, Value):
        yield result
    elif isinstance(result, list | tuple | np.ndarray) and len(result):
        for item in result:
            yield from _values_in(item)
    else:
        raise TypeError(f"a recorded function returns a Value, or Values in a list, tuple or array; got {result!r}")


def _line_of(traceback: TracebackType | None) -> str:
    """File, number and text of the innermost line of a traceback that is the caller's."""
    found = "the function"
    compiled = ("autograd/engines/_", "autograd/replay/_")
    ours = (str(Path(__file__).parents[1]), *compiled, FILE_OF_FORMULAS, contextlib.__file__)
    while traceback:
        path, number = traceback.tb_frame.f_code.co_filename, traceback.tb_lineno
        if not path.startswith(ours):
            found = f"{path}:{number}: {linecache.getline(path, number).strip()}"
        traceback = traceback.tb_next
    return found
