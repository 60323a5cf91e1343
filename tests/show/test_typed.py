"""Expressions that are typed, and the command that plays them."""

import math
import runpy
import sys
import webbrowser
from pathlib import Path

import pytest

from autograd.graph import leaves
from autograd.show import typed


def test_an_expression_becomes_a_graph_of_variables() -> None:
    result = typed("-(a*b + c)**2 / 4 - sigmoid(a)", {"a": 2, "b": -3, "c": 10})
    assert result.data == pytest.approx(-4 - 1 / (1 + math.exp(-2)))
    assert {x.label for x in leaves(result) if x.requires_grad} == {"a", "b", "c"}
    result.backward()
    [a] = [x for x in leaves(result) if x.label == "a"]
    assert a.grad == pytest.approx(6 - result.inputs[1].data * (1 - result.inputs[1].data))


def test_the_result_has_the_name_that_it_is_given_or_that_of_its_expression() -> None:
    assert typed("loss = a**2", {"a": 1}).label == "loss"
    assert typed("a**2", {"a": 1}).label == ""
    assert typed("exp(a) * exp(a) + 1", {"a": 1}).label == "result"
    assert typed("y = a", {"a": 1}).label == "a"


@pytest.mark.parametrize(
    ("expression", "numbers", "why"),
    [
        ("a * b", {"a": 1}, "b has no number: add b=1.0"),
        ("a * 2", {"a": 1, "b": 2}, "b does not occur in 'a \\* 2'"),
        ("2 * 3", {}, "has no variable"),
        ("a *", {"a": 1}, "'a \\*' is not an expression such as"),
        ("import os", {}, "'import os' is not an expression such as"),
        ("a; a", {"a": 1}, "is not an expression such as"),
        ("a.data", {"a": 1}, "'a.data' is not understood: there are .* the functions .*tanh"),
        ("open(a)", {"a": 1}, "'open\\(a\\)' is not understood"),
        ("a // 2", {"a": 1}, "'a // 2' is not understood"),
        ("a * 'b'", {"a": 1}, "is not understood"),
    ],
)
def test_what_is_not_understood_is_told(expression: str, numbers: dict[str, float], why: str) -> None:
    with pytest.raises(ValueError, match=why):
        typed(expression, numbers)


def run(monkeypatch: pytest.MonkeyPatch, *arguments: str) -> list[str]:
    """What the command opens."""
    opened: list[str] = []
    monkeypatch.setattr(webbrowser, "open", opened.append)
    monkeypatch.delitem(sys.modules, "autograd.__main__", raising=False)
    monkeypatch.setattr(sys, "argv", ["autograd", *arguments])
    runpy.run_module("autograd", run_name="__main__")
    return opened


def test_play_makes_a_page_and_opens_it(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    opened = run(monkeypatch, "play", "(a*b+c)**2", "a=2", "b=-3", "c=10")
    assert opened == [(tmp_path / "player.html").as_uri()]
    assert "<title>(a * b + c)**2 · stepgrad</title>" in (tmp_path / "player.html").read_text(encoding="utf-8")
    assert capsys.readouterr().out == "player.html: open it in a browser\n"
    assert run(monkeypatch, "play", "a*2", "a=1e-3", "-o", "two.html", "--no-open") == []
    assert (tmp_path / "two.html").exists()


@pytest.mark.parametrize(
    ("arguments", "why"),
    [
        (["a*2"], "a has no number"),
        (["a*2", "a=two"], "expected a name and its number, such as a=2, got 'a=two'"),
        (["a*2", "a"], "expected a name and its number"),
        (["a*2", "a=2", "-o", "page.pdf"], "let the name end in .html"),
        (["tanh(a, a)", "a=2"], "got 2 operands"),
        (["a + 1/0", "a=2"], "division by zero"),
    ],
)
def test_mistakes_end_with_a_sentence(
    arguments: list[str], why: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        run(monkeypatch, "play", *arguments)
    assert ended.value.code == 2
    assert why in capsys.readouterr().err
