"""What SciPy's solvers are given finds what is known; node by node and recorded."""

import math
import re
import warnings
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from autograd import Value, cos, exp, record, sin
from autograd.derivatives import for_scipy, parameters_to_vector, vector_to_parameters

optimize = pytest.importorskip("scipy.optimize")
integrate = pytest.importorskip("scipy.integrate")


def rosenbrock(x: list) -> Value:
    return sum([100 * (b - a * a) ** 2 + (1 - a) ** 2 for a, b in pairwise(x)], Value(0.0))


def branching(x: list) -> Value:
    """The same, but it looks at a number: a recording could not repeat it."""
    return rosenbrock(x) if x[0] > -1e9 else rosenbrock(x) * 2


@pytest.mark.parametrize("function", [rosenbrock, branching])
def test_the_functions_are_those_that_scipy_has(function) -> None:
    with warnings.catch_warnings(action="error"):
        problem = for_scipy(function, [0.0] * 4)
        problem.fun(problem.x0)
    x, v = np.array([0.3, -1.2, 0.7, 2.0]), np.array([1.0, 0.0, -2.0, 0.5])
    assert problem.fun(x) == pytest.approx(optimize.rosen(x))
    np.testing.assert_allclose(problem.jac(x), optimize.rosen_der(x))
    np.testing.assert_allclose(problem.hess(x), optimize.rosen_hess(x))
    np.testing.assert_allclose(problem.hessp(x, v), optimize.rosen_hess_prod(x, v))


def test_a_vector_of_one_number_may_be_that_number() -> None:
    problem = for_scipy(lambda x, a: x**3 - a, 1.0, 2.0)
    assert problem.fun(2.0, 2.0) == problem.fun([2.0], 2.0) == 6.0
    assert (problem.jac(2.0, 2.0).item(), problem.hess(2.0, 2.0).item()) == (12.0, 12.0)
    found = optimize.newton(problem.fun, 1.0, problem.jac, args=(2.0,))
    assert found == pytest.approx(2 ** (1 / 3))


def test_a_function_that_takes_a_number_out_of_a_value_is_told_so() -> None:
    problem = for_scipy(lambda x: math.exp(x[0]) + x[1] ** 2, [1.0, 2.0])
    with pytest.warns(RuntimeWarning, match=r"is constant to its derivatives: .*\.py:\d+: .*float\(\) was called"):
        assert problem.jac([1.0, 2.0]).tolist() == [0.0, 4.0]


@pytest.mark.parametrize("method", ["BFGS", "Newton-CG", "trust-exact"])
def test_minimize_finds_the_valley(method: str) -> None:
    problem = for_scipy(rosenbrock, [1.3, 0.7, 0.8])
    hess = {} if method == "BFGS" else {"hess": problem.hess}
    found = optimize.minimize(problem.fun, problem.x0, jac=problem.jac, method=method, **hess)
    np.testing.assert_allclose(found.x, 1.0, rtol=1e-4)


def test_nested_parameters_become_a_vector_and_come_back() -> None:
    problem = for_scipy(
        lambda w: (w["a"] - 1) ** 2 + (w["b"][1] - 2) ** 2 + w["b"][0] ** 2, {"a": 0.0, "b": (3.0, 4.0)}
    )
    assert problem.x0.tolist() == [0.0, 3.0, 4.0]
    found = optimize.minimize(problem.fun, problem.x0, jac=problem.jac)
    at = problem.nested(found.x)
    assert at["a"] == pytest.approx(1.0)
    assert at["b"] == pytest.approx((0.0, 2.0), abs=1e-6)


def test_root_and_a_constraint() -> None:
    def circle_and_line(x: list) -> list:
        return [x[0] ** 2 + x[1] ** 2 - 2, x[0] - x[1]]

    problem = for_scipy(circle_and_line, [2.0, 0.5])
    found = optimize.root(problem.fun, problem.x0, jac=problem.jac)
    np.testing.assert_allclose(found.x, [1.0, 1.0])
    np.testing.assert_allclose(problem.hess(found.x, [3.0, 5.0]), [[6.0, 0.0], [0.0, 6.0]])
    np.testing.assert_allclose(problem.hessp(found.x, [3.0, 5.0], [1.0, 2.0]), [6.0, 12.0])

    aim = for_scipy(lambda x: x[0] + 2 * x[1], [1.0, 0.0])
    inside = for_scipy(lambda x: [x[0] ** 2 + x[1] ** 2], [1.0, 0.0])
    constraint = optimize.NonlinearConstraint(inside.fun, 0.0, 1.0, jac=inside.jac, hess=inside.hess)
    lowest = optimize.minimize(
        aim.fun, [0.5, 0.0], jac=aim.jac, hess=aim.hess, constraints=[constraint], method="trust-constr"
    )
    np.testing.assert_allclose(lowest.x, np.array([-1.0, -2.0]) / np.sqrt(5), atol=1e-3)


@pytest.mark.parametrize("recorded", [True, False])
def test_a_stiff_equation_is_integrated_with_its_jacobian(recorded: bool) -> None:
    def robertson(t: Value, y: list) -> list:
        assert recorded or t >= 0
        flow = [0.04 * y[0], 1e4 * y[1] * y[2], 3e7 * y[1] * y[1]]
        return [flow[1] - flow[0], flow[0] - flow[1] - flow[2], flow[2]]

    problem = for_scipy(robertson, 0.0, [1.0, 0.0, 0.0], argnums=1)
    found = integrate.solve_ivp(problem.fun, (0, 40), problem.x0, method="Radau", jac=problem.jac, rtol=1e-6, atol=1e-9)
    # E. Hairer and G. Wanner, Solving Ordinary Differential Equations II, 1996: at t = 40
    np.testing.assert_allclose(found.y[:, -1], [0.7158270688, 9.185534765e-6, 0.2841637457], rtol=1e-4)


def test_a_fit_to_rows_of_data() -> None:
    t = np.linspace(0, 3, 40)
    y = 2.5 * np.exp(-1.3 * t) + 0.5
    decay = for_scipy(lambda p, t, y: p[0] * exp(-p[1] * t) + p[2] - y, [1.0, 1.0, 0.0], rows=(t, y))
    found = optimize.least_squares(decay.fun, decay.x0, jac=decay.jac)
    np.testing.assert_allclose(found.x, [2.5, 1.3, 0.5], rtol=1e-7)
    assert decay.nested(found.x) == pytest.approx([2.5, 1.3, 0.5])


def test_a_recorded_loss_is_minimized_by_its_parameters() -> None:
    w, b = Value(0.1), Value(0.2)
    X = np.linspace(-1, 1, 30)
    loss = record(lambda x, y: (sin(w * x) + b - y) ** 2, 0.0, 0.0)
    problem = for_scipy(loss, X, np.sin(1.7 * X) - 0.4)
    found = optimize.minimize(problem.fun, problem.x0, jac=problem.jac, tol=1e-12)
    vector_to_parameters(problem.nested(found.x), loss.parameters)
    assert (w.data, b.data) == pytest.approx((1.7, -0.4), abs=1e-5)
    assert parameters_to_vector(loss.parameters).tolist() == found.x.tolist()


def test_results_may_be_constants_and_a_mistake_is_told() -> None:
    problem = for_scipy(lambda x: [x[0] * 2, 7.0, cos(x[0])], np.array([0.0]))
    assert problem.fun([1.0]).tolist() == [2.0, 7.0, pytest.approx(np.cos(1.0))]
    assert problem.jac([0.0]).tolist() == [[2.0], [0.0], [0.0]]
    assert for_scipy(lambda _: 3.0, [1.0]).jac([2.0]).tolist() == [0.0]
    with pytest.raises(ZeroDivisionError):
        for_scipy(lambda x: x[0] / (1 // 0), [1.0])


def test_the_example_says_how_many_numbers_a_vector_has() -> None:
    with pytest.raises(TypeError, match="an example of every argument"):
        for_scipy(cos)
    by_rows = for_scipy(lambda x, row: x[0] * row, [3.0, 2.0], rows=([1.0],))
    for problem in (for_scipy(lambda x: x[0] * x[1], [3.0, 2.0]), by_rows):
        for vector in ([1.0], [1.0, 2.0, 3.0]):
            for function in (problem.fun, problem.jac):
                with pytest.raises(RuntimeError, match=f"expected a vector of 2 numbers, got {len(vector)}"):
                    function(vector)


def test_a_vector_has_a_number_for_each_parameter() -> None:
    with pytest.raises(ValueError, match=r"expected a vector of 1 numbers, got an array of shape \(2,\)"):
        vector_to_parameters([1.0, 2.0], [Value(1.0)])


def test_the_page_about_derivatives_runs(capsys: pytest.CaptureFixture[str]) -> None:
    page = (Path(__file__).parents[2] / "docs" / "derivatives.md").read_text(encoding="utf-8")
    exec("".join(re.findall(r"```python\n(.*?)```", page, re.DOTALL)), {})
    assert capsys.readouterr().out.splitlines()[4:7] == ["[1. 1.]", "[1. 1.]", "[2.5 1.3]"]


def test_where_numbers_are_not_finite_it_is_said() -> None:
    problem = for_scipy(lambda x: x[0].log(), [1.0])
    with pytest.warns(RuntimeWarning, match=r"log\(0\) gave -inf"):
        assert problem.fun([0.0]) == -np.inf
