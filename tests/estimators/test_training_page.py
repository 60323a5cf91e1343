"""The page on training tells what works: its programs run as they stand."""

import re
from pathlib import Path

import pytest

PAGE = Path(__file__).parents[2] / "docs" / "training.md"
PROGRAMS = re.findall(r"```python\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)


@pytest.mark.parametrize("program", PROGRAMS, ids=["training", "watched", "scikit-learn"])
def test_the_programs_run(program: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    found: dict[str, object] = {"__name__": "page"}
    exec(program, found)
    if "history" in found:
        assert {file.name for file in tmp_path.iterdir()} == {"log.csv", "run.safetensors"}
        assert min(found["history"].validation_loss) < 0.5
    elif "train_player" in found:
        assert [file.name for file in tmp_path.iterdir()] == ["run.html"]
    else:
        assert found["search"].best_score_ > 0.9
