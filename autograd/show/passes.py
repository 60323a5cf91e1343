"""The chain rule in slow motion: a forward or backward pass as a sequence of steps, each explained in one line.

`backward()` does all of it at once. Here the same arithmetic, in the same order, waits for `next()` after every edge of
the graph; whoever stops half-way and draws the graph sees the state half-way.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from math import isfinite

from autograd.engines import Value, apply
from autograd.environment import spoken
from autograd.graph import topological_order
from autograd.show.naming import Names, Variables, name_nodes
from autograd.show.notation import (
    Written,
    rounded,
    write_derivative,
    write_operation,
    write_quotient,
    written_number,
)

LONGEST_LINE = 100  # characters


@dataclass(frozen=True, eq=False, slots=True)
class Step:
    """One edge of the chain rule: `node` hands its operand the share of the gradient that the operand is due.

    - `node`, `operand`: the two Values; `position` says which operand of the node it is, from 0
    - `upstream`: the derivative of the root by `node`
    - `formula`, `local`: the derivative of `node` by `operand`, as the table has it and as a number
    - `contribution`: `upstream * local`, the derivative of the root by `operand` along this edge
    - `before`, `after`: the operand's gradient

    `str()` says it in a line, or in two if it is long. Parameters and results within a neuron are called there as it
    calls them.
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
        return _formula(self.node, self.position, _names_here(self.node, self.names))

    @property
    def formula_in_numbers(self) -> str:
        """The same with the numbers put in, such as `2 * 3`."""
        return _formula(self.node, self.position, {x: _in_number(x) for x in (*self.node.inputs, self.node)})

    @property
    def derivative(self) -> str:
        """What the formula is the derivative of, and by what, such as `dy/dx`."""
        names = _names_here(self.node, self.names)
        return write_quotient(names[self.node], names[self.operand])

    @property
    def is_rounded(self) -> bool:
        """Whether whoever adds and multiplies the numbers as they are written finds another one."""
        return _is_rounded(lambda a, b, c: a + b * c, (self.before, self.upstream, self.local), self.after)

    def __str__(self) -> str:
        place, names = self.names[self.node].place, _names_here(self.node, self.names)
        operand = names[self.operand]
        upstream, local = written_number(self.upstream), written_number(self.local)
        derivative = _equation(self.derivative, self.formula, local.text)
        if not isfinite(self.upstream) and self.contribution == 0:  # the row masks
            says, why = _passes_nothing(upstream.text, operand.text), spoken("since ", "국소 미분 ") + derivative
            result = f"{operand.atom}.grad = {rounded(self.after)}"
        else:
            says, why = _passes(upstream.text, operand.text), spoken("times ", "국소 미분 ") + derivative
            sum_ = f"{rounded(self.before)} + {upstream.factor} * {local.factor}"
            result = f"{operand.atom}.grad = {sum_} = {_about(self.is_rounded)}{rounded(self.after)}"
        subject = _prefix(place) + _definition(self.node, names)
        if len(f"{subject} {says}") > LONGEST_LINE:
            subject = _prefix(place) + names[self.node].text
        return _in_lines(f"{subject} {says}", f"{why}:", result)


@dataclass(frozen=True, eq=False, slots=True)
class ForwardStep:
    """One operation of the forward pass: `node` got its `data` from its operands. `str()` says it in one line."""

    node: Value
    data: float
    names: Names = field(repr=False)

    @property
    def formula(self) -> str:
        """The operation in the names of its operands, such as `a * b`."""
        return _operation(self.node, _names_here(self.node, self.names))

    @property
    def formula_in_numbers(self) -> str:
        """The same with the numbers put in, such as `2 * (-3)`."""
        return _operation(self.node, {x: _in_number(x) for x in self.node.inputs})

    @property
    def is_rounded(self) -> bool:
        """Whether whoever computes with the numbers as they are written finds another one."""
        assert self.node.op
        return _is_rounded(self.node.op.compute, [x.data for x in self.node.inputs], self.data)

    def __str__(self) -> str:
        names, place = _names_here(self.node, self.names), self.names[self.node].place
        said = _prefix(place) + _definition(self.node, names)
        result = _about(self.is_rounded) + rounded(self.data)
        return _in_lines(said, f"= {_equation(self.formula_in_numbers, result)}")


def take_forward(root: Value, variables: Variables) -> Iterator[ForwardStep]:
    nodes = topological_order(root)
    names = name_nodes(nodes, variables)
    for node in nodes:
        if node.op:
            node.data = apply(node.op, *node.inputs).data
            yield ForwardStep(node, node.data, names)


def take_backward(root: Value, variables: Variables) -> Iterator[Step]:
    nodes = topological_order(root)
    for node in nodes:
        if not node.is_leaf:
            node.grad = 0.0
    start = {node: node.grad for node in nodes if node.is_leaf}
    root.grad += 1.0
    for step in chain_rule(nodes, name_nodes(nodes, variables), start):
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


def _names_here(node: Value, names: Names) -> Names:
    """The names of `node` and its operands as they are within the neuron that it is part of, if it is."""
    return {x: names[x].seen_from(names[node].place) for x in (*node.inputs, node)}


def _is_rounded(compute: Callable[..., float], numbers: Iterable[float], result: float) -> bool:
    written = [float(rounded(x)) for x in numbers]
    return isfinite(result) and all(map(isfinite, written)) and rounded(compute(*written)) != rounded(result)


def _about(is_rounded: bool) -> str:
    return spoken("about ", "약 ") if is_rounded else ""


def _prefix(place: str) -> str:
    return f"{place}: " if place else ""


def _passes(gradient: str, operand: str) -> str:
    return spoken(f"passes its gradient {gradient} on to {operand},", f"→ {operand}, 기울기 {gradient} *")


def _passes_nothing(gradient: str, operand: str) -> str:
    english = f"passes nothing of its gradient {gradient} on to {operand},"
    return spoken(english, f"→ {operand}, 기울기 {gradient}, 넘겨주는 것 없음:")


def _in_lines(*pieces: str) -> str:
    """The pieces in a row, broken between them where a line gets too long."""
    lines = [pieces[0]]
    for piece in pieces[1:]:
        if len(lines[-1]) + 1 + len(piece) <= LONGEST_LINE:
            lines[-1] += f" {piece}"
        else:
            lines.append(f"    {piece}")
    return "\n".join(lines)


def _definition(node: Value, names: Names) -> str:
    """The name of `node`, and what it is unless the name says it: `y = a * b`."""
    return _equation(names[node].text, _operation(node, names))


def _equation(*sides: str) -> str:
    """The sides joined by equals signs, without repetitions."""
    return " = ".join(side for i, side in enumerate(sides) if i == 0 or side != sides[i - 1])
