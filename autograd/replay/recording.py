"""`record`: run a function of scalars once, and replay the graph that it built on whole batches.

The graph is the program. There is no tracer: the function runs on Values, and the topological order of what it built
is the tape. Rows of a batch are replayed side by side in compiled code, or one after the other in plain Python.
"""

import contextlib
import linecache
import math
import warnings
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from autograd.contract import RecordError
from autograd.engines import Value, sealed
from autograd.graph import NonFinite, first_nonfinite
from autograd.ops import FILE_OF_FORMULAS
from autograd.replay.choice import Leaves, all_finite, new_replay
from autograd.replay.protocol import Replay
from autograd.replay.structure import (
    Column,
    Structure,
    as_values,
    columns_of,
    first_row,
    like_batch,
    rows_of,
    structure_of,
    structure_of_rows,
)
from autograd.replay.tape import Tape

_REMEDY = (
    "A replay on other numbers would not repeat it. Compute with Values instead: where, maximum, minimum, relu and abs "
    "choose between numbers; what is random, or differs from row to row, is an argument."
)


def record(function: Callable[..., Any], *example: Any) -> "Recording":
    """Call `function` once on an example, and keep the graph that it builds, to replay it on batches.

    The example's numbers become Values; nested lists, tuples, dicts and arrays keep their shape. The function returns a
    Value, or several in a list, tuple or array. Leaves that it meets beside its arguments are the parameters. It may
    differentiate by its arguments: `grad(..., create_graph=True)` is part of the graph.

    Raises RecordError, with the line at fault, if the function does what a replay could not repeat (looks at a Value's
    number, compares Values, enters no_grad) or raises an exception; TypeError if it returns no Values.

    >>> w = Value(3.0, label="w")
    >>> squared_error = record(lambda x, y: (w * x - y) ** 2, 0.0, 0.0)
    >>> squared_error([1.0, 2.0], [2.0, 4.0])
    array([1., 4.])
    >>> squared_error.backward([1.0, 2.0], [2.0, 4.0])
    2.5
    >>> w.grad    # the mean of 2 * (w * x - y) * x
    5.0
    """
    recording = Recording(function, example)
    recording._record(structure_of(example), example)
    return recording


ONLY_THE_SUM = "every row is finite, but their sum is not"


class Recording:
    """A function's graph, replayed on batches; made by `record`.

    A batch has an argument for each of the function's: an array, or what makes one, whose first axis is rows; for an
    argument of tuples or dicts also a tuple or dict of such arrays. A batch whose rows have another structure than the
    example (another length, say) is recorded once more, and kept. Leaves are read anew at every call; a gradient is
    refused if one of them has become a constant since, or a constant a parameter. With `threads` the rows are divided
    among so many threads: the same number gives the same result. Results that are not finite make a RuntimeWarning that
    names the row. They are those of the function, to rounding, but that a sum which is zero may have another sign.

    It pickles without the function: a copy replays the structures recorded so far. `print` says how large it is.
    """

    def __init__(self, function: Callable[..., Any] | None, example: tuple[Any, ...]) -> None:
        self._function = function
        self._example = example
        self._replays: dict[Structure, Replay] = {}
        self._parameters: dict[Value, int] = {}
        self._leaves = Leaves(())
        self._by_shapes: dict[tuple[object, ...], Replay] = {}  # by those of a batch's rows, if it is arrays
        self._places: dict[Replay, NDArray[np.intp] | None] = {}  # of a tape's parameters among all, where they differ

    @property
    def parameters(self) -> tuple[Value, ...]:
        """The variables that the function met beside its arguments, in that order."""
        return self._leaves.values

    @property
    def replays(self) -> tuple[Replay, ...]:
        """What replays each structure that was recorded."""
        return tuple(self._replays.values())

    # Replay

    def __call__(self, *batch: Any, threads: int = 1) -> NDArray[np.float64]:
        """The function's value for every row: an array of shape rows, or rows x values if it returns several.

        >>> record(lambda v: [v[0] + v[1], v[0] * v[1]], [0.0, 0.0])([[1.0, 2.0], [3.0, 4.0]])
        array([[ 3.,  2.],
               [ 7., 12.]])
        """
        replay, columns = self.prepared(batch, threads)
        outputs = replay.outputs(columns, threads)
        if not all_finite(outputs.ravel()):
            warnings.warn(self.why_not_finite(*batch), RuntimeWarning, stacklevel=2)
        return outputs if replay.tape.several else outputs[:, 0]

    def backward(self, *batch: Any, threads: int = 1) -> float:
        """The mean output over the rows; adds the gradient of the mean to the `.grad` of every parameter.

        Raises ValueError if the function returns several Values, or the batch has no rows.
        """
        mean, gradient = self.value_and_grad(*batch, threads=threads)
        self._leaves.add_to_gradients(gradient)
        return mean

    def value_and_grad(self, *batch: Any, threads: int = 1) -> tuple[float, NDArray[np.float64]]:
        """The mean output over the rows, and its derivatives with respect to `parameters`. It changes nothing.

        >>> w = Value(3.0)
        >>> record(lambda x: w * x, 0.0).value_and_grad([1.0, 2.0])
        (4.5, array([1.5]))
        """
        replay, columns = self.prepared(batch, threads, differentiated=True)
        mean, gradient = replay.mean_and_gradients(columns, threads)
        places = self._places[replay]
        if places is not None:
            gradient, of_tape = np.zeros(len(self._parameters)), gradient
            gradient[places] = of_tape
        if not (math.isfinite(mean) and all_finite(gradient)):
            warnings.warn(self.why_not_finite(*batch) or ONLY_THE_SUM, RuntimeWarning, stacklevel=2)
        return mean, gradient

    def input_gradients(self, *batch: Any, threads: int = 1) -> tuple[Any, ...]:
        """For every row, the derivative of its output with respect to its own inputs: for each argument its like.

        >>> record(lambda x, y: x * y, 0.0, 0.0).input_gradients([1.0, 2.0], [3.0, 4.0])
        (array([3., 4.]), array([1., 2.]))
        """
        replay, columns = self.prepared(batch, threads, differentiated=True)
        gradients = replay.input_gradients(columns, threads)
        ends = np.cumsum([column.size // len(column) for column in columns])
        result = like_batch(batch, np.split(gradients, ends[:-1], axis=1))
        return tuple(result)

    # Looking inside

    def graph(self, *batch: Any, row: int = 0) -> Any:
        """The recorded graph, built anew as Values for one row of a batch, to draw or walk: the function's result.

        Without a batch it stands at the numbers of the example.

        >>> x_times_3 = record(lambda x: x * 3, 2.0)
        >>> x_times_3.graph().data, x_times_3.graph([5.0, 7.0], row=1).data
        (6.0, 21.0)
        """
        if batch:
            replay, columns = self.prepared(batch)
            tape, numbers = replay.tape, rows_of([column[row : row + 1] for column in columns])[0].tolist()
        else:
            tape = next(iter(self._replays.values())).tape
            numbers = tape.example
        _, outputs = tape.graph(numbers)
        return outputs if tape.several else outputs[0]

    def first_nonfinite(self, *batch: Any, row: int | None = None) -> NonFinite | None:
        """The node where a row's numbers stop being finite: of the first row whose output is not, unless one is given.

        >>> logarithm = record(lambda x: x.log() * 2, 1.0)
        >>> print(logarithm.first_nonfinite([1.0, 0.0]))
        log(0) gave -inf
        """
        replay, columns = self.prepared(batch)
        if row is None:
            row = _first_bad_row(replay.outputs(columns))
        if row is None:
            return None
        outputs = self.graph(*batch, row=row)
        found = map(first_nonfinite, outputs if replay.tape.several else [outputs])
        return next(filter(None, found), None)

    def why_not_finite(self, *batch: Any) -> str:
        """In words, which row's output or gradient is not finite, and where that began; empty if all are finite."""
        replay, columns = self.prepared(batch)
        row = _first_bad_row(replay.outputs(columns))
        if row is not None:
            return f"row {row} of the batch is not finite: {self.first_nonfinite(*batch, row=row)}"
        for row in range(len(columns[0])):
            _, gradient = replay.mean_and_gradients([column[row : row + 1] for column in columns])
            for p, derivative in zip(replay.tape.parameters.values(), gradient.tolist(), strict=True):
                if not math.isfinite(derivative):
                    return f"row {row} of the batch makes the gradient of {p.label or 'a parameter'} {derivative:g}"
        mean, gradient = replay.mean_and_gradients(columns)
        return "" if math.isfinite(mean) and all_finite(gradient) else ONLY_THE_SUM

    def __repr__(self) -> str:
        lines = [f"  rows of structure {structure}: {replay.summary}" for structure, replay in self._replays.items()]
        return "\n".join([f"a recording with {len(self._parameters)} parameters", *lines])

    def __reduce__(self) -> tuple[Any, ...]:
        tapes = {structure: replay.tape for structure, replay in self._replays.items()}
        return _unpickled, (tapes, self.parameters)

    # Recording

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

    def _looked_up(self, batch: tuple[Any, ...], differentiated: bool) -> tuple[Replay, list[Column]]:
        structure = structure_of_rows(batch)
        columns = list(columns_of(batch))
        rows = {len(column) for column in columns}
        if not rows:
            raise ValueError("a batch has an array for each argument of the function: there is none")
        if len(rows) != 1:
            raise ValueError(f"expected arrays with the same number of rows, got {', '.join(map(str, sorted(rows)))}")
        replay = self._replays.get(structure) or self._record_row(structure, batch, rows.pop())
        if differentiated and replay.tape.several:
            raise ValueError("the function returns several Values, but a gradient is of one: record their sum, say")
        if differentiated and not len(columns[0]):
            raise ValueError("the batch has no rows, so there is no mean to differentiate")
        if all(type(array) is np.ndarray for array in batch):
            self._by_shapes[differentiated, *[array.shape[1:] for array in batch]] = replay
        return replay, columns

    def _record_row(self, structure: Structure, batch: tuple[Any, ...], rows: int) -> Replay:
        if self._function is None:
            known = ", ".join(map(str, self._replays))
            raise RecordError(
                f"rows of structure {structure} were never recorded, and a pickled recording has no function to record "
                f"them with; it replays {known}"
            )
        if not rows:
            raise ValueError(f"rows of structure {structure} are new, and an empty batch has none to record")
        return self._record(structure, first_row(batch, self._example))

    def _record(self, structure: Structure, example: tuple[Any, ...]) -> Replay:
        assert self._function is not None
        inputs: list[Value] = []
        arguments = as_values(example, inputs)
        with sealed() as refusals:
            try:
                result = self._function(*arguments)
            except Exception as error:
                deed = error if isinstance(error, RecordError) else f"{type(error).__name__} was raised: {error}"
                raise RecordError(f"{_line_of(error.__traceback__)}: {deed}. {_REMEDY}") from error
        if refusals:  # the function caught it
            raise RecordError(f"{_line_of(refusals[0].__traceback__)}: {refusals[0]}. {_REMEDY}")
        outputs = list(_values_in(result))
        tape = Tape.of(inputs, outputs, several=not isinstance(result, Value))
        return self._keep(structure, tape)

    def _keep(self, structure: Structure, tape: Tape) -> Replay:
        for parameter in tape.parameters.values():
            self._parameters.setdefault(parameter, len(self._parameters))
        if len(self._leaves.values) != len(self._parameters):
            self._leaves = Leaves(self._parameters)
        self._replays[structure] = replay = new_replay(tape)
        for known in self._replays.values():
            places = [self._parameters[p] for p in known.tape.parameters.values()]
            self._places[known] = None if places == list(range(len(self._parameters))) else np.array(places)
        return replay


def _unpickled(tapes: dict[Structure, Tape], parameters: tuple[Value, ...]) -> Recording:
    recording = Recording(None, ())
    recording._parameters = {p: i for i, p in enumerate(parameters)}
    for structure, tape in tapes.items():
        recording._keep(structure, tape)
    return recording


def _values_in(result: Any) -> Iterator[Value]:
    if isinstance(result, Value):
        yield result
    elif isinstance(result, list | tuple | np.ndarray) and len(result):
        for item in result:
            yield from _values_in(item)
    else:
        raise TypeError(f"a recorded function returns a Value, or Values in a list, tuple or array; got {result!r}")


def _first_bad_row(outputs: Column) -> int | None:
    bad = np.flatnonzero(~np.isfinite(outputs).all(axis=1))
    return int(bad[0]) if len(bad) else None


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
