"""Predict first: the player waits for a number before it shows it."""

from pathlib import Path
from typing import Any

import pytest
from pages import OpenPage
from played import Page

from autograd import Value, steps


def twice() -> Value:
    """a * b * a: the forward pass takes two steps, the backward pass four."""
    a, b = Value(2.0, label="a"), Value(-3.0, label="b")
    loss = a * b * a
    loss.label = "loss"
    return loss


@pytest.fixture
def page(browser: Any, tmp_path: Path) -> Any:
    with Page(browser, tmp_path, twice()) as opened:
        opened.click("predict")
        yield opened


def say(page: Page, number: str) -> str:
    page.page.fill("#answer", number)
    page.press("Enter")
    return page.text("comment")


def test_a_number_is_waited_for_and_hidden_until_then(page: Page) -> None:
    page.press("ArrowRight")
    assert page.text("sentence") == "a * b = 2 * (-3). How much is that?"
    assert page.numbers(2)["data"] == "·"
    assert "a * b = ?" in page.text("list")
    assert "-6" not in page.text("list")
    assert page.page.evaluate("document.activeElement.id") == "answer"
    for name in ("forward", "last", "update"):  # they don't look as if they led on
        assert page.page.get_attribute(f"#{name}", "aria-disabled") == "true"
        page.page.click(f"#{name}", force=True)
    page.page.evaluate("go(5)")  # nothing later can be reached
    assert page.position == 1
    assert page.page.locator("#curve").is_hidden()
    assert say(page, "6") == "The sign is wrong."
    assert say(page, "7") == "Not this."
    assert say(page, "\N{MINUS SIGN}6") == "Right!"
    assert (page.numbers(2)["data"], page.text("sentence")) == ("-6", "a * b = 2 * (-3) = -6")
    assert "a * b = -6" in page.text("list")
    assert page.page.evaluate("document.activeElement.id") == "forward"


def to_the_gradients(page: Page) -> None:
    page.press("ArrowRight")
    say(page, "-6")
    page.press("ArrowRight")
    say(page, "-12")
    page.press("ArrowRight", "ArrowRight")


def test_what_is_wrong_with_a_gradient_is_told(page: Page) -> None:
    to_the_gradients(page)
    assert page.text("phase") == "Backward pass"
    assert say(page, "2.005") == "Right!"  # about 2
    assert page.page.get_attribute("#forward", "aria-disabled") == "false"
    page.press("ArrowRight")
    assert page.text("sentence").endswith("What is the gradient of a?")
    assert say(page, "1") == "Multiply that by the number on the arrow first."
    page.page.click("text=Show")
    assert page.numbers(0)["grad"] == "-6"
    page.press("ArrowRight")
    assert page.text("sentence").endswith("So far the gradient of a was -6. What is it now?")
    assert say(page, "-9") == "Multiply that by the gradient at the other end of the arrow."
    assert say(page, "-4") == "Multiply that by the number on the arrow first."
    page.page.fill("#answer", "5")
    page.page.click("text=Check")
    assert page.text("comment") == "Not this. Multiply first, then add."
    assert say(page, "") == "Not this. Multiply first, then add."
    assert say(page, "-12") == "Right!"
    page.press("ArrowRight")
    assert say(page, "4") == "Right!"
    assert page.page.locator("#curve").is_visible()
    page.click("update")
    assert page.text("phase") == "Update 1"


def test_a_share_that_is_not_added_is_told(browser: Any, tmp_path: Path) -> None:
    a, b = Value(2.0, label="a"), Value(-3.0, label="b")
    with Page(browser, tmp_path, a * b + a) as opened:
        opened.page.evaluate("setPredicting(true)")
        opened.page.evaluate("revealed = last - 2")
        opened.press("End")
        assert opened.position == 6
        assert say(opened, "-3") == "That is what comes this way; add it to what was there."


def test_playing_stops_at_a_question_and_an_update_waits(page: Page) -> None:
    page.page.select_option("#speed", "16")
    page.click("play")
    page.eventually("position === 1")
    page.eventually("document.querySelector('#play').title.startsWith('Play')")
    page.page.click("#update", force=True)
    assert (page.position, page.text("phase")) == (1, "Forward pass")


def test_the_mode_ends(page: Page) -> None:
    page.press("ArrowRight")
    page.click("predict")
    assert page.numbers(2)["data"] == "-6"
    assert page.page.get_attribute("#predict", "aria-pressed") == "false"
    page.press("End")
    assert page.position == 7


def test_a_lesson_can_begin_with_it_in_either_language(browser: Any, tmp_path: Path) -> None:
    steps(twice()).player("ko", predict=True).save(tmp_path / "predict.html")
    with OpenPage(browser, tmp_path / "predict.html") as opened:
        opened.press("End")
        assert opened.position == 1
        assert "얼마일까요" in opened.text("sentence")
        assert opened.violations() == []


def test_by_touch(browser: Any, tmp_path: Path) -> None:
    phone = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
    with Page(browser, tmp_path, twice(), **phone) as opened:
        opened.page.tap("#predict")
        opened.page.tap("#forward")
        opened.page.tap("#answer")
        opened.page.fill("#answer", "-6")
        opened.page.tap("text=Check")
        assert opened.text("comment") == "Right!"
        assert opened.violations() == []
