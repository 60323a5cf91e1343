"""What columns are understood as, which of them are left out, and what the target is."""

from typing import Any

import numpy as np
import pytest

from nn import data
from nn.data import Column, Table, judged, read_table, target_of

pd = pytest.importorskip("pandas")
nan = float("nan")


def column(cells: list[Any], name: str = "c", **options: Any) -> Column:
    return read_table(pd.DataFrame({name: cells, "other": range(len(cells))}), **options)[name]


def table(**columns: list[Any]) -> Table:
    return read_table(pd.DataFrame(columns))


def test_tables_and_columns_are_shown_in_a_line() -> None:
    assert repr(column(["a", "b", None, "a"], "city")) == "<Column city: category, 4 cells, 1 missing>"
    assert repr(Table.of(data.moons(10))) == "<Table moons: 10 rows of x0, x1, class>"
    assert repr(target_of(table(c=["a", "b"] * 5), "c")) == "<Target c: 10 rows of a or b>"
    assert repr(target_of(table(c=[0.5, 1.5, nan]), "c")) == "<Target c: 2 rows of numbers>"
    assert repr(table(**{f"c{i}": [1, 2] for i in range(21)})).endswith(
        ": 2 rows of c0, " + ", ".join(f"c{i}" for i in range(1, 20)) + ", ...>"
    )


@pytest.mark.parametrize(
    ("cells", "kind", "values"),
    [
        ([1, 2, 3], "number", [1, 2, 3]),
        ([1.5, None, np.inf], "number", [1.5, nan, nan]),
        (["1", " 2 ", "-3.5e1"], "number", [1, 2, -35]),
        (["12,345", "1,234,567.5", "-999"], "number", [12345, 1234567.5, -999]),
        (["12 345", "1\u00a0234", "7"], "number", [12345, 1234, 7]),
        (["$1,200", "€ 3", "7 EUR"], "number", [1200, 3, 7]),
        (["13 cm", "-2.5cm", None], "number", [13, -2.5, nan]),
        (["20 °C", "-2.5°C", None], "number", [20, -2.5, nan]),
        (["1.019,5", "7,25", None], "number", [1019.5, 7.25, nan]),
        (["12,345", "7", None], "number", [12345, 7, nan]),
        (["(1,200.50)", "$(3)", "7 %", "(2%)"], "number", [-1200.5, -3, 7, -2]),
        (["(-3)", "(4", "(5)"], "category", [0, 1, 2]),
        (["1a", "2b"], "category", [0, 1]),
        (["12 %", "3.5%", "n/a"], "number", [12, 3.5, nan]),
        (["1", "NA", "n/a", "-", "?", "NULL", "None", "2"], "number", [1, nan, nan, nan, nan, nan, nan, 2]),
        ([True, False, None], "boolean", [1, 0, nan]),
        ([True, False], "boolean", [1, 0]),
        (["yes", "NO", "Yes", ""], "boolean", [1, 0, 1, nan]),
        (["wahr", "falsch"], "boolean", [1, 0]),
        (["t", "f", "?"], "boolean", [1, 0, nan]),
        (["2024-01-31", "2024-02-28", None], "date", [1706659200, 1709078400, nan]),
        (["31/01/2024", "28/02/2024"], "date", [1706659200, 1709078400]),
        (["01/31/2024", "02/28/2024"], "date", [1706659200, 1709078400]),
        (["31.01.2024 12:00", "28.02.2024 00:00"], "date", [1706702400, 1709078400]),
        (["Jan 31, 2024", "Feb 28, 2024"], "date", [1706659200, 1709078400]),
        (["2024-01-31T02:00:00+02:00", "2024-02-28T00:00:00Z"], "date", [1706659200, 1709078400]),
        (["red", "blue", None, "red"], "category", [0, 1, -1, 0]),
        (["u", "u ", " v", None], "category", [0, 0, 1, -1]),
        (["01234", "99999"], "category", [0, 1]),
        (["a", 1, 1.0, b"a", None], "category", [0, 1, 1, 0, -1]),
        (["1-2", "3-4"], "category", [0, 1]),
        (["1.2.3", "4.5"], "category", [0, 1]),
        (["99/99/2024", "98/98/2024"], "category", [0, 1]),
        (["yes", "yes"], "category", [0, 0]),
        ([None, None], "category", [-1, -1]),
    ],
)
def test_kinds_are_understood(cells: list[Any], kind: str, values: list[float]) -> None:
    found = column(cells)
    assert found.kind == kind
    assert np.array_equal(found.values.astype(float), np.array(values, dtype=float), equal_nan=True)
    assert found.missing.tolist() == [np.isnan(x) if kind != "category" else x < 0 for x in values]


def test_types_of_data_frames_are_understood() -> None:
    assert column(pd.array([1, None], dtype="Int64")).values.tolist()[0] == 1
    assert column(pd.array([True, None], dtype="boolean")).kind == "boolean"
    assert list(column(pd.Categorical(["u", "v", "u"])).names) == ["u", "v"]
    assert column(pd.Categorical([2, 1, 2])).values.tolist() == [2, 1, 2]
    assert column(pd.to_datetime(["2024-01-31", None])).values.tolist()[0] == 1706659200
    assert column(pd.to_datetime(["2024-01-31"]).tz_localize("Asia/Seoul")).values.tolist() == [1706659200 - 9 * 3600]
    durations = column(pd.to_timedelta(["1 min", None]))
    assert (durations.kind, durations.values[0], durations.note) == ("number", 60, "durations, in seconds")
    texts = column(pd.Series(["u", None, "v"], dtype=object))
    assert (texts.kind, texts.values.tolist()) == ("category", [0, -1, 1])
    assert column([1 + 2j, 3]).kind == "category"
    assert column([[1, 2], [3]]).kind == "category"


def test_slips_are_missing_and_told() -> None:
    found = column([*map(str, range(20)), "x" * 40])
    assert np.isnan(found.values[-1])
    assert found.note == f"1 cell is no number (as '{'x' * 19}…'), taken as missing"
    assert column([*map(str, range(9)), "#DIV/0!"]).note == "1 cell is no number (as '#DIV/0!'), taken as missing"
    assert column([*map(str, range(8)), "#DIV/0!"]).kind == "category"
    assert column([*map(str, range(40)), "x", "y"]).note == "2 cells are no number (as 'x'), taken as missing"
    assert column(["x", "y", "1"]).kind == "category"
    assert column(["1", "2", "3", "x"]).kind == "category"
    found = column(["2024-01-31"] * 10 + [f"2024-02-{day}" for day in range(10, 29)] + ["soon"])
    assert (found.kind, found.note) == ("date", "1 cell is no date, taken as missing")
    assert column(["2024-01-31"] * 5 + [f"2024-02-{day}" for day in range(10, 29)] + ["soon"] * 9).kind == "category"
    assert column(["12%", "3%"]).note == "percent"
    assert column(["13 cm", "2cm"]).note == "in cm"
    assert column(["13", "(4)", "(5)"]).note == "'(4)' taken as negative"
    assert column([1.5, np.inf, -np.inf]).note == "2 cells are no finite number, taken as missing"


def test_an_order_of_day_and_month_that_is_open_is_told_and_can_be_said() -> None:
    cells = ["01/02/2024", "03/04/2024"]
    assert "--dates month-first" in column(cells).note
    first, last = column(cells, dates="day-first"), column(cells, dates="month-first")
    assert (first.note, last.note) == ("", "")
    assert first.values[0] == pd.Timestamp(2024, 2, 1).timestamp()
    assert last.values[0] == pd.Timestamp(2024, 1, 2).timestamp()
    again = column(cells, formats={"c": last.format})
    assert again.values.tolist() == last.values.tolist()


@pytest.mark.parametrize(
    ("cells", "kind", "values", "names"),
    [
        ([3, 1.5, 3, None], "category", [1, 0, 1, -1], ["1.5", "3"]),
        ([True, False], "category", [1, 0], ["False", "True"]),
        (pd.to_datetime(["2024-01-31"]), "category", [0], ["2024-01-31 00:00:00"]),
        (["5", "3"], "category", [0, 1], ["5", "3"]),
        ([True, False], "number", [1, 0], []),
        ([0, 1], "boolean", [0, 1], ["0", "1"]),
        (["0", "1"], "boolean", [0, 1], ["0", "1"]),
        (["yes", "yes"], "boolean", [1, 1], ["no", "yes"]),
        (["yes", "True", "maybe", None, "n"], "boolean", [1, 1, nan, nan, 0], ["n", "yes"]),
        ([0, 2], "boolean", [0, nan], ["0", "true"]),
        (["x", "1"], "number", [nan, 1], []),
        (["x", "2024-01-31"], "date", [nan, 1706659200], []),
        ([20240131, 20240228], "date", [1706659200, 1709078400], []),
    ],
)
def test_kinds_can_be_said(cells: Any, kind: str, values: list[float], names: list[str]) -> None:
    found = column(cells, kinds={"c": kind})
    assert (found.kind, list(found.names)) == (kind, names)
    assert np.array_equal(found.values.astype(float), np.array(values, dtype=float), equal_nan=True)


def test_numbers_that_are_neither_0_nor_1_are_no_boolean() -> None:
    with pytest.raises(ValueError, match="'c' has other texts than yes and no"):
        column([3, 2], kinds={"c": "boolean"})


# What is left out


@pytest.mark.parametrize(
    ("name", "cells", "reason"),
    [
        ("a", [1, 2, 3, 4], ""),
        ("id", [1, 2, 3, 4], "it only tells rows apart"),
        ("PassengerId", [9, 8, 7, 6], "it only tells rows apart"),
        ("row number", [9, 8, 7, 6], "it only tells rows apart"),
        ("Unnamed: 0", [0, 1, 2, 3], "it only tells rows apart"),
        ("store id", [1, 1, 2, 2], ""),
        ("paid", [1, 2, 3, 4], ""),
        ("id", [0.5, 1.5, 2.5, 3.5], ""),
        ("a", [1, 1, 1, 1], "always the same"),
        ("a", [1, 1, 1, None], ""),
        ("a", [None] * 4, "empty"),
        ("a", ["u", "v", "w", "x"], "4 different texts in 4 rows, too many"),
        ("a", ["u", "v", None, None], "2 different texts in 4 rows, none of them twice"),
        ("a", ["u", "v", "u", "w"], ""),
        ("a", ["u", "u", "u", "u"], "always the same"),
    ],
)
def test_what_says_nothing_is_left_out(name: str, cells: list[Any], reason: str) -> None:
    found = judged(table(**{name: cells, "b": [2, 1, 4, 3], "y": [0, 1, 0, 1]}), "y")
    assert found[name].left_out == reason
    assert found["b"].left_out == found["y"].left_out == ""


def test_a_user_may_leave_columns_out() -> None:
    found = judged(table(a=[1, 2], b=[1, 2], y=[1, 2]), "y", ["a"])
    assert found["a"].left_out == "as you said"
    with pytest.raises(ValueError, match="no column 'speed'"):
        judged(found, "y", ["speed"])


def test_row_numbers_are_an_input_if_nothing_else_is_there() -> None:
    found = judged(table(id=[1, 2, 3], y=[0, 1, 0]), "y")
    assert (found["id"].left_out, found["id"].note) == ("", "it only tells rows apart, but is all there is")
    with pytest.raises(ValueError, match=r"no column to learn from beside 'y' \('id': as you said\)"):
        judged(found, "y", ["id"])
    with pytest.raises(ValueError, match=r"no column to learn from beside 'y'$"):
        judged(table(y=[0, 1, 0]), "y")


def test_long_columns_of_texts_that_differ_are_not_looked_at_further() -> None:
    n = 30_000
    frame = pd.DataFrame({"name": [f"user {i}" for i in range(n)], "few": ["u", "v"] * (n // 2)})
    frame["numbers"] = [f"{i:,}" for i in range(n)]
    frame["gaps"] = frame["name"].where(np.arange(n) % 4 > 0)
    found = read_table(frame)
    assert found["name"].left_out == found["gaps"].left_out == "nearly all its texts differ"
    assert found["gaps"].missing.sum() == n / 4
    assert (found["few"].kind, found["numbers"].kind) == ("category", "number")
    with pytest.raises(ValueError, match="'name' has texts that nearly all differ, which can't be classes"):
        target_of(found, "name")
    with pytest.raises(ValueError, match="30,000 different values in 30,000 rows, too many for classes"):
        target_of(read_table(frame, target="name"), "name")


# The target


@pytest.mark.parametrize(
    ("targets", "task", "classes", "y"),
    [
        (["3", "10", "3", "10"] * 3, "auto", ("3", "10"), [0, 1, 0, 1] * 3),
        (["no", "yes", "yes", "no"], "auto", ("no", "yes"), [0, 1, 1, 0]),
        ([True, False, True], "auto", ("False", "True"), [1, 0, 1]),
        (["2", "x", "10", "x"], "classification", ("2", "10", "x"), [0, 2, 1, 2]),
        ([0.5, 2, 3, 4], "auto", (), [0.5, 2, 3, 4]),
        ([1, 2, 3, 4], "auto", (), [1, 2, 3, 4]),
        ([1, 2, 3, 4], "regression", (), [1, 2, 3, 4]),
        ([1, 2, 3] * 5, "auto", ("1", "2", "3"), [0, 1, 2] * 5),
        ([0.5, 1.5, 0.5, 1.5], "classification", ("0.5", "1.5"), [0, 1, 0, 1]),
        (["-", "+", "-", "+"], "auto", ("+", "-"), [1, 0, 1, 0]),
        (["none", "mild", "none", "mild"], "auto", ("mild", "none"), [1, 0, 1, 0]),
        (["a", "b", "c", "d"], "classification", ("a", "b", "c", "d"), [0, 1, 2, 3]),
        (["u", None, "v", ""], "auto", ("u", "v"), [0, 1]),
    ],
)
def test_texts_and_few_whole_numbers_are_classes_and_others_a_regression(
    targets: list[Any], task: str, classes: tuple[str, ...], y: list[float]
) -> None:
    found = target_of(table(y=targets), "y", task)
    assert (found.classes, found.y.tolist()) == (classes, y)


def test_whole_numbers_say_what_they_are_taken_for() -> None:
    assert "301 values: a regression; for classes, --task classification" in target_of(table(y=range(301)), "y").note
    assert "3 values: taken as classes; if not, --task regression" in target_of(table(y=[1, 2, 3] * 9), "y").note
    assert target_of(table(y=[0, 1] * 9), "y").note == ""


@pytest.mark.parametrize(
    ("targets", "task", "message"),
    [
        ([None, None], "auto", "'y' is empty: there is nothing to predict"),
        (["u", "u"], "auto", "every target is 'u': there is nothing to tell apart"),
        ([2, 2], "auto", "every target is '2': there is nothing to tell apart"),
        (["u", "u", None], "auto", "every target is 'u', or missing \\(in 1 of 3 rows\\): there"),
        ([True, True], "auto", "every target is 'True'"),
        (["u", "v", "w"], "auto", "3 different values in 3 rows, too many for classes.*--task classification"),
        (["u", "v"], "regression", "'y' is text, not numbers: it can't be the target of a regression"),
        (["2024-01-31", "2024-02-28"], "auto", "'y' is of dates, which can't be predicted"),
        ([1, 2], "regresion", "unknown task 'regresion': choose one of auto, classification, regression"),
    ],
)
def test_what_can_be_no_target_is_told(targets: list[Any], task: str, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        target_of(table(y=targets), "y", task)


def test_a_misspelt_column_gets_the_nearest_name() -> None:
    with pytest.raises(ValueError, match=r"has no column 'specis': did you mean 'species'\?"):
        table(length=[1], species=[2])["specis"]
    wide = table(**{f"x{i}": [i] for i in range(30)})
    with pytest.raises(ValueError, match=r"its columns are x0, .*, x19, \.\.\.$"):
        wide["something else"]


def test_data_sets_are_tables() -> None:
    iris = Table.of(data.iris())
    assert (len(iris), iris.name, iris["species"].names[2]) == (150, "iris", "virginica")
    assert target_of(iris, "species").y.tolist() == data.iris().y.tolist()
    assert Table.of(data.Dataset("line", np.eye(2), np.array([0.5, 1.5]), classes=()))["class"].kind == "number"
