"""Files and data frames as tables: every dialect is read alike, no row is lost, and what is wrong is told."""

import bz2
import gzip
import lzma
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from nn.data import Table, read_table

pd = pytest.importorskip("pandas")
pa = pytest.importorskip("pyarrow")


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "my data.csv"


def read(file: Path, text: str | bytes, **options: Any) -> Table:
    file.write_bytes(text if isinstance(text, bytes) else text.encode())
    return read_table(file, **options)


def cells(table: Table) -> dict[str, list[object]]:
    """The cells by column: numbers, texts, and None where they are missing."""
    found: dict[str, list[object]] = {}
    for column in table:
        named = [*column.names, None] if column.kind == "category" else None
        found[column.name] = [named[int(x)] if named else None if np.isnan(x) else float(x) for x in column.values]
    return found


FLOWERS = "a,b,y\n1,2.5,red\n3,-4e-1,blue\n5,6,red\n7,8,blue\n"
WHAT_THEY_SAY = {"a": [1, 3, 5, 7], "b": [2.5, -0.4, 6, 8], "y": ["red", "blue", "red", "blue"]}


@pytest.mark.parametrize(
    "text",
    [
        FLOWERS,
        FLOWERS.replace(",", ";"),
        FLOWERS.replace(",", "\t"),
        FLOWERS.replace(",", "|"),
        FLOWERS.replace(",", "  "),
        FLOWERS.replace(",", " , "),
        FLOWERS.replace("\n", "\r\n"),
        FLOWERS.replace("\n", "\r"),
        FLOWERS.replace("\n", "\n\n"),
        "\n\n" + FLOWERS.replace(",", ";"),
        "\ufeff" + FLOWERS,
        FLOWERS.rstrip(),
        FLOWERS.replace("red", '"red"').replace("\n1,", '\n"1",'),
        FLOWERS.replace(",", ";").replace(".", ",").replace("-4e-1", "-0,4"),
        FLOWERS.replace("2.5", '"2,5"').replace("-4e-1", '"-0,4"'),
        "sep=;\n" + FLOWERS.replace(",", ";"),
        '"sep=|"\r\n' + FLOWERS.replace(",", "|"),
        FLOWERS.replace("\n", ",\n"),
        FLOWERS.replace("\n", ",\n").replace("y,\n", "y\n"),
        FLOWERS.replace("y\n", "y,\n"),
        "# measured in May, by hand, at noon, outside\n#\n" + FLOWERS,
        FLOWERS.encode("utf-16"),
        FLOWERS.encode("utf-16-le"),
        FLOWERS.encode("utf-16-be"),
        FLOWERS.encode("utf-32"),
        FLOWERS.encode("utf-8-sig"),
        gzip.compress(FLOWERS.encode(), mtime=0),
        bz2.compress(FLOWERS.encode()),
        lzma.compress(FLOWERS.encode()),
        bytes(pa.compress(FLOWERS.encode(), codec="zstd")),
    ],
)
def test_every_dialect_is_read_alike(file: Path, text: str | bytes) -> None:
    table = read(file, text)
    said = cells(table)
    said.pop("column 4", None)
    assert (table.name, said) == ("my data.csv", WHAT_THEY_SAY)


@pytest.mark.parametrize(
    ("written", "number"),
    [("19,99 €", 19.99), ("€ 1.019,99", 1019.99), ("12,5 %", 12.5), ("12,5 cm", 12.5), ("12,5cm", 12.5),
     ("-12,5 °C", -12.5), ("1.012,5 µg/m³", 1012.5), ("1 234,5", 1234.5),
     ("1\u00a0234,5", 1234.5), ("1'234,5 CHF", 1234.5)],
)  # fmt: skip
def test_a_decimal_comma_is_found_beside_what_stands_around_numbers(file: Path, written: str, number: float) -> None:
    assert cells(read(file, f"a;b\n{written};x\n{written};5, 6\n")) == {"a": [number] * 2, "b": ["x", "5, 6"]}


@pytest.mark.parametrize(
    ("text", "numbers", "mark"),
    [
        ("a;b\n1.200 €;3,5\n12.500 €;7,25\n", {"a": [1200, 12500], "b": [3.5, 7.25]}, ","),
        ("a;b\n1.200;3.400.000\n950;7\n", {"a": [1200, 950], "b": [3_400_000, 7]}, ","),
        ("a;b\n(1.200);(3,5)\n12.500 €;7\n", {"a": [-1200, 12500], "b": [-3.5, 7]}, ","),
        ("a;b\n1,200;3.5\n12,500;7\n", {"a": [1200, 12500], "b": [3.5, 7]}, "."),
        ('a,b\n"1,200","3,400,000"\n950,7\n', {"a": [1200, 950], "b": [3_400_000, 7]}, "."),
        ('a,b\n1.200,"3,5"\n9.500,"7,1"\n', {"a": [1.2, 9.5], "b": ["3,5", "7,1"]}, "."),
        ("a\tb\n1.200\t3\n9.500\t7\n", {"a": [1.2, 9.5], "b": [3, 7]}, "."),
        ("a;b\n1,5;1.234\n2.5;3\n", {"a": ["1,5", "2.5"], "b": [1.234, 3]}, "."),
        ("a;b\n3;4\n5;6\n", {"a": [3, 5], "b": [4, 6]}, ""),
    ],
)
def test_numbers_that_can_be_meant_in_one_way_tell_of_the_others(
    file: Path, text: str, numbers: Any, mark: str
) -> None:
    table = read(file, text)
    assert (cells(table), table.decimal) == (numbers, mark)


def test_numbers_of_both_decimal_marks_are_told(file: Path) -> None:
    for text, mark in (("a;b\n1,5;0.5\n2,5;x\n", "comma"), ("a;b\n1,5;0.5\nx;2.5\n", "point")):
        told = (
            f"numbers are written as '1,5' and as '0.5': the decimal mark is taken for a {mark}; --decimal says another"
        )
        assert read(file, text).notes == [told]
    assert not read(file, text, decimal=".").notes
    assert not read(file, 'a,b\n"1,5",0.5\n"2,5",3\n').notes


def test_the_likely_decimal_mark_is_that_of_numbers_which_leave_it_open(file: Path) -> None:
    for written, as_comma, as_point in (("1.200", 1200, 1.2), ("1,200", 1.2, 1200)):
        for mark, number in ((",", as_comma), (".", as_point)):
            assert cells(read(file, f"a;b\n{written};x\n950;y\n", likely_decimal=mark))["a"] == [number, 950]
    assert cells(read(file, "a;b\n1.200;x\n0.5;y\n", likely_decimal=","))["a"] == [1.2, 0.5]


def test_a_printed_minus_is_a_minus(file: Path) -> None:
    text = "a;b;c\n\u22121.234,5;\u20133 cm;\u22122 %\n€ \u2212,5;4 cm;\u2014\n"
    assert cells(read(file, text)) == {"a": [-1234.5, -0.5], "b": [-3, 4], "c": [-2, None]}
    assert cells(read(file, "\u22125,x\n3,y\n")) == {"column 1": [-5, 3], "column 2": ["x", "y"]}


@pytest.mark.parametrize(
    ("encoding", "told"),
    [("utf-8", False), ("utf-16", False), ("latin-1", True), ("cp1252", True)],
)
def test_words_of_other_languages_are_read_in_any_encoding(file: Path, encoding: str, told: bool) -> None:
    table = read(file, "größe,y\n1,naïve\n2,für\n".encode(encoding))
    assert cells(table) == {"größe": [1, 2], "y": ["naïve", "für"]}
    assert any("--encoding" in note for note in table.notes) == told


def test_an_encoding_that_shows_late_in_the_file_is_found_too(file: Path) -> None:
    text = "a,y\n" + "1,plain\n" * 40_000
    assert cells(read(file, text.encode() + "2,größe\n".encode("latin-1")))["y"][-1] == "größe"
    assert cells(read(file, text.encode() + b"2,\x81\n"))["y"][-1] == "\x81"  # which cp1252 hasn't


def test_what_stands_between_quotes_is_one_cell(file: Path) -> None:
    table = read(file, 'a,name\n1,"x, ""y""\nz"\n2,u\u2028v\n')
    assert cells(table) == {"a": [1, 2], "name": ['x, "y"\nz', "u\u2028v"]}


def test_a_cell_may_be_long(file: Path) -> None:
    assert cells(read(file, f"a,y\n1,{'x' * 200_000}\n2,z\n"))["y"] == ["x" * 200_000, "z"]


def test_a_header_may_begin_with_a_hash(file: Path) -> None:
    assert cells(read(file, "# note\n#id,y\n5,6\n7,8\n")) == {"#id": [5, 7], "y": [6, 8]}


def test_what_breaks_off_late_is_told(file: Path) -> None:
    random = np.random.default_rng(0).integers(0, 10**9, (60_000, 2))
    text = "a,b\n" + "".join(f"{a},{b}\n" for a, b in random.tolist())
    with pytest.raises(ValueError, match="it is broken: Compressed file ended"):
        read(file, gzip.compress(text.encode())[:-1000])


def test_rs_names_of_rows_are_a_column(file: Path) -> None:
    assert cells(read(file, '"a" "y"\n"1" 5 u\n"2" 6 v\n')) == {"column 1": [1, 2], "a": [5, 6], "y": ["u", "v"]}


def test_without_a_header_columns_are_numbered(file: Path) -> None:
    table = read(file, "5.1,3.5,red\n4.9,3.0,blue\n", target="3")
    assert cells(table) == {"column 1": [5.1, 4.9], "column 2": [3.5, 3], "column 3": ["red", "blue"]}
    assert "--header yes" in table.notes[0]
    assert list(read(file, "a,b\nu,v\n", header=False).columns) == ["column 1", "column 2"]
    assert list(read(file, "x,1990,1991\nu,1,2\n", target="1991").columns) == ["x", "1990", "1991"]
    assert list(read(file, "x,1,2\nu,1,2\n", header=True).columns) == ["x", "1", "2"]


def test_every_column_has_a_name_of_its_own(file: Path) -> None:
    assert list(read(file, "a,,a,\n1,2,3,4\n").columns) == ["a", "column 2", "a (2)", "column 4"]


def test_dialects_can_be_said(file: Path) -> None:
    assert cells(read(file, "a:b\n1:2\n", separator=":")) == {"a": [1], "b": [2]}
    assert cells(read(file, "a;b\n1,234;x\n", decimal=",")) == {"a": [1.234], "b": ["x"]}
    assert cells(read(file, "a;b\n1,234;x\n", decimal=".")) == {"a": [1234], "b": ["x"]}
    assert cells(read(file, "a\n\u0416\n".encode("koi8-r"), encoding="koi8-r")) == {"a": ["\u0416"]}
    assert cells(read(file, "a b\n1  2\n", separator=r"\s+")) == {"a": [1], "b": [2]}


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "it is empty: the first line names the columns"),
        ("\n \n", "it is empty"),
        ("# nothing else", "it is empty"),
        ("a,y\n", "it has no rows: the first line names the columns, each further line is an example"),
        ("a,b,y\n1,2,3\n\n1,2,3,4\n", "line 4 has 4 cells, but there are 3 columns"),
        ("a,b,y\n1,2,3,4\n1,2,3\n", "line 2 has 4 cells, but there are 3 columns"),
        ("a b\n" + "1 2\n" * 20 + "1 2 3\n", "line 22 has 3 cells, but there are 2 columns"),
        ("Report\n\na;b;c\n1;2;3\n", "line 3 has 3 cells, but there is 1 column: lines before the one that names the"),
        ("sep=;\na;b\n1;2\n1;2;3\n", "line 4 has 3 cells, but there are 2 columns"),
        ("a,b\n" + "1,2\n" * 500 + "1,2,3\n", "line 502 has 3 cells"),
        ('a,y\n1,"2\n3,4\n', "a quote is opened and never closed"),
        ("a,b\n" + "1,2\n" * 500 + f"{'x' * 200_000},2\n1,2,3\n", "Error tokenizing data"),
        ("a;b\n1,234 €;x\n5,678 €;y\n", "is '1,234' a number with a decimal comma, or in thousands"),
        ("a;b\n1.234 €;x\n950 €;y\n", "is '1.234' a number with a decimal point, or in thousands"),
        ("a;b\n1,234;x\n5,678;y\n", "is '1,234' a number with a decimal comma, or in thousands\\? Say --decimal"),
        (b"\x00\x01\x02\x03abc", "it is not text: it has zero bytes in it"),
        (b"PAR1 and no more", "it is a broken Parquet file"),
        (gzip.compress(b"a,b\n1,2\n", mtime=0)[:-6], "it is broken"),
        (b"BZh9 and no more", "it is broken"),
        (b"\x28\xb5\x2f\xfd and no more", "it is broken"),
        (b"\xd0\xcf\x11\xe0....", "it is an Excel workbook: save the sheet as CSV there"),
    ],
)
def test_what_is_wrong_is_told_with_the_file_or_line(file: Path, text: str | bytes, message: str) -> None:
    with pytest.raises(ValueError, match=f"my data.csv: (?s:{message})") as error:
        read(file, text)
    assert "\n" not in str(error.value)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"encoding": "utf-7.5"}, "no encoding is called 'utf-7.5'"),
        ({"encoding": "ascii"}, "it is not text in the encoding ascii.*--encoding says another"),
        ({"kinds": {"b": "date", "c": "number"}}, "my data.csv has no column 'c': its columns are größe, b"),
        ({"kinds": {"b": "time"}}, "unknown kind 'time' of a column: choose one of number, category, boolean, date"),
        ({"dates": "year-first"}, "dates are day-first or month-first; got 'year-first'"),
        ({"kinds": {"größe": "boolean"}}, "has other texts than yes and no"),
    ],
)
def test_wrong_options_are_told(file: Path, options: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        read(file, "größe,b\nx,2\n", **options)


def test_an_encoding_that_is_said_and_fails_late_is_told(file: Path) -> None:
    with pytest.raises(ValueError, match="not text in the encoding ascii"):
        read(file, ("a,y\n" + "1,plain\n" * 40_000 + "2,größe\n").encode(), encoding="ascii")


def test_archives_of_one_file_are_read(file: Path) -> None:
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("folder/table.csv", FLOWERS)
        archive.writestr("__MACOSX/table.csv", "junk")
    assert cells(read_table(file)) == WHAT_THEY_SAY
    with zipfile.ZipFile(file, "a") as archive:
        archive.writestr("other.csv", FLOWERS)
    with pytest.raises(ValueError, match="an archive of 2 files: unpack the one that you mean"):
        read_table(file)
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("xl/workbook.xml", "")
    with pytest.raises(ValueError, match="an Excel workbook: save the sheet as CSV"):
        read_table(file)
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("content.xml", "")
        archive.writestr("meta.xml", "")
    with pytest.raises(ValueError, match="an OpenDocument: save the sheet as CSV"):
        read_table(file)
    file.write_bytes(b"PK\x03\x04 and no more")
    with pytest.raises(ValueError, match="it is broken: File is not a zip file"):
        read_table(file)


def test_a_column_of_many_types_in_a_long_file_is_read_as_a_whole(file: Path) -> None:
    table = read(file, "a,b\n" + "01.50,1\n" * 300_000 + "x,2\n" * 300_000)
    assert len(table) == 600_000
    assert list(table["a"].names) == ["01.50", "x"]


class Offering:
    """A frame of another library, which offers one protocol only."""

    def __init__(self, **methods: Callable[..., Any]) -> None:
        self.__dict__.update(methods)


def test_frames_of_any_library_are_read() -> None:
    frame = pd.DataFrame({"a": [1, 3, 5, 7], "b": [2.5, -0.4, 6, 8], "y": ["red", "blue", "red", "blue"]})
    arrow = pa.Table.from_pandas(frame)

    class Capsule:
        def __arrow_c_stream__(self, requested_schema: object = None) -> object:
            return arrow.__arrow_c_stream__(requested_schema)

    class Interchange:
        def __dataframe__(self, **options: Any) -> object:
            return arrow.__dataframe__(**options)

    for source in (frame, arrow, Capsule(), Interchange()):
        assert cells(read_table(source)) == WHAT_THEY_SAY
    polars = pytest.importorskip("polars")
    assert cells(read_table(polars.from_arrow(arrow))) == WHAT_THEY_SAY


def test_parquet_is_read(file: Path) -> None:
    frame = pd.DataFrame({"a": [1, None], "y": ["u", "v"], "d": pd.to_datetime(["2024-01-31", None])})
    frame.to_parquet(file)
    table = read_table(file)
    assert cells(table) == {"a": [1, None], "y": ["u", "v"], "d": [1706659200, None]}


def test_what_is_no_table_is_refused() -> None:
    with pytest.raises(TypeError, match=r"expected a path or a data frame .*; got Series"):
        read_table(pd.Series([1.0, 2.0]))
    with pytest.raises(TypeError, match=r"expected a path or a data frame .*; got list"):
        read_table([[1, 2]])
    with pytest.raises(ValueError, match="table has two columns of the same name"):
        read_table(pd.DataFrame([[1, 2]], columns=["a", "a"]))


def test_a_missing_file_and_a_folder_are_errors_of_the_system(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        read_table(tmp_path / "none.csv")
    with pytest.raises(IsADirectoryError):
        read_table(tmp_path)


def test_without_pandas_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch, file: Path) -> None:
    monkeypatch.setitem(sys.modules, "pandas", None)
    with pytest.raises(ModuleNotFoundError, match=r'tables are read by pandas: pip install "stepgrad\[tables\]"'):
        read_table(file)
