"""The update in the page: parameters step against their gradients, and the loss is drawn as it goes down, or up."""

from pathlib import Path
from typing import Any

import pytest
from played import Page, network

from autograd import Value
from autograd.graph import topological_order
from autograd.show.notation import rounded
from nn import optim

MINUS = "\N{MINUS SIGN}"


def square(a: float = 2.0, b: float = -3.0, c: float = 10.0) -> Value:
    loss = (Value(a, label="a") * Value(b, label="b") + Value(c, label="c")) ** 2
    loss.label = "loss"
    return loss


def parameters(loss: Value) -> list[Value]:
    return [node for node in topological_order(loss) if node.is_leaf and node.requires_grad]


def descend(loss: Value, rate: float, times: int) -> list[float]:
    """The losses that Python's own descent goes through."""
    losses = [loss.data]
    numbers = parameters(loss)
    optimizer = optim.SGD(numbers, lr=rate)
    for _ in range(times):
        optimizer.zero_grad()
        square_again = square(*(x.data for x in numbers))
        square_again.backward()
        for x, again in zip(numbers, parameters(square_again), strict=True):
            x.grad = again.grad
        optimizer.step()
        losses.append(square(*(x.data for x in numbers)).data)
    return losses


@pytest.fixture
def page(browser: Any, tmp_path: Path) -> Any:
    with Page(browser, tmp_path, square()) as opened:
        yield opened


def table(page: Page) -> list[list[str]]:
    return page.page.eval_on_selector_all(  # type: ignore[no-any-return]
        "#parameters tr", "rows => rows.map(row => [...row.children].map(cell => cell.textContent))"
    )


def test_updates_go_the_way_of_gradient_descent(page: Page) -> None:
    for _ in range(4):
        page.click("update")
    losses = descend(square(), 0.01, 4)
    assert page.page.evaluate("losses") == pytest.approx(losses, rel=1e-12)
    assert page.text("phase") == "Update 4"
    assert f"loss went down from {rounded(losses[3])} to {rounded(losses[4])}." in page.text("sentence")
    assert page.text("curve-caption") == f"loss after 4 updates: {rounded(losses[4])}"
    assert page.page.text_content("#loss-high") == "20"  # axes end at round numbers
    assert len(page.page.get_attribute("#loss-line", "points").split()) == 5
    assert page.numbers(6)["data"] == rounded(losses[4])
    assert page.position == 9
    page.click("reset")
    assert page.text("curve-caption") == f"loss now: {rounded(losses[0])}"
    page.click("update")
    assert page.text("curve-caption") == f"loss after 1 update: {rounded(losses[1])}"


def test_the_update_is_spelled_out_with_its_reason(page: Page) -> None:
    page.press("End")
    assert page.text("here") == "All gradients are known."
    assert page.text("rule").startswith("The aim is a small loss. Where a gradient is negative, raising that number")
    page.click("update")
    assert page.text("here") == ""
    told = page.page.eval_on_selector_all(
        ".told-steps tr", "rows => rows.map(row => [...row.children].map(cell => cell.textContent))"
    )
    minus, times = MINUS, "\N{MULTIPLICATION SIGN}"
    assert told[1:3] == [
        [
            "a",
            f"2 {minus} 0.01 {times} ({minus}24) = 2 + 0.24 = 2.24",
            "Negative: raising a lowers loss. So a goes up.",
        ],
        [
            "b",
            f"{minus}3 {minus} 0.01 {times} 16 = {minus}3 {minus} 0.16 = {minus}3.16",
            "Positive: raising b raises loss. So b goes down.",
        ],
    ]
    assert len(told) == 4
    changed = rounded((2.24 * -3.16 + 9.92) ** 2 - 16)
    assert page.text("reason") == (
        f"By the gradients loss should change by -8.96; it changed by {changed}. The smaller the step, the closer."
    )
    assert page.lit("to") == {"v0", "v1", "v3"}
    page.press("ArrowLeft")
    assert page.text("phase") == "Backward pass"
    assert page.lit("to") == {"v0"}


def test_the_table_has_gradients_and_steps_once_the_backward_pass_is_done(page: Page) -> None:
    assert table(page) == [["a", "2", "·", "·"], ["b", f"{MINUS}3", "·", "·"], ["c", "10", "·", "·"]]
    page.press("End")
    assert table(page) == [
        ["a", "2", f"{MINUS}24", "0.24"],
        ["b", f"{MINUS}3", "16", f"{MINUS}0.16"],
        ["c", "10", "8", f"{MINUS}0.08"],
    ]
    page.page.fill("#rate", "-10")
    assert page.text("rate-now") == "0.1"
    assert table(page)[0] == ["a", "2", f"{MINUS}24", "2.4"]
    assert [page.text("rate-low"), page.text("rate-high")] == ["0.0001", "10"]
    assert page.text("rule").endswith("step = -0.1 \N{MULTIPLICATION SIGN} gradient")
    page.page.focus("#rate")
    page.press("ArrowLeft")
    assert (page.text("rate-now"), page.position) == ("0.079", 9)


def test_a_rate_that_is_too_high_diverges_and_is_told_so(page: Page) -> None:
    page.page.fill("#rate", "-10")
    page.click("update")
    assert "loss went up from 16 to" in page.text("sentence")
    for _ in range(12):
        page.click("update")
    assert "beyond all numbers" in page.text("sentence")
    assert "NaN" not in page.page.get_attribute("#loss-line", "points")
    page.click("reset")
    assert page.page.evaluate("losses") == [16]
    assert page.text("phase") == "Backward pass"


def test_a_minimum_stays(browser: Any, tmp_path: Path) -> None:
    with Page(browser, tmp_path, square(2.0, -5.0, 10.0)) as opened:
        opened.click("update")
        assert "loss stays at 0" in opened.text("sentence")


def test_steps_from_one_side_to_the_other_leave_the_loss_where_it_was(browser: Any, tmp_path: Path) -> None:
    """(3w + b - 7)**2 at the rate 0.1, which is 9 again but for rounding."""
    loss = (Value(1.0, label="w") * 3 + Value(1.0, label="b") - 7) ** 2
    loss.label = "loss"
    with Page(browser, tmp_path, loss) as opened:
        opened.page.fill("#rate", "-10")
        for _ in range(3):
            opened.click("update")
            assert "loss stays at 9." in opened.text("sentence")


def test_no_label_waits_to_be_filled(page: Page) -> None:
    labels = "nodes => nodes.map(node => node.title + node.getAttribute('aria-label') + node.textContent)"
    for language in ("en", "ko"):
        page.page.evaluate("language => speak(language)", language)
        assert "{" not in "".join(page.page.eval_on_selector_all("button, input, select", labels))


def test_a_change_by_hand_begins_the_curve_again(page: Page) -> None:
    page.click("update")
    page.page.focus("#v3")
    page.press("ArrowUp")
    assert len(page.page.evaluate("losses")) == 1
    assert page.text("phase") == "Backward pass"


def test_korean(browser: Any, tmp_path: Path) -> None:
    with Page(browser, tmp_path, square(), language="ko") as opened:
        opened.click("update")
        assert (opened.text("phase"), opened.text("update")) == ("갱신 1", "갱신")


def test_without_parameters_or_gradients_there_is_no_update(browser: Any, tmp_path: Path) -> None:
    with Page(browser, tmp_path, square(), forward_only=True) as opened:
        assert opened.page.locator("#learn").is_hidden()


def test_a_network_trains_and_only_some_parameters_are_listed(browser: Any, tmp_path: Path) -> None:
    with Page(browser, tmp_path, network(12)) as opened:
        before = opened.page.evaluate("data[root]")
        for _ in range(3):
            opened.click("update")
        assert opened.page.evaluate("data[root]") < before
        assert len(table(opened)) == 30
        assert opened.text("others") == f"and {len(parameters(opened.loss)) - 30} more"


@pytest.mark.parametrize("size", [(390, 844), (844, 390), (1280, 800)])
def test_update_and_rate_by_touch_and_axe_finds_nothing(browser: Any, tmp_path: Path, size: tuple[int, int]) -> None:
    view = {"viewport": {"width": size[0], "height": size[1]}, "has_touch": True, "is_mobile": size[0] < 1000}
    with Page(browser, tmp_path, square(), **view) as opened:
        opened.page.tap("#update")
        assert opened.text("phase") == "Update 1"
        assert opened.violations() == []
        assert opened.page.evaluate("document.documentElement.scrollWidth") <= size[0]


def test_a_loss_that_is_not_finite_has_no_place_in_the_picture(browser: Any, tmp_path: Path) -> None:
    a = Value(0.0, label="a")
    with Page(browser, tmp_path, 1 / a) as opened:
        assert opened.text("curve-caption") == "loss now: inf"
        shown = opened.page.locator("#curve :is(circle, text)")
        assert [shown.nth(i).is_visible() for i in range(3)] == [False] * 3
        opened.page.focus("#v1")
        opened.press("2", "Enter")
        assert opened.text("curve-caption") == "loss now: 0.5"
        assert opened.page.locator("#loss-now").is_visible()
