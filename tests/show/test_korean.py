"""What is printed speaks Korean where a notebook does: steps, and explanations with many paths, long ones, and none."""

import pytest

from autograd import Value, explain, log, relu, steps


@pytest.fixture(autouse=True)
def korean(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LANGUAGE", "ko")


def test_steps_say_what_is_handed_on() -> None:
    w = Value(1.0, label="w")
    error = w * 3 - 7
    error.label = "error"
    first, *_, last = steps(error**2)
    assert str(first).startswith("error**2 → error, 기울기 1 * 국소 미분 ")
    assert str(last).startswith("w * 3 → w, 기울기 -8 * 국소 미분 ")
    assert str(last).endswith("= 3: w.grad = 0 + (-8) * 3 = -24")


def test_a_row_that_masks_hands_on_nothing() -> None:
    *_, last = steps(log(relu(Value(0.0, label="x"))))
    assert str(last).startswith("relu(x) → x, 기울기 inf, 넘겨주는 것 없음: 국소 미분 ")


def test_what_is_rounded_is_said_to_be_so() -> None:
    y = Value(2 / 3, label="a") * Value(-1.23456789, label="b")
    [step] = steps(y, forward=True)
    assert str(step).endswith(" = 0.6667 * (-1.235) = 약 -0.823")


def test_explanations_count_paths() -> None:
    x = Value(1.0, label="x")
    doubled = x
    for _ in range(50):
        doubled = doubled + doubled
    said = repr(explain(x, doubled, limit=1))
    assert "경로 약 10**15개:" in said
    assert "나머지 경로 약 10**15개의 합" in said
    assert "31개 더 ..." in said
    assert repr(explain(x, x * 2)).splitlines()[0].endswith("경로 1개:")
    assert repr(explain(Value(2.0), x * 2)).endswith("x * 2까지 가는 경로가 없으므로 미분은 0입니다")
