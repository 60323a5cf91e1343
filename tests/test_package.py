"""What `import autograd` gives: every public name, and a function where a module has the same name."""

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
    with pytest.raises(AttributeError, match="no attribute 'grand'"):
        autograd.grand  # noqa: B018


@pytest.mark.parametrize("name", ["draw", "explain", "gradcheck", "steps"])
@pytest.mark.parametrize("first", ["autograd.{0}", "autograd", "autograd.steps", "nn"])
def test_a_function_is_not_hidden_by_the_module_of_its_name(name: str, first: str) -> None:
    imports = f"import {first.format(name)}; import autograd; from autograd.{name} import {name} as meant; "
    assert python(imports + f"print(autograd.{name} is meant)") == "True\n"


def test_importing_it_loads_only_what_most_programs_need() -> None:
    loaded = python("import sys, autograd; print(*sys.modules)").split()
    assert "autograd.value" in loaded
    assert not {"numpy", "autograd.draw", "autograd.steps", "autograd.gradcheck", "autograd.recording"} & set(loaded)
