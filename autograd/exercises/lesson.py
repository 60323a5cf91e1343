"""`Lesson`: the exercises of one of the nine lessons, checked by their key, and kept to be handed in."""

import inspect
import json
from contextlib import suppress
from pathlib import Path
from typing import Any

from autograd.environment import Language, speak, write_atomically
from autograd.exercises.checking import Verdict, raised, verdict_on
from autograd.exercises.comparing import fault_of, is_unanswered, plain, written
from autograd.exercises.key import KEY, Exercise, RefusedError
from autograd.exercises.messages import say

__all__ = ["Lesson"]


class Lesson:
    """The exercises of a lesson, by their numbers.

    A notebook makes one in its first cell, and so says its language too: all that speaks to learners speaks it from
    there on. Raises ValueError for a number that no lesson has, or another language.

    >>> lesson = Lesson(4, language="en")
    >>> lesson.check(3, -1.8)
    ✗ -1.8: this is the new gradient alone; what was there before has stayed.
    >>> lesson.check(3, -19.8)
    ✓ Right.
    """

    def __init__(self, number: int, language: Language) -> None:
        if number not in KEY:
            raise ValueError(f"the lessons are numbered from {min(KEY)} to {max(KEY)}, got {number!r}")
        speak(language)
        self.number = number
        self._language = language
        self._answers: dict[int, dict[str, Any]] = {}

    def check(self, exercise: int, answer: object, *given: object) -> None:
        """Print whether the answer to this exercise, which count from 1, is right, and if not, what is wrong with it.

        `given` is what the exercise is about, where that is computed in the lesson. Raises ValueError for an exercise
        that the lesson doesn't have.
        """
        exercises = KEY[self.number]
        if not 1 <= exercise <= len(exercises):
            raise ValueError(f"lesson {self.number} has exercises 1 to {len(exercises)}, got {exercise}")
        verdict = _verdict(exercises[exercise - 1], answer, given)
        if verdict.right is not None:
            tried = self._answers.get(exercise, {}).get("tried", 0) + 1
            self._answers[exercise] = {"answer": _as_text(answer), **verdict._asdict(), "tried": tried}
        print(verdict.text)  # noqa: T201 (for the reader of a notebook)

    def hand_in(self, name: str = "", folder: str | Path = ".") -> None:
        """Write the last answers, verdicts and how often each was tried to `lesson-N.json`; print how many are right.

        The file is for a teacher to collect. It says what the reader's machine found, and proves nothing.
        """
        exercises = len(KEY[self.number])
        path = Path(folder) / f"lesson-{self.number}.json"
        content = {
            "lesson": self.number,
            "name": name,
            "language": self._language,
            "exercises": {str(i): self._answers.get(i) for i in range(1, exercises + 1)},
        }
        write_atomically(path, json.dumps(content, indent=2, ensure_ascii=False).encode() + b"\n")
        right = sum(answer["right"] for answer in self._answers.values())
        print(say("handed in", file=path, right=right, exercises=exercises))  # noqa: T201


def _verdict(exercise: Exercise, answer: object, given: tuple[object, ...]) -> Verdict:
    if is_unanswered(answer):
        return Verdict(say("unanswered"), None)
    expected = exercise.expected(*given) if exercise.given else exercise.expected
    try:
        prepared = exercise.prepared(answer)
    except RefusedError as refused:
        return Verdict(str(refused), False)
    except Exception as error:
        return Verdict(raised(written(answer), error), False)
    verdict = verdict_on(prepared, expected, exercise.at, exercise.tolerance, exercise.any_order)
    if verdict.right is False:
        for wrong, message in exercise.remarks:
            if not fault_of(answer, wrong, exercise.tolerance):
                return Verdict(say("wrong", fault=f"{written(plain(answer))}: {say(message)}"), False)
    return verdict


def _as_text(answer: object) -> str:
    """The answer as it was written: of a function, its source where that is known."""
    with suppress(OSError, TypeError):
        return inspect.getsource(answer)  # type: ignore[arg-type]
    return written(answer)
