"""From a column of a pandas data frame to a column whose kind is known: number, boolean, date or category.

Cells of text are looked at once for each different value, however many rows there are.
"""

import re
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from nn.data.columns import Column
from nn.data.dataset import Floats
from nn.data.words import AROUND_NUMBERS, MINUS, MISSING, MISSING_NUMBERS, TRUTHS, UNIT

MOSTLY = 0.9  # the share of a column's cells that have to be numbers, or dates, for the others to be slips
_SAMPLE = 1000
_FEW, _LARGE_SAMPLE = 20, 10_000
_LIKE_A_DATE = re.compile(
    r"(?=.*\d)(?:\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}|\d{1,2}[- ]\w{3,9}[- ,]+\d{2,4}|\w{3,9} \d{1,2},? \d{4}).*"
)
_TIMES = ("", " %H:%M", " %H:%M:%S", " %I:%M %p", " %I:%M:%S %p")


def _with_times(*dates: str) -> tuple[str, ...]:
    return tuple(date + time for date in dates for time in _TIMES)


_DAY_FIRST = _with_times("%d/%m/%Y", "%d.%m.%Y", "%d-%m-%Y", "%d/%m/%y", "%d.%m.%y")
_MONTH_FIRST = _with_times("%m/%d/%Y", "%m.%d.%Y", "%m-%d-%Y", "%m/%d/%y", "%m.%d.%y")
_PLAIN = (
    "ISO8601",
    *_with_times("%Y/%m/%d", "%Y.%m.%d", "%d %b %Y", "%d %B %Y", "%d-%b-%Y", "%b %d, %Y", "%B %d, %Y", "%b %d %Y"),
)


def understood(
    name: str,
    cells: "pd.Series[Any]",
    *,
    decimal: str = ".",
    kind: str = "",
    format_: str = "",
    is_target: bool = False,
) -> Column:
    """The column that the cells are: of the kind `kind`, or of the one that they seem to have.

    `format_` is how dates are written, or `"day-first"` or `"month-first"`. A long column of texts that nearly all
    differ is not looked at further, unless it `is_target`.
    """
    types = pd.api.types
    if cells.dtype == object and types.infer_dtype(cells, skipna=True) == "string":  # as pandas 2 has texts
        cells = cells.astype("string")
    if isinstance(cells.dtype, pd.CategoricalDtype):
        cells = cells.astype(cells.dtype.categories.dtype)
    if types.is_datetime64_any_dtype(cells):
        seconds = _seconds(cells)
        return _as_kind(Column(name, "date", seconds), cells, kind)
    if types.is_timedelta64_dtype(cells):
        return Column(name, "number", _floats(cells.dt.total_seconds()), note="durations, in seconds")
    if types.is_bool_dtype(cells):
        return _as_kind(Column(name, "boolean", _floats(cells), ("False", "True")), cells, kind)
    if types.is_numeric_dtype(cells) and not types.is_complex_dtype(cells):
        return _as_kind(_of_numbers(name, cells), cells, kind)
    if not is_target and not kind and _nearly_all_differ(cells, decimal):
        missing = cells.isna().to_numpy(dtype=bool)
        return Column(name, "category", -missing.astype(np.int8), left_out="nearly all its texts differ")
    return _of_text(name, cells, decimal, kind, format_)


def _nearly_all_differ(cells: "pd.Series[Any]", decimal: str) -> bool:
    """Whether a long column is of texts of which a sample says that no few of them fill half of the cells."""
    if len(cells) < 2 * _LARGE_SAMPLE or not isinstance(cells.dtype, pd.StringDtype):
        return False
    some = np.random.default_rng(0).integers(0, len(cells), _LARGE_SAMPLE)
    texts = _Texts.of(cells.iloc[some].dropna())
    if len(texts.different) < 0.6 * _LARGE_SAMPLE:
        return False
    return not (_numbers("", texts, decimal, sure=False) or _dates("", texts, "", sure=False))


def _as_kind(column: Column, cells: "pd.Series[Any]", kind: str) -> Column:
    """A column that is of numbers, dates or truths already, as another kind if one is asked for."""
    if kind in ("", column.kind) or (kind, column.kind) == ("number", "boolean"):
        return column if kind in ("", column.kind) else Column(column.name, "number", column.values)
    if kind == "category":
        present = ~column.missing
        codes = np.full(len(cells), -1, dtype=np.int32)
        found, positions = np.unique(column.values[present], return_inverse=True)
        codes[present] = positions
        if column.kind == "boolean":
            names = [column.names[int(x)] for x in found]
        elif column.kind == "date":
            names = [str(pd.Timestamp(x, unit="s")) for x in found]
        else:
            names = [f"{x:.0f}" if float(x).is_integer() and abs(x) < 1e15 else repr(float(x)) for x in found]
        return Column(column.name, "category", codes, names)
    if kind == "boolean" and np.isin(column.values[~column.missing], (0, 1)).all():
        return Column(column.name, "boolean", column.values, ("0", "1"))
    return _of_text(column.name, cells.astype("string"), ".", kind, "")


@dataclass(frozen=True)
class _Texts:
    """A column of text: which of the `different` texts each cell is (-1: none), and how often each is there."""

    codes: NDArray[np.intp]
    different: "pd.Series[Any]"
    counts: NDArray[np.intp]
    absent: NDArray[np.bool_]  # which texts say that something is missing, in numbers

    @classmethod
    def of(cls, cells: "pd.Series[Any]") -> "_Texts":
        if not isinstance(cells.dtype, pd.StringDtype):
            cells = (cells.map(_text, na_action="ignore") if cells.dtype == object else cells).astype("string")
        codes, different = pd.factorize(cells)
        texts = pd.Series(different, dtype="str").str.strip()
        again, unique = pd.factorize(texts)
        if len(unique) < len(texts):
            codes, texts = np.append(again, -1)[codes], pd.Series(unique, dtype="str")
        counts = np.bincount(codes[codes >= 0], minlength=len(texts))
        return cls(codes, texts, counts, texts.str.lower().isin(MISSING_NUMBERS).to_numpy(dtype=bool))

    def cells(self, values: Floats) -> Floats:
        """The cells, from the value of each different text."""
        cells: Floats = np.append(values, np.nan)[self.codes]
        return cells

    def odd(self, values: Floats) -> int:
        """How many cells are there and have no value."""
        return int(self.counts[np.isnan(values) & ~self.absent].sum())

    def too_many(self, odd: int) -> bool:
        """Whether so many odd cells are no slips: more than one in ten."""
        present = int(self.counts[~self.absent].sum())
        return present - odd < MOSTLY * present


def _of_text(name: str, cells: "pd.Series[Any]", decimal: str, kind: str, format_: str) -> Column:
    texts = _Texts.of(cells)
    found = None
    if kind in ("", "boolean"):
        found = _booleans(name, texts, sure=bool(kind))
    if not found and kind in ("", "number"):
        found = _numbers(name, texts, decimal, sure=bool(kind))
    if not found and kind in ("", "date"):
        found = _dates(name, texts, format_, sure=bool(kind))
    if found:
        return found
    if kind == "boolean":
        raise ValueError(f"column {name!r} has other texts than yes and no, true and false: it is no boolean")
    keep = np.flatnonzero(~texts.different.str.lower().isin(MISSING).to_numpy(dtype=bool))
    renumbered = np.full(len(texts.different) + 1, -1, dtype=np.int32)  # whose last serves the code -1
    renumbered[keep] = np.arange(len(keep), dtype=np.int32)
    return Column(name, "category", renumbered[texts.codes], texts.different.iloc[keep].tolist())


def _text(cell: object) -> str:
    """A cell of a column of all sorts: 1.0 is 1, as it is in a file."""
    if isinstance(cell, bytes):
        return cell.decode("utf-8", "replace")
    return str(int(cell)) if isinstance(cell, float) and cell.is_integer() else str(cell)


def _booleans(name: str, texts: _Texts, sure: bool) -> Column | None:
    """Yes and no, in one of the ways that are known."""
    if not sure and (~texts.absent).sum() > 12:  # ways to write two words
        return None
    lower = texts.different.str.lower()
    words = set(lower[~texts.absent])
    pairs = (*TRUTHS, *[("0", "1")] * sure)
    fits = [pair for pair in pairs if words and words <= set(pair)]
    if not sure and (not fits or len(words) < 2):
        return None
    known = {word: float(truth) for pair in fits[:1] or pairs for truth, word in enumerate(pair)}
    values = lower.map(known).to_numpy(dtype=np.float64, na_value=np.nan)
    if np.isnan(values).all():
        return None
    odd = texts.odd(values)
    names = [_spelling(texts.different, values == truth, word) for truth, word in enumerate((fits or pairs)[0])]
    note = _slips(odd, "yes or no") if odd else ""
    return Column(name, "boolean", texts.cells(values), names, note)


def _spelling(texts: "pd.Series[Any]", which: NDArray[np.bool_], word: str) -> str:
    """How the first of these texts is written, or the word if there is none."""
    return str(texts[which].iloc[0]) if which.any() else word


def _numbers(name: str, texts: _Texts, decimal: str, sure: bool) -> Column | None:
    """Numbers with percent signs, currencies, thousands, decimal commas."""
    unit = _unit_of(texts.different[~texts.absent].iloc[:_SAMPLE])
    if unit:
        texts = replace(texts, different=texts.different.str.removesuffix(unit))
    sample = texts.different.iloc[:_SAMPLE]
    if not sure and (np.isnan(_parsed(sample, decimal)) & ~texts.absent[:_SAMPLE]).sum() > len(sample) / 2:
        return None
    values = _parsed(texts.different, decimal)
    numeric, odd = ~np.isnan(values), texts.odd(values)
    if not sure and (texts.too_many(odd) or not numeric.any()):
        return None
    if not sure and _with_zeros(texts.different[numeric]):
        return None
    notes = [f"in {unit}"] * bool(unit) + ["percent"] * bool(sample.str.contains("%", regex=False).any())
    if (bracketed := numeric & texts.different.str.contains("(", regex=False).to_numpy(dtype=bool)).any():
        notes.append(f"{_shown(texts.different[bracketed].iloc[0])} taken as negative")
    if odd:
        first = _shown(texts.different[~numeric & ~texts.absent].iloc[0])
        notes.append(_slips(odd, f"number (as {first})"))
    return Column(name, "number", texts.cells(values), note=", ".join(notes))


def _slips(n: int, what: str) -> str:
    return f"1 cell is no {what}, taken as missing" if n == 1 else f"{n:,} cells are no {what}, taken as missing"


def _unit_of(texts: "pd.Series[Any]") -> str:
    """The unit that stands after the number in each of the texts, as in `13 cm` or `20 °C`; empty if there is none."""
    units = texts.str.extract(rf"^[-+{MINUS}]?[\d.,]+\s?({UNIT})$", expand=False).unique()
    return str(units[0]) if len(units) == 1 and not pd.isna(units[0]) else ""


def _with_zeros(texts: "pd.Series[Any]") -> bool:
    """Whether they are codes, whose zeros in front belong to them."""
    return bool(texts.str.fullmatch(r"0\d+").any() and texts.str.fullmatch(r"\d+").all())


def _parsed(texts: "pd.Series[Any]", decimal: str) -> Floats:
    """The numbers, nan where a text is none."""
    plain = texts.str.replace(AROUND_NUMBERS, "", regex=True).str.replace(f"^[{MINUS}]", "-", regex=True)
    plain = plain.str.replace(r"^\((.*)\)$", r"-\1", regex=True)  # as accounts write it
    groups = r"\." if decimal == "," else ","
    grouped = plain.str.fullmatch(rf"[+-]?\d{{1,3}}(?:{groups}\d{{3}})+(?:{re.escape(decimal)}\d*)?").fillna(False)
    plain = plain.where(~grouped, plain.str.replace("." if decimal == "," else ",", "", regex=False))
    if decimal == ",":
        plain = plain.where(grouped | ~plain.str.contains(".", regex=False), "")
        plain = plain.str.replace(",", ".", regex=False)
    good = plain.str.fullmatch(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?").fillna(False).to_numpy(dtype=bool)
    values = np.full(len(texts), np.nan)
    values[good] = pd.to_numeric(plain[good], errors="coerce").to_numpy(dtype=np.float64)
    values[~np.isfinite(values)] = np.nan
    return values


def _dates(name: str, texts: _Texts, format_: str, sure: bool) -> Column | None:
    present = texts.different[~texts.absent]
    if not sure and (not len(present) or present.iloc[:_SAMPLE].str.fullmatch(_LIKE_A_DATE).mean() < MOSTLY):
        return None
    fits = _formats_of(present, format_)
    if not fits and not sure:
        return None
    used = fits[0] if fits else "ISO8601"
    values = np.full(len(texts.different), np.nan)
    values[~texts.absent] = _seconds(pd.to_datetime(present, format=used, errors="coerce", utc=True))
    odd = texts.odd(values)
    if not sure and texts.too_many(odd):
        return None
    notes = ["taken as day/month/year; if not, --dates month-first"] * (len(fits) > 1)
    notes += [_slips(odd, "date")] * bool(odd)
    return Column(name, "date", texts.cells(values), note=", ".join(notes), format=used)


def _formats_of(texts: "pd.Series[Any]", format_: str) -> list[str]:
    """The formats that fit nearly all of the texts: one of each order of day and month at most."""
    orders = {"day-first": _DAY_FIRST, "month-first": _MONTH_FIRST}
    if format_ and format_ not in orders:
        return [format_]
    sample = texts.iloc[:_SAMPLE]
    for plain in _PLAIN:
        if _share_of(sample, plain) >= MOSTLY:
            return [plain]
    best = [max((_share_of(sample, one), one) for one in orders[order]) for order in ([format_] if format_ else orders)]
    most = max(share for share, _ in best)
    return [one for share, one in best if share == most >= MOSTLY]


def _share_of(texts: "pd.Series[Any]", format_: str) -> float:
    """How many of the texts are dates in this format; few are tried first."""
    share = 0.0
    for some in (texts.iloc[:_FEW], texts):
        share = float(pd.to_datetime(some, format=format_, errors="coerce", utc=True).notna().mean())
        if share < MOSTLY:
            break
    return share


def _seconds(dates: "pd.Series[Any]") -> Floats:
    """Seconds since 1970; nan for a missing one."""
    naive = dates.dt.tz_convert(None) if dates.dt.tz is not None else dates
    seconds = naive.to_numpy(dtype="datetime64[s]", na_value=np.datetime64("NaT"))
    return np.where(np.isnat(seconds), np.nan, seconds.astype(np.int64).astype(np.float64))


def _of_numbers(name: str, cells: "pd.Series[Any]") -> Column:
    values = _floats(cells)
    infinite = np.isinf(values)
    if not infinite.any():
        return Column(name, "number", values)
    note = _slips(int(infinite.sum()), "finite number")
    return Column(name, "number", np.where(infinite, np.nan, values), note=note)


def _floats(cells: "pd.Series[Any]") -> Floats:
    values: Floats = cells.to_numpy(dtype=np.float64, na_value=np.nan)
    return values


def _shown(text: str) -> str:
    return repr(text if len(text) <= 20 else text[:19] + "…")
