"""How thorough the property tests are: `HYPOTHESIS_PROFILE=thorough python -m pytest` looks at twenty times as much.

The default profile draws the same examples in every run, so that a red run is about the change that it tests; the
thorough one draws new ones.
"""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import Phase, settings
from pages import ARGUMENTS, CHROMIUM

if TYPE_CHECKING:
    import numpy as np

# No deadlines: how long one example takes says nothing on a busy machine.
settings.register_profile("quick", max_examples=100, deadline=None, derandomize=True, database=None)
settings.register_profile("brief", settings.get_profile("quick"), max_examples=10)
settings.register_profile(
    "handful", settings.get_profile("quick"), max_examples=2, phases=[Phase.explicit, Phase.generate]
)
settings.register_profile("thorough", max_examples=2000, deadline=None, print_blob=True)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "quick"))

os.environ["LANGUAGE"] = "en"  # of the exercises, whatever the developer's is

collect_ignore_glob = ["*/conftest.py"]  # rooms may have one each; a search for doctests would take them for the same


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """What a test has told with `record_property("told", ...)` is shown though it passes."""
    for report in terminalreporter.getreports("passed"):
        for name, words in report.user_properties:
            if name == "told":
                terminalreporter.write_line(words)


@pytest.fixture(scope="session")
def sdist(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The source distribution, built anew, without the extensions that name their own sources."""
    out = tmp_path_factory.mktemp("sdist")
    command = [sys.executable, "-m", "build", "--sdist", "--outdir", str(out), str(Path(__file__).parents[1])]
    subprocess.run(command, env={**os.environ, "STEPGRAD_ENGINE": "python"}, check=True, capture_output=True)
    [built] = out.iterdir()
    return built


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    playwright = pytest.importorskip("playwright.sync_api", reason='needs playwright: pip install "stepgrad[browser]"')
    if not CHROMIUM:
        pytest.skip("needs Chromium: apt install chromium, or CHROMIUM=/path/to/it")
    with playwright.sync_playwright() as started:
        chromium = started.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield chromium
        chromium.close()


@pytest.fixture
def numbers() -> "np.random.Generator":
    import numpy as np  # which some of the places where tests run are without

    return np.random.default_rng(0)


@pytest.fixture(params=["as installed", "plain"])
def either_replay(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is so tested holds for the replay that is installed, and for the one in plain Python."""
    from autograd.replay import arrays, diagnosis, plain, recording, replays, update

    if request.param == "plain":
        monkeypatch.setattr(replays, "new_replay", plain.PlainReplay)
        monkeypatch.setattr(replays, "Leaves", arrays.Leaves)
        monkeypatch.setattr(recording, "all_finite", arrays.all_finite)
        monkeypatch.setattr(diagnosis, "all_finite", arrays.all_finite)
        monkeypatch.setattr(update, "Leaves", arrays.Leaves)
        monkeypatch.setattr(update, "new_replay", plain.PlainReplay)
