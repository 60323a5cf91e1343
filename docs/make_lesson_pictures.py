"""Makes notebooks/pictures: of each lesson, what its cell tagged "cover" shows, on white and all of one size.

Needs Chromium, `pip install "stepgrad[browser,notebooks]"`, and to be run from the repository's root:

    python docs/make_lesson_pictures.py
"""

import base64
import shutil
from pathlib import Path

import nbformat
from playwright.sync_api import sync_playwright

NOTEBOOKS = Path(__file__).parent.parent / "notebooks"
SIZE = {"width": 360, "height": 225}
PAGE = """
<style> body {{ margin: 0 }} img {{ box-sizing: border-box; padding: 10px; object-fit: contain; {size} }} </style>
<img src="data:{kind};base64,{content}">
"""


def cover(lesson: Path) -> tuple[str, str]:
    """The kind of the lesson's picture, and the picture in base 64."""
    [cell] = [cell for cell in nbformat.read(lesson, as_version=4).cells if "cover" in cell.metadata.get("tags", [])]
    for output in cell.outputs:
        data = output.get("data", {})
        if "image/png" in data:
            return "image/png", data["image/png"].replace("\n", "")
        if "image/svg+xml" in data:
            return "image/svg+xml", base64.b64encode(data["image/svg+xml"].encode()).decode()
    raise ValueError(f"the cell tagged cover shows no picture: {lesson}")


def main() -> None:
    (NOTEBOOKS / "pictures").mkdir(exist_ok=True)
    size = "; ".join(f"{side}: {pixels}px" for side, pixels in SIZE.items())
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        page = browser.new_page(viewport=SIZE, device_scale_factor=2)
        for lesson in sorted(NOTEBOOKS.glob("*.ipynb")):
            kind, content = cover(lesson)
            page.set_content(PAGE.format(size=size, kind=kind, content=content))
            page.screenshot(path=NOTEBOOKS / "pictures" / f"{lesson.stem}.png")
        browser.close()


if __name__ == "__main__":
    main()
