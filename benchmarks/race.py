"""Timing that is fair to all.

Each library works in a process of its own, on one thread, so that none pays for another's garbage. They take turns, so
that a machine whose speed drifts is the same to all; a number is the median of the turns. All must compute the same.
"""

import importlib
import math
import multiprocessing
import os
import statistics
import sys
import time
from multiprocessing.connection import Connection
from typing import NamedTuple, TypeAlias

from benchmarks.scalars import Step
from benchmarks.works import OURS, Work

ONE_THREAD = {
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
    "XLA_FLAGS": "--xla_cpu_multi_thread_eigen=false intra_op_parallelism_threads=1",
    "JAX_PLATFORMS": "cpu",
}
FIRST_STEPS = 3  # whose results are compared

Seconds: TypeAlias = dict[str, float | None]


def race(work: Work, turns: int, seconds: float = 0.2) -> tuple[Seconds, Seconds]:
    """The median seconds of a step of `work`, and those until the first is done, by library; None where one is missing.

    A turn lasts about so many `seconds`. Raises ArithmeticError if the libraries compute different numbers.
    """
    os.environ.update(ONE_THREAD)
    spawn = multiprocessing.get_context("spawn")
    peers: dict[str, Connection] = {}
    for name in work.libraries:
        peers[name], theirs = spawn.Pipe()
        spawn.Process(target=_work, args=(theirs, work, name, seconds), daemon=True).start()
        theirs.close()
    answers = {name: _received(peer, name, work) for name, peer in peers.items()}
    results = {name: answer.results for name, answer in answers.items() if answer}
    for name, result in results.items():
        if not all(map(_close, result, results.get(OURS, result))):
            raise ArithmeticError(f"{work.name}: {name} computes {result}, {OURS} computes {results[OURS]}")
    samples: dict[str, list[float]] = {name: [] for name in results}
    for _ in range(turns):
        for name, times in samples.items():
            peers[name].send(True)
            times.append(peers[name].recv())
    for name in samples:
        peers[name].send(False)
    medians = {name: statistics.median(samples[name]) if name in samples else None for name in work.libraries}
    return medians, {name: answer.ready if answer else None for name, answer in answers.items()}


class Answer(NamedTuple):
    """Of a peer: the seconds until its first step was done, and what the first steps computed."""

    ready: float
    results: list[float]


def _received(peer: Connection, name: str, work: Work) -> Answer | None:
    try:
        answer: Answer | str = peer.recv()
    except EOFError:
        raise RuntimeError(f"{name} failed at {work.name}: see its traceback above") from None
    if isinstance(answer, str):
        print(f"{work.name}: {name} is left out: {answer}", file=sys.stderr)
        return None
    return answer


def _close(a: float, b: float) -> bool:
    return math.isclose(a, b, rel_tol=1e-9)


def _work(connection: Connection, work: Work, library: str, seconds: float) -> None:
    """A peer's process: sends the results of its first steps, then, whenever asked, the seconds that a step takes."""
    try:
        programs = importlib.import_module(work.modules[library])
    except ImportError as error:
        connection.send(str(error))
        return
    start = time.perf_counter()
    step: Step = getattr(programs, work.program or work.name)(*work.arguments)
    first = float(step())
    ready = time.perf_counter() - start
    connection.send(Answer(ready, [first, *(float(step()) for _ in range(FIRST_STEPS - 1))]))
    repeats = 1
    while connection.recv():
        while (each := _time(step, repeats)) * repeats < seconds / 2:
            repeats = math.ceil(min(seconds / each, 10 * repeats))
        connection.send(each)


def _time(step: Step, repeats: int) -> float:
    start = time.perf_counter()
    for _ in range(repeats):
        result = step()
    float(result)  # waits for it, where the library works behind our back
    return (time.perf_counter() - start) / repeats
