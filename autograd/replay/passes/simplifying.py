"""Value numbering: equal expressions become one node, and what an identity says more shortly is said so.

The tape is read once, operands before what is computed from them. A node is known by its row and its operands, so what
is computed twice is found again (Cocke and Schwartz, Programming Languages and Their Compilers, 1970); a row of
constants is a constant; what no output needs is left out.
"""

from dataclasses import replace

import numpy as np

from autograd import ops
from autograd.engines import Value
from autograd.ops import Op
from autograd.replay.operations import Operations
from autograd.replay.passes.identities import BY_FEATURE, COMMUTATIVE, COMPARISONS, Term
from autograd.replay.tape import Tape

LONG, ONE_IN = 1000, 20


def simplified(tape: Tape) -> Tape:
    """A tape of the same inputs, leaves and outputs, for as long as the numbers of its constants are these.

    New constants come after the leaves that it has. A long tape that does not repeat itself, as that of a network's
    forward pass, stays as it is.
    """
    if len(tape.operations) > LONG and not _is_worthwhile(tape):
        return tape
    nodes = _Numbering(tape.first_operation, {i: leaf.data for i, leaf in tape.constants.items()})
    number = [nodes.leaf(i) for i in range(tape.first_operation)]
    for op, operands in tape.operations:
        number.append(nodes.apply(op, tuple([number[x] for x in operands])))
    return nodes.tape(tape, [number[x] for x in tape.outputs])


def _is_worthwhile(tape: Tape) -> bool:
    """Whether anything is there twice, or one operation in twenty has a constant, which an identity may know."""
    operations = tape.operations
    a, b = operations.operands.T
    both_met = np.flatnonzero((np.bincount(a)[a] > 1) & (np.bincount(b)[b] > 1))  # in other operations too
    codes, first, second = operations.codes[both_met].astype(np.int64), a[both_met], b[both_met]
    expressions = np.sort((codes * len(tape) + first) * len(tape) + second)
    if np.any(expressions[1:] == expressions[:-1]):
        return True
    constant = np.zeros(len(tape), bool)
    constant[list(tape.constants)] = True
    return bool(ONE_IN * np.count_nonzero(constant[a] | constant[b]) > len(operations))


class _Numbering:
    """Numbers for expressions: of those of the leaves, for operations from `first` on, for new constants below 0."""

    def __init__(self, first: int, constants: dict[int, float]) -> None:
        self._first = first
        self._constants = dict(constants)
        self._number_of_constant = {x.hex(): i for i, x in reversed(constants.items())}
        self._new_constants: list[float] = []
        self._expressions: list[tuple[Op, tuple[int, ...]]] = []
        self._number: dict[tuple[Op, tuple[int, ...]], int] = {}
        self._truths: set[int] = {i for i, x in constants.items() if x in (0.0, 1.0)}

    def leaf(self, i: int) -> int:
        """The number of a leaf: equal constants have one."""
        return self._constant(self._constants[i]) if i in self._constants else i

    def apply(self, op: Op, operands: tuple[int, ...]) -> int:
        """The number of the row `op` applied to these operands."""
        constants = self._constants
        features = [constants[x] if x in constants else self._made(x)[0] for x in operands]
        if all(isinstance(x, float) for x in features):
            return self._constant(op.compute(*features))
        rules = BY_FEATURE.get(op)
        if rules:
            for key in [*enumerate(features), (0, None)]:
                for pattern, result in rules.get(key, ()):
                    names: dict[str, int] = {}
                    if self._matches(pattern.operands, operands, names):
                        return self._built(result, names)
        return self._numbered(op, operands)

    def tape(self, old: Tape, outputs: list[int]) -> Tape:
        """What leads to `outputs`, as a tape with the inputs and leaves of `old`."""
        first, new = self._first, len(self._new_constants)
        needed = set(outputs)
        for i in range(first + len(self._expressions) - 1, first - 1, -1):
            if i in needed:
                needed.update(self._expressions[i - first][1])
        kept = [i for i in range(first, first + len(self._expressions)) if i in needed]
        place = {i: i for i in range(first)}
        place.update((~k, first + k) for k in range(new))
        place.update((i, first + new + k) for k, i in enumerate(kept))
        made = [self._expressions[i - first] for i in kept]
        return replace(
            old,
            leaves=(*old.leaves, *[Value(x, requires_grad=False) for x in self._new_constants]),
            is_parameter=np.concatenate([old.is_parameter, np.zeros(new, bool)]),
            operations=Operations.of(
                [op for op, _ in made],
                [place[operands[0]] for _, operands in made],
                [place[operands[-1]] for _, operands in made],
            ),
            outputs=tuple([place[x] for x in outputs]),
            labels={},
        )

    def _made(self, number: int) -> tuple[Op | None, tuple[int, ...]]:
        """The row that makes a node, and its operands; those of a leaf are nothing."""
        return self._expressions[number - self._first] if number >= self._first else (None, ())

    def _constant(self, x: float) -> int:
        number = self._number_of_constant.get(x.hex())
        if number is None:
            self._new_constants.append(x)
            number = self._number_of_constant[x.hex()] = -len(self._new_constants)
            self._constants[number] = x
            if x in (0.0, 1.0):
                self._truths.add(number)
        return number

    def _numbered(self, op: Op, operands: tuple[int, ...]) -> int:
        key = (op, operands[::-1]) if op in COMMUTATIVE and operands[0] > operands[1] else (op, operands)
        number = self._number.get(key)
        if number is None:
            number = self._number[key] = self._first + len(self._expressions)
            self._expressions.append((op, operands))
            if self._is_truth(op, operands):
                self._truths.add(number)
        return number

    def _is_truth(self, op: Op, operands: tuple[int, ...]) -> bool:
        """Whether the result is 1 or 0, as far as that is plain."""
        truths = [x in self._truths for x in operands]
        if op is ops.sub:  # 1 - t
            return self._constants.get(operands[0]) == 1.0 and truths[1]
        return op in COMPARISONS or (op is ops.mul and all(truths)) or (op is ops.mask and truths[0])

    def _matches(self, patterns: tuple[Term, ...], numbers: tuple[int, ...], names: dict[str, int]) -> bool:
        """Whether the nodes are what the patterns say. What names stand for is added to `names`."""
        for pattern, number in zip(patterns, numbers, strict=True):
            if isinstance(pattern, float):
                fits = self._constants.get(number) == pattern
            elif isinstance(pattern, str):
                fits = names.setdefault(pattern, number) == number and (pattern != "t" or number in self._truths)
            else:
                op, operands = self._made(number)
                fits = op is pattern.op and self._matches(pattern.operands, operands, names)
            if not fits:
                return False
        return True

    def _built(self, term: Term, names: dict[str, int]) -> int:
        if isinstance(term, str):
            return names[term]
        if isinstance(term, float):
            return self._constant(term)
        return self.apply(term.op, tuple([self._built(x, names) for x in term.operands]))
