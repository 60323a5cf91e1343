"""What training makes small: an example's loss, as much as its row weighs, and a penalty on the weights."""

from typing import Any

from autograd import Value
from nn.losses import Loss
from nn.modules import Module


class Objective:
    """The loss of `model` on one example, and what is added to it in training.

    `l1` and `l2` are penalties: l1 * sum(|w|) + l2 / 2 * sum(w^2) over the weights, that is all parameters but those
    that are called a bias. The gradient of the second is l2 * w, what `weight_decay` adds to it in `SGD`.
    """

    def __init__(self, model: Module, loss: Loss, l1: float = 0.0, l2: float = 0.0) -> None:
        if not (l1 >= 0 and l2 >= 0):
            raise ValueError(f"penalties are at least 0; got l1={l1!r} and l2={l2!r}")
        self.model, self.loss, self._l1, self._l2 = model, loss, l1, l2
        self._weights = [p for name, p in model.named_parameters() if not _is_bias(name)] if l1 or l2 else []

    def plain(self, row: Any, target: Any) -> Value:
        """The loss alone, in evaluation and in training."""
        example = self.loss(self.model(row), target)
        if not isinstance(example, Value):
            raise TypeError(f"the loss gave {example!r}: it must give a Value, computed from the model's output")
        return example

    def weighed(self, row: Any, target: Any, weight: Value | float | None = None) -> Value:
        """What is to become small: the loss times the row's weight, and the penalty."""
        example = self.plain(row, target)
        if weight is not None:
            example = example * weight
        if self._l2 and self._weights:
            squares = [w * w for w in self._weights]
            example = example + self._l2 / 2 * sum(squares[1:], squares[0])
        if self._l1 and self._weights:
            sizes = [abs(w) for w in self._weights]
            example = example + self._l1 * sum(sizes[1:], sizes[0])
        return example

    @property
    def plainly(self) -> bool:
        """Whether training adds nothing to the loss."""
        return not self._weights


def _is_bias(name: str) -> bool:
    return any(part in ("b", "bias", "biases") for part in name.split("."))
