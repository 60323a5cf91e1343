"""From columns to a network's inputs: learned from the training part alone, kept with the model as JSON.

Numbers and dates are standardised, with the median where a cell is missing, and an input that says so. A text of few
values becomes an input for each value (one-hot). It is what scikit-learn's `StandardScaler`, `SimpleImputer` and
`OneHotEncoder` do, by which it is tested; here it is numbers and words only, so that a model file can hold it all and
runs nothing.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from nn.data.columns import Column, Table, numbers_of
from nn.data.dataset import Floats, Standardizer
from nn.data.roles import common_values

_DAY = 86400.0
_YEAR = 365.2425 * _DAY
_CYCLES = {"time of day": _DAY, "weekday": 7 * _DAY, "season": _YEAR}  # seconds until they come again


@dataclass(frozen=True)
class Numbers:
    """A column of numbers, or of no and yes: standardised, missing ones replaced by the median.

    Where some are missing in the training part, a second input tells which.
    """

    column: str
    kind: str
    median: float
    mean: float
    scale: float
    tells_missing: bool

    @classmethod
    def of(cls, column: Column) -> "Numbers":
        values, missing = numbers_of(column), column.missing
        present = values[~missing]
        median = float(np.median(present)) if len(present) else 0.0
        filled = np.where(missing, median, values)
        standardizer = Standardizer.of(filled, column.name)
        return cls(column.name, column.kind, median, **asdict(standardizer), tells_missing=bool(missing.any()))

    def inputs(self) -> list[str]:
        return [self.column, f"{self.column} is missing"][: 1 + self.tells_missing]

    def apply(self, column: Column) -> list[Floats]:
        values, missing = numbers_of(column), column.missing
        standardised = (np.where(missing, self.median, values) - self.mean) / self.scale
        return [standardised, missing.astype(np.float64)][: 1 + self.tells_missing]


@dataclass(frozen=True)
class Categories:
    """A column of text: an input for each common value, one for rare ones and one for missing ones, if there are any.

    A value that the training part doesn't have counts as rare; without rare ones, all its inputs are 0.
    """

    column: str
    kind: str
    values: list[str]
    has_rare: bool
    tells_missing: bool

    @classmethod
    def of(cls, column: Column) -> "Categories":
        common = common_values(column)
        rare = ~np.isin(column.values, common) & ~column.missing
        names = [str(column.names[k]) for k in common]
        return cls(column.name, "category", names, bool(rare.any()), bool(column.missing.any()))

    def inputs(self) -> list[str]:
        named = [f"{self.column}={value}" for value in self.values]
        named += [f"{self.column} is rare"] * self.has_rare
        return named + [f"{self.column} is missing"] * self.tells_missing

    def apply(self, column: Column) -> list[Floats]:
        place = {name: k for k, name in enumerate(column.names)}
        ones = [column.values == place.get(value, -2) for value in self.values]
        if self.has_rare:
            ones.append(~np.any(ones, axis=0) & ~column.missing if ones else ~column.missing)
        if self.tells_missing:
            ones.append(column.missing)
        return [one.astype(np.float64) for one in ones]


@dataclass(frozen=True)
class Dates:
    """A column of dates: the time that passes, standardised, and where it is in the cycles that it goes through.

    A cycle is a point on a circle (sine and cosine), so that December is beside January. One that the dates of the
    training part don't go through, as the time of day of mere dates, is left out.
    """

    column: str
    format: str
    time: Numbers
    cycles: list[str]

    @classmethod
    def of(cls, column: Column) -> "Dates":
        present = column.values[~column.missing]
        span = np.ptp(present) if len(present) else 0.0
        cycles = [name for name, length in _CYCLES.items() if span >= length and len(np.unique(present % length)) > 1]
        return cls(column.name, column.format, Numbers.of(column), cycles)

    def inputs(self) -> list[str]:
        return [*self.time.inputs(), *(f"{self.column}: {cycle}, {f}" for cycle in self.cycles for f in ("sin", "cos"))]

    def apply(self, column: Column) -> list[Floats]:
        filled = np.where(column.missing, self.time.median, column.values)
        angles = [2 * np.pi / _CYCLES[cycle] * (filled % _CYCLES[cycle]) for cycle in self.cycles]
        return [*self.time.apply(column), *(f(angle) for angle in angles for f in (np.sin, np.cos))]


Part = Numbers | Categories | Dates


@dataclass(frozen=True)
class Preparation:
    """How a table's columns become inputs.

    >>> from nn import data
    >>> table = data.Table.of(data.moons())
    >>> preparation = Preparation.of(table, ["x0", "x1"])
    >>> preparation.apply(table).std(axis=0).round(6).tolist()
    [1.0, 1.0]
    """

    parts: Sequence[Part]

    @classmethod
    def of(cls, table: Table, columns: Sequence[str]) -> "Preparation":
        """Learned from these columns of a table, which is the training part."""
        return cls([_part_of(table[name]) for name in columns])

    @property
    def inputs(self) -> list[str]:
        """The names of the inputs, in their order."""
        return [name for part in self.parts for name in part.inputs()]

    @property
    def columns(self) -> dict[str, str]:
        """The columns that are needed, and their kinds."""
        return {part.column: "date" if isinstance(part, Dates) else part.kind for part in self.parts}

    @property
    def formats(self) -> dict[str, str]:
        """How the dates of columns are written."""
        return {part.column: part.format for part in self.parts if isinstance(part, Dates) and part.format}

    def apply(self, table: Table) -> Floats:
        """The inputs, shape n x inputs. Raises ValueError for a column that is missing."""
        X = np.empty((len(table), len(self.inputs)))
        at = 0
        for part in self.parts:
            for values in part.apply(table[part.column]):
                X[:, at] = values
                at += 1
        return X

    def standardizer(self) -> Standardizer | None:
        """What standardises the inputs, if each is a column of numbers as it is."""
        numbers = [part for part in self.parts if isinstance(part, Numbers) and not part.tells_missing]
        if len(numbers) < len(self.parts):
            return None
        return Standardizer([part.mean for part in numbers], [part.scale for part in numbers])

    def surprises(self, table: Table) -> list[str]:
        """What cells of a table have that the training part hadn't, in words: new texts, missing cells, other kinds."""
        said = []
        for part in self.parts:
            column = table[part.column]
            missing = int(column.missing.sum())
            said += [f"column {part.column!r}: {column.note}"] * bool(column.note)
            if isinstance(part, Categories) and not part.has_rare:
                known = [k for k, name in enumerate(column.names) if name in set(part.values)]
                new = int((~np.isin(column.values, known) & ~column.missing).sum())
                said += [f"column {part.column!r} has {_cells(new)} of a text that the training part hadn't"] * (
                    new > 0
                )
            if missing and not (part.time if isinstance(part, Dates) else part).tells_missing:
                said.append(f"column {part.column!r} has {_cells(missing)} missing; in the training part it had none")
        return said

    def to_json(self) -> list[dict[str, Any]]:
        """As JSON holds it."""
        return [asdict(part) | {"part": type(part).__name__} for part in self.parts]

    @classmethod
    def from_json(cls, parts: Sequence[Mapping[str, Any]]) -> "Preparation":
        """From what `to_json` gave. Raises ValueError if it is something else."""
        try:
            return cls([_part(**part) for part in parts])
        except (KeyError, TypeError) as error:
            raise ValueError(f"these are no columns as 'train' writes them: {error}") from None


def _cells(n: int) -> str:
    return "1 cell" if n == 1 else f"{n:,} cells"


def _part_of(column: Column) -> Part:
    if column.kind == "category":
        return Categories.of(column)
    return Dates.of(column) if column.kind == "date" else Numbers.of(column)


def _part(part: str, **fields: Any) -> Part:
    if part == "Dates":
        return Dates(**fields | {"time": Numbers(**fields["time"])})
    if part == "Categories":
        return Categories(**fields)
    if part == "Numbers":
        return Numbers(**fields)
    raise KeyError(part)
