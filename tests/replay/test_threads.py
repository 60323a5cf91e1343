"""Threads share the rows of a replay: what they compute, and what they outlive."""

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from pathlib import Path

import numpy as np
import pytest

from autograd import Recording, Value, engine, record, sin
from autograd.replay.update import Update

if engine == "python":
    pytest.skip("nothing is compiled", allow_module_level=True)

from autograd.replay import _replay
from autograd.replay.planning import Plan

posix = pytest.mark.skipif(os.name != "posix", reason="fork, and signals to oneself")


@cache
def slow() -> Recording:
    """A loss that takes so long for each row that a few rows are worth a thread."""
    w = [Value(0.01 * i - 0.1) for i in range(20)]

    def loss(x: list[Value]) -> Value:
        y = sum((a * b for a, b in zip(w, x, strict=True)), Value(0.3))
        for _ in range(2000):
            y = sin(y + w[0])
        return y * y

    return record(loss, [0.5] * 20)


def rows(count: int) -> np.ndarray:
    return np.random.default_rng(0).normal(size=(count, 20))


def bits(threads: int, X: np.ndarray) -> list[object]:
    f = slow()
    mean, gradient = f.value_and_grad(X, threads=threads) if len(X) else (0.0, np.zeros(0))
    by_inputs = f.input_gradients(X, threads=threads)[0] if len(X) else np.zeros(0)
    return [mean, gradient.tolist(), by_inputs.tolist(), f(X, threads=threads).tolist()]


@pytest.mark.usefixtures("kernels")
@pytest.mark.parametrize("count", [0, 1, 8, 17, 31, 100, 300])
def test_threads_agree(count: int) -> None:
    X = rows(count)
    mean, gradient, by_inputs, outputs = bits(1, X)
    for threads in (2, 3, 4):
        found = bits(threads, X)
        assert found[0] == pytest.approx(mean, rel=1e-12)
        assert found[1] == pytest.approx(gradient, rel=1e-9, abs=1e-12)
        np.testing.assert_allclose(found[2], by_inputs, 1e-12)
        np.testing.assert_allclose(found[3], outputs, 1e-12)
        assert found == bits(threads, X)


def test_as_many_threads_as_pay() -> None:
    program = _replay.Program(Plan(slow().replays[0].tape))
    assert [program.pieces(count, 4, True) for count in (0, 1, 8, 15, 16, 24, 300)] == [1, 1, 1, 1, 2, 3, 4]
    assert program.pieces(10**6, 10**6, True) == 64
    w = Value(2.0)
    quick = _replay.Program(Plan(record(lambda x: w * x, 1.0).replays[0].tape))
    assert quick.pieces(300, 4, True) == 1
    assert quick.pieces(10**6, 4, False) <= quick.pieces(10**6, 4, True) == 4


def test_several_threads_of_python_share_the_workers() -> None:
    X = rows(40)
    expected = [bits(threads, X) for threads in range(1, 5)]
    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(lambda n: bits(1 + n % 4, X), range(40))) == expected * 10


def test_an_error_in_one_thread_is_nothing_to_the_others() -> None:
    X = rows(40)
    expected = bits(3, X)

    def work(n: int) -> object:
        if n % 2:
            return bits(3, X)
        with pytest.raises(ValueError, match="one number a row"):
            slow().value_and_grad(X, weights=np.ones(3), threads=3)
        return expected

    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(work, range(20))) == [expected] * 20


def test_a_step_is_shared_too() -> None:
    found = []
    for threads in (1, 2, 2):
        numbers = np.random.default_rng(0).normal(size=5000)
        w = [Value(x) for x in numbers.tolist()]
        loss = record(lambda x, w=w: sum((a * x for a in w), Value(0.0)) ** 2, 1.0)
        rule = Update(w, lambda p, gradient, memory: [p - 1e-9 * memory, 0.9 * memory + gradient], memories=1)
        means = [rule.step(loss, np.linspace(0, 1, 200), threads=threads) for _ in range(4)]
        found.append([*means, *[p.data for p in w], *rule.remembered[0]])
    assert found[1] == found[2] == pytest.approx(found[0], rel=1e-12)


def repeat(function: Callable[..., object], *arguments: object, **settings: object) -> None:
    while True:
        function(*arguments, **settings)


@posix
def test_ctrl_c_in_the_middle_leaves_workers_that_work() -> None:
    X = rows(300)
    expected = bits(4, X)
    parameters = [p.grad for p in slow().parameters]
    signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell keeps it from what runs in the background
    interrupt = threading.Timer(0.05, os.kill, (os.getpid(), signal.SIGINT))
    interrupt.start()
    with pytest.raises(KeyboardInterrupt):
        repeat(slow().value_and_grad, X, threads=4)
    interrupt.join()
    assert bits(4, X) == expected
    assert [p.grad for p in slow().parameters] == parameters


@posix
def test_a_child_has_workers_of_its_own_and_all_exit() -> None:
    program = f"""
import os, sys, threading
sys.path.insert(0, {str(Path(__file__).parent)!r})
from test_threads import bits, rows
X, running = rows(100), threading.Event()
expected = bits(4, X)
def work():
    while True:
        bits(4, X)
        running.set()
threading.Thread(target=work, daemon=True).start()
running.wait()
for _ in range(5):
    child = os.fork()
    if not child:
        grandchild = os.fork()
        right = bits(4, X) == expected
        os._exit(not right if not grandchild else os.waitpid(grandchild, 0)[1] or not right)
    assert os.waitpid(child, 0)[1] == 0
print("all agree")
"""
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", program], capture_output=True, text=True, timeout=60, check=False
    )
    assert (done.stdout, done.stderr, done.returncode) == ("all agree\n", "", 0)


@pytest.mark.skipif(not Path("/proc/self/statm").exists(), reason="memory is told by Linux")
def test_many_calls_leave_no_memory_and_no_threads_behind() -> None:
    w = Value(2.0)
    loss, X = record(lambda x: sin(w * x), 1.0), np.linspace(0, 1, 8000)

    def held() -> tuple[int, int]:
        return int(Path("/proc/self/statm").read_text().split()[1]), len([*Path("/proc/self/task").iterdir()])

    def call() -> None:
        loss.value_and_grad(X, threads=3)

    for _ in range(200):
        call()
    pages, threads = held()
    for _ in range(2000):
        call()
    assert held()[0] < pages + 100
    assert held()[1] == threads
