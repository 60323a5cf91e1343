"""Batches from other libraries are replayed where they lie: 64-bit floats are not copied."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from autograd import record
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
