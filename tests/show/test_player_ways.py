"""A node that is clicked tells its history; edges carry local derivatives, and the size of gradients as their width."""

import re
from pathlib import Path
from typing import Any

import pytest
from played import Page, network

from autograd import Value, explain, relu
from autograd.graph import topological_order
from autograd.show.notation import rounded


def branching() -> Value:
    """x reaches the root by four ways, and what is masked by none of a value."""
    x, y = Value(1.5, label="x"), Value(-0.7, label="y")
    out = (x * y + x) ** 2 + relu(x * y) * x + x
    out.label = "out"
    return out


@pytest.fixture(name="page")
def _page(browser: Any, tmp_path: Path) -> Any:
    with Page(browser, tmp_path, branching()) as opened:
        yield opened


def ways(page: Page) -> list[str]:
    return [text.replace("\N{MINUS SIGN}", "-") for text in page.page.locator(".way strong").all_text_contents()]


def test_a_click_tells_by_which_ways_a_gradient_comes(page: Page) -> None:
    out = page.loss
    x = topological_order(out)[0]
    explained = explain(x, out, limit=4)
    page.press("End", "0")
    page.page.click("#v0")
    assert page.text("phase") == "The history of x"
    said = f"out rises {rounded(explained.gradient)} times as much. {explained.count} ways lead there, all at the same"
    assert said in page.text("sentence")
    assert page.text("sentence").endswith("the ways add up.")  # not all of them are listed
    assert ways(page) == [rounded(path.product) for path in explained.paths]
    assert page.text("reason") == "other ways, which count less: 1"
    page.press("Escape")
    lit = page.lit("edge-at-work")
    page.page.hover(".way >> nth=0")
    assert page.lit("edge-at-work") < lit
    page.page.mouse.move(0, 0)
    assert page.lit("edge-at-work") == lit
    page.press("Escape")
    assert page.text("phase") == "Backward pass"


def test_results_and_constants_tell_their_history_too(page: Page) -> None:
    nodes = topological_order(page.loss)
    gated = next(i for i, node in enumerate(nodes) if node.op and node.op.name == "relu")
    page.press("0")
    page.page.focus(f"#v{gated}")
    page.press("Enter")
    assert page.text("sentence").startswith("relu((x * y)_2) = relu(-1.05) = 0. When ")
    assert "One way leads there" in page.text("sentence")
    page.page.click(f"#v{len(nodes) - 1}", force=True)
    assert page.text("sentence").endswith("its own is 1.")
    assert page.page.locator(".way").count() == 0
    page.click("forward")
    assert page.text("phase") == "Forward pass"
    page.click("predict")
    page.page.evaluate(f"choose({gated})")
    assert page.text("phase") == "Forward pass"  # it gives nothing away


def test_factors_stand_in_the_order_of_the_way(browser: Any, tmp_path: Path) -> None:
    """As `explain` writes them: from the number to the root."""
    w = Value(1.0, label="w")
    loss = (w * 3 - 7) ** 2
    with Page(browser, tmp_path, loss) as opened:
        opened.page.evaluate("choose(nodes.findIndex(({ name }) => name?.[0] === 'w'))")
        shown = (
            opened.page.locator(".way")
            .text_content()
            .replace("\N{MINUS SIGN}", "-")
            .replace("\N{MULTIPLICATION SIGN}", "*")
        )
    assert shown.startswith("-24 = 3 * 1 * (-8)")
    assert "-24 = 3 * 1 * (-8)" in str(explain(w, loss))


def test_a_mask_lets_nothing_pass_on_a_way(browser: Any, tmp_path: Path) -> None:
    x = Value(-0.4, label="x")
    c = Value(1.0, label="c", requires_grad=False)
    with Page(browser, tmp_path, relu(x).sqrt() * c) as opened:
        assert opened.page.evaluate("waysFrom(0).ways.map(({ product }) => product)") == [0]
        opened.page.evaluate("choose(nodes.findIndex(({ name }) => name?.[0] === 'c'))")
        assert opened.text("sentence") == "c is an input: 1."


def test_edges_carry_the_local_derivative_and_are_as_wide_as_the_gradient(browser: Any, tmp_path: Path) -> None:
    a, b, c = Value(2.0, label="a"), Value(-3.0, label="b"), Value(10.0, label="c")
    with Page(browser, tmp_path, (a * b + c) ** 2) as opened:
        opened.press("End")
        assert opened.page.locator(".on-edge").all_text_contents() == ["\N{MULTIPLICATION SIGN}2"]
        share = "[0, 1].map((k) => Number(element(`e2-${k}`).style.getPropertyValue('--share')))"
        assert opened.page.evaluate(share) == pytest.approx([1, 16 / 24], abs=1e-3)
        width = "parseFloat(getComputedStyle(element('e2-0').querySelector('path')).strokeWidth)"
        assert opened.page.evaluate(width) == pytest.approx(6)
        opened.page.evaluate("change(0, 0)")  # b has no gradient now
        assert opened.page.evaluate(share)[1] == 0
        opened.press("Home", "ArrowRight")
        assert opened.page.locator(".on-edge").count() == 0


def test_the_edges_of_a_folded_network_too(browser: Any, tmp_path: Path) -> None:
    with Page(browser, tmp_path, network(4)) as opened:
        opened.press("End")
        carried = opened.page.evaluate(
            "[...drawing.querySelectorAll('.edge')].map((x) => x.style.getPropertyValue('--share'))"
        )
        assert sum(map(bool, carried)) > 20
        opened.page.evaluate("go(moments.findIndex(({ kind }) => kind === 'seed') + 2)")
        assert re.fullmatch(r"\W\d\S*", opened.page.text_content(".on-edge"))
        weight = opened.page.evaluate("parameters.find((i) => nodes[i].name[0].startsWith('layer 1'))")
        opened.page.evaluate(f"choose({weight})")
        assert opened.page.locator(".way").count() == 4
        assert opened.violations() == []
