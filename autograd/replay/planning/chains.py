"""Chains of additions in a tape, as `sum((w * x for ...), bias)` builds them: what is within, and what they add up.

An operation is within a chain if nothing else uses it, and it differs from row to row if the chain does: additions that
are left operands of the next, and the products that are added up. Operations have their own numbers here, from 0 on.
"""

from array import array
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from autograd import ops
from autograd.replay.tape import Tape

# What the terms of a chain are
KINDS = 5
WEIGHTED, PRODUCT, LANE, UNIFORM, ZERO = range(KINDS)


class Terms(NamedTuple):
    """The nodes that a chain adds up, but for what is always 0.

    - `weights`, `weighted`: where the chain is a lane, the uniform factors of products, and the lanes that they weight
    - `products`: the two factors of the others
    - `lanes`, `uniforms`: what isn't a product
    """

    weights: "array[int]"
    weighted: "array[int]"
    products: list[tuple[int, int]]
    lanes: list[int]
    uniforms: list[int]


class Chains:
    """The chains, by their last addition, the root; `absorbed` says of every operation whether it is within one.

    `lane` says of every node of the tape whether it is a lane; `constants` are the numbers of some of its leaves.
    """

    def __init__(self, tape: Tape, lane: NDArray[np.bool_], constants: dict[int, float]) -> None:
        first, (a, b) = tape.first_operation, tape.operations.operands.T
        links = _Links.of(tape, lane)
        self.absorbed = links.inner | links.products
        # a chain's terms: the right operands of its additions, and the left one of the first; of products, the factors
        adds, starts = np.flatnonzero(links.adds), np.flatnonzero(links.starts)
        terms, roots = np.concatenate([a[starts], b[adds]]), links.root[np.concatenate([starts, adds])]
        made = np.maximum(terms - first, 0)
        x, y, is_product = a[made], b[made], links.products[made] & (terms >= first)
        is_weighted = is_product & lane[first + roots] & (lane[x] != lane[y])
        kinds = np.where(is_product, np.where(is_weighted, WEIGHTED, PRODUCT), np.where(lane[terms], LANE, UNIFORM))
        is_zero = np.zeros(len(tape), bool)
        is_zero[[i for i, number in constants.items() if number == 0]] = True
        kinds[is_zero[terms]] = ZERO
        # chain by chain, and kind by kind
        places = roots * np.int64(KINDS) + kinds
        order = np.argsort(places, kind="stable")
        swapped = is_weighted & lane[x]
        self._left = _listed(np.where(swapped, y, np.where(is_product, x, terms))[order])
        self._right = _listed(np.where(swapped, x, y)[order])
        kept = adds[~links.inner[adds]]
        ends = np.searchsorted(places[order], kept[:, None] * KINDS + np.arange(KINDS))
        self._ends = dict(zip(kept.tolist(), ends.tolist(), strict=True))

    def terms(self, root: int) -> Terms:
        """What the chain of this root adds up."""
        start, products, lanes, uniforms, end = self._ends[root]
        left, right = self._left, self._right
        pairs = list(zip(left[products:lanes], right[products:lanes], strict=True))
        of_sums = left[lanes:uniforms].tolist(), left[uniforms:end].tolist()
        return Terms(left[start:products], right[start:products], pairs, *of_sums)


class _Links(NamedTuple):
    """How the operations of a tape form chains, said of every operation.

    - `adds`, `starts`: whether it is an addition, and one that a chain starts with
    - `inner`, `products`: whether it is an addition within a chain, and a product that one adds up
    - `root`: the last addition of its chain, if it is an addition
    """

    adds: NDArray[np.bool_]
    starts: NDArray[np.bool_]
    inner: NDArray[np.bool_]
    products: NDArray[np.bool_]
    root: NDArray[np.int32]

    @classmethod
    def of(cls, tape: Tape, lane: NDArray[np.bool_]) -> "_Links":
        first, operations = tape.first_operation, tape.operations
        a, b = operations.operands.T
        alone = np.bincount(np.concatenate([a, b[operations.have_two]]), minlength=len(tape)) == 1
        alone[[*tape.outputs]] = False
        numbers, consumer = np.arange(len(operations), dtype=np.int32), np.zeros(len(tape), np.int32)
        consumer[a] = consumer[b] = numbers
        alone, consumer, lane = alone[first:], consumer[first:], lane[first:]
        adds = operations.are(ops.add)
        within = alone & (lane == lane[consumer]) & adds[consumer]
        inner = within & adds & (a[consumer] == first + numbers)
        starts = adds.copy()
        starts[consumer[inner]] = False
        root = np.where(inner, consumer, numbers)
        while (root != (further := root[root])).any():  # twice as far each time
            root = further
        return cls(adds, starts, inner, within & operations.are(ops.mul), root)


def _listed(numbers: NDArray[np.int32]) -> "array[int]":
    return array("i", numbers.tobytes())
