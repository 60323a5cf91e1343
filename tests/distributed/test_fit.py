"""`fit` with a client: on workers that are threads of this process."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import dask.array as da
import numpy as np
import pytest
from distributed import Client

from autograd import RecordError, Value
from autograd.distributed import Shards
from nn import MLP, DivergenceWarning, Dropout, Layer, Sequential, data, fit, optim

MOONS = data.moons(60, rng=0)


@pytest.fixture(scope="module")
def client() -> Iterator[Client]:
    with Client(processes=False, n_workers=1, threads_per_worker=2, dashboard_address=":0") as client:
        yield client


def trained(X: Any = MOONS.X, y: Any = MOONS.y, **how: Any) -> tuple[dict[str, float], Any]:
    model = MLP(2, [4, 1], activation="tanh", rng=0)
    settings = {"loss": "binary_cross_entropy", "epochs": 4, "batch_size": 60, "progress": False, **how}
    history = fit(model, X, y, optimizer=optim.Adam(model.parameters(), lr=0.05), **settings)
    return model.state_dict(), history


def test_steps_on_all_rows_are_those_of_one_process(client: Client) -> None:
    here, history = trained()
    there, history_there = trained(client=client)
    assert [*there.values()] == pytest.approx([*here.values()], rel=1e-12)
    assert history_there.loss == pytest.approx(history.loss, rel=1e-12)


def test_an_epoch_visits_every_row_once_in_an_order_of_the_seed(client: Client) -> None:
    """With a rate of 0 the mean over the batches, weighted by their shares, is the mean over the rows."""
    means = []
    for batch_size in (60, 16, 7):
        model = MLP(2, [4, 1], activation="tanh", rng=0)
        how = {"loss": "binary_cross_entropy", "optimizer": optim.SGD(model.parameters(), lr=0.0), "progress": False}
        history = fit(model, MOONS.X, MOONS.y, epochs=1, batch_size=batch_size, client=client, **how)
        means += history.loss
    assert means == pytest.approx(means[:1] * 3, rel=1e-12)
    first, second, other = (trained(batch_size=16, client=client, rng=seed)[0] for seed in (1, 1, 2))
    assert first == second
    assert first != other


@pytest.mark.parametrize("how", [{"clip_norm": 0.1}, {"l1": 0.01, "l2": 0.1}, {"shuffle": False}])
def test_settings_mean_the_same_on_a_cluster(client: Client, how: dict[str, Any]) -> None:
    here, there = (trained(**how, **where)[0] for where in ({}, {"client": client}))
    assert [*there.values()] == pytest.approx([*here.values()], rel=1e-9)


def test_a_run_on_a_cluster_goes_on_from_its_checkpoint(client: Client, tmp_path: Path) -> None:
    path, how = tmp_path / "run", {"batch_size": 16, "client": client}
    trained(epochs=2, checkpoint=path, **how)
    assert trained(epochs=4, checkpoint=path, **how) == trained(epochs=4, **how)


def test_dask_arrays_are_shards_by_their_chunks(client: Client) -> None:
    expected, _ = trained(client=client)
    arrays = da.from_array(MOONS.X, chunks=(8, 1)), da.from_array(MOONS.y[:, None], chunks=20)
    assert trained(*arrays, client=client)[0] == expected  # as 60 rows in memory are cut into eights
    empty = da.concatenate([arrays[0][:0], arrays[0]])
    targets = da.concatenate([arrays[1][:0], arrays[1]])
    assert [*trained(empty, targets, client=client)[0].values()] == pytest.approx([*expected.values()], rel=1e-12)


def test_classes_validation_and_patience(client: Client) -> None:
    iris = data.iris()
    model = MLP(4, [3], rng=0)
    how = {"loss": "cross_entropy", "batch_size": 50, "epochs": 6, "validation": (iris.X, iris.y), "patience": 3}
    history = fit(model, iris.X, iris.y, client=client, progress=False, **how)
    assert history.validation_loss[-1] < history.validation_loss[0]
    wrong = np.where(np.arange(len(iris.y)) == 140, 7, iris.y)
    with pytest.raises(ValueError, match="the target 7 is no class of a model with 3 outputs"):
        fit(model, da.from_array(iris.X, chunks=(70, 4)), wrong, client=client, progress=False, loss="cross_entropy")


@pytest.mark.parametrize(("loss", "target"), [("binary_cross_entropy", 1.5), ("poisson_nll", -1.0)])
def test_a_target_out_of_range_is_found_in_any_shard(client: Client, loss: str, target: float) -> None:
    y = np.where(np.arange(60) == 50, target, MOONS.y)
    with pytest.raises(ValueError, match=f"the target of {loss} .*; got {target}"):
        trained(y=y, client=client, loss=loss)


def test_a_divergence_is_found_in_its_shard(client: Client) -> None:
    y = np.where(np.arange(60) == 30, 1e200, MOONS.y)
    with pytest.warns(DivergenceWarning, match="in shard 3, row 6 of the batch"):
        trained(y=y, client=client, loss="mean_squared_error", epochs=1)


def test_a_step_too_far_is_not_taken(client: Client) -> None:
    model = MLP(2, [1], rng=0)
    before = model.state_dict()
    optimizer = optim.SGD(model.parameters(), lr=1e308)
    with pytest.warns(DivergenceWarning, match="became"):
        fit(model, 100 * MOONS.X, MOONS.y, loss="mean_squared_error", optimizer=optimizer, epochs=1, client=client,
            progress=False)  # fmt: skip
    assert model.state_dict() == before
    assert optimizer.steps == 0


@pytest.mark.filterwarnings("ignore:training node by node")
def test_what_cannot_be_sent_is_refused(client: Client) -> None:
    for what in ({"film": True}, {"sample_weight": np.ones(60)}):
        with pytest.raises(ValueError, match="train without film=True and without sample_weight"):
            trained(client=client, **what)
    dropping = Sequential(Layer(2, 2, rng=0), Dropout(0.5), Layer(2, 1, rng=0))
    with pytest.raises(RecordError, match="train a model without Dropout"):
        fit(dropping, MOONS.X, MOONS.y, loss="binary_cross_entropy", client=client, progress=False)
    with pytest.raises(ValueError, match=r"in shard 0, X\[2, 1\] is nan"):
        trained(np.where(np.arange(120).reshape(60, 2) == 5, np.nan, MOONS.X), client=client)
    with pytest.raises(ValueError, match="at least one; got 0 rows"):
        trained(da.zeros((0, 2)), da.zeros(0), client=client)

    with pytest.raises(TypeError, match=r"expected a distributed.Client, which Client\(address\) makes; got 'tcp:"):
        trained(client="tcp://127.0.0.1:8786")

    def looks(prediction: Value, target: Any) -> Value:
        return prediction if prediction > 0 else target * prediction

    with pytest.raises(RecordError, match="only a loss that can be recorded"):
        trained(client=client, loss=looks)


def test_sums_of_many_shards_are_a_tree(client: Client) -> None:
    numbers = np.random.default_rng(0).normal(size=20) * 10.0 ** np.arange(20)
    shards = Shards(client, [da.from_array(numbers, chunks=1)], load=np.cbrt)
    eights = [np.sum(np.cbrt(numbers[i : i + 8, None]), axis=0) for i in (0, 8, 16)]
    assert shards.added(np.positive, name="numbers") == np.sum(eights, axis=0)


def test_what_is_raised_on_a_worker_is_raised_here(client: Client) -> None:
    shards = Shards(client, [np.arange(4.0)], load=np.asarray)
    with pytest.raises(TypeError, match="shorten"):
        shards.each(lambda _: int.from_bytes(1, shorten=True), name="wrong")
