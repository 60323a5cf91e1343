"""A run on images: those that it gets wrong, and one that is drawn."""

import base64
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from pages import OpenPage
from played_runs import run

from autograd.show.player.page import Page
from nn import MLP, History, data, fit, optim, train_player
from nn.player import images
from nn.player.images import images_of
from nn.training import predict

SIDE = 4


def bars(n: int = 40, rng: int = 0) -> data.Dataset:
    """Images of a dark row, 0, or a dark column, 1, or of both, 2; the brightness is from 0 to 16."""
    draw = np.random.default_rng(rng)
    y = draw.integers(0, 3, n)
    pictures = draw.uniform(0, 6, (n, SIDE, SIDE))
    for picture, kind in zip(pictures, y, strict=True):
        where = draw.integers(0, SIDE, 2)
        if kind != 1:
            picture[where[0]] += 10
        if kind != 0:
            picture[:, where[1]] += 10
    names = [f"pixel_{i}_{j}" for i in range(SIDE) for j in range(SIDE)]
    return data.Dataset("bars", pictures.reshape(n, -1), y, names, "bar", ("row", "column", "cross"))


def trained(dataset: data.Dataset, X: Any, activation: str = "tanh", hidden: int = 6, **settings: Any) -> History:
    model = MLP(X.shape[1], [hidden, 3], activation=activation, rng=0)
    how = {"loss": "cross_entropy", "epochs": 3, "batch_size": 8, "film": True, "progress": False, **settings}
    return fit(model, X, dataset.y, optimizer=optim.SGD(model.parameters(), 0.1), **how)


def test_pixels_are_seen_as_they_were_before_they_were_scaled() -> None:
    bar = bars()
    standardized = (bar.X - bar.X.mean(axis=0)) / bar.X.std(axis=0)
    film = trained(bar, standardized).film
    assert film
    scene = images_of(film, [0, 3], bar)
    assert scene
    pixels = np.frombuffer(base64.b64decode(scene["pixels"]), np.uint8).reshape(40, -1) / 255
    scale, shift = (np.frombuffer(base64.b64decode(scene[name]), np.float32) for name in ("scale", "shift"))
    assert np.allclose(pixels, (bar.X - bar.X.min()) / (bar.X.max() - bar.X.min()), atol=1 / 255)
    assert np.allclose(pixels * scale + shift, standardized, atol=0.02)
    for other in (bars(40, rng=7), bars(10)):  # whose rows aren't those of the run
        others = images_of(film, [3], other)
        assert others
        lowest = np.frombuffer(base64.b64decode(others["shift"]), np.float32)
        assert lowest == pytest.approx(standardized.min(), abs=1e-6)


def test_what_it_was_not_trained_on_is_shown_if_there_is_such_scaled_as_the_rest() -> None:
    seen, unseen = bars(), bars(12, rng=3)
    seen.X[:, 5] = 7.0  # in all the same
    middle, spread = seen.X.mean(axis=0), np.where(seen.X.std(axis=0) > 0, seen.X.std(axis=0), 1)
    film = trained(seen, (seen.X - middle) / spread, validation=((unseen.X - middle) / spread, unseen.y)).film
    assert film
    scene = images_of(film, [3], seen)
    assert scene
    assert scene["unseen"]
    assert scene["classes"] == unseen.y.tolist()
    pixels = np.frombuffer(base64.b64decode(scene["pixels"]), np.uint8).reshape(12, -1) / 255
    shown = unseen.X.copy()
    shown[:, 5] = 7.0
    assert np.allclose(pixels, (shown - shown.min()) / (shown.max() - shown.min()), atol=1 / 255)


def test_what_is_no_run_on_images(monkeypatch: pytest.MonkeyPatch) -> None:
    moons = run().film
    bar = bars()
    film = trained(bar, bar.X).film
    assert film
    assert moons
    assert images_of(moons, [0], None) is None
    assert images_of(moons, [0], data.moons(40)) is None
    monkeypatch.setattr(images, "MOST_PARAMETERS", 10)
    assert images_of(film, [0], bar) is None


@pytest.mark.parametrize("activation", ["tanh", "linear"])
def test_the_page_shows_what_is_wrong_and_says_what_is_drawn(browser: Any, tmp_path: Path, activation: str) -> None:
    bar = bars()
    X = bar.X / 16
    history = trained(bar, X, activation)
    assert history.film
    player: Page = train_player(history, dataset=bar)
    player.save(tmp_path / "run.html")
    with OpenPage(browser, tmp_path / "run.html", viewport={"width": 1280, "height": 800}) as opened:
        for epoch in (0, 3):
            opened.press("Home" if epoch == 0 else "End")
            history.film.model.load_state_dict(history.film.snapshots[epoch])
            answers = predict(history.film.model, X).argmax(axis=1)
            wrong = int((answers != bar.y).sum())
            assert opened.page.inner_text(".wrong p").startswith(f"Wrong: {wrong} of 40 training rows.")
            assert opened.page.locator(".mistake").count() == min(wrong, 24)
        assert opened.page.inner_text(".verdict") == "Draw one here."
        box = opened.page.locator(".pad").bounding_box()
        opened.page.mouse.move(box["x"] + 5, box["y"] + box["height"] * 0.4)
        opened.page.mouse.down()
        for share in (0.3, 0.6, 0.95):
            opened.page.mouse.move(box["x"] + box["width"] * share, box["y"] + box["height"] * 0.4)
        opened.page.mouse.up()
        opened.page.mouse.move(box["x"] + 5, box["y"] + 5)
        drawn = opened.page.inner_text(".verdict")
        assert drawn.startswith("This is ")
        assert sum(
            int(share) for share in drawn.replace("%", "").replace(")", "").replace(",", "").split() if share.isdigit()
        ) in range(98, 103)
        opened.page.click(".clear")
        assert opened.page.inner_text(".verdict") == "Draw one here."
        opened.page.focus(".pad")
        opened.press("ArrowUp", "ArrowRight", " ", "Enter", "x")
        assert opened.page.inner_text(".verdict").startswith("This is ")
        opened.page.click("#languages [value=ko]")
        assert "신경망의 답" in opened.page.inner_text(".verdict")
        assert opened.violations() == []
