"""The README's code runs, and does what it says."""

import re
from pathlib import Path

README = (Path(__file__).parents[2] / "README.md").read_text()


def test_its_python_runs(capsys, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for code in re.findall(r"```python\n(.*?)```", README, re.DOTALL):
        exec(code, {})
    first, last = map(float, capsys.readouterr().out.split()[-2:])
    assert last < first / 2


def test_its_links_lead_somewhere():
    for link in re.findall(r"\]\(([^)h][^)]*)\)", README):
        assert (Path(__file__).parents[2] / link).exists(), link
