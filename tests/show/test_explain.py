"""explain: the paths, what each contributes, and that they sum to the gradient."""

import math
from collections.abc import Iterator
from time import perf_counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograd import Value, explain, grad, steps
from autograd.testing import Expression, expressions


def all_products(leaf: Value, root: Value) -> list[float]:
    """The product along every path, found by walking each."""
    if not root.requires_grad:
        return []
    edges: dict[Value, list[tuple[Value, float]]] = {}
    for step in steps(root):
        edges.setdefault(step.node, []).append((step.operand, step.local))

    def walk(node: Value, product: float) -> Iterator[float]:
        if node is leaf:
            yield product
        for operand, local in edges.get(node, []):
            yield from walk(operand, product * local)

    return list(walk(root, 1.0))


@given(expressions(variables=2))
def test_the_paths_sum_to_the_gradient(f: Expression) -> None:
    leaf, *others = map(Value, f.point)
    root = f(leaf, *others)
    explanation = explain(leaf, root, limit=10_000)
    assert explanation.gradient == grad(root, [leaf])[0]
    assert explanation.count == len(explanation.paths) == len(all_products(leaf, root))
    products = [path.product for path in explanation.paths]
    assert math.fsum(products) == pytest.approx(explanation.gradient, rel=1e-9, abs=1e-9)
    assert explanation.rest == 0


@given(expressions(variables=2))
def test_a_path_leads_from_the_leaf_to_the_root_and_multiplies_what_it_meets(f: Expression) -> None:
    leaf, *others = map(Value, f.point)
    root = f(leaf, *others)
    for path in explain(leaf, root).paths:
        assert (path.nodes[0], path.nodes[-1]) == (leaf, root)
        assert all(a in b.inputs for a, b in zip(path.nodes, path.nodes[1:], strict=False))
        assert len(path.derivatives) == len(path.nodes) - 1
        assert path.product == pytest.approx(math.prod(path.derivatives), rel=1e-12)


@given(expressions(variables=2), st.integers(0, 5))
def test_those_shown_are_the_largest(f: Expression, limit: int) -> None:
    leaf, *others = map(Value, f.point)
    root = f(leaf, *others)
    largest = sorted(map(abs, all_products(leaf, root)), reverse=True)[:limit]
    assert [abs(path.product) for path in explain(leaf, root, limit).paths] == pytest.approx(largest, rel=1e-12)


def test_more_paths_than_anyone_could_list() -> None:
    x = Value(1.0, label="x")
    y = x
    for _ in range(200):
        y = y * 0.4 + y * 0.6
    y.label = "y"
    start = perf_counter()
    explanation = explain(x, y, limit=3)
    assert perf_counter() - start < 2
    assert explanation.count == 2**200
    assert explanation.paths[0].product == pytest.approx(0.6**200)
    assert explanation.gradient == pytest.approx(1.0)
    assert explanation.rest == pytest.approx(1.0)
    lines = str(explanation).splitlines()
    assert lines[0] == "dy/dx, by about 10**60 paths:"
    assert lines[1].endswith("0.6 * 1 * 0.6 * 1 * 0.6 * 1 * 0.6 * 1 * 0.6 * 1 * ... 380 more ..." + " * 0.6 * 1" * 5)
    assert lines[7:] == ["          1 = about 10**60 other paths together", "  ---------", "          1"]


def test_a_value_used_twice_by_one_operation_has_two_paths() -> None:
    x = Value(3.0, label="x")
    assert str(explain(x, x * x)) == "\n".join(
        [
            "d(x * x)/d(x), by 2 paths:",
            "  3 = 3",
            "      x -> x * x",
            "  3 = 3",
            "      x -> x * x",
            "  -",
            "  6",
        ]
    )


def test_one_path_more_than_shown() -> None:
    x = Value(3.0, label="x")
    assert "3 = 1 other path together" in str(explain(x, x * x, limit=1))


def test_an_inner_node_and_the_root_itself() -> None:
    x = Value(3.0, label="x")
    half = x / 2
    y = half * half
    assert explain(half, y).count == 2
    assert explain(half, y).gradient == 3.0
    assert str(explain(y, y)).splitlines()[1:] == ["  1 = 1", "      y", "  -", "  1"]


def test_no_path() -> None:
    x, y = Value(3.0, label="x"), Value(4.0, label="y")
    explanation = explain(y, x * 2)
    assert (explanation.gradient, explanation.count, explanation.paths) == (0.0, 0, ())
    assert str(explanation).startswith("x * 2 does not depend on Value(data=4.0, grad=0.0, label='y'): no path")


def test_the_leaf_comes_first() -> None:
    x = Value(3.0)
    with pytest.raises(ValueError, match=r"give the leaf first, as in explain\(a, loss\)"):
        explain(x * 2 + 1, x)


def test_a_path_that_is_not_a_number_is_seen_first() -> None:
    x = Value(0.0, label="x")
    assert math.isnan(explain(x, 5 * x + (x / x) * x).paths[0].product)


def test_no_gradient_is_changed() -> None:
    x = Value(3.0)
    explain(x, x * x)
    assert x.grad == 0.0


def test_errors_say_what_to_do() -> None:
    x = Value(3.0)
    with pytest.raises(TypeError, match="expects two Values, got float as root"):
        explain(x, 2.0)  # type: ignore[arg-type]
    with pytest.raises(TypeError, match="got str as leaf"):
        explain("x", x)  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="constant"):
        explain(Value(1.0, requires_grad=False), x)
    with pytest.raises(ValueError, match="limit is the number of paths to show, got -1"):
        explain(x, x * x, limit=-1)
