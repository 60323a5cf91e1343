"""What a verdict says, in English and Korean."""

from autograd.environment import spoken

MESSAGES = {
    "right": ("✓ Right.", "✓ 맞습니다."),
    "unanswered": (
        "… Replace the ... by your answer, then run this cell again.",
        "… ... 자리에 답을 쓰고 이 셀을 다시 실행하세요.",
    ),
    "sign": ("the sign is flipped", "부호가 반대입니다"),
    "sign and size": ("the sign is wrong, and the size too", "부호도 크기도 다릅니다"),
    "reciprocal": ("upside down, this is 1 divided by the answer", "분자와 분모가 바뀌었습니다. 정답의 역수입니다"),
    "times too large": ("{factor} times too large", "정답의 {factor}배입니다"),
    "times too small": ("{factor} times too small", "정답의 {factor}분의 1입니다"),
    "close": ("close, but {error:.1g} % off", "거의 맞지만 {error:.1g} % 벗어났습니다"),
    "too large": ("too large", "너무 큽니다"),
    "too small": ("too small", "너무 작습니다"),
    "too far below": ("the sign is right, but it is too far below 0", "부호는 맞지만 0에서 너무 멉니다"),
    "not far enough below": ("the sign is right, but it is too near to 0", "부호는 맞지만 0에 너무 가깝습니다"),
    "is zero": ("the answer is not 0", "정답은 0이 아닙니다"),
    "too far from zero": ("too far from 0", "0에서 너무 멉니다"),
    "nan": (
        "not a number; look for 0 / 0, inf - inf, or a function outside its domain",
        "수가 아닙니다. 0 / 0, inf - inf, 또는 정의역을 벗어난 함수가 있는지 보세요",
    ),
    "other": ("this is not the answer", "정답이 아닙니다"),
    "order": ("these are the right ones, but in another order", "고른 것은 맞지만 순서가 다릅니다"),
    "nothing": (
        "this is nothing at all; print shows a number, but doesn't hand it on",
        "값이 없습니다. print는 수를 보여 줄 뿐, 넘겨주지 않습니다",
    ),
    "returned nothing": (
        "✗ {call} returned nothing: end it with return, since print only shows a number.",
        "✗ {call}: 돌려주는 값이 없습니다. print는 보여 줄 뿐이므로 return으로 끝내세요.",
    ),
    "kind": ("this is of type {type}, but {kind} is expected", "자료형이 {type}입니다. 필요한 것: {kind}"),
    "number": ("a number", "수"),
    "text": ("text in quotes", "따옴표로 묶은 문자열"),
    "truth": ("True or False", "True 또는 False"),
    "function": ("a function", "함수"),
    "list": ("a list of length {length}", "길이가 {length}인 리스트"),
    "length": ("the length is {length}, but {expected} is expected", "길이가 {length}입니다. 필요한 길이: {expected}"),
    "graph lost": (
        "its number is right, but its graph is lost; use autograd's functions, which make Values",
        "값은 맞지만 그래프가 끊겼습니다. Value를 만드는 autograd의 함수를 쓰세요",
    ),
    "gradient": (
        "its number is right, but not its graph; the gradient by {name} is {given}, where {right} is expected",
        "값은 맞지만 그래프가 다릅니다. {name}에 대한 기울기가 {given}입니다. 기대한 값은 {right}입니다",
    ),
    "raised": ("✗ {call} raised {error}.", "✗ {call}: {error} 예외가 발생했습니다."),
    "wrong": ("✗ {fault}.", "✗ {fault}."),
    "wrong here": ("✗ {fault}; expected {expected}.", "✗ {fault}. 기대한 값: {expected}."),
    "wrong graph": ("✗ {call}: {fault}.", "✗ {call}: {fault}."),
    "right there": (" {call} is right.", " {call}의 값은 맞습니다."),
    "handed in": (
        "{file} holds your answers: {right} of {exercises} exercises are right.",
        "{file}에 답을 저장했습니다. 연습 {exercises}개 가운데 {right}개가 맞습니다.",
    ),
    # What a wrong answer that many give means
    "step too large": ("your step is too large for this curve", "이 곡선에는 간격이 너무 큽니다"),
    "uphill": ("this walks up the mountain; the rule has a minus", "산을 올라갔습니다. 규칙에는 빼기 부호가 있습니다"),
    "new gradient alone": (
        "this is the new gradient alone; what was there before has stayed",
        "이것은 새 기울기뿐입니다. 앞에 있던 것이 그대로 남아 있습니다",
    ),
    "without biases": ("the biases are missing", "편향이 빠졌습니다"),
    "one b each": ("b is used twice, but it is one box", "b는 두 번 쓰이지만 상자는 하나입니다"),
    "early": ("a node may not come before one that uses it", "어떤 노드도 자기를 쓴 노드보다 먼저 올 수 없습니다"),
    "uses an if": (
        "✗ this compares the numbers of one example, as if does, and can't be recorded; let maximum or relu choose.",
        "✗ if처럼 데이터 하나의 값을 견주어 정하면 기록할 수 없습니다. maximum이나 relu가 고르게 하세요.",
    ),
}


def say(message: str, **fields: object) -> str:
    return spoken(*MESSAGES[message]).format(**fields)
