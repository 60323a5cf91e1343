"""Functions of PyTorch and JAX, and expressions of SymPy, are the recording that they were made from."""

import copy
import pickle
import sys

import numpy as np
import pytest
from hypothesis import given, settings
from programs import Floats, of_expression, of_network, of_own_row, of_row, several

from autograd import Recording, Value, record
from autograd.exports import to_c, to_jax, to_latex, to_sympy, to_torch
from autograd.ops import TABLE
from autograd.testing import Expression, expressions

CLOSE = {"rtol": 1e-12, "atol": 1e-13}


def check_torch(recording: Recording, batch: list[Floats]) -> None:
    torch = pytest.importorskip("torch")
    module = to_torch(recording)
    result = module(*[torch.tensor(array) for array in batch])
    np.testing.assert_allclose(result.detach().numpy(), recording(*batch), **CLOSE)
    if recording.parameters:
        result.mean().backward()
        np.testing.assert_allclose(module.weights.grad.numpy(), recording.value_and_grad(*batch)[1], **CLOSE)


def check_jax(recording: Recording, batch: list[Floats]) -> None:
    jax = pytest.importorskip("jax")
    jax.config.update("jax_enable_x64", True)
    function, weights = to_jax(recording)
    np.testing.assert_allclose(function(weights, *batch), recording(*batch), **CLOSE)
    if recording.parameters:
        gradient = jax.grad(lambda p: function(p, *batch).mean())(weights)
        np.testing.assert_allclose(gradient, recording.value_and_grad(*batch)[1], **CLOSE)


def check_sympy(recording: Recording, batch: list[Floats]) -> None:
    sympy = pytest.importorskip("sympy")
    names = {p.label: p.data for p in recording.parameters}
    formula = to_sympy(recording)
    for row, expected in zip(np.hstack([x.reshape(len(x), -1) for x in batch]), recording(*batch), strict=True):
        numbers = {**names, **{f"x{i}": number for i, number in enumerate(row)}}
        value = formula.subs({symbol: sympy.Float(numbers[symbol.name], 30) for symbol in formula.free_symbols})
        assert float(value) == pytest.approx(expected, rel=1e-12, abs=1e-13)


CHECKS = pytest.mark.parametrize("check", [check_torch, check_jax, check_sympy])


@CHECKS
@pytest.mark.parametrize("name", TABLE)
def test_every_row(check, name) -> None:
    check(*of_row(name))


@pytest.mark.parametrize("check", [check_torch, check_jax])
@given(expressions(variables=2))
@settings(max_examples=25)
def test_random_expressions(check, f: Expression) -> None:
    check(*of_expression(f))


@pytest.mark.parametrize("check", [check_torch, check_jax])
def test_the_loss_of_a_network(check) -> None:
    check(*of_network())


@CHECKS
def test_a_row_of_ones_own(check) -> None:
    check(*of_own_row())


def torch_function(function, *example):
    torch = pytest.importorskip("torch")
    module = to_torch(function, *example)
    return lambda batch: module(torch.utils._pytree.tree_map(torch.as_tensor, batch)).detach()


def jax_function(function, *example):
    pytest.importorskip("jax").config.update("jax_enable_x64", True)
    replayed, weights = to_jax(function, *example)
    return lambda batch: replayed(weights, batch)


EXPORTS = pytest.mark.parametrize("exported", [torch_function, jax_function])


@EXPORTS
def test_several_results_stand_side_by_side(exported) -> None:
    np.testing.assert_allclose(exported(several(), 0.0)(np.array([1.0, 4.0])), [[2.0, 6.0], [8.0, 6.0]])


def test_jax_compiles_the_function() -> None:
    jax = pytest.importorskip("jax")
    function, weights = to_jax(several(), 0.0)
    assert jax.jit(function)(weights, np.array([1.0, 4.0])).shape == (2, 2)


@EXPORTS
def test_batches_are_nested_as_the_examples_are(exported) -> None:
    recording = record(lambda row: row["a"][0] * row["b"] + row["a"][1], {"a": (1.0, 2.0), "b": 3.0})
    batch = {"a": (np.array([1.0, 2.0]), np.array([0.5, 0.25])), "b": np.array([3.0, 4.0])}
    np.testing.assert_allclose(np.asarray(exported(recording)(batch)), recording(batch))


@EXPORTS
def test_rows_of_another_size_are_refused(exported) -> None:
    function = exported(lambda x: x[0] * x[1] * x[2], [1.0, 2.0, 3.0])
    with pytest.raises(ValueError, match="a row has 2 numbers, but the function was recorded with 3"):
        function(np.zeros((4, 2)))


@EXPORTS
def test_batches_have_any_number_of_rows_but_the_same(exported) -> None:
    recording = record(lambda x, y: x[0] * x[1] - y, [1.0, 2.0], 3.0)
    function = exported(recording)
    for n in (0, 1, 3):
        batch = np.ones((n, 2)), np.zeros(n)
        np.testing.assert_array_equal(function(batch), recording(*batch))
    with pytest.raises(ValueError, match="the same number of rows; got 3, 1"):
        function((np.ones((3, 2)), np.ones(1)))
    with pytest.raises(ValueError, match="got a single number: give an array of one row"):
        function((np.ones((3, 2)), np.float64(1.0)))


@pytest.mark.parametrize("copied", [copy.deepcopy, lambda module: pickle.loads(pickle.dumps(module))])
def test_a_module_of_torch_is_saved_with_its_weights(copied) -> None:
    torch = pytest.importorskip("torch")
    module, batch = to_torch(several(), 0.0), torch.tensor([1.0, 4.0])
    with torch.no_grad():
        module.weights += 1.0
    other = copied(module.eval())
    assert other(batch).tolist() == module(batch).tolist() == [[3.0, 9.0], [12.0, 9.0]]
    assert not other.training
    with torch.no_grad():
        other.weights += 1.0
    assert module.weights.tolist() == [3.0]


def test_jax_is_given_all_parameters() -> None:
    pytest.importorskip("jax")
    function, weights = to_jax(several(), 0.0)
    with pytest.raises(ValueError, match=r"expected an array of 1 parameters; got one of shape \(2,\)"):
        function([*weights, 0.0], np.ones(3))


def test_formulas_read_as_one_writes_them() -> None:
    pytest.importorskip("sympy")
    w, b = Value(3.0, label="w"), Value(2.0, label="b")
    line = record(lambda x: (w * x + b) ** 2, 0.0)
    assert str(to_sympy(line)) == "(b + w*x0)**2"
    assert to_latex(line) == r"\left(b + w x_{0}\right)^{2}"
    assert to_latex(several(), 0.0) == "w x_{0} \\\\\n3 w"


def test_symbols_of_the_same_label_are_told_apart() -> None:
    sympy = pytest.importorskip("sympy")
    first, second = Value(3.0, label="w"), Value(2.0, label="w")
    formula = to_sympy(lambda x: first * x + second * x**0.5, 1.0)
    assert {symbol.name for symbol in formula.free_symbols} == {"w", "w_2", "x0"}
    assert isinstance(formula, sympy.Expr)


def test_a_large_program_is_no_formula() -> None:
    pytest.importorskip("sympy")
    with pytest.raises(ValueError, match="3,000 operations are too many for a formula; the limit is 2,000"):
        to_sympy(lambda x: sum([x * x for _ in range(1500)], Value(0.0)), 1.0)


@pytest.mark.parametrize(
    ("export", "library"), [(to_torch, "torch"), (to_jax, "jax"), (to_sympy, "sympy"), (to_latex, "sympy")]
)
def test_without_the_library_the_error_says_what_to_install(export, library, monkeypatch) -> None:
    monkeypatch.setitem(sys.modules, library, None)
    with pytest.raises(ModuleNotFoundError, match=rf'pip install "stepgrad\[{library}\]"'):
        export(lambda x: x, 1.0)


def test_a_recording_of_two_structures_is_refused() -> None:
    recording = record(lambda x: x[0] * 2, [1.0])
    recording([[1.0, 2.0]])
    with pytest.raises(ValueError, match="the recording has 2 tapes"):
        to_c(recording)
