"""How operations and derivatives are written for people to read: short formulas, rounded numbers.

The formulas are those of the table, with the nodes' names or numbers put in for `a`, `b` and `out`, and shortened where
that is plain arithmetic: the derivative of `x**2` reads `2 * x`, not `0 if 2 == 0 else 2 * pow(x, 2 - 1) if ...`.
"""

import ast
import math
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from autograd.ops import TABLE, Op

LONGEST_LABEL = 32  # characters
LONGEST_SYMBOL = 2  # characters of a name that stands after a d without parentheses
LONGEST_CONDITION = 60  # characters of a formula that is shown with its conditions

# How strongly the parts of a formula bind. A leading minus binds as weakly as a sum, to be kept away from other signs.
SUM, PRODUCT, POWER, ATOM = range(1, 5)
_OPERATORS = {"+": SUM, "-": SUM, "*": PRODUCT, "/": PRODUCT, "**": POWER}
# fmt: off
_SYMBOLS: dict[type[ast.AST], str] = {
    ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/", ast.And: " and ", ast.Or: " or ",
    ast.Lt: "<", ast.LtE: "<=", ast.Gt: ">", ast.GtE: ">=", ast.Eq: "==", ast.NotEq: "!=",
}
# fmt: on


class Written(NamedTuple):
    """A text, how strongly it binds as part of a larger formula, its number if it is one, its place in a network."""

    text: str
    binding: int = ATOM
    number: float | None = None
    place: str = ""

    def seen_from(self, place: str) -> "Written":
        """The text without its place, if that is where one is; what is called by the place itself is its output."""
        if not place or self.place != place:
            return self
        return self._replace(text="output" if self.text == place else self.text.removeprefix(f"{place}, "))

    def within(self, binding: int) -> str:
        """The text as an operand of something that binds as strongly as `binding`: in parentheses if it needs them."""
        is_one = self.binding > binding and not (self.place and self.text.startswith(self.place))
        return self.text if is_one else f"({self.text})"

    @property
    def factor(self) -> str:
        """The text as a factor of a product."""
        return self.within(PRODUCT)

    @property
    def atom(self) -> str:
        """The text as the owner of something, as in `(a * b).grad`."""
        return self.within(POWER)


def write_quotient(y: Written, x: Written) -> str:
    """The derivative of y by x as a quotient of differentials: `dy/dx`, and where that is hard to read `d(d)/d(a)`."""
    if all(z.text.isidentifier() and len(z.text) <= LONGEST_SYMBOL and not z.text.startswith("d") for z in (y, x)):
        return f"d{y.text}/d{x.text}"
    return f"d({y.text})/d({x.text})"


def printable(label: str) -> str:
    """`label` on one line, not too long, and without characters that steer a terminal, a parser or the direction."""
    joiners = "\u200c\u200d"  # of Persian letters, and of emoji
    line = "".join(c if c.isprintable() or c in joiners else "\ufffd" for c in " ".join(label.split()))
    return line if len(line) <= LONGEST_LABEL else line[: LONGEST_LABEL - 1] + "…"


def rounded(number: float) -> str:
    """`number` with four significant digits, a short exponent, and no minus at zero.

    >>> rounded(-1 / 3), rounded(-0.0), rounded(123456), rounded(1e-5)
    ('-0.3333', '0', '1.235e5', '1e-5')
    """
    figures, e, exponent = f"{number + 0.0:.4g}".partition("e")
    return f"{figures}e{int(exponent)}" if e else figures


def with_minus(text: str) -> str:
    """`text` with real minus signs, for pictures and pages; hyphens within words stay.

    >>> with_minus("x - 1 = -0.5, by gradient-descent").count("-")
    1
    """
    return re.sub(r"(?<![^\s(,=])-(?=[\w.(| ])|(?<=\de)-(?=\d)", "\N{MINUS SIGN}", text)


def written_number(number: float) -> Written:
    text = rounded(number)
    return Written(text, SUM if text.startswith("-") else ATOM, number)


def write_operation(op: Op, operands: Sequence[Written]) -> Written:
    """`op` applied to its operands, as a person writes it: `a * b`, `|a|`, `tanh(a)`."""
    if op.symbol.isidentifier():
        return Written(f"{op.symbol}({', '.join(x.text for x in operands)})")
    if len(operands) == 2:
        return _infix(op.symbol, *operands)
    if "a" in op.symbol:
        return Written(op.symbol.replace("a", operands[0].text))
    return Written(op.symbol + operands[0].within(SUM), SUM)


def write_derivative(op: Op, position: int, texts: Mapping[str, Written], numbers: Mapping[str, float]) -> str:
    """The derivative of `op` by its operand at `position`, with `texts` put in for the operands and the result.

    Of a formula with conditions, the branch that holds for `numbers` is shown. If it is a number, the conditions are
    shown too, as its reason. If not, an earlier branch may stand for it that gives the same: the later ones arrange the
    derivative for other magnitudes.
    """
    whole = ast.parse(op.derivatives[position], mode="eval").body
    local = op.partials[position](*numbers.values())
    branch = next(_right_branches(whole, local, numbers))
    if branch is not whole and isinstance(branch, ast.Constant):
        reasoned = _write(whole, texts).text
        if len(reasoned) <= LONGEST_CONDITION:
            return reasoned
    return _write(branch, texts).text


def _right_branches(formula: ast.expr, number: float, numbers: Mapping[str, float]) -> Iterator[ast.expr]:
    """The branch whose condition holds, and before it any formulas that give the same `number` all the same."""
    while isinstance(formula, ast.IfExp):
        if _evaluated(formula.test, numbers):
            break
        if not isinstance(formula.body, ast.Constant) and math.isclose(
            _evaluated(formula.body, numbers), number, rel_tol=1e-6, abs_tol=1e-6
        ):
            yield formula.body
        formula = formula.orelse
    yield formula.body if isinstance(formula, ast.IfExp) else formula


def _evaluated(formula: ast.expr, numbers: Mapping[str, float]) -> float:
    functions = {**vars(math), **{name: op.compute for name, op in TABLE.items()}}
    try:
        return float(eval(ast.unparse(formula), functions, dict(numbers)))
    except ArithmeticError:
        return math.nan


def _write(tree: ast.AST, texts: Mapping[str, Written]) -> Written:
    match tree:
        case ast.Name(id=name):
            return texts[name]
        case ast.UnaryOp(operand=x):
            operand = _write(x, texts)
            if operand.number is not None:
                return written_number(-operand.number)
            return Written("-" + operand.within(SUM), SUM)
        case ast.BinOp(left=a, op=ast.Mult(), right=b) if ast.dump(a) == ast.dump(b):
            return _shortened("**", _write(a, texts), written_number(2))
        case ast.BinOp(left=a, op=operator, right=b):
            return _shortened(_SYMBOLS[type(operator)], _write(a, texts), _write(b, texts))
        case ast.Call(func=ast.Name(id="pow"), args=[a, b]):
            return _shortened("**", _write(a, texts), _write(b, texts))
        case ast.Call(func=ast.Name(id=function), args=arguments):
            return Written(f"{function}({', '.join(_write(x, texts).text for x in arguments)})")
        case ast.Compare(left=a, ops=[comparison], comparators=[b]):
            return Written(f"{_write(a, texts).text} {_SYMBOLS[type(comparison)]} {_write(b, texts).text}")
        case ast.BoolOp(op=connective, values=tests):
            return Written(_SYMBOLS[type(connective)].join(_write(x, texts).text for x in tests))
        case ast.IfExp(test=test, body=a, orelse=b):
            return Written("{} if {} else {}".format(*(_write(x, texts).text for x in (a, test, b))))
        case _:
            return written_number(ast.literal_eval(tree))


def _shortened(symbol: str, a: Written, b: Written) -> Written:
    """`a symbol b`, without what a person would not write: `2 - 1`, `x**1`, `1 * x`."""
    if a.number is not None and b.number is not None and symbol in ("+", "-", "*"):
        return written_number({"+": a.number + b.number, "-": a.number - b.number, "*": a.number * b.number}[symbol])
    if symbol == "**" and b.number in (0, 1):
        return a if b.number else written_number(1)
    if symbol == "*" and a.number in (0, 1):
        return b if a.number else a
    return _infix(symbol, a, b)


def _infix(symbol: str, a: Written, b: Written) -> Written:
    binding = _OPERATORS[symbol]
    if symbol == "**":  # from the right
        return Written(f"{a.within(POWER)}**{b.within(PRODUCT)}", binding)
    return Written(f"{a.within(binding - 1)} {symbol} {b.within(binding)}", binding)
