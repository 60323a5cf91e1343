"""What `import autograd` gives: every public name, and no more modules than it needs."""

import subprocess
import sys

import pytest

import autograd


def python(code: str) -> str:
    return subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60).stdout


def test_every_public_name_is_there_and_listed() -> None:
    for name in autograd.__all__:
        assert getattr(autograd, name) is not None
    assert set(autograd.__all__) <= set(dir(autograd))
    assert len(dir(autograd)) == len(set(dir(autograd)))
    with pytest.raises(AttributeError, match="no attribute 'grand'"):
        autograd.grand  # noqa: B018


def test_importing_it_loads_only_what_most_programs_need() -> None:
    loaded = python("import sys, autograd; print(*sys.modules)").split()
    assert "autograd.value" in loaded
    assert not {"numpy", "autograd.show", "autograd.testing", "autograd.replay"} & set(loaded)
