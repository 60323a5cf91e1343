"""What a replay could not repeat is refused; derivatives within a recording are not."""

import gc

import numpy as np
import pytest
from references import FLAT, moderate_points

from autograd import Op, RecordError, Value, apply, functions, grad, no_grad, record
from autograd.ops import TABLE

pytestmark = pytest.mark.usefixtures("either_replay")


def caught(x):
    try:
        return x * float(x)
    except RuntimeError:
        return x * 2


def without_recording(x):
    with no_grad():
        return x * 2


@pytest.mark.parametrize(
    "function",
    [
        lambda x: x * x.data,
        lambda x: x * float(x),
        lambda x: x if x > 0 else -x,
        lambda x: max(x, x * x),
        lambda x: x * x.grad,
        lambda x: x * x.detach(),
        lambda x: x * len(f"{x:.1f}"),
        lambda x: x * grad(x * x, [x])[0],
        lambda x: (x * x).backward() or x,
        lambda x: x * np.float64(x),
        lambda x: setattr(x, "data", 2.0) or x,
        caught,
        without_recording,
    ],
)
def test_what_a_replay_could_not_repeat_is_refused_with_its_line(function):
    with pytest.raises(RecordError, match=r"test_refusals\.py:\d+: .*Compute with Values instead"):
        record(function, 1.0)
    assert float(Value(1.0)) == 1.0


def test_what_a_function_raises_is_told_with_its_line_and_how_it_was_called():
    with pytest.raises(RecordError, match=r"test_refusals\.py:\d+: .*: KeyError was raised: 'a'\. .*for f\(x, v\)"):
        record(lambda x: x / {}["a"], 1.0)
    with pytest.raises(RecordError, match=r"test_refusals\.py:\d+: .*TypeError.* there are where and lookup"):
        record(lambda x: x * [1, 2][x], 1.0)
    with pytest.raises(RecordError, match=r"the function: TypeError .* missing 1 required .*: 'x'\. .*for f\(x, v\)"):
        record(lambda x: x)


def test_a_batch_whose_rows_are_not_like_the_example_is_told_so():
    loss = record(lambda x, y: (x - y) ** 2, 0.0, 0.0)
    with pytest.raises(RecordError, match=r"shape \(\) and \(1,\), .* example are of \(\) and \(\), .*: .*py:\d+"):
        loss(np.ones(3), np.ones((3, 1)))


def test_the_gradient_of_a_graph_may_be_part_of_a_recorded_function():
    slope = record(lambda x: grad(x * x * x, [x], create_graph=True)[0], 1.0)
    assert slope([2.0, 3.0]) == pytest.approx([12.0, 27.0])


@pytest.mark.parametrize("op", TABLE.values(), ids=TABLE)
def test_recorded_second_derivatives_are_those_node_by_node(op):
    def second_derivatives(*operands):
        slopes = grad(functions[op.name](*operands), operands, create_graph=True)
        return [second for slope in slopes for second in grad(slope, operands, create_graph=True)]

    points = [*moderate_points(op.name), *(point for name, point in FLAT if name == op.name)]
    expected = [[second.data for second in second_derivatives(*map(Value, point))] for point in points]
    recorded = record(second_derivatives, *points[0])(*np.transpose(points))
    np.testing.assert_allclose(recorded, expected, rtol=1e-12, atol=1e-14)


@pytest.mark.parametrize("exponent", [0, 1, 2, 3, 0.5 + 0.5])
def test_recorded_derivatives_of_whole_powers_hold_at_zero_and_below(exponent):
    def derivatives(x):
        (slope,) = grad(x**exponent, [x], create_graph=True)
        return [slope, *grad(slope, [x], create_graph=True)]

    X = np.array([-2.0, -0.5, 0.0, 0.5])
    expected = [[slope.data for slope in derivatives(Value(x))] for x in X.tolist()]
    np.testing.assert_allclose(record(derivatives, 1.0)(X), expected, rtol=1e-14)


def test_a_mistake_in_a_derivative_is_found_in_the_line_that_asked_for_it():
    row = Op("row", "row", "a", ("unknown(a) if a < 0 else a",))
    with pytest.raises(RecordError, match=r"test_refusals\.py:\d+: .*grad\(apply.*NameError.*unknown"):
        record(lambda x: grad(apply(row, x), [x], create_graph=True)[0], 1.0)


@pytest.mark.parametrize("result", [3.0, None, [], ["x"], {"a": 1}])
def test_a_recorded_function_returns_values(result):
    with pytest.raises(TypeError, match="returns a Value"):
        record(lambda _: result, 1.0)


def test_examples_are_numbers():
    with pytest.raises(TypeError, match="real number"):
        record(lambda x: x, "1")


@pytest.mark.parametrize("at_work", [True, False])
def test_the_garbage_collector_is_afterwards_as_it_was(at_work: bool) -> None:
    (gc.enable if at_work else gc.disable)()
    try:
        record(lambda x: x * 2, 1.0)
        assert gc.isenabled() is at_work
        with pytest.raises(RecordError):
            record(lambda x: float(x) * x, 1.0)
        assert gc.isenabled() is at_work
    finally:
        gc.enable()
