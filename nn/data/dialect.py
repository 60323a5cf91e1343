"""How a text file writes its table: encoding, separator, decimal mark, header. Found in the file's first lines."""

import codecs
import csv
import re
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from io import StringIO

from nn.data.words import AROUND_NUMBERS, MINUS, MISSING_NUMBERS, UNIT

SEPARATORS = ("\t", ";", "|", ",")  # a comma comes last, for it stands in numbers and texts too
SPACES = r"\s+"
HEAD = 2**18  # bytes that are looked at
ROWS = 300  # that are looked at, at most
_BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_SIGNS = f"+-{MINUS}()"
_NUMBER = re.compile(rf"[+\-{MINUS}]?(\d+([.,]\d+)*|[.,]\d+)(e[+-]?\d+)?%?", re.IGNORECASE)
_AROUND = re.compile(rf"\s?{UNIT}$|(?<![.,])(?:{AROUND_NUMBERS})")  # first a unit
_CODE = re.compile(r"0\d+")  # a postal code, say, whose zeros belong to it
_COMMA_GROUP = re.compile(r"[1-9]\d{0,2},\d{3}")  # which may be decimals too
_POINT_GROUP = re.compile(r"[1-9]\d{0,2}\.\d{3}")
_COMMA_GROUPS = re.compile(r"[1-9]\d{0,2}(,\d{3}){2,}")
_POINT_GROUPS = re.compile(r"[1-9]\d{0,2}(\.\d{3}){2,}|\d{1,3}(\.\d{3})+,\d*")
_COMMA_DECIMAL = re.compile(r"[\d.]*,\d+(e[+-]?\d+)?%?", re.IGNORECASE)
_POINT_DECIMAL = re.compile(r"[\d,]*\.\d+(e[+-]?\d+)?%?", re.IGNORECASE)

_COMMA = "numbers have a decimal comma"


@dataclass(frozen=True)
class Dialect:
    """How a text file writes its table.

    - `decimal`: empty where no number tells; `decimal_note`: what a reader should know of it
    - `names`: of its columns; made up (`column 1`, ...) where `header` is false
    - `skip`: lines before the header, as Excel's `sep=;`
    - `codes`: positions of columns whose numbers begin with zeros, which belong to them
    - `spaced`: whether there is space after separators
    """

    encoding: str
    separator: str
    decimal: str
    decimal_note: str
    header: bool
    names: list[str]
    skip: int
    codes: list[int]
    spaced: bool


def sniff(
    head: bytes,
    cut: bool,
    *,
    named: Collection[str] = (),
    encoding: str | None = None,
    separator: str | None = None,
    decimal: str | None = None,
    likely_decimal: str = "",
    header: bool | None = None,
) -> Dialect:
    """The dialect of a file that begins with `head`, which is `cut` off if there is more.

    What is given is taken as given, `likely_decimal` where the lines leave it open. `named` are names that a header
    would have. Raises ValueError, saying which option helps, where it is open what they mean, or they are no table.
    """
    encoding = encoding or encoding_of(head)
    text = decoded(head, encoding)
    if cut:
        text = text[: max(text.rfind("\n"), text.rfind("\r")) + 1] or text
    skip, said = _excels_line(text)
    separator = separator or said or _separator(text)
    skip = skip or _comments(text, separator)
    rows = rows_of("".join(text.splitlines(keepends=True)[skip:]), separator)
    if not rows:
        raise ValueError("it is empty: the first line names the columns, each further line is an example")
    first, rest = rows[0], rows[1:]
    if header is None:
        header = _is_header(first, rest, named)
    below = rest if header else rows
    decimal, note = (decimal, "") if decimal else decimal_of(below, separator, likely_decimal)
    return Dialect(
        encoding=encoding,
        separator=separator,
        decimal=decimal,
        decimal_note=note,
        header=header,
        names=_names(first, rest) if header else [f"column {i}" for i in range(1, _width(rows) + 1)],
        skip=skip,
        codes=_codes(below),
        spaced=f"{separator} " in text or "\n " in text,
    )


def encoding_of(head: bytes) -> str:
    """The encoding by its byte-order mark; else UTF-16 by its zeros, UTF-8, or what Windows writes in the West."""
    for mark, name in _BYTE_ORDER_MARKS:
        if head.startswith(mark):
            return name
    if (zeros := head.count(0)) > len(head) / 5:
        return "utf-16-le" if head[1::2].count(0) > zeros / 2 else "utf-16-be"
    for name in ("utf-8", "cp1252"):
        try:
            codecs.getincrementaldecoder(name)().decode(head)
        except UnicodeDecodeError:
            continue
        return name
    return "latin-1"


def decoded(head: bytes, encoding: str) -> str:
    """The text of bytes whose last character may be cut. Raises ValueError if they are no text in that encoding."""
    try:
        text = codecs.getincrementaldecoder(encoding)().decode(head)
    except LookupError:
        raise ValueError(f"no encoding is called {encoding!r}: utf-8, latin-1 and utf-16 are usual ones") from None
    except UnicodeError as error:
        raise ValueError(f"it is not text in the encoding {encoding}: {error}; --encoding says another") from None
    if "\0" in text:
        raise ValueError("it is not text: it has zero bytes in it")
    return text


def rows_of(text: str, separator: str) -> list[list[str]]:
    """The cells of the first lines that are not blank."""
    if separator == SPACES:
        text, separator = "\n".join(" ".join(line.split()) for line in text.splitlines()[: 2 * ROWS]), " "
    reader = csv.reader(StringIO(text, newline=""), delimiter=separator, skipinitialspace=True)
    rows: list[list[str]] = []
    try:
        for row in reader:
            if row and (len(row) > 1 or row[0].strip()):
                rows.append([cell.strip() for cell in row])
            if len(rows) == ROWS:
                break
    except csv.Error:
        pass  # a cell longer than csv takes, which pandas reads
    return rows


def _excels_line(text: str) -> tuple[int, str | None]:
    """Excel's `sep=;` says the separator: how many lines to skip, and what it is."""
    said = re.match(r'"?sep=(.)"?\s*?(\r\n|\r|\n)', text, re.IGNORECASE)
    return (1, said[1]) if said else (0, None)


def _comments(text: str, separator: str) -> int:
    """How many lines before the header begin with # and have another number of cells than the others."""
    lines = re.split(r"\r\n|\r|\n", text)
    n = next((i for i, line in enumerate(lines) if not line.startswith("#")), len(lines))
    usual = _width(rows_of("\n".join(lines[n:]), separator) or [[]])
    while n and len(rows_of(lines[n - 1], separator)[0]) == usual:
        n -= 1
    return n


def _separator(text: str) -> str:
    """The one that gives most lines the same number of cells, of which there are at least two."""
    best, found = 0.0, ","
    for separator in (*SEPARATORS, SPACES):
        widths = [len(row) for row in rows_of(text, separator)]
        usual, times = Counter(widths).most_common(1)[0] if widths else (1, 0)
        agreeing = times / max(len(widths), 1)
        if widths[1:] and widths[0] in (usual - 1, usual + 1):  # as with a separator at the end, or R's names of rows
            agreeing = times / len(widths[1:])
        if usual < 2 or (separator == SPACES and (best > 0 or agreeing < 0.9)):
            continue
        if agreeing > best:
            best, found = agreeing, separator
    return found


def _width(rows: Sequence[Sequence[str]]) -> int:
    return Counter(map(len, rows)).most_common(1)[0][0]


def _is_header(first: Sequence[str], rest: Sequence[Sequence[str]], named: Collection[str]) -> bool:
    """Whether the first line names the columns: nothing in it is a number, or it has a name that is asked for."""
    if any(name in first and not (name.isdecimal() and 0 < int(name) <= len(first)) for name in named):
        return True  # where there is no header, a number is that of a column
    numbers = [i for i, cell in enumerate(first) if _NUMBER.fullmatch(cell)]
    below = [[row[i] for row in rest if len(row) > i and row[i]] for i in numbers]
    return not any(cells and sum(map(bool, map(_NUMBER.fullmatch, cells))) > len(cells) / 2 for cells in below)


def _names(first: Sequence[str], rest: Sequence[Sequence[str]]) -> list[str]:
    """The header's names, each once, as many as there are columns."""
    names = list(first)
    if rest and all(
        len(row) == len(names) + 1 for row in rest
    ):  # a separator at the end of every line, or R's names of rows
        names = [*names, ""] if all(not row[-1] for row in rest) else ["", *names]
    unique: list[str] = []
    for i, name in enumerate(names, 1):
        wanted, copy = name or f"column {i}", 1
        while (wanted if copy == 1 else f"{wanted} ({copy})") in unique:
            copy += 1
        unique.append(wanted if copy == 1 else f"{wanted} ({copy})")
    return unique


def decimal_of(rows: Sequence[Sequence[str]], separator: str, likely: str) -> tuple[str, str]:
    """`.` or `,`, by the numbers that can be meant one way only; empty if no number has either. And what to say of it.

    Where all can be meant both ways it is `likely`; raises ValueError if that is empty, and it matters.
    """
    present = [cell for row in rows for cell in row if cell.lower() not in MISSING_NUMBERS]
    cells = [_AROUND.sub("", cell).strip(_SIGNS) for cell in present]

    def like(*patterns: re.Pattern[str]) -> list[str]:
        return [cell for cell in cells if any(pattern.fullmatch(cell) for pattern in patterns)]

    open_comma, open_point = like(_COMMA_GROUP), like(_POINT_GROUP)
    comma = [cell for cell in like(_COMMA_DECIMAL, _POINT_GROUPS) if not _COMMA_GROUP.fullmatch(cell)]
    point = [cell for cell in like(_POINT_DECIMAL, _COMMA_GROUPS) if not _POINT_GROUP.fullmatch(cell)]
    if comma and point and separator != ",":  # between commas what has one in it may be a list
        mark, name = (",", "comma") if len(comma) > len(point) else (".", "point")
        both = f"as {comma[0]!r} and as {point[0]!r}"
        return mark, f"numbers are written {both}: the decimal mark is taken for a {name}; --decimal says another"
    if comma and not point and not (open_point and separator == ","):
        return ",", _COMMA
    if comma or point:
        return ".", ""
    if likely or not (open_comma or open_point):
        return likely, _COMMA if likely == "," else ""
    if separator == "," or (open_comma and open_point) or (open_point and separator != ";"):
        return ".", ""
    written = (open_comma or open_point)[0]
    mark = "comma" if open_comma else "point"
    raise ValueError(f"is {written!r} a number with a decimal {mark}, or in thousands? Say --decimal , or --decimal .")


def _codes(rows: Sequence[Sequence[str]]) -> list[int]:
    return sorted({i for row in rows for i, cell in enumerate(row) if _CODE.fullmatch(cell)})
