"""With many rows, lanes and their gradients share places that are not in use at the same time."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograd import engine, record, sin

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
