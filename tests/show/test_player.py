"""The player in a browser: its steps, controls, languages and labels."""

from pathlib import Path
from typing import Any

import pytest
from played import LABELS, Page, example, network

from autograd import Value, steps
from autograd.graph import topological_order
from autograd.show.notation import rounded


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
    assert [page.numbers(i)["grad"] for i in range(7)] == [*"······", "1"]
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
        "When a * b + c rises a tiny bit, tanh(a * b + c) rises 0.7864 times as much; and when tanh(a * b + c) rises a "
        "tiny bit, loss rises 0.5 times as much. The first change brings about the second, so the factors multiply: "
        "0.5 \N{MULTIPLICATION SIGN} 0.7864 = 0.3932. That is the gradient of a * b + c."
    )
    assert page.text("reason").splitlines() == [
        "The rule: d(tanh(a * b + c))/d(a * b + c) = 1 - tanh(a * b + c)**2 = 1 - (-0.4621)**2 ≈ 0.7864",
        "Try it: a * b + c from -0.5 to -0.499 takes tanh(a * b + c) from -0.462117 to -0.46133, by 0.0007868 ≈ "
        "0.7864 \N{MULTIPLICATION SIGN} 0.001",
    ]
    tiles = page.page.locator("#equation strong").all_text_contents()
    assert tiles == [upstream, "0.7864", "0.3932"]


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
        name = opened.page.evaluate("nodeNames[0].text")
        assert name in opened.page.text_content("#sentence")
        assert opened.page.text_content("h1") == f"{name}_2"  # which another has already
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
