"""The lessons as pages: the notebooks as they are, with players as files of their own, loaded when they are seen."""

import base64
import hashlib
import html
import json
import re
import shutil
from pathlib import Path
from typing import Any

from links import linked

NOTEBOOKS = Path(__file__).parents[1] / "notebooks"
FOLDERS = {"en": ("lessons", NOTEBOOKS), "ko": ("ko", NOTEBOOKS / "ko")}
HEADS = {
    "en": ("Lessons", "{count} lessons, from a slope to a network that learns. Each cell runs here. "
           "Sections with a ◆ are a path of 90 minutes through the first lessons: see the "
           "[guide for teachers](../guides/teaching/README.md)."),
    "ko": ("수업", "수업 {count}개, 기울기에서 출발해 스스로 학습하는 신경망까지 갑니다. 셀은 바로 실행됩니다. "
           "◆ 표시가 있는 절은 90분 길입니다: [교사용 안내](../guides/teaching/ko/README.md)."),
}  # fmt: skip
PATH = "◆"
FRAME = re.compile(r'<iframe\b[^>]*?\bsrcdoc="([^"]*)"[^>]*></iframe>')
STILL = re.compile(r'<div><img [^>]*src="data:image/(svg\+xml|png);base64,([^"]*)"><p>[^<]*</p></div>(?=<iframe)')


def write(source: Path, out: Path) -> None:
    """Write the sources of the pages into the folder `source`, and their players into `players` of `out`."""
    (out / "players").mkdir(parents=True)
    for language, (folder, notebooks) in FOLDERS.items():
        (source / folder).mkdir()
        names = [path.name for path in sorted(notebooks.glob("*.ipynb"))]
        for name in names:
            notebook = json.loads((notebooks / name).read_text(encoding="utf-8"))
            _prepare(notebook, language, notebooks / name, source, out)
            (source / folder / name).write_text(json.dumps(notebook, ensure_ascii=False), encoding="utf-8")
        shutil.copytree(NOTEBOOKS / "pictures", source / folder / "pictures")
        (source / folder / "index.md").write_text(_index(source / folder, language, names), encoding="utf-8")


def _prepare(notebook: dict[str, Any], language: str, path: Path, source: Path, out: Path) -> None:
    """Give `notebook` the links of its page, and its players files."""
    for cell in notebook["cells"]:
        if cell["cell_type"] == "markdown":
            cell["source"] = linked("".join(cell["source"]), path, f"{FOLDERS[language][0]}/{path.name}", source)
        for output in cell.get("outputs", ()):
            data = output.get("data", {})
            if "text/html" in data:
                data["text/html"] = _with_files("".join(data["text/html"]), out, "../")
    first, *cells = notebook["cells"]
    heading, _, rest = first["source"].partition("\n")
    links = {"cell_type": "markdown", "id": "links", "metadata": {}, "source": _links(language, path.name)}
    notebook["cells"] = [{**first, "source": heading}, links, {**first, "id": "introduction", "source": rest}, *cells]


def player(page: str, out: Path, up: str = "", kind: str = "") -> str:
    """The frame of a page, which is written into `players` of `out`; `up` leads there from where it is shown.

    Its `kind` may be "picture", which needs less room.
    """
    address = _file(page.encode(), "html", out)
    kinds = f"player {kind}".strip()
    return f'<iframe class="{kinds}" title="Player" loading="lazy" src="{up}{address}"></iframe>'


def _with_files(element: str, out: Path, up: str) -> str:
    """`element` with the pages inside its frames written to files, and shown from there."""

    def frame(found: re.Match[str]) -> str:
        return player(html.unescape(found[1]), out, up)

    def still(found: re.Match[str]) -> str:
        address = _file(base64.b64decode(found[2]), found[1][:3], out)
        return f'<img class="still" alt="What the player shows" src="{up}{address}">'

    return FRAME.sub(frame, STILL.sub(still, element))


def _file(content: bytes, ending: str, out: Path) -> str:
    name = f"players/{hashlib.sha256(content).hexdigest()[:12]}.{ending}"
    (out / name).write_bytes(content)
    return name


def _links(language: str, name: str) -> str:
    """What stands below a lesson's title: a link to the same lesson in the other language."""
    other, word = ("ko", "한국어") if language == "en" else ("en", "English")
    folder, notebooks = FOLDERS[other]
    link = f"[{word}](../{folder}/{name})" if (notebooks / name).exists() else ""
    return f'<div class="lesson-tools">\n\n{link}\n\n</div>'


def _index(folder: Path, language: str, names: list[str]) -> str:
    """The page of all lessons: their pictures, titles, and what one can say after each."""
    title, text = HEADS[language]
    cards = "\n".join(_card(folder, name) for name in names)
    other = "[한국어](../ko/index.md)" if language == "en" else "[English](../lessons/index.md)"
    toctree = "\n".join(["```{toctree}", ":hidden:", "", *names, "```"])
    return f"# {title}\n\n{other}\n\n{text.format(count=len(names))}\n\n{cards}\n\n{toctree}\n"


def _card(folder: Path, name: str) -> str:
    cells = json.loads((folder / name).read_text(encoding="utf-8"))["cells"]
    texts = ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "markdown"]
    heading = texts[0]
    promise = next((line for line in texts[2].splitlines() if line.strip()), "")
    picture = f"pictures/{Path(name).stem}.png"
    shown = f"![]({picture})\n\n" if (folder / picture).exists() else ""
    headings = [line for text in texts for line in text.splitlines() if line.startswith("#")]
    way = " · ".join(line.replace(PATH, "").strip("# ") for line in headings if PATH in line)
    parts = [f"{shown}**[{heading.lstrip('# ')}]({name})**", promise, way and f"{PATH} {way}"]
    return '<div class="lesson">\n\n' + "\n\n".join(filter(None, parts)) + "\n\n</div>\n"
