"""Tests where packages, threads and processes are absent, as in Pyodide: what needs one is skipped, all else runs.

A test's file may import a package that only some of its tests use. So an import that fails there gives a stand-in, and
what calls it says which package is absent. What is absent is told by the exception alone, never by a test's name.
"""

import builtins
import doctest
import errno
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from types import ModuleType
from typing import Any

import pytest


class Absent(ModuleType):
    """Stands for a package that isn't there, or for something of it."""

    def __init__(self, package: str) -> None:
        super().__init__(package)
        self.__path__: list[str] = []

    def __getattr__(self, name: str) -> "Absent":
        if name.startswith("__"):
            raise AttributeError(name)
        return Absent(self.__name__)

    def __or__(self, other: object) -> "Absent":  # a union of types
        return self

    __ror__ = __or__

    def _refuse(self, *_: object, **__: object) -> Any:
        raise ModuleNotFoundError(f"No module named {self.__name__!r}", name=self.__name__)

    __call__ = __getitem__ = __iter__ = __instancecheck__ = __mro_entries__ = _refuse


def stand_in_for_absent_packages(folder: str) -> None:
    """From now on imports of what isn't there succeed, if a file in `folder` asks."""
    import_as_ever = builtins.__import__

    def import_or_stand_in(name: str, places: Any = None, *rest: Any, **named: Any) -> Any:
        try:
            return import_as_ever(name, places, *rest, **named)
        except ModuleNotFoundError as error:
            if error.name and is_foreign(error.name) and str((places or {}).get("__file__")).startswith(folder):
                return Absent(error.name.partition(".")[0])
            raise

    builtins.__import__ = import_or_stand_in


def is_foreign(module: str) -> bool:
    """Whether it is neither Python's, but for the one module that Pyodide omits, nor this project's."""
    package = module.partition(".")[0]
    return package not in {*sys.stdlib_module_names, "autograd", "nn", "tests"} or package == "resource"


def what_is_absent(error: BaseException | None) -> str | None:
    """The name of what an exception finds absent, if that is what it says, or what it came from."""
    match error:
        case None:
            return None
        case BaseExceptionGroup():
            names = [what_is_absent(part) for part in error.exceptions]
            return names[0] if all(names) else None
        case doctest.UnexpectedException():
            return what_is_absent(error.exc_info[1])
        case ModuleNotFoundError() if error.name and is_foreign(error.name):
            return error.name.partition(".")[0]
        case RuntimeError() if "can't start new thread" in str(error):
            return "threads"
        case OSError() if error.errno == errno.ENOTSUP or "does not support processes" in str(error):
            return "processes"
    return what_is_absent(error.__cause__ or error.__context__)


class Outcomes:
    """A plugin of pytest: which tests passed and which failed, and how many were skipped for want of what."""

    def __init__(self) -> None:
        self.passed: list[str] = []
        self.failed: list[str] = []
        self.skipped: Counter[str] = Counter()
        self.stopped: set[str] = set()  # files that import nothing absent, with a test that came upon something absent

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_makereport(self, item: pytest.Function, call: pytest.CallInfo[Any]) -> Iterator[Any]:
        report = self._without_what_is_absent((yield), call)
        if (
            report.skipped
            and "needs" in vars(report)
            and not any(isinstance(x, Absent) for x in vars(item.module).values())
        ):
            self.stopped.add(item.nodeid.partition("::")[0])
        return report

    @pytest.hookimpl(wrapper=True)
    def pytest_make_collect_report(self, collector: pytest.Collector) -> Iterator[Any]:  # noqa: ARG002
        report = yield
        return self._without_what_is_absent(report, getattr(report, "call", None))

    def _without_what_is_absent(self, report: Any, call: Any) -> Any:
        if report.failed and call and call.excinfo and (name := what_is_absent(call.excinfo.value)):
            report.outcome, report.longrepr, report.needs = "skipped", ("", 0, f"Skipped: needs {name}"), name
        return report

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        if report.failed:
            self.failed.append(f"{report.nodeid}\n{report.longrepr}")
        if report.skipped and report.nodeid.endswith(".py"):
            self.skipped[f"{report.longrepr[2].removeprefix('Skipped: ')} (a whole file)"] += 1

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.passed and report.when == "call":
            self.passed.append(report.nodeid)
        if report.failed:
            self.failed.append(f"{report.nodeid}\n{report.longrepr}")
        if report.skipped:
            self.skipped[report.longrepr[2].removeprefix("Skipped: ")] += 1

    def without_a_passing_test(self) -> list[str]:
        """The files that import nothing absent, and yet have no test that passes for want of something."""
        return sorted(self.stopped - {test.partition("::")[0] for test in self.passed})


def outcomes(arguments: Sequence[str]) -> dict[str, Any]:
    """Runs pytest, and tells what became of the tests."""
    told = Outcomes()
    pytest.main(["-q", "-p", "no:cacheprovider", "--tb=short", *arguments], plugins=[told])
    return {
        "passed": told.passed,
        "failed": told.failed,
        "skipped": told.skipped,
        "without": told.without_a_passing_test(),
    }
