"""A derivative reads what it would compute anew, where that is computed anyway."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autograd import Value, cos, engine, functions, grad, ops, record, sin
from autograd.languages import REUSING_ROWS

if engine == "python":
    pytest.skip("nothing is compiled", allow_module_level=True)

from autograd.replay.plain import PlainReplay
from autograd.replay.planning.encoding import OPCODE, ROW

EDGES = [0.0, -0.0, 0.3, -0.7, 1.0, 1.5, -37.0, 400.0, 1e7, 5e-324, np.inf, -np.inf, np.nan]
NAMES = sorted({row.name for pair in REUSING_ROWS.items() for row in (pair[0], pair[1][0])})

pytestmark = pytest.mark.usefixtures("kernels")


def opcodes(recording):
    return {*recording.replays[0]._program(True).plan.code[:, OPCODE].tolist()}


def assert_agrees(recording, *columns):
    (replay,) = recording.replays
    plain = PlainReplay(replay.tape)
    with np.errstate(all="ignore"):
        for found, expected in zip(replay.mean_and_gradients(columns), plain.mean_and_gradients(columns), strict=True):
            np.testing.assert_allclose(found, expected, 1e-12, 1e-14)
        np.testing.assert_allclose(replay.input_gradients(columns), plain.input_gradients(columns), 1e-12, 1e-14)


def test_which_rows_do():
    assert {row.name: other.name for row, (other, _) in REUSING_ROWS.items()} == {
        "sin": "cos",
        "cos": "sin",
        "expm1": "exp",
        "sinh": "cosh",
        "cosh": "sinh",
        "sech2": "tanh",
        "tanh": "sech2",
        "softplus": "sigmoid",
    }


@pytest.mark.parametrize("row", REUSING_ROWS, ids=lambda row: row.name)
def test_derivatives_are_the_same(row):
    f, g, (_, reusing) = functions[row.name], functions[REUSING_ROWS[row][0].name], REUSING_ROWS[row]
    both = record(lambda x, y: f(x) * g(x) + f(y) * g(y), 0.5, 0.5)
    assert ROW[reusing] in opcodes(both)
    for rows in (1, 2, 40, 300):
        assert_agrees(both, *np.random.default_rng(rows).normal(size=(2, rows)))
    single = record(lambda x: f(x) + g(x), 0.5)
    assert ROW[reusing] in opcodes(single)
    for x in EDGES:
        assert_agrees(single, [x])
        assert_agrees(single, [x] * 9)


OTHERS = {
    "of another operand": lambda x, y: sin(x) * cos(y),
    "of another operand in a run": lambda x, y: sin(x) + sin(y) + cos(x) + cos(x + y),
    "overwritten": lambda x, y: sin(x) * -cos(x) * y,
}


@pytest.mark.parametrize("program", OTHERS.values(), ids=OTHERS)
def test_what_is_not_there_is_not_read(program):
    recording = record(program, 0.5, 0.5)
    assert ROW[ops.sin] in opcodes(recording)
    assert_agrees(recording, *np.random.default_rng(0).normal(size=(2, 40)))


@settings(deadline=None, max_examples=40)
@given(st.lists(st.tuples(st.sampled_from(NAMES), st.integers(0, 9)), min_size=2, max_size=12), st.integers(1, 20))
def test_any_programs_of_such_rows(steps, rows):
    w = Value(0.7)

    def program(x, y):
        nodes = [x, y, w * x]
        for name, operand in steps:
            nodes.append(functions[name](nodes[operand % len(nodes)]) / 4)
        total = sum(nodes[2:], 0.0)
        return total + grad(total, [x], create_graph=True)[0] ** 2

    assert_agrees(record(program, 0.5, 0.5), *np.random.default_rng(rows).uniform(-1, 1, size=(2, rows)))
