"""Where Python raises, numbers are those of IEEE 754, as NumPy has them."""

import math
import operator

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograd.ieee import Number, without_exceptions

EDGES = [0.0, -0.0, 1.0, -1.0, 2.0, 3.0, -2.0, 0.5, 710.0, -746.0, 1e308, -1e308, 5e-324, math.inf, -math.inf, math.nan]
NUMBERS = st.sampled_from(EDGES) | st.floats()
OF_NUMPY = {
    **{name: name for name in ("exp", "expm1", "log", "log1p", "sqrt", "sin", "cos", "tan", "sinh", "cosh", "tanh")},
    **{f"a{name}": f"arc{name}" for name in ("sin", "cos", "tan", "sinh", "cosh", "tanh")},
}


def same(found: float, wanted: float) -> bool:
    if not math.isfinite(wanted) or not wanted:
        return repr(float(found)) == repr(float(wanted)) or (math.isnan(found) and math.isnan(wanted))
    return math.isclose(found, wanted, rel_tol=1e-13, abs_tol=5e-324)


@pytest.mark.parametrize("name", OF_NUMPY)
@given(NUMBERS)
def test_functions_are_those_of_numpy(name: str, a: float) -> None:
    found = without_exceptions(name, getattr(math, name))(a)
    with np.errstate(all="ignore"):
        assert same(found, getattr(np, OF_NUMPY[name])(a))
    assert isinstance(found, Number)


@given(NUMBERS, NUMBERS)
def test_powers_are_those_of_numpy(a: float, b: float) -> None:
    with np.errstate(all="ignore"):
        assert same(without_exceptions("pow", math.pow)(a, b), np.float_power(a, b))


@pytest.mark.parametrize("operation", [operator.add, operator.sub, operator.mul, operator.truediv])
@given(NUMBERS, NUMBERS)
def test_arithmetic_is_that_of_numpy_on_either_side(operation, a: float, b: float) -> None:
    with np.errstate(all="ignore"):
        wanted = operation(np.float64(a), np.float64(b))
    for x, y in ((Number(a), Number(b)), (Number(a), b), (a, Number(b))):
        found = operation(x, y)
        assert same(found, wanted)
        assert isinstance(found, Number)


@given(NUMBERS)
def test_a_negative_number_can_be_divided_by_zero_too(a: float) -> None:
    assert same(-Number(a), -a)
    assert isinstance(-Number(a), Number)
