"""A recording as a module of PyTorch: the same numbers, differentiable there."""

from collections.abc import Callable
from typing import Any

from autograd.exports.arrays import Arrays, outputs
from autograd.exports.walk import tape_of
from autograd.replay import Tape


def to_torch(function: Callable[..., Any], *example: Any) -> Any:
    """`function`, a recording or what can be recorded on `example`, as a `torch.nn.Module`.

    It has the parameters in one tensor, `module.weights`, in the order of `Recording.parameters`, and is called with a
    batch of tensors in the place of arrays. Numbers are of 64 bits. Derivatives are PyTorch's own. To save it, save its
    `state_dict()`; or the module itself, which holds the tape, and is loaded where this package is.

    Raises ModuleNotFoundError without PyTorch.

    >>> from autograd import Value
    >>> w = Value(3.0)
    >>> squared = to_torch(lambda x: (w * x) ** 2, 0.0)    # doctest: +SKIP
    >>> squared(torch.tensor([1.0, 2.0]))    # doctest: +SKIP
    tensor([ 9., 36.], dtype=torch.float64, grad_fn=<AddBackward0>)
    """
    try:
        import torch
    except ModuleNotFoundError:
        raise ModuleNotFoundError('to_torch needs PyTorch: pip install "stepgrad[torch]"', name="torch") from None
    return _module(torch, tape_of(function, example))


def _module(torch: Any, tape: Tape) -> Any:
    parameters = tape.parameter_numbers.tolist()

    def cube_root(a: Any) -> Any:
        return torch.sign(a) * torch.abs(a) ** (1 / 3)

    unary = "exp expm1 log log1p sqrt sin cos tan asin acos atan sinh cosh tanh asinh acosh atanh sigmoid relu"
    functions = {
        name: getattr(torch, name) for name in f"{unary} abs sign floor pow maximum minimum hypot atan2".split()
    }
    functions |= {"cbrt": cube_root, "erf": torch.special.erf, "erfc": torch.special.erfc}
    functions["softplus"] = lambda a: torch.logaddexp(a, torch.zeros_like(a))
    functions["greater"] = lambda a, b: (a > b).to(torch.float64)
    functions["greater_equal"] = lambda a, b: (a >= b).to(torch.float64)
    library = Arrays(functions, torch.where, torch.broadcast_to, lambda results: torch.stack(results, dim=1))

    class Replayed(torch.nn.Module):  # type: ignore[misc]
        def __init__(self) -> None:
            super().__init__()
            start = [leaf.data for leaf in tape.parameters]
            self.weights = torch.nn.Parameter(torch.tensor(start, dtype=torch.float64))

        def forward(self, *batch: Any) -> Any:
            weights = dict(zip(parameters, self.weights, strict=True))
            leaves = [
                weights[i] if i in weights else torch.tensor(leaf.data, dtype=torch.float64)
                for i, leaf in enumerate(tape.leaves, tape.first_leaf)
            ]
            doubles = torch.utils._pytree.tree_map(lambda x: torch.as_tensor(x, dtype=torch.float64), batch)
            return outputs(tape, library, doubles, leaves)

        def __reduce__(self) -> tuple[Any, ...]:
            return _loaded, (tape,), self.__dict__

    return Replayed()


def _loaded(tape: Tape) -> Any:
    import torch

    return _module(torch, tape)
