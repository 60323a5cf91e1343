"""Two runs that train in the page at once, and pages where a worker can't be had."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from played_runs import MOONS, Live, run

from nn import MLP, History, train_player
from nn.player.live import live_of


def small(lr: float = 0.1, widths: tuple[int, ...] = (4, 1), **settings: Any) -> History:
    return run(MLP(2, widths, activation="tanh", rng=0), lr=lr, epochs=2, batch_size=10, **settings)


def are_live(*runs: History) -> bool:
    films = [run.film for run in runs if run.film]
    return live_of(films, [[0, 1] for _ in films]) is not None


def test_runs_on_the_same_points_are_live_whatever_their_networks_and_losses() -> None:
    assert are_live(small(), small(widths=(3, 3, 1), loss="mean_squared_error"))
    assert are_live(small(), small(widths=(3, 2), loss="cross_entropy"))
    assert not are_live(small(), small(X=MOONS.X + 1))
    assert not are_live(small(), small(y=1 - MOONS.y))
    assert not are_live(small(), small(widths=(17, 1)))
    assert not are_live(small(), run(MLP(1, [2, 1], rng=0), MOONS.X[:, :1], MOONS.y, epochs=2))


def losses(page: Live) -> Any:
    return page.page.evaluate("learners.map((learner) => Array.from(learner.losses))")


def choose(page: Live, what: str, *chosen: str) -> None:
    for r, option in enumerate(chosen):
        page.page.locator(f".{what}").nth(r).select_option(option)


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("live") / "run.html"
    train_player(small(0.1), small(1.0), language="en").save(path)
    return path


@pytest.fixture
def page(browser: Any, file: Path) -> Iterator[Live]:
    with Live(browser, file) as opened:
        yield opened


def test_both_train_at_once_each_at_its_own_rate_and_have_one_count_of_epochs(page: Live) -> None:
    assert page.page.locator("#live select").count() == 2
    assert page.page.locator(".top select").count() == 6
    page.click("train")
    page.wait_for_epoch(20)
    page.click("train")
    page.wait("!lab.reports && !lab.stale")
    slow, fast = losses(page)
    assert len(slow) == len(fast) == page.page.evaluate("lab.epoch")
    assert slow != fast
    said = page.text("sentence")
    assert "learning rate 0.1: loss" in said
    assert "learning rate 1: loss" in said
    lines = page.page.eval_on_selector_all("#loss .lived .curve", "lines => lines.map(line => line.getAttribute('d'))")
    assert all(line.startswith("M0 ") for line in lines)
    assert page.page.locator("#loss .lived .dot").all_text_contents() == ["1", "2"]


def test_from_the_same_weights_the_same_settings_give_the_same_run_and_another_seed_another(page: Live) -> None:
    choose(page, "rate", "0.3", "0.3")
    page.click("again")
    for _ in range(3):
        page.click("epoch")
    page.wait_for_epoch(3)
    first, second = losses(page)
    assert first == second
    assert len(first) == 3
    choose(page, "optimizer", "SGD", "Adam")
    choose(page, "batch", "5", "100")  # more than there are points
    page.click("epoch")
    page.wait_for_epoch(4)
    first, second = losses(page)
    assert first[:3] == second[:3]
    assert first[3] != second[3]
    assert page.text("sentence").count("learning rate 0.3") == 2
    page.click("train")
    page.wait_for_epoch(6)
    page.click("again")  # in the middle of a turn: what it still reports is not of this run
    page.wait_for_epoch(2)
    assert losses(page)[0][:2] != first[:2]
    page.click("train")
    page.press("Home", "ArrowRight")  # back in the film
    assert page.text("phase") == "Epoch 1"


def test_a_point_clicked_into_one_plane_is_in_both(page: Live) -> None:
    page.page.locator(".adds").select_option("1")
    page.page.locator(".scene .inner").nth(1).click()
    assert page.page.evaluate("learners.map(({ points }) => points.length)") == [41, 41]
    assert page.page.evaluate("learners.map(({ points }) => points.at(-1).at(-1))") == [1, 1]
    assert [scene.locator(".added").count() for scene in page.page.locator(".scene").all()] == [1, 1]
    page.click("epoch")
    page.wait_for_epoch(1)


def test_one_that_diverges_says_so_and_the_other_goes_on_and_both_can_start_again(page: Live) -> None:
    page.page.evaluate("learners[1].weights = learners[1].weights.map(() => 1e308); begin(0)")
    page.click("train")
    page.wait_for_epoch(5)
    page.click("train")
    page.wait("!lab.reports && !lab.stale")
    calm, wild = losses(page)
    assert len(calm) >= 5
    assert len(wild) == 0
    assert page.text("sentence").count("It diverged in epoch 1: a number became infinite.") == 1
    page.page.evaluate("learners[0].losses.push(1234567); paint()")
    assert "loss 1.23 \u00d7 10\u2076" in page.text("sentence")
    assert page.text("sentence").count("far above where it began") == 1
    assert page.text("train") == "Train"
    page.page.evaluate("learners[0].diverged = true")
    page.click("train")  # from the weights of before, with the settings of now
    assert page.text("train") == "Pause"
    page.wait("learners[1].diverged && !lab.stale")
    page.click("train")
    page.click("again")
    page.click("epoch")
    page.wait_for_epoch(1)
    assert [len(run) for run in losses(page)] == [1, 1]
    assert "diverged" not in page.text("sentence")


@pytest.mark.parametrize(
    "broken",
    [
        "constructor() { throw new DOMException('no', 'SecurityError'); }",
        "postMessage() {} constructor() { setTimeout(() => this.onerror(new Event('error')), 200); }",
    ],
)
def test_where_there_are_no_workers_the_page_trains_itself(browser: Any, file: Path, broken: str) -> None:
    with Live(browser, file) as opened:
        opened.page.add_init_script(f"window.Worker = class {{ {broken} }};")
        opened.page.reload()
        opened.requests.clear()
        opened.requests.append(file.as_uri())
        opened.click("train")
        opened.wait_for_epoch(5)
        slow, fast = losses(opened)
        assert slow[-1] < slow[0]
        assert len(fast) == len(slow)


@pytest.mark.parametrize(("size", "language"), [((390, 844), "ko"), ((844, 390), "en"), ((1280, 800), "en")])
def test_axe_finds_nothing_and_nothing_sticks_out(
    browser: Any, tmp_path: Path, size: tuple[int, int], language: str
) -> None:
    train_player(small(), small(1.0), language=language).save(tmp_path / "run.html")  # type: ignore[arg-type]
    width, height = size
    view = {"viewport": {"width": width, "height": height}}
    with Live(browser, tmp_path / "run.html", **view) as opened:
        opened.click("epoch")
        opened.wait_for_epoch(1)
        assert opened.violations() == []
        assert opened.page.evaluate("document.documentElement.scrollWidth") <= width
        tops = [box.bounding_box() for box in opened.page.locator(".scene").all()]
        assert tops[0]["x"] == tops[1]["x"]  # one under the other
        if language == "ko":
            assert "학습률 0.1: 손실" in opened.text("sentence")
