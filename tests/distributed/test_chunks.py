"""A recording computes over Dask arrays what it does over the same rows in memory, and fetches none of them."""

import sys
from pathlib import Path
from typing import Any

import dask
import dask.array as da
import numpy as np
import pytest
from dask import delayed

from autograd import Recording, Value, exp, record
from autograd.distributed import added, aligned, from_memory_map
from nn.optim import Adam

pytestmark = pytest.mark.usefixtures("either_replay")
ROWS = 50


@pytest.fixture
def error() -> Recording:
    w, v, b = Value(0.5, label="w"), Value(-0.25, label="v"), Value(1.0, label="b")
    return record(lambda x, y: (exp(w * x[0]) + v * x[1] + b - y) ** 2, [0.0, 0.0], 0.0)


@pytest.fixture
def batch(numbers: np.random.Generator) -> tuple[Any, Any]:
    return numbers.normal(size=(ROWS, 2)), numbers.normal(size=ROWS)


def in_chunks(batch: tuple[Any, Any], rows: int = 7) -> tuple[Any, Any]:
    """Dask arrays whose chunks are not the same, and cut rows in pieces."""
    return da.from_array(batch[0], chunks=(rows, 1)), da.from_array(batch[1], chunks=rows + 3)


def test_outputs_are_a_dask_array_of_the_same_numbers(error: Recording, batch: Any) -> None:
    outputs = error(*in_chunks(batch))
    assert isinstance(outputs, da.Array)
    assert outputs.chunks == ((7,) * 7 + (1,),)
    np.testing.assert_allclose(outputs.compute(), error(*batch), rtol=1e-14)


def test_several_outputs_and_arguments_in_tuples_and_dicts(batch: Any) -> None:
    both = record(lambda row: [row["x"][0] * row["y"], row["x"][1]], {"x": [0.0, 0.0], "y": 0.0})
    x, y = in_chunks(batch)
    outputs = both({"x": x, "y": y})
    np.testing.assert_array_equal(outputs.compute(), both({"x": batch[0], "y": batch[1]}))


def test_mean_and_gradient_are_those_of_all_rows(error: Recording, batch: Any) -> None:
    mean, gradient = error.value_and_grad(*in_chunks(batch))
    expected, expected_gradient = error.value_and_grad(*batch)
    assert mean == pytest.approx(expected, rel=1e-14)
    np.testing.assert_allclose(gradient, expected_gradient, rtol=1e-13)
    assert error.backward(*in_chunks(batch)) == mean
    assert [p.grad for p in error.parameters] == gradient.tolist()


@pytest.mark.parametrize("reduction", ["mean", "sum"])
@pytest.mark.parametrize("elsewhere", [True, False])
def test_rows_have_weights(error: Recording, batch: Any, reduction: Any, elsewhere: bool) -> None:
    weights = np.arange(float(ROWS))
    given = da.from_array(weights, chunks=9) if elsewhere else weights
    mean, gradient = error.value_and_grad(*in_chunks(batch), weights=given, reduction=reduction)
    expected, expected_gradient = error.value_and_grad(*batch, weights=weights, reduction=reduction)
    assert mean == pytest.approx(expected, rel=1e-13)
    np.testing.assert_allclose(gradient, expected_gradient, rtol=1e-12)
    with pytest.raises(ValueError, match="expected arrays with the same number of rows, got 50 and"):
        error.backward(*in_chunks(batch), weights=[1.0])


def test_the_same_bits_however_the_chunks_are_run(error: Recording, batch: Any) -> None:
    chunks = in_chunks(batch, rows=1)
    found = []
    for how in ({"scheduler": "synchronous"}, {"scheduler": "threads", "num_workers": 7}):
        with dask.config.set(how):
            mean, gradient = error.value_and_grad(*chunks)
            found.append((mean, gradient.tolist()))
    assert found[0] == found[1]


def test_leaves_are_read_anew_at_every_call(batch: Any) -> None:
    w, shift = Value(2.0), Value(1.0, requires_grad=False)
    scaled = record(lambda x: w * x + shift, 0.0)
    y = in_chunks(batch)[1]
    before = scaled(y).compute()
    w.data, shift.data = 4.0, 3.0
    np.testing.assert_allclose(scaled(y).compute(), 2 * before + 1, rtol=1e-13)
    shift.requires_grad = True
    with pytest.raises(Exception, match="is a variable now: record it again"):
        scaled.value_and_grad(y)


def test_derivatives_by_inputs_have_the_shapes_of_the_arguments(error: Recording, batch: Any) -> None:
    by_x, by_y = error.input_gradients(*in_chunks(batch))
    for found, expected in zip((by_x, by_y), error.input_gradients(*batch), strict=True):
        assert isinstance(found, da.Array)
        np.testing.assert_allclose(found.compute(), expected, rtol=1e-13)
    cube = record(lambda x: x[0][0] * x[0][1] * x[1][0], np.zeros((2, 2)))
    x = np.arange(12.0).reshape(3, 2, 2)
    (found,) = cube.input_gradients(da.from_array(x, chunks=(2, 1, 1)))
    np.testing.assert_array_equal(found.compute(), cube.input_gradients(x)[0])


def test_a_new_structure_is_recorded_without_fetching_a_row() -> None:
    def fetched(_: Any) -> Any:
        raise AssertionError("a row was fetched")

    total = record(lambda v: sum(v[1:], start=v[0]), [0.0, 0.0])
    outputs = total(da.ones((4, 3), chunks=(2, 3)).map_blocks(fetched, dtype=float, meta=np.empty((0, 0))))
    assert outputs.shape == (4,)
    assert total(da.ones((4, 5), chunks=2)).compute().tolist() == [5.0] * 4
    assert len(total.replays) == 3


def test_gradients_of_structures_with_other_parameters() -> None:
    a, b = Value(1.0), Value(2.0)
    sums = record(lambda v: v[0] * (a if len(v) == 1 else b), [0.0])
    assert sums.value_and_grad(da.ones((3, 1)))[1].tolist() == [1.0]
    assert sums.value_and_grad(da.ones((3, 2)))[1].tolist() == [0.0, 1.0]


def test_a_step_of_an_optimiser(batch: Any) -> None:
    found = []
    for make in (lambda: batch, lambda: in_chunks(batch)):
        w = Value(0.5)
        loss = record(lambda x, y, w=w: (w * x[0] + w * x[1] - y) ** 2, [0.0, 0.0], 0.0)
        optimizer = Adam([w], lr=0.1)
        for _ in range(3):
            optimizer.minimize(loss, *make())
        found.append(w.data)
    assert found[0] == pytest.approx(found[1], rel=1e-12)


def test_chunks_without_rows_change_nothing() -> None:
    squared = record(lambda x: Value(2.0) * x * x, 0.0)
    x = da.concatenate([da.ones(3), da.ones(0), da.ones(2)])
    assert squared.value_and_grad(x) == (2.0, [1.0])
    assert squared(x).compute().tolist() == [2.0] * 5
    assert squared.input_gradients(x)[0].compute().tolist() == [4.0] * 5
    with pytest.raises(ValueError, match="the batch has no rows"):
        squared.value_and_grad(da.ones(0))


@pytest.mark.filterwarnings("ignore:invalid value:RuntimeWarning")
def test_a_number_that_is_not_finite_is_found_in_its_chunk() -> None:
    w = Value(1.0, label="w")
    logarithm = record(lambda x: w * x.log(), 1.0)
    x = da.concatenate([da.ones(4, chunks=2), da.from_array(np.array([1.0, 0.0]))])
    with pytest.warns(RuntimeWarning, match=r"in chunk 2, row 1 of the batch is not finite: log\(0\) gave -inf"):
        mean, _ = logarithm.value_and_grad(x)
    assert mean == -np.inf
    assert str(logarithm.first_nonfinite(x)) == "log(0) gave -inf"
    assert logarithm.why_not_finite(x[:4]) == ""
    assert str(logarithm.graph(x, row=5).data) == "-inf"


def test_it_says_how_large_it_is(error: Recording, batch: Any) -> None:
    assert "on chunks where they lie" in error.prepared(in_chunks(batch))[0].summary


def test_what_cannot_be_in_chunks_is_refused(error: Recording, batch: Any) -> None:
    x, y = in_chunks(batch)
    with pytest.raises(ValueError, match="the same number of rows, got 50 and 49"):
        error(x, y[:-1])
    with pytest.raises(ValueError, match=r"the same number of rows, got 50 and \(49,\)"):
        error(x, batch[1][:-1])
    with pytest.raises(TypeError, match=r"dask\.array\.from_delayed makes an array of what is delayed"):
        error(x, delayed(batch[1]))
    with pytest.raises(ValueError, match="the function returns several Values"):
        record(lambda x: [x, x], 0.0).value_and_grad(y)


def test_sums_are_a_tree_of_chunks() -> None:
    """Eight neighbours first: the sums of chunks differ in the last bits if added in another order."""
    numbers = np.random.default_rng(0).normal(size=64) * 10.0 ** np.random.default_rng(1).integers(-8, 8, size=64)
    (array,) = aligned([da.from_array(numbers, chunks=1)])
    expected = np.sum(np.sum(numbers.reshape(8, 8)[:, :, None], axis=1), axis=0)
    assert added(lambda block: block, (), [array], 1) == expected


def test_without_dask_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setitem(sys.modules, "dask.array", None)
    with pytest.raises(ModuleNotFoundError, match=r'pip install "stepgrad\[dask\]"'):
        from_memory_map(np.memmap(tmp_path / "x", np.float64, "w+", shape=(2,)))


class TestSources:
    """Numbers that lie in files."""

    def test_a_memory_map(self, error: Recording, batch: Any, tmp_path: Path) -> None:
        x = np.memmap(tmp_path / "x", np.float64, "w+", shape=(ROWS, 2), offset=16)
        x[:] = batch[0]
        for array in (from_memory_map(x, chunks=(9, 2)), x):
            np.testing.assert_allclose(error(array, in_chunks(batch)[1]).compute(), error(*batch), rtol=1e-14)
        computed = error(x + 1, in_chunks(batch)[1]).compute()
        np.testing.assert_allclose(computed, error(batch[0] + 1, batch[1]), rtol=1e-14)
        with pytest.raises(ValueError, match="this one is a part of another"):
            from_memory_map(x[3:])
        with pytest.raises(ValueError, match="changes of a map with mode 'c' never reach the file"):
            from_memory_map(np.memmap(tmp_path / "x", np.float64, "c", shape=(ROWS, 2)))
        for no_map in (batch[0], str(tmp_path / "x"), x.astype(np.float32)):
            with pytest.raises(TypeError, match="expected a memory map, such as"):
                from_memory_map(no_map)
        columns = np.memmap(tmp_path / "x", np.float64, "r", 16, (2, ROWS), "F")
        np.testing.assert_array_equal(from_memory_map(columns, chunks=20).compute(), columns)

    def test_zarr(self, error: Recording, batch: Any, tmp_path: Path) -> None:
        pytest.importorskip("zarr")
        in_chunks(batch)[0].rechunk((8, 2)).to_zarr(str(tmp_path / "x"))
        stored = da.from_zarr(str(tmp_path / "x"))
        np.testing.assert_allclose(error(stored, batch[1]).compute(), error(*batch), rtol=1e-14)

    def test_parquet_whose_partitions_have_unknown_lengths(self, error: Recording, batch: Any, tmp_path: Path) -> None:
        frames = pytest.importorskip("dask.dataframe")
        pandas = pytest.importorskip("pandas")
        table = pandas.DataFrame(np.c_[batch[0], batch[1]], columns=["a", "b", "y"])
        for first in range(0, ROWS, 20):
            table[first : first + 20].to_parquet(tmp_path / f"{first:02}.parquet")
        read = frames.read_parquet(tmp_path)
        table = read.to_dask_array()
        rows, targets = table[:, :2], table[:, 2]
        assert error.value_and_grad(rows, targets)[0] == pytest.approx(error.value_and_grad(*batch)[0], rel=1e-13)
        np.testing.assert_allclose(error(rows, targets).compute(), error(*batch), rtol=1e-14)
        assert record(lambda row: row[0] * row[1], [0.0, 0.0])(read[["a", "b"]]).compute().shape == (ROWS,)
        by_rows, by_targets = error.input_gradients(rows, targets)
        np.testing.assert_allclose(by_targets.compute(), error.input_gradients(*batch)[1], rtol=1e-13)
        assert by_rows.compute().shape == (ROWS, 2)
        with pytest.raises(ValueError, match="take all from one array"):
            error(rows, da.ones(ROWS, chunks=40))
