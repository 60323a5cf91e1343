"""The languages in which the project speaks to learners."""

import os
from typing import Literal, TypeAlias

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
