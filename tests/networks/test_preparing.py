"""Columns as inputs: the same numbers as scikit-learn's transformers, learned once, kept in JSON."""

import json
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nn import data
from nn.data import Column, Preparation, Standardizer, Table

numbers = st.floats(-1e6, 1e6, width=32) | st.just(float("nan"))
texts = st.sampled_from(["u", "v", "w", "x", None])


def table(**columns: list[Any]) -> Table:
    """Columns of numbers, and of texts."""
    made = {}
    for name, cells in columns.items():
        if any(isinstance(cell, str) for cell in cells):
            names = sorted({cell for cell in cells if cell is not None})
            codes = np.array([-1 if cell is None else names.index(cell) for cell in cells])
            made[name] = Column(name, "category", codes, names)
        else:
            made[name] = Column(name, "number", np.array(cells, dtype=float))
    return Table("made", made, len(next(iter(columns.values()))))


def dates(*days: str) -> Table:
    seconds = np.array(days, dtype="datetime64[s]")
    values = np.where(np.isnat(seconds), np.nan, seconds.astype(np.int64))
    return Table("made", {"d": Column("d", "date", values, format="ISO8601")}, len(days))


@given(st.lists(numbers, min_size=2, max_size=20), st.lists(numbers, min_size=1, max_size=10))
def test_numbers_are_those_of_scikit_learn(train: list[float], other: list[float]) -> None:
    impute, preprocessing = pytest.importorskip("sklearn.impute"), pytest.importorskip("sklearn.preprocessing")
    if np.isnan(train).all():
        train = [*train, 0.0]
    preparation = Preparation.of(table(a=train), ["a"])
    imputer = impute.SimpleImputer(strategy="median").fit(np.array(train)[:, None])
    scaler = preprocessing.StandardScaler().fit(imputer.transform(np.array(train)[:, None]))
    missing = np.isnan(train).any()
    assert preparation.inputs == ["a", "a is missing"][: 1 + missing]
    for cells in (train, other):
        X = preparation.apply(table(a=cells))
        expected = scaler.transform(imputer.transform(np.array(cells)[:, None]))
        assert X[:, :1] == pytest.approx(expected, rel=1e-6, abs=1e-6 * (1 + np.nanmax(np.abs(expected))))
        if missing:
            assert X[:, 1].tolist() == np.isnan(cells).tolist()


@given(st.lists(texts, min_size=4, max_size=30), st.lists(st.sampled_from(["u", "v", "new"]), min_size=1))
def test_texts_are_one_hot_as_in_scikit_learn(train: list[str | None], other: list[str]) -> None:
    preprocessing = pytest.importorskip("sklearn.preprocessing")
    train = [*train, "u", "u", "u", "v", "v", "v"]
    preparation = Preparation.of(table(c=train), ["c"])
    expected = preprocessing.OneHotEncoder(
        min_frequency=2, handle_unknown="infrequent_if_exist", sparse_output=False
    ).fit(np.array([[cell] for cell in train if cell is not None]))
    values = [name.removeprefix("c=") for name in preparation.inputs if "=" in name]
    order = np.argsort(values)
    rare = "c is rare" in preparation.inputs
    assert rare == bool(expected.infrequent_categories_[0] is not None)
    for cells in ([cell for cell in train if cell is not None], other):
        X = preparation.apply(table(c=cells))
        ours = X[:, [*order, *[len(values)] * rare]]
        assert ours.tolist() == expected.transform(np.array(cells)[:, None]).tolist()
        if None in train:
            assert not X[:, -1].any()
    if None in train:
        assert preparation.apply(table(c=["u", None]))[1].tolist() == [0] * (X.shape[1] - 1) + [1]


def test_only_the_training_part_counts() -> None:
    train, other = table(a=[0.0, 2.0], c=["u", "u"]), table(a=[1e9, 4.0], c=["v", "u"])
    preparation = Preparation.of(train, ["a", "c"])
    assert preparation.apply(other)[1].tolist() == [3, 1]


def test_dates_are_the_time_that_passes_and_places_on_circles() -> None:
    preparation = Preparation.of(dates("2020-01-01", "2021-07-01T12:00", "2022-01-01", "NaT"), ["d"])
    cycles = [f"d: {cycle}, {f}" for cycle in ("time of day", "weekday", "season") for f in ("sin", "cos")]
    assert preparation.inputs == ["d", "d is missing", *cycles]
    assert (preparation.columns, preparation.formats) == ({"d": "date"}, {"d": "ISO8601"})
    X = preparation.apply(dates("2020-03-01", "2020-03-02", "2020-03-02T12:00", "NaT"))
    circle = X[:, 2:].reshape(4, 3, 2)
    assert (circle**2).sum(axis=2) == pytest.approx(np.ones((4, 3)))
    assert circle[0, 0] == pytest.approx([0, 1])  # midnight
    assert circle[2, 0] == pytest.approx([0, -1], abs=1e-9)  # noon
    assert X[:, 1].tolist() == [0, 0, 0, 1]
    monday, next_monday = (preparation.apply(dates(day))[0, 4:6] for day in ("2024-01-01", "2024-01-08"))
    assert monday == pytest.approx(next_monday)
    new_year, eve = (preparation.apply(dates(day))[0, 6:8] for day in ("2024-01-01", "2023-12-31"))
    assert np.abs(new_year - eve).max() < 0.02
    mere = Preparation.of(dates("2020-01-01", "2020-01-03"), ["d"])
    assert mere.inputs == ["d"]  # in three days, no cycle is gone through


@pytest.mark.parametrize("days", [["NaT", "NaT"], ["2020-01-01", "2020-01-01"]])
def test_dates_that_say_nothing_do_no_harm(days: list[str]) -> None:
    preparation = Preparation.of(dates(*days), ["d"])
    assert np.isfinite(preparation.apply(dates("2020-01-01", "NaT"))).all()


def test_json_keeps_all_of_it() -> None:
    train = table(a=[0.0, 2.0, float("nan")], c=["u", "u", None])
    both = Table("made", {**train.columns, **dates("2020-01-01", "2023-01-01", "NaT").columns}, 3)
    preparation = Preparation.of(both, ["d", "a", "c"])
    again = Preparation.from_json(json.loads(json.dumps(preparation.to_json())))
    assert again == preparation
    assert again.columns == {"d": "date", "a": "number", "c": "category"}
    assert np.array_equal(again.apply(both), preparation.apply(both))


@pytest.mark.parametrize("parts", [[{}], [{"part": "Words"}], [{"part": "Numbers"}], [{"part": "Dates"}], [3], 3])
def test_other_json_is_refused(parts: Any) -> None:
    with pytest.raises(ValueError, match="these are no columns as 'train' writes them"):
        Preparation.from_json(parts)


def test_what_is_new_in_a_table_is_told() -> None:
    preparation = Preparation.of(table(a=[0.0, 2.0], c=["u", "u"], r=["u", "u"]), ["a", "c", "r"])
    assert preparation.surprises(table(a=[1.0], c=["u"], r=["u"])) == []
    assert preparation.surprises(table(a=[1.0, float("nan")], c=["new", "v"], r=["u", None])) == [
        "column 'a' has 1 cell missing; in the training part it had none",
        "column 'c' has 2 cells of a text that the training part hadn't",
        "column 'r' has 1 cell missing; in the training part it had none",
    ]
    some_missing = Preparation.of(table(a=[0.0, float("nan")]), ["a"])
    slipped = Column("a", "number", np.array([1.0, np.nan]), note="1 cell is no number (as 'x'), taken as missing")
    assert some_missing.surprises(Table("made", {"a": slipped}, 2)) == [f"column 'a': {slipped.note}"]
    rare = Preparation.of(table(c=["u", "u", "v"]), ["c"])
    assert rare.surprises(table(c=["new", "u"])) == []


def test_mere_numbers_have_a_standardizer() -> None:
    moons = data.moons()
    preparation = Preparation.of(Table.of(moons), ["x0", "x1"])
    standardizer = preparation.standardizer()
    assert standardizer is not None
    assert standardizer.apply(moons.X) == pytest.approx(Standardizer.of(moons.X).apply(moons.X))
    assert Preparation.of(table(a=[1.0, float("nan")]), ["a"]).standardizer() is None


@pytest.mark.parametrize("numbers", [[1e308, -1e308], [1e-320, 3e-320]])
def test_numbers_that_overflow_or_vanish_are_refused(numbers: list[float]) -> None:
    with pytest.raises(ValueError, match="'a' has numbers too large, or too small, for their deviation: rescale them"):
        Preparation.of(table(a=numbers), ["a"])


def test_a_table_without_the_column_is_refused() -> None:
    with pytest.raises(ValueError, match="no column 'a'"):
        Preparation.of(table(a=[1.0]), ["a"]).apply(table(b=[1.0]))
