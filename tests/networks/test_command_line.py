"""The command line as a process: what it prints and writes, its exit codes, and one line for every mistake."""

import errno
import json
import os
import pty
import runpy
import signal
import subprocess
import sys
import tempfile
import termios
import threading
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from nn import MLP, checkpoint, command_line, load, optim, save

ROOT = Path(command_line.__file__).parents[2]
IRIS = ROOT / "nn" / "data" / "iris.csv"
ENVIRONMENT = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONWARNINGS": "error"}


def run(
    *arguments: str | Path, folder: Path, program: Sequence[str] = ("-m", "nn")
) -> "subprocess.CompletedProcess[str]":
    command = [sys.executable, *program, *map(str, arguments)]
    return subprocess.run(
        command, cwd=folder, env=ENVIRONMENT, capture_output=True, text=True, timeout=100, check=False
    )


def main(*arguments: str | Path) -> int:
    """The same in this process, which is faster."""
    return command_line.main(list(map(str, arguments)))


@pytest.fixture(autouse=True)
def in_a_folder_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder where iris was trained on, and the output of that."""
    folder = tmp_path_factory.mktemp("trained")
    done = run("train", "iris", "--epochs", "8", "--out", "results", folder=folder)
    assert (done.returncode, done.stderr) == (0, "")
    (folder / "printed").write_text(done.stdout)
    return folder


# Training


def test_training_prints_the_accuracies_beside_the_baseline_and_writes_its_files(trained: Path) -> None:
    printed = (trained / "printed").read_text().splitlines()
    assert printed[:2] == [
        "iris: 150 rows, 4 inputs, 3 classes",
        "96 rows to train on, 24 to choose when to stop, 30 held out",
    ]
    assert printed[2] == "MLP(4, [16, 16, 3], activation='tanh'): 403 parameters, 8 epochs"
    for line, name in zip(printed[3:5], ("train", "test "), strict=True):
        assert line.startswith(f"{name} accuracy")
        assert line.endswith("where always predicting the largest class gives 33.3%")
    plots = [f"{name}.png" for name in ("loss", "confusion", "calibration", "importance")]
    files = ["history.json", "model.safetensors", *plots, "run.html", "neuron.svg"]
    assert printed[5] == f"wrote {', '.join(files)} into results"
    assert printed[6].startswith("look at results/confusion.png first")
    assert printed[7] == "open results/run.html in a browser to watch how it learned"
    assert sorted(file.name for file in (trained / "results").iterdir()) == sorted(files)
    assert len(json.loads((trained / "results" / "history.json").read_text())["loss"]) == 8
    for name in plots:
        assert (trained / "results" / name).read_bytes().startswith(b"\x89PNG")
    assert "sepal_length" in (trained / "results" / "neuron.svg").read_text()


def test_predictions_are_the_classes_as_csv(trained: Path) -> None:
    done = run("predict", trained / "results" / "model.safetensors", IRIS, folder=trained)
    target, *predicted = done.stdout.splitlines()
    assert (done.returncode, done.stderr, target) == (0, "", "species")
    truth = [line.rpartition(",")[2] for line in IRIS.read_text().splitlines()[1:]]
    assert np.mean([p == t for p, t in zip(predicted, truth, strict=True)]) > 0.9


def test_two_inputs_get_a_picture_of_their_boundary() -> None:
    Path("out").mkdir()
    Path("out/notes.txt").write_text("mine")
    assert (
        main("train", "moons", "--epochs", "2", "--hidden", "3", "--activation", "relu", "--schedule", "constant") == 0
    )
    assert Path("out/boundary.png").read_bytes().startswith(b"\x89PNG")


def test_only_what_was_written_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    Path("mine.txt").write_text("")
    assert main("train", "xor", "--epochs", "1", "--hidden", "2", "--out", ".") == 0
    assert "mine.txt" not in capsys.readouterr().out


def test_a_regression_is_learned_and_predicted_in_its_own_units(capsys: pytest.CaptureFixture[str]) -> None:
    rows = [(i, 100 + 0.5 * i) for i in range(40)]
    Path("line.csv").write_text("a,b\n" + "".join(f"{a},{b}\n" for a, b in rows) + "40,?\n")
    assert main("train", "line.csv", "--target", "b", "--hidden", "--lr", "0.1", "--optimizer", "sgd") == 0
    printed = capsys.readouterr().out
    assert "line.csv: 40 rows, 1 input, regression\n  left out 1 row, whose target 'b' is missing" in printed
    assert "test  error (rms)" in printed
    assert "where always predicting the mean gives" in printed
    assert main("predict", "out/model.safetensors", "line.csv") == 0
    target, *predicted = capsys.readouterr().out.splitlines()
    assert target == "b"
    assert [float(b) for b in predicted] == pytest.approx([*(b for _, b in rows), 120], abs=0.5)


def test_many_inputs_get_no_drawing() -> None:
    Path("wide.csv").write_text(
        ",".join(f"x{i}" for i in range(13)) + ",y\n" + ("1," * 13 + "0\n" + "2," * 13 + "1\n") * 5
    )
    assert main("train", "wide.csv", "--target", "y", "--epochs", "1") == 0
    assert not Path("out/neuron.svg").exists()


def test_the_same_seed_gives_the_same_model() -> None:
    for folder, seed in (("a", "1"), ("b", "1"), ("c", "2")):
        assert main("train", "blobs", "--epochs", "1", "--hidden", "2", "--seed", seed, "--out", folder) == 0
    contents = [load(f"{folder}/model.safetensors").model.state_dict() for folder in "abc"]
    assert contents[0] == contents[1] != contents[2]


def test_without_matplotlib_the_plots_are_left_out(tmp_path: Path) -> None:
    program = (
        "import sys; sys.modules['matplotlib'] = None; from nn.command_line import main; sys.exit(main(sys.argv[1:]))"
    )
    done = run("train", "moons", "--epochs", "1", "--hidden", "2", folder=tmp_path, program=("-c", program))
    assert (done.returncode, done.stderr) == (0, "")
    assert 'left out the plots: they need matplotlib, which pip install "stepgrad[plot]" brings' in done.stdout
    files = ["history.json", "model.safetensors", "neuron.svg", "run.html"]
    assert sorted(file.name for file in Path("out").iterdir()) == files


def test_without_matplotlib_in_this_process_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "matplotlib.figure", None)
    assert main("train", "moons", "--epochs", "1", "--hidden", "2") == 0
    assert not Path("out/loss.png").exists()


def test_without_pandas_there_is_what_comes_along(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for library in ("pandas", "pyarrow", "sklearn"):
        monkeypatch.setitem(sys.modules, library, None)
    assert main("train", "iris", "--epochs", "1") == 0
    assert main("train", IRIS, "--target", "species") == 1
    assert 'tables are read by pandas: pip install "stepgrad[tables]" brings it' in capsys.readouterr().err


def test_of_a_large_network_no_film_is_kept() -> None:
    assert main("train", "moons", "--epochs", "1", "--hidden", "100", "60") == 0
    assert not Path("out/run.html").exists()


# Mistakes


def test_help_tells_the_defaults_that_there_are(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main("train", "--help")
    told = capsys.readouterr().out
    assert "(default: 0.02)" in told
    assert not any(f"(default: {nothing})" in told for nothing in ("None", "False", "[]", "0"))


def test_help_tells_the_commands_and_examples(tmp_path: Path) -> None:
    done = run("--help", folder=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    for words in ("python -m nn", "train", "predict", "train iris", "--target Survived"):
        assert words in " ".join(done.stdout.split())
    help_of_train = run("train", "--help", folder=tmp_path).stdout
    assert "(default: adam)" in " ".join(help_of_train.split())


def test_the_package_runs_as_a_program(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(sys, "argv", ["nn", "predict", "none", "none.csv"])
    monkeypatch.delitem(sys.modules, "nn.__main__", raising=False)
    with pytest.raises(SystemExit) as exit_:
        runpy.run_module("nn", run_name="__main__")
    assert exit_.value.code == 1
    assert capsys.readouterr().err == "error: none: No such file or directory\n"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ("", "the following arguments are required: COMMAND"),
        ("learn iris", "invalid choice: 'learn'"),
        ("train", "the following arguments are required: DATA"),
        ("train iris --epochs 0", "argument --epochs: expected a whole number of at least 1, got '0'"),
        ("train iris --epochs 1.5", "expected a whole number of at least 1, got '1.5'"),
        ("train iris --lr -1", "argument --lr: expected a number above 0, got '-1'"),
        ("train iris --lr nan", "expected a number above 0, got 'nan'"),
        ("train iris --lr 1e999", "expected a number above 0, got '1e999'"),
        ("train iris --test 1", "argument --test: expected a number between 0 and 1, got '1'"),
        ("train iris --hidden 8 x", "argument --hidden: expected a whole number of at least 1, got 'x'"),
        ("train iris --batch-size 0", "argument --batch-size: expected a whole number"),
        ("train iris --optimizer sdg", "argument --optimizer: invalid choice: 'sdg'"),
        ("train iris --seed x", "argument --seed: expected a whole number of at least 0, got 'x'"),
        ("train iris --seed -1", "argument --seed: expected a whole number of at least 0, got '-1'"),
        ("predict model", "the following arguments are required: TABLE"),
    ],
)
def test_wrong_usage_exits_with_two(capsys: pytest.CaptureFixture[str], arguments: str, message: str) -> None:
    with pytest.raises(SystemExit) as exit_:
        main(*arguments.split())
    assert exit_.value.code == 2
    assert message in capsys.readouterr().err.splitlines()[-1]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (
            "train mons",
            "no data set is called 'mons': choose iris, digits, moons, circles, spirals, xor, blobs, or give",
        ),
        ("train none.csv", "none.csv: No such file or directory"),
        ("train none.csv --target y", "none.csv: No such file or directory"),
        ("train folder --target y", "folder: Is a directory"),
        ("train few.csv", "which column of few.csv is to be predicted? Say --target with one of a, species"),
        ("train few.csv --target specis", "few.csv has no column 'specis': did you mean 'species'?"),
        ("train few.csv --target species", "a share of 0.2 holds out none of the 4 rows"),
        ("train few.csv --target species --task regression", "column 'species' is text"),
        ("train iris --target species", "--target is for tables of your own; iris has a target, and numbers as inputs"),
        (
            "train moons --task regression",
            "--task is for tables of your own; moons has a target, and numbers as inputs",
        ),
        ("train iris --activation rellu", "unknown activation 'rellu'"),
        ("train iris --epochs 1 --out few.csv", "few.csv: File exists"),
        ("train iris --epochs 1 --out few.csv/out", "few.csv/out: Not a directory"),
        ("predict none few.csv", "none: No such file or directory"),
        ("predict few.csv few.csv", "few.csv is not a model file, or is broken"),
        ("predict plain.safetensors few.csv", "plain.safetensors doesn't tell its columns: predict needs a model"),
        ("predict trained none.csv", "none.csv: No such file or directory"),
        ("predict trained few.csv", "few.csv has no column 'sepal_length'"),
        ("predict cut few.csv", "cut is not a model file, or is broken"),
    ],
)
def test_a_mistake_exits_with_one_and_one_line(
    capsys: pytest.CaptureFixture[str], trained: Path, arguments: str, message: str
) -> None:
    whole = (trained / "results" / "model.safetensors").read_bytes()
    Path("folder").mkdir()
    Path("few.csv").write_text("a,species\n1,x\n2,y\n3,x\n4,y\n")
    Path("trained").write_bytes(whole)
    Path("cut").write_bytes(whole[: len(whole) // 2])
    save("plain.safetensors", MLP(1, [1]))
    assert main(*arguments.split()) == 1
    error = capsys.readouterr().err
    assert error.startswith(f"error: {message}")
    assert error.count("\n") == 1


def test_a_mistake_of_a_process_leaves_no_traceback(tmp_path: Path) -> None:
    done = run("train", "none.csv", folder=tmp_path)
    assert (done.returncode, done.stdout, done.stderr) == (1, "", "error: none.csv: No such file or directory\n")


def test_an_error_of_the_system_without_a_file_is_told(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError("the disk is gone")

    monkeypatch.setattr(checkpoint, "load", full)
    assert main("predict", "model", "table") == 1
    assert capsys.readouterr().err == "error: the disk is gone\n"


def test_a_folder_that_takes_no_file_is_told_before_the_training(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def full(**_: object) -> None:
        raise OSError(errno.EROFS, os.strerror(errno.EROFS), "results/a name of chance")

    monkeypatch.setattr(tempfile, "TemporaryFile", full)
    assert main("train", "iris", "--out", "results") == 1
    assert capsys.readouterr() == ("", "error: results: Read-only file system\n")


def test_a_learning_rate_that_diverges_exits_with_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    assert main("train", "moons", "--activation", "relu", "--optimizer", "sgd", "--lr", "1e9") == 1
    error = capsys.readouterr().err
    assert error.startswith("error: diverged in step ")
    assert "Try a learning rate ten times lower" in error
    assert error.count("\n") == 1
    assert [file.name for file in Path("out").iterdir()] == ["history.json"]
    assert "diverged" in json.loads(Path("out/history.json").read_text())["stopped"]


# Interruptions


def test_a_reader_that_goes_away_is_no_mistake() -> None:
    x = {"part": "Numbers", "column": "x", "kind": "number", "median": 0, "mean": 0, "scale": 1, "tells_missing": False}
    names = ["a" * 5000, "b" * 5000]  # so that they don't fit into the pipe
    save("wordy", MLP(1, [1]), notes={"columns": [x], "target": "y", "classes": names, "scale": None})
    Path("x.csv").write_text("x\n" + "1\n" * 100)
    command = [sys.executable, "-m", "nn", "predict", "wordy", "x.csv"]
    with subprocess.Popen(command, env=ENVIRONMENT, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        assert process.stdout.readline() == b"y\n"
        process.stdout.close()
        assert process.wait(100) == 141
        assert process.stderr.read() == b""


def test_a_broken_pipe_is_quiet_in_this_process_too(monkeypatch: pytest.MonkeyPatch, trained: Path) -> None:
    reader, writer = os.pipe()
    os.close(reader)
    with os.fdopen(writer, "w") as pipe:
        monkeypatch.setattr(sys, "stdout", pipe)
        assert main("predict", trained / "results" / "model.safetensors", IRIS) == 141


def test_a_run_goes_on_from_its_checkpoint(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    written = []
    for _ in range(2):  # the second time nothing is left to do
        assert main("train", "moons", "--hidden", "2", "--epochs", "5", "--checkpoint", "run.safetensors") == 0
        written.append(checkpoint.load(tmp_path / "out" / "model.safetensors").model.state_dict())
    assert written[0] == written[1]
    other = ("--hidden", "2", "--epochs", "5", "--checkpoint", "run.safetensors", "--batch-size", "8")
    assert main("train", "moons", *other) == 1
    assert "is of another run" in capsys.readouterr().err


LISTENING = """
import runpy, signal
signal.signal(signal.SIGINT, signal.default_int_handler)    # a shell's background jobs ignore it
runpy.run_module("nn", run_name="__main__", alter_sys=True)
"""


def test_ctrl_c_saves_the_model_so_far(tmp_path: Path) -> None:
    terminal, inside = pty.openpty()  # where there is a terminal, there is a progress bar to wait for
    termios.tcsetwinsize(terminal, (25, 200))
    command = [sys.executable, "-c", LISTENING, "train", "moons", "--epochs", "1000000", "--hidden", "4"]
    with subprocess.Popen(
        command,
        cwd=tmp_path,
        env=ENVIRONMENT,
        stdout=subprocess.PIPE,
        stderr=inside,
        text=True,
    ) as process:
        os.close(inside)
        seen = b""
        while b"loss=" not in seen:
            seen += os.read(terminal, 1024)
        process.send_signal(signal.SIGINT)
        hung = threading.Timer(100, process.kill)
        hung.start()
        try:
            while chunk := os.read(terminal, 1024):
                seen += chunk
        except OSError:  # the terminal's other end is closed
            pass
        out, _ = process.communicate()
        hung.cancel()
    os.close(terminal)
    assert process.returncode == 130
    assert b"error: interrupted in epoch" in seen
    assert b"Traceback" not in seen
    assert "test  accuracy" in out
    assert Path("out/model.safetensors").exists()


def test_ctrl_c_saves_the_model_of_this_process_too(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def interrupted(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(optim.Adam, "minimize", interrupted)
    assert main("train", "moons", "--hidden", "2") == 130
    assert capsys.readouterr().err == "error: interrupted in epoch 1\n"
    assert Path("out/model.safetensors").exists()


def test_ctrl_c_at_another_time_just_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(command_line, "predict", interrupted)
    assert main("predict", "model", "table") == 130
