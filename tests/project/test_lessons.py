"""The lessons: each runs from top to bottom and in any order, its exercises can be solved, what it shows is what comes
out, and what it says of that is so.

The first code cell, tagged "setup", says the lesson and the language. A cell tagged "exercise" waits for an answer, the
next one tagged "check" checks it, and a solution in a <details> element, a code block that replaces the exercise,
follows. A cell tagged "slow" isn't run more often than once.
"""

import os
import re
from collections.abc import Iterator
from pathlib import Path

import nbformat
import pytest
from lesson_claims import CLAIMS
from nbclient import NotebookClient
from nbformat import NotebookNode

from autograd.exercises.key import KEY

ROOT = Path(__file__).parents[2]
LESSONS = sorted((ROOT / "notebooks").glob("*.ipynb"))
KOREAN = sorted((ROOT / "notebooks" / "ko").glob("*.ipynb"))
PAGES = [ROOT / "notebooks" / "README.md", ROOT / "notebooks" / "ko" / "README.md"]
PICTURES = ROOT / "notebooks" / "pictures"
LARGEST = 1_000_000  # bytes of a file, which code hosts still show
STRICT = """
import warnings
warnings.simplefilter("error")
warnings.filterwarnings("ignore", module="ipykernel")  # it warns of itself
"""

each_lesson = pytest.mark.parametrize("path", LESSONS, ids=lambda path: path.stem)
each_file = pytest.mark.parametrize(
    "path", [*LESSONS, *KOREAN], ids=lambda path: str(path.relative_to(ROOT / "notebooks"))
)
each_translation = pytest.mark.parametrize("path", KOREAN, ids=lambda path: path.stem)


def read(path: Path) -> NotebookNode:
    return nbformat.read(path, as_version=4)


def prose(path: Path) -> str:
    if path.suffix == ".md":
        return path.read_text(encoding="utf-8")
    return "\n".join(cell.source for cell in read(path).cells if cell.cell_type == "markdown")


def code_cells(notebook: NotebookNode) -> list[NotebookNode]:
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


def tags(cell: NotebookNode) -> list[str]:
    return list(cell.metadata.get("tags", []))


def tagged(notebook: NotebookNode, tag: str) -> list[NotebookNode]:
    return [cell for cell in notebook.cells if tag in tags(cell)]


def solutions(notebook: NotebookNode) -> list[str]:
    texts = [cell.source for cell in notebook.cells if cell.cell_type == "markdown" and "<details>" in cell.source]
    return [re.findall(r"<details>.*?```python\n(.*?)```.*?</details>", text, re.DOTALL)[0] for text in texts]


def printed(cell: NotebookNode) -> str:
    return "".join(output.text for output in cell.outputs if output.output_type == "stream")


def kinds(cell: NotebookNode) -> set[str]:
    """What a cell shows: text that was printed, figures, drawings, ..."""
    return {kind for output in cell.outputs for kind in output.get("data", {output.get("name", "error"): ""})}


@pytest.fixture
def kernel(path: Path) -> Iterator[NotebookClient]:
    """A fresh one, in the notebook's folder, in which warnings are errors."""
    client = NotebookClient(nbformat.v4.new_notebook(), timeout=120, kernel_name="python3")
    with client.setup_kernel(cwd=str(path.parent), env={**os.environ, "PYTHONPATH": str(ROOT)}):
        run(client, nbformat.v4.new_code_cell(STRICT))
        yield client


def run(client: NotebookClient, cell: NotebookNode) -> NotebookNode:
    """The cell with its outputs. Raises CellExecutionError if it raises."""
    client.nb.cells.append(cell)
    executed = client.execute_cell(cell, len(client.nb.cells) - 1)
    assert "stderr" not in kinds(executed), printed(executed)
    return executed


@each_lesson
def test_it_runs_and_shows_what_the_file_shows_and_what_it_says_of_that_is_so(
    kernel: NotebookClient, path: Path
) -> None:
    notebook = read(path)
    solution = iter(solutions(notebook))
    for cell in code_cells(notebook):
        shown = kinds(cell)
        assert kinds(run(kernel, cell)) == shown, cell.source
        if "exercise" in tags(cell):
            exercise = cell
        if "check" in tags(cell):
            assert printed(cell).startswith("…"), cell.source
            run(kernel, nbformat.v4.new_code_cell(next(solution)))
            assert printed(run(kernel, cell)).startswith("✓"), cell.source
            run(kernel, exercise)  # who reads on without solving it must get to the end too
    assert not list(solution)
    run(kernel, claims_of(path))
    quick = [cell for cell in code_cells(notebook) if "slow" not in tags(cell)]
    for cell in [*reversed(quick), *quick]:
        run(kernel, cell)
    run(kernel, claims_of(path))


def claims_of(path: Path) -> NotebookNode:
    """A cell that asserts what the lesson's text says of what its cells have computed."""
    return nbformat.v4.new_code_cell(CLAIMS[int(path.stem[:2])])


@each_lesson
def test_it_has_exercises_each_with_its_check_and_its_solution(path: Path) -> None:
    notebook = read(path)
    steps = [tag for cell in notebook.cells for tag in tags(cell) if tag in ("exercise", "check")]
    exercises = tagged(notebook, "exercise")
    assert len(exercises) == len(KEY[int(path.stem[:2])])
    assert steps == ["exercise", "check"] * len(exercises)
    assert len(solutions(notebook)) == len(exercises)
    for cell in exercises:
        assert "..." in cell.source
    for number, cell in enumerate(tagged(notebook, "check"), 1):
        assert re.fullmatch(rf"lesson\.check\({number}, [\w, ]+\)", cell.source)  # and no answer to be read
    assert len(re.findall(r"^### Exercise \d: ", prose(path), re.MULTILINE)) == len(exercises)


@each_file
def test_it_says_in_its_first_cell_which_lesson_it_is_and_its_language(path: Path) -> None:
    setup, *others = code_cells(read(path))
    assert tags(setup) == ["setup"]
    language = "ko" if path in KOREAN else "en"
    assert setup.source.endswith(f'lesson = Lesson({int(path.stem[:2])}, language="{language}")')
    assert all("assert" not in cell.source for cell in others)


@each_file
def test_there_is_something_to_touch_and_it_speaks_the_language_of_the_lesson(path: Path) -> None:
    pages = [output.data["text/html"] for cell in code_cells(read(path)) for output in cell.outputs
             if "text/html" in output.get("data", {})]  # fmt: skip
    assert pages
    language = "ko" if path in KOREAN else "en"
    for page in pages:
        assert f"lang=&quot;{language}&quot;" in page


@each_file
def test_it_says_how_long_it_takes(path: Path) -> None:
    words = (
        r"읽는 데 (\d+)분, 연습까지 풀면 (\d+)분쯤"
        if path in KOREAN
        else r"(\d+) minutes to read, (\d+) with the exercises"
    )
    [(reading, solving)] = re.findall(words, prose(path))
    assert len(prose(path).split()) / (130 if path in KOREAN else 200) < int(reading) < int(solving)


@each_file
def test_the_file_is_in_order(path: Path) -> None:
    notebook = read(path)
    nbformat.validate(notebook)
    assert notebook.metadata.kernelspec.name == "python3"
    assert path.stat().st_size < LARGEST
    numbers = [cell.execution_count for cell in code_cells(notebook)]
    assert numbers == list(range(1, len(numbers) + 1))
    for cell in code_cells(notebook):
        assert not kinds(cell) & {"error", "stderr"}


@each_file
def test_one_cell_shows_the_picture_that_the_lesson_is_known_by(path: Path) -> None:
    [cover] = tagged(read(path), "cover")
    assert kinds(cover) & {"image/png", "image/svg+xml"}


@each_translation
def test_a_translation_has_the_same_code_and_shows_the_same(path: Path) -> None:
    korean, english = read(path), read(ROOT / "notebooks" / path.name)
    for cell, original in zip(code_cells(korean), code_cells(english), strict=True):
        assert cell.source.replace('language="ko"', 'language="en"') == original.source
        assert tags(cell) == tags(original)
        assert kinds(cell) == kinds(original), cell.source
    assert [cell.cell_type for cell in korean.cells] == [cell.cell_type for cell in english.cells]
    assert solutions(korean) == solutions(english)
    for cell in tagged(korean, "check"):
        assert printed(cell) == "… ... 자리에 답을 쓰고 이 셀을 다시 실행하세요.\n"


def test_each_lesson_is_there_in_both_languages() -> None:
    assert [int(path.stem[:2]) for path in LESSONS] == list(KEY)
    assert [path.name for path in KOREAN] == [path.name for path in LESSONS]


@each_file
def test_the_page_to_start_from_has_it_with_its_picture(path: Path) -> None:
    picture = PICTURES / f"{path.stem}.png"
    source = Path(os.path.relpath(picture, path.parent)).as_posix()
    assert f'<a href="{path.name}"><img src="{source}"' in prose(path.parent / "README.md")
    assert picture.read_bytes()[16:24] == bytes.fromhex("000002d0 000001c2")  # 720 x 450 pixels


@pytest.mark.parametrize(
    "path", [*PAGES, *LESSONS, *KOREAN], ids=lambda path: str(path.relative_to(ROOT / "notebooks"))
)
def test_its_links_lead_somewhere(path: Path) -> None:
    links = re.findall(r'(?:\]\(|href="|src=")([^)"\s]+)', prose(path))
    assert links
    for link in links:
        assert link.startswith("https://") or (path.parent / link).exists(), link


def test_each_page_to_start_from_leads_to_the_other_language() -> None:
    english, korean = map(prose, PAGES)
    assert "](ko/README.md)" in english
    assert "](../README.md)" in korean
