"""Pages of source files: those that a lesson or the gallery links to."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[1]


def linked(text: str, source: Path, up: str = "") -> str:
    """`text` with its links to the project's files of Python leading to pages, which are written into `source`.

    `up` leads from the page to the site's folder.
    """

    def page(found: re.Match[str]) -> str:
        name = found[1]
        path = source / "sources" / f"{name}.md"
        path.parent.mkdir(parents=True, exist_ok=True)
        code = (ROOT / name).read_text(encoding="utf-8")
        path.write_text(f"---\norphan: true\n---\n# {name}\n\n~~~~python\n{code}~~~~\n", encoding="utf-8")
        return f"]({up}sources/{name}.md)"

    return re.sub(r"\]\((?:\.\./)+([\w/]+\.py)\)", page, text)
