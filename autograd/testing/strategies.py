"""Random expressions, for property tests of code that uses `autograd`: a strategy for Hypothesis.

`gradcheck` says whether one gradient is right; `expressions()` gives it thousands of programs to look at, and
Hypothesis shrinks one that fails to the smallest that still does.

>>> from hypothesis import given
>>> @given(expressions())
... def gradients_are_right(f):
...     gradcheck(f, *f.point)
>>> gradients_are_right()
"""

import ast
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache
from math import floor
from operator import mul
from typing import Any

from autograd.engines import Value, apply
from autograd.ops import TABLE, Op
from autograd.testing.gradient_check import GradientError, gradcheck
from autograd.value import Operand

try:
    from hypothesis import strategies as st
except ImportError as missing:
    raise ImportError('autograd.testing needs Hypothesis: pip install "stepgrad[testing]"') from missing

__all__ = ["Expression", "GradientError", "Step", "expressions", "gradcheck"]

_MARGIN = 0.05  # how far inside its domain every operation of a random expression stays
_LARGEST = 100.0  # magnitude of a value or a partial derivative in it
_STEEPEST = 1e4  # bound on the slope of any of its steps

_BINDING = {"add": 1, "sub": 1, "mul": 2, "div": 2, "neg": 3, "pow": 4}  # of the operators that rows are written with
_ATOM = 5


@dataclass(frozen=True, slots=True)
class Step:
    """One operation of an expression; `operands` are positions among its constants, variables and earlier steps."""

    op: Op
    operands: tuple[int, ...]


@dataclass(frozen=True, eq=False, repr=False, slots=True)
class Expression:
    """A program over the rows of the table: a function of as many numbers as `point` has, smooth at `point`.

    Called with Values it gives a Value, and with plain numbers a float. `str()` is its source in Python, in which a
    step that is used more than once has a name of its own.

    - `point`: numbers for its variables, at which it is defined, differentiable and of moderate size
    - `constants`, `steps`: the positions in a step count the constants, then the variables, then the steps; the last
      is the result

    >>> product, power = Step(TABLE["mul"], (0, 1)), Step(TABLE["exp"], (2,))
    >>> f = Expression(point=(0.5, 2.0), constants=(), steps=(product, power, Step(TABLE["add"], (3, 2))))
    >>> print(f)
    def f(x0, x1):
        t0 = x0 * x1
        return exp(t0) + t0
    >>> f(0.0, 7.0)
    1.0
    >>> f(Value(0.0), 7.0)
    Value(data=1.0, grad=0.0)
    """

    point: tuple[float, ...]
    constants: tuple[float, ...]
    steps: tuple[Step, ...]

    def __call__(self, *variables: Operand) -> Any:
        if len(variables) != len(self.point):
            raise TypeError(f"this is an expression in {len(self.point)} variables, got {len(variables)}")
        on_values = any(isinstance(x, Value) for x in variables)
        numbers: list[Any] = [*self.constants, *variables]
        for step in self.steps:
            operands = [numbers[i] for i in step.operands]
            numbers.append(apply(step.op, *operands) if on_values else step.op.compute(*operands))
        return numbers[-1]

    def __str__(self) -> str:
        names = [f"x{i}" for i in range(len(self.point))]
        uses = Counter(i for step in self.steps for i in step.operands)
        written = [(repr(c), _BINDING["neg"] if c < 0 else _ATOM) for c in self.constants]
        written += [(name, _ATOM) for name in names]
        lines = [f"def f({', '.join(names)}):"]
        for i, step in enumerate(self.steps, start=len(written)):
            source, binding = _write(step.op, [written[j] for j in step.operands])
            if uses[i] > 1:
                name = f"t{len(lines) - 1}"
                lines.append(f"    {name} = {source}")
                source, binding = name, _ATOM
            written.append((source, binding))
        return "\n".join([*lines, f"    return {written[-1][0]}"])

    def __repr__(self) -> str:
        return f"{self}\n# at {', '.join(f'x{i} = {x!r}' for i, x in enumerate(self.point))}"

    def _repr_pretty_(self, printer: Any, cycle: bool) -> None:  # noqa: ARG002 - IPython's and Hypothesis's protocol
        printer.text(repr(self))


def _write(op: Op, operands: list[tuple[str, int]]) -> tuple[str, int]:
    """The source of one operation, and how strongly it binds; operands that bind no stronger stand in parentheses."""
    if op.name not in _BINDING:
        return f"{op.name}({', '.join(source for source, _ in operands)})", _ATOM
    binding = _BINDING[op.name]
    sources = [source if inner > binding else f"({source})" for source, inner in operands]
    return (f" {op.symbol} ".join(sources) if len(sources) == 2 else op.symbol + sources[0]), binding


def expressions(
    variables: int = 2, max_size: int = 12, ops: Iterable[str | Op] = tuple(TABLE)
) -> st.SearchStrategy[Expression]:
    """A strategy for `Expression` objects in `variables` variables, of up to `max_size` operations out of `ops`.

    An operation is a name in the table or a row of one's own. The expressions are built from the operands up, while
    being evaluated at a random point, and only with operations that are smooth there with some margin and give moderate
    numbers, so no draw is wasted. Steps are shared freely. A failing one shrinks to fewer operations, to those that
    stand first in `ops`, and to rounder numbers.

    Raises ValueError for numbers below 1 and for names that the table does not have.

    >>> from hypothesis import find
    >>> f = find(expressions(variables=3, ops=["mul", "exp"]), lambda f: len(f.steps) >= 2)
    >>> len(f.point), len(f.steps)
    (3, 2)
    """
    if variables < 1 or max_size < 1:
        raise ValueError(f"variables and max_size must be at least 1, got {variables} and {max_size}")
    chosen = tuple(ops)
    unknown = [op for op in chosen if isinstance(op, str) and op not in TABLE]
    if unknown:
        raise ValueError(f"the table has no operation {', '.join(unknown)}; it has {', '.join(TABLE)}")
    return _expressions(variables, max_size, tuple(TABLE[op] if isinstance(op, str) else op for op in chosen))


@st.composite
def _expressions(draw: st.DrawFn, variables: int, max_size: int, ops: tuple[Op, ...]) -> Expression:
    hundredths = st.integers(-300, 300).map(lambda n: n / 100)
    point = tuple(draw(hundredths) for _ in range(variables))
    constants = tuple(draw(st.lists(hundredths, max_size=2)))
    values = [*constants, *point]
    slopes = [0.0] * len(constants) + [1.0] * variables  # bounds on the sum of the magnitudes of a step's derivatives
    steps: list[Step] = []
    choices = st.tuples(st.integers(0, 2), st.integers(0, max_size + variables), st.integers(0, len(ops) - 1))
    for recent, any_other, choice in draw(st.lists(choices, min_size=1, max_size=max_size)):
        # the first operand is a recent one, so that few steps are left unused, and no constant
        operands = (
            len(values) - 1 - recent % (len(values) - len(constants)),
            len(values) - 1 - any_other % len(values),
        )
        fitting = {}
        for op in ops:
            chosen = operands[: len(op.operands)]
            if result := _moderate(op, [values[i] for i in chosen], [slopes[i] for i in chosen]):
                fitting[op] = result
        if fitting:
            op = list(fitting)[choice % len(fitting)]
            value, slope = fitting[op]
            steps.append(Step(op, operands[: len(op.operands)]))
            values.append(value)
            slopes.append(slope)
    return _pruned(point, constants, steps)


def _moderate(op: Op, operands: list[float], slopes: list[float]) -> tuple[float, float] | None:
    """The value of `op` and a bound on its slope, where it is smooth and neither is large."""
    if not _well_inside_domain(op)(*operands):
        return None
    value = op.compute(*operands)
    partials = [abs(partial(*operands, value)) for partial in op.partials]
    slope = sum(map(mul, partials, slopes))
    return (value, slope) if max(abs(value), *partials) <= _LARGEST and slope <= _STEEPEST else None


@cache
def _well_inside_domain(op: Op) -> Callable[..., bool]:
    """The row's domain as a function of the operands, with `a > b` read as "by a margin"."""
    domain = ast.unparse(_WithMargin().visit(ast.parse(op.domain, mode="eval")))
    return eval(f"lambda {', '.join(op.operands)}: {domain}", {"floor": floor})  # type: ignore[no-any-return]


class _WithMargin(ast.NodeTransformer):
    def visit_Compare(self, node: ast.Compare) -> ast.AST:
        left, right = ast.unparse(node.left), ast.unparse(node.comparators[0])
        room = {
            ast.Gt: f"{left} - {right}",
            ast.Lt: f"{right} - {left}",
            ast.NotEq: f"abs({left} - {right})",
        }[type(node.ops[0])]
        return ast.parse(f"{room} > {_MARGIN}", mode="eval").body


def _pruned(point: tuple[float, ...], constants: tuple[float, ...], steps: list[Step]) -> Expression:
    """The expression without the steps and constants that its result does not depend on."""
    first_step = len(constants) + len(point)
    needed = {first_step + len(steps) - 1, *range(len(constants), first_step)}
    for i, step in reversed([*enumerate(steps, start=first_step)]):
        if i in needed:
            needed.update(step.operands)
    position = {old: new for new, old in enumerate(sorted(needed))}
    return Expression(
        point,
        tuple(c for i, c in enumerate(constants) if i in needed),
        tuple(
            Step(step.op, tuple(position[i] for i in step.operands))
            for i, step in enumerate(steps, start=first_step)
            if i in needed
        ),
    )
