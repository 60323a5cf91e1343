"""What the page computes and writes in JavaScript is what Python does: Node runs its scripts."""

import json
import math
import re
import shutil
import subprocess
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from played import example, network

from autograd import Value, maximum, relu, steps, where
from autograd.graph import topological_order
from autograd.show import part
from autograd.show.naming import name_nodes
from autograd.show.notation import rounded
from autograd.show.passes import ForwardStep, Step
from autograd.testing import Expression, expressions

NODE = shutil.which("node")
pytestmark = pytest.mark.skipif(NODE is None, reason="needs node")
SCRIPTS = ("notation.js", "graph.js", "lesson.js")

TELL = """
console.log(JSON.stringify({
  names: nodeNames.map(({ text }) => text), data: data.map(String), gradients: gradients.map(String),
  moments: momentsBy("scalar").filter(({ node }) => node !== undefined).map((moment) => explained(moment)),
}));
"""


def in_node(script: str) -> Any:
    ran = subprocess.run([NODE or "", "-"], input=script, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stderr
    return json.loads(ran.stdout)


def played(root: Value, change: str = "") -> Any:
    """What the scripts of the page make of the graph."""
    page = steps(root).player().source
    [rows] = re.findall(r'<script id="rows">(.*?)</script>', page, re.DOTALL)
    [lesson] = re.findall(r'id="lesson">(.*?)</script>', page, re.DOTALL)
    scripts = "".join(part("autograd.show.player", name) for name in SCRIPTS)
    return in_node(f"{rows}\nconst lesson = {lesson};\n{scripts}\n{change}\n{TELL}")


def told(root: Value) -> list[dict[str, str | bool]]:
    """The same moments, by Python."""
    forward = [
        ForwardStep(x, x.data, name_nodes(topological_order(root), {root: "root"}))
        for x in topological_order(root)
        if x.op
    ]
    return [*map(_forward, forward), *map(_backward, steps(root))]


def _forward(step: ForwardStep) -> dict[str, str | bool]:
    return {
        "formula": step.formula,
        "numbers": step.formula_in_numbers,
        "result": rounded(step.data),
        "isRounded": step.is_rounded,
    }


def _backward(step: Step) -> dict[str, str | bool]:
    numbers = {name: rounded(getattr(step, name)) for name in ("upstream", "local", "contribution", "before", "after")}
    formulas = {"derivative": step.derivative, "formula": step.formula, "numbers": step.formula_in_numbers}
    return {**formulas, **numbers, "isRounded": step.is_rounded}


def written(expression: Expression) -> Value:
    return expression(*(Value(x, label=f"x{i}") for i, x in enumerate(expression.point)))  # type: ignore[no-any-return]


def kinks() -> Value:
    """Rows that choose, numbers beyond all bounds, and names that aren't words."""
    x, y = Value(0.0, label="x"), Value(-2.5, label="learning rate")
    return where(x >= y, relu(y) * x.abs(), y**-1) + maximum(x, x * y).log() + 2 * x**1.0 - (-y) ** 2 / x


@settings(max_examples=15)
@given(expressions())
def test_sentences_and_gradients_of_any_expression(expression: Expression) -> None:
    same_as_in_python(written(expression))


@pytest.mark.parametrize("make", [example, kinks, lambda: network(4)])
def test_sentences_and_gradients(make: Any) -> None:
    same_as_in_python(make())


def _in_any_order(moments: list[dict[str, Any]]) -> list[list[tuple[str, Any]]]:
    """The page goes through a network layer by layer: then gradients add up in another order."""
    order_matters = {"before", "after", "isRounded"} if len(moments) > 100 else set()
    return sorted([(key, x) for key, x in sorted(moment.items()) if key not in order_matters] for moment in moments)


def same_as_in_python(root: Value) -> None:
    found = played(root)
    nodes = topological_order(root)
    assert found["names"] == [name.text for name in name_nodes(nodes, {root: "root"}).values()]
    assert _in_any_order(found["moments"]) == _in_any_order(told(root))
    for node in nodes:
        node.grad = 0.0
    root.backward()
    gradients = [float(x.replace("Infinity", "inf")) for x in found["gradients"]]
    assert np.allclose(gradients, [node.grad for node in nodes], rtol=1e-13, atol=0, equal_nan=True)


def test_a_leaf_with_another_number_carries_through() -> None:
    a, b = Value(0.5, label="a"), Value(2.0, label="b")
    found = played((a * b).tanh() ** 2, "data[0] = -1.5; forwardPass(); backwardPass();")
    other = Value(-1.5, label="a")
    root = (other * b).tanh() ** 2
    assert found["moments"] == told(root)
    assert list(map(float, found["data"])) == pytest.approx([node.data for node in topological_order(root)], rel=1e-15)


@given(st.lists(st.floats(), min_size=1, max_size=30))
@settings(max_examples=10)
def test_numbers_are_rounded_as_in_python(numbers: list[float]) -> None:
    ties = [x + half for x in (2.062, 1234, 0.125, 99990, 3.0) for half in (0.0005, 0.5, 0.0625, 5)]
    found = everywhere_rounded([*numbers, *ties, 9.9995, 99995.0, 12345.0, 1e-5, 0.0001, -0.0, 1e22, math.inf])
    assert found[0] == found[1]


def everywhere_rounded(numbers: list[float]) -> tuple[list[str], list[str]]:
    texts = [str(x).replace("inf", "Infinity").replace("nan", "NaN") for x in numbers]
    script = f"console.log(JSON.stringify({json.dumps(texts)}.map(Number).map((x) => rounded(x))));"
    return in_node(part("autograd.show.player", "notation.js") + script), [rounded(x) for x in numbers]
