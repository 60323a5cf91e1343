"""The guides: the project's own texts on training, tables, derivatives and more, and those for teachers."""

from pathlib import Path

from links import copy_pictures, linked

DOCS = Path(__file__).parents[1] / "docs"
# fmt: off
GUIDES = [
    "training", "tables", "derivatives", "exports", "distributed", "speed", "browser", "architecture", "conventions",
    *("teaching/README", "teaching/questions", "teaching/key", "teaching/rubric"),
    *("teaching/ko/README", "teaching/ko/questions", "teaching/ko/key", "teaching/ko/rubric"),
]
# fmt: on


def write(source: Path) -> None:
    """Write the sources of the guides' pages into the folder `source`."""
    pages = {f"guides/{name}.md": DOCS / f"{name}.md" for name in GUIDES}
    for page, file in pages.items():
        text = file.read_text(encoding="utf-8")
        (source / page).parent.mkdir(parents=True, exist_ok=True)
        copy_pictures(text, file, page, source)
        (source / page).write_text(linked(text, file, page, source), encoding="utf-8")
    toctree = "\n".join(["```{toctree}", ":maxdepth: 1", "", *GUIDES, "```"])
    (source / "guides" / "index.md").write_text(f"# Guides\n\n{toctree}\n", encoding="utf-8")
