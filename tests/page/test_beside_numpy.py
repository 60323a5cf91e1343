"""NumPy as a second opinion: of every row's value for any floats, and of a network's gradient."""

import math
import random
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from test_ops import anything, close, every_row

from autograd import Value, relu
from autograd.ops import Op

NAMES_IN_NUMPY = {"sub": "subtract", "mul": "multiply", "div": "divide", "neg": "negative", "pow": "float_power"}
NOT_IN_NUMPY: dict[str, Callable[..., Any]] = {
    "sech2": lambda a: _sech2(np.longdouble(a)),
    "sigmoid": lambda a: np.exp(-np.logaddexp(0, -a)),
    "softplus": lambda a: np.logaddexp(0, a),
    "relu": lambda a: np.maximum(a, 0),
    "mask": lambda a, b: np.where(b > 0, a, 0.0),
    "erf": lambda a: np.float64(math.erf(a)),
    "erfc": lambda a: np.float64(math.erfc(a)),
}


def _sech2(a: Any) -> Any:
    """In long doubles, as the square of a rounded cosh is up to 4 units in the last place off."""
    return 1 / np.cosh(a) ** 2 if abs(a) < 300 else 4 * np.exp(-2 * abs(a))


@every_row
@given(data=st.data())
def test_for_any_floats_the_value_is_that_of_numpy(op: Op, data: st.DataObject) -> None:
    operands = [np.float64(data.draw(anything)) for _ in op.operands]
    ufunc = NOT_IN_NUMPY.get(op.name) or getattr(np, op.ufunc or NAMES_IN_NUMPY.get(op.name, op.name))
    value = op.compute(*map(float, operands))
    with np.errstate(all="ignore"):
        correct = float(ufunc(*operands))
    ulps = 8 + abs(operands[0]) if op.name == "sigmoid" else 4  # the second opinion passes through a logarithm
    assert isinstance(value, float)
    assert close(value, correct, ulps), (value, correct)


@given(st.integers(0, 2**32))
def test_a_network_of_random_shape_has_the_gradient_of_numpy(seed: int) -> None:
    rng = random.Random(seed)
    n, m = rng.randint(1, 5), rng.randint(1, 5)
    weights = [[Value(rng.uniform(-1, 1)) for _ in range(n)] for _ in range(m)]
    inputs = [rng.uniform(-1, 1) for _ in range(n)]
    sum(relu(sum(w * x for w, x in zip(row, inputs, strict=True))) for row in weights).backward()
    numbers = np.array([[w.data for w in row] for row in weights])
    expected = np.outer(numbers @ inputs > 0, inputs)
    assert np.array([[w.grad for w in row] for row in weights]) == pytest.approx(expected)
