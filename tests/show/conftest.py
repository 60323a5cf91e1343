"""What tests of drawings share."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from drawings import install_dot, needs_dot
from played import Page, example


@pytest.fixture
def no_dot(monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A machine without the program dot: PATH is one empty folder."""
    folder = tmp_path_factory.mktemp("bin")
    monkeypatch.setenv("PATH", str(folder))
    return folder


@pytest.fixture
def fake_dot(no_dot: Path) -> Path:
    """A machine whose program dot answers with its arguments and the source that it was given."""
    return install_dot(no_dot, "sys.stdout.write(' '.join(sys.argv[1:]) + '\\n' + sys.stdin.read())")


@pytest.fixture(params=["web assembly", pytest.param("program", marks=needs_dot)])
def layout(request: pytest.FixtureRequest) -> None:
    """Both ways to lay out a graph, one after the other."""
    if request.param == "web assembly":
        request.getfixturevalue("no_dot")


@pytest.fixture
def page(browser: Any, tmp_path: Path) -> Iterator[Page]:
    with Page(browser, tmp_path, example()) as opened:
        yield opened
