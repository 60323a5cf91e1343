"""Passes: from a tape to a shorter tape that gives the same numbers, before it is planned.

A tape is a program as it was written, and what a chain rule writes repeats itself. In comes a tape, with the numbers of
its constants; out goes one of the same inputs, leaves and outputs. It knows the table and the tape.
"""

from autograd.replay.passes.simplifying import simplified

__all__ = ["simplified"]
