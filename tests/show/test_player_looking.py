"""What the page says of numbers, and how its parts are found: linked looking, the list by keys, paper."""

from pathlib import Path
from typing import Any

import pytest
from played import Page

from autograd import Value, log, maximum, relu, tanh

TIMES = "\N{MULTIPLICATION SIGN}"


def gate(a: float = 1.5, b: float = 2.0) -> Value:
    x, y = Value(a, label="a"), Value(b, label="b")
    loss = relu(x * y) * x
    loss.label = "loss"
    return loss


def at(browser: Any, folder: Path, loss: Value, step: int, **context: Any) -> Page:
    opened = Page(browser, folder, loss, **context)
    opened.page.evaluate(f"go({step})")
    return opened


def test_the_chain_rule_in_words_says_why_one_multiplies_and_why_one_adds(browser: Any, tmp_path: Path) -> None:
    with at(browser, tmp_path, gate(), 6) as opened:
        assert opened.text("sentence") == (
            "When a rises a tiny bit, loss rises 3 times as much. The gradient of loss itself is 1, so: "
            f"1 {TIMES} 3 = 3. That is what it does directly; but a is used in 2 places."
        )
        opened.press("ArrowRight", "ArrowRight")
        assert opened.text("sentence") == (
            "When a rises a tiny bit, a * b rises 2 times as much; and when a * b rises a tiny bit, loss rises 1.5 "
            f"times as much. The first change brings about the second, so the factors multiply: 1.5 {TIMES} 2 = 3. "
            "But a is used in 2 places: when it rises, loss rises 3 times as much directly and rises 3 times as much "
            "through a * b, at the same time. So add: 3 + 3 = 6. That is the gradient of a."
        )
        captions = opened.page.locator("#equation small").all_text_contents()
        assert captions == ["gradient of a so far", "gradient of a * b", "d(a * b)/d(a)", "gradient of a"]
        change = f"by 0.0602 ≈ 6 {TIMES} 0.01"
        tried = f"Try it: a from 1.5 to 1.51 takes loss from 4.5 to 4.5602, {change}"
        assert opened.text("reason").splitlines() == ["The rule: d(a * b)/d(a) = b = 2", tried]
        opened.press("ArrowRight")  # b is used once, and the rule is that of its operation
        assert "gradient of b so far" not in opened.text("equation")
        assert opened.text("reason").endswith(f"takes a * b from 3 to 3.015, by 0.015 = 1.5 {TIMES} 0.01")
        assert opened.page.evaluate("data.every((x, i) => Object.is(x, given[i]))")  # trying leaves no trace


def test_a_number_used_in_many_places_names_the_last_ways_and_counts_the_others(browser: Any, tmp_path: Path) -> None:
    a = Value(2.0, label="a")
    loss = a * 3 + a * 5 - a + a * 7
    with at(browser, tmp_path, loss, 0) as opened:
        opened.press("End")
        assert "used in 4 places: when it rises, " in opened.text("sentence")
        assert " times as much through 2 others and rises " in opened.text("sentence")
        assert "= 14. That is the gradient of a." in opened.text("sentence")


def test_the_start_says_what_the_colours_are_and_the_legend_only_what_is_there(browser: Any, tmp_path: Path) -> None:
    with at(browser, tmp_path, gate(), 0) as opened:
        assert opened.text("sentence").startswith("The blue boxes are parameters: numbers that may be tuned. Drag")
        assert "input" not in opened.text("legend")
        opened.press(*["ArrowRight"] * 4)
        assert opened.text("sentence").startswith("Now backwards. The gradient of a number tells what loss does")
        assert opened.text("reason").startswith("grad: gradient. d(y)/d(x): how many times")
    with at(browser, tmp_path, Value(1.0, label="w") ** 2, 1) as opened:
        assert opened.text("reason") == "** means: to the power of"
        assert "fixed number" in opened.text("legend")


def test_nothing_is_tried_at_a_kink(browser: Any, tmp_path: Path) -> None:
    with at(browser, tmp_path, relu(Value(0.0, label="a")), 0) as opened:
        opened.press("End")
        assert "Try it" not in opened.text("reason")
        assert opened.text("sentence").startswith("When a rises a tiny bit, loss stays as it is.")


@pytest.mark.parametrize(
    ("a", "why"),
    [
        (1.5, "= 1, since 3 > 0, so relu lets it through"),
        (-1.5, "= 0, since -3 <= 0, so relu lets nothing through"),
    ],
)
def test_a_choice_gives_its_reason(browser: Any, tmp_path: Path, a: float, why: str) -> None:
    with at(browser, tmp_path, gate(a), 7) as opened:
        assert opened.text("reason").splitlines()[0] == f"The rule: d(relu(a * b))/d(a * b) {why}"


@pytest.mark.parametrize(
    ("b", "why"),
    [
        (1.0, "= 1, since 2 >= 1, 2 != 1, so max lets it through"),
        (2.0, "= 0.5, since 2 == 2"),
        (3.0, "= 0, since 2 < 3, so max lets nothing through"),
    ],
)
def test_a_tie_gives_its_reason(browser: Any, tmp_path: Path, b: float, why: str) -> None:
    with at(browser, tmp_path, maximum(Value(2.0, label="a"), Value(b, label="b")), 3) as opened:
        assert opened.text("reason").splitlines()[0] == f"The rule: d(loss)/d(a) {why}"


def test_where_numbers_cease_to_be_finite_is_said(browser: Any, tmp_path: Path) -> None:
    a = Value(0.0, label="a")
    with at(browser, tmp_path, log(a) * 2, 1) as opened:
        assert opened.text("sentence") == "log(a) = log(0) = -inf. Here a number is no longer finite."
        opened.press("ArrowRight")
        assert "finite" not in opened.text("sentence")
        opened.press("End")
        assert opened.text("sentence").endswith("Here a number is no longer finite.")


def linked(page: Page) -> list[str]:
    script = "found => found.map(x => x.id || x.closest('[id]').id)"
    return sorted(page.page.eval_on_selector_all(".linked", script))


def test_what_belongs_to_one_value_lights_up_together(browser: Any, tmp_path: Path) -> None:
    with at(browser, tmp_path, gate(), 6) as opened:
        opened.page.hover("#v0")
        everywhere = ["equation", "equation", "list", "list", "parameters", "v0"]
        assert linked(opened) == everywhere
        opened.page.hover("#count")
        assert linked(opened) == []
        opened.page.focus("#list [aria-current]")
        assert linked(opened) == everywhere
        opened.page.hover("#equation .from")
        assert "v4" in linked(opened)


def test_the_list_is_one_stop_for_tab_and_arrows_go_through_it(browser: Any, tmp_path: Path) -> None:
    with at(browser, tmp_path, gate(), 0) as opened:
        assert opened.page.locator("#list button[tabindex='0']").count() == 1
        opened.page.focus("#list [aria-current]")
        opened.press("ArrowDown", "ArrowDown", "ArrowUp")
        assert opened.position == 1
        assert opened.page.evaluate("document.activeElement.getAttribute('aria-current')") == "step"
        opened.press("Shift+ArrowDown")
        assert opened.position == 1


def test_paper_shows_the_whole_graph_in_ink(browser: Any, tmp_path: Path) -> None:
    with at(browser, tmp_path, gate(), 9, color_scheme="dark") as opened:
        opened.click("zoom-in")
        opened.page.emulate_media(media="print")
        opened.page.set_viewport_size({"width": 700, "height": 1000})
        for node in ("v0", "v4"):
            box = opened.page.locator(f"#{node}").bounding_box()
            assert 0 <= box["x"] < box["x"] + box["width"] <= 700
        for name in ("controls", "zoom", "save", "languages", "update"):
            assert opened.page.locator(f"#{name}").is_hidden()
        assert opened.page.evaluate("getComputedStyle(document.querySelector('#v0 text')).fill") == "rgb(28, 36, 48)"
        assert opened.page.locator("#list li").last.is_visible()


def test_the_derivative_by_something_called_d(browser: Any, tmp_path: Path) -> None:
    a, d = Value(1.0, label="a"), Value(2.0, label="d")
    with at(browser, tmp_path, a * d, 4) as opened:
        assert "d(loss)/d(d)" in opened.text("reason")


def test_a_swipe_on_the_drawing_scrolls_the_page_of_a_phone(browser: Any, tmp_path: Path) -> None:
    phone = {"viewport": {"width": 390, "height": 700}, "has_touch": True, "is_mobile": True}
    with at(browser, tmp_path, gate(), 0, **phone) as opened:
        touch = opened.context.new_cdp_session(opened.page)
        for dy in range(0, 105, 15):
            points = [{"x": 60, "y": 90 - dy, "id": 0}]
            touch.send("Input.dispatchTouchEvent", {"type": "touchMove" if dy else "touchStart", "touchPoints": points})
        touch.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
        opened.eventually("scrollY > 30")


def test_the_play_button_of_a_phone_stays_where_it_is(browser: Any, tmp_path: Path) -> None:
    with at(browser, tmp_path, gate(), 0, viewport={"width": 390, "height": 844}) as opened:
        places = set()
        for _ in range(10):
            places.add(str(opened.page.locator("#play").bounding_box()))
            opened.press("ArrowRight")
        assert len(places) == 1


def test_a_graph_that_fits_never_moves(browser: Any, tmp_path: Path) -> None:
    a, b, c = Value(2.0, label="a"), Value(-3.0, label="b"), Value(10.0, label="c")
    for size in ((1280, 800), (1180, 600), (2560, 1440)):
        with Page(browser, tmp_path, (a * b + c) ** 2, viewport={"width": size[0], "height": size[1]}) as opened:
            views = opened.page.evaluate("moments.map((_, i) => { go(i); return JSON.stringify(view); })")
            assert len(set(views)) == 1
            opened.page.set_viewport_size({"width": size[0] - 200, "height": size[1]})
            opened.page.wait_for_timeout(100)
            stage, first, last = (opened.page.locator(x).bounding_box() for x in ("#stage", "#v0", "#v6"))
            assert stage["x"] <= first["x"]
            assert last["x"] + last["width"] <= stage["x"] + stage["width"]


def touching(page: Page) -> list[list[str]]:
    """The numbers on edges, each with the boxes that it covers."""
    return page.page.evaluate("""[...drawing.querySelectorAll(".on-edge")].map((text) => {
        const one = text.getBoundingClientRect();
        const beside = (two) => one.left >= two.right || two.left >= one.right;
        const covers = (two) => !beside(two) && one.top < two.bottom && two.top < one.bottom;
        const covered = (box) => covers(box.getBoundingClientRect());
        return [text.textContent, ...[...drawing.querySelectorAll(".node")].filter(covered).map(({ id }) => id)];
    })""")  # type: ignore[no-any-return]


def test_a_number_on_an_edge_hides_no_box_and_not_its_edge(browser: Any, tmp_path: Path) -> None:
    a, b = Value(-1.234e-200, label="a"), Value(5.678e150, label="b")
    loss = tanh(a * b + (a - b) * 0.12345) * a
    with at(browser, tmp_path, loss, 7) as opened:
        found = []
        while opened.position < opened.page.evaluate("last"):
            found += touching(opened)
            opened.press("ArrowRight")
        assert len(found) > 5
        assert all(not boxes for _, *boxes in found)
        assert any("e\N{MINUS SIGN}200" in text for text, *_ in found)
        opened.page.evaluate("WAYS.splice(1)")  # where all around is taken, it stays on its edge
        opened.press("ArrowLeft")
        assert len(touching(opened)[0]) > 1


def test_the_buttons_of_a_phone_stay_beside_the_result_of_a_long_name(browser: Any, tmp_path: Path) -> None:
    loss = gate() * 2
    loss.label = "the mean of the squares of all errors"
    phone = {"viewport": {"width": 360, "height": 740}}
    with at(browser, tmp_path, loss, 2, **phone) as opened:
        stage = opened.page.locator("#stage").bounding_box()
        for button in ("zoom-in", "zoom-out", "fit"):
            box = opened.page.locator(f"#{button}").bounding_box()
            assert box["width"] >= 36
            assert box["x"] + box["width"] <= stage["x"] + stage["width"]
        opened.press("End")
        pin = opened.page.locator("#pin")
        assert opened.text("pin").split("\n") == ["the mean of the squares of all …", " = 9"]
        assert pin.evaluate("pin => pin.scrollWidth <= pin.clientWidth")  # its number is seen
        opened.page.set_viewport_size({"width": 820, "height": 1180})
        opened.press("Home", "End")
        here = opened.page.locator("#here")
        assert here.inner_text() == "All gradients are known."
        assert here.bounding_box()["height"] < 45  # two lines at most
        assert here.evaluate("here => here.parentElement.scrollWidth <= here.parentElement.clientWidth")


def test_a_korean_particle_stays_on_the_line_of_its_name(browser: Any, tmp_path: Path) -> None:
    with at(browser, tmp_path, gate(), 6, language="ko") as opened:
        for width in range(300, 420, 7):
            opened.page.set_viewport_size({"width": width, "height": 800})
            assert opened.page.evaluate("""[...element("sentence").querySelectorAll("bdi")].every((name) => {
                if (name.nextSibling.textContent.startsWith(" ")) return true;
                const particle = document.createRange();
                particle.setStart(name.nextSibling, 0);
                particle.setEnd(name.nextSibling, 1);
                return particle.getBoundingClientRect().bottom <= [...name.getClientRects()].at(-1).bottom + 4;
            })""")
