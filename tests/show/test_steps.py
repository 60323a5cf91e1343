"""Steps: the same as backward() and the forward pass, one at a time, in words whose formulas are right."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st
from references import SHARED, in_domain

from autograd import Value, apply, draw, exp, functions, relu, steps, tanh
from autograd.graph import topological_order
from autograd.ops import TABLE, Op
from autograd.show.naming import name_nodes
from autograd.show.notation import Written, rounded, write_derivative
from autograd.testing import Expression, expressions
from nn import MLP, Layer

numbers = st.floats(-1e3, 1e3)


def graph(f: Expression, gradient: float = 0.0) -> Value:
    """The expression at its point, where every node has had the gradient `gradient`."""
    root = f(*map(Value, f.point))
    for node in topological_order(root):
        node.grad = gradient
    return root


def state(root: Value) -> list[tuple[str, str]]:
    """Every number in the graph, to the last bit."""
    return [(node.data.hex(), node.grad.hex()) for node in topological_order(root)]


@given(expressions(variables=3, ops=SHARED), numbers)
def test_all_steps_are_what_backward_does_to_the_last_bit(f: Expression, gradient: float) -> None:
    at_once, by_steps = graph(f, gradient), graph(f, gradient)
    for _ in range(2):  # the second time, leaves accumulate and inner nodes start afresh
        at_once.backward()
        list(steps(by_steps))
        assert state(by_steps) == state(at_once)


@given(expressions(variables=3), numbers)
def test_each_step_is_one_edge_of_the_chain_rule(f: Expression, gradient: float) -> None:
    root = graph(f, gradient)
    for step in steps(root):
        assert step.node.inputs[step.position] is step.operand
        assert step.upstream == step.node.grad
        assert step.contribution == step.upstream * step.local
        assert step.after == step.operand.grad
        assert step.after == pytest.approx(step.before + step.contribution, rel=1e-12, abs=1e-12)


@given(expressions(variables=3))
def test_there_is_one_step_for_each_operand_that_has_a_gradient(f: Expression) -> None:
    root = graph(f)
    edges = [(node, i) for node in topological_order(root) for i, x in enumerate(node.inputs) if x.requires_grad]
    assert sorted((id(s.node), s.position) for s in steps(root)) == sorted((id(node), i) for node, i in edges)


@given(expressions(variables=3), st.floats(0.9, 1.1))
def test_the_forward_pass_computes_every_node_from_its_operands_again(f: Expression, factor: float) -> None:
    root, expected = graph(f), f(*(Value(x * factor) for x in f.point))
    for leaf in topological_order(root):
        if leaf.is_leaf and leaf.requires_grad:
            leaf.data *= factor
    taken = list(steps(root, forward=True))
    assert [step.node for step in taken] == [node for node in topological_order(root) if node.op]
    assert all(step.data == step.node.data or math.isnan(step.data) for step in taken)
    assert state(root) == state(expected)


def test_nothing_has_happened_before_the_first_step() -> None:
    x = Value(2.0)
    y = x * x * 3
    y.backward()
    before = state(y)
    backward, forward = steps(y), steps(y, forward=True)
    assert state(y) == before
    next(backward)
    assert (y.grad, x.grad) == (1.0, 12.0)  # inner nodes have started afresh, the leaf keeps what it had
    x.data = 1.0
    next(forward)
    assert (y.inputs[0].data, y.data) == (1.0, 12.0)  # x * x has been computed again, y not yet


def test_a_drawing_half_way_shows_the_state_half_way() -> None:
    a, b = Value(2.0, label="a"), Value(-3.0, label="b")
    walk = steps(a * b)
    assert "grad  0" in draw(a * b).source
    step = next(walk)
    assert (a.grad, b.grad) == (-3.0, 0.0)
    minus = "\N{MINUS SIGN}"
    assert rf"a\ndata  2\ngrad {minus}3" in draw(step.node).source
    assert rf"b\ndata {minus}3\ngrad  0" in draw(step.node).source


def test_a_leaf_is_its_own_derivative_and_has_no_steps() -> None:
    x = Value(2.0)
    x.grad = 5.0
    assert list(steps(x)) == list(steps(x, forward=True)) == []
    assert x.grad == 6.0


def test_a_chain_too_long_for_recursion() -> None:
    y = x = Value(1.0)
    for _ in range(20_000):
        y = y + 1
    assert sum(step.contribution for step in steps(y)) == 20_000
    assert x.grad == 1.0


def test_constants_are_refused_as_a_root_of_the_backward_pass_only() -> None:
    with pytest.raises(ValueError, match="no steps back from a constant"):
        steps(Value(2.0, requires_grad=False))
    with pytest.raises(TypeError, match="expects a Value, got float"):
        steps(2.0)  # type: ignore[call-overload]


# The words


def value(number: float, label: str = "") -> Value:
    return Value(number, label=label)


def test_a_line_that_a_beginner_can_follow() -> None:
    a, b = value(2.0, "a"), value(-3.0, "b")
    c = a * b
    c.label = "c"
    assert [str(step) for step in steps(c)] == [
        "c = a * b passes its gradient 1 on to a, times dc/da = b = -3: a.grad = 0 + 1 * (-3) = -3",
        "c = a * b passes its gradient 1 on to b, times dc/db = a = 2: b.grad = 0 + 1 * 2 = 2",
    ]
    assert [str(step) for step in steps(c, forward=True)] == ["c = a * b = 2 * (-3) = -6"]


def test_the_forward_pass_of_a_row_of_ones_own():
    a = Value(2.0, label="a")
    y = apply(Op("relu", "twice", "2 * a", ("2",)), a)
    a.data = -3.0
    assert [str(step) for step in steps(y, forward=True)] == ["y = twice(a) = twice(-3) = -6"]
    assert y.data == -6.0


def test_a_value_without_a_label_goes_by_its_variable_its_expression_or_what_it_is() -> None:
    x = value(3.0, "x")
    short = -(x + 1) * 2
    assert str(next(steps(short))).startswith("short = (-(x + 1)) * 2 passes its gradient 1 on to -(x + 1), times ")
    said = str(next(steps(-(x + 1) * 2 - (x - 4) ** -0.5)))
    assert said.startswith("difference_1 = (-(x + 1)) * 2 - (x - 4)**(-0.5) passes its gradient")
    assert str(next(steps(value(3.0) * 2))).startswith("variable_1 * 2 passes its gradient 1 on to variable_1")


def test_no_two_share_a_name() -> None:
    x, also_x = value(2.0, "x"), value(3.0, "x")
    _twice = [x * also_x, x * also_x]
    nodes = topological_order(_twice[0] + _twice[1] + 2 * (x - 2))
    named = [name.text for name in name_nodes(nodes).values()]
    assert named[:4] == ["x", "x_2", "x * x_2", "(x * x_2)_2"]
    assert len({name for name in named if name != "2"}) == len(named) - 2


def test_parts_of_a_network_go_by_their_place() -> None:
    out = MLP(2, [2, 1], activation="tanh", rng=0)([0.5, -1.0])
    for p in topological_order(out):
        if p.is_leaf and p.requires_grad:
            p.data = 0.5
    forward, backward = ([str(step) for step in steps(out, forward=which)] for which in (True, False))
    assert forward[0] == "layer 1, neuron 1: w0 * x0 = 0.5 * 0.5 = 0.25"
    assert backward[2].splitlines() == [
        "layer 2, neuron 1: product_2 = w1 * (layer 1, neuron 2) passes its gradient 1 on to w1,",
        "    times d(product_2)/d(w1) = layer 1, neuron 2 = 0.2449: w1.grad = 0 + 1 * 0.2449 = 0.2449",
    ]
    assert "(layer 1, neuron 2).grad" in backward[3]
    assert backward[4].startswith("layer 1, neuron 2: output = tanh(sum_1) passes its gradient 0.5 on to sum_1")
    assert max(len(line) for text in backward for line in text.splitlines()) <= 100


def test_a_layer_of_its_own_and_what_has_another_owner() -> None:
    out = Layer(1, 1, activation="tanh", rng=0)([0.5])
    assert name_nodes(topological_order(out))[out].text == "neuron 1"
    rate = value(0.1, "learning.rate")
    assert name_nodes(topological_order(rate * 2))[rate].text == "learning.rate"


def test_steps_say_what_they_are() -> None:
    y = value(2.0, "x") * 3
    assert repr(steps(y)) == "<Steps: the backward pass, one step for each next(); .player() plays it>"
    assert repr(steps(y, forward=True)).startswith("<Steps: the forward pass")


def test_a_result_that_rounded_numbers_miss_is_about_so() -> None:
    a, b = value(2 / 3, "a"), value(-1.23456, "b")
    y = a * b
    assert str(next(steps(y, forward=True))) == "y = a * b = 0.6667 * (-1.235) = about -0.823"
    assert "= about" not in "".join(map(str, steps(y)))


@pytest.mark.parametrize(
    ("make", "formula", "in_numbers"),
    [
        (lambda x: x + 1, "1", "1"),
        (lambda x: x * 4, "4", "4"),
        (lambda x: 4 / x, "(-4 / x) / x", "(-2) / 2"),
        (lambda x: x**2, "2 * x", "2 * 2"),
        (lambda x: x**3, "3 * x**2", "3 * 2**2"),
        (lambda x: x**1, "1", "1"),
        (lambda x: x**0, "0", "0"),
        (lambda x: x**0.5, "0.5 * x**(-0.5)", "0.5 * 2**(-0.5)"),
        (lambda x: x**-1, "(-1) * x**(-2)", "(-1) * 2**(-2)"),
        (lambda x: 3**x, "3**x * log(3)", "9 * log(3)"),
        (lambda x: -x, "-1", "-1"),
        (tanh, "1 - tanh(x)**2", "1 - 0.964**2"),
        (exp, "exp(x)", "7.389"),
        (relu, "0 if x <= 0 else 1", "0 if 2 <= 0 else 1"),
        (lambda x: relu(-x), "0 if -x <= 0 else 1", "0 if -2 <= 0 else 1"),
        (abs, "1 if x > 0 else -1 if x < 0 else 0", "1 if 2 > 0 else -1 if 2 < 0 else 0"),
    ],
)
def test_formulas_are_written_as_a_person_would(make: object, formula: str, in_numbers: str) -> None:
    step = next(steps(make(value(2.0, "x"))))  # type: ignore[operator]
    assert (step.formula, step.formula_in_numbers) == (formula, in_numbers)


def test_long_conditions_are_left_out() -> None:
    base, exponent = value(0.0, "the number of radishes"), value(2.0, "the number of gardens")
    assert [step.formula for step in steps(base**exponent)][1] == "0"


def test_a_formula_with_conditions_is_shown_by_a_branch_that_is_right_for_the_numbers() -> None:
    elu = Op("elu", "elu", "expm1(a) if a < 0 else a", ("exp(a) if a < 0 else 1 / a if a > 5 else 1 + a",))
    texts = {name: Written(name) for name in elu.arguments}
    assert write_derivative(elu, 0, texts, {"a": -1.0, "out": 0.0}) == "exp(a)"
    assert write_derivative(elu, 0, texts, {"a": 8.0, "out": 8.0}) == "1 / a"
    assert write_derivative(elu, 0, texts, {"a": 0.0, "out": 0.0}) == "exp(a)"  # gives the same as 1 + a there
    assert write_derivative(elu, 0, texts, {"a": 1.0, "out": 1.0}) == "1 + a"  # and so does 1 / a at neither
    smooth = Op("smooth", "smooth", "a", ("1 / a if a > 5 else 1",))
    assert write_derivative(smooth, 0, texts, {"a": 0.0, "out": 0.0}) == "1 / a if a > 5 else 1"


PLACES = [(0.3,), (-0.7,), (1.7,), (-40.0,), (0.3, 2.0), (0.3, -0.4), (2.5, 0.5), (-2.0, -3.0), (1e9, 1.0)]


@pytest.mark.parametrize("op", TABLE.values(), ids=TABLE)
def test_the_formula_of_every_row_gives_the_local_derivative(op: Op) -> None:
    """In whatever words it is written: read back as Python it gives the number."""
    language = {name: row.compute for name, row in TABLE.items()}
    seen = 0
    for place in PLACES:
        if len(place) != len(op.operands) or not in_domain(op, place):
            continue
        out = functions[op.name](*(Value(x, label=name) for x, name in zip(place, op.operands, strict=True)))
        out.label = "out"
        names = {"a": place[0], "b": place[-1], "out": out.data}
        for step in steps(out):
            seen += 1
            assert eval(step.formula, language, names) == pytest.approx(step.local, rel=1e-3, abs=1e-6)
    assert seen


def test_numbers_are_short_and_zero_has_no_sign() -> None:
    assert [rounded(x) for x in (1 / 3, -0.0, 1e-9, 123456.0, math.inf, math.nan)] == [
        *("0.3333", "0", "1e-9", "1.235e5", "inf", "nan")
    ]
