"""The gallery: what people can make, from the project's own page, with the programs behind its pictures."""

import shutil
from pathlib import Path

from sources import linked

ROOT = Path(__file__).parents[1]


def write(source: Path) -> None:
    """Write the gallery's page and pictures into the folder `source`."""
    text = (ROOT / "docs" / "gallery.md").read_text(encoding="utf-8")
    shutil.copytree(ROOT / "docs" / "gallery", source / "gallery")
    (source / "gallery.md").write_text(linked(text, source), encoding="utf-8")
