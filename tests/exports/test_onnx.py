"""ONNX models pass the checker, run with any number of rows, and compute what the recording does."""

import sys

import numpy as np
import pytest
from hypothesis import given, settings
from programs import Floats, of_expression, of_network, of_own_row, of_row, several

from autograd import Recording, record
from autograd.exports import to_onnx
from autograd.ops import TABLE
from autograd.testing import Expression, expressions

onnxruntime = pytest.importorskip("onnxruntime")


def session(model, log=3):
    options = onnxruntime.SessionOptions()
    options.log_severity_level = log
    return onnxruntime.InferenceSession(model.SerializeToString(), options)


def check(recording: Recording, batch: list[Floats], dtype: str, rtol: float) -> None:
    running = session(to_onnx(recording, gradient=True, dtype=dtype))
    rows = np.hstack([array.reshape(len(array), -1) for array in batch])
    by_inputs = np.hstack([part.reshape(len(rows), -1) for part in recording.input_gradients(*batch)])
    expected = {"y": recording(*batch), "input_gradient": by_inputs}
    if recording.parameters:
        expected["parameter_gradient"] = recording.value_and_grad(*batch)[1]
    found = running.run(list(expected), {"x": rows.astype(dtype)})
    for result, right in zip(found, expected.values(), strict=True):
        scale = max(1.0, np.abs(right).max())
        np.testing.assert_allclose(result / scale, right / scale, rtol=rtol, atol=rtol)


@pytest.mark.parametrize("name", TABLE)
def test_every_row(name: str) -> None:
    check(*of_row(name), "float32", 1e-5)


@given(expressions(variables=2, ops=[name for name in TABLE if name not in ("pow", "tan")]))
@settings(max_examples=30)
def test_random_expressions(f: Expression) -> None:
    check(*of_expression(f), "float32", 1e-3)  # of steep ones: the inputs are rounded first


@pytest.mark.parametrize(("dtype", "rtol"), [("float32", 1e-5), ("float64", 1e-13)])
def test_the_loss_of_a_network(dtype: str, rtol: float) -> None:
    check(*of_network(), dtype, rtol)


def test_a_row_of_ones_own() -> None:
    check(*of_own_row(), "float64", 1e-13)


@pytest.mark.parametrize("name", ["hypot", "atan2"])
def test_infinities_have_a_length_and_an_angle_and_nan_has_none(name: str) -> None:
    edges = [0.0, 1.0, -1.0, -0.5, 1e30, np.inf, -np.inf, np.nan]
    a, b = np.array([(a, b) for a in edges for b in edges if not (np.isinf([a, b]).any() and np.isnan([a, b]).any())]).T
    recording, _ = of_row(name)
    with pytest.warns(RuntimeWarning, match="not finite"):
        expected = recording(a, b)
    (found,) = session(to_onnx(recording)).run(["y"], {"x": np.stack([a, b], 1).astype(np.float32)})
    np.testing.assert_allclose(found, expected, rtol=1e-6)


def test_rows_are_an_axis_and_results_may_be_several() -> None:
    running = session(to_onnx(several(), 1.0, dtype="float64"))
    for n in (1, 2, 1000):
        x = np.arange(float(n))[:, None]
        np.testing.assert_array_equal(running.run(["y"], {"x": x})[0], np.hstack([2 * x, np.full_like(x, 6.0)]))


def test_weights_can_be_replaced() -> None:
    import onnx

    recording, _ = of_row("tanh")
    model = to_onnx(recording, dtype="float64")
    (weights,) = [array for array in model.graph.initializer if array.name == "parameters"]
    weights.CopyFrom(onnx.numpy_helper.from_array(np.array([-2.0]), "parameters"))
    assert session(model).run(["y"], {"x": np.array([[0.5]])})[0] == pytest.approx(-2 * np.tanh(0.5))


def test_what_cannot_be_a_model_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(ValueError, match="dtype is 'float32' or 'float64', got 'int8'"):
        to_onnx(lambda x: x, 1.0, dtype="int8")
    with pytest.raises(ValueError, match="no arguments"):
        to_onnx(record(lambda: several()(1.0)[1]))
    monkeypatch.setitem(sys.modules, "onnx", None)
    with pytest.raises(ModuleNotFoundError, match=r'pip install "stepgrad\[onnx\]"'):
        to_onnx(lambda x: x, 1.0)
