"""The code of docs/distributed.md runs."""

import os
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]


def test_its_python_runs(tmp_path: Path) -> None:
    code = re.findall(r"```python\n(.*?)```", (ROOT / "docs" / "distributed.md").read_text(encoding="utf-8"), re.DOTALL)
    program = (
        tmp_path / "page.py"
    )  # in a process of its own: the workers of a cluster import the program that started them
    blocks = "\n".join(code).replace("\n", "\n    ")
    program.write_text(f"if __name__ == '__main__':\n    {blocks}\n    print(history.loss[-1] < history.loss[0])")
    told = subprocess.run(
        [sys.executable, program],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    assert told.splitlines()[-1] == "True"
