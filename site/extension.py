"""What the site adds to Sphinx: formulas as MathML, which browsers draw without a script; Korean pages that say so;
and docstrings as they are written here, where a bar is a bar, and what another library adds to a class is left out.
"""

import re
from typing import Any

from docutils import nodes
from latex2mathml.converter import convert
from sphinx.application import Sphinx


def setup(app: Sphinx) -> dict[str, bool]:
    app.add_html_math_renderer("mathml", (_inline, None), (_block, None))
    app.config.html_math_renderer = "mathml"
    app.connect("html-page-context", _speak)
    app.connect("autodoc-process-docstring", _with_bars)
    app.connect("autodoc-skip-member", _is_foreign)
    return {"parallel_read_safe": True, "parallel_write_safe": True}


def _inline(self: Any, node: nodes.math) -> None:
    self.body.append(convert(node.astext()))
    raise nodes.SkipNode


def _block(self: Any, node: nodes.math_block) -> None:
    self.body.append(f'<div class="formula">{convert(node.astext(), display="block")}</div>')
    raise nodes.SkipNode


def _speak(app: Sphinx, pagename: str, templatename: str, context: dict[str, Any], doctree: object) -> None:
    context["language"] = "ko" if pagename.startswith("ko/") else "en"


def _with_bars(app: Sphinx, what: str, name: str, thing: object, options: object, lines: list[str]) -> None:
    """Outside of code, `|x|` would be what docutils calls a substitution. What `dict` is need not be said."""
    if lines and lines[0] and (dict.__doc__ or "").startswith(lines[0]):
        lines.clear()
    for i, line in enumerate(lines):
        texts = line.split("`")
        texts[::2] = [text.replace("|", r"\|") for text in texts[::2]]
        if not line.lstrip().startswith(">>>"):
            lines[i] = "`".join(texts)


def _is_foreign(app: Sphinx, what: str, name: str, thing: Any, skip: bool, options: object) -> bool | None:
    module = getattr(thing, "__module__", None) or "autograd"
    return None if re.match(r"(autograd|nn)\b", module) else True
