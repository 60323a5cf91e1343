"""The chain rule in slow motion: a forward or backward pass as a sequence of steps, each explained in one line.

`backward()` does all of it at once. Here the same arithmetic, in the same order, waits for `next()` after every edge of
the graph; whoever stops half-way and draws the graph sees the state half-way.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Generic, Literal, TypeVar, overload

from autograd.engines import Value
from autograd.graph import topological_order
from autograd.language import Language
from autograd.notation import Written, name_nodes, rounded, write_derivative, write_operation, written_number

if TYPE_CHECKING:
    from autograd.player import Player

__all__ = ["ForwardStep", "Step", "Steps", "steps"]

Names = Mapping[Value, Written]


@dataclass(frozen=True, eq=False, slots=True)
class Step:
    """One edge of the chain rule: `node` hands its operand the share of the gradient that the operand is due.

    - `node`, `operand`: the two Values; `position` says which operand of the node it is, from 0
    - `upstream`: the derivative of the root by `node`
    - `formula`, `local`: the derivative of `node` by `operand`, as the table has it and as a number
    - `contribution`: `upstream * local`, the derivative of the root by `operand` along this edge
    - `before`, `after`: the operand's gradient

    `str()` says it in one line. There, a Value without label goes by the short expression that made it, or by its id in
    a drawing, such as `v7`.
    """

    node: Value
    operand: Value
    position: int
    upstream: float
    local: float
    contribution: float
    before: float
    after: float
    names: Names = field(repr=False)

    @property
    def formula(self) -> str:
        """The derivative in the names of the operands and the result, such as `2 * x`."""
        return _formula(self.node, self.position, self.names)

    @property
    def formula_in_numbers(self) -> str:
        """The same with the numbers put in, such as `2 * 3`."""
        return _formula(self.node, self.position, {x: _in_number(x) for x in (*self.node.inputs, self.node)})

    @property
    def derivative(self) -> str:
        """What the formula is the derivative of, and by what, such as `dy/dx`."""
        return f"{self.names[self.node].differential}/{self.names[self.operand].differential}"

    def __str__(self) -> str:
        operand = self.names[self.operand]
        upstream, local = written_number(self.upstream), written_number(self.local)
        derivative = _equation(self.derivative, self.formula, local.text)
        return (
            f"{_definition(self.node, self.names)} passes its gradient {upstream.text} on to {operand.text}, times "
            f"{derivative}: {operand.atom}.grad = {rounded(self.before)} + {upstream.factor} * {local.factor} = "
            f"{rounded(self.after)}"
        )


@dataclass(frozen=True, eq=False, slots=True)
class ForwardStep:
    """One operation of the forward pass: `node` got its `data` from its operands. `str()` says it in one line."""

    node: Value
    data: float
    names: Names = field(repr=False)

    @property
    def formula(self) -> str:
        """The operation in the names of its operands, such as `a * b`."""
        return _operation(self.node, self.names)

    @property
    def formula_in_numbers(self) -> str:
        """The same with the numbers put in, such as `2 * (-3)`."""
        return _operation(self.node, {x: _in_number(x) for x in self.node.inputs})

    def __str__(self) -> str:
        return _equation(_definition(self.node, self.names), self.formula_in_numbers, rounded(self.data))


S = TypeVar("S", Step, ForwardStep)


class Steps(Iterator[S], Generic[S]):
    """The steps of a pass, one for each `next()`. See `steps`."""

    def __init__(self, root: Value, forward: bool, walk: Iterator[S]) -> None:
        self._root = root
        self._forward = forward
        self._walk: Iterator[S] = walk

    def __next__(self) -> S:
        return next(self._walk)

    def player(self, language: Language | None = None) -> "Player":
        """A page to play these steps on: it shows itself in a notebook, and `.save("lesson.html")` writes a file.

        The player of a backward pass plays the forward pass first, and gradients from 0. It plays all steps, whichever
        have been taken here, and takes none. It starts in `language`, "en" or "ko", or in the one that the environment
        asks for.
        """
        from autograd.player import Player

        return Player(self._root, forward_only=self._forward, language=language)


@overload
def steps(root: Value, forward: Literal[False] = False) -> Steps[Step]: ...
@overload
def steps(root: Value, forward: Literal[True]) -> Steps[ForwardStep]: ...
@overload
def steps(root: Value, forward: bool) -> Steps[Step] | Steps[ForwardStep]: ...
def steps(root: Value, forward: bool = False) -> Steps[Step] | Steps[ForwardStep]:
    """The backward pass from `root`, one edge of the chain rule at a time; or with `forward`, the forward pass.

    An iterator: nothing has happened before the first `next()`, and after the last every `.grad` is what
    `root.backward()` would have made it. With the first step, as in `backward()`, inner nodes start afresh, at 0, the
    root at 1, while leaves add to the gradient that they have. Constants get no gradient, and no step.

    A step of the forward pass is one operation. It computes the node's data from its operands again, so a leaf with a
    new number carries through.

    Raises TypeError for what is not a Value, and ValueError for the backward pass from a constant.

    >>> a, b = Value(2.0, label="a"), Value(-3.0, label="b")
    >>> loss = a * b + a
    >>> for step in steps(loss): print(step)
    a * b + a passes its gradient 1 on to a * b, times d(a * b + a)/d(a * b) = 1: (a * b).grad = 0 + 1 * 1 = 1
    a * b + a passes its gradient 1 on to a, times d(a * b + a)/da = 1: a.grad = 0 + 1 * 1 = 1
    a * b passes its gradient 1 on to a, times d(a * b)/da = b = -3: a.grad = 1 + 1 * (-3) = -2
    a * b passes its gradient 1 on to b, times d(a * b)/db = a = 2: b.grad = 0 + 1 * 2 = 2
    >>> for step in steps(loss, forward=True): print(step)
    a * b = 2 * (-3) = -6
    a * b + a = -6 + 2 = -4
    """
    if not hasattr(root, "inputs"):
        raise TypeError(f"steps() expects a Value, got {type(root).__name__}: give it one Value, such as the loss")
    if forward:
        return Steps(root, forward, _take_forward(root))
    if not root.requires_grad:
        raise ValueError(
            "no steps back from a constant: this Value was made of plain numbers or detached Values, or inside "
            "no_grad(). Build it from Value(...) leaves, outside no_grad()."
        )
    return Steps(root, forward, _take_backward(root))


def _take_forward(root: Value) -> Iterator[ForwardStep]:
    nodes = topological_order(root)
    names = name_nodes(nodes)
    for node in nodes:
        if node.op:
            first, *others = node.inputs
            node.data = getattr(first, node.op.name)(*others).data
            yield ForwardStep(node, node.data, names)


def _take_backward(root: Value) -> Iterator[Step]:
    nodes = topological_order(root)
    for node in nodes:
        if not node.is_leaf:
            node.grad = 0.0
    start = {node: node.grad for node in nodes if node.is_leaf}
    root.grad += 1.0
    for step in chain_rule(nodes, name_nodes(nodes), start):
        step.operand.grad = step.after
        yield step


def chain_rule(nodes: Sequence[Value], names: Names, start: Mapping[Value, float]) -> Iterator[Step]:
    """The edges of the backward pass over `nodes`, which are in topological order, changing nothing.

    The gradients of leaves are counted from `start`, or from 0. As in `backward()`, that is added last: adding it
    first would round differently.
    """
    gradients = {nodes[-1]: 1.0}
    for node in reversed(nodes):
        if node.op:
            upstream = gradients[node]
            numbers = [x.data for x in (*node.inputs, node)]
            for position, (operand, partial) in enumerate(zip(node.inputs, node.op.partials, strict=True)):
                if operand.requires_grad:
                    local = partial(*numbers)
                    contribution = upstream * local
                    before = gradients.get(operand, 0.0)
                    after = gradients[operand] = before + contribution
                    if operand.is_leaf:
                        before, after = (start.get(operand, 0.0) + x for x in (before, after))
                    yield Step(node, operand, position, upstream, local, contribution, before, after, names)


def _formula(node: Value, position: int, texts: Mapping[Value, Written]) -> str:
    assert node.op
    around = (*node.inputs, node)
    arguments = node.op.arguments
    return write_derivative(
        node.op,
        position,
        {argument: texts[x] for argument, x in zip(arguments, around, strict=True)},
        {argument: x.data for argument, x in zip(arguments, around, strict=True)},
    )


def _operation(node: Value, texts: Mapping[Value, Written]) -> str:
    assert node.op
    return write_operation(node.op, [texts[x] for x in node.inputs]).text


def _in_number(node: Value) -> Written:
    """The number of `node`: one to be calculated with while writing if it is a constant, else one to be seen."""
    written = written_number(node.data)
    return written._replace(number=None) if node.requires_grad else written


def _definition(node: Value, names: Names) -> str:
    """The name of `node`, and what it is unless the name says it: `y = a * b`."""
    return _equation(names[node].text, _operation(node, names))


def _equation(*sides: str) -> str:
    """The sides joined by equals signs, without repetitions."""
    return " = ".join(side for i, side in enumerate(sides) if i == 0 or side != sides[i - 1])
