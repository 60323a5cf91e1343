"""The player: what is in the page, and how a network is folded."""

import base64
import html
import re
from pathlib import Path
from typing import Any

import pytest
from played import embedded, example, network

from autograd import Value, steps
from autograd.graph import topological_order
from autograd.show.notation import rounded, with_minus
from autograd.show.player.folding import Layer, Neuron, fold, gather, stand_ins
from nn import MLP


def test_nothing_happens_to_the_graph() -> None:
    loss = example()
    loss.backward()
    before = [node.grad for node in topological_order(loss)]
    walk = steps(loss)
    walk.player()
    assert [node.grad for node in topological_order(loss)] == before
    assert next(walk).node is loss


def test_the_page_has_the_graph() -> None:
    loss = example()
    loss.backward()
    lesson = embedded(steps(loss).player())
    nodes = topological_order(loss)
    names = ["a", "b", "a * b", "c", "a * b + c", "tanh(a * b + c)", "loss"]
    assert [node["name"][0] for node in lesson["nodes"]] == names
    assert [node["data"] for node in lesson["nodes"]] == [node.data for node in nodes]
    assert [node["inputs"] for node in lesson["nodes"]] == [[nodes.index(x) for x in node.inputs] for node in nodes]
    assert [node.get("row") for node in lesson["nodes"]] == [None, None, 0, None, 1, 2, 0]


def test_the_forward_pass_alone() -> None:
    lesson = embedded(steps(example(), forward=True).player())
    assert not lesson["gradients"]


def test_sizes() -> None:
    sixty, hundreds = network(3), network(10)
    assert len(topological_order(sixty)) == 73
    assert len(topological_order(hundreds)) == 437
    assert len(steps(sixty).player().source.encode()) < 200_000
    assert len(steps(hundreds).player().source.encode()) < 1_000_000


def test_labels_cannot_break_out_of_the_page() -> None:
    plain, hostile = example(), example()
    for node in topological_order(hostile):
        node.label = "</script><!--<script>"
    tags = [re.findall(r"<[/!a-z]+", steps(loss).player().source) for loss in (plain, hostile)]
    assert sorted(tags[0]) == sorted(tags[1])


def test_saving(tmp_path: Path) -> None:
    player = steps(example()).player()
    player.save(tmp_path / "lesson.html")
    assert (tmp_path / "lesson.html").read_text(encoding="utf-8") == player.source
    with pytest.raises(ValueError, match=r"let the name end in \.html"):
        player.save(tmp_path / "lesson.pdf")
    with pytest.raises(FileNotFoundError, match="there is no folder"):
        player.save(tmp_path / "lessons" / "lesson.html")
    assert [file.name for file in tmp_path.iterdir()] == ["lesson.html"]


def test_a_notebook_shows_a_frame_and_where_it_is_stripped_the_state_after_the_last_step() -> None:
    player = steps(example()).player()
    shown = player._repr_html_()
    [picture] = re.findall(r'src="data:image/svg\+xml;base64,(.*?)"', shown)
    svg = html.unescape(base64.b64decode(picture).decode())
    assert "grad" in svg
    loss = example()
    loss.backward()
    assert all(with_minus(rounded(node.grad)) in svg for node in topological_order(loss))
    assert shown.count("<iframe") == 1
    assert shown.count('"') % 2 == 0
    assert 'save("lesson.html")' in repr(player)


def test_what_cannot_be_played_is_refused() -> None:
    with pytest.raises(ValueError, match=r"speaks 'en' .* and 'ko'"):
        steps(example()).player(language="fr")  # type: ignore[arg-type]
    x = Value(1.0)
    for _ in range(1000):
        x = x + 1
    with pytest.raises(ValueError, match="2,001 Values is too large to watch"):
        steps(x).player()


def test_a_neuron_has_parameters_and_what_is_made_of_them_up_to_the_activation() -> None:
    nodes = topological_order(network(4))
    neurons = {neuron.name: neuron for neuron in fold(nodes)}
    assert len(neurons) == 9
    hidden = neurons["1.2"]
    assert [x.label for x in hidden.nodes if x.is_leaf] == ["1.2.b", *(f"1.2.w{i}" for i in range(4))]
    assert [x.op.name for x in hidden.nodes if x.op] == [*["mul", "add"] * 4, "tanh"]
    assert set(hidden.inputs) == {neurons[f"0.{i}"].output for i in range(4)}


def test_what_the_rest_uses_in_several_places_is_not_folded() -> None:
    model = MLP(2, [4, 4, 1], rng=0)
    assert len(fold(topological_order(model([1.0, 2.0])))) == 9
    rows = model([1.0, 2.0]) + model([3.0, 4.0])  # every neuron but the last has an output for each row
    assert fold(topological_order(rows)) == []
    assert fold(topological_order(network(2))) == []  # small enough to be seen whole


def test_many_neurons_are_gathered_into_layers_which_hold_all_of_their_values() -> None:
    nodes = topological_order(network(12))
    neurons = fold(nodes)
    boxes = {box.name: box for box in gather(neurons, nodes)}
    assert boxes.keys() == {"0", "1", "2.0"}
    first, second = boxes["0"], boxes["1"]
    assert isinstance(first, Layer)
    assert {neuron.name for neuron in first.neurons} == {f"0.{i}" for i in range(12)}
    assert set(second.inputs) == {neuron.output for neuron in first.neurons}
    assert second.output in boxes["2.0"].inputs
    assert stand_ins(boxes.values()).keys() == stand_ins(neurons).keys()
    assert gather(neurons[:4], nodes) == neurons[:4]
    unnamed = [Neuron(f"n{i}", neuron.nodes) for i, neuron in enumerate(neurons)]
    assert gather(unnamed, nodes) == unnamed  # no dot: of no layer


def test_a_page_in_a_notebook_has_its_theme_and_says_what_to_do_where_it_is_not_trusted(
    browser: Any, tmp_path: Path
) -> None:
    file = tmp_path / "notebook.html"
    shown = steps(example()).player()._repr_html_()
    assert "<p>Run this cell to play it.</p>" in shown
    file.write_text(f'<!doctype html><body data-jp-theme-light="false">{shown}</body>', encoding="utf-8")
    context = browser.new_context(color_scheme="light")
    page = context.new_page()
    page.goto(file.as_uri())
    frame = page.frame_locator("iframe")
    ground = "found => getComputedStyle(found).backgroundColor"
    assert frame.locator("body").evaluate(ground) == "rgb(18, 21, 26)"
    assert page.locator("p").is_hidden()
    page.evaluate("document.body.dataset.jpThemeLight = 'true'")
    assert frame.locator("body").evaluate(ground) == "rgb(246, 247, 249)"
    page.evaluate("delete document.body.dataset.jpThemeLight")
    assert frame.locator("html").evaluate("found => found.dataset.theme") is None
    context.close()
