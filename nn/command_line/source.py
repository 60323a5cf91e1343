"""The table that is trained on: read, or built in, with what was understood of each column in words."""

import argparse
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from nn import data
from nn.command_line.arguments import BUILT_IN
from nn.data import Column, Table, Target

_MOST_LINES = 40
_WIDEST = 24  # of a column's name as it is shown


@dataclass(frozen=True)
class Source:
    """A table whose rows all have a target; `columns` are the inputs; `dropped` rows had no target."""

    name: str
    table: Table
    target: Target
    columns: list[str]
    dropped: int


def source(args: argparse.Namespace) -> Source:
    """What the arguments name. Raises ValueError or OSError if it can't be used."""
    table, name = _named(args)
    try:
        return _judged(table, name, args)
    except ValueError as error:
        raise ValueError("; ".join([str(error), *table.notes])) from None


def _judged(table: Table, name: str, args: argparse.Namespace) -> Source:
    for column in (table[said] for said, _ in args.kinds):
        if column.note and column.missing.all():
            raise ValueError(f"column {column.name!r} is no {column.kind}, as --as says: {column.note}")
    target = data.target_of(table, name, args.task)
    table = data.judged(table, name, args.drop)
    columns = [column.name for column in table if column.name != name and not column.left_out]
    rows = target.rows
    dropped = len(table) - len(rows)
    return Source(table.name, table.take(rows) if dropped else table, target, columns, dropped)


def reading(args: argparse.Namespace) -> dict[str, Any]:
    """The arguments that say how a file is written, as `read_table` takes them."""
    header = None if args.header is None else args.header == "yes"
    said = {"encoding": args.encoding, "separator": args.separator, "decimal": args.decimal, "dates": args.dates}
    return {**said, "header": header}


def _named(args: argparse.Namespace) -> tuple[Table, str]:
    if make := (data.REAL | data.TOYS).get(args.data):
        said = {**reading(args), "target": args.target, "as": args.kinds, "drop": args.drop}
        given = [option for option, value in said.items() if value] + ["task"] * (args.task != "auto")
        if given:
            raise ValueError(f"--{given[0]} is for tables of your own; {args.data} has a target, and numbers as inputs")
        dataset = make()
        return Table.of(dataset), dataset.target
    path = Path(args.data)
    if not path.exists() and not path.suffix:
        raise ValueError(f"no data set is called {args.data!r}: choose {', '.join(BUILT_IN)}, or give a table's path")
    table = data.read_table(path, target=args.target or "", kinds=dict(args.kinds), **reading(args))
    if args.target is None:
        names = ", ".join(table.columns)
        raise ValueError(f"which column of {table.name} is to be predicted? Say --target with one of {names}")
    by_number = f"column {args.target}"
    return table, by_number if args.target not in table.columns and by_number in table.columns else args.target


def describe(found: Source, inputs: dict[str, list[str]]) -> list[str]:
    """Lines that say what was understood: the target, and a line for each column; `inputs` are those made of each."""
    target, table = found.target, found.table
    n_inputs = sum(map(len, inputs.values()))
    kind = f"{len(target.classes)} classes" if target.classes else "regression"
    lines = [f"{found.name}: {_plural(len(table), 'row')}, {_plural(n_inputs, 'input')}, {kind}"]
    if found.dropped:
        lines.append(f"  left out {_plural(found.dropped, 'row')}, whose target {target.name!r} is missing")
    lines += [f"  {note}" for note in table.notes]
    if found.name in BUILT_IN:
        return lines
    lines.append(f"  to be predicted: {target.name}, {_of_target(target)}")
    cells = [(_short(column.name), *_of_column(column, inputs)) for column in table if column.name != target.name]
    widths = [max(map(len, texts)) for texts in zip(*cells[:_MOST_LINES], strict=True)]
    lines += ["    " + "  ".join(map(str.ljust, row, widths)).rstrip() for row in cells[:_MOST_LINES]]
    if len(cells) > _MOST_LINES:
        lines.append(f"    ... and {len(cells) - _MOST_LINES} more columns")
    return lines


def _of_target(target: Target) -> str:
    if target.note:
        return target.note
    if not target.classes:
        return f"numbers from {amount(target.y.min())} to {amount(target.y.max())}: a regression"
    counts = np.bincount(target.y)
    shown = ", ".join(f"{_short(name)} ({counts[k]:,})" for k, name in enumerate(target.classes[:8]))
    return f"classes {shown}" + ", ..." * (len(target.classes) > 8)


def _of_column(column: Column, inputs: dict[str, list[str]]) -> tuple[str, str]:
    """What a column is, and what becomes of it."""
    missing = int(column.missing.sum())
    present = column.values[~column.missing]
    what = (
        {
            "number": lambda: f"numbers {amount(present.min())} to {amount(present.max())}",
            "boolean": lambda: " / ".join(map(_short, column.names)),
            "category": lambda: "text" + f", {_plural(len(np.unique(present)), 'value')}" * bool(column.names),
            "date": lambda: f"dates {_day(present.min())} to {_day(present.max())}",
        }[column.kind]()
        if len(present)
        else "empty"
    )
    what += f", {missing:,} missing" * (0 < missing < len(column.values))
    what += f"; {column.note}" * bool(column.note)
    if column.left_out:
        return what, f"left out: {column.left_out}"
    names = inputs[column.name]
    return what, f"{_plural(len(names), 'input')}" + _how(column.kind, names)


def _how(kind: str, inputs: list[str]) -> str:
    how = {"category": ", one for each value", "date": ": the time, and where it is in its cycles"}.get(kind, "")
    how += ", rare ones together" * any(name.endswith(" is rare") for name in inputs)
    return how + ", and whether it is missing" * any(name.endswith(" is missing") for name in inputs)


def amount(x: float) -> str:
    """A number in four digits, or with all that stand before its point."""
    return f"{x:,.0f}" if 1000 <= abs(x) < 1e9 else f"{x:.4g}"


def _plural(n: int, what: str) -> str:
    return f"{n:,} {what}{'s' * (n != 1)}"


def _day(seconds: float) -> str:
    return str(np.datetime64(int(seconds), "s").astype("datetime64[D]"))


def _short(name: str) -> str:
    shown = "".join(character if character.isprintable() else " " for character in name)
    return shown if len(shown) <= _WIDEST else shown[: _WIDEST - 1] + "…"
