"""Reading tables: files of many dialects and compressions, Parquet, and data frames that are in memory.

pandas does it (`pip install "stepgrad[tables]"`); this room finds out what to tell it. Every row of a file is a row of
the table, or an error says in which line it isn't one.
"""

import bz2
import contextlib
import csv
import gzip
import io
import lzma
import warnings
import zipfile
import zlib
from collections.abc import Collection, Mapping
from dataclasses import replace
from pathlib import Path
from typing import IO, Any

from nn.data import dialect
from nn.data.columns import KINDS, Table
from nn.data.dialect import Dialect
from nn.data.words import MISSING, MISSING_NUMBERS

DATES = ("day-first", "month-first")
_ZSTD, _ZIP, _PARQUET, _EXCEL = b"\x28\xb5\x2f\xfd", b"PK\x03\x04", b"PAR1", b"\xd0\xcf\x11\xe0"
_BROKEN = (EOFError, lzma.LZMAError, zlib.error, zipfile.BadZipFile, OSError)
_OPENERS = ((b"\x1f\x8b", gzip.open), (b"BZh", bz2.open), (b"\xfd7zXZ\x00", lzma.open))


def read_table(
    source: Any,
    *,
    target: str = "",
    kinds: Mapping[str, str] | None = None,
    formats: Mapping[str, str] | None = None,
    encoding: str | None = None,
    separator: str | None = None,
    decimal: str | None = None,
    likely_decimal: str = "",
    header: bool | None = None,
    dates: str | None = None,
) -> Table:
    """The columns of a file (CSV of any dialect, also compressed; Parquet), or of a data frame.

    - `source`: a path; or a frame of pandas or Polars, or anything that offers `__arrow_c_stream__` or `__dataframe__`
    - `target`: the name of a column whose cells such as `none` or `-` are no missing ones, if it is text
    - `kinds`: of columns, by name, that are not to be found out: "number", "category", "boolean" or "date"
    - `formats`: how the dates of columns are written, as `Column.format` says
    - `encoding`, `separator`, `decimal`, `header`: how the file is written, where it can't be found out
    - `likely_decimal`: the decimal mark, if the file's numbers can be meant both ways
    - `dates`: "day-first" or "month-first", for dates such as 1/2/2024

    Raises OSError if it can't be read, ValueError, with the line or the option that helps, if it is not a table, and
    ModuleNotFoundError without pandas.

    >>> import pandas
    >>> table = read_table(pandas.DataFrame({"age": [31, None], "city": ["Rome", "Bonn"]}))
    >>> [(column.name, column.kind) for column in table]
    [('age', 'number'), ('city', 'category')]
    """
    try:
        import pandas  # noqa: F401
        import pyarrow  # noqa: F401
    except ModuleNotFoundError as error:
        raise ModuleNotFoundError(
            f'tables are read by pandas: pip install "stepgrad[tables]" brings it ({error})', name=error.name
        ) from None
    from nn.data.understanding import understood

    kinds, formats = dict(kinds or {}), dict(formats or {})
    if unknown := [kind for kind in kinds.values() if kind not in KINDS]:
        raise ValueError(f"unknown kind {unknown[0]!r} of a column: choose one of {', '.join(KINDS)}")
    if dates not in (None, *DATES):
        raise ValueError(f"dates are {' or '.join(DATES)}; got {dates!r}")
    said = {
        "encoding": encoding,
        "separator": separator,
        "decimal": decimal,
        "likely_decimal": likely_decimal,
        "header": header,
    }
    name, mark, notes = "table", "", list[str]()
    if isinstance(source, str | Path):
        path, name = Path(source), Path(source).name
        try:
            frame, mark, notes = _read(path, {*kinds, target} - {""}, kinds, target, said)
        except ValueError as error:
            raise ValueError(f"{path}: {error}") from None
    else:
        frame = _frame(source)
        mark = _mark_of(frame, said)
    named = {str(column): i for i, column in enumerate(frame.columns)}
    if len(named) < frame.shape[1]:
        raise ValueError(f"{name} has two columns of the same name")
    columns = {
        column: understood(
            column,
            frame.iloc[:, i],
            decimal=mark or ".",
            kind=kinds.get(column, ""),
            format_=formats.get(column) or dates or "",
            is_target=column == target,
        )
        for column, i in named.items()
    }
    for column in kinds:
        Table(name, columns, len(frame))[column]
    return Table(name, columns, len(frame), notes, mark)


def _read(
    path: Path, named: Collection[str], kinds: Mapping[str, str], target: str, said: Mapping[str, Any]
) -> tuple[Any, str, list[str]]:
    """A file as pandas' data frame, its decimal mark, and what should be said about it."""
    import pandas as pd

    with path.open("rb") as file:
        start = file.read(8)
    if start.startswith(_PARQUET):
        try:
            frame = pd.read_parquet(path)
        except (OSError, ValueError) as error:
            raise ValueError(f"it is a broken Parquet file: {error}") from None
        return frame, _mark_of(frame, said), []
    with _opened(path, start) as binary:
        try:
            head = binary.read(dialect.HEAD)
        except _BROKEN as error:
            raise _told(error) from None
    found = dialect.sniff(head, len(head) == dialect.HEAD, named=named, **said)
    encodings = [found.encoding] if said["encoding"] or found.encoding != "utf-8" else ["utf-8", "cp1252", "latin-1"]
    for encoding in encodings:
        try:
            frame = _parse(path, start, replace(found, encoding=encoding), kinds, target)
        except UnicodeError as error:
            problem = error
            continue
        return frame, found.decimal, _notes(found, encoding, said)
    raise ValueError(f"it is not text in the encoding {encodings[-1]}: {problem}; --encoding says another")


def _mark_of(frame: Any, said: Mapping[str, Any]) -> str:
    """The decimal mark of numbers that a frame has as texts."""
    if said["decimal"]:
        return str(said["decimal"])
    columns = [column.iloc[: dialect.ROWS] for _, column in frame.items() if column.dtype.kind not in "biufcmM"]
    texts = [[cell.strip() for cell in column if isinstance(cell, str)] for column in columns]
    return dialect.decimal_of(texts, dialect.SPACES, said["likely_decimal"] or ".")[0]


def _notes(found: Dialect, encoding: str, said: Mapping[str, Any]) -> list[str]:
    notes = []
    if encoding in ("cp1252", "latin-1") and not said["encoding"]:
        notes.append("read as Latin-1 (Windows-1252), for it is not UTF-8; --encoding says another")
    if not found.header and said["header"] is None:
        notes.append("the first line has numbers, so that it is taken as a row; if it names the columns, --header yes")
    return notes + [found.decimal_note] * bool(found.decimal_note)


def _parse(
    path: Path, start: bytes, found: Dialect, kinds: Mapping[str, str], target: str, piecewise: bool = True
) -> Any:
    """The file as pandas reads it: piece by piece, which is faster, unless the pieces of a column are of many types."""
    import pandas as pd

    texts = {name for i, name in enumerate(found.names) if i in found.codes or kinds.get(name) == "category"}
    words = {name: sorted(_spellings(MISSING if name == target else MISSING_NUMBERS)) for name in found.names}
    try:
        with (
            _opened(path, start) as binary,
            io.TextIOWrapper(binary, encoding=found.encoding, newline="") as text,
            warnings.catch_warnings(),
        ):
            warnings.simplefilter("error", pd.errors.ParserWarning)
            warnings.simplefilter("error", pd.errors.DtypeWarning)
            for _ in range(found.skip):
                text.readline()
            frame = pd.read_csv(
                text,
                sep=found.separator,
                header=0 if found.header else None,
                names=found.names,
                index_col=False,
                decimal=found.decimal or ".",
                dtype=dict.fromkeys(texts, "str"),
                na_values=words,
                keep_default_na=False,
                skipinitialspace=found.spaced,
                low_memory=piecewise,
            )
    except UnicodeError:
        raise
    except pd.errors.DtypeWarning:
        return _parse(path, start, found, kinds, target, piecewise=False)
    except pd.errors.ParserWarning:
        raise ValueError(_uneven(path, start, found)) from None
    except _BROKEN as error:
        raise _told(error) from None
    except (ValueError, OverflowError) as error:
        if "EOF inside string" in str(error):
            raise ValueError("a quote is opened and never closed") from None
        raise ValueError(_uneven(path, start, found) or str(error).strip()) from None
    if not len(frame):
        raise ValueError("it has no rows: the first line names the columns, each further line is an example")
    return frame


def _told(error: Exception) -> Exception:
    """An error of decompression, which says nothing of the file; one of the system has a number."""
    return error if getattr(error, "errno", None) else ValueError(f"it is broken: {error}")


def _spellings(words: Collection[str]) -> set[str]:
    return {spelt for word in words for spelt in (word, word.upper(), word.title(), word.capitalize())} | {"NaN", "NaT"}


def _uneven(path: Path, start: bytes, found: Dialect) -> str:
    """Which line of a file has more cells than there are columns; empty if none is found."""
    with _opened(path, start) as binary, io.TextIOWrapper(binary, encoding=found.encoding, newline="") as text:
        for _ in range(found.skip):
            text.readline()
        if found.separator == dialect.SPACES:
            lines = ((i, line.split()) for i, line in enumerate(text, 1))
        else:
            reader = csv.reader(text, delimiter=found.separator, skipinitialspace=True)
            lines = ((reader.line_num, row) for row in reader)
        with contextlib.suppress(csv.Error):  # of a cell longer than csv takes
            for line, row in lines:
                if len(row) > (columns := len(found.names)):
                    there, hint = f"are {columns} columns", "a cell with a separator in it needs quotes"
                    if columns == 1:
                        there, hint = "is 1 column", "lines before the one that names the columns have to go"
                    where = f"line {line + found.skip} has {len(row)} cells"
                    return f"{where}, but there {there}: {hint}; --separator says another one"
    return ""


def _opened(path: Path, start: bytes) -> IO[bytes]:
    """The file's bytes, uncompressed, whatever its name."""
    for mark, opener in _OPENERS:
        if start.startswith(mark):
            return opener(path, "rb")  # type: ignore[return-value]
    if start.startswith(_ZSTD):
        import pyarrow

        return pyarrow.input_stream(str(path), compression="zstd")  # type: ignore[no-any-return]
    if start.startswith(_ZIP):
        try:
            archive = zipfile.ZipFile(path)
        except zipfile.BadZipFile as error:
            raise ValueError(f"it is broken: {error}") from None
        files = [file for file in archive.namelist() if not file.endswith("/") and not file.startswith("__MACOSX")]
        if "xl/workbook.xml" in files:
            raise ValueError("it is an Excel workbook: save the sheet as CSV there")
        if "content.xml" in files:
            raise ValueError("it is an OpenDocument: save the sheet as CSV there")
        if len(files) != 1:
            raise ValueError(f"it is an archive of {len(files)} files: unpack the one that you mean")
        return archive.open(files[0])
    if start.startswith(_EXCEL):
        raise ValueError("it is an Excel workbook: save the sheet as CSV there")
    return path.open("rb")


def _frame(source: Any) -> Any:
    """A data frame of pandas from one of any library."""
    import pandas as pd
    import pyarrow as pa

    if isinstance(source, pd.DataFrame):
        return source
    if hasattr(source, "__arrow_c_stream__"):
        with contextlib.suppress(pa.ArrowInvalid):  # of a single column
            return pa.table(source).to_pandas()
    if hasattr(source, "__dataframe__"):
        from pyarrow.interchange import from_dataframe

        return from_dataframe(source).to_pandas()
    raise TypeError(
        f"expected a path or a data frame (of pandas, Polars, or what offers Arrow); got {type(source).__name__}"
    )
