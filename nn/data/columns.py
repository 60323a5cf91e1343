"""Columns of a table, and what each of them is understood as.

A column of text is kept as numbers of its different values, so that no work is done cell by cell.
"""

import difflib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nn.data.dataset import Dataset, Floats

KINDS = ("number", "category", "boolean", "date")


@dataclass(frozen=True)
class Column:
    """A column: its name, its cells, and what it is understood as.

    - `kind`: `"number"`, `"boolean"` (0 and 1), `"date"` (seconds since 1970, UTC) or `"category"`
    - `values`: shape n. Numbers, where a missing cell is nan; of a category the positions in `names`, and -1
    - `names`: the different values of a category (not kept of a long column where nearly all differ), or how false and
      true are written
    - `note`: what a reader of the table should know; `left_out`: why it can't be an input, else empty
    - `format`: how its dates are written, for the next table
    """

    name: str
    kind: str
    values: NDArray[Any]
    names: Sequence[str] = ()
    note: str = ""
    left_out: str = ""
    format: str = ""

    @property
    def missing(self) -> NDArray[np.bool_]:
        """Which cells are missing."""
        absent: NDArray[np.bool_] = self.values < 0 if self.kind == "category" else np.isnan(self.values)
        return absent

    def take(self, rows: NDArray[np.intp]) -> "Column":
        return replace(self, values=self.values[rows])


@dataclass(frozen=True)
class Table:
    """Columns of the same length, by name; `name` is that of the file. `notes` say how it was read."""

    name: str
    columns: Mapping[str, Column]
    n_rows: int
    notes: Sequence[str] = ()

    def __len__(self) -> int:
        return self.n_rows

    def __iter__(self) -> Iterator[Column]:
        return iter(self.columns.values())

    def __getitem__(self, name: str) -> Column:
        """The column called `name`. Raises ValueError, with the nearest name, if there is none."""
        if name in self.columns:
            return self.columns[name]
        near = difflib.get_close_matches(name, self.columns, n=1)
        shown = ", ".join(list(self.columns)[:20]) + (", ..." if len(self.columns) > 20 else "")
        hint = f"did you mean {near[0]!r}?" if near else f"its columns are {shown}"
        raise ValueError(f"{self.name} has no column {name!r}: {hint}")

    def take(self, rows: NDArray[np.intp]) -> "Table":
        """The table of some rows, in their order."""
        return replace(self, columns={name: c.take(rows) for name, c in self.columns.items()}, n_rows=len(rows))

    @classmethod
    def of(cls, dataset: Dataset) -> "Table":
        """A data set's inputs and target as columns.

        >>> from nn import data
        >>> list(Table.of(data.moons()).columns)
        ['x0', 'x1', 'class']
        """
        columns = {
            name: Column(name, "number", np.ascontiguousarray(values, dtype=np.float64))
            for name, values in zip(dataset.features, dataset.X.T, strict=True)
        }
        kind = "category" if dataset.classes else "number"
        columns[dataset.target] = Column(dataset.target, kind, dataset.y, dataset.classes)
        return cls(dataset.name, columns, len(dataset.y))


def numbers_of(column: Column) -> Floats:
    """The values as floats."""
    return column.values.astype(np.float64, copy=False)
