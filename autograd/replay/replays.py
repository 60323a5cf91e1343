"""The replays of one function: one for each structure of rows that it met so far; and the parameters of all of them."""

import gc
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from itertools import count
from typing import Any

import numpy as np

from autograd import distributed
from autograd.contract import RecordError
from autograd.engines import Value
from autograd.replay.choice import Leaves, new_replay
from autograd.replay.chunks import ChunkedReplay
from autograd.replay.protocol import Replay
from autograd.replay.structure import (
    Column,
    Structure,
    columns_of,
    first_row,
    nested_like,
    parts_of,
    structure_of,
    structure_of_rows,
)
from autograd.replay.tape import Tape
from autograd.replay.taping import taped


@contextmanager
def _collector_at_rest() -> Iterator[None]:
    """Without the garbage collector, which would go through a growing tape again and again, and find no cycle."""
    at_work = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if at_work:
            gc.enable()


class Replays:
    """The replays of `function`, which was first run on `example`; without a function, those that are kept.

    - `by_structure`: the replay for rows of each structure
    - `leaves`: the parameters of all of them, in the order in which they were met
    """

    def __init__(self, function: Callable[..., Any] | None, example: tuple[Any, ...]) -> None:
        self._function = function
        self._example = example
        self.by_structure: dict[Structure, Replay] = {}
        self.leaves = Leaves(())
        self._by_shapes: dict[tuple[object, ...], Replay] = {}  # by those of a batch's rows, if it is arrays
        self._places: dict[Tape, slice | list[int]] = {}  # of its parameters among all: they are the first, or these
        self._in_chunks: dict[Tape, ChunkedReplay] = {}

    def prepared(
        self, batch: tuple[Any, ...], threads: int = 1, differentiated: bool = False
    ) -> tuple[Replay, Sequence[Column]]:
        """The replay for rows of this structure, recorded now if it is new, and the batch's arrays."""
        if threads < 1:
            raise ValueError(f"threads is {threads}: it must be 1 or more")
        shapes = [array.shape for array in batch if type(array) is np.ndarray]
        rows = {shape[:1] for shape in shapes}
        if len(shapes) == len(batch) and len(rows) == 1 and rows.isdisjoint([(), (0,)]):
            replay = self._by_shapes.get((differentiated, *[shape[1:] for shape in shapes]))
            if replay is not None:
                return replay, batch
        return self._looked_up(batch, differentiated)

    def record(self, structure: Structure, example: tuple[Any, ...]) -> Replay:
        """Run the function on an example whose rows have this structure, and keep its replay."""
        assert self._function is not None
        with _collector_at_rest():
            return self.keep(structure, taped(self._function, example))

    def keep(self, structure: Structure, tape: Tape) -> Replay:
        """From now on rows of this structure are replayed by `tape`."""
        if not self.leaves.values:
            self.leaves = Leaves(tape.parameters)
        self._places[tape] = first = slice(len(tape.parameters))
        if self.leaves.values[first] != tape.parameters:
            place = dict(zip(self.leaves.values, count()))
            self._places[tape] = [place.setdefault(parameter, len(place)) for parameter in tape.parameters]
            if len(place) > len(self.leaves.values):
                self.leaves = Leaves(place)
        self.by_structure[structure] = replay = new_replay(tape)
        return replay

    def keep_all(self, tapes: dict[Structure, Tape], parameters: Sequence[Value]) -> None:
        """Keep these tapes, and the order of their parameters."""
        self.leaves = Leaves(parameters)
        for structure, tape in tapes.items():
            self.keep(structure, tape)

    def by_all_parameters(self, replay: Replay, gradient: Column) -> Column:
        """The gradient by the parameters of one replay as that by all parameters: 0 where it has none."""
        places, count_of_all = self._places[replay.tape], len(self.leaves.values)
        if places == slice(count_of_all):
            return gradient
        by_all = np.zeros(count_of_all)
        by_all[places] = gradient
        return by_all

    def _looked_up(self, batch: tuple[Any, ...], differentiated: bool) -> tuple[Replay, list[Column]]:
        if any(map(distributed.lies_elsewhere, parts_of(batch))):
            return self._elsewhere(batch, differentiated)
        structure = structure_of_rows(batch)
        columns = list(columns_of(batch))
        rows = {len(column) for column in columns}
        if not rows:
            raise ValueError("a batch has an array for each argument of the function: there is none")
        if len(rows) != 1:
            raise ValueError(f"expected arrays with the same number of rows, got {', '.join(map(str, sorted(rows)))}")
        replay = self.by_structure.get(structure) or self._record_row(structure, batch, rows.pop())
        if differentiated and replay.tape.several:
            raise ValueError("the function returns several Values, but a gradient is of one: record their sum, say")
        if differentiated and not len(columns[0]):
            raise ValueError("the batch has no rows, so there is no mean to differentiate")
        if all(type(array) is np.ndarray for array in batch):
            self._by_shapes[differentiated, *[array.shape[1:] for array in batch]] = replay
        return replay, columns

    def _elsewhere(self, batch: tuple[Any, ...], differentiated: bool) -> tuple[Replay, list[Any]]:
        """The replay on chunks, and Dask arrays. A new structure is recorded on a row of zeros: none is fetched."""
        arrays = distributed.aligned(list(parts_of(batch)))
        replay, _ = self._looked_up(nested_like(batch, [np.zeros((1, *x.shape[1:])) for x in arrays]), differentiated)
        tape = replay.tape
        if tape not in self._in_chunks:
            self._in_chunks[tape] = ChunkedReplay(tape)
        return self._in_chunks[tape], arrays

    def _record_row(self, structure: Structure, batch: tuple[Any, ...], rows: int) -> Replay:
        if self._function is None:
            known = ", ".join(map(str, self.by_structure))
            raise RecordError(
                f"rows of structure {structure} were never recorded, and a pickled recording has no function to record "
                f"them with; it replays {known}"
            )
        if not rows:
            raise ValueError(f"rows of structure {structure} are new, and an empty batch has none to record")
        try:
            return self.record(structure, first_row(batch, self._example))
        except RecordError as error:
            given = " and ".join([str(structure_of_rows(part)) for part in batch])
            expected = " and ".join([str(structure_of(part)) for part in self._example])
            raise RecordError(
                f"arguments in a row of the batch are of shape {given}, where those of the example are of {expected}, "
                f"and the function could not be recorded anew: {error}"
            ) from error
