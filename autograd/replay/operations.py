"""The operations of a tape, as arrays: a network of a million weights has millions of them."""

from collections.abc import Iterator, Sequence
from functools import cached_property
from typing import Any, NamedTuple, SupportsIndex, overload

import numpy as np
from numpy.typing import NDArray

from autograd.engines import Value
from autograd.ops import Op


class Operations(Sequence[tuple[Op, tuple[int, ...]]]):
    """Rows of the table and the numbers of their operands, one after the other.

    - `rows`: those that occur
    - `codes`: for each operation, which of `rows`
    - `operands`: for each operation two numbers; where its row has one operand, it stands there twice

    >>> from autograd.ops import add, neg
    >>> operations = Operations.of([add, neg], [0, 2], [1, 2])
    >>> operations.operands.tolist(), operations[1] == (neg, (2,))
    ([[0, 1], [2, 2]], True)
    """

    def __init__(self, rows: tuple[Op, ...], codes: NDArray[np.int16], operands: NDArray[np.int32]) -> None:
        self.rows, self.codes, self.operands = rows, codes, operands

    @classmethod
    def of(cls, ops: Sequence[Op], first: Sequence[int], last: Sequence[int]) -> "Operations":
        """Operations of these rows, and the first and the last operand of each."""
        rows = tuple(dict.fromkeys(ops))
        code = {op: i for i, op in enumerate(rows)}
        codes = np.fromiter(map(code.__getitem__, ops), np.int16, len(ops))
        return cls(rows, codes, np.array([first, last], np.int32).T)

    @property
    def have_two(self) -> NDArray[np.bool_]:
        """For each operation, whether its row has two operands."""
        return np.array([len(op.operands) == 2 for op in self.rows], bool)[self.codes]

    def are(self, op: Op) -> NDArray[np.bool_]:
        """For each operation, whether it is of this row."""
        return np.array([row is op for row in self.rows], bool)[self.codes]

    @cached_property
    def _listed(self) -> tuple[tuple[Op, tuple[int, ...]], ...]:
        operands = zip(self.codes.tolist(), self.operands.tolist(), strict=True)
        arity = [len(op.operands) for op in self.rows]
        return tuple([(self.rows[code], tuple(numbers[: arity[code]])) for code, numbers in operands])

    def __len__(self) -> int:
        return len(self.codes)

    def __iter__(self) -> Iterator[tuple[Op, tuple[int, ...]]]:
        return iter(self._listed)

    @overload
    def __getitem__(self, i: SupportsIndex) -> tuple[Op, tuple[int, ...]]: ...
    @overload
    def __getitem__(self, i: slice) -> tuple[tuple[Op, tuple[int, ...]], ...]: ...
    def __getitem__(self, i: Any) -> Any:
        return self._listed[i]

    def __reduce__(self) -> tuple[Any, ...]:
        return Operations, (self.rows, self.codes, self.operands)


class Numbered(NamedTuple):
    """Nodes by numbers: inputs, then other leaves, then operations.

    - `leaves`: those that are no inputs, in the order in which they are met
    - `are_variables`: 1 for each of these that is one, 0 for a constant
    - `operations`: each after its operands
    - `outputs`: the numbers of the outputs
    - `labels`: those of the inputs and the operations that have one
    """

    leaves: list[Value]
    are_variables: bytearray
    operations: Operations
    outputs: list[int]
    labels: dict[int, str]
