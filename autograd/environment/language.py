"""The languages in which the project speaks to learners."""

import os
from typing import Literal, TypeAlias, get_args

Language: TypeAlias = Literal["en", "ko"]


def preferred_language() -> Language:
    """The first that the environment asks for, in the variables that gettext reads (`LANGUAGE=ko`); else English."""
    settings = (os.environ.get(name) for name in ("LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG"))
    for wanted in next(filter(None, settings), "").split(":"):
        if wanted[:2] == "ko":
            return "ko"
        if wanted[:2] == "en":
            return "en"
    return "en"


def spoken(english: str, korean: str) -> str:
    """The one of two texts that is in the language of `preferred_language`."""
    return korean if preferred_language() == "ko" else english


def speak(language: Language) -> None:
    """Let all that speaks to learners speak `language` from here on: a notebook says so in its first cell.

    It sets `LANGUAGE` in the environment, for this process and for those that it starts. Raises ValueError for another
    language than "en" (English) and "ko" (Korean).

    >>> speak("en")
    >>> preferred_language()
    'en'
    """
    if language not in get_args(Language):
        raise ValueError(f"we speak 'en' (English) and 'ko' (Korean), got {language!r}")
    os.environ["LANGUAGE"] = language
