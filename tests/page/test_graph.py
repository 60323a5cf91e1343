"""Walks over the graph."""

from math import inf, nan

import pytest
from hypothesis import given

from autograd import Value, log
from autograd.graph import count_operations, depth, first_nonfinite, leaves, topological_order
from autograd.testing import Expression, expressions


@given(expressions())
def test_every_node_comes_once_and_after_its_operands(f: Expression) -> None:
    root = f(*map(Value, f.point))
    order = topological_order(root)
    position = {node: i for i, node in enumerate(order)}
    assert len(position) == len(order)
    assert order[-1] is root
    assert all(position[x] < position[node] for node in order for x in node.inputs)


@given(expressions())
def test_leaves_are_the_nodes_that_no_operation_made(f: Expression) -> None:
    root = f(*map(Value, f.point))
    assert leaves(root) == [node for node in topological_order(root) if node.is_leaf]


@given(expressions())
def test_every_operation_is_counted(f: Expression) -> None:
    root = f(*map(Value, f.point))
    assert count_operations(root).total() == len(topological_order(root)) - len(leaves(root))


@given(expressions())
def test_the_depth_is_one_more_than_that_of_the_deepest_operand(f: Expression) -> None:
    root = f(*map(Value, f.point))
    assert depth(root) == max((1 + depth(x) for x in root.inputs), default=0)


def test_counts_are_by_name() -> None:
    x = Value(2.0)
    assert count_operations(x * x + x.exp() * x) == {"mul": 2, "exp": 1, "add": 1}
    assert count_operations(x) == {}


def test_a_finite_graph_has_no_first_nonfinite_node() -> None:
    x = Value(2.0)
    assert first_nonfinite(x * x + 1) is None


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda x: 2 * log(x) + 1, "log(x = 0) gave -inf"),
        (lambda x: 1 / x * 0, "div(1, x = 0) gave inf"),
        (lambda x: (x - 1) ** 0.5 + log(x), "pow(-1, 0.5) gave nan"),
        (lambda x: x + Value(inf, label="bias"), "the leaf bias = inf is not finite"),
        (lambda x: x * nan, "the constant nan is not finite"),
    ],
)
def test_the_first_nonfinite_node_and_what_made_it(make, words) -> None:
    found = first_nonfinite(make(Value(0.0, label="x")))
    assert str(found) == found.reason == words


def test_the_first_nonfinite_node_is_the_one_whose_operands_are_finite() -> None:
    x = Value(0.0)
    culprit = log(x)
    culprit.label = "loss"
    found = first_nonfinite(culprit * 2 - culprit)
    assert found.node is culprit
    assert str(found) == "log(0) gave -inf (the node 'loss')"
