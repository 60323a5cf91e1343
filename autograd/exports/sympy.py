"""A small recording as a formula: an expression of SymPy, or LaTeX."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from autograd.exports.arrays import Arrays
from autograd.exports.walk import numbers, tape_of

MOST_OPERATIONS = 2000  # of a formula that anybody could want to read


def to_sympy(function: Callable[..., Any], *example: Any) -> Any:
    """`function`, a recording or what can be recorded on `example`, as an expression of SymPy, or a list of them.

    Symbols are named as the Values were labelled, else `x0`, `x1`, ... for inputs and `p0`, `p1`, ... for parameters,
    in their order. Raises ValueError for a recording too large to be read, ModuleNotFoundError without SymPy.

    >>> from autograd import Value
    >>> w = Value(3.0, label="w")
    >>> to_sympy(lambda x: (w * x) ** 2, 0.0)    # doctest: +SKIP
    w**2*x0**2
    """
    try:
        import sympy
    except ModuleNotFoundError:
        raise ModuleNotFoundError('to_sympy needs SymPy: pip install "stepgrad[sympy]"', name="sympy") from None
    tape = tape_of(function, example)
    if len(tape.operations) > MOST_OPERATIONS:
        raise ValueError(
            f"{len(tape.operations):,} operations are too many for a formula; the limit is {MOST_OPERATIONS:,}. "
            "Export a part, or write the program with to_c"
        )
    library = Arrays(
        functions=_functions(sympy),
        where=lambda test, a, b: sympy.Piecewise((a, test), (b, True)),
        broadcast=lambda x, _: x,
        side_by_side=list,
        operators={"==": sympy.Eq, "!=": sympy.Ne},
    )
    names = _names([tape.labels.get(i, f"x{i}") for i in range(tape.first_leaf)])
    inputs = [sympy.Symbol(name, real=True) for name in names]
    labels = [leaf.label or f"p{k}" for k, leaf in enumerate(tape.parameters)]
    parameters = iter([sympy.Symbol(name, real=True) for name in _names(labels, taken=names)])
    leaves = [
        next(parameters) if is_parameter else _exact(sympy, leaf.data)
        for leaf, is_parameter in zip(tape.leaves, tape.is_parameter, strict=True)
    ]
    found = numbers(tape, [*inputs, *leaves], library)
    results = [sympy.sympify(found[i]) for i in tape.outputs]
    return results if tape.several else results[0]


def to_latex(function: Callable[..., Any], *example: Any) -> str:
    """The same as LaTeX; several results one below the other.

    >>> from autograd import Value
    >>> w = Value(3.0, label="w")
    >>> print(to_latex(lambda x: (w * x) ** 2, 0.0))    # doctest: +SKIP
    w^{2} x_{0}^{2}
    """
    result = to_sympy(function, *example)
    from sympy import latex

    return " \\\\\n".join(map(latex, result)) if isinstance(result, list) else latex(result)


def _functions(sympy: Any) -> Mapping[str, Callable[..., Any]]:
    names = [
        "exp",
        "log",
        "sqrt",
        "sin",
        "cos",
        "tan",
        "asin",
        "acos",
        "atan",
        "sinh",
        "cosh",
        "tanh",
        "asinh",
        "acosh",
        "atanh",
        "atan2",
        "erf",
        "erfc",
        "sign",
        "floor",
    ]
    return {
        **{name: getattr(sympy, name) for name in names},
        "abs": sympy.Abs,
        "pow": sympy.Pow,
        "expm1": lambda a: sympy.exp(a) - 1,
        "log1p": lambda a: sympy.log(1 + a),
        "sigmoid": lambda a: 1 / (1 + sympy.exp(-a)),
        "softplus": lambda a: sympy.log(1 + sympy.exp(a)),
        "relu": lambda a: sympy.Max(a, 0),
        "maximum": sympy.Max,
        "minimum": sympy.Min,
        "hypot": lambda a, b: sympy.sqrt(a**2 + b**2),
        "cbrt": lambda a: sympy.sign(a) * sympy.Abs(a) ** sympy.Rational(1, 3),
    }


def _exact(sympy: Any, number: float) -> Any:
    """A whole number as such, so that a formula reads `x**2` and not `x**2.0`."""
    return sympy.Integer(int(number)) if number.is_integer() and abs(number) < 2**53 else sympy.Float(number)


def _names(wanted: Sequence[str], taken: Sequence[str] = ()) -> list[str]:
    """The names, with a number behind those that are there already."""
    found: list[str] = []
    for name in wanted:
        count, free = 1, name
        while free in found or free in taken:
            count += 1
            free = f"{name}_{count}"
        found.append(free)
    return found
