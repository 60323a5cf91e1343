"""Exercises that check themselves: they print what is wrong with an answer, not only that it is.

In come what a reader answers and what is right; the nine lessons' own exercises have their key here. Out go words, in
the reader's language, and a file to hand in. It knows Values by their numbers, and graphs by their gradients.
"""

from autograd.exercises.checking import check
from autograd.exercises.lesson import Lesson

__all__ = ["Lesson", "check"]
