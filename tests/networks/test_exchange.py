"""A network that comes from PyTorch computes what it did there."""

from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from nn import from_torch, predict


class Linear(SimpleNamespace):
    """What PyTorch's layer shows of itself; so the rules are tested where PyTorch is not installed, too."""

    def __init__(self, n_in: int, n_out: int, bias: bool = True) -> None:
        numbers = np.random.default_rng(n_in)
        super().__init__(in_features=n_in, out_features=n_out, weight=numbers.normal(size=(n_out, n_in)))
        self.bias = numbers.normal(size=n_out) if bias else None


class Tanh:
    pass


class ReLU:
    pass


class Dropout:
    pass


class Conv2d:
    def __repr__(self) -> str:
        return "Conv2d()"


def test_it_computes_the_same() -> None:
    first, second = Linear(3, 4), Linear(4, 2, bias=False)
    model = from_torch([first, Tanh(), Dropout(), second])
    X = np.random.default_rng(0).normal(size=(5, 3))
    expected = np.tanh(X @ first.weight.T + first.bias) @ second.weight.T
    np.testing.assert_allclose(predict(model, X), expected, rtol=1e-12)
    assert repr(model) == "MLP(3, [4, 2], activation='tanh')"
    assert repr(from_torch([Linear(2, 1)])) == "MLP(2, [1], activation='relu')"


@pytest.mark.parametrize("name", ["ReLU", "Tanh", "Sigmoid", "Softplus"])
def test_real_modules_of_pytorch(name: str) -> None:
    torch = pytest.importorskip("torch")
    layers = [torch.nn.Linear(3, 5), getattr(torch.nn, name)(), torch.nn.Linear(5, 2)]
    sequential = torch.nn.Sequential(*layers).double()
    X = torch.randn(6, 3, dtype=torch.float64)
    np.testing.assert_allclose(predict(from_torch(sequential), X), sequential(X).detach(), rtol=1e-9, atol=1e-12)


@pytest.mark.parametrize(
    ("modules", "message"),
    [
        ([], "no Linear layer"),
        ([Linear(2, 2), Linear(2, 1)], "before module 1, a Linear, an activation is missing"),
        ([Linear(2, 3), Tanh(), Linear(4, 1)], "module 2, a Linear, takes 4 numbers, but the one before gives 3"),
        ([Linear(2, 2), Tanh()], "the last layer has an activation, tanh"),
        ([Linear(2, 2), Tanh(), Tanh(), Linear(2, 1)], "module 2"),
        ([Linear(2, 2), Tanh(), Linear(2, 2), ReLU(), Linear(2, 1)], "several kinds, tanh, relu"),
        ([Conv2d(), Linear(2, 1)], r"module 0, Conv2d\(\), has no place in an MLP"),
    ],
)
def test_what_an_mlp_has_no_place_for_is_refused(modules: list[Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        from_torch(modules)


def test_a_module_alone_is_no_sequence() -> None:
    with pytest.raises(TypeError, match=r"expected a torch.nn.Sequential of Linear layers, got Conv2d\(\)"):
        from_torch(Conv2d())
