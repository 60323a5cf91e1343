"""Where Python would free a graph by recursion, its nodes die one after the other."""

import gc

import pytest

from autograd.engines.freeing import free_operands_in_turn
from autograd.value import Value


class Deaths:
    """What `Value.__del__` is, and how many of its calls were open at a time."""

    def __init__(self) -> None:
        self.open = self.most = self.all = 0

    def of(self, node: Value) -> None:
        self.open += 1
        self.all += 1
        self.most = max(self.most, self.open)
        free_operands_in_turn(node)
        self.open -= 1


@pytest.fixture
def deaths(monkeypatch: pytest.MonkeyPatch) -> Deaths:
    gc.collect()  # what other tests left
    watched = Deaths()
    monkeypatch.setattr(Value, "__del__", lambda node: watched.of(node), raising=False)
    return watched


def test_no_node_of_a_chain_dies_within_all_its_successors(deaths: Deaths) -> None:
    y = x = Value(1.0)
    for _ in range(20_000):
        y = y * x
    del y
    assert (deaths.all, deaths.most) == (20_000, 2)


def test_what_is_still_in_use_lives_on(deaths: Deaths) -> None:
    x = Value(3.0)
    square = x * x
    root = square + 1
    del root
    assert deaths.all == 2  # the sum, and its constant
    square.backward()
    assert x.grad == 6.0


def test_a_value_that_was_refused_its_number_dies_in_silence(deaths: Deaths) -> None:
    with pytest.raises(TypeError):
        Value("three")  # type: ignore[arg-type]
    assert deaths.all == 1
