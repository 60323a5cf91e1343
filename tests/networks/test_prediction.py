"""A model's predictions are the same, computed or replayed, and they are of the model as it is."""

import gc
import weakref

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograd import Value, no_grad
from nn import MLP, Module, predict
from nn.training.prediction import FEW

MANY = np.linspace(-2, 2, 6 * FEW).reshape(-1, 2)


def one_by_one(model, rows) -> np.ndarray:
    with no_grad():
        return np.array([np.asarray(model(row), dtype=float) for row in rows.tolist()])


@given(st.integers(1, 3 * FEW), st.integers(1, 3), st.sampled_from(["relu", "tanh", "linear"]))
def test_predictions_are_what_the_model_computes(n_rows: int, n_out: int, activation: str) -> None:
    model = MLP(2, [4, n_out], activation=activation, rng=n_rows)
    np.testing.assert_allclose(predict(model, MANY[:n_rows]), one_by_one(model, MANY[:n_rows]), rtol=1e-12)


def test_parameters_are_read_anew() -> None:
    model = MLP(2, [3, 1], rng=0)
    before = predict(model, MANY)
    for p in model.parameters():
        p.data *= 2
    assert not np.allclose(predict(model, MANY), before)
    np.testing.assert_allclose(predict(model, MANY), one_by_one(model, MANY))


@pytest.mark.parametrize("n_out", [1, 2])
def test_a_model_that_was_changed_is_recorded_once_more(n_out: int) -> None:
    model = MLP(2, [3, 1], rng=0)
    predict(model, MANY)
    model.layers = MLP(2, [5, n_out], rng=1).layers
    np.testing.assert_allclose(predict(model, MANY), one_by_one(model, MANY))


class Branching(Module):
    def __init__(self) -> None:
        self.w = Value(2.0)

    def __call__(self, inputs):
        return self.w * inputs[0] if float(inputs[0]) > 0 else self.w * inputs[1]


class Counting(Module):
    """Says something else each time."""

    calls = 0

    def __call__(self, inputs):
        self.calls += 1
        return Value(float(self.calls)) + inputs[0] * 0


def test_a_model_that_looks_at_its_inputs_is_computed_row_by_row() -> None:
    model = Branching()
    for _ in range(2):  # the second time, it is known that there is no recording
        np.testing.assert_array_equal(predict(model, MANY), one_by_one(model, MANY))


def test_a_model_that_cannot_be_repeated_is_computed_row_by_row() -> None:
    assert len(set(predict(Counting(), MANY))) == len(MANY)


def test_outputs_that_are_not_finite_are_seen() -> None:
    model = MLP(2, [1], rng=0)
    model.layers[0].neurons[0].bias.data = float("nan")
    assert np.isnan(predict(model, MANY)).all()


def test_a_model_is_not_kept_for_its_predictions() -> None:
    model = MLP(2, [2, 1], rng=0)
    predict(model, MANY)
    alive = weakref.ref(model)
    del model
    gc.collect()
    assert alive() is None
