"""The lessons as pages: the notebooks as they are, with players as files of their own, loaded when they are seen."""

import base64
import hashlib
import html
import json
import re
import shutil
from pathlib import Path
from typing import Any

from sources import linked

NOTEBOOKS = Path(__file__).parents[1] / "notebooks"
MINUTES = 10  # for a lesson
FOLDERS = {"en": ("lessons", NOTEBOOKS), "ko": ("ko", NOTEBOOKS / "ko")}
HEADS = {
    "en": ("Lessons", "{count} lessons of about {each} minutes: a path of {all} minutes from a slope to a network that "
           "learns.", "minutes"),
    "ko": ("수업", "수업 {count}개, 하나에 {each}분쯤입니다. 기울기에서 출발해 스스로 학습하는 신경망까지 {all}분 "
           "걸립니다.", "분"),
}  # fmt: skip
FRAME = re.compile(r'<iframe\b[^>]*?\bsrcdoc="([^"]*)"[^>]*></iframe>')
STILL = re.compile(r'<img alt="[^"]*" src="data:image/(svg\+xml|png);base64,([^"]*)">')


def write(source: Path, out: Path) -> None:
    """Write the sources of the pages into the folder `source`, and their players into `players` of `out`."""
    (out / "players").mkdir(parents=True)
    for language, (folder, notebooks) in FOLDERS.items():
        (source / folder).mkdir()
        names = [path.name for path in sorted(notebooks.glob("*.ipynb"))]
        for name in names:
            notebook = json.loads((notebooks / name).read_text(encoding="utf-8"))
            _prepare(notebook, language, name, source, out)
            (source / folder / name).write_text(json.dumps(notebook, ensure_ascii=False), encoding="utf-8")
        shutil.copytree(NOTEBOOKS / "pictures", source / folder / "pictures")
        (source / folder / "index.md").write_text(_index(source / folder, language, names), encoding="utf-8")


def _prepare(notebook: dict[str, Any], language: str, name: str, source: Path, out: Path) -> None:
    """Give `notebook` the links of its page, and its players files."""
    first, *cells = notebook["cells"]
    notebook["cells"] = [first, _cell(_links(language, name)), *cells]
    for cell in notebook["cells"]:
        if cell["cell_type"] == "markdown":
            text = linked("".join(cell["source"]), source, "../")
            if language == "ko":
                text = re.sub(r"\]\(\.\./(?=\w+\.ipynb)", "](../lessons/", text)
            cell["source"] = re.sub(r"\]\((?:\.\./)*(README\.md)\)", "](index.md)", text)
        for output in cell.get("outputs", ()):
            data = output.get("data", {})
            if "text/html" in data:
                data["text/html"] = player_file("".join(data["text/html"]), out)


def player_file(element: str, out: Path, up: str = "../") -> str:
    """`element` with the pages inside its frames written to files, and shown from there."""

    def frame(found: re.Match[str]) -> str:
        address = _file(html.unescape(found[1]).encode(), "html", out)
        return f'<iframe class="player" title="Player" loading="lazy" src="{up}{address}"></iframe>'

    def still(found: re.Match[str]) -> str:
        address = _file(base64.b64decode(found[2]), found[1][:3], out)
        return f'<img class="still" alt="What the player shows" src="{up}{address}">'

    return FRAME.sub(frame, STILL.sub(still, element))


def _file(content: bytes, ending: str, out: Path) -> str:
    name = f"players/{hashlib.sha256(content).hexdigest()[:12]}.{ending}"
    (out / name).write_bytes(content)
    return name


def _cell(text: str) -> dict[str, Any]:
    return {"cell_type": "markdown", "id": "links", "metadata": {}, "source": text}


def _links(language: str, name: str) -> str:
    """The line below a lesson's title: the same lesson in the other language."""
    other = "ko" if language == "en" else "en"
    folder, notebooks = FOLDERS[other]
    if not (notebooks / name).exists():
        return '<div class="lesson-tools"></div>'
    word = "한국어" if other == "ko" else "English"
    return f'<div class="lesson-tools" data-other="{other}">\n\n[{word}](../{folder}/{name})\n\n</div>'


def _index(folder: Path, language: str, names: list[str]) -> str:
    """The page of all lessons: their pictures, titles, and what one can say after each."""
    title, text, minutes = HEADS[language]
    cards = []
    for name in names:
        first = "".join(json.loads((folder / name).read_text(encoding="utf-8"))["cells"][0]["source"])
        heading, _, rest = first.partition("\n")
        promise = next((line.strip("*_ ") for line in rest.splitlines() if line.strip()), "")
        picture = f"pictures/{Path(name).stem}.png"
        shown = f"![]({picture})\n\n" if (folder / picture).exists() else ""
        link = f"**[{heading.lstrip('# ')}]({name})** · {MINUTES} {minutes}"
        cards.append(f'<div class="lesson">\n\n{shown}{link}\n\n{promise}\n\n</div>\n')
    said = text.format(count=len(names), each=MINUTES, all=MINUTES * len(names))
    other = "[한국어](../ko/index.md)" if language == "en" else "[English](../lessons/index.md)"
    toctree = "\n".join(["```{toctree}", ":hidden:", "", *names, "```"])
    return f"# {title}\n\n{other}\n\n{said}\n\n{chr(10).join(cards)}\n{toctree}\n"
