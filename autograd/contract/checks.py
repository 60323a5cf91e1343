"""What `grad` asks of its arguments, on either engine."""

from typing import Any


def check_variables(output: Any, inputs: Any, kind: type[Any]) -> None:
    """Raise TypeError or ValueError for what `grad` cannot do; `kind` is the engine's `Value`."""
    if callable(output):
        raise TypeError(
            "autograd.grad is of a Value that was computed: grad(y, [x]). The gradient of a function is "
            "autograd.derivatives.grad(f), to be called with its arguments"
        )
    if inputs is None:
        raise TypeError("by which Values? Give a sequence of them, as in grad(y, [x])")
    if isinstance(inputs, kind):
        raise TypeError("inputs is one Value; give a sequence of them, as in grad(y, [x])")
    if not isinstance(output, kind):
        raise TypeError(f"output must be a Value, got {type(output).__qualname__}: a result computed from Values")
    for i, x in enumerate(inputs):
        if not isinstance(x, kind):
            raise TypeError(f"inputs[{i}] must be a Value, got {type(x).__qualname__}: one that output was made of")
        if not x.requires_grad:
            raise ValueError(f"inputs[{i}] is a constant, {x!r}: make it with Value(...) before computing the output")
