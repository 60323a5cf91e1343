"""Exercises that check themselves: `check(answer, expected)` prints what is wrong with an answer, not only that it is.

In come what a reader answers and what is right. Out go words, in the reader's language. It knows Values by their
numbers.
"""

from autograd.exercises.checking import check

__all__ = ["check"]
