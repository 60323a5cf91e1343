"""What is published: the source distribution has every file that its own build and its tests need."""

import subprocess
import tarfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


def test_the_source_distribution_has_every_file_of_the_repository(sdist: Path) -> None:
    if not (ROOT / ".git").exists():
        pytest.skip("needs the repository, which says what its files are")
    tracked = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    with tarfile.open(sdist) as archive:
        packed = {name.partition("/")[2] for name in archive.getnames()}
    missing = set(tracked.splitlines()) - packed
    assert {name for name in missing if not name.startswith(".")} == set()
