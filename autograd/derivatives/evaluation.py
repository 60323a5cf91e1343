"""A function run on variables of its own, so that what it computes can be differentiated by them."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from autograd.contract import as_float, refusals
from autograd.derivatives.nesting import like, numbers_in
from autograd.engines import Value, topological_order
from autograd.replay import Recording


@dataclass(frozen=True)
class Evaluation:
    """What a function made of its variables.

    - `variables`: a Value for each number by which it is differentiated
    - `result`: what it returned, and `outputs` the numbers in it, all as Values
    - `on_values`: whether derivatives are Values: they are if the result depends on other variables than these, or
      these stand for Values of the caller; else plain numbers
    """

    variables: list[Value]
    result: Any
    outputs: list[Value]
    on_values: bool

    def given(self, value: Value) -> Any:
        """A result as the caller wants it: a Value or its number."""
        return value if self.on_values else value.data

    @contextmanager
    def opened(self) -> Iterator[None]:
        """While it holds, the variables can be differentiated by; before and after, those that stand for plain numbers
        are constants, so that whoever differentiates what comes out does not meet them.
        """
        own = [x for x in self.variables if x.is_leaf]
        for x in own:
            x.requires_grad = True
        try:
            yield
        finally:
            for x in own:
                x.requires_grad = False


def evaluated(f: Callable[..., Any], arguments: Sequence[Any], positions: Sequence[int], named: Any) -> Evaluation:
    """Run `f` with new variables in the place of the numbers of the arguments at `positions`.

    A Value among them becomes a new node, equal to it: so a derivative by it is by this argument only, and not by the
    same Value elsewhere, in a function within a function say. Raises TypeError for a recording.
    """
    if isinstance(f, Recording):
        raise TypeError(
            "a recording is a function of arrays of rows, which has a gradient, Hessian and hvp by its parameters; for "
            "others record the derivative itself, as in record(jacobian(f), example), or take its input_gradients"
        )
    numbers = [numbers_in(arguments[i]) for i in positions]
    made = [[_variable(x) for x in each] for each in numbers]
    given = list(arguments)
    for i, each in zip(positions, made, strict=True):
        given[i] = like(arguments[i], each)
    variables = [x for each in made for x in each]
    result = f(*given, **named)
    outputs = [as_value(x) for x in numbers_in(result)]
    on_values = refusals.get() is not None or _depends_on_others(outputs, variables)
    run = Evaluation(variables, result, outputs, on_values)
    with run.opened():
        return run


def _variable(x: Any) -> Value:
    if isinstance(x, Value):
        node = x * 1.0
        return node if node.requires_grad else Value(x.data)
    return Value(x)


def as_value(x: Any) -> Value:
    """A Value as it is, and a number as a constant."""
    return x if isinstance(x, Value) else Value(as_float(x), requires_grad=False)


def _depends_on_others(outputs: Sequence[Value], variables: Sequence[Value]) -> bool:
    if not all(x.is_leaf for x in variables):
        return True
    own = set(variables)
    return any(x.is_leaf and x.requires_grad and x not in own for x in order_of(outputs))


def order_of(outputs: Sequence[Value]) -> list[Value]:
    """Every node that one of the outputs depends on, each after its operands, and with them the sum of the outputs."""
    return topological_order(sum(outputs[1:], outputs[0])) if outputs else []
