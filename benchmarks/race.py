"""Timing that is fair to all.

Each library works in a process of its own, so that none pays for another's garbage. They take turns, so that a machine
whose speed drifts is the same to all; each number is the median of the turns. All must compute the same numbers.
"""

import importlib
import math
import multiprocessing
import statistics
import time
from collections.abc import Mapping
from multiprocessing.connection import Connection

from benchmarks.programs import PROGRAMS, Step


def race(work: str, libraries: Mapping[str, tuple[str, ...]], turns: int) -> dict[str, float]:
    """The median seconds of one step of the program called `work`, by library; a library is given by its modules.

    Raises ArithmeticError if the libraries compute different numbers.
    """
    spawn = multiprocessing.get_context("spawn")
    peers: dict[str, Connection] = {}
    for name, modules in libraries.items():
        peers[name], theirs = spawn.Pipe()
        spawn.Process(target=_work, args=(theirs, work, modules), daemon=True).start()
    results = {name: peer.recv() for name, peer in peers.items()}
    if not all(math.isclose(result, results["stepgrad"], rel_tol=1e-9) for result in results.values()):
        raise ArithmeticError(f"the libraries disagree: {results}")
    samples: dict[str, list[float]] = {name: [] for name in libraries}
    for _ in range(turns):
        for name, peer in peers.items():
            peer.send(True)
            samples[name].append(peer.recv())
    for peer in peers.values():
        peer.send(False)
    return {name: statistics.median(times) for name, times in samples.items()}


def _work(connection: Connection, work: str, modules: tuple[str, ...]) -> None:
    """A peer's process: sends the result of its first step, then, whenever asked, the seconds that a step takes."""
    step = PROGRAMS[work](*map(importlib.import_module, modules))
    connection.send(step())
    repeats = max(2, round(0.2 / _seconds(step, 2)))
    while connection.recv():
        connection.send(_seconds(step, repeats))


def _seconds(step: Step, repeats: int) -> float:
    start = time.perf_counter()
    for _ in range(repeats):
        step()
    return (time.perf_counter() - start) / repeats
