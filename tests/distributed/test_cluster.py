"""On a real cluster of two worker processes: the bits are those of one process, whoever dies, and memory is bounded."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import dask
import dask.array as da
import numpy as np
import pytest
from dask.utils import key_split
from distributed import Client, LocalCluster, get_task_stream

from autograd import Recording, Value, exp, record
from autograd.distributed import LostSchedulerError, Shards
from nn import MLP, History, checkpoint, fit, optim

STATUS = Path("/proc/self/status")
if not STATUS.exists():
    pytest.skip("needs Linux, which tells the peak memory of a process", allow_module_level=True)

ROWS, CHUNK, COLUMNS = 10**7, 2 * 10**5, 4


@pytest.fixture(scope="module")
def cluster() -> Iterator[LocalCluster]:
    with LocalCluster(n_workers=2, threads_per_worker=1, processes=True, dashboard_address=":0") as cluster:
        yield cluster


@pytest.fixture
def client(cluster: LocalCluster) -> Iterator[Client]:
    with Client(cluster) as client:
        client.wait_for_workers(2)
        yield client


def peak() -> int:
    """The most memory that this process has had so far, in bytes. (`getrusage` counts what its parent had, too.)"""
    (line,) = [line for line in STATUS.read_text().splitlines() if line.startswith("VmHWM:")]
    return 1024 * int(line.split()[1])


def numbers(block: Any, marker: str = "", block_id: Any = ()) -> Any:
    """Random rows of a block; in the middle of the blocks the process is killed, once."""
    if marker and block_id[0] == ROWS // CHUNK // 2 and not Path(marker).exists():
        Path(marker).touch()
        os.kill(os.getpid(), signal.SIGKILL)
    return np.random.default_rng(block_id[0]).normal(size=(len(block), COLUMNS))


def rows_of(marker: str = "", count: int = ROWS) -> Any:
    empty = da.empty(count, chunks=CHUNK)
    meta = np.empty((0, 0))
    return empty.map_blocks(numbers, marker, new_axis=1, chunks=(empty.chunks[0], COLUMNS), dtype=float, meta=meta)


def squared_error() -> Recording:
    w = [Value(0.1 * i, label=f"w{i}") for i in range(COLUMNS)]
    return record(lambda x: (exp(w[0] * x[0]) + w[1] * x[1] + w[2] * x[2] + w[3] - x[3]) ** 2, [0.0] * COLUMNS)


def bits(found: tuple[float, Any]) -> list[float]:
    return [found[0], *found[1].tolist()]


def test_a_sum_over_ten_million_rows_in_bounded_memory_though_a_worker_is_killed(
    client: Client, tmp_path: Path
) -> None:
    before, here = max(client.run(peak).values()), peak()
    found = squared_error().value_and_grad(rows_of(str(tmp_path / "killed")))
    assert (tmp_path / "killed").exists()
    client.wait_for_workers(2)
    data = ROWS * COLUMNS * 8
    assert max(client.run(peak).values()) < before + data / 2
    assert peak() < here + data / 4
    with dask.config.set(scheduler="synchronous"):
        assert bits(squared_error().value_and_grad(rows_of())) == bits(found)


def test_a_client_of_its_own_hardly_grows(cluster: LocalCluster) -> None:
    program = (
        "import sys; sys.path[:0] = [sys.argv[1]]\n"
        "import test_cluster as t\n"
        "with t.Client(sys.argv[2]):\n"
        "    before = t.peak()\n"
        "    t.squared_error().value_and_grad(t.rows_of())\n"
        "print(t.peak() - before)"
    )
    arguments = [sys.executable, "-c", program, str(Path(__file__).parent), cluster.scheduler_address]
    told = subprocess.run(arguments, capture_output=True, text=True, check=True).stdout
    assert int(told) < ROWS * COLUMNS * 8 / 5


def trained(schedule: Any = None, client: Client | None = None, **how: Any) -> tuple[dict[str, float], History]:
    rows = rows_of(count=3 * CHUNK // 100).rechunk((CHUNK // 100 // 2, COLUMNS))
    model = MLP(3, [8, 1], activation="tanh", rng=0)
    settings = {"loss": "mean_squared_error", "epochs": 3, "batch_size": 2500, "progress": False, **how}
    optimizer = optim.Adam(model.parameters(), lr=0.02)
    history = fit(model, rows[:, :3], rows[:, 3], optimizer=optimizer, schedule=schedule, client=client, **settings)
    return model.state_dict(), history


def test_a_training_comes_out_the_same_though_a_worker_is_killed(client: Client) -> None:
    def kill(step: int) -> float:
        """A schedule, called before every step."""
        if step == 4:
            victim = next(iter(client.run(os.getpid).values()))
            os.kill(victim, signal.SIGKILL)
        return 1.0

    undisturbed, history = trained(client=client)
    client.wait_for_workers(2)
    disturbed, history_disturbed = trained(kill, client)
    assert disturbed == undisturbed
    assert history_disturbed.loss == history.loss
    with Client(
        processes=False, n_workers=1, threads_per_worker=1, dashboard_address=":0", set_as_default=False
    ) as one:
        assert trained(client=one)[0] == undisturbed


def test_shards_stay_on_their_workers_and_tasks_say_what_they_do(client: Client) -> None:
    client.wait_for_workers(2)
    with get_task_stream(client) as stream:
        shards = Shards(client, [np.arange(8.0)], load=np.asarray)
        shards.added(np.sum, name="first-sum")
    assert {key_split(task["key"]) for task in stream.data} >= {"shard", "first-sum"}
    places = client.who_has(shards._futures)
    assert len({place for places in places.values() for place in places}) == 2
    shards.added(np.sum, name="second")
    assert client.who_has(shards._futures) == places


def test_a_lost_scheduler_is_told_and_the_last_checkpoint_stands(tmp_path: Path) -> None:
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    at = ["--scheduler-file", str(tmp_path / "scheduler.json"), "--no-dashboard"]
    dask_cli = [sys.executable, "-m", "dask"]
    with (
        dask.config.set({"distributed.comm.timeouts.connect": "2s"}),  # so long a client tries to find it again
        subprocess.Popen([*dask_cli, "scheduler", *at, "--port", "0"], **quiet) as scheduler,
        subprocess.Popen([*dask_cli, "worker", *at, "--nthreads", "1", "--no-nanny"], **quiet) as worker,
        Client(scheduler_file=at[1], set_as_default=False) as client,
    ):
        model = MLP(3, [2, 1], rng=0)
        rows = np.random.default_rng(0).normal(size=(80, 4))
        how = {"loss": "mean_squared_error", "batch_size": 40, "client": client, "progress": False}

        def kill(step: int) -> float:
            if step == 3:
                scheduler.kill()
                scheduler.wait()
            return 1.0

        fit(model, rows[:, :3], rows[:, 3], epochs=1, **how)
        checkpoint.save(tmp_path / "model.safetensors", model)
        saved = model.state_dict()
        with pytest.raises(LostSchedulerError, match="the Dask scheduler was lost") as caught:
            fit(model, rows[:, :3], rows[:, 3], epochs=9, schedule=kill, **how)
        assert "as before this step" in caught.value.__notes__[0]
        worker.kill()
    assert checkpoint.load(tmp_path / "model.safetensors").model.state_dict() == saved != model.state_dict()
