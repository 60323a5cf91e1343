"""NumPy's functions on Values, and on arrays of them, compute what they do on numbers, and build the graph."""

import numpy as np
import pytest

from autograd import RecordError, Value, grad, record
from autograd.arrays import Values, values_of
from autograd.derivatives import grad as gradient_of

DATA = np.array([-1.5, 0.25, 2.25, 3.5])
FUNCTIONS = {
    "maximum": lambda x: np.maximum(x, 0.5),
    "maximum of a number": lambda x: np.maximum(0.5, x),
    "minimum": lambda x: np.minimum(x, 0.5),
    "clip": lambda x: np.clip(x, -1.0, 1.0),
    "clip on one side": lambda x: np.clip(x, None, 1.0),
    "sign": lambda x: np.sign(x) * x,
    "floor": lambda x: np.floor(x) * x,
    "where": lambda x: np.where(np.array([True, False, True, False]), x, 2 * x),
    "log2": lambda x: np.log2(x * x),
    "log10": lambda x: np.log10(x * x),
    "exp2": np.exp2,
    "degrees": lambda x: np.rad2deg(x) + np.radians(x),
    "logaddexp": lambda x: np.logaddexp(x, 1.0),
    "exp": np.exp,
    "square": np.square,
    "absolute": np.abs,
    "std": lambda x: x.std() + 0 * x,
    "norm": lambda x: np.linalg.norm(x) + 0 * x,
    "norm of order 1": lambda x: np.linalg.norm(x, 1) + 0 * x,
    "norm of rows": lambda x: (
        np.linalg.norm(x.reshape(2, 2), axis=1, keepdims=True) @ np.ones((1, 2)) * x.reshape(2, 2)
    ),
    "norm of columns": lambda x: np.linalg.norm(x.reshape(2, 2), axis=0) + 0 * x.reshape(2, 2),
    "max": lambda x: x.max() + x.min() + np.max(x) + 0 * x,
    "cumulative": lambda x: np.maximum.accumulate(x),
    "product": lambda x: np.ones((4, 4)) @ x + np.outer(x, x) @ np.ones(4),
    "stack": lambda x: np.concatenate([x, x[:2]])[2:] + x.mean(),
}


@pytest.mark.parametrize("name", FUNCTIONS)
def test_of_arrays_value_and_gradient_are_those_of_numbers(name: str) -> None:
    function = FUNCTIONS[name]
    x = values_of(map(Value, DATA.tolist()), DATA.shape)
    result = function(x)
    assert isinstance(result, Values)
    np.testing.assert_allclose(np.vectorize(float)(result), function(DATA), rtol=1e-12)
    step = 1e-6 * np.eye(4)
    slopes = [(function(DATA + h).sum() - function(DATA - h).sum()) / 2e-6 for h in step]
    np.testing.assert_allclose(grad(result.sum(), list(x)), slopes, rtol=1e-6, atol=1e-6)


@pytest.mark.parametrize("name", FUNCTIONS)
def test_a_recorded_function_of_an_array_may_use_them(name: str) -> None:
    function = FUNCTIONS[name]
    rows = np.random.default_rng(0).normal(size=(5, 4))
    found = record(lambda x: function(x).sum(), DATA)(rows)
    np.testing.assert_allclose(found, [function(row).sum() for row in rows], rtol=1e-12)


@pytest.mark.parametrize(
    ("result", "number", "slope"),
    [
        (lambda x: np.maximum(x, 2.0), 2.0, 0.0),
        (lambda x: np.maximum(x, 0.5), 1.0, 1.0),
        (lambda x: np.clip(x, 0.0, 0.5), 0.5, 0.0),
        (lambda x: np.clip(x, 0.0, 5.0), 1.0, 1.0),
        (lambda x: np.where(x, 3 * x, 0.0), 3.0, 3.0),
        (lambda x: np.where(True, 3 * x, 0.0), 3.0, 3.0),
        (lambda x: np.log10(x), 0.0, 1 / np.log(10)),
        (lambda x: np.linalg.norm([x, x]) * 0 + np.linalg.norm(values_of([x], (1,))), 1.0, 1.0),
        (lambda x: np.sum([x, x]), 2.0, 2.0),
    ],
)
def test_of_a_single_value_they_are_values(result, number: float, slope: float) -> None:
    x = Value(1.0)
    value = result(x)
    assert isinstance(value, Value)
    assert value.data == pytest.approx(number)
    assert grad(value, [x]) == pytest.approx([slope])


def test_the_norm_has_a_gradient_at_0() -> None:
    x = values_of([Value(0.0), Value(0.0)], (2,))
    assert grad(np.linalg.norm(x), list(x)) == [0.0, 0.0]
    assert grad(np.linalg.norm(x) ** 2, list(x)) == [0.0, 0.0]


def test_other_norms_are_numpys() -> None:
    x = values_of(map(Value, DATA.tolist()), (2, 2))
    lengths = np.linalg.norm(x, ord=np.inf, axis=1)
    assert [length.data for length in lengths] == np.linalg.norm(DATA.reshape(2, 2), ord=np.inf, axis=1).tolist()
    for order in (1, np.inf, "fro"):
        assert np.linalg.norm(x, order).data == pytest.approx(np.linalg.norm(DATA.reshape(2, 2), order))


@pytest.mark.parametrize("axis", [None, 0, (0, 2), (0, 1, 2)])
@pytest.mark.parametrize("name", ["max", "min"])
def test_the_largest_is_over_any_axes(name: str, axis) -> None:
    numbers = np.random.default_rng(0).normal(size=(2, 3, 2))
    largest, named = getattr(np, name), {"axis": axis, "initial": 0.0}
    recording = record(lambda x: [*np.atleast_1d(largest(x, axis=axis)).ravel(), np.sum(largest(x, **named))], numbers)
    expected = [*np.atleast_1d(largest(numbers, axis=axis)).ravel(), np.sum(largest(numbers, **named))]
    np.testing.assert_allclose(recording(numbers[None])[0], expected, rtol=1e-14)


def test_equal_numbers_are_equal_in_an_array() -> None:
    x = values_of(map(Value, [0.0, 2.0, np.nan]), (3,))
    assert (x == 0).tolist() == [True, False, False]
    assert (x != x).tolist() == [False, False, True]
    assert (x == x[1]).tolist() == [False, True, False]
    assert (x == np.array(["a", "b", "c"])).tolist() == [False] * 3
    np.testing.assert_array_equal(gradient_of(lambda x: np.sum(np.where(x == 0, 1.0, x * x)))(DATA), 2 * DATA)


@pytest.mark.parametrize(
    "named",
    [
        {"ord": 3},
        {"ord": 2},
        {"ord": 0.5, "axis": 0},
        {"ord": 1, "axis": 0},
        {"keepdims": True},
        {"ord": 3, "keepdims": True},
    ],
)
def test_norms_of_any_order(named) -> None:
    length = np.linalg.norm(values_of(map(Value, DATA.tolist()), (4,)), **named)
    assert np.shape(length) == np.shape(np.linalg.norm(DATA, **named))
    np.testing.assert_allclose(
        record(lambda x: np.linalg.norm(x, **named), DATA)(DATA[None]).ravel(), np.linalg.norm(DATA, **named)
    )
    x = [Value(0.0), Value(0.0)]
    assert grad(np.linalg.norm(values_of(x, (2,)), 2), x) == [0.0, 0.0]


def test_arrays_may_be_changed_in_place() -> None:
    x = values_of([Value(1.0), Value(2.0)], (2,))
    y = x.copy()
    y += x
    assert isinstance(y, Values)
    assert [v.data for v in y] == [2.0, 4.0]
    assert np.maximum(x, 1.5, out=y) is y
    assert [v.data for v in y] == [1.5, 2.0]


CONDITIONS = {
    "greater": lambda x: x > 0.5,
    "less": lambda x: x < 0.5,
    "at least": lambda x: x >= DATA[1],
    "at most": lambda x: DATA[1] >= x,
    "and": lambda x: (x > -1) & (x < 1),
    "or": lambda x: np.logical_or(x < -1, x > 1),
    "not": lambda x: ~(x > 0),
    "not 0": lambda x: x - DATA[0],
    "equal": lambda x: x == DATA[1],
    "not equal": lambda x: DATA[1] != x,
    "equal, as a function": lambda x: np.equal(x, x),
}


@pytest.mark.parametrize("holds", CONDITIONS.values(), ids=CONDITIONS)
def test_comparisons_are_truths_and_in_a_recording_conditions(holds) -> None:
    def f(x):
        return np.where(holds(x), np.exp(x), 3 * x)

    np.testing.assert_allclose(record(f, DATA)(np.stack([DATA, -DATA])), [f(DATA), f(-DATA)], rtol=1e-14)
    np.testing.assert_array_equal([value.data for value in f(values_of(map(Value, DATA.tolist()), (4,)))], f(DATA))


def test_a_recording_has_no_truths() -> None:
    x = values_of([Value(1.0), Value(2.0)], (2,))
    assert (x > 1.5).tolist() == [False, True]
    with pytest.raises(RecordError, match="the truth of a Value was asked for"):
        record(lambda x: x.sum() if (x > 0).all() else -x.sum(), DATA)
