"""Measures steps of training on two workers beside one process, and draws them, with what 100 machines would give:

    python docs/make_distributed_picture.py

The left picture is measured here. The right one is simulated: a step waits for the slowest of its machines, whose times
scatter, then sums and gradients go up a tree of eights and parameters come back; the costs of a task and of a message
are those measured here, or those of a network that is given below.
"""

import time
from collections.abc import Callable
from math import ceil, log
from pathlib import Path

import dask.array as da
import numpy as np
from distributed import Client, LocalCluster
from matplotlib import pyplot
from numpy.typing import NDArray

from autograd import record
from nn import MLP, fit, losses, optim

PICTURE = Path(__file__).with_name("distributed.png")
ROWS = [1_000, 4_000, 16_000, 64_000, 250_000, 1_000_000]
STEPS = 12
ROUNDS = 3  # one way and the other in turn, of which the fastest count: other work on a machine slows down either
SHARDS = 4

# Of the simulated machines
PARAMETERS = 10**4
BYTES_PER_SECOND = 1.25e9  # ten gigabits, as is common in a data centre
SECONDS_PER_MESSAGE = 0.5e-3
SECONDS_PER_TASK = 0.4e-3  # of the scheduler, which tells one worker after the other
SCATTER = 0.1  # the standard deviation of the logarithm of a machine's time
MACHINES = [1, 2, 4, 8, 16, 32, 64, 100]
WORK = {"0.1 s": 0.1, "1 s": 1.0, "10 s": 10.0}  # of a step in one process


def network() -> MLP:
    return MLP(8, [32, 32, 1], activation="tanh", rng=0)


def batch(rows: int) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    X = np.random.default_rng(0).normal(size=(rows, 8))
    return X, np.sin(X.sum(axis=1))


def fastest(steps: Callable[[Callable[[int], float]], object]) -> float:
    """The shortest time between two steps, of which each asks for its learning rate."""
    times: list[float] = []

    def schedule(_: int) -> float:
        times.append(time.perf_counter())
        return 1.0

    steps(schedule)
    return float(np.diff(times)[1:].min())


def in_one_process(rows: int) -> float:
    X, y = batch(rows)
    model = network()
    loss = record(lambda x, t: losses.mean_squared_error(model(x), t), [0.0] * 8, 0.0)
    optimizer = optim.SGD(model.parameters(), lr=0.01)

    def steps(schedule: Callable[[int], float]) -> None:
        for step in range(STEPS):
            schedule(step)
            optimizer.minimize(loss, X, y)

    return fastest(steps)


def on_two_workers(rows: int, client: Client) -> float:
    X, y = (da.from_array(part, chunks=(ceil(rows / SHARDS), *part.shape[1:])) for part in batch(rows))
    how = {"loss": "mean_squared_error", "epochs": STEPS, "batch_size": rows, "progress": False}
    return fastest(lambda schedule: fit(network(), X, y, schedule=schedule, client=client, **how))


def simulated(work: float, machines: int, rng: np.random.Generator) -> float:
    """The mean time of a step on so many machines, one shard each."""
    if machines == 1:
        return work
    slowest = np.exp(SCATTER * rng.normal(size=(1000, machines))).max(axis=1).mean()
    levels = ceil(log(machines, 8))
    message = SECONDS_PER_MESSAGE + 8 * PARAMETERS / BYTES_PER_SECOND
    tasks = machines + sum(ceil(machines / 8**level) for level in range(1, levels))
    parameters = 8 * PARAMETERS * machines / BYTES_PER_SECOND  # all sent by one scheduler
    return float(work / machines * slowest + tasks * SECONDS_PER_TASK + parameters + 8 * levels * message)


def main() -> None:
    with LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=":0") as cluster, Client(cluster) as client:
        pairs = [[(in_one_process(rows), on_two_workers(rows, client)) for _ in range(ROUNDS)] for rows in ROWS]
    one, two = (list(column) for column in zip(*[np.min(pair, axis=0) for pair in pairs], strict=True))
    rng = np.random.default_rng(0)
    for rows, alone, together in zip(ROWS, one, two, strict=True):
        print(
            f"{rows:>9,} rows: one process {1e3 * alone:8.1f} ms, two workers {1e3 * together:8.1f} ms: "
            f"{alone / together:.2f} x"
        )
    figure, (left, right) = pyplot.subplots(1, 2, figsize=(9, 3.6), layout="constrained")
    left.plot(1e3 * np.array(one), np.array(one) / two, "o-", color="#0072b2")
    left.axhline(1, color="#808080", linewidth=0.8)
    left.set(xscale="log", xlabel="a step in one process (ms)", ylabel="speed-up", title="measured: two workers")
    for (name, work), marker in zip(WORK.items(), "os^", strict=True):
        gains = [work / simulated(work, machines, rng) for machines in MACHINES]
        print(f"a step of {name}: " + ", ".join(f"{n}: {gain:.1f}" for n, gain in zip(MACHINES, gains, strict=True)))
        right.plot(MACHINES, gains, marker=marker, label=f"a step of {name}")
    right.plot(MACHINES, MACHINES, color="#808080", linewidth=0.8, label="as many as machines")
    right.set(xscale="log", yscale="log", xlabel="machines", title="simulated: 10,000 parameters")
    right.legend(frameon=False, fontsize=8)
    for axes in (left, right):
        axes.spines[["top", "right"]].set_visible(False)
    figure.savefig(PICTURE, dpi=110)


if __name__ == "__main__":
    main()
