"""The learning-rate range test; and predicting."""

from typing import Any

import numpy as np
import pytest
from nets import LINE, MOONS, Power, Root, small_net, train

from autograd import Value
from nn import MLP, Module, accuracy, data, lr_range_test, optim, predict
from nn.training import predict_class


def test_one_row_and_no_row_are_predicted() -> None:
    model = small_net()
    assert predict(model, [[1.0, 2.0]]).tolist() == [model([1.0, 2.0]).data]
    assert predict(model, []).tolist() == predict_class(model, np.zeros((0, 2))).tolist() == []
    assert train(model, [[1.0, 2.0]], [1], epochs=1).loss[0] > 0


def test_predicting_records_nothing() -> None:
    outputs: list[Value] = []

    class Spy(MLP):
        def __call__(self, inputs: Any) -> Any:
            outputs.append(super().__call__(inputs))  # type: ignore[arg-type]
            return outputs[-1]

    predict(Spy(2, [1]), MOONS.X[:2])
    assert [y.is_leaf for y in outputs] == [True, True]


def test_classes_are_the_largest_output_or_the_sign_of_one() -> None:
    class Itself(Module):
        def __call__(self, inputs: Any) -> Any:
            values = [Value(x) for x in inputs]
            return values if len(values) > 1 else values[0]

    assert predict_class(Itself(), [[1.0, 3.0, 2.0], [5.0, 4.0, 3.0]]).tolist() == [1, 0]
    assert predict_class(Itself(), [-1.0, 0.0, 2.0]).tolist() == [0, 0, 1]
    assert accuracy(Itself(), [-1.0, 0.0, 2.0, 3.0], [0, 1, 1, 1]) == 0.75
    assert accuracy(Itself(), [-1.0, 0.0, 2.0, 3.0], [-1, 1, 1, 1]) == 0.75


# The range test


@pytest.mark.parametrize("make", [optim.SGD, optim.Adam])
def test_the_range_test_leaves_everything_as_it_was(make: Any) -> None:
    model = small_net()
    optimizer = make(model.parameters(), lr=0.123)
    train(model, optimizer=optimizer)
    before = model.state_dict(), optimizer.state_dict()
    lr_range_test(model, MOONS.X, MOONS.y, loss="binary_cross_entropy", optimizer=optimizer, steps=20)
    assert (model.state_dict(), optimizer.state_dict()) == before
    assert {p.grad for p in model.parameters()} == {0}


@pytest.mark.parametrize("make", [optim.SGD, optim.Adam])
@pytest.mark.parametrize("seed", range(3))
def test_the_suggested_rate_trains_better_than_much_lower_and_much_higher_ones(make: Any, seed: int) -> None:
    moons = data.moons(60, rng=seed)
    model = MLP(2, [6, 1], activation="tanh", rng=seed)
    optimizer = make(model.parameters())
    found = lr_range_test(model, moons.X, moons.y, loss="binary_cross_entropy", optimizer=optimizer, rng=seed)

    def loss_with(lr: float) -> float:
        net = MLP(2, [6, 1], activation="tanh", rng=seed)
        return train(net, moons.X, moons.y, optimizer=make(net.parameters(), lr=lr), epochs=6).loss[-1]

    suggested = loss_with(found.suggestion)
    assert suggested < loss_with(found.suggestion / 30)
    assert suggested < loss_with(found.suggestion * 30)


def test_the_range_ends_where_the_loss_explodes() -> None:
    model = MLP(1, [1], rng=0)
    found = lr_range_test(model, *LINE, loss="mean_squared_error", lowest=1e-3, highest=1e3, steps=60)
    assert found.learning_rates[0] == pytest.approx(1e-3)
    assert len(found.learning_rates) == len(found.losses) < 60
    assert found.suggestion < 0.5


def test_the_range_ends_where_the_loss_is_not_finite_any_more() -> None:
    found = lr_range_test(Power(), [[1.02]], [0.0], loss="mean_squared_error", lowest=1e-3, highest=1e9, steps=5)
    assert 1 <= len(found.learning_rates) < 5


@pytest.mark.parametrize("model", [Power(), Root()])
def test_a_model_that_is_not_finite_has_no_range(model: Module) -> None:
    with pytest.raises(ValueError, match="the loss or its gradient is not finite before any step"):
        lr_range_test(model, [[1e300]], [0.0], loss=lambda y, _: y)


@pytest.mark.parametrize("settings", [{"lowest": 0.0}, {"lowest": 2.0, "highest": 1.0}, {"steps": 1}])
def test_the_rates_must_rise(settings: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="the rates rise from lowest > 0 to highest > lowest in at least 2 steps"):
        lr_range_test(small_net(), MOONS.X, MOONS.y, loss="binary_cross_entropy", **settings)
