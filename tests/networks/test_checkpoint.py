"""Model files: what comes back, what is refused, and that no interruption breaks one."""

import json
import pickle
import signal
import struct
import subprocess
import sys
import time
import tracemalloc
from contextlib import suppress
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from safetensors.numpy import save as to_bytes

from autograd import Value
from nn import MLP, Layer, Module, load, optim, save
from nn.checkpoint import FORMAT


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "model.safetensors"


def written(file: Path, **changes: Any) -> Path:
    """A model file made by hand: `about` is the metadata, with `changes`."""
    about = {
        "parameters": ["layers.0.neurons.0.weights.0", "layers.0.neurons.0.bias"],
        "notes": {},
        "mlp": {"n_in": 1, "n_out": [1], "activation": "relu"},
    }
    arrays = changes.pop("arrays", {"parameters": np.array([2.0, 3.0])})
    metadata = {"format": FORMAT, "about": json.dumps(about | changes)} | changes.pop("metadata", {})
    file.write_bytes(to_bytes(arrays, metadata))
    return file


def test_a_model_comes_back_with_its_notes(file: Path) -> None:
    model = MLP(2, [3, 2], activation="softplus", rng=0)
    save(file, model, notes={"classes": ["a", "b"], "π": [1.5, None]})
    loaded = load(file)
    assert repr(loaded.model) == repr(model)
    assert loaded.model.state_dict() == model.state_dict()
    assert loaded.notes == {"classes": ["a", "b"], "π": [1.5, None]}
    assert loaded.optimizer_state == {}


def test_a_model_can_be_loaded_into_another(file: Path) -> None:
    save(str(file), MLP(2, [3, 1], rng=0))
    model = MLP(2, [3, 1], rng=1)
    assert load(str(file), into=model).model is model
    assert model.state_dict() == MLP(2, [3, 1], rng=0).state_dict()


class Line(Module):
    def __init__(self) -> None:
        self.slope = Value(1.0)


class Doubled(MLP):
    """Has the parameters of an MLP and computes something else."""


@pytest.mark.parametrize("model", [Line(), Doubled(1, [1])])
def test_a_model_of_ones_own_is_loaded_into_one_of_its_kind(file: Path, model: Module) -> None:
    save(file, model)
    with pytest.raises(ValueError, match=r"a model of your own is loaded with load\(path, into=model\)"):
        load(file)
    assert load(file, into=model).model is model


@pytest.mark.parametrize("make", [optim.SGD, optim.Adam, optim.AdamW])
def test_training_goes_on_exactly_from_a_file(file: Path, make: Any) -> None:
    def steps(model: MLP, optimizer: optim.Optimizer, n: int) -> dict[str, float]:
        for _ in range(n):
            optimizer.zero_grad()
            model([0.5, -1.0]).backward()
            optimizer.step()
        return model.state_dict()

    model = MLP(2, [3, 1], rng=0)
    optimizer = make(model.parameters(), lr=0.1)
    steps(model, optimizer, 3)
    save(file, model, optimizer)
    expected = steps(model, optimizer, 3)
    loaded = load(file)
    again = make(loaded.model.parameters())
    again.load_state_dict(loaded.optimizer_state)
    assert steps(loaded.model, again, 3) == expected  # type: ignore[arg-type]


def test_a_file_cut_at_any_length_is_refused(file: Path) -> None:
    model = MLP(2, [3, 1], rng=0)
    save(file, model, optim.Adam(model.parameters()), {"classes": ["a"]})
    whole, before = file.read_bytes(), model.state_dict()
    for length in [*range(24), *range(24, len(whole), 17), len(whole) - 1]:
        file.write_bytes(whole[:length])
        with pytest.raises(ValueError, match=r"model\.safetensors is not a model file, or is broken"):
            load(file, into=model)
    assert model.state_dict() == before


def test_a_file_with_any_byte_changed_is_loaded_or_refused_clearly(file: Path) -> None:
    save(file, MLP(1, [2, 1], rng=0))
    whole = file.read_bytes()
    for i in range(len(whole)):
        file.write_bytes(whole[:i] + bytes([whole[i] ^ 1]) + whole[i + 1 :])
        with suppress(ValueError):
            load(file)


def test_a_model_that_is_no_mlp_is_asked_for(file: Path) -> None:
    save(file, Layer(2, 1))
    with pytest.raises(ValueError, match=r"it is of no MLP; a model of your own is loaded with load"):
        load(file)


def test_a_file_of_another_shape_is_refused_and_leaves_the_model_as_it_was(file: Path) -> None:
    save(file, MLP(2, [3, 1], rng=0))
    model = MLP(2, [4, 1], rng=1)
    before = model.state_dict()
    with pytest.raises(ValueError, match=r"does not fit the model: the state lacks 4 parameters, such as 'layers"):
        load(file, into=model)
    assert model.state_dict() == before


@pytest.mark.parametrize("dtype", ["F32", "BF16"])
def test_a_foreign_file_of_the_same_format_is_refused(file: Path, dtype: str) -> None:
    size = {"F32": 4, "BF16": 2}[dtype]
    header = json.dumps({"w": {"dtype": dtype, "shape": [1], "data_offsets": [0, size]}}).encode()
    file.write_bytes(struct.pack("<Q", len(header)) + header + bytes(size))
    with pytest.raises(ValueError, match=f"was not written by this library: its format is None, not '{FORMAT}'"):
        load(file)


class Trap:
    def __reduce__(self) -> tuple[Any, ...]:
        return pytest.fail, ("the file's code ran",)


@pytest.mark.parametrize(
    "content",
    [pickle.dumps(Trap()), b"", b"PK\x03\x04 a zip file", b"a,b\n1,2\n", bytes(1000), b"\xff" * 1000],
    ids=["pickle", "empty", "zip", "csv", "zeros", "ones"],
)
def test_files_of_other_kinds_are_refused_and_run_no_code(file: Path, content: bytes) -> None:
    file.write_bytes(content)
    with pytest.raises(ValueError, match="is not a model file, or is broken"):
        load(file)


def test_a_missing_file_and_a_folder_are_errors_of_the_system(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match="none"):
        load(tmp_path / "none")
    with pytest.raises(IsADirectoryError):
        load(tmp_path)


@pytest.mark.parametrize(
    "changes",
    [
        {"mlp": {"n_in": 10**9, "n_out": [10**9], "activation": "relu"}},
        {"mlp": {"n_in": 10**400, "n_out": [1], "activation": "relu"}},
        {"mlp": {"n_in": -1, "n_out": [10**9], "activation": "relu"}, "parameters": []},
        {"mlp": {"n_in": 0, "n_out": [10**6, 1, -333_334], "activation": "relu"}},
        {"mlp": {"n_in": 1, "n_out": [1], "activation": "__class__"}},
        {"mlp": {"n_in": 1, "n_out": [1], "activation": "relu", "rng": 1}},
        {"mlp": {"n_in": "1", "n_out": "1", "activation": "relu"}},
        {"mlp": None},
        {"parameters": ["layers.0.neurons.0.weights.0"]},
        {"parameters": ["a", "b"]},
        {"parameters": [["a"], ["b"]]},
        {"notes": 5},
        {"arrays": {}},
        {"arrays": {"parameters": np.zeros((2, 2))}},
        {"arrays": {"parameters": np.zeros(2), "optimizer.lr": np.zeros(2)}},
        {"metadata": {"about": "{"}},
        {"metadata": {"about": "[" * 100_000}},
    ],
    ids=str,
)
def test_a_file_that_contradicts_itself_is_refused_before_anything_large_is_made(
    file: Path, changes: dict[str, Any]
) -> None:
    written(file, **changes)
    tracemalloc.start()
    with pytest.raises(ValueError, match=r"model\.safetensors does not fit the model"):
        load(file)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 5_000_000


def test_a_huge_shape_in_the_header_is_refused(file: Path) -> None:
    header = json.dumps({"parameters": {"dtype": "F64", "shape": [2**40], "data_offsets": [0, 2**43]}}).encode()
    file.write_bytes(struct.pack("<Q", len(header)) + header)
    with pytest.raises(ValueError, match="is not a model file, or is broken"):
        load(file)


def test_a_file_made_by_hand_loads(file: Path) -> None:
    assert load(written(file)).model([1.0]).data == 5


def test_notes_that_json_cannot_hold_leave_the_old_file(file: Path) -> None:
    save(file, MLP(1, [1], rng=0))
    before = file.read_bytes()
    with pytest.raises(TypeError, match="not JSON serializable"):
        save(file, MLP(1, [1], rng=1), notes={"classes": np.array([1])})
    assert file.read_bytes() == before


def test_a_process_killed_while_saving_leaves_a_whole_file(file: Path) -> None:
    program = "import sys; from nn import MLP, save\nmodel = MLP(2, [8, 1])\nwhile True: save(sys.argv[1], model)"
    for wait in (0.0, 0.013, 0.029):
        process = subprocess.Popen([sys.executable, "-c", program, str(file)], stderr=subprocess.PIPE)
        started = time.monotonic()
        while not file.exists():
            assert process.poll() is None, process.stderr and process.stderr.read()
            assert time.monotonic() < started + 60
            time.sleep(0.001)
        first = file.stat().st_ino
        while file.stat().st_ino == first and time.monotonic() < started + 60:
            pass  # until it is saving over the file
        time.sleep(wait)
        process.send_signal(signal.SIGKILL)
        process.communicate()
        assert len(load(file).model.parameters()) == 33
        file.unlink()


def test_the_order_of_pytorch_does_the_same(tmp_path: Path) -> None:
    model = MLP(2, [3, 1], rng=0)
    save(model, tmp_path / "theirs")
    save(tmp_path / "ours", model)
    assert load(tmp_path / "theirs").model.state_dict() == load(tmp_path / "ours").model.state_dict()
    for wrong in ((model, model), ("path", "path"), ("path", None)):
        with pytest.raises(TypeError, match="save takes a path and a model, got "):
            save(*wrong)  # type: ignore[arg-type]
