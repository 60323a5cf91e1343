"""A training that was killed goes on from its file, and ends as if nothing had happened, to the last bit."""

import csv
import json
import subprocess
import sys
import time
from pathlib import Path
from random import Random

import pytest
from nets import MOONS, small_net, train

from nn import MLP, Dropout, History, Sequential, load, optim, save, schedules
from nn.training import log_to_csv, resuming

VALIDATION = (MOONS.X[:10], MOONS.y[:10])
KINDS = {
    "plain": {},
    "scheduled": {"schedule": schedules.cosine(60)},
    "watched": {"validation": VALIDATION, "patience": 30},
    "weighed": {"sample_weight": [1.0, 2.0] * 20, "clip_norm": 0.5, "l2": 0.01},
    "groups": {},
    "dropping": {},
}


def run(kind: str, epochs: int, **settings) -> tuple[list[float], History]:
    """The parameters and the history after so many epochs."""
    model = small_net()
    if kind == "dropping":
        model = Sequential(model.layers[0], Dropout(0.3), model.layers[1])
    groups = [{"params": layer.parameters()} for layer in (model.layers[0], model.layers[-1])]
    optimizer = optim.Adam(groups if kind == "groups" else model.parameters(), lr=0.05)
    history = train(model, optimizer=optimizer, epochs=epochs, batch_size=8, **KINDS[kind], **settings)
    return [p.data for p in model.parameters()], history


@pytest.mark.parametrize("kind", KINDS)
def test_a_run_in_parts_is_the_run_at_once(kind: str, tmp_path: Path) -> None:
    path = tmp_path / "run.safetensors"
    for epochs in (2, 5, 9):
        in_parts = run(kind, epochs, checkpoint=path)
    assert in_parts == run(kind, 9)
    assert in_parts == run(kind, 9, checkpoint=path)  # nothing left to do
    assert [p.data for p in load(path, into=_like(kind)).model.parameters()] == in_parts[0] or kind == "watched"


def test_a_run_of_lbfgs_in_parts_is_the_run_at_once(tmp_path: Path) -> None:
    def once(epochs: int, **settings) -> tuple[History, dict[str, float]]:
        model = small_net()
        optimizer = optim.LBFGS(model.parameters(), max_iter=3)
        return train(model, optimizer=optimizer, epochs=epochs, batch_size=40, **settings), model.state_dict()

    for epochs in (2, 4):
        in_parts = once(epochs, checkpoint=tmp_path / "run")
    assert in_parts == once(4)


def _like(kind: str):
    model = small_net(seed=3)
    return Sequential(model.layers[0], Dropout(0.3), model.layers[1]) if kind == "dropping" else model


def test_an_interrupted_run_goes_on_from_its_last_whole_epoch(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(resuming, "EVERY", 0.0)
    path = tmp_path / "run.safetensors"

    def interrupt(history: History) -> None:
        if len(history.loss) == 4:
            raise KeyboardInterrupt

    _, history = run("plain", 9, checkpoint=path, on_epoch=interrupt)
    assert history.stopped == "interrupted in epoch 5"
    assert run("plain", 9, checkpoint=path) == run("plain", 9)


def test_a_run_that_stopped_early_stays_stopped(tmp_path: Path) -> None:
    path = tmp_path / "run.safetensors"
    settings = {"validation": (MOONS.X, 1 - MOONS.y), "patience": 3, "checkpoint": path}

    def once() -> tuple[History, dict[str, float]]:
        model = small_net()
        return train(model, epochs=50, **settings), model.state_dict()

    ended = once()
    assert "no lower validation loss" in ended[0].stopped
    assert once() == ended


def test_short_epochs_are_not_all_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    written: list[float] = []
    save = resuming.checkpoint.save
    monkeypatch.setattr(resuming.checkpoint, "save", lambda *a, **k: (written.append(time.monotonic()), save(*a, **k)))
    train(small_net(), epochs=20, checkpoint=tmp_path / "run.safetensors")
    assert 1 <= len(written) < 20
    assert (tmp_path / "run.safetensors").exists()


OTHERS = {
    "batch_size=32, not 16": {"batch_size": 16},
    "rows=40, not 30": {"X": MOONS.X[:30], "y": MOONS.y[:30]},
    "loss=binary_cross_entropy, not mean_squared_error": {"loss": "mean_squared_error"},
    "l2=0.0, not 0.1, clip_norm=None, not 2.0": {"l2": 0.1, "clip_norm": 2.0},
    "its rows or targets have other numbers": {"X": MOONS.X[::-1], "y": MOONS.y[::-1]},
    "its rows or targets have other numbers;": {"validation": VALIDATION},
}


@pytest.mark.parametrize("words", OTHERS)
def test_the_file_of_another_run_is_refused_and_nothing_changes(words: str, tmp_path: Path) -> None:
    path = tmp_path / "run.safetensors"
    train(small_net(), checkpoint=path)
    written = path.read_bytes()
    model = small_net(1)
    before = model.state_dict()
    with pytest.raises(ValueError, match=f"is of another run: {words}"):
        train(model, checkpoint=path, **OTHERS[words])
    assert model.state_dict() == before
    assert path.read_bytes() == written


def test_a_run_goes_on_with_its_own_optimiser_and_rate_or_not_at_all(tmp_path: Path) -> None:
    path, model = tmp_path / "run.safetensors", small_net()
    slow = optim.Adam(model.parameters(), lr=0.25)
    train(model, checkpoint=path, optimizer=slow, on_epoch=lambda _: setattr(slow, "lr", slow.lr / 2))
    before, fast = model.state_dict(), optim.Adam(model.parameters(), lr=0.5)
    with pytest.raises(ValueError, match=r"is of another run: learning rate 0\.25, not 0\.5;"):
        train(model, checkpoint=path, optimizer=fast)
    assert (model.state_dict(), fast.lr, fast.steps) == (before, 0.5, 0)
    for kind in (optim.AdamW, optim.SGD):  # the first of which remembers the same
        with pytest.raises(ValueError, match=f"optimizer=Adam, not {kind.__name__}"):
            train(model, checkpoint=path, optimizer=kind(model.parameters(), lr=0.25))
    for lr in (0.25, slow.lr):  # in a new process, or with the optimiser that was used
        assert (
            train(model, checkpoint=path, optimizer=optim.Adam(model.parameters(), lr=lr)).learning_rate[-1] == 1 / 64
        )
    relu = MLP(2, [4, 1], activation="relu", rng=0)
    with pytest.raises(ValueError, match="does not fit the model: its activation is 'tanh', not 'relu'"):
        train(relu, checkpoint=path)


def test_a_log_has_each_epoch_once_though_more_were_logged_than_kept(tmp_path: Path) -> None:
    path, log = tmp_path / "run.safetensors", tmp_path / "log.csv"
    run("watched", 3, checkpoint=path)
    run("watched", 6, on_epoch=log_to_csv(log))  # killed before it kept its last epochs
    _, history = run("watched", 5, checkpoint=path, on_epoch=log_to_csv(log))
    rows = list(csv.DictReader(log.read_text().splitlines()))
    assert [int(row["epoch"]) for row in rows] == [1, 2, 3, 4, 5]
    assert [float(row["validation_loss"]) for row in rows] == history.validation_loss


def test_a_folder_that_isnt_there_is_told_before_the_training(tmp_path: Path) -> None:
    seen: list[History] = []
    with pytest.raises(OSError, match="none"):
        train(small_net(), checkpoint=tmp_path / "none" / "run.safetensors", on_epoch=seen.append)
    assert not seen


def test_the_file_of_a_model_alone_is_refused(tmp_path: Path) -> None:
    save(tmp_path / "model.safetensors", small_net())
    with pytest.raises(ValueError, match="is of another run: a model alone"):
        train(small_net(), checkpoint=tmp_path / "model.safetensors")


SCRIPT = """
import sys, json
sys.path[:0] = json.loads(sys.argv[2])
import nets
from nn.training import resuming
resuming.EVERY = 0.0
from pathlib import Path
model = nets.small_net()
nets.train(model, epochs=400, batch_size=4, checkpoint=sys.argv[1], on_epoch=lambda _: print("epoch", flush=True))
Path(sys.argv[1] + ".end").write_text(json.dumps(model.state_dict()))
"""


def test_a_killed_process_is_gone_on_from(tmp_path: Path) -> None:
    command = [sys.executable, "-c", SCRIPT, str(tmp_path / "run"), json.dumps(sys.path)]
    for kill_after in sorted(Random(0).choices(range(20, 60), k=2)):
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
            for _ in range(kill_after):
                process.stdout.readline()
            process.kill()
    subprocess.run(command, check=True, capture_output=True)
    model = small_net()
    train(model, epochs=400, batch_size=4)
    assert json.loads((tmp_path / "run.end").read_text()) == model.state_dict()
    assert {file.name for file in tmp_path.iterdir()} == {"run", "run.end"}
