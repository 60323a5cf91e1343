"""The gallery: the playground's programs, with what comes of them, then the project's page of larger ones."""

import io
import json
import sys
from collections.abc import Iterator
from contextlib import redirect_stdout
from pathlib import Path

from lessons import player
from links import copy_pictures, linked
from playground import PARTS, examples

DOCS = Path(__file__).parents[1] / "docs"


def write(source: Path, out: Path) -> None:
    """Write the source of the gallery's page into the folder `source`, and its players into `players` of `out`."""
    sys.path.insert(0, str(PARTS / "python"))
    file = DOCS / "gallery.md"
    text = file.read_text(encoding="utf-8")
    copy_pictures(text, file, "gallery.md", source)
    heading, _, rest = linked(text, file, "gallery.md", source).partition("\n")
    small = "\n".join(_small(out))
    (source / "gallery.md").write_text(f"{heading}\n\n{small}\n\n## Larger ones\n{rest}", encoding="utf-8")


def _small(out: Path) -> Iterator[str]:
    """The programs that the playground has as examples."""
    from programs import run

    for number, example in enumerate(examples()):
        printed = io.StringIO()
        with redirect_stdout(printed):
            answer = json.loads(run(example.text, "en"))
        if "error" in answer:  # the example of a mistake
            continue
        link = f'<a href="playground.html#example={number}">Open in the playground</a>'
        yield from (f"## {example.english}", "", "```python", example.text.rstrip(), "```", "", link, "")
        if printed.getvalue():
            yield from ("```text", printed.getvalue().rstrip(), "```", "")
        if "page" in answer:
            yield from (player(answer["page"], out, kind=answer.get("kind", "")), "")
