"""Batches from other libraries are replayed where they lie: 64-bit floats are not copied."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from autograd import Value, record
from autograd.replay.structure import columns_of


def of_torch(numbers: list[float]) -> Any:
    return pytest.importorskip("torch").tensor(numbers, dtype=float)


def of_jax(numbers: list[float]) -> Any:
    jax = pytest.importorskip("jax")
    jax.config.update("jax_enable_x64", True)
    return jax.numpy.array(numbers)


def of_arrow(numbers: list[float]) -> Any:
    return pytest.importorskip("pyarrow").array(numbers)


def of_pandas(numbers: list[float]) -> Any:
    return pytest.importorskip("pandas").Series(numbers)


def of_a_buffer(numbers: list[float]) -> Any:
    return memoryview(np.array(numbers))


@pytest.mark.parametrize("make", [of_torch, of_jax, of_arrow, of_pandas, of_a_buffer])
def test_a_batch_of_another_library(make: Callable[[list[float]], Any]) -> None:
    batch = make([1.0, 2.0, 4.0])
    recording = record(lambda x: x * x, 1.0)
    assert recording(batch).tolist() == [1.0, 4.0, 16.0]
    (gradient,) = recording.input_gradients(batch)
    assert gradient.tolist() == [2.0, 4.0, 8.0]
    first, second = (next(columns_of(batch)) for _ in range(2))
    assert np.shares_memory(first, second)  # both look at the numbers of the batch


@pytest.mark.parametrize("make", [of_torch, of_jax, of_arrow, of_pandas, of_a_buffer])
def test_weights_of_another_library(make: Callable[[list[float]], Any]) -> None:
    w = Value(2.0)
    loss = record(lambda x: w * x, 1.0)
    mean, gradient = loss.value_and_grad([1.0, 2.0, 4.0], weights=make([1.0, 0.0, 3.0]))
    assert (mean, *gradient) == (6.5, 3.25)


def test_what_is_masked_is_nan() -> None:
    masked = np.ma.array([1, 7, 3], mask=[False, True, False])
    recording = record(lambda x: x * 2, 1.0)
    with pytest.warns(RuntimeWarning, match="row 1 of the batch is not finite"):
        np.testing.assert_array_equal(recording(masked), [2.0, np.nan, 6.0])
    product = record(lambda v: v[0] * v[1], [1.0, 1.0])
    assert np.isnan(product.input_gradients(np.ma.masked_all((2, 3)))[0][:, :2]).all()  # a structure that is new
    with pytest.raises(ValueError, match="the weight of row 1 is nan"):
        recording.value_and_grad([1.0, 2.0, 3.0], weights=masked)


def test_batch_and_weights_may_be_read_only() -> None:
    w, ones = Value(2.0), np.broadcast_to(1.0, (9,))
    loss = record(lambda x: w * x, 1.0)
    assert loss.value_and_grad(ones, weights=ones)[0] == 2.0
    assert loss.input_gradients(ones)[0].tolist() == [2.0] * 9
