"""`python -m autograd` tells of the other distribution that is imported as `autograd`."""

import runpy
import subprocess
import sys
from pathlib import Path

import pytest

from autograd.environment import neighbours, other_autograd


def test_the_other_distribution_is_told_of(tmp_path: Path) -> None:
    about = tmp_path / "autograd-1.8.0.dist-info"
    about.mkdir()
    (about / "METADATA").write_text("Metadata-Version: 2.1\nName: autograd\nVersion: 1.8.0\n")
    program = "import sys, runpy; sys.path.append(sys.argv.pop()); runpy.run_module('autograd', run_name='__main__')"
    command = [sys.executable, "-c", program, str(tmp_path)]
    told = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    assert "HIPS autograd 1.8.0 is installed too" in told
    assert "pip uninstall autograd stepgrad" in told


def test_without_it_nothing_is_said() -> None:
    assert other_autograd() == ""


def test_its_version_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(neighbours, "version", lambda _: "1.9")
    assert other_autograd().startswith("HIPS autograd 1.9 is installed too")


def test_it_stands_beside_what_else_is_told(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(neighbours, "version", lambda _: "1.9")
    monkeypatch.delitem(sys.modules, "autograd.__main__", raising=False)
    monkeypatch.setattr(sys, "argv", ["autograd"])
    runpy.run_module("autograd", run_name="__main__")
    assert "beside    HIPS autograd 1.9" in capsys.readouterr().out
