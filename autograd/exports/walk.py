"""The walk over a tape that every export is: the operations in order, and the chain rule backwards, in its language."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Protocol, TypeVar

from autograd.ops import Op
from autograd.replay import Recording, Tape, record

T = TypeVar("T")


class Target(Protocol[T]):
    """What an export makes of numbers."""

    def said(self, op: Op, formula: str, operands: Mapping[str, T]) -> T:
        """A formula of a row, where `operands` stand for its arguments."""


def tape_of(function: Callable[..., Any], example: Sequence[Any]) -> Tape:
    """The tape of a recording, or of a function that is recorded on an example.

    Raises ValueError for a recording of several structures, of which none can be preferred.
    """
    recording = function if isinstance(function, Recording) else record(function, *example)
    if len(recording.replays) != 1:
        raise ValueError(
            f"the recording has {len(recording.replays)} tapes, one for each structure of rows: export the function on "
            "an example of one structure"
        )
    return recording.replays[0].tape


def numbers(tape: Tape, first: Sequence[T], target: Target[T]) -> list[T]:
    """What every node is: `first` are the inputs and the leaves, then come the operations."""
    found = list(first)
    for op, operands in tape.operations:
        found.append(target.said(op, op.formula, dict(zip(op.operands, [found[i] for i in operands], strict=True))))
    return found


def gradients(tape: Tape, found: Sequence[T], one: T, target: Target[T]) -> dict[int, T]:
    """The derivative of the only output with respect to every node that it depends on, by the node's number."""
    if tape.several:
        raise ValueError("the function returns several Values, but a gradient is of one: export their sum, say")
    (output,) = tape.outputs
    derivatives = {output: one}
    for i in range(output, tape.first_operation - 1, -1):
        if i in derivatives:
            op, operands = tape.operations[i - tape.first_operation]
            arguments = dict(zip(op.arguments, [*[found[x] for x in operands], found[i]], strict=True))
            for operand, derivative in zip(operands, op.derivatives, strict=True):
                if tape.variable[operand]:
                    share = _share(op, derivative, arguments, derivatives[i], target)
                    if operand in derivatives:
                        share = target.said(op, "a + b", {"a": derivatives[operand], "b": share})
                    derivatives[operand] = share
    return derivatives


def _share(op: Op, derivative: str, arguments: Mapping[str, T], upstream: T, target: Target[T]) -> T:
    """What an operand is handed of the derivative `upstream` by the result, as `Op.shares` says."""
    if derivative == "1":
        return upstream
    local = target.said(op, derivative, arguments)
    formula = "a * b if b != 0 else 0" if op.masks else "a * b"
    return target.said(op, formula, {"a": upstream, "b": local})
