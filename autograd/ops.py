"""The table of derivatives: what every primitive computes, and its partial derivative with respect to each operand.

A row is the only place where a derivative is written. Both engines, higher derivatives, the words of a lesson, the labels
of a drawing and the tests are made from it. The idea is that of DiffRules.jl and of PyTorch's `derivatives.yaml`.

A formula is an expression in the operands `a` and `b` and the result `out`, made of numbers, `+ - * /`, comparisons,
`and`, `or`, `... if ... else ...`, and calls of `abs`, `pow`, the functions of `math` and of rows above it: the subset of
Python that also reads as C. Formulas are arranged so that nothing overflows, and no digits cancel, on the way to a result
that a 64-bit float can hold. Where mathematics leaves a choice (kinks, ties, `0**0`) they choose as PyTorch does.
"""

import ast
import math
from collections.abc import Callable, Mapping, Set
from dataclasses import dataclass, field, fields
from functools import cache, partial
from typing import Any

from autograd.ieee import Number, without_exceptions

FILE_OF_FORMULAS = "<formula of autograd>"  # in a traceback


@dataclass(frozen=True, eq=False, slots=True)
class Op:
    """One primitive.

    `formula` is its value and `derivatives` its partial derivatives, one for each operand. `symbol` is how a drawing
    shows it. `domain` is the open set where it is finite and differentiable. `ufunc` is the name that NumPy calls it by,
    where that differs, so that NumPy's functions work on arrays of Values.

    A row that chooses `masks`: where its partial derivative by an operand is 0, that operand was not chosen, and nothing
    is passed on to it, not even of an infinite gradient, whose product with 0 would be nan. PyTorch masks the same rows.

    `smooth` are the derivatives once more, where `derivatives` choose between formulas for speed: one formula that holds
    everywhere, to a few units in the last place, and has a short derivative itself. Recorded derivatives are made of it.

    `compute(*operands)` and `partials[i](*operands, out)` are the formulas as functions of floats, and
    `shares[i](upstream, *operands, out)` is what operand i is handed of the result's gradient by the chain rule. They
    follow IEEE 754: where Python would raise, they return the infinity or the nan that NumPy returns.

    A row need not be in the table: `autograd.apply(row, ...)` applies any. Raises TypeError if `derivatives` is not a
    tuple of one or two formulas.

    >>> tanh.derivatives[0]
    '1 - out * out if abs(a) < 1 else sech2(a)'
    >>> mul.partials[0](3.0, -2.0, -6.0)
    -2.0
    >>> bell = Op("bell", "bell", "exp(-a * a)", ("-2 * a * out",))
    >>> bell.compute(0.0)
    1.0
    """

    name: str
    symbol: str
    formula: str
    derivatives: tuple[str, ...]
    domain: str = "True"
    ufunc: str = ""
    masks: bool = False
    smooth: tuple[str, ...] = ()
    compute: Callable[..., float] = field(init=False, repr=False)
    shares: tuple[Callable[..., float], ...] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        if not (isinstance(self.derivatives, tuple) and 1 <= len(self.derivatives) <= 2):
            raise TypeError(
                "derivatives is a tuple of one formula, or of two for two operands, such as ('2 * a',); "
                f"got {self.derivatives!r}"
            )
        object.__setattr__(self, "compute", _on_floats(self.formula, self.operands))
        share = "upstream * {0} if {0} != 0 else 0.0" if self.masks else "upstream * {0}"
        object.__setattr__(self, "shares", tuple(_on_floats(d, self.arguments, share) for d in self.derivatives))

    @property
    def partials(self) -> tuple[Callable[..., float], ...]:
        """The partial derivatives as functions of floats: of the operands and the result."""
        return _partials(self)

    @property
    def operands(self) -> tuple[str, ...]:
        """The names of the operands: `("a",)` or `("a", "b")`."""
        return ("a", "b")[: len(self.derivatives)]

    @property
    def arguments(self) -> tuple[str, ...]:
        """The names that a derivative may use: those of the operands and the result."""
        return (*self.operands, "out")

    @property
    def needed(self) -> tuple[Set[str], ...]:
        """For each operand, those of `arguments` that its derivative uses."""
        trees = map(ast.parse, self.derivatives)
        names = [{node.id for node in ast.walk(tree) if isinstance(node, ast.Name)} for tree in trees]
        return tuple([used & set(self.arguments) for used in names])

    def partials_on(
        self, functions: Mapping[str, Callable[..., Any]], replayable: bool = False
    ) -> tuple[Callable[..., Any], ...]:
        """The derivatives as functions of nodes, built with `functions`: what makes higher derivatives.

        Conditions look at the nodes' `.data`. `replayable` ones are nodes too, so that the choice is made anew for other
        numbers: both branches are computed, and one is masked. They are the `smooth` ones where the row has them.
        """
        conditions = _ConditionsAsNodes(self.arguments) if replayable else _ConditionsOnData()
        trees = [
            conditions.visit(ast.parse(d, mode="eval"))
            for d in (self.smooth if self.smooth and replayable else self.derivatives)
        ]
        names = {**functions, "_choose": partial(_choose, functions["mask"])}
        return tuple(_compile(ast.unparse(tree), self.arguments, names) for tree in trees)

    def __reduce__(self) -> str | tuple[Any, ...]:
        if TABLE.get(self.name) is self:
            return self.name
        return Op, tuple([getattr(self, x.name) for x in fields(self) if x.init])


class _ConditionsOnData(ast.NodeTransformer):
    """Rewrites the comparisons `a < b` of a formula to `a.data < b.data`."""

    def visit_Compare(self, node: ast.Compare) -> ast.AST:
        for name in ast.walk(node):
            if isinstance(name, ast.Name) and name.id in ("a", "b", "out"):
                name.id += ".data"
        return node


class _ConditionsAsNodes(ast.NodeTransformer):
    """Rewrites the conditions of a formula as rows of the table that are 1 or 0, and the choice between branches."""

    def __init__(self, arguments: tuple[str, ...]) -> None:
        self.arguments = ", ".join(arguments)

    def visit_IfExp(self, node: ast.IfExp) -> ast.AST:
        test, body, orelse = (ast.unparse(self.visit(part)) for part in (node.test, node.body, node.orelse))
        arguments = self.arguments
        return _parsed(f"_choose({test}, lambda {arguments}: {body}, lambda {arguments}: {orelse}, {arguments})")

    def visit_BoolOp(self, node: ast.BoolOp) -> ast.AST:
        tests = [f"({ast.unparse(self.visit(test))})" for test in node.values]
        return _parsed(" * ".join(tests) if isinstance(node.op, ast.And) else f"greater({' + '.join(tests)}, 0)")

    def visit_Compare(self, node: ast.Compare) -> ast.AST:
        a, b = ast.unparse(node.left), ast.unparse(node.comparators[0])
        return _parsed(_COMPARISONS[type(node.ops[0])].format(a=a, b=b))


_COMPARISONS: dict[type[ast.cmpop], str] = {
    ast.Gt: "greater({a}, {b})",
    ast.Lt: "greater({b}, {a})",
    ast.GtE: "greater_equal({a}, {b})",
    ast.LtE: "greater_equal({b}, {a})",
    ast.Eq: "greater_equal({a}, {b}) * greater_equal({b}, {a})",
    ast.NotEq: "1 - greater_equal({a}, {b}) * greater_equal({b}, {a})",
}


def _choose(
    mask: Callable[..., Any], test: Any, body: Callable[..., Any], orelse: Callable[..., Any], *arguments: Any
) -> Any:
    """The node that is `body` of the arguments where `test` is 1, and `orelse` of them where it is 0.

    Each branch is computed of ones where it is not chosen: were it infinite there, or infinitely steep, then the chain
    rule would make a nan of it, as 0 * inf. The chain rule passes the test by: its derivative is 0.
    """
    negation = 1 - test
    test.requires_grad = negation.requires_grad = False
    chosen = body(*[mask(x, test) + negation for x in arguments])
    other = orelse(*[mask(x, negation) + test for x in arguments])
    return mask(chosen, test) + mask(other, negation)


def _parsed(formula: str) -> ast.expr:
    return ast.parse(formula, mode="eval").body


def _compile(formula: str, arguments: tuple[str, ...], names: dict[str, Any]) -> Callable[..., Any]:
    code = compile(f"lambda {', '.join(arguments)}: {formula}", FILE_OF_FORMULAS, "eval")
    return eval(code, names)  # type: ignore[no-any-return]


@cache
def _partials(op: Op) -> tuple[Callable[..., float], ...]:
    return tuple(_on_floats(d, op.arguments) for d in op.derivatives)


def _on_floats(formula: str, arguments: tuple[str, ...], result: str = "{}") -> Callable[..., float]:
    """`formula` as a function of floats: Python's arithmetic where it has an answer, else NumPy's, which is IEEE 754.

    `result` says what is returned, with {} for the formula's value; a share has `upstream` as a first argument.
    """
    listed = ", ".join(arguments)
    names: dict[str, Any] = {**_FUNCTIONS, "_ieee": lambda *numbers: _ieee(formula, arguments, numbers)}
    definition = (
        f"def on_floats({'upstream, ' if 'upstream' in result else ''}{listed}):\n"
        f"    try:\n"
        f"        return {result.format(f'({formula})')}\n"
        f"    except (ArithmeticError, ValueError):\n"
        f"        return {result.format(f'_ieee({listed})')}\n"
    )
    exec(compile(definition, FILE_OF_FORMULAS, "exec"), names)
    return names["on_floats"]  # type: ignore[no-any-return]


def _ieee(formula: str, arguments: tuple[str, ...], numbers: tuple[float, ...]) -> float:
    return float(_by_ieee(formula, arguments)(*map(Number, numbers)))


@cache
def _by_ieee(formula: str, arguments: tuple[str, ...]) -> Callable[..., Any]:
    functions = {name: without_exceptions(name, function) for name, function in _FUNCTIONS.items()}
    return _compile(formula, arguments, functions)


_FUNCTIONS: dict[str, Callable[..., float]] = {
    name: getattr(math, name)
    for name in (
        *("exp", "expm1", "log", "log1p", "sqrt", "cbrt", "pow", "hypot", "erf", "erfc"),
        *("sin", "cos", "tan", "asin", "acos", "atan", "atan2", "sinh", "cosh", "tanh", "asinh", "acosh", "atanh"),
    )
}
_FUNCTIONS["floor"] = lambda a: a // 1.0 if math.isfinite(a) else a  # a float, as in C; `math.floor` gives an int

TABLE: dict[str, Op] = {}


def _row(
    name: str,
    symbol: str,
    formula: str,
    derivatives: tuple[str, ...],
    domain: str = "True",
    ufunc: str = "",
    masks: bool = False,
    smooth: tuple[str, ...] = (),
) -> Op:
    row = TABLE[name] = Op(name, symbol, formula, derivatives, domain, ufunc, masks, smooth)
    _FUNCTIONS.setdefault(name, row.compute)
    return row


# fmt: off
#                name        symbol      value            partial derivatives, by a and by b                   domain          in NumPy
add      = _row("add",      "+",        "a + b",         ("1", "1"))
sub      = _row("sub",      "-",        "a - b",         ("1", "-1"))
mul      = _row("mul",      "*",        "a * b",         ("b", "a"))
div      = _row("div",      "/",        "a / b",         ("1 / b", "-out / b"),                                "b != 0")
neg      = _row("neg",      "-",        "-a",            ("-1",))
pow      = _row("pow",      "**",       "pow(a, b)",     ("0 if a == 0 and b == 0 else b * pow(a, b - 1) if b >= 1 else b / pow(a, 1 - b)",
                                                          "0 if a == 0 and b >= 0 else out * log(a)"),         "a > 0")
exp      = _row("exp",      "exp",      "exp(a)",        ("out",))
expm1    = _row("expm1",    "expm1",    "expm1(a)",      ("exp(a)",))
log      = _row("log",      "log",      "log(a)",        ("1 / a",),                                           "a > 0")
log1p    = _row("log1p",    "log1p",    "log1p(a)",      ("1 / (1 + a)",),                                     "a > -1")
sqrt     = _row("sqrt",     "sqrt",     "sqrt(a)",       ("0.5 / out",),                                       "a > 0")
cbrt     = _row("cbrt",     "cbrt",     "cbrt(a)",       ("1 / (3 * out * out)",),                             "a != 0")
sin      = _row("sin",      "sin",      "sin(a)",        ("cos(a)",))
cos      = _row("cos",      "cos",      "cos(a)",        ("-sin(a)",))
tan      = _row("tan",      "tan",      "tan(a)",        ("1 + out * out",))
asin     = _row("asin",     "asin",     "asin(a)",       ("1 / sqrt(1 - a) / sqrt(1 + a)",),                   "abs(a) < 1",   "arcsin")
acos     = _row("acos",     "acos",     "acos(a)",       ("-1 / sqrt(1 - a) / sqrt(1 + a)",),                  "abs(a) < 1",   "arccos")
atan     = _row("atan",     "atan",     "atan(a)",       ("1 / (1 + a * a) if abs(a) < 1e8 else 1 / a / a",),  "True",         "arctan")
sinh     = _row("sinh",     "sinh",     "sinh(a)",       ("cosh(a)",))
cosh     = _row("cosh",     "cosh",     "cosh(a)",       ("sinh(a)",))
asinh    = _row("asinh",    "asinh",    "asinh(a)",      ("1 / hypot(a, 1)",),                                 "True",         "arcsinh")
acosh    = _row("acosh",    "acosh",    "acosh(a)",      ("1 / sqrt(a - 1) / sqrt(a + 1)",),                   "a > 1",        "arccosh")
atanh    = _row("atanh",    "atanh",    "atanh(a)",      ("1 / ((1 - a) * (1 + a))",),                         "abs(a) < 1",   "arctanh")
sech2    = _row("sech2",    "sech2",    "4 * exp(-2 * abs(a)) / ((1 + exp(-2 * abs(a))) * (1 + exp(-2 * abs(a))))",
                                                         ("-2 * tanh(a) * out",))
sigmoid  = _row("sigmoid",  "sigmoid",  "1 / (1 + exp(-a)) if a >= 0 else exp(a) / (1 + exp(a))",
                                                         ("out * (1 - out) if a < 0 else out * out * exp(-a)",),
                                                         smooth=("out * sigmoid(-a)",))
tanh     = _row("tanh",     "tanh",     "tanh(a)",       ("1 - out * out if abs(a) < 1 else sech2(a)",),    smooth=("sech2(a)",))
softplus = _row("softplus", "softplus", "(a if a > 0 else 0.0) + log1p(exp(-abs(a)))",
                                                         ("sigmoid(a)",))
relu     = _row("relu",     "relu",     "0.0 if a <= 0 else a",
                                                         ("0 if a <= 0 else 1",),                              "a != 0",      masks=True)
abs      = _row("abs",      "|a|",      "abs(a)",        ("1 if a > 0 else -1 if a < 0 else 0 * a",),          "a != 0",       "absolute")
sign     = _row("sign",     "sign",     "1.0 if a > 0 else -1.0 if a < 0 else a",
                                                         ("0",),                                               "a != 0",      masks=True)
floor    = _row("floor",    "floor",    "floor(a)",      ("0",),                                               "abs(a - floor(a) - 0.5) < 0.5", masks=True)
maximum  = _row("maximum",  "max",      "a if a >= b or a != a else b",
                                                         ("0 if a < b else 0.5 if a == b else 1",
                                                          "0 if a > b else 0.5 if a == b else 1"),              "a != b",      masks=True)
minimum  = _row("minimum",  "min",      "a if a <= b or a != a else b",
                                                         ("0 if a > b else 0.5 if a == b else 1",
                                                          "0 if a < b else 0.5 if a == b else 1"),              "a != b",      masks=True)
greater  = _row("greater",  "greater",  "1.0 if a > b else 0.0",
                                                         ("0", "0"),                                           "a != b",      masks=True)
greater_equal = _row("greater_equal", "greater_equal",   "1.0 if a >= b else 0.0",
                                                         ("0", "0"),                                           "a != b",      masks=True)
mask     = _row("mask",     "mask",     "a if b > 0 else 0.0",
                                                         ("greater(b, 0)", "0"),                               "b != 0",      masks=True)
hypot    = _row("hypot",    "hypot",    "hypot(a, b)",   ("0 if out == 0 else a / out",
                                                          "0 if out == 0 else b / out"),                       "a != 0 or b != 0")
atan2    = _row("atan2",    "atan2",    "atan2(a, b)",   ("b / hypot(a, b) / hypot(a, b)",
                                                          "-a / hypot(a, b) / hypot(a, b)"),                   "b > 0 or a != 0", "arctan2")
erf      = _row("erf",      "erf",      "erf(a)",        ("1.1283791670955126 * exp(-a * a)",))   # 2 / sqrt(pi)
erfc     = _row("erfc",     "erfc",     "erfc(a)",       ("-1.1283791670955126 * exp(-a * a)",))
# fmt: on
