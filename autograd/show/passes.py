"""The chain rule in slow motion: a forward or backward pass as a sequence of steps, each explained in one line.

`backward()` does all of it at once. Here the same arithmetic, in the same order, waits for `next()` after every edge of
the graph; whoever stops half-way and draws the graph sees the state half-way.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from math import isfinite

from autograd.engines import Value
from autograd.graph import topological_order
from autograd.show.notation import Written, name_nodes, rounded, write_derivative, write_operation, written_number

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
        if not isfinite(self.upstream) and self.contribution == 0:  # the row masks
            return (
                f"{_definition(self.node, self.names)} passes nothing of its gradient {upstream.text} on to "
                f"{operand.text}, since {derivative}: {operand.atom}.grad = {rounded(self.after)}"
            )
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


def take_forward(root: Value) -> Iterator[ForwardStep]:
    nodes = topological_order(root)
    names = name_nodes(nodes)
    for node in nodes:
        if node.op:
            first, *others = node.inputs
            node.data = getattr(first, node.op.name)(*others).data
            yield ForwardStep(node, node.data, names)


def take_backward(root: Value) -> Iterator[Step]:
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
            for position, operand in enumerate(node.inputs):
                if operand.requires_grad:
                    local = node.op.partials[position](*numbers)
                    contribution = node.op.shares[position](upstream, *numbers)
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
