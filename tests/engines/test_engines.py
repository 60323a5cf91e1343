"""Two engines, one contract: whatever is asked of the plain and of the compiled `Value`, the answers are the same.

The other tests of the engine ask one of them: the whole suite runs with `STEPGRAD_ENGINE=python` and with `native`.
"""

import copy
import os
import pickle
import subprocess
import sys
import threading
from collections.abc import Callable
from math import copysign, inf, isnan, nan, nextafter
from operator import mul
from types import ModuleType
from typing import Any

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from references import SHARED

from autograd import RecordError
from autograd import value as plain
from autograd.ops import TABLE, Op

native = pytest.importorskip("autograd.engines._native", reason="the compiled engine was not built")

ENGINES = [plain, native]
each_engine = pytest.mark.parametrize("engine", ENGINES, ids=["python", "native"])


numbers = (
    st.floats(width=64) | st.floats(-3, 3) | st.sampled_from([0.0, -0.0, 1.0, -1.0, inf, -inf, nan, 1e308, 5e-324])
)


def identical(x: float, y: float) -> bool:
    return isnan(y) if isnan(x) else x == y and copysign(1, x) == copysign(1, y)


def within_one_ulp(x: float, y: float) -> bool:
    return identical(x, y) or nextafter(x, y) == y


Program = tuple[list[float], list[tuple[Op, int, int, float]]]


@st.composite
def programs(draw: st.DrawFn, rows: list[Op]) -> Program:
    """Leaves, and steps: an operation, the distances back to its operands, and a number that may replace the second."""
    leaves = draw(st.lists(numbers, min_size=1, max_size=4))
    step = st.tuples(st.sampled_from(rows), st.integers(0, 8), st.integers(-3, 8), st.floats(-3, 3))
    return leaves, draw(st.lists(step, min_size=1, max_size=25))


def run(engine: ModuleType, program: Program) -> list[Any]:
    leaves, steps = program
    nodes = [engine.Value(x) for x in leaves]
    for op, first, second, number in steps:
        operands = [nodes[-1 - first % len(nodes)], number if second < 0 else nodes[-1 - second % len(nodes)]]
        nodes.append(engine.apply(op, *operands[: len(op.operands)]))
    return nodes


@given(programs(SHARED))
def test_random_programs_give_the_same_values_and_gradients_bit_by_bit(program: Program) -> None:
    ours, theirs = (run(engine, program) for engine in ENGINES)
    for nodes in (ours, theirs, ours, theirs):
        nodes[-1].backward()
    for x, y in zip(ours, theirs, strict=True):
        assert identical(x.data, y.data)
        assert identical(x.grad, y.grad)
        assert (x.op, x.is_leaf, x.requires_grad, len(x.inputs)) == (y.op, y.is_leaf, y.requires_grad, len(y.inputs))


@given(programs(SHARED))
def test_random_programs_have_the_same_order_and_the_same_derivatives_of_both_kinds(program: Program) -> None:
    answers = []
    for engine in ENGINES:
        nodes = run(engine, program)
        order = engine.topological_order(nodes[-1])
        with_graph = engine.grad(nodes[-1], nodes, create_graph=True)
        second = engine.grad(sum(with_graph[1:], with_graph[0]), nodes[: len(program[0])]) if with_graph[0].op else []
        answers.append([*map(float, order), *engine.grad(nodes[-1], nodes), *map(float, with_graph), *second])
    assert len(answers[0]) == len(answers[1])
    assert all(map(identical, *answers))


@given(
    st.lists(st.tuples(numbers, numbers, st.booleans())), numbers, st.booleans(), st.sampled_from([list, tuple, iter])
)
def test_dot_builds_what_a_loop_over_the_operands_builds(
    factors: list[tuple[float, float, bool]], start: float, is_node: bool, kind: Callable[..., Any]
) -> None:
    for engine in ENGINES:
        a = [engine.Value(x) for x, _, _ in factors]
        b = [engine.Value(y) if node else y for _, y, node in factors]
        first = engine.Value(start) if is_node else start
        expected = sum(map(mul, a, b), engine.Value(start, requires_grad=False) if first is start else first)
        result = engine.dot(kind(a), kind(b), first)
        ours, theirs = (engine.topological_order(root) for root in (result, expected))
        assert [(x.op, x.requires_grad) for x in ours] == [(x.op, x.requires_grad) for x in theirs]
        assert all(identical(x.data, y.data) for x, y in zip(ours, theirs, strict=True))
        assert all(x is y for x, y in zip(ours, theirs, strict=True) if x.is_leaf and x.requires_grad)


@pytest.mark.parametrize("op", TABLE.values(), ids=lambda op: op.name)
@given(operands=st.tuples(numbers, numbers))
@example(operands=(0.0, 0.0))
def test_every_row_agrees_within_one_ulp(op: Op, operands: tuple[float, float]) -> None:
    answers = []
    for engine in ENGINES:
        inputs = [engine.Value(x) for x in operands[: len(op.operands)]]
        output = engine.functions[op.name](*inputs)
        output.backward()
        answers.append([output.data, *(x.grad for x in inputs)])
    value, derivatives = zip(*answers, strict=True), list(zip(*answers, strict=True))[1:]
    assert within_one_ulp(*next(value))
    # a derivative is made of several operations, each of which may be one ulp off
    assert all(identical(x, y) or abs(x - y) <= 4e-15 * abs(y) for x, y in derivatives)


@st.composite
def wrong_uses(draw: st.DrawFn) -> Callable[[ModuleType], object]:
    wrong = draw(st.sampled_from(["text", None, 1j, [1.0], np.ones(2), np.ones((2, 2)), 10**400, object]))
    return draw(
        st.sampled_from(
            [
                lambda engine: engine.Value(wrong),
                lambda engine: engine.Value(engine.Value(1.0)),
                lambda engine: setattr(engine.Value(1.0), "data", wrong),
                lambda engine: setattr(engine.Value(1.0), "grad", engine.Value(1.0)),
                lambda engine: engine.Value(1.0) + wrong,
                lambda engine: wrong / engine.Value(1.0),
                lambda engine: engine.Value(1.0) ** wrong,
                lambda engine: engine.Value(1.0) < wrong,
                lambda engine: engine.functions["exp"](wrong),
                lambda engine: engine.functions["hypot"](engine.Value(1.0), wrong),
                lambda engine: engine.functions["hypot"](1.0),
                lambda engine: engine.functions["exp"](),
                lambda engine: engine.Value(1.0).exp(2.0),
                lambda engine: engine.apply(TABLE["exp"], 1.0, 2.0),
                lambda engine: engine.apply(TABLE["exp"], wrong),
                lambda engine: engine.dot(wrong, [engine.Value(1.0)]),
                lambda engine: engine.dot([1.0, engine.Value(1.0)], [2.0, wrong]),
                lambda engine: engine.dot([], [], wrong),
                lambda engine: engine.dot([1.0], [engine.Value(1.0), 2.0], wrong),
                lambda engine: engine.grad(engine.Value(1.0), engine.Value(1.0)),
                lambda engine: engine.grad(wrong, [engine.Value(1.0)]),
                lambda engine: engine.grad(engine.Value(1.0), [wrong]),
                lambda engine: wrong >= engine.Value(1.0),
                lambda engine: engine.grad(engine.Value(1.0), [engine.Value(1.0, requires_grad=False)]),
                lambda engine: engine.Value(1.0, requires_grad=False).backward(),
                lambda engine: copy.copy(engine.Value(1.0) * 2),
                lambda engine: f"{engine.Value(1.0):wrong}",
            ]
        )
    )


@given(wrong_uses())
def test_errors_are_of_the_same_type_and_say_the_same(use: Callable[[ModuleType], object]) -> None:
    answers = []
    for engine in ENGINES:
        try:
            answer: object = use(engine)
            answers.append(("gave", np.vectorize(repr)(answer).tolist()))
        except Exception as error:
            answers.append((type(error), str(error)))
    assert answers[0] == answers[1]


def test_the_classes_have_the_same_names_signature_and_words() -> None:
    import inspect

    public = {name for name in dir(plain.Value) if not name.startswith("_")}
    assert public == {name for name in dir(native.Value) if not name.startswith("_")}
    assert plain.Value.__doc__ == native.Value.__doc__
    ours, theirs = (inspect.signature(engine.Value).parameters.values() for engine in ENGINES)
    assert [(x.name, x.kind, x.default) for x in ours] == [(x.name, x.kind, x.default) for x in theirs]
    for name in ("apply", "dot", "grad", "no_grad", "sealed", "topological_order"):
        assert getattr(plain, name).__doc__ == getattr(native, name).__doc__
    for op in TABLE.values():
        assert (
            plain.functions[op.name].__doc__
            == native.functions[op.name].__doc__
            == getattr(native.Value, op.name).__doc__
        )


@given(numbers, numbers)
def test_a_value_is_a_number_among_numbers(x: float, y: float) -> None:
    for engine in ENGINES:
        a, b = engine.Value(x, label="a"), engine.Value(y)
        assert [a < b, a <= b, a > b, a >= b] == [x < y, x <= y, x > y, x >= y] == [a < y, a <= y, a > y, a >= y]
        assert identical(float(a), x)
        assert (a == a, a == b, len({a, b, a})) == (True, False, 2)
        assert f"{a:.3e}" == f"{x:.3e}"
        assert f"{a}" == repr(a) == f"Value(data={x!r}, grad=0.0, label='a')"
        assert +a is a


@each_engine
def test_numpy_works_on_arrays_of_values_and_values_on_numpys_numbers(engine: ModuleType) -> None:
    row = np.array([engine.Value(0.5), engine.Value(-2.0)])
    for result in (row @ row, np.float64(4.25) * engine.Value(1.0), engine.Value(4.25) + np.int8(0), np.sum(row * row)):
        assert type(result) is engine.Value
        assert result.data == 4.25
    assert [x.data for x in np.arctan2(row, [1.0, 2.0])] == [np.arctan2(0.5, 1.0), np.arctan2(-2.0, 2.0)]
    assert [x.data for x in engine.Value(2.0) ** np.array([1.0, 3.0])] == [2.0, 8.0]
    assert [x.data for x in np.array([1.0, 3.0]) - engine.Value(2.0)] == [-1.0, 1.0]


@each_engine
def test_a_subclass_has_attributes_of_its_own_and_takes_part(engine: ModuleType) -> None:
    class Parameter(engine.Value):  # type: ignore[name-defined, misc]
        def __init__(self, data: float, name: str) -> None:
            super().__init__(data, label=name)
            self.name = name

    w = Parameter(3.0, "w")
    y = w * w + 1
    y.backward()
    assert (w.grad, w.name, w.label, type(y)) == (6.0, "w", "w", engine.Value)
    del w
    assert [x.name for x in y.inputs[0].inputs] == ["w", "w"]


@each_engine
def test_an_operation_that_is_not_of_the_table_takes_part(engine: ModuleType) -> None:
    cube = Op("cube", "cube", "a * a * a", ("3 * a * a",))
    scaled = Op("scaled", "scaled", "a * b", ("b", "a"))
    x = engine.Value(2.0)
    y = engine.apply(scaled, engine.apply(cube, x), 5)
    y.label = "y"
    y.backward()
    assert (y.data, x.grad, y.op, y.label) == (40.0, 60.0, scaled, "y")
    assert [node.label for node in y.inputs] == ["", ""]


@each_engine
@pytest.mark.parametrize("context", ["no_grad", "sealed"])
def test_contexts_hold_for_their_thread_only(engine: ModuleType, context: str) -> None:
    x = engine.Value(2.0)
    seen = []
    with getattr(engine, context)():
        thread = threading.Thread(target=lambda: seen.append(((x * x).requires_grad, x.data)))
        thread.start()
        thread.join()
    assert seen == [(True, 2.0)]


@each_engine
def test_nothing_is_recorded_inside_no_grad_and_everything_inside_sealed(engine: ModuleType) -> None:
    x, constant = engine.Value(2.0), engine.Value(3.0, requires_grad=False)
    with engine.no_grad():
        assert not (x * x).requires_grad
    with engine.sealed():
        folded_elsewhere = constant * constant
    assert folded_elsewhere.op is TABLE["mul"]
    assert (constant * constant).op is None


@each_engine
def test_sealed_refuses_whatever_reads_or_writes_a_number(engine: ModuleType) -> None:
    x = engine.Value(2.0)
    uses: list[Callable[[], object]] = [
        lambda: x.data,
        lambda: x.grad,
        lambda: setattr(x, "data", 1.0),
        lambda: setattr(x, "grad", 1.0),
        lambda: float(x),
        lambda: x < 1,
        lambda: x <= 1,
        lambda: f"{x:.2f}",
        lambda: x.detach(),
        lambda: x.backward(),
        lambda: copy.copy(x),
        lambda: engine.grad(x, [x]),
        lambda: engine.no_grad().__enter__(),
    ]
    with engine.sealed() as refusals:
        for use in uses:
            with pytest.raises(RecordError):
                use()
    assert len(refusals) == len(uses)
    assert (x.data, x.grad) == (2.0, 0.0)


@each_engine
def test_leaves_are_copied_with_everything_that_they_hold(engine: ModuleType) -> None:
    leaf = engine.Value(1.5, label="w", requires_grad=False)
    leaf.grad = 2.5
    for duplicate in (copy.copy(leaf), copy.deepcopy([leaf])[0], pickle.loads(pickle.dumps(leaf))):
        assert duplicate is not leaf
        assert (duplicate.data, duplicate.grad, duplicate.label, duplicate.requires_grad) == (1.5, 2.5, "w", False)


# Which engine is in use


def python(code: str, engine: str | None = None) -> subprocess.CompletedProcess[str]:
    environment = {k: v for k, v in os.environ.items() if k != "STEPGRAD_ENGINE"}
    if engine is not None:
        environment["STEPGRAD_ENGINE"] = engine
    return subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, timeout=60)


@pytest.mark.parametrize(
    ("forced", "used"), [(None, "native"), ("", "native"), ("native", "native"), ("python", "python")]
)
def test_the_compiled_engine_is_in_use_unless_the_other_is_forced(forced: str | None, used: str) -> None:
    result = python("import autograd; print(autograd.engine, autograd.Value.__module__)", forced)
    assert result.stdout.split() == [used, plain.__name__ if used == "python" else native.__name__]


NOT_BUILT = "import sys; sys.modules['autograd.engines._native'] = None; import autograd; print(autograd.engine)"


def test_without_a_compiled_engine_the_plain_one_is_in_use() -> None:
    assert python(NOT_BUILT).stdout == "python\n"


def test_forcing_an_engine_that_is_not_there_says_what_to_do() -> None:
    assert (
        "ImportError: STEPGRAD_ENGINE is native, but the compiled engine was not built"
        in python(NOT_BUILT, "native").stderr
    )
    assert (
        "ImportError: STEPGRAD_ENGINE is 'fast': set it to python or native" in python("import autograd", "fast").stderr
    )


@pytest.mark.parametrize(("saved_by", "loaded_by"), [("native", "python"), ("python", "native")])
def test_a_leaf_that_was_pickled_with_one_engine_loads_with_the_other(saved_by: str, loaded_by: str) -> None:
    saved = python(
        "import pickle, autograd; print(pickle.dumps(autograd.Value(2.5, label='w')).hex())", saved_by
    ).stdout
    code = f"import pickle, autograd; print(repr(pickle.loads(bytes.fromhex({saved.strip()!r}))), autograd.engine)"
    assert python(code, loaded_by).stdout == f"Value(data=2.5, grad=0.0, label='w') {loaded_by}\n"
