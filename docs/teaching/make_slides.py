"""Makes slides of the lessons, in both languages, by nbconvert and reveal.js: a folder of pages with their players.

Each heading begins a slide. What a lesson needs to run (its first cell, checks) and the solutions are left out; long
code is shown by what it shows. Needs `pip install "stepgrad[notebooks]"`:

    python docs/teaching/make_slides.py slides

What shows them comes from the network, or from a folder that they are to be beside:

    npm install --prefix slides reveal.js@4 requirejs jquery@3 mathjax@2
    python docs/teaching/make_slides.py slides --libraries ../node_modules
"""

import argparse
import re
from pathlib import Path

import nbformat
from nbformat import NotebookNode

NOTEBOOKS = Path(__file__).parents[2] / "notebooks"
REVEAL = "https://unpkg.com/reveal.js@4.5.0"
LIBRARIES = {
    "reveal_url_prefix": "reveal.js",
    "require_js_url": "requirejs/require.js",
    "jquery_url": "jquery/dist/jquery.min.js",
    "mathjax_url": "mathjax/MathJax.js?config=TeX-AMS_CHTML-full,Safe",
}
LONGEST = 12  # lines of code that fit beside what they show


def slides_of(notebook: NotebookNode) -> NotebookNode:
    """The notebook with a slide for each heading, and without what is not for an audience."""
    cells = []
    for cell in notebook.cells:
        tags = cell.metadata.get("tags", [])
        if "setup" in tags or "check" in tags or cell.source.startswith("<details>"):
            continue
        if cell.cell_type == "markdown":
            cells += [_slide(part) for part in re.split(r"^(?=#{1,3} )", cell.source, flags=re.MULTILINE) if part]
        else:
            cell.metadata["slideshow"] = {"slide_type": "-"}
            if cell.outputs and len(cell.source.splitlines()) > LONGEST:
                cell.metadata["tags"] = [*tags, "hide"]
            cells.append(cell)
    notebook.cells = cells
    return notebook


def _slide(part: str) -> NotebookNode:
    cell = nbformat.v4.new_markdown_cell(part)
    cell.metadata["slideshow"] = {"slide_type": "slide" if part.startswith("#") else "-"}
    return cell


def main(folder: str, libraries: str | None) -> None:
    from nbconvert import SlidesExporter
    from traitlets.config import Config

    options = {"reveal_scroll": True, "exclude_input_prompt": True, "exclude_output_prompt": True}
    if libraries:
        options |= {name: f"{libraries}/{path}" for name, path in LIBRARIES.items()}
    else:
        options["reveal_url_prefix"] = REVEAL
    hidden = {"enabled": True, "remove_input_tags": {"hide"}}
    exporter = SlidesExporter(config=Config(SlidesExporter=options, TagRemovePreprocessor=hidden))
    for lesson in sorted(NOTEBOOKS.rglob("*.ipynb")):
        language = "ko" if lesson.parent.name == "ko" else "en"
        target = Path(folder) / language / lesson.with_suffix(".html").name
        target.parent.mkdir(parents=True, exist_ok=True)
        page, _ = exporter.from_notebook_node(slides_of(nbformat.read(lesson, as_version=4)))
        target.write_text(page, encoding="utf-8")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", help="where the pages go, in folders of their languages")
    parser.add_argument(
        "--libraries", help="the folder of what shows them, seen from a page; from the network otherwise"
    )
    arguments = parser.parse_args()
    main(arguments.folder, arguments.libraries)
