"""`steps`: a forward or backward pass to be taken one step at a time, or played on a page."""

from collections.abc import Iterator
from typing import Generic, Literal, TypeVar, overload

from autograd.engines import Value
from autograd.environment import Language
from autograd.show.naming import Variables, variables_around
from autograd.show.passes import ForwardStep, Step, take_backward, take_forward
from autograd.show.player import Player

__all__ = ["Steps", "steps"]

S = TypeVar("S", Step, ForwardStep)


class Steps(Iterator[S], Generic[S]):
    """The steps of a pass, one for each `next()`. See `steps`."""

    def __init__(self, root: Value, forward: bool, variables: Variables, walk: Iterator[S]) -> None:
        self._root = root
        self._variables = variables
        self._forward = forward
        self._walk: Iterator[S] = walk

    def __repr__(self) -> str:
        kind = "forward" if self._forward else "backward"
        return f"<Steps: the {kind} pass, one step for each next(); .player() plays it>"

    def __next__(self) -> S:
        return next(self._walk)

    def player(self, language: Language | None = None, *, predict: bool = False) -> Player:
        """A page to play these steps on: it shows itself in a notebook, and `.save("lesson.html")` writes a file.

        The player of a backward pass plays the forward pass first, and gradients from 0. It plays all steps, whichever
        have been taken here, and takes none. It starts in `language`, "en" or "ko", or in the one that the environment
        asks for. In the page the leaves can be changed, and all that depends on them follows. With `predict`, it asks
        for each number before it shows it; the page has a button for that too.

        A click on a Value tells its history. A network is played by layer, by neuron or by number. The page's address
        keeps what is seen, such as `lesson.html#a=2.5&by=neuron&step=6`; with `?embed` it is compact, for slides.
        """
        return Player(self._root, self._variables, forward_only=self._forward, predict=predict, language=language)


@overload
def steps(root: Value, forward: Literal[False] = False) -> Steps[Step]: ...
@overload
def steps(root: Value, forward: Literal[True]) -> Steps[ForwardStep]: ...
@overload
def steps(root: Value, forward: bool) -> Steps[Step] | Steps[ForwardStep]: ...
def steps(root: Value, forward: bool = False) -> Steps[Step] | Steps[ForwardStep]:
    """The backward pass from `root`, one edge of the chain rule at a time; or with `forward`, the forward pass.

    An iterator: nothing has happened before the first `next()`, and after the last every `.grad` is what
    `root.backward()` would have made it. With the first step, as in `backward()`, inner nodes start afresh, at 0, the
    root at 1, while leaves add to the gradient that they have. Constants get no gradient, and no step.

    A step of the forward pass is one operation. It computes the node's data from its operands again, so a leaf with a
    new number carries through.

    A Value without a label goes by the variable of the caller that holds it. Raises TypeError for what is not a Value,
    and ValueError for the backward pass from a constant.

    >>> a, b = Value(2.0, label="a"), Value(-3.0, label="b")
    >>> loss = a * b + a
    >>> for step in steps(loss): print(step)
    loss = a * b + a passes its gradient 1 on to a * b, times d(loss)/d(a * b) = 1:
        (a * b).grad = 0 + 1 * 1 = 1
    loss = a * b + a passes its gradient 1 on to a, times d(loss)/d(a) = 1: a.grad = 0 + 1 * 1 = 1
    a * b passes its gradient 1 on to a, times d(a * b)/d(a) = b = -3: a.grad = 1 + 1 * (-3) = -2
    a * b passes its gradient 1 on to b, times d(a * b)/d(b) = a = 2: b.grad = 0 + 1 * 2 = 2
    >>> for step in steps(loss, forward=True): print(step)
    a * b = 2 * (-3) = -6
    loss = a * b + a = -6 + 2 = -4
    """
    if not hasattr(root, "inputs"):
        raise TypeError(f"steps() expects a Value, got {type(root).__name__}: give it one Value, such as the loss")
    variables = variables_around()
    if forward:
        return Steps(root, forward, variables, take_forward(root, variables))
    if not root.requires_grad:
        raise ValueError(
            "no steps back from a constant: this Value was made of plain numbers or detached Values, or inside "
            "no_grad(). Build it from Value(...) leaves, outside no_grad()."
        )
    return Steps(root, forward, variables, take_backward(root, variables))
