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

_MOST_NAMED = 20  # columns


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

    def __repr__(self) -> str:
        return f"<Column {self.name}: {self.kind}, {len(self.values)} cells, {self.missing.sum()} missing>"

    @property
    def missing(self) -> NDArray[np.bool_]:
        """Which cells are missing."""
        absent: NDArray[np.bool_] = self.values < 0 if self.kind == "category" else np.isnan(self.values)
        return absent

    def take(self, rows: NDArray[np.intp]) -> "Column":
        return replace(self, values=self.values[rows])


@dataclass(frozen=True)
class Table:
    """Columns of the same length, by name; `name` is that of the file. `notes` say how it was read.

    `decimal` is the mark that its numbers have, empty where none tells.
    """

    name: str
    columns: Mapping[str, Column]
    n_rows: int
    notes: Sequence[str] = ()
    decimal: str = ""

    def __repr__(self) -> str:
        return f"<Table {self.name}: {self.n_rows} rows of {self._shown}>"

    @property
    def _shown(self) -> str:
        """The names of its columns, or of the first of many."""
        return ", ".join([*list(self.columns)[:_MOST_NAMED], *["..."] * (len(self.columns) > _MOST_NAMED)])

    def __len__(self) -> int:
        return self.n_rows

    def __iter__(self) -> Iterator[Column]:
        return iter(self.columns.values())

    def __getitem__(self, name: str) -> Column:
        """The column called `name`. Raises ValueError, with the nearest name, if there is none."""
        if name in self.columns:
            return self.columns[name]
        near = difflib.get_close_matches(name, self.columns, n=1)
        hint = f"did you mean {near[0]!r}?" if near else f"its columns are {self._shown}"
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
