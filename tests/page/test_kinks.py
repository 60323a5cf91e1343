"""Where a row chooses, the operand that was not chosen gets nothing, not even of an infinite gradient.

In every way in which gradients are found: at once, as nodes of a graph, in a recording, and step by step.
"""

import math
import warnings
from collections.abc import Callable, Sequence

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from autograd import Value, apply, explain, functions, grad, steps
from autograd.graph import topological_order
from autograd.ops import TABLE, Op

MASKING = [op for op in TABLE.values() if op.masks]
NUMBERS = st.sampled_from([-2.0, -0.5, 0.0, 0.5, 1.0, 3.0])
STEEP = [lambda x: x.sqrt(), lambda x: x.log(), lambda x: 1 / x, lambda x: (x * 1e200) * (x * 1e200) * (x * 1e200)]


def at_once(f: Callable[..., Value], point: Sequence[float]) -> list[float]:
    leaves = [Value(x) for x in point]
    f(*leaves).backward()
    return [x.grad for x in leaves]


def as_nodes(f: Callable[..., Value], point: Sequence[float]) -> list[float]:
    leaves = [Value(x) for x in point]
    return [x.data for x in grad(f(*leaves), leaves, create_graph=True)]


def by_steps(f: Callable[..., Value], point: Sequence[float]) -> list[float]:
    leaves = [Value(x) for x in point]
    list(steps(f(*leaves)))
    return [x.grad for x in leaves]


def by_paths(f: Callable[..., Value], point: Sequence[float]) -> list[float]:
    leaves = [Value(x) for x in point]
    root = f(*leaves)
    return [sum(path.product for path in explain(x, root).paths) for x in leaves]


def recorded(f: Callable[..., Value], point: Sequence[float]) -> list[float]:
    record = pytest.importorskip("autograd.replay").record
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)
        return [float(column[0]) for column in record(f, *point).input_gradients(*[[x] for x in point])]


def recorded_on_many_rows(f: Callable[..., Value], point: Sequence[float]) -> list[float]:
    record = pytest.importorskip("autograd.replay").record
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)
        return [float(column[-1]) for column in record(f, *point).input_gradients(*[[x] * 19 for x in point])]


def recorded_as_nodes(f: Callable[..., Value], point: Sequence[float]) -> list[float]:
    record = pytest.importorskip("autograd.replay").record
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)
        slopes = record(lambda *x: grad(f(*x), list(x), create_graph=True), *point)
        return [float(x) for x in slopes(*[[x] for x in point])[0]]


WAYS = [at_once, as_nodes, by_steps, by_paths, recorded, recorded_on_many_rows, recorded_as_nodes]


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("op", MASKING, ids=lambda op: op.name)
@given(data=st.data(), steep=st.sampled_from(STEEP))
@settings(max_examples=40)
def test_what_was_not_chosen_gets_nothing(way: Callable, op: Op, data: st.DataObject, steep: Callable) -> None:
    point = [data.draw(NUMBERS) for _ in op.operands]
    out = Value(op.compute(*point))
    (upstream,) = grad(steep(out), [out])
    expected = [
        0.0 if (local := partial(*point, out.data)) == 0 else upstream * local for partial in op.partials
    ]  # fmt: skip
    assert way(lambda *x: steep(apply(op, *x)), point) == pytest.approx(expected, nan_ok=True)


@pytest.mark.parametrize("way", WAYS)
def test_the_examples_of_pytorch(way: Callable) -> None:
    relu, maximum, minimum = (functions[name] for name in ("relu", "maximum", "minimum"))
    assert way(lambda x: relu(x).sqrt(), [-0.4]) == [0.0]
    assert way(lambda x, y: maximum(x, y).sqrt(), [-0.4, 1.0]) == [0.0, 0.5]
    assert way(lambda x, y: minimum(x, y).sqrt(), [0.0, 1.0]) == [math.inf, 0.0]


def test_a_row_of_ones_own_may_mask() -> None:
    falls = Op("falls", "falls", "0.0 if a >= 0 else -a", ("0 if a >= 0 else -1",), masks=True)
    for way in WAYS:
        assert way(lambda x: apply(falls, x).sqrt(), [2.0]) == [0.0]
        assert way(lambda x: apply(falls, x).sqrt(), [-4.0]) == [-0.25]


def test_a_step_says_that_nothing_passes() -> None:
    x = Value(-0.4, label="x")
    *_, last = steps(x.relu().sqrt())
    assert str(last) == (
        "relu(x) passes nothing of its gradient inf on to x, since d(relu(x))/d(x) = 0 if x <= 0 else 1 = 0:\n"
        "    x.grad = 0"
    )


TORCH = "add sub mul div neg exp log sqrt relu maximum minimum abs sin tanh sigmoid softplus".split()  # noqa: SIM905


@st.composite
def graphs(draw: st.DrawFn) -> Callable[..., Value]:
    """Random programs of three variables over rows that PyTorch has, whatever their domains."""
    instructions = []
    for position in range(3, 3 + draw(st.integers(1, 8))):
        op = TABLE[draw(st.sampled_from(TORCH))]
        instructions.append((op, [draw(st.integers(0, position - 1)) for _ in op.operands]))

    def program(*variables: Value) -> Value:
        nodes = list(variables)
        for op, operands in instructions:
            nodes.append(apply(op, *[nodes[i] for i in operands]))
        return nodes[-1]

    return program


@given(graphs(), st.tuples(NUMBERS, NUMBERS, NUMBERS))
@settings(max_examples=300)
def test_gradients_of_random_graphs_are_those_of_pytorch(f: Callable[..., Value], point: tuple[float, ...]) -> None:
    torch = pytest.importorskip("torch")
    to_torch = pytest.importorskip("autograd.exports").to_torch
    leaves = [Value(x) for x in point]
    root = f(*leaves)
    assume(not any(math.isnan(node.data) for node in topological_order(root)))  # of a nan, |a| has the slope nan here
    root.backward()
    tensors = [torch.tensor([x], dtype=torch.float64, requires_grad=True) for x in point]
    to_torch(f, *point)(*tensors).sum().backward()
    for leaf, tensor in zip(leaves, tensors, strict=True):
        theirs = 0.0 if tensor.grad is None else tensor.grad.item()
        assert leaf.grad == pytest.approx(theirs, rel=1e-9, abs=1e-12, nan_ok=True)
