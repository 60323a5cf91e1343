"""What is taken for a number, Python's or NumPy's, and what is refused."""

import math
import operator
from decimal import Decimal
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import autograd
from autograd import Value, exp, hypot
from autograd.ops import TABLE

finite = st.floats(-1e6, 1e6)
arithmetic = pytest.mark.parametrize(
    "apply", [operator.add, operator.sub, operator.mul, operator.truediv, operator.pow]
)
# Numbers


@arithmetic
@given(a=finite, b=finite)
def test_operators_take_plain_numbers_on_either_side(apply, a: float, b: float) -> None:
    values = [apply(Value(a), Value(b)).data, apply(Value(a), b).data, apply(a, Value(b)).data]
    assert values[0] == values[1] == values[2] or all(map(math.isnan, values))


@pytest.mark.parametrize(
    "number", [2, 2.0, True, Fraction(5, 2), Decimal("2.5"), np.float64(2.5), np.float32(2.5), np.int64(2), np.True_]
)
def test_any_real_number_is_a_number(number) -> None:
    assert Value(number).data == (Value(1.0) * number).data == float(number)
    assert type(Value(number).data) is float
    assert (Value(1.0) * number).inputs[1].data == float(number)


def test_an_array_without_axes_is_a_number() -> None:
    assert Value(np.array(3.0)).data == (Value(1.0) + np.array(2.0)).data == 3.0


BAD_NUMBERS = [
    *(
        "3",
        b"3",
        np.str_("3"),
        np.bytes_(b"3"),
        None,
        1j,
        np.complex64(1),
        [1.0],
        (1.0,),
        {},
        object(),
        Value,
        [Value(1.0)],
    ),
]


@pytest.mark.parametrize("bad", BAD_NUMBERS, ids=lambda bad: type(bad).__name__)
def test_what_is_no_real_number_is_refused_by_its_type(bad) -> None:
    x = Value(1.0)
    kind = "complex" if isinstance(bad, complex | np.complexfloating) else type(bad).__name__
    words = f"expected a real number, got .*{kind}"
    attempts = [
        lambda: Value(bad),
        lambda: x + bad,
        lambda: bad - x,
        lambda: x**bad,
        lambda: hypot(x, bad),
        lambda: exp(bad),
        lambda: x < bad,
        lambda: x >= bad,
        lambda: setattr(x, "data", bad),
        lambda: setattr(x, "grad", bad),
    ]
    for attempt in attempts:
        with pytest.raises(TypeError, match=words):
            attempt()
    assert (x.data, x.grad) == (1.0, 0.0)


@pytest.mark.parametrize("array", [np.array([1.0]), np.ones((2, 2))])
def test_an_array_is_no_number(array) -> None:
    for attempt in (lambda: Value(array), lambda: exp(array), lambda: setattr(Value(1.0), "data", array)):
        with pytest.raises(TypeError, match="one Value for each element"):
            attempt()


def test_a_value_is_no_plain_number() -> None:
    x = Value(1.0)
    for attempt in (lambda: Value(x), lambda: setattr(x, "data", x), lambda: setattr(x, "grad", x)):
        with pytest.raises(TypeError, match=r"got a Value: use x\.data for its number, or x\.detach\(\)"):
            attempt()


@pytest.mark.parametrize("op", TABLE.values(), ids=lambda op: op.name)
def test_a_function_counts_its_operands(op) -> None:
    for count in {0, 1, 2, 3} - {len(op.operands)}:
        with pytest.raises(TypeError, match=rf"{op.name}\(.*\) got {count} operands"):
            getattr(Value(1.0), op.name)(*[1.0] * (count - 1)) if count else getattr(Value, op.name)()


@pytest.mark.parametrize("op", [op for op in TABLE.values() if op.symbol.isidentifier()], ids=lambda op: op.name)
def test_a_function_is_also_a_method(op) -> None:
    operands = [0.5, 2.0][: len(op.operands)]
    x, *rest = operands
    result = getattr(autograd, op.name)(*operands)
    assert not result.requires_grad
    made = getattr(Value(x), op.name)(*rest)
    assert made.op is op
    assert made.data == result.data or math.isnan(made.data)
    assert op.formula in getattr(autograd, op.name).__doc__


def test_data_and_grad_can_be_set() -> None:
    x = Value(1.0)
    x.data, x.grad = 3, np.float64(0.5)
    assert (x.data, x.grad) == (3.0, 0.5)
    assert type(x.data) is type(x.grad) is float


# NumPy


def test_arrays_and_values_combine_element_by_element() -> None:
    x, array = Value(2.0), np.array([1.0, 3.0])
    for result in (x + array, array + x):
        assert [y.data for y in result] == [3.0, 5.0]
    assert [y.data for y in array - x] == [-1.0, 1.0]
    assert [y.data for y in x**array] == [2.0, 8.0]
    assert list(x < array) == list(array > x) == [False, True]


@pytest.mark.parametrize("number", [np.float64(3), np.float32(3), np.int64(3)])
@arithmetic
def test_numpy_scalars_on_the_left_give_values(apply, number) -> None:
    result = apply(number, Value(2.0))
    assert isinstance(result, Value)
    assert result.data == apply(3.0, 2.0)


def test_a_matrix_times_an_array_of_values() -> None:
    rng = np.random.default_rng(0)
    matrix = rng.normal(size=(3, 4))
    x = np.array([Value(number) for number in rng.normal(size=4)])
    y = matrix @ x
    y[1].backward()
    assert [v.grad for v in x] == pytest.approx(matrix[1])
    assert [v.data for v in y] == pytest.approx(matrix @ np.array([v.data for v in x]))
    assert np.sum(x).data == pytest.approx(sum(v.data for v in x))


IN_NUMPY = {op.name: op.ufunc or op.name for op in TABLE.values() if hasattr(np, op.ufunc or op.name)}
COMPARED_BY_NUMPY = {"maximum", "minimum", "greater", "greater_equal", "sign"}
CALLED_BY_METHOD = sorted(IN_NUMPY.keys() - {"pow"} - COMPARED_BY_NUMPY)


@pytest.mark.parametrize("name", CALLED_BY_METHOD)
def test_ufuncs_work_on_arrays_of_values(name: str) -> None:
    op = TABLE[name]
    operands = [[1.25, 1.5], [2.0, 3.0]] if name == "acosh" else [[0.25, 0.5], [2.0, 3.0]]
    arrays = [np.array(list(map(Value, x))) for x in operands[: len(op.operands)]]
    results = getattr(np, IN_NUMPY[name])(*arrays)
    assert all(result.op is op for result in results)
    assert [result.data for result in results] == [
        op.compute(*x) for x in zip(*operands[: len(op.operands)], strict=True)
    ]
