"""The text of a program: a statement for every formula, which declares a constant that later statements name."""

from collections.abc import Callable, Mapping

from autograd.ops import Op
from autograd.replay import Tape


class Statements:
    """The statements so far, in `lines`.

    `expression(formula, operands)` says a formula, and `line` declares its result, a constant that is called by
    `prefix` and a number, from `first` on.
    """

    def __init__(self, prefix: str, first: int, line: str, expression: Callable[[str, Mapping[str, str]], str]) -> None:
        self.lines: list[str] = []
        self._prefix, self._next, self._line, self._expression = prefix, first, line, expression

    def said(self, op: Op, formula: str, operands: Mapping[str, str]) -> str:  # noqa: ARG002
        name = f"{self._prefix}{self._next}"
        self.lines.append(self._line.format(name=name, expression=self._expression(formula, operands)))
        self._next += 1
        return name


def inputs_and_leaves(tape: Tape, literal: Callable[[float], str]) -> list[str]:
    """What the first nodes of a tape are called: inputs `x[i]`, parameters `p[k]`, and constants by their numbers."""
    place = {i: f"p[{k}]" for k, i in enumerate(tape.parameter_numbers)}
    leaves = enumerate(tape.leaves, tape.first_leaf)
    return [f"x[{i}]" for i in range(tape.first_leaf)] + [place.get(i) or literal(leaf.data) for i, leaf in leaves]
