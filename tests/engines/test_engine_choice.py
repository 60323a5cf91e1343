"""Which engine is chosen, and what `python -m autograd` says of it."""

import importlib.metadata
import importlib.util
import os
import runpy
import shutil
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

import autograd
from autograd import engine
from autograd.engines import choice
from autograd.replay import kernels_in_use


def chosen(monkeypatch: pytest.MonkeyPatch, wanted: str) -> ModuleType:
    """The module `autograd.engines.choice` as it would be in a process with this STEPGRAD_ENGINE."""
    monkeypatch.setenv("STEPGRAD_ENGINE", wanted)
    spec = importlib.util.spec_from_file_location("choice_again", choice.__file__)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def without_native(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr("autograd.engines._native", raising=False)
    monkeypatch.setitem(sys.modules, "autograd.engines._native", None)


def test_plain_python_can_be_forced(monkeypatch: pytest.MonkeyPatch) -> None:
    module = chosen(monkeypatch, "python")
    assert module.engine == "python"
    assert "STEPGRAD_ENGINE forces it" in module.why_python


def test_without_the_compiled_engine_plain_python_is_used_and_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    without_native(monkeypatch)
    module = chosen(monkeypatch, "")
    assert module.engine == "python"
    assert "was not built" in module.why_python


def test_a_source_tree_without_compiled_modules_works(tmp_path: Path) -> None:
    package = Path(autograd.__file__).parent
    shutil.copytree(package, tmp_path / "autograd", ignore=shutil.ignore_patterns("*.so", "*.pyd", "__pycache__"))
    environment = {name: x for name, x in os.environ.items() if name not in ("STEPGRAD_ENGINE", "PYTHONPATH")}
    command = [sys.executable, "-S", "-m", "autograd"]  # without the installed package, which has them
    told = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=True).stdout
    assert "python: the compiled engine was not built: install a C compiler" in told


def test_a_forced_engine_that_is_missing_or_unknown_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    without_native(monkeypatch)
    with pytest.raises(ImportError, match="STEPGRAD_ENGINE is native, but the compiled engine was not built"):
        chosen(monkeypatch, "native")
    with pytest.raises(ImportError, match="STEPGRAD_ENGINE is 'fast': set it to python or native"):
        chosen(monkeypatch, "fast")


@pytest.mark.parametrize("installed", [True, False])
def test_the_program_tells_the_version_the_engine_and_what_is_missing(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], installed: bool
) -> None:
    if not installed:
        monkeypatch.setattr("importlib.metadata.distribution", _no_distribution)
        monkeypatch.setenv("PATH", "")
    monkeypatch.delitem(sys.modules, "autograd.__main__", raising=False)
    monkeypatch.setattr(sys, "argv", ["autograd"])
    runpy.run_module("autograd", run_name="__main__")
    told = dict(line.split(maxsplit=1) for line in capsys.readouterr().out.splitlines())
    assert told.keys() == {"stepgrad", "Python", "engine", "replay", "dot"}
    assert told["engine"].startswith(engine)
    if not installed:
        assert "pip install -e ." in told["stepgrad"]
        assert "install Graphviz" in told["dot"]


def _no_distribution(name: str) -> None:
    raise importlib.metadata.PackageNotFoundError(name)


def test_a_replay_says_what_it_runs_on() -> None:
    assert ("instructions" in kernels_in_use()) == (engine == "native")
