"""The player: what is in the page, and the page itself in a browser."""

import base64
import html
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from pages import OpenPage

from autograd import Value, steps, tanh
from autograd.graph import topological_order
from autograd.show.notation import rounded
from autograd.show.player import Player
from autograd.show.player.folding import Layer, Neuron, fold, gather, stand_ins
from nn import MLP

LABELS = [
    "</script><script>window.injected = 1</script>",
    "<img src=x onerror='window.injected = 1'>",
    "<!--<script>",
    "\"quoted\" 'twice' & &amp; \\N ${lesson} $script {node}",
    "two\nlines\tand\x00more\u202eesrever",
    "a" * 500,
    "מספר ראשון",
    "👩‍🔬🧪",
    "한글",
    "__proto__",
]


def example() -> Value:
    """tanh(a * b + c) * a: one Value is used twice, and the forward pass takes 4 steps, the backward pass 7."""
    a, b, c = Value(0.5, label="a"), Value(-3.0, label="b"), Value(1.0, label="c")
    loss = tanh(a * b + c) * a
    loss.label = "loss"
    return loss


def network(hidden: int) -> Value:
    loss = (MLP(2, [hidden, hidden, 1], activation="tanh", rng=0)([0.5, -1.0]) - 1) ** 2
    loss.label = "loss"
    return loss


def embedded(player: Player) -> Any:
    [lesson] = re.findall(r'<script type="application/json" id="lesson">(.*?)</script>', player.source, re.DOTALL)
    return json.loads(lesson)


# The page


def test_nothing_happens_to_the_graph() -> None:
    loss = example()
    loss.backward()
    before = [node.grad for node in topological_order(loss)]
    walk = steps(loss)
    walk.player()
    assert [node.grad for node in topological_order(loss)] == before
    assert next(walk).node is loss


def test_the_page_has_the_steps_of_both_passes_with_gradients_from_zero() -> None:
    loss = example()
    loss.backward()
    lesson = embedded(steps(loss).player())
    nodes = topological_order(loss)
    assert [node["name"] for node in lesson["nodes"]][:2] == ["a", "b"]
    assert [step["node"] for step in lesson["forward"]] == [i for i, node in enumerate(nodes) if node.op]
    finally_ = {step["operand"]: step["after"] for step in lesson["backward"]}
    assert finally_ == {i: rounded(node.grad) for i, node in enumerate(nodes[:-1])}


def test_the_forward_pass_alone() -> None:
    lesson = embedded(steps(example(), forward=True).player())
    assert (len(lesson["forward"]), lesson["backward"], lesson["gradients"]) == (4, [], False)


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
    assert all(rounded(node.grad) in svg for node in topological_order(loss))
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


# In a browser


class Page(OpenPage):
    """A page in the browser that plays `loss`."""

    def __init__(
        self, browser: Any, folder: Path, loss: Value, language: str = "en", forward_only: bool = False, **context: Any
    ) -> None:
        file = folder / "lesson.html"
        steps(loss, forward=forward_only).player(language=language).save(file)  # type: ignore[arg-type]
        self.loss = loss
        super().__init__(browser, file, **context)

    def numbers(self, i: int) -> dict[str, str]:
        """Data and gradient that the drawing shows for the i-th Value."""
        texts = self.page.locator(f"#v{i} text").all_text_contents()
        pairs = [text.replace("\xa0", " ").split() for text in texts[-2:]]
        return dict(pairs)

    def lit(self, part: str) -> set[str]:
        return set(self.page.eval_on_selector_all(f"#stage .{part}", "found => found.map(x => x.id)"))


@pytest.fixture
def page(browser: Any, tmp_path: Path) -> Iterator[Page]:
    with Page(browser, tmp_path, example()) as opened:
        yield opened


def test_the_numbers_after_the_last_step_are_those_of_backward(page: Page) -> None:
    page.click("last")
    page.loss.backward()
    for i, node in enumerate(topological_order(page.loss)):
        assert page.numbers(i) == {"data": rounded(node.data), "grad": rounded(node.grad)}


def test_numbers_fill_in_step_by_step(page: Page) -> None:
    assert [page.numbers(i)["data"] for i in range(7)] == ["0.5", "-3", "·", "1", "·", "·", "·"]
    page.click("forward")
    assert (page.numbers(2), page.numbers(4)["data"]) == ({"data": "-1.5", "grad": "·"}, "·")
    page.press(*["ArrowRight"] * 4)
    assert [page.numbers(i)["grad"] for i in range(7)] == [*"000000", "1"]
    page.press("ArrowRight")
    assert page.numbers(5) == {"data": "-0.4621", "grad": "0.5"}
    page.press("ArrowLeft", "ArrowLeft")
    assert page.numbers(6)["grad"] == "·"


def test_a_forward_pass_alone_has_no_gradients(browser: Any, tmp_path: Path) -> None:
    with Page(browser, tmp_path, example(), forward_only=True) as opened:
        opened.press("End")
        assert (opened.text("count"), opened.text("phase")) == ("4 / 4", "Forward pass")
        assert "grad" not in opened.text("stage") + opened.text("list")


def test_what_is_at_work_is_lit(page: Page) -> None:
    page.press(*["ArrowRight"] * 6)
    assert (page.lit("from"), page.lit("to"), page.lit("edge-at-work")) == ({"v6"}, {"v5"}, {"o6", "e6", "e6-0"})
    page.press("ArrowRight")
    assert (page.lit("to"), page.lit("passed")) == ({"v0"}, {"o6", "e6", "e6-0"})
    page.press("Home", "ArrowRight")
    assert (page.lit("from"), page.lit("to")) == (set(), {"v2"})
    assert page.lit("edge-at-work") == {"o2", "e2", "e2-0", "e2-1"}


def test_the_line_of_the_chain_rule_is_spelled_out(page: Page) -> None:
    page.press(*["ArrowRight"] * 2)
    assert page.text("sentence") == "a * b + c = -1.5 + 1 = -0.5"
    page.press(*["ArrowRight"] * 6)
    upstream = "0.5"
    assert page.text("sentence") == (
        f"tanh(a * b + c) passes its gradient {upstream} on to a * b + c, "
        "times d(tanh(a * b + c))/d(a * b + c) = 0.7864."
    )
    assert page.text("reason") == "d(tanh(a * b + c))/d(a * b + c) = 1 - tanh(a * b + c)**2 = 1 - (-0.4621)**2 = 0.7864"
    tiles = page.page.locator("#equation strong").all_text_contents()
    assert tiles == ["0", upstream, "0.7864", "0.3932"]


def test_every_control(page: Page) -> None:
    last = 12
    for name, position in [("forward", 1), ("forward", 2), ("back", 1), ("last", last), ("first", 0)]:
        page.click(name)
        assert page.position == position
        ends = {"first": 0, "back": 0, "forward": last, "last": last}
        for end, where in ends.items():
            assert page.page.get_attribute(f"#{end}", "aria-disabled") == str(position == where).lower()
    page.page.fill("#slider", "7")
    assert page.position == 7
    page.page.click("#list li:nth-child(4) button")
    assert page.position == 3
    assert page.page.inner_text("#list [aria-current]") == page.page.inner_text("#list li:nth-child(4) button")


def test_playing_runs_to_the_end_and_starts_again_from_there(page: Page) -> None:
    page.page.select_option("#speed", "16")
    page.click("play")
    assert page.page.get_attribute("#play", "aria-label") == "Pause (space)"
    assert page.page.get_attribute("#sentence", "aria-live") == "off"
    page.page.wait_for_selector("#count:text-is('12 / 12')")
    assert page.page.get_attribute("#play", "aria-label") == "Play (space)"
    assert page.page.get_attribute("#sentence", "aria-live") == "polite"
    page.click("play")
    assert page.position < 12
    page.click("play")
    paused = page.position
    page.page.wait_for_timeout(300)
    assert page.position == paused


def test_the_keyboard(page: Page) -> None:
    page.press("ArrowRight", "ArrowRight", "ArrowLeft")
    assert page.position == 1
    page.press("End")
    assert page.position == 12
    page.press("Home")
    assert page.position == 0
    page.press(" ")
    assert page.page.get_attribute("#play", "aria-label") == "Pause (space)"
    page.press(" ")
    assert page.page.get_attribute("#play", "aria-label") == "Play (space)"
    page.page.focus("#slider")
    page.press("ArrowRight")
    assert page.position == 1
    page.page.focus("#forward")
    page.press("Enter", " ")
    assert page.position == 3
    page.page.focus("#speed")
    page.press("ArrowDown")
    assert (page.position, page.page.input_value("#speed")) == (3, "2")


def test_every_control_is_reached_by_tab_and_has_a_name(page: Page) -> None:
    page.press("End")
    reached = []
    for _ in range(40):
        page.press("Tab")
        reached.append(page.page.evaluate("document.activeElement.id || document.activeElement.value"))
    controls = {"en", "ko", "stage", "zoom-in", "zoom-out", "fit", "list"}
    assert set(reached) >= controls | {"first", "back", "play", "forward", "last", "slider", "speed"}


def test_zoom_and_pan(page: Page) -> None:
    def view() -> list[float]:
        """The point in the middle, and the scale."""
        return page.page.evaluate("[view.x, view.y, view.scale]")  # type: ignore[no-any-return]

    def width() -> float:
        return float(page.page.locator("#v6").bounding_box()["width"])

    whole, root = view(), width()
    page.click("zoom-in")
    near = view()
    assert (near[2], width()) == (pytest.approx(whole[2] * 1.3), pytest.approx(root * 1.3, rel=0.01))
    page.press("Shift+ArrowRight")
    assert (view()[0] > near[0], page.position) == (True, 0)
    page.press("0")
    assert view() == whole
    page.press("+")
    assert view() == near
    page.press("-")
    assert view() == pytest.approx(whole)
    box = page.page.locator("#stage").bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.page.mouse.move(x, y)
    page.page.mouse.down()
    page.page.mouse.move(x - 30, y - 10)
    page.page.mouse.up()
    assert view()[0] > whole[0]
    page.click("fit")
    page.page.focus("#stage")
    page.page.mouse.move(x, y)
    page.page.mouse.wheel(0, -200)
    page.page.wait_for_timeout(100)
    assert view()[2] > whole[2]


def tree(leaves: int) -> Value:
    """A graph of 5 * leaves - 4 Values that has nothing to fold."""
    values = [Value(1 + i / leaves) for i in range(leaves)]
    while len(values) > 1:
        values = [tanh(a * b * 2) for a, b in zip(values[::2], values[1::2], strict=True)]
    return values[0]


def test_a_large_graph_starts_legible_follows_what_is_at_work_and_plays_smoothly(browser: Any, tmp_path: Path) -> None:
    with Page(browser, tmp_path, tree(2**7), reduced_motion="reduce") as opened:
        height = opened.page.locator("#v0 text >> nth=0").bounding_box()["height"]
        assert height > 8
        frame = opened.page.locator("#stage").bounding_box()
        for key in ("ArrowRight", "End", "ArrowLeft"):
            opened.press(key)
            for part in opened.lit("to"):
                box = opened.page.locator(f"#{part}").bounding_box()
                assert frame["x"] <= box["x"] <= box["x"] + box["width"] <= frame["x"] + frame["width"]
                assert frame["y"] <= box["y"] <= box["y"] + box["height"] <= frame["y"] + frame["height"]
        milliseconds = opened.page.evaluate(
            """() => {
                const start = performance.now();
                for (let i = 0; i < 50; i++) { go(400 + i); document.body.getBoundingClientRect(); }
                return (performance.now() - start) / 50;
            }"""
        )
        assert milliseconds < 100  # which is the time between two steps at the highest speed


def test_a_network_is_folded_into_neurons_that_open(browser: Any, tmp_path: Path) -> None:
    loss = network(4)
    loss.backward()
    nodes = topological_order(loss)
    neurons = {neuron.name: nodes.index(neuron.output) for neuron in fold(nodes)}
    with Page(browser, tmp_path, loss) as opened:
        names = opened.page.locator(".neuron text:first-of-type").all_text_contents()
        assert sorted(names) == sorted(neurons)
        dark = opened.page.evaluate("moments.map((_, i) => { go(i); return i && !document.querySelector('.to'); })")
        assert not any(dark)  # every step lights up the node that gets a number, or its box

        opened.press("End")
        box = neurons["0.3"]
        output = {"data": rounded(nodes[box].data), "grad": rounded(nodes[box].grad)}
        assert opened.numbers(box) == output
        opened.press("0")
        opened.page.click(f"#v{box}")
        assert opened.numbers(box) == output
        assert opened.page.locator(".neuron").count() == 0
        weight = next(i for i, node in enumerate(nodes) if node.label == "0.3.w1")
        assert opened.numbers(weight) == {"data": rounded(nodes[weight].data), "grad": rounded(nodes[weight].grad)}
        opened.press("Escape")
        assert opened.page.evaluate("document.activeElement.id") == f"v{box}"
        opened.press("Enter")
        assert opened.page.locator(f"#v{weight}").is_visible()
        opened.click("close")
        assert opened.page.locator(".neuron").count() == 9
        assert opened.page.locator("#close").is_hidden()
        for zoom in "+++":
            opened.press(zoom)
        opened.page.focus("#stage")
        for _ in neurons:  # each is reached by tab, and is in view then
            opened.press("Tab")
            opened.page.wait_for_timeout(400)
            box, frame = (opened.page.locator(x).bounding_box() for x in (".neuron:focus", "#stage"))
            assert frame["x"] <= box["x"] <= box["x"] + box["width"] <= frame["x"] + frame["width"]
            assert frame["y"] <= box["y"] <= box["y"] + box["height"] <= frame["y"] + frame["height"]
        opened.page.mouse.move(500, 300)
        opened.page.mouse.down()
        opened.page.mouse.move(560, 320)
        opened.page.mouse.up()
        assert opened.page.locator("#close").is_hidden()  # that was a move, not a click


def test_a_larger_network_is_folded_into_layers_that_open_into_neurons_that_open(browser: Any, tmp_path: Path) -> None:
    loss = network(12)
    loss.backward()
    nodes = topological_order(loss)
    neurons = {neuron.name: nodes.index(neuron.output) for neuron in fold(nodes)}
    weight = next(i for i, node in enumerate(nodes) if node.label == "1.3.w1")
    with Page(browser, tmp_path, loss) as opened:

        def names() -> list[str]:
            return sorted(opened.page.locator(".neuron text:first-of-type").all_text_contents())

        assert names() == ["0", "1", "2.0"]
        dark = opened.page.evaluate("moments.map((_, i) => { go(i); return i && !document.querySelector('.to'); })")
        assert not any(dark)  # every step lights up the node that gets a number, or its box
        opened.press("End", "0")
        opened.page.click(f"#v{max(neurons[f'1.{i}'] for i in range(12))}")
        assert names() == sorted(f"1.{i}" for i in range(12))
        assert opened.numbers(neurons["0.5"]) == {
            "data": rounded(nodes[neurons["0.5"]].data),
            "grad": rounded(nodes[neurons["0.5"]].grad),
        }
        opened.press("0")
        opened.page.click(f"#v{neurons['1.3']}")
        assert names() == []
        assert opened.numbers(weight) == {"data": rounded(nodes[weight].data), "grad": rounded(nodes[weight].grad)}
        opened.press("Escape")
        assert opened.page.evaluate("document.activeElement.id") == f"v{neurons['1.3']}"
        opened.click("close")
        assert names() == ["0", "1", "2.0"]
        assert opened.page.locator("#close").is_hidden()


def test_a_neuron_opens_on_a_tap(browser: Any, tmp_path: Path) -> None:
    phone = {"viewport": {"width": 390, "height": 740}, "has_touch": True, "is_mobile": True}
    with Page(browser, tmp_path, network(4), **phone) as opened:
        opened.page.tap(".neuron >> nth=0")
        assert opened.page.locator("#close").is_visible()
        opened.page.tap("#close")
        assert opened.page.locator("#close").is_hidden()


def test_two_fingers_zoom_and_move_the_drawing_and_not_the_page(browser: Any, tmp_path: Path) -> None:
    phone = {"viewport": {"width": 390, "height": 740}, "has_touch": True, "is_mobile": True}
    with Page(browser, tmp_path, network(4), **phone) as opened:
        touch = opened.context.new_cdp_session(opened.page)
        box = opened.page.locator("#stage").bounding_box()
        x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2

        def fingers(kind: str, *places: tuple[float, float]) -> None:
            points = [{"x": x + dx, "y": y + dy, "id": i} for i, (dx, dy) in enumerate(places)]
            touch.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})

        def view() -> Any:  # once the events have been seen to
            seen = "new Promise((seen) => requestAnimationFrame(() => requestAnimationFrame(seen)))"
            return opened.page.evaluate(f"{seen}.then(() => [view.x, view.y, view.scale])")

        opened.page.evaluate("Object.assign(view, { x: graphWidth / 2, y: graphHeight / 2, scale: 1 })")
        middle_x, middle_y, _ = view()
        fingers("touchStart", (-30, 0), (30, 0))
        for spread in (40, 50, 60):
            fingers("touchMove", (-spread, 0), (spread, 0))
        assert view() == pytest.approx([middle_x, middle_y, 2.0], abs=2)  # the middle stays where it is
        assert view()[2] == pytest.approx(2.0)
        fingers("touchMove", (-60, -20), (60, -20))
        assert view() == pytest.approx([middle_x, middle_y + 10, 2.0], abs=2)
        fingers("touchEnd")
        assert opened.page.evaluate("[visualViewport.scale, scrollY]") == [1, 0]
        assert opened.page.locator("#close").is_hidden()  # that was no tap


@pytest.mark.parametrize("language", ["en", "ko"])
def test_it_starts_in_the_language_of_the_environment(language: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LANGUAGE", language)
    assert steps(example()).player().source == steps(example()).player(language=language).source  # type: ignore[arg-type]
    assert f'<html lang="{language}">' in steps(example()).player().source


def test_both_languages(browser: Any, tmp_path: Path) -> None:
    with Page(browser, tmp_path, example(), language="ko") as opened:
        assert opened.page.get_attribute("html", "lang") == "ko"
        opened.press("End")
        assert opened.text("phase") == "역전파"
        assert "기울기" in opened.text("sentence")
        assert opened.page.get_attribute("#play", "aria-label") == "재생 (스페이스)"
        opened.page.click("#languages [value=en]")
        assert opened.page.get_attribute("html", "lang") == "en"
        assert (opened.text("phase"), opened.position) == ("Backward pass", 12)
        assert opened.page.get_attribute("#play", "aria-label") == "Play (space)"
        opened.page.click("#languages [value=ko]")
        assert opened.page.get_attribute("#languages [value=ko]", "aria-pressed") == "true"
        assert opened.text("phase") == "역전파"


def test_both_languages_have_the_same_words(page: Page) -> None:
    keys = page.page.evaluate("Object.values(WORDS).map(words => Object.keys(words).sort().join())")
    assert len(set(keys)) == 1


@pytest.mark.parametrize("label", LABELS)
def test_any_label_is_shown_as_it_is_and_injects_nothing(browser: Any, tmp_path: Path, label: str) -> None:
    x, y = Value(2.0, label=label), Value(3.0, label="y")
    loss = x * y
    loss.label = label
    with Page(browser, tmp_path, loss) as opened:
        opened.press("End", "ArrowLeft")
        assert opened.page.evaluate("window.injected") is None
        assert opened.page.locator("img").count() == 0
        name = opened.page.evaluate("lesson.nodes[0].name")
        assert name in opened.page.text_content("#sentence")
        assert opened.page.text_content("h1") == name
        wide, window = opened.page.evaluate("[document.documentElement.scrollWidth, innerWidth]")
        assert wide <= window


@pytest.mark.parametrize("width", [320, 390, 1200])
def test_nothing_sticks_out_of_a_phone_or_a_desktop(browser: Any, tmp_path: Path, width: int) -> None:
    with Page(browser, tmp_path, example(), viewport={"width": width, "height": 740}) as opened:
        opened.press("End")
        assert opened.page.evaluate("document.documentElement.scrollWidth") <= width
        for name in ("first", "back", "play", "forward", "last", "slider", "speed", "stage"):
            box = opened.page.locator(f"#{name}").bounding_box()
            assert 0 <= box["x"] <= box["x"] + box["width"] <= width
            assert 0 <= box["y"] <= box["y"] + box["height"] <= 740


def test_reduced_motion(browser: Any, tmp_path: Path) -> None:
    for motion, animations in (("no-preference", 2), ("reduce", 0)):
        with Page(browser, tmp_path, example(), reduced_motion=motion) as opened:
            opened.press("End")
            assert opened.page.evaluate("document.getAnimations().length") == animations


def test_without_scripts_the_picture_remains(browser: Any, tmp_path: Path) -> None:
    with Page(browser, tmp_path, example(), java_script_enabled=False) as opened:
        assert opened.page.locator("#stage > svg").is_visible()
        assert not opened.page.locator("#controls").is_visible()


def test_a_notebook_page_plays_in_its_frame_and_hides_the_picture(browser: Any, tmp_path: Path) -> None:
    file = tmp_path / "notebook.html"
    style = "<style>body > img { display: block }</style>"  # as JupyterLab has it
    file.write_text(f"<!doctype html>{style}<body>{steps(example()).player()._repr_html_()}</body>", encoding="utf-8")
    page = browser.new_page()
    page.goto(file.as_uri())
    page.wait_for_selector("img", state="hidden")
    frame = page.frame_locator("iframe")
    frame.locator("#last").click()
    assert frame.locator("#count").inner_text() == "12 / 12"
    page.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(("width", "language", "loss"), [(1200, "en", network(4)), (390, "ko", example())])
def test_axe_finds_nothing(browser: Any, tmp_path: Path, scheme: str, width: int, language: str, loss: Value) -> None:
    view = {"viewport": {"width": width, "height": 760}, "color_scheme": scheme}
    with Page(browser, tmp_path, loss, language, **view) as opened:
        for key in ("Home", "ArrowRight", "End"):
            opened.press(key)
            assert opened.violations() == []
