"""What `check` says, in English and Korean."""

from autograd.environment import preferred_language

MESSAGES = {
    "right": ("✓ Right.", "✓ 맞습니다."),
    "unanswered": (
        "… Replace the ... by your answer, then run this cell again.",
        "… ... 자리에 답을 쓰고 이 셀을 다시 실행하세요.",
    ),
    "sign": ("the sign is flipped", "부호가 반대입니다"),
    "reciprocal": ("upside down, this is 1 divided by the answer", "분자와 분모가 바뀌었습니다. 정답의 역수입니다"),
    "times too large": ("{factor} times too large", "정답의 {factor}배입니다"),
    "times too small": ("{factor} times too small", "정답의 {factor}분의 1입니다"),
    "close": ("close, but {error:.1g} % off", "거의 맞지만 {error:.1g} % 벗어났습니다"),
    "too large": ("too large", "너무 큽니다"),
    "too small": ("too small", "너무 작습니다"),
    "nan": (
        "not a number; look for 0 / 0, inf - inf, or a function outside its domain",
        "수가 아닙니다. 0 / 0, inf - inf, 또는 정의역을 벗어난 함수가 있는지 보세요",
    ),
    "other": ("this is not the answer", "정답이 아닙니다"),
    "kind": ("this is of type {type}, but {kind} is expected", "자료형이 {type}입니다. 필요한 것: {kind}"),
    "number": ("a number", "수"),
    "text": ("text in quotes", "따옴표로 묶은 문자열"),
    "truth": ("True or False", "True 또는 False"),
    "function": ("a function", "함수"),
    "list": ("a list of length {length}", "길이가 {length}인 리스트"),
    "length": ("the length is {length}, but {expected} is expected", "길이가 {length}입니다. 필요한 길이: {expected}"),
    "raised": ("✗ {call} raised {error}.", "✗ {call}: {error} 예외가 발생했습니다."),
    "wrong": ("✗ {fault}.", "✗ {fault}."),
    "wrong here": ("✗ {fault}; expected {expected}.", "✗ {fault}. 기대한 값: {expected}."),
    "right there": (" {call} is right.", " {call}의 값은 맞습니다."),
}


def say(message: str, **fields: object) -> str:
    english, korean = MESSAGES[message]
    return (korean if preferred_language() == "ko" else english).format(**fields)
