"""A graph by numbers: what is done to every node of it, and a large network has millions.

Here it is said in plain Python; the compiled functions of the same names are in `_numbering.pxi`.
"""

from collections.abc import Sequence
from itertools import chain, count
from typing import TYPE_CHECKING, TypeAlias

import numpy as np
from numpy.typing import NDArray

from autograd.engines import Value, engine
from autograd.replay.operations import Numbered, Operations

__all__ = ["Numbers", "descendants", "numbered"]

Numbers: TypeAlias = Sequence[int] | NDArray[np.intp]


def plainly_numbered(inputs: Sequence[Value], order: list[Value], outputs: Sequence[Value]) -> Numbered:
    """The nodes of `order`, in which operands come before what is computed from them."""
    own = set(inputs)
    leaves = [node for node in order if node.is_leaf and node not in own]
    made = [node for node in order if not node.is_leaf]
    inputs_of = [node.inputs for node in made]
    number = dict(zip(chain(inputs, leaves, made), count()))
    operations = Operations.of(
        [node.op for node in made],  # type: ignore[misc]  # a node that is no leaf has one
        [number[operands[0]] for operands in inputs_of],
        [number[operands[-1]] for operands in inputs_of],
    )
    are_variables = bytearray([leaf.requires_grad for leaf in leaves])
    labels = {number[node]: node.label for node in chain(inputs, made) if node.label}
    return Numbered(leaves, are_variables, operations, [number[root] for root in outputs], labels)


def plain_descendants(ancestors: Numbers, leaves: int, operands: NDArray[np.int32]) -> bytearray:
    """For every node 1 if it is one of `ancestors` or computed from one, else 0.

    The first nodes are so many leaves; for each of the others there are the numbers of two `operands`.
    """
    found = bytearray(leaves)
    for i in ancestors:
        found[i] = True
    for a, b in zip(*operands.T.tolist(), strict=True):
        found.append(found[a] | found[b])
    return found


if TYPE_CHECKING or engine == "python":
    numbered, descendants = plainly_numbered, plain_descendants
else:
    from autograd.replay._replay import descendants, numbered
