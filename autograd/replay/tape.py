"""The tape: the topological order of a recorded graph as a list of numbered operations, and its replay in plain Python.

The replay here is the meaning: slow, and right. The compiled one (`planning`, `_replay`) must agree with it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import chain, compress

import numpy as np
from numpy.typing import NDArray

from autograd.contract import RecordError
from autograd.engines import Value, apply
from autograd.graph import topological_order
from autograd.replay.numbering import Numbers, descendants, numbered
from autograd.replay.operations import Operations


@dataclass(frozen=True, eq=False)
class Tape:
    """A graph by numbers: first its inputs, then the other leaves that it met, then operations after their operands.

    `is_parameter` says of every leaf whether it was a variable, not a constant, when the graph was recorded.
    `operations[i]` is a row of the table and the numbers of its operands (see `Operations`). `outputs` are the numbers
    of the results. `labels` names the inputs and results of operations that had a label; leaves have theirs. `example`
    has the inputs' numbers when the graph was recorded. `several` says that the outputs came in a list.
    """

    example: tuple[float, ...]
    leaves: tuple[Value, ...]
    is_parameter: NDArray[np.bool_]
    operations: Operations
    outputs: tuple[int, ...]
    labels: dict[int, str]
    several: bool

    @classmethod
    def of(cls, inputs: Sequence[Value], outputs: Sequence[Value], several: bool) -> "Tape":
        """Flatten the graph that leads from `inputs` to `outputs`."""
        orders = [topological_order(root) for root in outputs]
        order = orders[0] if len(orders) == 1 else list(dict.fromkeys(chain.from_iterable(orders)))
        leaves, are_variables, operations, numbers, labels = numbered(inputs, order, outputs)
        example, is_parameter = tuple([x.data for x in inputs]), np.array(are_variables, bool)
        return cls(example, tuple(leaves), is_parameter, operations, tuple(numbers), labels, several)

    def __len__(self) -> int:
        """The number of its nodes: inputs, leaves and operations."""
        return self.first_operation + len(self.operations)

    @property
    def first_leaf(self) -> int:
        """The number of the first leaf: inputs come before."""
        return len(self.example)

    @property
    def first_operation(self) -> int:
        """The number of the first operation: inputs and leaves come before."""
        return len(self.example) + len(self.leaves)

    @cached_property
    def parameters(self) -> tuple[Value, ...]:
        """The leaves that are variables."""
        return tuple(compress(self.leaves, self.is_parameter.tolist()))

    @property
    def parameter_numbers(self) -> NDArray[np.intp]:
        """The numbers of the parameters."""
        return self.first_leaf + np.flatnonzero(self.is_parameter)

    @cached_property
    def constants(self) -> dict[int, Value]:
        """The other leaves, by number."""
        return {self.first_leaf + i: self.leaves[i] for i in np.flatnonzero(~self.is_parameter).tolist()}

    def check_parameters(self) -> None:
        """Raise RecordError for a constant that has become a variable since, or the other way round."""
        for leaf, was in zip(self.leaves, self.is_parameter.tolist(), strict=True):
            if leaf.requires_grad != was:
                former, now = ("variable", "constant") if was else ("constant", "variable")
                raise RecordError(
                    f"{leaf!r} was a {former} when the function was recorded, and is a {now} now: record it again"
                )

    def descendants(self, ancestors: Numbers) -> bytearray:
        """For every node 1 if it is one of `ancestors` or computed from one, else 0."""
        return descendants(ancestors, self.first_operation, self.operations.operands)

    @cached_property
    def variable(self) -> bytearray:
        """For every node 1 if it depends on an input or a parameter, else 0."""
        return self.descendants([*range(self.first_leaf), *self.parameter_numbers])

    # Replay of one row, in plain Python

    def numbers(self, row: Sequence[float]) -> list[float]:
        """The number of every node where the inputs are `row`."""
        numbers = [*map(float, row), *[leaf.data for leaf in self.leaves]]
        for op, operands in self.operations:
            numbers.append(op.compute(*[numbers[i] for i in operands]))
        return numbers

    def gradients(self, numbers: Sequence[float], output: int) -> dict[int, float]:
        """The derivative of node `output` with respect to every node below it, where the nodes are `numbers`."""
        gradients = {output: 1.0}
        for i in range(output, self.first_operation - 1, -1):
            if i in gradients:
                op, operands = self.operations[i - self.first_operation]
                arguments = [*[numbers[x] for x in operands], numbers[i]]
                for operand, share in zip(operands, op.shares, strict=True):
                    if self.variable[operand]:
                        gradients[operand] = gradients.get(operand, 0.0) + share(gradients[i], *arguments)
        return gradients

    # Values anew

    def nodes(self, inputs: Sequence[Value]) -> list[Value]:
        """The recorded graph built anew on these inputs: all its nodes."""
        nodes = [*inputs, *self.leaves]
        for op, operands in self.operations:
            nodes.append(apply(op, *[nodes[i] for i in operands]))
        return nodes

    def graph(self, row: Sequence[float]) -> tuple[list[Value], list[Value]]:
        """The recorded graph where the inputs are `row`, with its labels: its inputs and its outputs."""
        inputs = list(map(Value, row))
        nodes = self.nodes(inputs)
        for i, label in self.labels.items():
            nodes[i].label = label
        return inputs, [nodes[i] for i in self.outputs]
