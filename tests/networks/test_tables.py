"""Tables of one's own: what is read from a CSV file, and what is said of one that can't be used."""

from contextlib import suppress
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from nn.data import Dataset
from nn.data.tables import read_csv, read_inputs, read_table


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "my data.csv"


def read(file: Path, text: str | bytes, target: str = "y", task: str = "auto") -> Dataset:
    file.write_bytes(text if isinstance(text, bytes) else text.encode())
    return read_csv(file, target, task)


FLOWERS = "a,b,y\n1,2.5,red\n3,-4e-1,blue\n5,6,red\n7,8,blue\n"


@pytest.mark.parametrize(
    "text",
    [
        FLOWERS,
        FLOWERS.replace(",", ";"),
        FLOWERS.replace(",", "\t"),
        FLOWERS.replace(",", " , "),
        FLOWERS.replace("\n", "\r\n"),
        FLOWERS.replace("\n", "\r"),
        FLOWERS.replace("\n", "\n\n"),
        "\n\n" + FLOWERS.replace(",", ";"),
        FLOWERS + ",,\n",
        "\ufeff" + FLOWERS,
        FLOWERS.rstrip(),
        FLOWERS.replace("red", '"red"').replace("\n1,", '\n"1",'),
    ],
)
def test_every_dialect_is_read_alike(file: Path, text: str) -> None:
    flowers = read(file, text)
    assert flowers.X.tolist() == [[1, 2.5], [3, -0.4], [5, 6], [7, 8]]
    assert (flowers.y.tolist(), flowers.classes) == ([1, 0, 1, 0], ["blue", "red"])
    assert (flowers.name, flowers.features, flowers.target) == ("my data", ["a", "b"], "y")
    assert not flowers.notes


def test_the_target_may_stand_anywhere(file: Path) -> None:
    assert read(file, "y,a\n0,1\n1,2\n0,3\n1,4\n").X.tolist() == [[1], [2], [3], [4]]


def test_cells_may_have_delimiters_quotes_and_unusual_line_separators(file: Path) -> None:
    text = 'a,name,y\n1,"x, ""y""\nz",u\u2028v\n2,n,w\n3,n,u\u2028v\n4,n,w\n'
    assert read(file, text).classes == ["u\u2028v", "w"]
    assert read_table(file).rows[0][1] == 'x, "y"\nz'
    assert read_table(file).lines == [3, 4, 5, 6]


@given(st.lists(st.lists(st.text(st.characters(codec="utf-8")), min_size=2, max_size=2), min_size=2))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_text_is_a_table_or_a_clear_error(file: Path, rows: list[list[str]]) -> None:
    with suppress(ValueError):
        dataset = read(file, "\n".join(",".join(row) for row in rows), target=rows[0][0].strip())
        assert dataset.X.shape == (len(dataset.y), len(dataset.features))


@pytest.mark.parametrize(
    ("targets", "task", "classes", "y"),
    [
        (["3", "10", "3", "10"], "auto", ["3", "10"], [0, 1, 0, 1]),
        (["no", "yes", "yes", "no"], "auto", ["no", "yes"], [0, 1, 1, 0]),
        (["2", "x", "10", "x"], "classification", ["2", "10", "x"], [0, 2, 1, 2]),
        (["0.5", "2", "3", "4"], "auto", (), [0.5, 2, 3, 4]),
        (["1", "2", "3", "4"], "regression", (), [1, 2, 3, 4]),
        (["0.5", "1.5", "0.5", "1.5"], "classification", ["0.5", "1.5"], [0, 1, 0, 1]),
        (["-", "+", "-", "+"], "auto", ["+", "-"], [1, 0, 1, 0]),
        (["none", "mild", "none", "mild"], "auto", ["mild", "none"], [1, 0, 1, 0]),
        (["a", "b", "c", "d"], "classification", ["a", "b", "c", "d"], [0, 1, 2, 3]),
    ],
)
def test_text_and_whole_numbers_are_classes_and_real_numbers_a_regression(
    file: Path, targets: list[str], task: str, classes: object, y: list[float]
) -> None:
    dataset = read(file, "a,y\n" + "".join(f"{i},{t}\n" for i, t in enumerate(targets)), task=task)
    assert (dataset.classes, dataset.y.tolist()) == (classes, y)


def test_what_is_left_out_is_told(file: Path) -> None:
    text = (
        ",a,b,city,empty,y\n0,1,2,Rom,,u\n1,?,2,Bonn,,v\n2,3,NA,Rom,,u\n"
        "3,4,-,Rom,,v\n4,5,None,Rom,,v\n5,6,7,,,v\n6,7,8,Rom,,\n"
    )
    dataset = read(file, text)
    assert dataset.X.tolist() == [[1, 2], [6, 7]]
    assert dataset.notes == [
        "left out a column without a name",
        "left out the column 'city', which is not of numbers",
        "left out the column 'empty', which is not of numbers",
        "left out 5 of 7 rows, which have missing values",
    ]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "has no rows: the first line names the columns"),
        ("\n \n", "has no rows"),
        ("a,y\n", "has no rows"),
        ("a,b,c\n1,2,3\n", "has no column 'y': its columns are a, b, c"),
        ("a,Y2\n1,2\n", "has no column 'y'"),
        ("a,a,y\n1,2,3\n", "has two columns named 'a'"),
        ("a,b,y\n1,2,3\n\n1,2\n", "line 4: 2 cells, but there are 3 columns"),
        ("a,b,y\n1,2,3,4\n", "line 2: 4 cells, but there are 3 columns"),
        ('a,y\n"x\nx",1\n2\n', "line 4: 1 cells"),
        ('a,y\n1,"2\n3,4\n', "line 3: unexpected end of data"),
        (f"a,y\n1,{'x' * 200_000}\n", "line 2: field larger than field limit"),
        ("a,y\n1,2\n2,3\n3x,4\n", "line 4: column 'a' has '3x', expected a number"),
        ("a,y\n1,2\n2,3\ninf,4\n", "line 4: column 'a' has 'inf', expected a number"),
        (f"a,y\n1,2\n2,3\n{'x' * 100},4\n", f"has '{'x' * 40}', expected"),
        ("a,y\nu,1\nv,2\n", "has no numeric column beside 'y' to learn from"),
        ("y\n1\n2\n", "has no numeric column beside 'y'"),
        ("a,b,y\n1,,u\n,2,v\n", "every row of .* has a missing value"),
        ("a,y\n1,u\n2,u\n", "every target is 'u': there is nothing to tell apart"),
        ("a,y\n1,100\n2,200\n3,300\n", "'y' has 3 different values in 3 rows, too many for classes.*'regression'"),
        ("a,y\n1,u\n2,v\n3,w\n", "'y' has 3 different values in 3 rows, too many for classes"),
        ("a,y\n1,1\n2,1\n3,2\n4,x\n", "line 5: column 'y' has 'x', expected a number"),
        (FLOWERS.encode("utf-16"), "is not text in UTF-8: if it is a CSV file, save it again"),
        ("a,größe,y\n1,2,3\n".encode("latin-1"), "is not text in UTF-8"),
        (bytes(range(128, 256)), "is not text in UTF-8"),
    ],
)
def test_what_is_wrong_is_told_with_the_file_or_line(file: Path, text: str | bytes, message: str) -> None:
    with pytest.raises(ValueError, match=f"(?s){message}") as error:
        read(file, text)
    assert "\n" not in str(error.value)


def test_a_misspelt_column_gets_the_nearest_name(file: Path) -> None:
    with pytest.raises(ValueError, match=r"has no column 'specis': did you mean 'species'\?"):
        read(file, "length,species\n1,2\n", target="specis")


def test_a_regression_needs_numbers(file: Path) -> None:
    with pytest.raises(ValueError, match="column 'y' is text: it can't be the target of a regression"):
        read(file, FLOWERS, task="regression")


def test_an_unknown_task_is_refused(file: Path) -> None:
    with pytest.raises(ValueError, match="unknown task 'regresion': choose one of auto, classification, regression"):
        read(file, FLOWERS, task="regresion")


def test_a_missing_file_and_a_folder_are_errors_of_the_system(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        read_csv(tmp_path / "none.csv", "y")
    with pytest.raises(IsADirectoryError):
        read_csv(tmp_path, "y")


def test_inputs_are_read_by_the_names_of_their_columns(file: Path) -> None:
    file.write_text("b,text,a\n1,x,2\n3,y,4\n")
    assert np.array_equal(read_inputs(file, ["a", "b"]), [[2, 1], [4, 3]])
    with pytest.raises(ValueError, match="has no column 'c'"):
        read_inputs(file, ["a", "c"])


@pytest.mark.parametrize(("cell", "shown"), [("", "nothing"), ("?", "'\\?'"), ("nan", "'nan'")])
def test_an_input_that_is_missing_is_told_with_its_line(file: Path, cell: str, shown: str) -> None:
    file.write_text(f"a,b\n1,2\n3,{cell}\n")
    with pytest.raises(ValueError, match=f"line 3: column 'b' has {shown}, expected a number"):
        read_inputs(file, ["a", "b"])
