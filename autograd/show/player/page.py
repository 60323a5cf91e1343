"""A page that plays something: one HTML file that needs no network, and shows itself in a notebook.

What all players have in common: the page with its controls, the look, moving through the moments of a lesson. Each
player puts its own parts into it.
"""

import base64
import html
import json
import re
from collections.abc import Iterable, Mapping
from functools import cache
from importlib.resources import files
from os import PathLike
from string import Template
from typing import Any

from autograd.environment import Language, preferred_language, spoken, write_atomically

__all__ = ["Page", "compose", "image", "part"]

# for those who read the files beside this module: a page, which notebooks keep line by line, does without
_COMMENT_OR_INDENT = re.compile(r"^\s*(?://[^\n]*|/\*.*?\*/)\n|^[ \t]+|^\n", re.MULTILINE | re.DOTALL)
_GOES_ON = re.compile(r"^((?:(?!//).)*[,;{(\[])\n", re.MULTILINE)  # a line without a comment, after which one may go on
HEIGHT = 640  # pixels, of the frame in a notebook


class Page:
    """One HTML file, `source`, that needs no network. It shows itself in a notebook."""

    __slots__ = ("source",)

    source: str

    def save(self, path: str | PathLike[str]) -> None:
        """Write the page to `path`, a name that ends in .html. Raises ValueError for another, OSError if it can't."""
        from pathlib import Path

        path = Path(path)
        if path.suffix.lower() not in (".html", ".htm"):
            raise ValueError(f"cannot save a player as {str(path)!r}: let the name end in .html")
        if not path.parent.is_dir():
            raise FileNotFoundError(
                f"cannot save {str(path)!r}: there is no folder {str(path.parent)!r}; create it first"
            )
        write_atomically(path, self.source.encode())

    def __repr__(self) -> str:
        name = type(self).__name__
        return f'<{name}: shows itself in a notebook; elsewhere, .save("lesson.html") and open that in a browser>'

    def _repr_html_(self) -> str:
        """The page in a frame, and before it a still picture, which hides itself once the frame has been loaded.

        Where a notebook isn't trusted there is no frame: then a line says what to do.
        """
        hint = spoken("Run this cell to play it.", "이 셀을 실행하면 재생할 수 있습니다.")
        return (
            f"<div>{self._still()}<p>{hint}</p></div>"
            f'<iframe title="Player" style="width: 100%; height: {HEIGHT}px; border: 0" '
            f'onload="this.previousSibling.style.display = `none`" srcdoc="{html.escape(self.source)}"></iframe>'
        )

    def _still(self) -> str:
        """An element to see where the page can't be shown: these words, or better a picture."""
        return f"<p>{html.escape(repr(self))}</p>"


def compose(
    *,
    language: Language | None,
    title: str,
    styles: Iterable[tuple[str, str]],
    scripts: Iterable[tuple[str, str]],
    main: str,
    templates: str = "",
    controls: str = "",
    lesson: Mapping[str, Any],
) -> str:
    """The page. Styles and scripts are files by their package and name; `main`, `templates` and `controls` are HTML.

    It starts in `language`, or in that of the environment. Raises ValueError for one that the players don't speak.
    """
    language = language or preferred_language()
    if language not in ("en", "ko"):
        raise ValueError(f"the player speaks 'en' (English) and 'ko' (Korean), got language={language!r}")
    return Template(part("autograd.show.player", "page.html")).substitute(
        language=language,
        title=html.escape(title),
        style="".join(map(_bare, styles)),
        script="\n".join(map(_bare, scripts)),
        main=main,
        templates=templates,
        controls=controls,
        # it can't end the element that it is in, or begin a comment
        lesson=json.dumps(lesson, ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c"),
    )


def _bare(file: tuple[str, str]) -> str:
    return _GOES_ON.sub(r"\1", _COMMENT_OR_INDENT.sub("", part(*file)))


def image(description: str, kind: str, picture: bytes) -> str:
    """An element that holds a picture of that media type."""
    source = f"data:{kind};base64,{base64.b64encode(picture).decode()}"
    return f'<img alt="{html.escape(description)}" style="max-width: 100%" src="{source}">'


@cache
def part(package: str, name: str) -> str:
    """The text of a file that stands beside a package's modules."""
    return files(package).joinpath(name).read_text(encoding="utf-8")
