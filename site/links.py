"""Links between the project's own files, as links between pages of the site."""

import os
import re
import shutil
from pathlib import Path, PurePosixPath

ROOT = Path(__file__).parents[1]
LINK = re.compile(r"(?<!!)\[((?:[^\[\]]|\[[^\]]*\])+)\]\(([^():#\s]+)(#[\w-]+)?\)")
# What of the project has a page, and where.
PAGES = (
    (r"notebooks/ko/README\.md", "ko/index.md"),
    (r"notebooks/README\.md", "lessons/index.md"),
    (r"notebooks/(ko/\w+\.ipynb)", r"\1"),
    (r"notebooks/(\w+\.ipynb)", r"lessons/\1"),
    (r"docs/gallery\.md", "gallery.md"),
    (r"docs/((?:teaching/)?(?:ko/)?\w+\.md)", r"guides/\1"),
)


def linked(text: str, file: Path, page: str, source: Path) -> str:
    """`text` of the project's `file`, with its links leading to pages of the site, as `page` sees them.

    Files of Python and of HTML that it links to get a place in the folder `source`. What the site doesn't have loses
    its link, and keeps its words.
    """

    def replaced(found: re.Match[str]) -> str:
        words, address, place = found.groups()
        target = _target((file.parent / address).resolve(), source)
        if not target:
            return words
        relative = os.path.relpath(target, PurePosixPath(page).parent)
        return f"[{words}]({PurePosixPath(relative)}{place or ''})"

    return LINK.sub(replaced, text)


def _target(path: Path, source: Path) -> str:
    """Where the site has a file of the project; nothing if it hasn't."""
    if not path.is_file() or not path.is_relative_to(ROOT):
        return ""
    name = path.relative_to(ROOT).as_posix()
    for pattern, page in PAGES:
        if found := re.fullmatch(pattern, name):
            return found.expand(page)
    if path.suffix in (".py", ".pyx", ".pxi", ".h", ".js"):
        return _source_page(path, name, source)
    if path.suffix == ".html":  # to be printed, or shown as slides
        copy = source / name.replace("docs/", "guides/", 1)
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, copy)
        return copy.relative_to(source).as_posix()
    return ""


def _source_page(path: Path, name: str, source: Path) -> str:
    page = f"sources/{name}.md"
    (source / page).parent.mkdir(parents=True, exist_ok=True)
    language = {".js": "javascript", ".h": "c", ".pyx": "cython", ".pxi": "cython"}.get(path.suffix, "python")
    code = path.read_text(encoding="utf-8")
    text = f"---\norphan: true\n---\n# {name}\n\n~~~~{language}\n{code}~~~~\n"
    (source / page).write_text(text, encoding="utf-8")
    return page


def copy_pictures(text: str, file: Path, page: str, source: Path) -> None:
    """Put the pictures that `text` of the project's `file` shows beside its page in the folder `source`."""
    for address in re.findall(r"!\[[^\]]*\]\(([^():\s]+)\)", text):
        place = (source / page).parent / address
        place.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(file.parent / address, place)
