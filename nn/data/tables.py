"""Reading CSV files as data sets: which columns are inputs, what the target is, and what is wrong in which line."""

import csv
import difflib
import math
from collections.abc import Sequence
from dataclasses import dataclass
from io import StringIO
from pathlib import Path

import numpy as np

from nn.data.dataset import Dataset, Floats

MISSING = {"", "na", "n/a", "nan", "null", "?"}
MISSING_NUMBERS = MISSING | {"none", "-"}  # which may be the names of classes
TASKS = ("auto", "classification", "regression")
UNNAMED = "left out a column without a name"  # the row numbers that pandas writes, say


@dataclass(frozen=True)
class Table:
    """The cells of a CSV file as text, without surrounding space; `lines[i]` is the line on which row i ends."""

    path: Path
    columns: list[str]
    rows: list[list[str]]
    lines: list[int]

    def position(self, column: str) -> int:
        """The number of the column called `column`. Raises ValueError, with the nearest name, if there is none."""
        if column in self.columns:
            return self.columns.index(column)
        near = difflib.get_close_matches(column, self.columns, n=1)
        hint = f"did you mean {near[0]!r}?" if near else f"its columns are {', '.join(self.columns)}"
        raise ValueError(f"{self.path} has no column {column!r}: {hint}")


def read_table(path: str | Path) -> Table:
    """The file's cells. The first line names the columns; commas, semicolons or tabs separate them.

    Raises OSError if it can't be read, ValueError, with the line, if it is not a table.
    """
    path = Path(path)
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        raise ValueError(f"{path} is not text in UTF-8: if it is a CSV file, save it again in that encoding") from None
    header = text.lstrip("\n").partition("\n")[0]
    delimiter = max(",;\t", key=header.count)
    reader = csv.reader(StringIO(text), delimiter=delimiter, skipinitialspace=True, strict=True)
    rows, lines = [], []
    try:
        for row in reader:
            if any(cell.strip() for cell in row):
                rows.append([cell.strip() for cell in row])
                lines.append(reader.line_num)
    except csv.Error as error:
        raise ValueError(f"{path}, line {reader.line_num}: {error}") from None
    if len(rows) < 2:
        raise ValueError(f"{path} has no rows: the first line names the columns, each further line is an example")
    columns = rows[0]
    if twice := [name for i, name in enumerate(columns) if name in columns[:i]]:
        raise ValueError(f"{path} has two columns named {twice[0]!r}")
    for row, line in zip(rows, lines, strict=True):
        if len(row) != len(columns):
            raise ValueError(f"{path}, line {line}: {len(row)} cells, but there are {len(columns)} columns")
    return Table(path, columns, rows[1:], lines[1:])


def read_csv(path: str | Path, target: str, task: str = "auto") -> Dataset:
    """A data set from a CSV file: every numeric column that has a name, but not `target`, is an input.

    `task` is `"classification"`, `"regression"` or `"auto"`: text or whole numbers in the target column are classes,
    other numbers are a regression's target. Columns of text and rows with missing cells are left out; the data set's
    `notes` say so. Raises OSError or ValueError for a file that can't be used.
    """
    if task not in TASKS:
        raise ValueError(f"unknown task {task!r}: choose one of {', '.join(TASKS)}")
    table = read_table(path)
    at = table.position(target)
    features = [i for i, name in enumerate(table.columns) if i != at and name and _is_numeric(table, i)]
    left_out = [name for i, name in enumerate(table.columns) if i != at and i not in features]
    if not features:
        raise ValueError(f"{table.path} has no numeric column beside {target!r} to learn from")
    numeric = task != "classification" and _is_numeric(table, at)
    missing = MISSING_NUMBERS if numeric else MISSING
    kept = [
        row
        for row in table.rows
        if row[at].lower() not in missing and not any(row[i].lower() in MISSING_NUMBERS for i in features)
    ]
    notes = [f"left out the column {name!r}, which is not of numbers" if name else UNNAMED for name in left_out]
    if dropped := len(table.rows) - len(kept):
        notes.append(f"left out {dropped} of {len(table.rows)} rows, which have missing values")
    if not kept:
        raise ValueError(f"every row of {table.path} has a missing value")
    targets = [row[at] for row in kept]
    if task == "auto":
        real = numeric and not all(float(cell).is_integer() for cell in targets)
        task = "regression" if real else "classification"
        if not real and (different := len(set(targets))) > max(2, len(kept) / 2):
            raise ValueError(
                f"column {target!r} has {different} different values in {len(kept)} rows, too many for classes: "
                "if you mean it, say the task, 'classification' or 'regression'"
            )
    return Dataset(
        name=table.path.stem,
        X=np.array([[float(row[i]) for i in features] for row in kept]),
        y=_real_targets(target, targets, numeric) if task == "regression" else _class_numbers(targets),
        features=[table.columns[i] for i in features],
        target=target,
        classes=() if task == "regression" else _class_names(targets),
        notes=notes,
    )


def read_inputs(path: str | Path, features: Sequence[str]) -> Floats:
    """The columns `features` of a CSV file, shape n x features. Raises ValueError for a missing column or cell."""
    table = read_table(path)
    at = [table.position(name) for name in features]
    return np.array(
        [[_number(table, i, row[i], line) for i in at] for row, line in zip(table.rows, table.lines, strict=True)]
    )


def _is_numeric(table: Table, column: int) -> bool:
    """Whether the column holds numbers; raises ValueError if it holds mostly numbers, and something else."""
    present = [
        (row[column], line)
        for row, line in zip(table.rows, table.lines, strict=True)
        if row[column].lower() not in MISSING_NUMBERS
    ]
    odd = [(cell, line) for cell, line in present if not _is_number(cell)]
    if odd and 2 * len(odd) < len(present):
        _number(table, column, *odd[0])
    return bool(present) and not odd


def _is_number(cell: str) -> bool:
    try:
        return math.isfinite(float(cell))
    except ValueError:
        return False


def _number(table: Table, column: int, cell: str, line: int) -> float:
    if not _is_number(cell):
        shown = repr(cell[:40]) if cell else "nothing"
        raise ValueError(f"{table.path}, line {line}: column {table.columns[column]!r} has {shown}, expected a number")
    return float(cell)


def _real_targets(column: str, targets: list[str], numeric: bool) -> Floats:
    if not numeric:
        raise ValueError(f"column {column!r} is text: it can't be the target of a regression")
    return np.array([float(cell) for cell in targets])


def _class_names(targets: list[str]) -> list[str]:
    names = sorted(set(targets), key=lambda name: (float(name) if _is_number(name) else math.inf, name))
    if len(names) < 2:
        raise ValueError(f"every target is {names[0]!r}: there is nothing to tell apart")
    return names


def _class_numbers(targets: list[str]) -> "np.ndarray[tuple[int], np.dtype[np.int64]]":
    number = {name: i for i, name in enumerate(_class_names(targets))}
    return np.array([number[name] for name in targets], dtype=np.int64)
