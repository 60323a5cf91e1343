"""The limits of the compiled engine: size and number of nodes, interrupts, threads, memory."""

import contextlib
import os
import signal
import subprocess
import sys
import sysconfig
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

native = pytest.importorskip("autograd.engines._native", reason="the compiled engine was not built")
Value = native.Value

posix = pytest.mark.skipif(os.name != "posix", reason="POSIX signals, limits and /proc")
MANY = 1_000_000


def chain(length: int, start: "Value", factor: "Value") -> "Value":
    node = start
    for _ in range(length):
        node = node * factor
    return node


@pytest.mark.skipif(not sysconfig.get_config_var("Py_GIL_DISABLED"), reason="this Python has its lock always")
def test_a_free_threaded_python_has_switched_its_lock_on() -> None:
    assert sys._is_gil_enabled()


def test_a_node_is_one_cache_line_without_a_header_for_the_garbage_collector() -> None:
    import gc

    x = Value(1.0)
    assert sys.getsizeof(x) <= 72
    assert not gc.is_tracked(x * x)


@pytest.mark.parametrize("shape", ["left", "right", "unary", "ladder", "wide"])
def test_graphs_of_a_million_nodes_are_built_walked_differentiated_and_freed(shape: str) -> None:
    x, one = Value(1.0), Value(1.0)
    y = x
    if shape == "left":
        y = chain(MANY, x, one)
    elif shape == "right":
        for _ in range(MANY):
            y = one * y
    elif shape == "unary":
        for _ in range(MANY):
            y = -y
    elif shape == "ladder":  # 2 to the power 30 paths
        for _ in range(30):
            y = y + y
        y = chain(MANY, y, one)
    else:
        layer = [x * one for _ in range(MANY // 2)]
        while len(layer) > 1:
            layer = [a + b for a, b in zip(layer[::2], layer[1::2], strict=False)] + layer[len(layer) // 2 * 2 :]
        y = layer.pop()
    y.backward()
    assert x.grad == {"ladder": 2.0**30, "wide": MANY // 2}.get(shape, 1.0)
    order = native.topological_order(y)
    assert len(order) >= MANY - 1
    assert order[-1] is y


def test_a_graph_of_nothing_but_a_subclass_is_differentiated() -> None:
    code = "from autograd.engines._native import Value; x = type('Sub', (Value,), {})(1.0); x.backward(); print(x.grad)"
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60)
    assert result.stdout == "1.0\n"


def test_gradients_from_a_second_walk_are_the_same() -> None:
    x, one = Value(2.0), Value(1.0)
    y = chain(1000, x, one)
    for _ in range(3):
        y.backward()
    assert x.grad == 3.0
    assert one.grad == 3 * 2000.0
    assert native.grad(y, [x, one, y, Value(1.0)]) == [1.0, 2000.0, 1.0, 0.0]


@contextlib.contextmanager
def alarm(handler: Callable[[], None], after: float) -> Iterator[None]:
    former = signal.signal(signal.SIGALRM, lambda *_: handler())
    signal.setitimer(signal.ITIMER_REAL, after)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, former)


@posix
def test_an_interrupted_backward_stops_at_once_and_leaves_every_gradient_as_it_was() -> None:
    x, one = Value(1.0), Value(1.0)
    y = chain(2 * MANY, x, one)
    y.backward()
    rung = 0.0

    def ring() -> None:
        nonlocal rung
        rung = time.perf_counter()
        raise KeyboardInterrupt

    stopped = 0
    for after in (0.002, 0.005, 0.01, 0.02, 0.03):
        before, begun = x.grad, time.perf_counter()
        with contextlib.suppress(KeyboardInterrupt), alarm(ring, after):
            y.backward()
        assert rung - begun < after + 0.1
        assert x.grad - before in (0.0, 1.0)  # all of it, if the signal came at the very end, or nothing
        assert one.grad == 2 * MANY * x.grad
        stopped += x.grad == before
    assert stopped
    assert all(node.grad == 1.0 for node in native.topological_order(y)[2::100_000])
    before = x.grad
    y.backward()
    assert x.grad == before + 1.0


@posix
def test_a_signal_handler_may_differentiate_the_graph_that_is_being_differentiated() -> None:
    x, one = Value(1.0), Value(1.0)
    y = chain(MANY, x, one)
    calls = []

    def ring() -> None:
        y.backward()
        calls.append(1)

    for after in (0.001, 0.005, 0.01, 0.015):
        with alarm(ring, after):
            y.backward()
    assert calls
    assert x.grad == 4 + len(calls)


def test_threads_differentiate_one_graph_and_graphs_of_their_own() -> None:
    x, shared_one = Value(1.0), Value(1.0)
    shared = chain(20_000, x, shared_one)
    failures = []

    def work() -> None:
        for _ in range(20):
            own, one = Value(1.0), Value(1.0)
            y = chain(5000, own, one)
            y.backward()
            shared.backward()
            if (own.grad, one.grad) != (1.0, 5000.0):
                failures.append((own.grad, one.grad))

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failures
    assert x.grad == 80.0


def test_an_operand_may_do_as_it_likes_while_it_is_converted() -> None:
    class Number:
        def __init__(self, action: Callable[[], object]) -> None:
            self.action = action

        def __float__(self) -> float:
            self.action()
            return 2.0

    x = Value(3.0)
    y = x * Number(lambda: (x * x).backward()) + Number(lambda: x.__init__(3.0))  # type: ignore[misc]
    y.backward()
    assert (y.data, x.grad) == (8.0, 2.0)
    with pytest.raises(ZeroDivisionError):
        x * Number(lambda: 1 / 0)


def test_a_label_may_do_as_it_likes_when_it_dies() -> None:
    class Label:
        def __del__(self) -> None:
            deaths.append((Value(2.0) * 3).data)

    deaths: list[float] = []
    y = Value(1.0)
    for _ in range(1000):
        y = y * 2
        y.label = Label()
    del y
    assert deaths == [6.0] * 1000


def test_a_node_that_an_operation_made_cannot_be_initialised_again() -> None:
    y = Value(2.0) * Value(3.0)
    with pytest.raises(TypeError, match="cannot be initialised again"):
        y.__init__(1.0)
    assert [x.data for x in y.inputs] == [2.0, 3.0]


def resident_bytes() -> int:
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")


def use_everything_once() -> None:
    x, y = Value(1.5, label="x" * 50), Value(0.5)
    z = (x * y + 2).exp() / x.hypot(3.0) - native.functions["log"](y) ** 2
    z.label = "z" * 50
    z.backward()
    native.grad(z, [x, y], create_graph=True)
    with native.no_grad():
        z.detach() + x
    with native.sealed(), pytest.raises(RuntimeError):
        float(z)
    for wrong in (lambda: x + "text", lambda: Value(None), lambda: x.exp(1), lambda: native.grad(z, [1.0])):
        with pytest.raises((TypeError, AttributeError)):
            wrong()
    assert len(z.inputs) == len(native.topological_order(z)[-1].inputs) == 2
    type("Sub", (Value,), {})(1.0) * x


@pytest.mark.skipif(not Path("/proc/self/statm").exists(), reason="needs /proc")
def test_a_hundred_thousand_graphs_leave_no_memory_behind() -> None:
    x = Value(1.5)

    def many() -> None:
        for _ in range(200):
            use_everything_once()
        for _ in range(50_000):
            ((x * x + 3).exp().log() - x).backward()

    many()
    before = resident_bytes()
    many()
    assert resident_bytes() - before < 1 << 20


@pytest.mark.skipif(sys.platform != "linux", reason="limits of the address space work on Linux")
def test_no_memory_is_a_memory_error_and_nothing_is_lost() -> None:
    code = """
import resource
from autograd.engines._native import Value, topological_order

x, one = Value(1.0), Value(1.0)
y = x
for _ in range(1_000_000):
    y = y * one
used = int(open("/proc/self/statm").read().split()[0]) * resource.getpagesize()
unlimited = resource.getrlimit(resource.RLIMIT_AS)
resource.setrlimit(resource.RLIMIT_AS, (used + (8 << 20), unlimited[1]))
z = y
for attempt in (y.backward, lambda: topological_order(y)):
    try:
        attempt()
    except MemoryError:
        print("MemoryError", x.grad)
try:
    while True:
        z = z * 2.0
except MemoryError:
    print("MemoryError", z.data)
del z
resource.setrlimit(resource.RLIMIT_AS, unlimited)
y.backward()
print(x.grad)
"""
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=120)
    assert not result.stderr
    lines = result.stdout.splitlines()
    assert lines[:2] == ["MemoryError 0.0", "MemoryError 0.0"]
    assert lines[2].startswith("MemoryError")
    assert lines[3] == "1.0"


@pytest.mark.skipif(not Path("/proc/self/statm").exists(), reason="needs /proc")
def test_the_memory_of_a_graph_that_has_died_is_given_back() -> None:
    code = """
import resource
from autograd.engines._native import Value

def megabytes():
    return int(open("/proc/self/statm").read().split()[1]) * resource.getpagesize() >> 20

before, x = megabytes(), Value(1.0)
y = x
for _ in range(1_000_000):
    y = y * x
y.backward()
large = megabytes()
del y
print(before, large, megabytes())
"""
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=120, check=True)
    before, large, after = map(int, result.stdout.split())
    assert large - before > 60  # 64 bytes a node
    assert after - before < 30  # a reserve of 16 megabytes, and the interpreter's own


@pytest.mark.skipif(sys.platform != "linux", reason="limits of the address space work on Linux")
def test_after_a_graph_that_no_memory_was_enough_for_small_ones_are_built_as_before() -> None:
    code = """
import resource
from autograd.engines._native import Value

resource.setrlimit(resource.RLIMIT_AS, (600 << 20, resource.getrlimit(resource.RLIMIT_AS)[1]))
x = Value(3.0)
for attempt in range(2):
    y = x
    try:
        while True:
            y = y * 1.5
    except MemoryError:
        print("MemoryError")
    del y
    (x * x).backward()
    print(x.grad)
"""
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=120, check=True)
    assert result.stdout.split() == ["MemoryError", "6.0", "MemoryError", "12.0"]
