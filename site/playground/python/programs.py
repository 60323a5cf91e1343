"""Runs a program of the playground: its last Value becomes a player, and an error has its line."""

import ast
import json
import os
import re
import sys
import traceback
from html import escape
from typing import Any

FILE = "<program>"
NOTHING_TO_SHOW = (bool, int, float, str, type(None))
_MISSING = {
    "en": "{name} is not in this page. What needs it, such as record and the networks of nn, works where stepgrad is "
    "installed: pip install stepgrad. A small network: from micrograd.nn import MLP",
    "ko": "이 페이지에는 {name}이(가) 없습니다. 그것이 필요한 record나 nn의 신경망 등은 설치한 곳에서 동작합니다: "
    "pip install stepgrad. 작은 신경망: from micrograd.nn import MLP",
}
_DEEP = {
    "en": "The program went too deep: does a function call itself without end?",
    "ko": "프로그램이 너무 깊이 들어갔습니다. 함수가 끝없이 자신을 부르나요?",
}
_kept: dict[str, Any] = {}  # the variables of programs that follow each other, as the cells of a lesson do


def run(program: str, language: str, fresh: bool = True) -> str:
    """Run `program`, and tell as JSON what came of it: `page` to show, the `text` of its last line, or an `error`.

    An error has its `text` and, where it is the program's, its `line`.
    """
    os.environ["LANGUAGE"] = language
    if fresh:
        _forget()
    _kept["__name__"] = "__main__"
    try:
        last = _run(re.sub(r"(?m)^(\s*)[%!].*$", r"\1pass", program))  # what installs, in a notebook
        answer = _shown(last, fresh)
    except BaseException as error:
        answer = {"error": {"text": _said(error, language), "line": _line(error)}}
    sys.stdout.flush()
    return json.dumps(answer)


def _forget() -> None:
    """Forget the variables, and graphs node by node: Python in a browser can't free what is nested deeply."""
    from autograd import Value
    from autograd.graph import topological_order

    nodes = {node for kept in _kept.values() if isinstance(kept, Value) for node in topological_order(kept)}
    for node in nodes:
        node.inputs = ()
    _kept.clear()


def _run(program: str) -> Any:
    """Run `program`, and return the value of its last line, if that has one."""
    tree = ast.parse(program, FILE)
    last = tree.body.pop() if tree.body and isinstance(tree.body[-1], ast.Expr) else None
    exec(compile(tree, FILE, "exec"), _kept)
    if last is None or program.rstrip().endswith(";"):
        if last:
            exec(compile(ast.Module([last], []), FILE, "exec"), _kept)
        return None
    return eval(compile(ast.Expression(last.value), FILE, "eval"), _kept)


def _shown(last: Any, fresh: bool) -> dict[str, Any]:
    from autograd import Value

    answer: dict[str, Any] = {}
    if hasattr(last, "source") and hasattr(last, "save"):  # a player or a drawing
        answer["page"] = _page_of(last)
        answer["kind"] = "picture" if hasattr(last, "svg") else "player"
    elif not isinstance(last, Value) and last is not None:
        answer["text"] = repr(last)
    if isinstance(last, Value):
        answer["text"] = repr(last)
    root = last if isinstance(last, Value) else _last_result(Value) if last is None else None
    if fresh and root is not None and root.requires_grad:
        try:
            answer["page"] = _played(root)
        except (ValueError, RuntimeError) as error:  # too large to be looked at
            answer["note"] = str(error)
    return answer


def _last_result(kind: type) -> Any:
    """The last variable that holds a result of operations."""
    results = [value for value in _kept.values() if isinstance(value, kind) and value.inputs]
    return results[-1] if results else None


def _played(root: Any) -> str:
    """The player's page; Values go by the program's variables, which `steps` finds around its call."""
    from autograd import steps

    names = {**_kept, "_steps": steps, "_root": root}
    page: str = eval("_steps(_root).player().source", names)
    return page


def _page_of(thing: Any) -> str:
    if hasattr(thing, "svg"):
        look = "<style>body { background: #fff } svg { max-width: 100%; height: auto }</style>"
        return f"<!doctype html><title>{escape(type(thing).__name__)}</title>{look}{thing.svg()}"
    return str(thing.source)


def _said(error: BaseException, language: str) -> str:
    if isinstance(error, SyntaxError):
        return f"{type(error).__name__}: {error.msg}"
    if isinstance(error, RecursionError):
        return _DEEP[language]
    text = f"{type(error).__name__}: {error}".rstrip(": ")
    if isinstance(error, ModuleNotFoundError):
        text += "\n" + _MISSING[language].format(name=error.name)
    return text


def _line(error: BaseException) -> int | None:
    """The line of the program where an error came from."""
    if isinstance(error, SyntaxError) and error.filename == FILE:
        return error.lineno
    lines = [frame.lineno for frame in traceback.extract_tb(error.__traceback__) if frame.filename == FILE]
    return lines[-1] if lines else None
