"""Drawings: what they show, in any label's hands; both ways to lay them out; files and errors."""

from itertools import combinations

import pytest
from drawings import SVG, Picture, neuron
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from autograd import Value, draw
from autograd.engines import apply
from autograd.ops import Op
from autograd.show.notation import LONGEST_LABEL

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
    assert picture.texts("v2") == ["w * x", "data -1.5", "grad    2"]
    assert "\N{MINUS SIGN}3" in draw(neuron()).svg()
    assert picture.texts("v5") == ["2"]
    assert [picture.texts(node) for node in ("o2", "o4", "o6")] == [["*"], ["+"], ["*"]]


@pytest.mark.parametrize(
    ("number", "shown"),
    [
        *[(2.0, "2"), (-0.0, "0"), (0.1 + 0.2, "0.3"), (24.7041, "24.7"), (645.5773, "645.6"), (1e-300, "1e-300")],
        *[(-123456.789, "-1.235e5"), (float("nan"), "nan"), (float("-inf"), "-inf")],
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


def test_a_label_of_blanks_is_none() -> None:
    assert Picture(draw(Value(1.0, label=" \n")).svg()).texts("v0") == ["variable_1", "data 1", "grad 0"]


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
    assert picture.texts("v1") == [f"{shown}_2", "2"]


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
    for words in ("602 Values", "1 variable,", "1 constants", "600 results", "max_nodes=300", "one neuron"):
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
