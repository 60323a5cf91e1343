"""The two modes of automatic differentiation, on one graph, with one table.

Reverse mode asks how an output changes with everything: the engine's `grad`. Forward mode asks how everything changes
with an input: nodes in order, each with the same shares of the chain rule, of its operands' tangents instead of its own
gradient (Griewank and Walther, Evaluating Derivatives, 2008, sections 3.1 and 3.2).
"""

import operator
from collections.abc import Sequence
from typing import Any

from autograd.contract import shares_on_nodes
from autograd.derivatives.evaluation import Evaluation, order_of
from autograd.engines import Value, engine, functions, grad

_shares_on_floats = operator.attrgetter("shares")
_shares_on_nodes = shares_on_nodes(functions)

# How many walks backwards take as long as one forwards, which is in Python also where the engine is compiled. Measured.
_WALKS_BACKWARDS = {"native": 90, "python": 1}[engine]


def backwards(output: Value, variables: Sequence[Value], on_values: bool) -> list[Any]:
    """The derivatives of one output by the variables: Values, or numbers."""
    return grad(output, variables, create_graph=True) if on_values else grad(output, variables)


def forwards(
    order: Sequence[Value], variables: Sequence[Value], tangents: Sequence[Any], on_values: bool
) -> dict[Value, Any]:
    """How fast the nodes in `order` change, where the variables change as fast as `tangents` say: those that do."""
    shares_of = _shares_on_nodes if on_values else _shares_on_floats
    found: dict[Value, Any] = dict(zip(variables, tangents, strict=True))
    for node in order:
        moved = [x in found and x.requires_grad for x in node.inputs]
        if node.op is None or node in found or not any(moved):
            continue
        around = (*node.inputs, node) if on_values else [x.data for x in (*node.inputs, node)]
        total: Any = 0.0
        for operand, share, moves in zip(node.inputs, shares_of(node.op), moved, strict=True):
            if moves:
                total = total + share(found[operand], *around)
        found[node] = total
    return found


def rows_of_jacobian(run: Evaluation) -> list[list[Any]]:
    """For each output its derivatives by the variables, in the mode that takes less time."""
    outputs, variables = run.outputs, run.variables
    walks = 1 if run.on_values else _WALKS_BACKWARDS
    if len(outputs) <= walks * len(variables):
        return [backwards(output, variables, run.on_values) for output in outputs]
    return columns_to_rows(run)


def columns_to_rows(run: Evaluation) -> list[list[Any]]:
    """The same, in forward mode."""
    order = order_of(run.outputs)
    one, zero = (Value(x, requires_grad=False) if run.on_values else x for x in (1.0, 0.0))
    columns = [forwards(order, [variable], [one], run.on_values) for variable in run.variables]
    return [[column.get(output, zero) for column in columns] for output in run.outputs]
