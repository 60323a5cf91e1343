"""The teacher's pages, in both languages: the path is in the lessons, all questions have keys; slides and the sheet."""

import importlib.util
import re
from pathlib import Path
from types import ModuleType

import nbformat
import pytest

from autograd.exercises import Lesson

ROOT = Path(__file__).parents[2]
TEACHING = ROOT / "docs" / "teaching"
LANGUAGES = {"en": (TEACHING, ROOT / "notebooks"), "ko": (TEACHING / "ko", ROOT / "notebooks" / "ko")}
PAGES = sorted(TEACHING.rglob("*.md"))

each_language = pytest.mark.parametrize("language", LANGUAGES)


def text(page: Path) -> str:
    return page.read_text(encoding="utf-8")


def script(name: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(name, TEACHING / f"{name}.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def headings(notebook: Path) -> list[str]:
    cells = [cell.source for cell in nbformat.read(notebook, as_version=4).cells if cell.cell_type == "markdown"]
    return re.findall(r"^##+ (.*)$", "\n".join(cells), re.MULTILINE)


@each_language
def test_the_path_of_ninety_minutes_is_marked_in_the_lessons(language: str) -> None:
    folder, notebooks = LANGUAGES[language]
    rows = re.findall(r"^\| (\d+) \| \[(\d)\]\(.*?\) \| (.*?) \|", text(folder / "README.md"), re.MULTILINE)
    assert sum(int(minutes) for minutes, _, _ in rows) == 90
    marked = {}
    for notebook in notebooks.glob("*.ipynb"):
        with_mark = [heading.removesuffix(" ◆") for heading in headings(notebook) if heading.endswith(" ◆")]
        if with_mark:  # of an exercise its number
            marked[int(notebook.name[:2])] = [heading.split(":")[0] for heading in with_mark]
    assert marked == {int(lesson): sections.split(" · ") for _, lesson, sections in rows}


@each_language
def test_every_question_has_its_key(language: str) -> None:
    folder, _ = LANGUAGES[language]
    numbers = [re.findall(r"^(\d+)\. ", text(folder / f"{page}.md"), re.MULTILINE) for page in ("questions", "key")]
    assert numbers[0] == numbers[1] == [str(i) for i in range(1, len(numbers[0]) + 1)]
    ten = re.findall(r"^\d+\. \*\*.*\?\*\*\n +\*.+\*: ", text(folder / "rubric.md"), re.MULTILINE)
    assert len(ten) == 10


def test_both_languages_ask_the_same_number_of_questions() -> None:
    for page in ("questions", "key", "rubric", "README"):
        counts = [
            len(re.findall(r"^(?:\d+\. |\| )", text(folder / f"{page}.md"), re.MULTILINE))
            for folder, _ in LANGUAGES.values()
        ]
        assert counts[0] == counts[1] > 0


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(TEACHING)))
def test_links_lead_somewhere(page: Path) -> None:
    links = [link.split("#")[0] for link in re.findall(r"\]\(([^)\s]+)\)", text(page))]
    assert links
    for link in links:
        assert link.startswith("https://") or (page.parent / link).exists(), link


def test_what_was_handed_in_can_be_read_as_the_page_says(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("LANGUAGE", "en")
    monkeypatch.chdir(tmp_path)
    (tmp_path / "handed-in").mkdir()
    lesson = Lesson(3, language="en")
    lesson.check(1, [6, 2])
    lesson.hand_in("Kim Minji", "handed-in")
    [code] = re.findall(r"```python\n(.*?)```", text(TEACHING / "README.md"), re.DOTALL)
    exec(code, {})
    assert capsys.readouterr().out.endswith("Kim Minji {'1': (True, 1), '2': None, '3': None, '4': None}\n")


@each_language
def test_the_sheet_is_what_its_script_makes(language: str) -> None:
    def words(page: str) -> list[str]:
        return re.findall(r">\s*([^<>{}]*[^<>{}\s])\s*<", page)

    sheet = text(TEACHING / ("sheet.html" if language == "en" else "sheet.ko.html"))
    made = words(script("make_sheet").sheet(language))
    assert words(sheet) == made
    assert made.count("data ______") == 4
    assert made.count("grad ______") == 6


def test_each_heading_begins_a_slide_and_what_is_not_for_an_audience_is_left_out() -> None:
    lesson = nbformat.read(ROOT / "notebooks" / "03_who_is_responsible.ipynb", as_version=4)
    slides = script("make_slides").slides_of(lesson)
    begun = [cell.source.splitlines()[0] for cell in slides.cells if cell.metadata.slideshow.slide_type == "slide"]
    assert [line.lstrip("# ") for line in begun[1:]] == headings(ROOT / "notebooks" / "03_who_is_responsible.ipynb")
    assert begun[0] == "# 3. Who is responsible?"
    sources = "\n".join(cell.source for cell in slides.cells)
    assert not re.search(r"Lesson\(|<details>|lesson\.check", sources)
    assert any("Player" in str(cell.outputs) for cell in slides.cells if cell.cell_type == "code")


def test_slides_are_pages_with_players(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    slides = script("make_slides")
    (tmp_path / "notebooks").mkdir()
    name = "03_who_is_responsible.ipynb"
    (tmp_path / "notebooks" / name).write_bytes((ROOT / "notebooks" / name).read_bytes())
    monkeypatch.setattr(slides, "NOTEBOOKS", tmp_path / "notebooks")
    slides.main(str(tmp_path / "slides"), "../node_modules")
    page = text(tmp_path / "slides" / "en" / "03_who_is_responsible.html")
    assert page.count("<section>") > 10
    assert "srcdoc=" in page
    for path in slides.LIBRARIES.values():
        assert f"../node_modules/{path}" in page
    assert "unpkg" not in page
