"""`record`: run a function of scalars once, and replay the graph that it built on whole batches.

The graph is the program. There is no tracer: the function runs on Values, and the topological order of what it built
is the tape. Rows of a batch are replayed side by side in compiled code, or one after the other in plain Python.
"""

import math
import warnings
from collections.abc import Callable, Sequence
from itertools import accumulate, pairwise
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from autograd.distributed import lies_elsewhere
from autograd.engines import Value
from autograd.graph import NonFinite
from autograd.replay import diagnosis
from autograd.replay.choice import all_finite
from autograd.replay.chunks import why_not_finite
from autograd.replay.protocol import Replay
from autograd.replay.reduction import Reduction
from autograd.replay.replays import Replays
from autograd.replay.structure import Column, Structure, nested_like, shaped_like, structure_of
from autograd.replay.tape import Tape


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
    replays = Replays(function, example)
    replays.record(structure_of(example), example)
    return Recording(replays)


class Recording:
    """A function's graph, replayed on batches; made by `record`.

    A batch has an argument for each of the function's: an array, or what makes one, whose first axis is rows; for an
    argument of tuples or dicts also a tuple or dict of such arrays. A batch whose rows have another structure than the
    example (another length, say) is recorded once more, and kept. Leaves are read anew at every call; a gradient is
    refused if one of them has become a constant since, or a constant a parameter. With `threads` the rows are divided
    among as many threads as pay, at most so many: the same number gives the same result. Results that are not finite
    make a RuntimeWarning that names the row. They are those of the function, to rounding, but that a sum which is zero
    may have another sign.

    Where an argument is a Dask array, frame or series, the rows are replayed chunk by chunk where they lie: outputs and
    derivatives of rows are Dask arrays then, which nothing was computed of yet; means and gradients are computed now,
    and added in an order that depends on the chunks only.

    It pickles without the function: a copy replays the structures recorded so far. `print` says how large it is.
    """

    def __init__(self, replays: Replays) -> None:
        self._replays = replays

    @property
    def parameters(self) -> tuple[Value, ...]:
        """The variables that the function met beside its arguments, in that order."""
        return self._replays.leaves.values

    @property
    def replays(self) -> tuple[Replay, ...]:
        """What replays each structure that was recorded."""
        return tuple(self._replays.by_structure.values())

    # Replay

    def __call__(self, *batch: Any, threads: int = 1) -> NDArray[np.float64]:
        """The function's value for every row: an array of shape rows, or rows x values if it returns several.

        >>> record(lambda v: [v[0] + v[1], v[0] * v[1]], [0.0, 0.0])([[1.0, 2.0], [3.0, 4.0]])
        array([[ 3.,  2.],
               [ 7., 12.]])
        """
        replay, columns = self._replays.prepared(batch, threads)
        outputs = replay.outputs(columns, threads)
        if not lies_elsewhere(outputs) and not all_finite(outputs.ravel()):
            warnings.warn(self.why_not_finite(*batch), RuntimeWarning, stacklevel=2)
        return outputs if replay.tape.several else outputs[:, 0]

    def backward(
        self, *batch: Any, weights: ArrayLike | None = None, reduction: Reduction = "mean", threads: int = 1
    ) -> float:
        """The mean output over the rows; adds the gradient of the mean to the `.grad` of every parameter.

        `weights`, one number a row, say how much each row counts: a weighted mean is divided by their sum. With
        `reduction="sum"` nothing is divided. Raises ValueError if the function returns several Values, the batch has no
        rows, there are more or fewer weights than rows, or those of a mean add up to 0.

        >>> w = Value(2.0)
        >>> loss = record(lambda x: w * x, 0.0)
        >>> loss.backward([1.0, 5.0], weights=[3.0, 1.0]), w.grad
        (4.0, 2.0)
        >>> loss.backward([1.0, 5.0], reduction="sum")
        12.0
        """
        mean, gradient = self.value_and_grad(*batch, weights=weights, reduction=reduction, threads=threads)
        self._replays.leaves.add_to_gradients(gradient)
        return mean

    def value_and_grad(
        self, *batch: Any, weights: ArrayLike | None = None, reduction: Reduction = "mean", threads: int = 1
    ) -> tuple[float, NDArray[np.float64]]:
        """The mean output over the rows, and its derivatives with respect to `parameters`. It changes nothing.

        Weights and reduction are those of `backward`.

        >>> w = Value(3.0)
        >>> record(lambda x: w * x, 0.0).value_and_grad([1.0, 2.0])
        (4.5, array([1.5]))
        """
        replay, columns = self._replays.prepared(batch, threads, differentiated=True)
        mean, gradient = replay.mean_and_gradients(columns, threads, weights, reduction)
        gradient = self._replays.by_all_parameters(replay, gradient)
        if not (math.isfinite(mean) and all_finite(gradient)):
            warnings.warn(self.why_not_finite(*batch) or diagnosis.ONLY_THE_SUM, RuntimeWarning, stacklevel=2)
        return mean, gradient

    def input_gradients(self, *batch: Any, threads: int = 1) -> tuple[Any, ...]:
        """For every row, the derivative of its output with respect to its own inputs: for each argument its like.

        >>> record(lambda x, y: x * y, 0.0, 0.0).input_gradients([1.0, 2.0], [3.0, 4.0])
        (array([3., 4.]), array([1., 2.]))
        """
        replay, columns = self._replays.prepared(batch, threads, differentiated=True)
        gradients = replay.input_gradients(columns, threads)
        ends = [0, *accumulate(math.prod(column.shape[1:]) for column in columns)]
        parts = [gradients[:, first:last] for first, last in pairwise(ends)]
        return tuple(nested_like(batch, map(shaped_like, columns, parts)))

    # Looking inside

    def graph(self, *batch: Any, row: int = 0) -> Any:
        """The recorded graph, built anew as Values for one row of a batch, to draw or walk: the function's result.

        Without a batch it stands at the numbers of the example.

        >>> x_times_3 = record(lambda x: x * 3, 2.0)
        >>> x_times_3.graph().data, x_times_3.graph([5.0, 7.0], row=1).data
        (6.0, 21.0)
        """
        if batch:
            replay, columns = self._replays.prepared(batch)
            tape, numbers = replay.tape, diagnosis.numbers_of_row(columns, row)
        else:
            tape = self.replays[0].tape
            numbers = list(tape.example)
        _, outputs = tape.graph(numbers)
        return outputs if tape.several else outputs[0]

    def first_nonfinite(self, *batch: Any, row: int | None = None) -> NonFinite | None:
        """The node where a row's numbers stop being finite: of the first row whose output is not, unless one is given.

        >>> logarithm = record(lambda x: x.log() * 2, 1.0)
        >>> print(logarithm.first_nonfinite([1.0, 0.0]))
        log(0) gave -inf
        """
        replay, columns = self._replays.prepared(batch)
        if row is None:
            row = diagnosis.first_bad_row(replay, columns)
        return None if row is None else diagnosis.first_bad_node(replay, columns, row)

    def why_not_finite(self, *batch: Any) -> str:
        """In words, which row's output or gradient is not finite, and where that began; empty if all are finite."""
        return why_not_finite(*self._replays.prepared(batch))

    def __repr__(self) -> str:
        by_structure = self._replays.by_structure
        lines = [f"  rows of structure {structure}: {replay.summary}" for structure, replay in by_structure.items()]
        return "\n".join([f"a recording with {len(self.parameters)} parameters", *lines])

    def prepared(
        self, batch: tuple[Any, ...], threads: int = 1, differentiated: bool = False
    ) -> tuple[Replay, Sequence[Column]]:
        """The replay for rows of this structure, recorded now if it is new, and the batch's arrays."""
        return self._replays.prepared(batch, threads, differentiated)

    def __reduce__(self) -> tuple[Any, ...]:
        tapes = {structure: replay.tape for structure, replay in self._replays.by_structure.items()}
        return _unpickled, (tapes, self.parameters)


def _unpickled(tapes: dict[Structure, Tape], parameters: tuple[Value, ...]) -> Recording:
    replays = Replays(None, ())
    replays.keep_all(tapes, parameters)
    return Recording(replays)
