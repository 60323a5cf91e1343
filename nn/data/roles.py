"""What each column of a table is good for: which can be inputs, which are left out and why, and what the target is."""

import re
from collections.abc import Collection
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from nn.data.columns import Column, Table, numbers_of
from nn.data.dataset import Floats

TASKS = ("auto", "classification", "regression")
MOST_VALUES = 30  # of a text that become inputs
MOST_CLASSES = 20  # that whole numbers are taken for
_ROW_NUMBER = re.compile(
    r"|#|no\.?|nr\.?|id|index|idx|row|rowid|row[ _]?(no|nr|number|id)|number|num|unnamed.*|column 1"
    r"|.*[ _.-](id|no|nr|index|number|key)"
)
_ROW_NUMBER_IN_CAMEL_CASE = re.compile(r".*[a-z](Id|ID|No|Nr|Index|Number|Key)")


@dataclass(frozen=True)
class Target:
    """What is to be predicted: `y` of the rows that have it, `rows`; `classes`, or none for a regression."""

    name: str
    y: "NDArray[np.int64] | Floats"
    rows: NDArray[np.intp]
    classes: tuple[str, ...]
    note: str

    def __repr__(self) -> str:
        return f"<Target {self.name}: {len(self.y)} rows of {' or '.join(self.classes) or 'numbers'}>"


def target_of(table: Table, name: str, task: str = "auto") -> Target:
    """The column `name` as a target. Raises ValueError where it can't be one.

    Text, truths, and whole numbers of few values are classes; other numbers are a regression's.
    """
    if task not in TASKS:
        raise ValueError(f"unknown task {task!r}: choose one of {', '.join(TASKS)}")
    column = table[name]
    rows = np.flatnonzero(~column.missing)
    if not len(rows):
        raise ValueError(f"column {name!r} is empty: there is nothing to predict")
    numeric = column.kind == "number"
    if column.kind == "category" and not column.names:
        raise ValueError(f"column {name!r} has texts that nearly all differ, which can't be classes")
    if task == "regression" and not numeric:
        raise ValueError(f"column {name!r} is {_a(column.kind)}, not numbers: it can't be the target of a regression")
    if column.kind == "date":
        raise ValueError(f"column {name!r} is of dates, which can't be predicted: make a number or classes of it")
    values = column.values[rows]
    different = np.unique(values)
    if len(different) < 2:
        only = column.names[int(different[0])] if not numeric and column.names else f"{different[0]:g}"
        missing = f", or missing (in {len(column.values) - len(rows):,} of {len(column.values):,} rows)" * (
            len(rows) < len(column.values)
        )
        raise ValueError(f"every target is {only!r}{missing}: there is nothing to tell apart")
    note = ""
    if numeric:
        whole = bool((values == np.floor(values)).all())
        few = len(different) <= max(2, min(MOST_CLASSES, len(rows) // 5))
        if task == "regression" or (task == "auto" and not (whole and few)):
            if task == "auto" and whole:
                note = f"whole numbers of {len(different):,} values: a regression; for classes, --task classification"
            return Target(name, numbers_of(column)[rows], rows, (), note)
        if task == "auto" and len(different) > 2:
            note = f"whole numbers of {len(different)} values: taken as classes; if not, --task regression"
    return _classes(column, rows, task, note)


def _classes(column: Column, rows: NDArray[np.intp], task: str, note: str) -> Target:
    found, y = np.unique(column.values[rows], return_inverse=True)
    if task == "auto" and len(found) > max(2, len(rows) / 2):
        raise ValueError(
            f"column {column.name!r} has {len(found):,} different values in {len(rows):,} rows, too many for classes: "
            "if you mean it, say --task classification"
        )
    if column.kind == "number":
        names = [f"{x:.0f}" if x == np.floor(x) else repr(float(x)) for x in found]
    else:
        names = [str(column.names[int(k)]) for k in found]
    order = sorted(range(len(names)), key=lambda k: _sorting(names[k]))
    place = np.empty(len(names), dtype=np.int64)
    place[order] = np.arange(len(names))
    return Target(column.name, place[y], rows, tuple(names[k] for k in order), note)


def _sorting(name: str) -> tuple[float, str]:
    try:
        return float(name), name
    except ValueError:
        return np.inf, name


def judged(table: Table, target: str, without: Collection[str] = ()) -> Table:
    """The table, in which every column but the target that can't be an input says why in `left_out`.

    `without` are names of columns that the user leaves out. Raises ValueError if one isn't there, or is the target, or
    if none remains.
    """
    for name in without:
        if table[name].name == target:
            raise ValueError(f"column {target!r} is to be predicted: it can't be left out")
    columns = {
        name: column
        if name == target
        else replace(column, left_out="as you said" if name in without else column.left_out or _flaw(column))
        for name, column in table.columns.items()
    }
    useful = [c for name, c in columns.items() if name != target and not c.left_out]
    if not useful:  # numbers that count the rows may be a measurement's time, if they are all there is
        for name, column in columns.items():
            if column.left_out.startswith("it only") and name not in without:
                columns[name] = replace(column, left_out="", note="it only tells rows apart, but is all there is")
                useful.append(column)
    if not useful:
        reasons = "; ".join(f"{c.name!r}: {c.left_out}" for name, c in columns.items() if name != target)
        raise ValueError(
            f"{table.name} has no column to learn from beside {target!r}" + (f" ({reasons[:300]})" if reasons else "")
        )
    return replace(table, columns=columns)


def _flaw(column: Column) -> str:
    """Why a column can't be an input; empty if it can."""
    present = column.values[~column.missing]
    if not len(present):
        return "empty"
    if (present == present[0]).all() and len(present) == len(column.values):
        return "always the same"
    if column.kind == "number" and _called_row_number(column.name) and _all_different(column.values):
        return "it only tells rows apart"
    if column.kind == "category" and not common_values(column):
        n = len(np.unique(present))
        return f"{n:,} different texts in {len(column.values):,} rows" + (
            ", too many" if n > 2 else ", none of them twice"
        )
    return ""


def _called_row_number(name: str) -> bool:
    return bool(_ROW_NUMBER.fullmatch(name.strip().lower()) or _ROW_NUMBER_IN_CAMEL_CASE.fullmatch(name.strip()))


def _all_different(values: Floats) -> bool:
    """Whether they are whole numbers, each of which is there once."""
    whole = bool((values == np.floor(values)).all())
    return whole and len(values) > 2 and len(np.unique(values)) == len(values)


def common_values(column: Column) -> list[int]:
    """The positions of a category's values that are common enough to be inputs, the commonest first.

    None, if they would leave most of the cells unsaid.
    """
    present = column.values[column.values >= 0]
    counts = np.bincount(present, minlength=len(column.names))
    order = np.argsort(-counts, kind="stable")[:MOST_VALUES]
    common = [int(k) for k in order if counts[k] >= max(2, len(column.values) / 500)]
    return common if counts[common].sum() >= len(present) / 2 else []


def _a(kind: str) -> str:
    return {"category": "text", "boolean": "yes or no", "date": "dates"}[kind]
