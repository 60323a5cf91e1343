"""C programs compile without a warning, under sanitizers too, and compute what the recording does, to the last bit."""

import ctypes
import shutil
import subprocess
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from programs import Floats, of_expression, of_network, of_own_row, of_row, several

from autograd import Recording, Value, record
from autograd.exports import to_c
from autograd.ops import TABLE
from autograd.testing import Expression, expressions

COMPILERS = [compiler for compiler in ("gcc", "clang") if shutil.which(compiler)]
STRICT = ["-std=c99", "-Wall", "-Wextra", "-Werror", "-pedantic", "-ffp-contract=off"]
if not COMPILERS:
    pytest.skip("needs a C compiler", allow_module_level=True)


@pytest.fixture(params=COMPILERS)
def compiler(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def pointer(array: np.ndarray) -> ctypes.c_void_p:
    return array.ctypes.data_as(ctypes.c_void_p)


def check(recording: Recording, batch: list[Floats], compiler: str, folder: Path) -> None:
    """Outputs, and derivatives by parameters and inputs, are those of the replay, row by row."""
    program = folder / "model.c"
    program.write_text(to_c(recording))
    library = folder / f"model{len(list(folder.iterdir()))}.so"  # a library that is open is not loaded again
    subprocess.run([compiler, *STRICT, "-O1", "-shared", "-fPIC", program, "-o", library, "-lm"], check=True)
    run = ctypes.CDLL(str(library)).model_gradient
    parameters = np.array([p.data for p in recording.parameters])
    rows = np.hstack([array.reshape(len(array), -1) for array in batch])
    for i, row in enumerate(rows):
        y, dp, dx = np.zeros(1), np.zeros(max(len(parameters), 1)), np.zeros(len(row))
        run(pointer(parameters), pointer(np.ascontiguousarray(row)), pointer(y), pointer(dp), pointer(dx))
        one = [array[i : i + 1] for array in batch]
        by_inputs = np.hstack([gradient.reshape(-1) for gradient in recording.input_gradients(*one)])
        np.testing.assert_allclose(y, recording(*one), rtol=1e-13, atol=1e-14)
        np.testing.assert_allclose(dx, by_inputs, rtol=1e-12, atol=1e-13)
        np.testing.assert_allclose(dp[: len(parameters)], recording.value_and_grad(*one)[1], rtol=1e-12, atol=1e-13)


@pytest.mark.parametrize("name", TABLE)
def test_every_row(name: str, compiler: str, tmp_path: Path) -> None:
    check(*of_row(name), compiler, tmp_path)


@given(f=expressions(variables=2))
@settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_random_expressions(f: Expression, compiler: str, tmp_path: Path) -> None:
    check(*of_expression(f), compiler, tmp_path)


def test_the_loss_of_a_network(compiler: str, tmp_path: Path) -> None:
    check(*of_network(), compiler, tmp_path)


def test_a_row_of_ones_own(compiler: str, tmp_path: Path) -> None:
    check(*of_own_row(), compiler, tmp_path)


MAIN = """
#include <stdio.h>
int main(void) {
    double x[model_inputs] = {0}, y[model_outputs], dp[model_parameters], dx[model_inputs];
    model(model_start, x, y);
    model_gradient(model_start, x, y, dp, dx);
    printf("%.17g %.17g\\n", y[0], dp[0]);
    return 0;
}
"""


def test_a_program_of_its_own_runs_under_the_sanitizers(compiler: str, tmp_path: Path) -> None:
    recording, batch = of_network()
    (tmp_path / "main.c").write_text(to_c(recording) + MAIN)
    sanitizers = ["-g", "-fsanitize=address,undefined", "-fno-sanitize-recover=all"]
    build = [compiler, *STRICT, *sanitizers, tmp_path / "main.c", "-o", tmp_path / "main", "-lm"]
    subprocess.run(build, check=True)
    told = subprocess.run([tmp_path / "main"], capture_output=True, text=True, check=True).stdout
    mean, gradient = recording.value_and_grad(*[np.zeros_like(array[:1]) for array in batch])
    assert list(map(float, told.split())) == pytest.approx([mean, gradient[0]], rel=1e-13)


def test_several_results_and_infinite_constants(compiler: str, tmp_path: Path) -> None:
    infinite = Value(-float("inf"), requires_grad=False)
    text = to_c(lambda x: [*several()(x), x + infinite, x * float("nan"), x + 1 / Value(0.0, requires_grad=False)], 1.0,
                name="many", gradient=False)  # fmt: skip
    assert "many_gradient" not in text
    (tmp_path / "many.c").write_text(text)
    subprocess.run([compiler, *STRICT, "-shared", "-fPIC", tmp_path / "many.c", "-o", tmp_path / "many.so"], check=True)
    y = np.zeros(5)
    ctypes.CDLL(str(tmp_path / "many.so")).many(pointer(np.array([2.0])), pointer(np.array([5.0])), pointer(y))
    np.testing.assert_array_equal(y, [10.0, 6.0, -np.inf, np.nan, np.inf])


def test_a_program_in_floats(compiler: str, tmp_path: Path) -> None:
    recording, batch = of_network()
    (tmp_path / "single.c").write_text(text := to_c(recording, name="single", number="float"))
    assert "double" not in text
    build = [compiler, *STRICT, "-Wdouble-promotion", "-shared", "-fPIC", tmp_path / "single.c"]
    subprocess.run([*build, "-o", tmp_path / "single.so", "-lm"], check=True)
    p = np.array([q.data for q in recording.parameters], dtype=np.float32)
    x = np.array([*batch[0][0], *batch[1][0]], dtype=np.float32)
    y, dp, dx = np.zeros(1, np.float32), np.zeros_like(p), np.zeros_like(x)
    ctypes.CDLL(str(tmp_path / "single.so")).single_gradient(*map(pointer, (p, x, y, dp, dx)))
    mean, gradient = recording.value_and_grad(batch[0][:1], batch[1][:1])
    np.testing.assert_allclose([*y, *dp], [mean, *gradient], rtol=1e-4, atol=1e-6)


def test_numbers_out_of_the_range_of_floats_are_infinite_or_zero(compiler: str, tmp_path: Path) -> None:
    w = Value(1e-300)
    text = to_c(lambda x: [w + x, x * 1e-50, x - 1e300, x * 1e-40], 0.0, name="far", gradient=False, number="float")
    (tmp_path / "far.c").write_text(text)
    subprocess.run([compiler, *STRICT, "-shared", "-fPIC", tmp_path / "far.c", "-o", tmp_path / "far.so"], check=True)
    p, x, y = np.zeros(1, np.float32), np.ones(1, np.float32), np.zeros(4, np.float32)
    ctypes.CDLL(str(tmp_path / "far.so")).far(*map(pointer, (p, x, y)))
    np.testing.assert_array_equal(y, np.float32([1.0, 0.0, -np.inf, 1e-40]))


def test_what_cannot_be_a_program_is_refused() -> None:
    with pytest.raises(ValueError, match="a C function can't be called '2nd'"):
        to_c(lambda x: x, 1.0, name="2nd")
    with pytest.raises(ValueError, match="'double' or 'float'; got 'half'"):
        to_c(lambda x: x, 1.0, number="half")
    with pytest.raises(ValueError, match="the function returns several Values, but a gradient is of one"):
        to_c(several(), 1.0)


def test_a_recording_that_never_changes_needs_no_parameters(compiler: str, tmp_path: Path) -> None:
    recording = record(lambda x: x * 2, 1.0)
    check(recording, [np.array([3.0])], compiler, tmp_path)
    assert "model_start" not in to_c(recording)
