"""What is shown: a graph as a picture, a pass as steps in words, a gradient as the sum of its paths, and the player.

In come Values. Out go text, SVG, and HTML files that need nothing else. It reads Values by their public attributes, and
knows the page, the engine in use and the reader's language.
"""

from autograd.show.drawing import Drawing, draw
from autograd.show.explanation import explain
from autograd.show.expression import typed
from autograd.show.notation import rounded
from autograd.show.player.page import Page, compose, image, part
from autograd.show.stepping import Steps, steps

__all__ = ["Drawing", "Page", "Steps", "compose", "draw", "explain", "image", "part", "rounded", "steps", "typed"]
