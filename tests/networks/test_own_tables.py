"""Tables that people bring, from `train` to `predict`: what is learned, what is said, and that no row is lost."""

import io
import json
import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from nn import command_line, training
from nn.command_line.predict import harmless
from nn.data import Preparation, judged, read_table, target_of

pd = pytest.importorskip("pandas")


def main(*arguments: str | Path) -> int:
    return command_line.main(list(map(str, arguments)))


@pytest.fixture(autouse=True)
def in_a_folder_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def passengers(n: int = 240) -> Any:
    """Of whom four in five women and one in five men survive."""
    rng = np.random.default_rng(1)
    woman = rng.random(n) < 0.5
    return pd.DataFrame(
        {
            "PassengerId": np.arange(1, n + 1),
            "Survived": (rng.random(n) < np.where(woman, 0.9, 0.1)).astype(int),
            "Name": [f"Passenger, no. {i}" for i in range(n)],
            "Sex": np.where(woman, "female", "male"),
            "Age": np.where(rng.random(n) < 0.2, np.nan, rng.integers(1, 80, n)),
            "Embarked": rng.choice(["S", "C", "Q", ""], n),
        }
    )


def accuracy(printed: str) -> float:
    line = next(line for line in printed.splitlines() if line.startswith("test  accuracy"))
    return float(line.split()[2].rstrip("%,")) / 100


def test_text_and_missing_cells_are_learned_from_and_all_rows_used(capsys: pytest.CaptureFixture[str]) -> None:
    passengers().to_csv("passengers.csv", index=False)
    assert main("train", "passengers.csv", "--target", "Survived", "--epochs", "30") == 0
    printed = capsys.readouterr().out
    assert accuracy(printed) >= 0.75
    assert printed.startswith("passengers.csv: 240 rows, 8 inputs, 2 classes\n  to be predicted: Survived, classes 0 (")
    lines = {line.split()[0]: line for line in printed.splitlines() if line.startswith("    ")}
    assert "left out: it only tells rows apart" in lines["PassengerId"]
    assert "left out: 240 different texts in 240 rows, too many" in lines["Name"]
    assert lines["Sex"].split(maxsplit=1)[1].split("  ")[0] == "text, 2 values"
    assert lines["Sex"].endswith("2 inputs, one for each value")
    assert lines["Age"].endswith("2 inputs, and whether it is missing")
    run = Path("out/run.html").read_text(encoding="utf-8")
    assert all(f'"{name}"' in run for name in ("Sex=male", "Sex=female", "Age", "Age is missing"))
    parts = next(line for line in printed.splitlines() if "held out" in line)
    assert sum(int(word) for word in parts.split() if word.isdigit()) == 240

    passengers(60).drop(columns=["Survived", "Name"]).assign(Embarked="X").to_csv("more.csv", index=False)
    assert main("predict", "out/model.safetensors", "more.csv") == 0
    done = capsys.readouterr()
    target, *predicted = done.out.splitlines()
    assert (target, len(predicted), set(predicted)) == ("Survived", 60, {"0", "1"})
    assert done.err == "note: column 'Embarked' has 60 cells of a text that the training part hadn't\n"
    assert np.mean((passengers(60)["Sex"] == "female") == (np.array(predicted) == "1")) > 0.9


@pytest.mark.parametrize(
    "write",
    [
        lambda frame: frame.to_csv(sep=";", decimal=",", index=False).encode(),
        lambda frame: b"sep=;\r\n" + frame.to_csv(sep=";", index=False).encode(),
        lambda frame: frame.rename(columns={"a": "größe"}).to_csv(index=False).encode("latin-1"),
        lambda frame: frame.assign(a=frame["a"] > 0, b=0).to_csv().encode(),
        lambda frame: frame.assign(a=[f"{int(1e6 * x):,}" for x in frame["a"]], b=0).to_csv(index=False).encode(),
    ],
    ids=["decimal commas", "sep=", "Latin-1", "truths and row numbers", "thousands"],
)
def test_tables_of_all_kinds_are_learned(write: Any, capsys: pytest.CaptureFixture[str]) -> None:
    rng = np.random.default_rng(0)
    frame = pd.DataFrame(rng.normal(size=(200, 2)).round(3), columns=["a", "b"])
    frame["y"] = np.where(frame["a"] > 0, "good", "bad")
    Path("table.csv").write_bytes(write(frame))
    assert main("train", "table.csv", "--target", "y", "--epochs", "40") == 0
    assert accuracy(capsys.readouterr().out) >= 0.95


def test_whole_numbers_of_many_values_are_a_regression(capsys: pytest.CaptureFixture[str]) -> None:
    rng = np.random.default_rng(0)
    area = rng.integers(20, 200, 300)
    when = pd.to_datetime("2024-01-01") + pd.to_timedelta(rng.integers(0, 900, 300), unit="D")
    pd.DataFrame({"area": area, "sold": when.strftime("%d.%m.%Y"), "price": 1000 * area}).to_csv("h.csv", index=False)
    assert main("train", "h.csv", "--target", "price", "--epochs", "20", "--folds", "2") == 0
    printed = capsys.readouterr().out
    assert "values: a regression; for classes, --task classification" in printed
    assert "dates 2024-01-0" in printed
    assert "5 inputs: the time, and where it is in its cycles" in printed
    assert "2 folds: error (rms) " in printed
    assert Path("out/predictions.png").read_bytes().startswith(b"\x89PNG")
    assert main("predict", "out/model.safetensors", "h.csv") == 0
    predicted = np.array(capsys.readouterr().out.split()[1:], dtype=float)
    assert np.abs(predicted - 1000 * area).mean() < 10_000


def test_rare_classes_are_counted_by_class_too(capsys: pytest.CaptureFixture[str]) -> None:
    rng = np.random.default_rng(0)
    frame = pd.DataFrame({"a": rng.normal(size=300), "b": rng.normal(size=300)})
    frame.assign(y=np.where(frame["a"] > 1.3, "ill", "well")).to_csv("rare.csv", index=False)
    assert main("train", "rare.csv", "--target", "y", "--epochs", "10") == 0
    assert "test  balanced accuracy" in capsys.readouterr().out


def test_what_is_no_better_than_the_baseline_is_said_in_words(capsys: pytest.CaptureFixture[str]) -> None:
    rng = np.random.default_rng(3)
    frame = pd.DataFrame({"a": rng.normal(size=100), "b": rng.normal(size=100), "y": rng.choice(["u", "v"], 100)})
    frame.to_csv("noise.csv", index=False)
    assert main("train", "noise.csv", "--target", "y", "--patience", "0", "--epochs", "60", "--lr", "0.1") == 0
    printed = capsys.readouterr().out
    assert (
        "warning: the network is not clearly better than always predicting the largest class: it has learned" in printed
    )
    assert "--folds 5 tells more" in printed
    assert "80 rows to train on, 20 held out" in printed
    frame.assign(y=rng.normal(size=100)).to_csv("noise.csv", index=False)
    assert main("train", "noise.csv", "--target", "y", "--epochs", "1", "--lr", "1e-6") == 0
    printed = capsys.readouterr().out
    assert "than always predicting the mean: the columns may have nothing to do with the target" in printed
    assert "--search" in printed


def test_folds_and_search_try_several_networks(capsys: pytest.CaptureFixture[str]) -> None:
    assert main("train", "moons", "--epochs", "2", "--folds", "3", "--search") == 0
    printed = capsys.readouterr().out.splitlines()
    at = printed.index("searched, best first:")
    tried = [float(line.split()[2]) for line in printed[at + 1 : at + 9]]
    assert tried == sorted(tried)
    assert printed[at + 9].startswith("3 folds: accuracy ")
    hidden = printed[at + 1].split("--hidden ")[1].split(" --lr")[0].split()
    model = next(line for line in printed if line.startswith("MLP(2"))
    assert f"[{', '.join([*hidden, '1'])}]" in model


def test_few_rows_are_not_searched(capsys: pytest.CaptureFixture[str]) -> None:
    pd.DataFrame({"a": range(20), "y": ["u", "v"] * 10}).to_csv("few.csv", index=False)
    assert main("train", "few.csv", "--target", "y", "--search") == 1
    assert "error: --search compares on validation rows: it needs 50 rows" in capsys.readouterr().err
    assert main("train", "few.csv", "--target", "y", "--epochs", "2") == 0
    assert "16 rows to train on (fewer than 50: all epochs are run), 4 held out" in capsys.readouterr().out


@pytest.mark.parametrize("options", [["--search"], ["--folds", "2"]])
def test_ctrl_c_ends_a_search_and_a_cross_validation(options: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    stopped = training.History(loss=[1.0], validation_loss=[1.0], stopped="interrupted in epoch 2")
    monkeypatch.setattr(training, "fit", lambda *_, **__: stopped)
    assert main("train", "moons", *options) == 130


def test_a_search_survives_rates_that_diverge_and_folds_say_so(capsys: pytest.CaptureFixture[str]) -> None:
    diverging = ["--activation", "relu", "--optimizer", "sgd", "--lr", "1e9", "--epochs", "2"]
    assert main("train", "moons", *diverging, "--search") == 0
    assert "validation loss inf" in capsys.readouterr().out
    assert main("train", "moons", *diverging, "--folds", "2") == 1
    assert capsys.readouterr().err.startswith("error: diverged in step")


def test_options_say_what_columns_are(capsys: pytest.CaptureFixture[str]) -> None:
    pd.DataFrame({"code": [1, 2] * 30, "a": range(60), "y": ["u", "v"] * 30}).to_csv("t.csv", index=False, sep=";")
    options = ["--as", "code=category", "--drop", "a", "--separator", "semicolon", "--header", "yes", "--epochs", "2"]
    assert main("train", "t.csv", "--target", "y", *options) == 0
    printed = capsys.readouterr().out
    assert "code  text, 2 values" in printed
    assert "left out: as you said" in printed
    assert main("predict", "out/model.safetensors", "t.csv", "--separator", ";") == 0


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (
            ["--as", "c=number"],
            "column 'c' is no number, as --as says: 60 cells are no number (as 'a'), taken as missing",
        ),
        (["--as", "y=date"], "column 'y' is no date, as --as says: 60 cells are no date, taken as missing"),
        (["--drop", "y"], "column 'y' is to be predicted: it can't be left out"),
    ],
)
def test_what_columns_are_not_is_told(options: list[str], message: str, capsys: pytest.CaptureFixture[str]) -> None:
    pd.DataFrame({"a": range(60), "c": ["a", "b"] * 30, "y": ["u", "v"] * 30}).to_csv("t.csv", index=False)
    assert main("train", "t.csv", "--target", "y", *options) == 1
    assert capsys.readouterr().err == f"error: {message}\n"


def test_what_was_noted_of_a_table_is_told_with_its_error(capsys: pytest.CaptureFixture[str]) -> None:
    Path("t.csv").write_text("a;y\n" + "".join(f"{i},5;{i}.5\n" for i in range(60)))
    assert main("train", "t.csv", "--target", "y") == 1
    assert capsys.readouterr().err.endswith("the decimal mark is taken for a point; --decimal says another\n")


def test_a_target_beyond_all_bounds_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    pd.DataFrame({"a": range(60), "y": 1e307 * np.arange(-15, 15, 0.5)}).to_csv("t.csv", index=False)
    assert main("train", "t.csv", "--target", "y") == 1
    assert capsys.readouterr().err.startswith("error: column 'y' has numbers too large, or too small, for their")


def test_names_whose_letters_no_font_has_are_drawn_without_a_warning() -> None:
    pd.DataFrame({"\U00013080": range(60), "b": [1, 2] * 30, "y": ["u", "v"] * 30}).to_csv("t.csv", index=False)
    assert main("train", "t.csv", "--target", "y", "--hidden", "2", "--epochs", "1") == 0


def test_200_classes_of_few_rows_each_are_learned(capsys: pytest.CaptureFixture[str]) -> None:
    pd.DataFrame({"a": np.arange(800), "b": np.arange(800) ** 2, "y": [f"sku {i // 4}" for i in range(800)]}).to_csv(
        "t.csv", index=False
    )
    assert main("train", "t.csv", "--target", "y", "--hidden", "2", "--epochs", "1", "--test", "0.5") == 0
    assert "400 rows to train on (too few of each class to spare some: all epochs are run)" in capsys.readouterr().out
    assert main("train", "t.csv", "--target", "y", "--hidden", "2", "--epochs", "1") == 0
    assert "400 rows to train on, 200 to choose when to stop, 200 held out" in capsys.readouterr().out
    pd.DataFrame({"a": [1, 2, 3], "y": ["u", "v", "w"]}).to_csv("t.csv", index=False)
    assert main("train", "t.csv", "--target", "y", "--task", "classification") == 1
    assert "each of the 3 rows is a class of its own: none can be held out; add rows" in capsys.readouterr().err


def test_predictions_read_thousands_as_the_training_did(capsys: pytest.CaptureFixture[str]) -> None:
    price = np.arange(900, 1500) * 1.5
    written = [f"{x:,.2f} €".translate(str.maketrans(",.", ".,")) for x in price]
    pd.DataFrame({"Preis": written, "Steuer": price / 5}).to_csv("t.csv", index=False, sep=";", decimal=",")
    assert main("train", "t.csv", "--target", "Steuer", "--hidden", "8", "--epochs", "5") == 0
    capsys.readouterr()
    for new in ("Preis;b\n1.800 €;x\n1.800 €;y\n", "Preis;b\n1.800,00 €;x\n1.800 €;y\n", "Preis;b\n1800;x\n1800.0;y\n"):
        Path("new.csv").write_text(new, encoding="utf-8")
        assert main("predict", "out/model.safetensors", "new.csv") == 0
        done = capsys.readouterr()
        assert [float(x) for x in done.out.split()[1:]] == pytest.approx([360, 360], rel=0.05)
        assert ("note: numbers have a decimal comma" in done.err) == ("€" in new)


def test_pictures_of_an_earlier_run_are_told(capsys: pytest.CaptureFixture[str]) -> None:
    Path("out").mkdir()
    Path("out/predictions.csv").write_text("of the user")
    for data, earlier in (("xor", []), ("blobs", []), ("iris", ["of an earlier run, not of this one: boundary.png"])):
        assert main("train", data, "--hidden", "2", "--epochs", "1") == 0
        lines = [line for line in capsys.readouterr().out.splitlines() if "earlier" in line]
        assert lines == earlier


def test_columns_without_a_header_have_numbers(capsys: pytest.CaptureFixture[str]) -> None:
    Path("bare.csv").write_text("1.5,2,u\n2.5,1,v\n" * 30)
    assert main("train", "bare.csv", "--target", "3", "--epochs", "1") == 0
    assert "to be predicted: column 3, classes u (30), v (30)" in capsys.readouterr().out


def test_a_wide_table_is_told_in_few_lines(capsys: pytest.CaptureFixture[str]) -> None:
    rng = np.random.default_rng(0)
    wide = pd.DataFrame(rng.normal(size=(20, 60)), columns=[f"{'x' * 40} {i}" for i in range(60)])
    wide.assign(y=[f"class {i}" for i in range(10)] * 2).to_csv("wide.csv", index=False)
    assert main("train", "wide.csv", "--target", "y", "--epochs", "1", "--test", "0.5") == 0
    printed = capsys.readouterr().out
    assert "... and 20 more columns" in printed
    assert ", ...\n" in printed
    assert f"    {'x' * 23}…  numbers" in printed


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ("--as a", "expected COLUMN=KIND, where KIND is number, category, boolean, date; got 'a'"),
        ("--as =date", "expected COLUMN=KIND"),
        ("--separator ab", "expected one character, tab or space, got 'ab'"),
        ("--folds 1", "expected a whole number of at least 2, got '1'"),
        ("--patience -1", "expected a whole number of at least 0, got '-1'"),
    ],
)
def test_wrong_options_are_told(arguments: str, message: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main("train", "t.csv", *arguments.split())
    assert message in capsys.readouterr().err


@pytest.mark.parametrize(
    ("name", "written"),
    [
        ("=1+1", "'=1+1"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("-", "'-"),
        ("+x", "'+x"),
        ("\tx", "'\tx"),
        (" =1", "' =1"),
        ("-1", "-1"),
        ("+2.5", "+2.5"),
        ("a=b", "a=b"),
    ],
)
def test_no_class_becomes_a_formula(name: str, written: str) -> None:
    assert harmless(name) == written


def test_predictions_hold_no_formula(capsys: pytest.CaptureFixture[str]) -> None:
    pd.DataFrame({"a": range(60), "=y": ["=1+1", "@x"] * 30}).to_csv("evil.csv", index=False)
    assert main("train", "evil.csv", "--target", "=y", "--epochs", "1") == 0
    capsys.readouterr()
    assert main("predict", "out/model.safetensors", "evil.csv") == 0
    target, *cells = capsys.readouterr().out.splitlines()
    assert target == "'=y"
    assert set(cells) <= {"'=1+1", "'@x"}


# Any table at all

CELLS = {
    "number": st.floats(allow_infinity=False, width=32).map(lambda x: "" if np.isnan(x) else repr(x)),
    "whole": st.integers(-9999, 9999).map(str),
    "thousands": st.integers(0, 10**7).map(lambda x: f"{x:,}"),
    "percent": st.integers(0, 100).map(lambda x: f"{x} %"),
    "truth": st.sampled_from(["yes", "no", "Yes", "?"]),
    "few": st.sampled_from(["red", "blue", "größe", "none", '"', "a;b", "x\ny"]),
    "text": st.text(  # without the \r that pandas forgets to quote
        st.characters(codec="latin-1", exclude_characters="\0\r"), max_size=8
    ),
    "date": st.dates().map(str),
    "mixed": st.sampled_from(["1", "x", "2024-01-31", "", "12,5", "NA"]),
    "empty": st.just(""),
}
KINDS = st.lists(st.sampled_from(sorted(CELLS)), min_size=1, max_size=4)


@given(st.data(), KINDS, st.integers(2, 25))
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_table_loses_a_row_or_ends_in_a_traceback(draw: Any, kinds: list[str], n: int) -> None:
    columns = {f"{kind} {i}": [draw.draw(CELLS[kind]) for _ in range(n)] for i, kind in enumerate(kinds)}
    frame = pd.DataFrame({**columns, "y": draw.draw(st.lists(st.sampled_from("uv"), min_size=n, max_size=n))})
    text = frame.to_csv(
        index=False,
        sep=draw.draw(st.sampled_from(",;\t|")),
        lineterminator=draw.draw(st.sampled_from(["\n", "\r\n"])),
        quoting=draw.draw(st.sampled_from([0, 1])),
    )
    Path("any.csv").write_bytes(text.encode(draw.draw(st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "latin-1"]))))
    try:
        table = read_table("any.csv", target="y")
        assert len(table) == n
        assert list(table.columns) == list(frame.columns)
        found, judgement = target_of(table, "y"), judged(table, "y")
    except ValueError as error:
        assert re.fullmatch(".+", str(error))  # noqa: PT017 (there may be none)
        return
    inputs = [column.name for column in judgement if column.name != "y" and not column.left_out]
    preparation = Preparation.of(table.take(found.rows[: n // 2 + 1]), inputs)
    again = Preparation.from_json(json.loads(json.dumps(preparation.to_json())))
    X = again.apply(read_table("any.csv", kinds=again.columns, formats=again.formats))
    assert X.shape == (n, len(preparation.inputs))
    assert np.isfinite(X).all()
    assert np.array_equal(X, preparation.apply(table))


@given(st.binary(max_size=200) | st.text(max_size=80).map(str.encode))
@settings(max_examples=100, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_bytes_are_a_table_or_a_clear_error(content: bytes) -> None:
    Path("any.csv").write_bytes(content)
    try:
        table = read_table("any.csv")
    except (ValueError, OSError):
        return
    assert all(len(column.values) == len(table) for column in table)


@pytest.mark.parametrize("decimal", [".", ","])
def test_a_frame_of_text_is_read_as_its_file_is(decimal: str) -> None:
    frame = (
        passengers(40)
        .astype(str)
        .apply(lambda column: column.str.replace(r"(\d)\.(\d)", rf"\1{decimal}\2", regex=True))
    )
    from_file = read_table_of(frame.to_csv(index=False, sep=";"))
    frame.to_parquet("table.parquet")
    for column in (*read_table(frame), *read_table(Path("table.parquet")), *read_table(frame, decimal=decimal)):
        other = from_file[column.name]
        assert (column.kind, list(column.names)) == (other.kind, list(other.names))
        assert np.array_equal(column.values, other.values, equal_nan=True)


def read_table_of(text: str) -> Any:
    Path("table.csv").write_text(io.StringIO(text).read())
    return read_table("table.csv")


def test_the_page_about_tables_says_what_is(capsys: pytest.CaptureFixture[str]) -> None:
    page = (Path(command_line.__file__).parents[2] / "docs" / "tables.md").read_text()
    (code,) = re.findall(r"```python\n(.*?)```", page, re.DOTALL)
    exec(code, {})
    (said,) = re.findall(r"# (\[.*\])$", code, re.MULTILINE)
    assert capsys.readouterr().out.strip() == said
