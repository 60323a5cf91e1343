"""check: the right answer passes, and a verdict says what is wrong, in either language."""

import math
from collections.abc import Callable
from string import Formatter
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from autograd import Value
from autograd.exercises import check
from autograd.exercises.messages import MESSAGES

numbers = st.floats(1e-3, 1e3) | st.floats(-1e3, -1e-3)
kinds: list[Callable[[float], Any]] = [float, Value, np.float64, np.asarray, lambda x: Value(x) * 1]
anything = st.recursive(
    st.none() | st.booleans() | st.floats() | st.complex_numbers() | st.text() | st.binary() | st.functions(),
    lambda inner: st.lists(inner) | st.tuples(inner) | st.dictionaries(st.text(), inner),
)


def verdict(answer: object, expected: object, **options: Any) -> str:
    """What `check` prints, always one line. (A fixture of pytest would serve all examples of a property together.)"""
    lines: list[str] = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("builtins.print", lines.append)
        check(answer, expected, **options)
    [line] = lines
    return line


@given(numbers, st.sampled_from(kinds), st.sampled_from(kinds))
def test_the_right_answer_passes_whatever_kind_of_number_it_is(
    x: float, kind: Callable[[float], Any], expected: Callable[[float], Any]
) -> None:
    assert verdict(kind(x), expected(x)) == "✓ Right."
    assert verdict([kind(x), kind(-x)], (expected(x), expected(-x))) == "✓ Right."
    assert verdict(lambda y: kind(x * y), lambda y: expected(x * y), at=[1.0, 2.0]) == "✓ Right."


@given(numbers)
def test_a_flipped_sign_is_called_so(x: float) -> None:
    assert verdict(-x, x).endswith(": the sign is flipped.")


@given(numbers, st.integers(2, 999))
def test_a_factor_is_named(x: float, factor: int) -> None:
    assume(not math.isclose(factor * x * x, 1, rel_tol=1e-5))
    assert verdict(factor * x, x).endswith(f": {factor} times too large.")
    assert verdict(x, factor * x).endswith(f": {factor} times too small.")


@given(numbers)
def test_a_reciprocal_is_called_so(x: float) -> None:
    assume(abs(1 / x - x) > 1e-5)
    assert "upside down" in verdict(1 / x, x)


@given(numbers, numbers)
def test_any_other_number_is_too_large_or_too_small(x: float, difference: float) -> None:
    said = verdict(x + difference, x)
    if not any(word in said for word in ("sign", "times", "upside down", "close", "Right", "not 0")):
        assert said.endswith(": too large." if difference > 0 else ": too small.")


@given(numbers, numbers)
def test_sizes_are_compared_without_the_sign(x: float, y: float) -> None:
    said = verdict(-abs(x), -abs(y))
    if "it is too" in said:
        assert said.endswith("too far below 0." if abs(x) > abs(y) else "too near to 0.")
    assert "too large" not in said.replace("times too large", "")
    assert "too small" not in said.replace("times too small", "")


@given(anything, st.sampled_from([1.0, "a", True, [1.0, 2.0], abs]))
def test_whatever_is_given_there_is_one_verdict(answer: object, expected: Any) -> None:
    assert verdict(answer, expected, at=[1.0])[0] in "…✗✓"


@pytest.mark.parametrize(
    ("answer", "expected", "said"),
    [
        (3.13, math.pi, "✗ 3.13: close, but 0.4 % off."),
        (math.nan, 1.0, "✗ nan: not a number; look for 0 / 0, inf - inf, or a function outside its domain."),
        (-math.inf, math.inf, "✗ -inf: the sign is flipped."),
        (5.0, math.inf, "✗ 5: too small."),
        (5.0, 0.0, "✗ 5: too far from 0."),
        (0, 5.0, "✗ 0: the answer is not 0."),
        (-18.0, -19.8, "✗ -18: the sign is right, but it is too near to 0."),
        (-25.0, -19.8, "✗ -25: the sign is right, but it is too far below 0."),
        (-18.0, 19.8, "✗ -18: the sign is wrong, and the size too."),
        (None, 5.0, "✗ None: this is nothing at all; print shows a number, but doesn't hand it on."),
        (None, [5.0], "✗ None: this is nothing at all; print shows a number, but doesn't hand it on."),
        (
            [4.0, None],
            [4.0, 3.0],
            "✗ [1] = None: this is nothing at all; print shows a number, but doesn't hand it on.",
        ),
        ([3, 4], [4, 3], "✗ [3, 4]: these are the right ones, but in another order."),
        (["b", "a"], ["a", "b"], "✗ ['b', 'a']: these are the right ones, but in another order."),
        ([4, 4], [4, 3], "✗ [1] = 4: too large."),
        (5.0, math.nan, "✗ 5: this is not the answer."),
        ("5", 5.0, "✗ '5': this is of type str, but a number is expected."),
        (5j, 5.0, "✗ 5j: this is of type complex, but a number is expected."),
        (abs, 5.0, "✗ abs: this is of type builtin_function_or_method, but a number is expected."),
        ([1.0, 2.0], 5.0, "✗ [1, 2]: this is of type list, but a number is expected."),
        (5.0, [5.0], "✗ 5: this is of type float, but a list of length 1 is expected."),
        ([1, 2], [1, 2, 3], "✗ [1, 2]: the length is 2, but 3 is expected."),
        ([1, -2], np.array([1, 2]), "✗ [1] = -2: the sign is flipped."),
        ([[1, 2], [3, 8]], [[1, 2], [3, 4]], "✗ [1][1] = 8: 2 times too large."),
        (["a", "b"], ["a", "c"], "✗ [1] = 'b': this is not the answer."),
        ("a", "a", "✓ Right."),
        (97, "a", "✗ 97: this is of type int, but text in quotes is expected."),
        (np.True_, True, "✓ Right."),
        (False, True, "✗ False: this is not the answer."),
        ("yes", True, "✗ 'yes': this is of type str, but True or False is expected."),
        (math.nan, math.nan, "✓ Right."),
    ],
)
def test_what_it_says(answer: object, expected: object, said: str) -> None:
    assert verdict(answer, expected) == said


def square(x: float) -> float:
    return x * x


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (square, "✗ square(3) = 9: too large; expected 6. square(2) is right."),
        (lambda x: -2 * x, "✗ f(2) = -4: the sign is flipped; expected 4."),
        (lambda x: 1 / (x - 2), "✗ f(2) raised ZeroDivisionError: division by zero."),
        (lambda x: 4 / (x < 3), "✗ f(3) raised ZeroDivisionError: division by zero. f(2) is right."),
        (lambda: 4, "✗ f(2) raised TypeError: "),
        (lambda x: ... if x else 0, "… Replace the ... "),
        ({}.get, "✗ get(2) returned nothing: end it with return, since print only shows a number."),
        (4.0, "✗ 4: this is of type float, but a function is expected."),
    ],
)
def test_functions(answer: object, said: str) -> None:
    assert verdict(answer, lambda x: 2 * x, at=[2, 3]).startswith(said)


def test_a_list_may_be_in_any_order_where_the_question_says_so() -> None:
    assert verdict([3, 4], [4, 3], any_order=True) == "✓ Right."
    assert verdict([3, 3], [4, 3], any_order=True) == "✗ [0] = 3: too small."


a, b = Value(0.5, label="a"), Value(2.0, label="b")


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (lambda x, y: x * y, "✓ Right."),
        (lambda x, y: (x.log() + y.log()).exp(), "✓ Right."),
        (lambda x, y: x.data * y.data, "✗ f(a, b): its number is right, but its graph is lost; "),
        (lambda x, y: Value(x.data * y.data, requires_grad=False), "✗ f(a, b): its number is right, but its graph is "),
        (
            lambda x, y: x + y * 0.25,
            "✗ f(a, b): its number is right, but not its graph; the gradient by a is 1, where 2 ",
        ),
        (
            lambda x, y: x * y.data,
            "✗ f(a, b): its number is right, but not its graph; the gradient by b is 0, where 0.5 ",
        ),
    ],
)
def test_a_result_of_values_is_known_by_its_graph(answer: Callable[..., object], said: str) -> None:
    assert verdict(answer, lambda x, y: x * y, at=[(a, b)]).startswith(said)


def test_no_graph_is_asked_for_where_the_expected_result_has_none() -> None:
    assert verdict(lambda x, y: 1.0, lambda x, y: x.data * y.data, at=[(a, b)]) == "✓ Right."


def test_functions_of_functions() -> None:
    def slope(f: Callable[[float], float], x: float, h: float = 1.0) -> float:
        return (f(x + h) - f(x)) / h

    said = verdict(slope, lambda _, x: 2 * x, at=[(square, 2.0)])
    assert said == "✗ slope(square, 2) = 5: too large; expected 4."


@pytest.mark.parametrize("answer", [..., [1.0, ...], (..., 2.0)])
@pytest.mark.parametrize("expected", [1.0, [1.0, 2.0], "a", abs])
def test_an_exercise_that_waits_for_its_answer(answer: object, expected: object) -> None:
    assert verdict(answer, expected, at=[1.0]) == "… Replace the ... by your answer, then run this cell again."


def test_the_tolerance() -> None:
    assert verdict(3.14, math.pi, tolerance=1e-3) == "✓ Right."
    assert verdict(3.14, math.pi, tolerance=1e-4) == "✗ 3.14: close, but 0.05 % off."


def test_functions_need_somewhere_to_be_compared() -> None:
    with pytest.raises(ValueError, match="where are the two functions to be compared"):
        check(abs, abs)


@pytest.mark.parametrize(
    ("environment", "right"),
    [
        ({"LANGUAGE": "ko"}, "✓ 맞습니다."),
        ({"LANGUAGE": "fr:ko:en"}, "✓ 맞습니다."),
        ({"LANGUAGE": "", "LC_ALL": "ko_KR.UTF-8"}, "✓ 맞습니다."),
        ({"LANG": "ko_KR.UTF-8"}, "✓ 맞습니다."),
        ({"LC_MESSAGES": "ko", "LANG": "en_GB"}, "✓ 맞습니다."),
        ({"LANGUAGE": "en", "LANG": "ko_KR.UTF-8"}, "✓ Right."),
        ({"LC_ALL": "C", "LANG": "ko_KR.UTF-8"}, "✓ Right."),
        ({"LANGUAGE": "fr"}, "✓ Right."),
        ({}, "✓ Right."),
    ],
)
def test_the_language_is_that_of_the_environment(
    monkeypatch: pytest.MonkeyPatch, environment: dict[str, str], right: str
) -> None:
    for name in ("LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(name, raising=False)
    for name, setting in environment.items():
        monkeypatch.setenv(name, setting)
    assert verdict(1.0, 1) == right


def test_both_languages_say_the_same() -> None:
    for english, korean in MESSAGES.values():
        fields = [sorted(field for _, field, _, _ in Formatter().parse(text) if field) for text in (english, korean)]
        assert fields[0] == fields[1]
        assert english[0] == korean[0] or english[0] not in "…✗✓"
