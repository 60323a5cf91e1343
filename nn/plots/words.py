"""What plots say: English, or Korean where that is spoken and a font with its letters is installed."""

from collections.abc import Callable
from functools import cache
from typing import TYPE_CHECKING

from autograd.environment import preferred_language

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.text import Text

KOREAN = {
    "Decision boundary": "결정 경계",
    "Learning-rate range test": "학습률 탐색",
    "Loss": "손실",
    "Loss landscape": "손실의 지형",
    "epoch": "에포크",
    "learning rate": "학습률",
    "loss": "손실",
    "loss, smoothed": "손실(고르게 다듬음)",
    "lowest loss": "가장 낮은 손실",
    "suggested: {rate:.2g}": "추천: {rate:.2g}",
    "training": "훈련",
    "validation": "검증",
}
FONTS = ("Noto Sans CJK KR", "Noto Sans KR", "NanumGothic", "NanumBarunGothic", "Malgun Gothic", "Apple SD Gothic Neo")


def words_for(ax: "Axes") -> Callable[[str], str]:
    """What translates the words for these axes. Their title and labels get the letters that it needs.

    >>> from matplotlib.figure import Figure
    >>> words_for(Figure().subplots())("epoch")
    'epoch'
    """
    if not korean_font():
        return str
    for text in (ax.title, ax.xaxis.label, ax.yaxis.label):
        give_letters(text)
    return KOREAN.__getitem__


def give_letters(text: "Text") -> None:
    """Let letters that the text's own fonts don't have come from a Korean one, where Korean is spoken."""
    if (font := korean_font()) and font not in text.get_fontfamily():
        text.set_fontfamily([*text.get_fontfamily(), font])


def korean_font() -> str:
    """The name of an installed font with Korean letters, where Korean is spoken; nothing elsewhere."""
    return _installed() if preferred_language() == "ko" else ""


@cache
def _installed() -> str:
    from matplotlib.font_manager import get_font_names

    names = set(get_font_names())
    return next((font for font in FONTS if font in names), "")
