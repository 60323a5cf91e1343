"""With many rows, lanes and their gradients share places that are not in use at the same time."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograd import Value, engine, functions, record, sin, sqrt

if engine == "python":
    pytest.skip("nothing is compiled", allow_module_level=True)

from autograd.replay.plain import PlainReplay
from autograd.replay.planning.linear_scan import linear_scan

lives = st.lists(st.tuples(st.integers(0, 30), st.integers(0, 10), st.integers(1, 5)), max_size=30).map(
    lambda them: [(first, first + length, size) for first, length, size in them]
)


def in_use(lives, time):
    return [i for i, (first, last, _) in enumerate(lives) if first <= time <= last]


@given(lives)
def test_what_is_in_use_at_once_does_not_overlap(lives):
    places, end = linear_scan(lives)
    for time, _, _ in lives:
        taken = [n for i in in_use(lives, time) for n in range(places[i], places[i] + lives[i][2])]
        assert len(taken) == len({*taken} & {*range(end)})


@given(lives)
def test_there_are_as_many_single_places_as_are_in_use_at_once(lives):
    lives = [(first, last, 1) for first, last, _ in lives]
    _, end = linear_scan(lives)
    assert end == max((len(in_use(lives, time)) for time, _, _ in lives), default=0)


@pytest.mark.parametrize(
    ("step", "most"),
    [
        (lambda x: x * 2 + 1, 6),  # no derivative reads a number
        (sin, 105),  # each reads its operand; gradients are in use for one step
    ],
)
def test_a_long_path_takes_up_what_its_derivatives_read(step, most):
    def path(x):
        for _ in range(100):
            x = step(x)
        return x

    (replay,) = record(path, 1.0).replays
    plan = replay._program(True).plan
    assert plan.lane_slots > 100
    assert plan.places.size <= most


def test_what_takes_the_place_of_its_operand_leaves_its_neighbours():
    """1 - x and 1 + x stand two apart, and between them 1 - y."""
    recording = record(lambda x, y: sqrt(1 - x) / sqrt(1 + x) + (1 - y) * x, 0.5, 0.5)
    x, y = np.linspace(-0.9, 0.9, 19), np.linspace(2.0, -2.0, 19)
    np.testing.assert_allclose(recording(x, y), np.sqrt(1 - x) / np.sqrt(1 + x) + (1 - y) * x, 1e-14)


@given(
    st.lists(
        st.tuples(st.booleans(), *[st.integers(0, 9)] * 2, st.sampled_from(["exp", "neg", "tan", "relu", "sin"])),
        min_size=2,
        max_size=9,
    ),
    st.sampled_from([1, 9]),
)
def test_functions_of_sums_and_differences_share_places_only_where_they_may(terms, rows):
    def program(*xs):
        made = [(xs[i % 3] + xs[j % 3] if adds else xs[i % 3] - xs[j % 3], name) for adds, i, j, name in terms]
        results = [functions[name](x) if i % 3 else x * xs[0] for i, (x, name) in enumerate(made)]
        return sum([x * y for x, y in pairwise(results)], results[-1])

    recording, columns = record(program, 0.1, 0.2, 0.3), np.random.default_rng(rows).uniform(-0.5, 0.5, (3, rows))
    (replay,) = recording.replays
    plain = PlainReplay(replay.tape)
    np.testing.assert_allclose(replay.outputs(columns), plain.outputs(columns), 1e-12, 1e-14)
    np.testing.assert_allclose(replay.input_gradients(columns), plain.input_gradients(columns), 1e-12, 1e-14)


def test_runs_of_numbers_that_are_the_same_for_all_rows_take_no_place():
    first, *others, last = [Value(1.0 + i) for i in range(40)]
    recording = record(lambda x: (x * first).exp() * sum(others, 0.0) * (x * last).exp(), 1.0)
    assert recording([0.0, 0.0]).tolist() == [sum(range(2, 40))] * 2
    assert recording.input_gradients([0.0, 0.0])[0].tolist() == [41 * sum(range(2, 40))] * 2
    assert recording.replays[0]._program(False).plan.places.size <= 10


COLUMNS = {
    "read once": lambda x, y, z: (x * y + z) ** 2,
    "in a run": lambda x, y, z: sin(x) + sin(y) * sin(z),
    "in a tile": lambda x, y, z: sin(0.5 * x - 2.0 * y + z),
    "an input": lambda *columns: columns[1],
}


@pytest.mark.parametrize("function", COLUMNS.values(), ids=COLUMNS)
@pytest.mark.parametrize("rows", [1, 7, 8, 160, 168, 1001])
def test_columns_may_be_read_and_results_written_where_the_caller_has_them(function, rows):
    recording = record(function, 1.0, 1.0, 1.0)
    table = np.random.default_rng(rows).normal(size=(rows, 3))
    expected = PlainReplay(recording.replays[0].tape).outputs([table])[:, 0]
    columns = [np.array(column) for column in table.T]
    for arrays in (columns, [table[:, :2], table[:, 2]], columns):
        before = [array.copy() for array in arrays]
        results = recording(*arrays) if len(arrays) == 3 else recording.replays[0].outputs(arrays)[:, 0]
        np.testing.assert_allclose(results, expected, 1e-12, 1e-14)
        assert not any(np.shares_memory(results, array) for array in arrays)
        assert all(map(np.array_equal, before, arrays))
