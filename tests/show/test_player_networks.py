"""The player's drawing in a browser: zoom, large graphs, networks that are folded."""

from pathlib import Path
from typing import Any

import pytest
from played import Page, network, tree

from autograd.graph import topological_order
from autograd.show.naming import place_of
from autograd.show.notation import rounded
from autograd.show.player.folding import fold


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
                const taken = Array.from({ length: 50 }, (_, i) => {
                    const start = performance.now();
                    go(400 + i);
                    document.body.getBoundingClientRect();
                    return performance.now() - start;
                });
                return Math.min(...taken); // of a machine that has other things to do
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
        assert sorted(names) == sorted(place_of(name) for name in neurons)
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
        stops = opened.page.locator("#stage > svg [tabindex]").count()
        assert stops > len(neurons)  # and leaves
        for _ in range(stops):  # each is reached by tab, and is in view then
            opened.press("Tab")
            opened.page.wait_for_timeout(400)
            box, frame = (opened.page.locator(x).bounding_box() for x in ("#stage > svg :focus", "#stage"))
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

        assert names() == ["layer 1", "layer 2", "layer 3, neuron 1"]
        dark = opened.page.evaluate("moments.map((_, i) => { go(i); return i && !document.querySelector('.to'); })")
        assert not any(dark)  # every step lights up the node that gets a number, or its box
        opened.press("End", "0")
        opened.page.click(f"#v{max(neurons[f'1.{i}'] for i in range(12))}")
        assert names() == sorted(f"layer 2, neuron {i + 1}" for i in range(12))
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
        assert names() == ["layer 1", "layer 2", "layer 3, neuron 1"]
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


def test_a_network_is_played_by_layer_by_neuron_or_by_number(browser: Any, tmp_path: Path) -> None:
    nodes = topological_order(network(12))
    with Page(browser, tmp_path, network(12)) as opened:
        # by layer: start, three layers (the last a neuron), the loss, the seed, and back
        assert opened.page.locator("#list li").count() == 1 + 3 + 2 + 1 + 2 + 3
        opened.press("ArrowRight", "ArrowRight")
        assert opened.text("phase") == "Forward pass · layer 2"
        assert opened.text("sentence") == (
            "layer 2: each of its 12 neurons multiplies the same 12 inputs by weights of its own, and adds all up with "
            "its bias."
        )
        assert opened.text("here") == ""
        opened.click("open-work")
        assert (opened.text("here"), opened.page.input_value("#level")) == ("layer 2", "neuron")
        boxes = opened.page.eval_on_selector_all("#stage .neuron", "all => all.map((x) => x.getBoundingClientRect().y)")
        names = opened.page.locator(".neuron text:first-of-type").all_text_contents()
        assert [name for _, name in sorted(zip(boxes, names, strict=True))] == [
            f"layer 2, neuron {i}" for i in range(1, 13)
        ]
        assert opened.text("phase") == "Forward pass · layer 2, neuron 1"
        opened.press("ArrowRight")
        assert opened.text("sentence").startswith(
            "layer 2, neuron 2 multiplies each of its 12 inputs by a weight, adds all up with its bias, "
        )
        opened.click("open-work")
        assert (opened.text("here"), opened.page.input_value("#level")) == ("layer 2, neuron 2", "scalar")
        assert opened.text("close") == "\N{LEFTWARDS ARROW} layer 2"
        assert opened.text("sentence").startswith("product_1 = w0 * (layer 1, neuron 1) = ")
        opened.page.select_option("#level", "neuron")
        opened.press("End", "ArrowLeft")
        said = opened.text("sentence")
        assert said.startswith("layer 1, neuron 2 passes its gradient ")
        assert said.endswith("to each of its 3 parameters its share, and no further: its inputs are data.")
        opened.press(*["ArrowLeft"] * 11)
        assert opened.text("sentence").endswith("and on to its 12 inputs.")
        assert opened.text("reason").startswith("A weight gets the sum's gradient times its input")
        opened.click("predict")  # which asks for numbers
        assert opened.page.input_value("#level") == "scalar"
        opened.eventually("location.hash.includes('by=scalar')")
        opened.page.evaluate("setLevel('nonsense')")
        assert opened.page.evaluate("[level, moments.length]") == [
            "scalar",
            2 + sum((1 + sum(x.requires_grad for x in node.inputs)) for node in nodes if node.op),
        ]


def test_weights_are_as_strong_as_they_are_and_dashed_below_0(browser: Any, tmp_path: Path) -> None:
    loss = network(4)
    weights = {node.label: node.data for node in topological_order(loss) if node.is_leaf and node.requires_grad}
    largest = max(abs(w) for name, w in weights.items() if ".w" in name)
    with Page(browser, tmp_path, loss) as opened:
        shown = opened.page.evaluate(
            """[...document.querySelectorAll('#stage .weight')].map((x) => (
                (x.matches('.minus') ? -1 : 1) * Number(x.style.getPropertyValue('--weight'))
            ))"""
        )
        expected = [w / largest for name, w in weights.items() if ".w" in name]
        assert sorted(shown) == pytest.approx(sorted(expected), abs=1e-3)
        opened.page.evaluate("go(6)")
        faded = "[...drawing.querySelectorAll('.weight:not(.lit) path')].map((x) => getComputedStyle(x).opacity)"
        assert set(opened.page.evaluate(faded)) == {"0.1"}
        assert opened.violations() == []


def test_a_phone_has_the_buttons_of_a_network_on_one_line(browser: Any, tmp_path: Path) -> None:
    for language in ("en", "ko"):
        with Page(browser, tmp_path, network(16), language, viewport={"width": 390, "height": 844}) as opened:
            tops = {
                opened.page.locator(f"#{name}").bounding_box()["y"]
                for name in ("first", "back", "forward", "last", "level")
            }
            assert max(tops) - min(tops) < 1
            slider, speed = (opened.page.locator(f"#{name}").bounding_box() for name in ("slider", "speed"))
            assert slider["width"] > 120
            assert speed["y"] < slider["y"] + slider["height"] < min(tops)


def test_work_that_has_left_the_open_box_is_offered_to_be_opened(browser: Any, tmp_path: Path) -> None:
    with Page(browser, tmp_path, network(12)) as opened:
        opened.press("ArrowRight", "ArrowRight")
        opened.click("open-work")
        assert opened.page.locator("#open-work").inner_text() == "Open layer 2, neuron 1"
        opened.press(*["ArrowLeft"] * 3)  # the last of the layer before
        assert (opened.text("here"), opened.text("open-work")) == ("layer 2", "Open layer 1")
        opened.press(*["ArrowRight"] * 4)
        opened.click("open-work")
        assert (opened.text("here"), opened.page.locator("#open-work").is_hidden()) == ("layer 2, neuron 2", True)
        while opened.text("phase").endswith("neuron 2"):
            opened.press("ArrowRight")
        assert opened.text("open-work") == "Open layer 2, neuron 3"
        opened.click("open-work")
        assert (opened.text("here"), opened.text("close")) == ("layer 2, neuron 3", "\N{LEFTWARDS ARROW} layer 2")
        assert opened.lit("to")
        opened.press("End")
        assert opened.text("open-work").startswith("Open layer 1, neuron ")
        opened.page.select_option("#level", "layer")
        opened.press("Home", *["ArrowRight"] * 3)
        assert opened.text("open-work") == "Open layer 3, neuron 1"
        opened.click("open-work")
        assert opened.text("close") == "\N{LEFTWARDS ARROW} The whole"
        opened.press("Home")
        assert opened.page.locator("#open-work").is_hidden()
    with Page(browser, tmp_path, network(4)) as opened:  # neurons without boxes around them
        opened.press("ArrowRight")
        opened.click("open-work")
        opened.page.evaluate("setLevel('neuron')")
        opened.press("ArrowRight")
        opened.click("open-work")
        assert (opened.text("here"), opened.text("close")) == ("layer 1, neuron 2", "\N{LEFTWARDS ARROW} The whole")


@pytest.mark.parametrize("size", [(360, 740), (820, 1180), (844, 390), (1280, 800)])
@pytest.mark.parametrize("language", ["en", "ko"])
def test_the_ways_back_and_on_can_be_read(browser: Any, tmp_path: Path, language: str, size: tuple[int, int]) -> None:
    width, height = size
    with Page(browser, tmp_path, network(12), language, viewport={"width": width, "height": height}) as opened:
        opened.press("ArrowRight", "ArrowRight")
        opened.click("open-work")
        opened.press("ArrowRight")
        opened.click("open-work")
        opened.page.evaluate("setLevel('neuron')")
        opened.press("ArrowRight")
        assert opened.page.locator("#open-work").is_visible()
        for name in ("places", "close", "here", "open-work"):
            across, down = opened.page.evaluate(
                f"(({{ scrollWidth, clientWidth, scrollHeight, clientHeight }}) => "
                f"[scrollWidth - clientWidth, scrollHeight - clientHeight])(element('{name}'))"
            )
            assert name == "here" or across <= 0, name
            assert down <= 0 or name == "here", name
        assert opened.page.locator("#places").bounding_box()["height"] < (66 if width == 360 else 50)
        assert opened.violations() == []
