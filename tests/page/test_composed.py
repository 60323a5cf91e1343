"""`where` is Python's `a if condition > 0 else b`, for numbers and derivatives alike."""

from math import inf, nan

from hypothesis import example, given
from hypothesis import strategies as st

from autograd import Value, grad, where

numbers = st.floats(allow_nan=False)


@given(st.floats(), numbers, numbers)
@example(0.0, 1.0, 2.0)
@example(nan, 1.0, 2.0)
@example(1.0, 3.0, inf)
@example(-1.0, -inf, 3.0)
def test_it_is_the_operand_that_is_chosen(condition: float, a: float, b: float) -> None:
    operands = [Value(condition), Value(a), Value(b)]
    chosen = where(*operands)
    assert chosen.data == (a if condition > 0 else b)
    assert grad(chosen, operands) == [0.0, *((1.0, 0.0) if condition > 0 else (0.0, 1.0))]


def test_a_nan_comes_through_only_where_it_is_chosen() -> None:
    assert where(1.0, 2.0, nan).data == where(0.0, nan, 2.0).data == 2.0
    assert where(1.0, nan, 2.0).data != where(1.0, nan, 2.0).data


def test_its_operands_may_be_plain_numbers() -> None:
    assert not where(1, 2, 3).requires_grad
    assert where(1, Value(2.0), 3).requires_grad
