"""`Value`: a number that remembers how it was made, and the chain rule over that memory.

Every operation on Values records a node; the nodes are the computation graph, and there is no other. This is the
reference engine, in plain Python: it says what the results mean. What each operation computes, and its derivatives,
stand in `ops.py`.
"""

import operator
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any, Literal, SupportsFloat, TypeAlias, TypeVar, overload

from autograd import ops
from autograd.contract import (
    array_function,
    array_ufunc,
    as_float,
    check_variables,
    function_of,
    is_array,
    loaded_leaf,
    refusals,
    refuse_if_sealed,
    shares_on_nodes,
)
from autograd.contract import sealed as sealed
from autograd.ops import Op

_recording = ContextVar("recording", default=True)


class Value:
    """A node of the computation graph: a 64-bit float, the operation that made it, and that operation's operands.

    `Value(2.0)` is a leaf: a variable that collects a gradient. With `requires_grad=False` it is a constant, like a
    plain number met in an expression: nothing is differentiated with respect to it. Arithmetic, comparisons and the
    functions of the table (`x.exp()`, `x.tanh()`, ...) take Values and plain numbers. `==` and hashing are identity.

    - `data`: the number; `grad`: the derivative that the last `backward()` calls have added up here
    - `op`, `inputs`: the row of the table that made it and its operands; `None` and `()` for a leaf

    >>> a, b = Value(2.0, label="a"), Value(-3.0, label="b")
    >>> loss = a * b + 10
    >>> loss.backward()
    >>> loss.data, a.grad, b.grad
    (4.0, -3.0, 2.0)
    """

    __slots__ = ("_data", "_grad", "inputs", "label", "op", "requires_grad")

    _data: float
    _grad: float
    label: str
    op: Op | None
    inputs: "tuple[Value, ...]"
    requires_grad: bool

    def __init__(self, data: SupportsFloat, *, label: str = "", requires_grad: bool = True) -> None:
        self._data = as_float(data)
        self._grad = 0.0
        self.op = None
        self.inputs = ()
        self.label = label
        self.requires_grad = requires_grad

    # The numbers

    @property
    def data(self) -> float:
        refuse_if_sealed("the number of a Value was read")
        return self._data

    @data.setter
    def data(self, number: SupportsFloat) -> None:
        refuse_if_sealed("the number of a Value was set")
        self._data = as_float(number)

    @property
    def grad(self) -> float:
        refuse_if_sealed("the gradient of a Value was read")
        return self._grad

    @grad.setter
    def grad(self, number: SupportsFloat) -> None:
        refuse_if_sealed("the gradient of a Value was set")
        self._grad = as_float(number)

    @property
    def is_leaf(self) -> bool:
        """Whether no operation made it."""
        return not self.inputs

    def detach(self) -> "Value":
        """A constant with the same number and label, and no memory of how it was made."""
        refuse_if_sealed("a Value was detached from its graph")
        return Value(self._data, label=self.label, requires_grad=False)

    # The graph: every operator records a node

    def __add__(self, other: "Operand") -> "Value":
        return _operator(ops.add, self, other)

    def __sub__(self, other: "Operand") -> "Value":
        return _operator(ops.sub, self, other)

    def __mul__(self, other: "Operand") -> "Value":
        return _operator(ops.mul, self, other)

    def __truediv__(self, other: "Operand") -> "Value":
        return _operator(ops.div, self, other)

    def __pow__(self, other: "Operand") -> "Value":
        return _operator(ops.pow, self, other)

    def __radd__(self, other: "Operand") -> "Value":
        return _operator(ops.add, other, self)

    def __rsub__(self, other: "Operand") -> "Value":
        return _operator(ops.sub, other, self)

    def __rmul__(self, other: "Operand") -> "Value":
        return _operator(ops.mul, other, self)

    def __rtruediv__(self, other: "Operand") -> "Value":
        return _operator(ops.div, other, self)

    def __rpow__(self, other: "Operand") -> "Value":
        return _operator(ops.pow, other, self)

    def __neg__(self) -> "Value":
        return apply(ops.neg, self)

    def __pos__(self) -> "Value":
        return self

    def __abs__(self) -> "Value":
        return apply(ops.abs, self)

    def __floor__(self) -> "Value":  # for `math.floor`, and NumPy's on arrays of Values
        return apply(ops.floor, self)

    # The chain rule

    def backward(self) -> None:
        """Add the derivative of this Value with respect to every leaf to the leaf's `grad`.

        Inner nodes start afresh, so that a second call adds exactly the same again. Raises ValueError for a constant.

        >>> x = Value(3.0)
        >>> (x * x).backward()
        >>> x.grad
        6.0
        """
        refuse_if_sealed("backward() was called")
        if not self.requires_grad:
            raise ValueError(
                "backward() from a constant: this Value was made of plain numbers or detached Values, or inside "
                "no_grad(). Build it from Value(...) leaves, outside no_grad()."
            )
        for node, gradient in _chain_rule(self, 1.0, _shares_on_floats).items():
            node._grad = node._grad + gradient if node.is_leaf else gradient

    # NumPy's functions ask what to do

    def __array_ufunc__(self, ufunc: Any, method: str, *inputs: Any, **named: Any) -> Any:
        return array_ufunc(ufunc, method, *inputs, **named)

    def __array_function__(self, function: Any, types: Any, arguments: Any, named: Any) -> Any:
        return array_function(function, types, arguments, named)

    # A number among numbers

    def __float__(self) -> float:
        refuse_if_sealed("float() was called on a Value")
        return self._data

    def __eq__(self, other: object) -> bool:
        refuse_if_sealed("a Value was compared with ==")
        return self is other or NotImplemented

    __hash__ = object.__hash__

    def __bool__(self) -> bool:
        refuse_if_sealed("the truth of a Value was asked for")
        return True

    def __lt__(self, other: "Operand") -> bool:
        return _compare(operator.lt, self, other)

    def __le__(self, other: "Operand") -> bool:
        return _compare(operator.le, self, other)

    def __gt__(self, other: "Operand") -> bool:
        return _compare(operator.gt, self, other)

    def __ge__(self, other: "Operand") -> bool:
        return _compare(operator.ge, self, other)

    def __format__(self, spec: str) -> str:
        refuse_if_sealed("a Value was formatted as text")
        return format(self.data, spec) if spec else repr(self)

    def __repr__(self) -> str:
        label = f", label={self.label!r}" if self.label else ""
        return f"Value(data={self._data!r}, grad={self._grad!r}{label})"

    def __reduce__(self) -> tuple[Callable[..., "Value"], tuple[object, ...]]:
        refuse_if_sealed("a Value was copied")
        if not self.is_leaf:
            raise TypeError("only leaves can be copied and pickled: copy the parameters, or detach() this Value first")
        return loaded_leaf, (self.data, self.grad, self.label, self.requires_grad)

    if TYPE_CHECKING:  # the functions of the table are methods too: see the end of this file

        def __getattr__(self, name: str) -> Callable[..., "Value"]: ...


Operand: TypeAlias = Value | SupportsFloat
Derivative = TypeVar("Derivative", float, Value)
SharesOf: TypeAlias = Callable[[Op], tuple[Callable[..., Any], ...]]


def apply(op: Op, *operands: Operand) -> Value:
    """The node that `op` makes of its operands: its value now, and where it came from.

    >>> apply(ops.hypot, 3.0, Value(4.0)).data
    5.0
    """
    numbers, requires_grad = [], False
    for x in operands:
        if not isinstance(x, Value):  # a plain number becomes a constant node
            return apply(op, *[x if isinstance(x, Value) else _constant(x) for x in operands])
        numbers.append(x._data)
        requires_grad = requires_grad or x.requires_grad
    out = Value.__new__(Value)
    out._data = op.compute(*numbers)
    out._grad = 0.0
    out.label = ""
    if (requires_grad or refusals.get() is not None) and _recording.get():  # a recording keeps constants' nodes too
        out.op, out.inputs, out.requires_grad = op, operands, True  # type: ignore[assignment]
    else:
        out.op, out.inputs, out.requires_grad = None, (), False
    return out


def dot(a: Iterable[Operand], b: Iterable[Operand], start: Operand = 0.0) -> Value:
    """`start` + a[0] * b[0] + a[1] * b[1] + ..., the nodes that a loop over the operands builds, from left to right.

    Raises ValueError if there aren't as many in `a` as in `b`.

    >>> dot([Value(2.0), Value(3.0)], [10, 100], start=Value(1.0)).data
    321.0
    """
    left, right = list(a), list(b)
    if len(left) != len(right):
        raise ValueError(f"dot needs as many factors on both sides; got {len(left)} and {len(right)}")
    total = start if isinstance(start, Value) else _constant(start)
    for x, y in zip(left, right, strict=True):
        total = apply(ops.add, total, apply(ops.mul, x, y))
    return total


def topological_order(root: Value) -> list[Value]:
    """Every node that `root` depends on, each after its operands; `root` comes last."""
    order: list[Value] = []
    seen: set[Value] = set()
    stack: list[Value | None] = [root]
    while stack:
        node = stack.pop()
        if node is None:  # the node below this mark has all its operands in the order
            order.append(stack.pop())  # type: ignore[arg-type]
        elif node not in seen:
            seen.add(node)
            if node.inputs:
                stack += (node, None, *node.inputs[::-1])
            else:
                order.append(node)
    return order


def _chain_rule(
    root: Value, one: float | Value, shares_of: SharesOf, inputs: Sequence[Value] | None = None
) -> dict[Value, Any]:
    """The derivative of `root` with respect to every node: backwards, each node hands its share to its operands.

    The derivatives are of the kind of `one`: floats, or nodes of a graph of their own. If only those by some `inputs`
    are asked for, nodes that don't depend on them are left out: a derivative within a derivative must not grow.
    """
    order = topological_order(root)
    leading = None if inputs is None else _depending(order, inputs)
    gradients: dict[Value, Any] = {root: one}
    on_floats = isinstance(one, float)
    for node in reversed(order):
        if node.op and node in gradients:
            around = [x._data for x in (*node.inputs, node)] if on_floats else (*node.inputs, node)
            arguments = (gradients[node], *around)
            for operand, share in zip(node.inputs, shares_of(node.op)):  # noqa: B905 (strict costs a tenth of the time)
                if operand.requires_grad and (leading is None or operand in leading):
                    gradients[operand] = gradients.get(operand, 0.0) + share(*arguments)
    return gradients


def _depending(order: Sequence[Value], inputs: Sequence[Value]) -> set[Value]:
    """The nodes of a topological order that one of `inputs` leads to, and the inputs themselves."""
    found = set(inputs)
    for node in order:
        if not found.isdisjoint(node.inputs):
            found.add(node)
    return found


_shares_on_floats: SharesOf = operator.attrgetter("shares")


@overload
def grad(output: Value, inputs: Sequence[Value], create_graph: Literal[False] = False) -> list[float]: ...
@overload
def grad(output: Value, inputs: Sequence[Value], create_graph: Literal[True]) -> list[Value]: ...
def grad(output: Value, inputs: Any = None, create_graph: bool = False) -> list[float] | list[Value]:
    """The derivatives of `output` with respect to each of `inputs`, leaving every `.grad` as it is.

    An input may be any node; one that `output` does not depend on has the derivative 0. With `create_graph=True` the
    derivatives are Values that can be differentiated again. Raises ValueError for an input that is a constant.

    >>> x = Value(2.0)
    >>> dy, = grad(x**3, [x], create_graph=True)
    >>> dy.data, grad(dy, [x])
    (12.0, [12.0])
    """
    if not create_graph:
        refuse_if_sealed("grad() was called without create_graph=True")
    check_variables(output, inputs, Value)
    if create_graph:
        return derivatives(output, inputs, _constant(1.0), _shares_on_nodes)
    return derivatives(output, inputs, 1.0, _shares_on_floats)


def derivatives(output: Value, inputs: Sequence[Value], one: Derivative, shares_of: SharesOf) -> list[Derivative]:
    """The derivatives of `output` with respect to each of `inputs`, of the kind of `one`, its derivative by itself."""
    gradients = _chain_rule(output, one, shares_of, inputs)
    return [gradients[x] if x in gradients else 0.0 * one for x in inputs]


@contextmanager
def no_grad() -> Iterator[None]:
    """Compute without recording: results inside are constants. Also a decorator. It holds for the current thread.

    >>> x = Value(2.0)
    >>> with no_grad():
    ...     y = x * x
    >>> y.data, y.requires_grad
    (4.0, False)
    """
    refuse_if_sealed("no_grad() was entered")
    token = _recording.set(False)
    try:
        yield
    finally:
        _recording.reset(token)


def _constant(number: SupportsFloat) -> Value:
    return Value(number, requires_grad=False)


def _operator(op: Op, a: Operand, b: Operand) -> Value:
    try:
        return apply(op, a, b)
    except TypeError:
        if is_array(a) or is_array(b):  # NumPy will apply the operator to each element
            return NotImplemented  # type: ignore[no-any-return]
        raise


def _compare(relation: Callable[[float, float], bool], a: Value, b: Operand) -> bool:
    refuse_if_sealed("Values were compared")
    if is_array(b):  # NumPy will compare with each element
        return NotImplemented  # type: ignore[no-any-return]
    return relation(a._data, b._data if isinstance(b, Value) else as_float(b))


functions: dict[str, Callable[..., Value]] = {op.name: function_of(op, apply) for op in ops.TABLE.values()}
_shares_on_nodes = shares_on_nodes(functions)
for _op in ops.TABLE.values():
    setattr(Value, _op.name, functions[_op.name])
    if _op.ufunc:
        setattr(Value, _op.ufunc, functions[_op.name])
