"""The plain engine's tests on CPython 3.14, which Pyodide is, under Node: those of the page that need only pytest.

A test that needs what isn't there, NumPy above all, counts as skipped; a chain of many nodes, whose end is recursive in
CPython, would overflow Pyodide's stack.
"""

import importlib.util
import json
import shutil
import subprocess
import sys
import zipfile
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
    "mpmath",
]
FILES = ("test_value", "test_graph")


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


def outcomes(file: str) -> dict[str, list[str]]:
    """Which tests of a file passed, failed, or were skipped. It runs in Pyodide."""
    import os
    import sys

    sys.path[:0] = ["/project", "/project/tests", "/site"]
    sys.dont_write_bytecode = True
    os.environ["HYPOTHESIS_PROFILE"] = "brief"
    os.chdir("/project")
    import pytest

    found: dict[str, list[str]] = {"passed": [], "skipped": [], "failed": []}

    class Outcomes:
        @pytest.hookimpl(wrapper=True)
        def pytest_runtest_makereport(self, item: Any, call: Any) -> Any:  # noqa: ARG002
            return self.without_what_is_absent((yield))

        @pytest.hookimpl(wrapper=True)
        def pytest_make_collect_report(self, collector: Any) -> Any:  # noqa: ARG002
            return self.without_what_is_absent((yield))

        def without_what_is_absent(self, report: Any) -> Any:
            if report.failed and "No module named" in str(report.longrepr):
                report.outcome, report.longrepr = "skipped", (file, 0, "needs what is absent")
            return report

        def pytest_runtest_logreport(self, report: Any) -> None:
            if report.when == "call" or not report.passed:
                found[report.outcome].append(report.nodeid)

    chosen = [
        "-k",
        "not deep and not million and not thread and not long and not 300_000 and not used_by_all",
        f"tests/page/{file}.py",
    ]
    pytest.main(["-q", "-p", "no:cacheprovider", *chosen], plugins=[Outcomes()])
    return found


@pytest.mark.parametrize("file", FILES)
def test_they_pass_on_it(site: Path, file: str) -> None:
    command = [str(NODE), str(Path(__file__).with_name("in_pyodide.js"))]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, encoding="utf-8") as process:
        python = Pyodide(process)
        if python.ask(run="import sys, json; json.dumps(sys.version_info[:2])") < [3, 14]:
            pytest.skip("this Pyodide is of an older Python: npm install pyodide@latest")
        python.ask(
            mount={"/site": str(site), **{f"/project/{name}": str(ROOT / name) for name in ("autograd", "tests")}}
        )
        found = python.run(outcomes, file)
    assert found["failed"] == []
    assert found["passed"], json.dumps(found["skipped"])
