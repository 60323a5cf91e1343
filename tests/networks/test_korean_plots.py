"""Plots speak Korean where a notebook does, if there are letters for it."""

import string
from collections.abc import Iterator

import pytest
from matplotlib import font_manager
from matplotlib.figure import Figure

from nn import MLP, History, data, plots
from nn.plots import words
from nn.training.range_test import RangeTest


@pytest.fixture
def korean(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A notebook that speaks Korean, where one of the fonts is taken for Korean: nothing is rendered."""
    monkeypatch.setenv("LANGUAGE", "ko")
    monkeypatch.setattr(words, "FONTS", ("Nobody's Font", "DejaVu Sans Mono"))
    words._installed.cache_clear()
    yield
    words._installed.cache_clear()


@pytest.mark.usefixtures("korean")
def test_titles_labels_and_names_are_korean() -> None:
    ax = plots.loss_curve(History(loss=[2.0, 1.0], validation_loss=[2.0, 1.5]), Figure().subplots())
    assert [ax.get_title(), ax.get_xlabel(), ax.get_ylabel()] == ["손실", "에포크", "손실"]
    assert [text.get_text() for text in ax.texts] == ["훈련", "검증"]
    for text in (ax.title, ax.xaxis.label, *ax.texts):
        assert text.get_fontfamily()[-1] == "DejaVu Sans Mono"
    ax = plots.range_test(RangeTest([0.01, 0.1], [2.0, 1.0]), Figure().subplots())
    assert [text.get_text() for text in ax.texts] == ["가장 낮은 손실", "추천: 0.01"]
    ax = plots.landscape(lambda w: w * w, {"w": (-1, 1)}, ax=Figure().subplots())
    assert [ax.get_title(), ax.get_ylabel()] == ["손실의 지형", "손실"]
    plots.landscape(lambda w: w * w, {"w": (-1, 1)}, ax=ax)  # again, into the same axes
    assert ax.title.get_fontfamily().count("DejaVu Sans Mono") == 1
    ax = plots.landscape(lambda v, w: v * w, {"v": (-1, 1), "w": (-1, 1)}, ax=Figure().subplots())
    assert ax.get_title() == "손실의 지형"
    moons = data.moons(10)
    assert plots.decision_boundary(MLP(2, [1]), moons, ax=Figure().subplots()).get_title() == "결정 경계"


@pytest.mark.usefixtures("korean")
def test_without_letters_they_are_english(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(font_manager, "get_font_names", lambda: ["DejaVu Sans"])
    ax = plots.loss_curve({"rate 0.1": [2.0, 1.0]}, Figure().subplots())
    assert [ax.get_title(), ax.get_xlabel()] == ["Loss", "epoch"]


def test_translations_have_the_same_fields() -> None:
    for texts in words.KOREAN.items():
        fields = [[field for _, field, _, _ in string.Formatter().parse(text) if field] for text in texts]
        assert fields[0] == fields[1]
