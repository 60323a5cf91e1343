"""A formula says the same in every language: here in Python's floats, and in C, which a compiler reads."""

import operator
import shutil
import subprocess
from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from references import points

from autograd.languages import c, lanes
from autograd.languages.formulas import said_in
from autograd.ops import TABLE, Op

OPERATORS = {
    **dict(zip(("+", "-", "*", "/"), (operator.add, operator.sub, operator.mul, operator.truediv), strict=True)),
    **dict(zip(("<", "<=", ">", ">="), (operator.lt, operator.le, operator.gt, operator.ge), strict=True)),
    **dict(zip(("==", "!=", "and", "or"), (operator.eq, operator.ne, np.logical_and, np.logical_or), strict=True)),
}


class Numbers:
    """The language of formulas on NumPy's floats; like an array's, its choice computes both branches."""

    def number(self, x: float) -> np.float64:
        return np.float64(x)

    def negative(self, a: np.float64) -> np.float64:
        return -a

    def operator(self, symbol: str, a: np.float64, b: np.float64) -> np.float64:
        return OPERATORS[symbol](a, b)  # type: ignore[no-any-return]

    def choose(self, test: np.float64, a: np.float64, b: np.float64) -> np.float64:
        return a if test else b

    def call(self, name: str, arguments: Sequence[np.float64]) -> np.float64:
        return np.float64(TABLE[name].compute(*map(float, arguments)))


@pytest.mark.parametrize("op", TABLE.values(), ids=lambda op: op.name)
@given(st.data())
def test_a_walk_over_the_formulas_computes_what_the_row_does(op: Op, data: st.DataObject) -> None:
    operands = data.draw(st.sampled_from(points(op.name)))
    arguments = (*operands, op.compute(*operands))
    named = dict(zip(op.arguments, map(np.float64, arguments), strict=True))
    with np.errstate(all="ignore"):
        value = said_in(Numbers(), op.formula, named)
        partials = [said_in(Numbers(), derivative, named) for derivative in op.derivatives]
    assert np.array_equal(value, op.compute(*operands), equal_nan=True)
    assert np.array_equal(partials, [partial(*arguments) for partial in op.partials], equal_nan=True)


@pytest.mark.parametrize("formula", ["a ** 2", "a[0]", "'a'", "a < b < 1", "exp(a=a)", "~a", "round(a)", "max(a, 0)"])
def test_what_the_language_of_formulas_lacks_is_refused(formula: str) -> None:
    with pytest.raises(ValueError, match="is not of the language of formulas"):
        c.expression(formula)


@pytest.mark.skipif(shutil.which("cc") is None, reason="needs a C compiler")
def test_the_table_is_valid_c() -> None:
    program = c.functions() + c.dispatch()
    command = ["cc", "-x", "c", "-std=c11", "-fsyntax-only", "-Wall", "-Werror", "-Wno-unused-function", "-"]
    subprocess.run(command, input=program, text=True, check=True)


def test_every_row_and_every_derivative_has_a_loop_over_lanes() -> None:
    kernels = lanes.kernels()
    for op in TABLE.values():
        assert f"VALUE({op.name}, " in kernels or f"NEAR_VALUE({op.name})" in kernels
        for operand in op.operands:
            share = f"{operand}_of_{op.name}"
            assert f"SHARE({share}, " in kernels or f"NEAR_SHARE({share})" in kernels
