"""The lessons' own exercises: what is right passes, however it was found, and what is wrong doesn't."""

import json
import math
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from autograd import Value, exp, log, maximum, softplus, tanh, where
from autograd.exercises import Lesson
from autograd.exercises.key import KEY


@pytest.fixture(autouse=True)
def language(monkeypatch: pytest.MonkeyPatch) -> None:
    """What a lesson sets is put back."""
    monkeypatch.setenv("LANGUAGE", "en")


def both_sides(f: Callable[[float], float], x: float, h: float) -> float:
    return (f(x + h) - f(x - h)) / (2 * h)


def one_side(f: Callable[[float], float], x: float, h: float) -> float:
    return (f(x + h) - f(x)) / h


def neuron_by_loop(w: list[Value], x: list[float], b: Value) -> Value:
    total = b
    for weight, number in zip(w, x, strict=True):
        total = total + weight * number
    return tanh(total)


def prints(*arguments: object) -> None:
    print(arguments)  # noqa: T201 (as a learner does)


def moved_in_place() -> list[float]:
    w, b = Value(3.0), Value(1.0)
    ((w * 3 + b - 7) ** 2).backward()
    w.data -= 0.05 * w.grad
    b.data -= 0.05 * b.grad
    return [w.data, b.data]


def summed(w: list[Value], x: list[float], b: Value) -> Value:
    return sum((a * c for a, c in zip(w, x, strict=True)), b)


shares = np.array([0.88, 0.9, 0.945, 0.91])
sure, good = np.array([0.99, 0.95, 0.5, 0.92]), np.array([True, False, False, True])

RIGHT: dict[tuple[int, int], list[Any]] = {
    (1, 1): [18, 18.0, 18.0009, 18.09, Value(18.0), np.float64(18)],
    (1, 2): [both_sides, one_side, lambda f, x, h: (f(x) - f(x - h)) / h],
    (1, 3): [[-12, -4], (-12.0, -4.0), [-11.99991, -3.99999], np.array([-12, -4])],
    (2, 1): [6, 6.0],
    (2, 2): [2.5, 7 - 1.5 * 3],
    (2, 3): [
        neuron_by_loop,
        lambda w, x, b: tanh(summed(w, x, b)),
        lambda w, x, b: summed(w, x, b).tanh(),
        lambda w, x, b: 2 / (1 + exp(-2 * summed(w, x, b))) - 1,
    ],
    (3, 1): [[6, 2], (6.0, 2.0)],
    (3, 2): [[4, 3], [3, 4]],
    (3, 3): [lambda before, gradient, local: before + gradient * local],
    (3, 4): [["u", "t", "s"], ("u", "t", "s")],
    (4, 1): [lambda old, gradient, rate: old - rate * gradient, lambda old, gradient, rate: old + rate * -gradient],
    (4, 2): [[3 - 0.05 * 18, 1 - 0.05 * 6], moved_in_place()],
    (4, 3): [-18 + -1.8, -19.8],
    (5, 1): [2 / 8, 0.25, 0.252],
    (5, 2): [10, sum(0.9**k for k in range(100))],
    (5, 3): [["A", "C", "B"]],
    (6, 1): [5 * (3 + 1) + 2 * (5 + 1), 32],
    (6, 2): [
        lambda z: -log(1 - 1 / (1 + exp(-z))),
        lambda z: log(1 + exp(z)),
        softplus,
    ],
    (7, 2): [lambda losses: losses.index(min(losses)) + 1, lambda losses: int(np.argmin(losses)) + 1],
    (7, 1): [max(shares) - 0.9, shares.max() - 0.9, 0.045],
    (7, 3): [((sure >= 0.9) & ~good).mean(), 0.25],
    (8, 1): [[0, 1], [1, 0]],
    (8, 2): [
        "(1 - a * a) / ((1 + a * a) * (1 + a * a))",
        "(1 - a**2) / (1 + a**2)**2",
        "1 / (1 + a * a) - 2 * out * out",
    ],
    (9, 1): [16 * 3 + 16 * 17 + 17, 337],
    (9, 2): [
        lambda x: maximum(x, 0.1 * x),
        lambda x: x.relu() - 0.1 * (-x).relu(),
        lambda x: where(x.greater(0.0), x, 0.1 * x),
    ],
    (9, 3): [math.log(27), 3.3],
}

# What is answered, and words of the verdict on it
WRONG: dict[tuple[int, int], list[tuple[Any, str]]] = {
    (1, 1): [
        (-18, "sign is flipped"),
        (18.9, "your step is too large"),
        (27.0, "your step is too large"),
        (0, "not 0"),
        (9.0, "2 times too small"),
        (None, "print shows"),
    ],
    (1, 2): [
        (lambda f, x, h: (f(x + h) - f(x - h)) / h, "2 times too large"),
        (lambda f, x, h: (f(x + h) - f(x)) * h, "too small"),
        (lambda f, x, h: (f(x) - f(x + h)) / h, "sign is flipped"),
        (lambda f, x, h: 18 * x - 36, "expected"),
        (lambda f, x, h: (x + h - x) / h, "expected"),
        (prints, "end it with return"),
        (both_sides(lambda x: x, 1, 1), "a function is expected"),
    ],
    (1, 3): [([-4, -12], "another order"), ([12, 4], "sign is flipped"), ([-12], "length is 1"), (-12, "a list")],
    (2, 1): [(7, "one box"), (5, "too small"), (9, "too large")],
    (2, 2): [(1, "too small"), (-2.5, "sign"), (5.5, "too large")],
    (2, 3): [
        (lambda w, x, b: math.tanh(summed(w, x, b)), "graph is lost"),
        (lambda w, x, b: Value(math.tanh(summed(w, x, b))), "gradient by w0 is 0"),
        (summed, "too large"),
        (lambda w, x, b: tanh(w[0] * x[0] + w[1] * x[1] + b), "raised IndexError"),
        (lambda w, x, b: tanh(Value(0.7) * 0.5 + Value(-0.3) * -1.2 + 0.1), "gradient by w0 is 0"),
        (lambda w, x, b: tanh(summed(w, x, 0.0)), "too small"),
        (lambda w, x, b: 0.6695902, "graph is lost"),
        (prints, "end it with return"),
    ],
    (3, 1): [
        ([3, 1], "2 times too small"),
        ([-6, -2], "sign is flipped"),
        ([2, 6], "another order"),
        ([18, 6], "3 times"),
    ],
    (3, 2): [([4, 4], "[1] = 4"), ([7, 7], "too large"), (7, "a list of length 2")],
    (3, 3): [
        (lambda before, gradient, local: gradient * local, "-4: the sign is right, but it is too near to 0"),
        (lambda before, gradient, local: before + gradient + local, "expected -18"),
        (lambda before, gradient, local: before + local, "sign"),
        (lambda before, gradient, local: before - gradient * local, "sign is flipped"),
        (prints, "end it with return"),
    ],
    (3, 4): [
        (["u", "s", "t"], "may not come before"),
        (["s", "t", "u"], "may not come before"),
        (["u", "t"], "length is 2"),
        (["u", "t", "x"], "[2] = 'x'"),
    ],
    (4, 1): [
        (lambda old, gradient, rate: old + rate * gradient, "expected 1.36"),
        (lambda old, gradient, rate: rate * gradient, "expected 1.36"),
        (lambda old, gradient, rate: old - gradient, "expected 1.36"),
        (lambda old, gradient, rate: 1.36, "(1, -18, 0.02) is right"),
    ],
    (4, 2): [([3.9, 1.3], "walks up"), ([0.7, 2.1], "another order"), ([-15, -5], "sign is wrong"), (2.1, "a list")],
    (4, 3): [(-1.8, "new gradient alone"), (-18, "too near to 0"), (19.8, "sign is flipped"), (-16.2, "too near to 0")],
    (5, 1): [(0.125, "2 times too small"), (4, "upside down"), (8, "32 times too large"), (0.111, "too small")],
    (5, 2): [(9, "too small"), (0.9, "too small"), (float("inf"), "too large")],
    (5, 3): [(["B", "C", "A"], "another order"), (["A", "C"], "length"), ("ACB", "a list of length 3")],
    (6, 1): [(25, "biases are missing"), (25.0, "biases are missing"), (7, "too small")],
    (6, 2): [
        (lambda z: -log(1 / (1 + exp(-z))), "f(2)"),
        (lambda z: -math.log(1 - 1 / (1 + math.exp(-float(z)))), "graph is lost"),
        (lambda z: 1 - 1 / (1 + exp(-z)), "expected"),
        (lambda z: log(1 - 1 / (1 + exp(-z))), "sign is flipped"),
    ],
    (7, 2): [
        (lambda losses: losses.index(min(losses)), "expected 2"),
        (min, "min([3, 1, 2]) = 1"),
        (lambda losses: 2, "right"),
    ],
    (7, 1): [(0.945, "too large"), (0.9, "too large"), (0.0, "not 0"), (np.mean(shares) - 0.9, "too small")],
    (7, 3): [(0.5, "2 times too large"), ((~good).mean(), "2 times too large"), (1, "4 times too large")],
    (8, 1): [([0, 3], "[1] = 3"), ([1], "length"), ([-1, 1], "[0] = -1")],
    (8, 2): [
        ("1 - a * a", "slope(0.5)"),
        ("(1 - a²", "raised SyntaxError"),
        ("sin(x)", "raised NameError"),
        (3, "text in quotes"),
        (lambda a: 1, "text in quotes"),
    ],
    (9, 1): [(304, "biases are missing"), (337 * 2, "2 times")],
    (9, 2): [
        (lambda x: x if x > 0 else 0.1 * x, "as if does"),
        (lambda x: x.relu(), "leaky([3, -2, 0.5, -0.1])[1] = 0: the answer is not 0"),
        (lambda x: 0.1 * x, "[0] = 0.3"),
        (lambda x: x.nothing(), "raised AttributeError"),
        (7, "a function is expected"),
        (prints, "end it with return"),
    ],
    (9, 3): [(1 / 27, "too small"), (27, "too large"), (-math.log(27), "sign is flipped")],
}
GIVEN: dict[tuple[int, int], tuple[object, ...]] = {(7, 1): (shares,), (7, 3): (sure, good)}
EXERCISES = [(lesson, exercise) for lesson in KEY for exercise in range(1, len(KEY[lesson]) + 1)]


def last_line(captured: str) -> str:
    return captured.splitlines()[-1]


@pytest.mark.parametrize(("number", "exercise"), EXERCISES)
def test_right_answers_are_right_and_wrong_ones_wrong_and_it_says_why(
    number: int, exercise: int, capsys: pytest.CaptureFixture[str]
) -> None:
    lesson, given = Lesson(number, language="en"), GIVEN.get((number, exercise), ())
    lesson.check(exercise, ..., *given)
    assert last_line(capsys.readouterr().out).startswith("…")
    for answer in RIGHT[number, exercise]:
        lesson.check(exercise, answer, *given)
        assert last_line(capsys.readouterr().out) == "✓ Right."
    assert len(WRONG[number, exercise]) >= 2
    for answer, words in WRONG[number, exercise]:
        lesson.check(exercise, answer, *given)
        said = last_line(capsys.readouterr().out)
        assert said.startswith("✗"), said
        assert words in said


@pytest.mark.parametrize(("number", "exercise"), EXERCISES)
def test_a_korean_lesson_speaks_korean(number: int, exercise: int, capsys: pytest.CaptureFixture[str]) -> None:
    lesson, given = Lesson(number, language="ko"), GIVEN.get((number, exercise), ())
    for answer in (..., RIGHT[number, exercise][0], *(answer for answer, _ in WRONG[number, exercise])):
        lesson.check(exercise, answer, *given)
        said = last_line(capsys.readouterr().out)
        assert any("가" <= letter <= "힣" for letter in said), said
        assert "expected" not in said


def test_a_function_without_an_answer_waits_for_it(capsys: pytest.CaptureFixture[str]) -> None:
    Lesson(9, language="en").check(2, lambda x: ...)
    assert capsys.readouterr().out.startswith("…")


def test_what_was_answered_can_be_handed_in(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    lesson = Lesson(3, language="en")
    lesson.check(1, [2, 6])
    lesson.check(1, [6, 2])
    lesson.check(2, ...)
    lesson.check(3, RIGHT[3, 3][0])
    lesson.check(4, ["s", "t", "u"])
    lesson.hand_in("Kim Minji", tmp_path)
    file = tmp_path / "lesson-3.json"
    assert last_line(capsys.readouterr().out) == f"{file} holds your answers: 2 of 4 exercises are right."
    handed_in = json.loads(file.read_text(encoding="utf-8"))
    assert handed_in["name"] == "Kim Minji"
    first, second, third, fourth = handed_in["exercises"].values()
    assert first == {"answer": "[6, 2]", "text": "✓ Right.", "right": True, "tried": 2}
    assert second is None
    assert "before + gradient * local" in third["answer"]
    assert fourth["right"] is False


@pytest.mark.parametrize(
    ("number", "language", "words"), [(10, "en", "numbered from 1 to 9"), (1, "fr", "we speak 'en'")]
)
def test_there_are_nine_lessons_in_two_languages(number: int, language: Any, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        Lesson(number, language=language)


def test_a_lesson_has_the_exercises_that_it_has() -> None:
    with pytest.raises(ValueError, match="lesson 3 has exercises 1 to 4, got 5"):
        Lesson(3, language="en").check(5, 1.0)
