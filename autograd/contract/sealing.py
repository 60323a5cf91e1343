"""Sealing: while a function is recorded, no number leaves the graph, since a replay on others could not repeat it."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar


class RecordError(RuntimeError):
    """A function did something that a replay of its graph on other numbers could not repeat."""


refusals = ContextVar[list[RecordError] | None]("refusals", default=None)


@contextmanager
def sealed() -> Iterator[list[RecordError]]:
    """Keep the numbers inside: while it holds, in this thread, no Value's number can be read or set.

    What is read from a graph that will be replayed on other numbers would be stale. So it raises RecordError, and
    the list that this gives has every refusal, also those that the caller caught. Constants are not folded.
    """
    caught: list[RecordError] = []
    token = refusals.set(caught)
    try:
        yield caught
    finally:
        refusals.reset(token)


def refuse_if_sealed(deed: str) -> None:
    """Raise RecordError, saying what was done, inside `sealed()`."""
    caught = refusals.get()
    if caught is not None:
        caught.append(RecordError(deed))
        raise caught[-1]
