"""A shorter tape gives the same numbers and gradients; and what a chain rule writes becomes short."""

from itertools import product
from math import inf, nan

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autograd import Value, apply, functions, grad, log, record
from autograd.ops import TABLE
from autograd.replay.passes import simplified
from autograd.replay.passes.identities import IDENTITIES, Applied, term
from autograd.replay.plain import PlainReplay
from autograd.testing import expressions

FINITE = [0.0, -0.0, 1.0, -1.0, 0.3, -0.7, 5e-324, -1e300]
NUMBERS = [*FINITE, inf, -inf, nan]


def tape_of(function, *example):
    return record(function, *example).replays[0].tape


def operations(tape):
    return [(op.name, operands) for op, operands in tape.operations]


def number(formula, names):
    if isinstance(formula, Applied):
        return formula.op.compute(*[number(x, names) for x in formula.operands])
    return names[formula] if isinstance(formula, str) else formula


def node(formula, names):
    if isinstance(formula, Applied):
        return apply(formula.op, *[node(x, names) for x in formula.operands])
    return names[formula] if isinstance(formula, str) else Value(formula, requires_grad=False)


@pytest.mark.parametrize(("long", "short"), IDENTITIES.items(), ids=IDENTITIES)
def test_an_identity_holds_for_all_numbers(long, short):
    for a, t in product(NUMBERS, [0.0, 1.0]):
        names = {"a": a, "t": t}
        np.testing.assert_equal(number(term(long), names) + 0.0, number(term(short), names) + 0.0)


@pytest.mark.parametrize(("long", "short"), IDENTITIES.items(), ids=IDENTITIES)
def test_an_identity_keeps_the_derivative(long, short):
    for a, t in product(FINITE, [0.0, 1.0]):
        x, truth = Value(a), Value(t, requires_grad=False)
        names = {"a": x, "t": truth}
        slopes = [
            grad(made, [x])[0] if (made := node(term(side), names) + x * 0).requires_grad else 0.0
            for side in (long, short)
        ]
        assert slopes[0] == pytest.approx(slopes[1], rel=1e-15)


def test_only_terms_can_be_written():
    with pytest.raises(ValueError, match=r"no term: a\[0\]"):
        term("a[0]")


small = expressions(variables=2, max_size=8)


@settings(max_examples=60, deadline=None)
@given(small, st.integers(0, 2**32 - 1))
def test_a_simplified_tape_gives_the_same_numbers(f, seed):
    def program(x, y):
        made = f(x, y)
        slopes = grad(made, [x, y], create_graph=True) if made.requires_grad else []
        return [made, x * 1, *slopes]

    tape = tape_of(program, *f.point)
    rows = np.random.default_rng(seed).normal(f.point, 0.01, (5, 2))
    shorter = simplified(tape)
    assert len(shorter.operations) <= len(tape.operations)
    with np.errstate(all="ignore"):
        np.testing.assert_array_equal(PlainReplay(shorter).outputs([rows]), PlainReplay(tape).outputs([rows]))


@settings(max_examples=60, deadline=None)
@given(small)
def test_a_simplified_tape_has_the_same_gradients(f):
    tape = tape_of(lambda x, y: f(x, y) * f(x, y) + x, *f.point)
    row = [np.array([f.point])]
    expected = PlainReplay(tape).input_gradients(row)
    np.testing.assert_allclose(PlainReplay(simplified(tape)).input_gradients(row), expected, rtol=1e-12, atol=1e-12)


def test_equal_expressions_are_one():
    tape = simplified(tape_of(lambda x, y: (x + y).sin() * (y + x).sin(), 1.0, 2.0))
    assert operations(tape) == [("add", (0, 1)), ("sin", (2,)), ("mul", (3, 3))]


def test_equal_constants_are_one():
    tape = simplified(tape_of(lambda x: (1 - x).sin() * (1 - x).sin(), 2.0))
    assert [op for op, _ in operations(tape)] == ["sub", "sin", "mul"]


def test_rows_of_constants_are_constants_and_what_nothing_needs_is_left_out():
    two, w = Value(2.0, requires_grad=False), Value(3.0)

    def program(x):
        log(x)
        return x * (two * 3 + 1) + two * w

    tape = simplified(tape_of(program, 1.0))
    assert [op for op, _ in operations(tape)] == ["mul", "mul", "add"]
    assert [leaf.data for leaf in tape.leaves][-1] == 7.0
    assert tape.parameters == (w,)


def test_a_long_tape_that_does_not_repeat_itself_stays_as_it_is():
    def program(x):
        for _ in range(1100):
            x = x.sin()
        return x

    tape = tape_of(program, 1.0)
    assert simplified(tape) is tape
    assert len(simplified(tape_of(lambda x: program(x) + program(x), 1.0)).operations) == 1101


def test_a_constant_is_a_tape():
    tape = simplified(tape_of(lambda x: x * 0 + (x - x) ** 0, 1.0))
    assert PlainReplay(tape).outputs([np.array([[2.0]])]).tolist() == [[1.0]]


@pytest.mark.parametrize(("name", "operations"), [("tanh", 4), ("sigmoid", 8), ("relu", 0)])
def test_second_derivatives_are_short(name, operations):
    """That of tanh, say, is -2 * tanh(x) * sech2(x)."""

    def second(x):
        (first,) = grad(functions[name](x), [x], create_graph=True)
        return grad(first, [x], create_graph=True)[0]

    assert len(simplified(tape_of(second, 0.5)).operations) == operations


@pytest.mark.parametrize("op", [op for op in TABLE.values() if op.smooth], ids=lambda op: op.name)
def test_a_smooth_derivative_is_as_accurate(op):
    """To four units in the last place of the one that chooses, which mpmath has judged."""
    smooth = op.partials_on(functions, replayable=True)[0]
    for a in [*np.linspace(-40, 40, 801).tolist(), 0.0, 5e-324, 1e-300, 1e-9, -1e-9, 300.0, -300.0]:
        x = Value(a)
        out = apply(op, x)
        assert smooth(x, out).data == pytest.approx(op.partials[0](a, out.data), rel=4 * 2**-52, abs=5e-324)
