"""What `fit` can be asked for: weights of rows, penalties, clipping, dropout, threads, calls after each epoch, logs."""

import csv
import sys
import time
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from nets import LINE, MOONS, small_net, train

from autograd import Value, no_grad
from nn import MLP, Dropout, Layer, Module, Sequential, losses, optim, predict
from nn.training import History, log_to_csv, log_to_tensorboard


def numbers(model: Module) -> list[float]:
    return [p.data for p in model.parameters()]


def trained(**settings) -> list[float]:
    model = settings.pop("model", None) or small_net()
    train(model, **{"optimizer": optim.SGD(model.parameters(), lr=0.5), "batch_size": 100, **settings})
    return numbers(model)


class Looking(Module):
    """A network that looks at its inputs, so that it can't be recorded."""

    def __init__(self) -> None:
        self.net = small_net()

    def __call__(self, inputs):
        float(inputs[0])
        return self.net(inputs)


def node_by_node(**settings) -> list[float]:
    model = Looking()
    with pytest.warns(RuntimeWarning, match="training node by node"):
        train(model, **{"optimizer": optim.SGD(model.parameters(), lr=0.5), "batch_size": 100, **settings})
    return numbers(model)


# Weights of rows


@given(st.lists(st.integers(0, 3), min_size=40, max_size=40).filter(any))
@settings(max_examples=15)
def test_a_row_that_weighs_n_is_n_rows(counts: list[int]) -> None:
    repeated = np.repeat(np.arange(40), counts)
    expected = trained(X=MOONS.X[repeated], y=MOONS.y[repeated], batch_size=200)
    assert trained(sample_weight=counts) == pytest.approx(expected, rel=1e-9, abs=1e-12)


def test_only_the_proportions_of_weights_count() -> None:
    weights = np.linspace(0.1, 2, 40)
    history = train(small_net(), sample_weight=weights, batch_size=7)
    assert train(small_net(), sample_weight=1e5 * weights, batch_size=7).loss == pytest.approx(history.loss)
    assert trained(sample_weight=[0.25] * 40) == pytest.approx(trained(), rel=1e-12)


@pytest.mark.parametrize(
    ("weights", "message"),
    [([1.0], r"each of the 40 rows; got shape \(1,\)"), ([-1.0] * 40, "at least 0"), ([0.0] * 40, "not all of them 0")],
)
def test_weights_that_make_no_sense_are_refused(weights, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        train(small_net(), sample_weight=weights)


# Penalties and clipping


@pytest.mark.parametrize("loss", ["binary_cross_entropy", "hinge"])
def test_l2_is_the_weight_decay_of_sgd_on_the_weights(loss: str) -> None:
    y = MOONS.y if loss == "binary_cross_entropy" else 2 * MOONS.y - 1
    model = small_net()
    biases = [neuron.bias for layer in model.layers for neuron in layer.neurons]
    weights = [w for layer in model.layers for neuron in layer.neurons for w in neuron.weights]
    groups = [{"params": weights, "weight_decay": 0.1}, {"params": biases}]
    train(model, y=y, loss=loss, optimizer=optim.SGD(groups, lr=0.5), batch_size=8)
    assert trained(y=y, loss=loss, l2=0.1, batch_size=8) == pytest.approx(numbers(model), rel=1e-9, abs=1e-12)


def test_after_training_the_optimiser_goes_on_without_penalties() -> None:
    model = small_net()
    optimizer = optim.Adam(model.parameters(), lr=0.1)
    train(model, optimizer=optimizer, l1=0.1, l2=0.2)
    state, before = optimizer.state_dict(), numbers(model)
    assert optimizer.steps == 10
    again = small_net()
    for p, number in zip(again.parameters(), before, strict=True):
        p.data = number
    other = optim.Adam(again.parameters())
    other.load_state_dict(state)
    train(model, optimizer=optimizer)
    train(again, optimizer=other)
    assert numbers(model) == numbers(again)


def test_penalties_of_groups_are_those_of_one() -> None:
    model = small_net()
    groups = [{"params": layer.parameters()} for layer in reversed(model.layers)]
    train(model, optimizer=optim.SGD(groups, lr=0.5), batch_size=100, l1=0.01, l2=0.1)
    assert numbers(model) == pytest.approx(trained(l1=0.01, l2=0.1), rel=1e-12)


def test_penalties_of_lbfgs_are_those_of_ridge_regression() -> None:
    rng = np.random.default_rng(0)
    X, y = rng.normal(size=(30, 3)), rng.normal(size=30)
    model = MLP(3, [1], rng=0)
    optimizer = optim.LBFGS(model.parameters(), max_iter=200, tolerance_change=0.0)
    train(model, X, y, loss="mean_squared_error", optimizer=optimizer, l2=0.6, batch_size=30, epochs=1)
    centred = X - X.mean(axis=0)
    ridge = np.linalg.solve(centred.T @ centred + 30 * 0.3 * np.eye(3), centred.T @ y)
    assert [w.data for w in model.layers[0].neurons[0].weights] == pytest.approx(ridge.tolist(), abs=1e-6)


def test_l1_drives_weights_to_zero() -> None:
    small = [abs(x) for x in trained(l1=0.1, epochs=100)]
    assert sorted(small)[6] < 0.05 < sorted(abs(x) for x in trained(epochs=100))[6]


@pytest.mark.parametrize("setting", [{"clip_norm": 0.01}, {"clip_value": 0.001}, {"l1": 0.1}, {"l2": 0.1}])
def test_node_by_node_is_the_same_training(setting) -> None:
    weights = np.linspace(0.5, 1.5, 40)
    expected = trained(sample_weight=weights, **setting)
    assert node_by_node(sample_weight=weights, **setting) == pytest.approx(expected, rel=1e-9, abs=1e-12)
    assert expected != pytest.approx(trained(sample_weight=weights), rel=1e-6)


def test_a_clipped_step_is_no_longer_than_the_rate_times_the_limit() -> None:
    before, after = numbers(small_net()), trained(clip_norm=0.01, epochs=1)
    assert np.linalg.norm(np.subtract(after, before)) == pytest.approx(0.5 * 0.01, rel=1e-3)


def test_threads_train_alike() -> None:
    assert trained(threads=2) == pytest.approx(trained(), rel=1e-9)


# Dropout


def dropping(p: float, seed: int = 0) -> Sequential:
    layers = small_net().layers
    return Sequential(layers[0], Dropout(p, rng=seed), layers[1])


def test_dropout_of_nothing_trains_as_without() -> None:
    assert trained(model=dropping(0.0)) == trained()


def test_dropout_is_drawn_anew_for_every_row_and_the_seed_says_how() -> None:
    first = trained(model=dropping(0.5, seed=1), rng=5)
    assert trained(model=dropping(0.5, seed=2), rng=5) == first
    assert trained(model=dropping(0.5), rng=6) != first
    assert first != trained()


def test_a_recorded_epoch_drops_what_it_says() -> None:
    """With one row and one weight, the loss tells whether the input was dropped."""
    model = Sequential(Dropout(0.5), Layer(1, 1, "linear", rng=0))
    model.layers[1].neurons[0].weights[0].data = 1.0
    history = train(
        model, [[1.0]], [0.0], loss="mean_squared_error", optimizer=optim.SGD(model.parameters(), lr=0.0), epochs=400
    )
    assert set(history.loss) == {0.0, 4.0}
    assert history.loss.count(0.0) == pytest.approx(200, abs=40)


def test_after_training_nothing_is_dropped() -> None:
    model = dropping(0.5)
    train(model, validation=(MOONS.X, MOONS.y))
    with no_grad():
        assert model(MOONS.X[0].tolist()).data == model(MOONS.X[0].tolist()).data
    model.train()
    assert np.array_equal(predict(model, MOONS.X), predict(model, MOONS.X))
    assert model.layers[1].training  # as it was


def test_the_validation_loss_is_of_the_model_as_it_predicts() -> None:
    model = dropping(0.5)
    history = train(model, validation=(MOONS.X, MOONS.y), l2=1.0, epochs=1)
    score = [Value(x) for x in predict(model, MOONS.X)]
    expected = losses.mean(losses.binary_cross_entropy, score, MOONS.y.tolist()).data
    assert history.validation_loss == pytest.approx([expected], rel=1e-12)


# After each epoch


def test_on_epoch_sees_each_epoch_and_may_end_the_run() -> None:
    seen: list[int] = []

    def note(history: History) -> None:
        seen.append(len(history.loss))

    history = train(small_net(), on_epoch=[note, lambda history: len(history.loss) == 3], epochs=10)
    assert seen == [1, 2, 3]
    assert history.stopped == "stopped by on_epoch"
    assert len(train(small_net(), on_epoch=note).loss) == 5


def test_a_rate_that_on_epoch_sets_stays() -> None:
    model = small_net()
    optimizer = optim.SGD(model.parameters(), lr=0.5)

    def halve(_: History) -> None:
        optimizer.lr /= 2

    assert train(model, optimizer=optimizer, on_epoch=halve, epochs=3).learning_rate == [0.5, 0.25, 0.125]
    assert optimizer.lr == 0.0625


def test_a_schedule_scales_the_rate_of_each_group() -> None:
    model = small_net()
    groups = [{"params": layer.parameters(), "lr": lr} for layer, lr in zip(model.layers, (0.1, 0.2), strict=True)]
    seen: list[list[float]] = []
    optimizer = optim.SGD(groups)
    train(model, optimizer=optimizer, schedule=lambda step: 0.5**step, batch_size=40, epochs=2,
          on_epoch=lambda _: seen.append(optimizer.rates))  # fmt: skip
    assert seen == [[0.1, 0.2], [0.05, 0.1]]
    assert optimizer.rates == [0.1, 0.2]


def test_the_log_is_a_table_of_the_history(tmp_path: Path) -> None:
    path = tmp_path / "log.csv"
    for _ in range(2):  # a second run begins it anew
        history = train(small_net(), validation=(MOONS.X, MOONS.y), on_epoch=log_to_csv(path))
    rows = list(csv.DictReader(path.read_text().splitlines()))
    assert [int(row["epoch"]) for row in rows] == [1, 2, 3, 4, 5]
    assert [float(row["loss"]) for row in rows] == history.loss
    assert [float(row["validation_loss"]) for row in rows] == history.validation_loss
    assert [float(row["learning_rate"]) for row in rows] == history.learning_rate


def test_tensorboard_gets_the_curves(tmp_path: Path) -> None:
    pytest.importorskip("tensorboardX")
    train(small_net(), on_epoch=log_to_tensorboard(tmp_path))
    (events,) = tmp_path.iterdir()
    for _ in range(100):  # it is written by a thread
        if (written := events.read_bytes()).count(b"learning_rate") == 5:
            break
        time.sleep(0.05)
    assert written.count(b"learning_rate") == 5
    assert b"validation_loss" not in written


def test_without_tensorboard_the_error_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "tensorboardX", None)
    with pytest.raises(ModuleNotFoundError, match=r'pip install "stepgrad\[tensorboard\]"'):
        log_to_tensorboard("runs")


@pytest.mark.parametrize(
    ("setting", "message"),
    [
        ({"clip_norm": 1.0, "clip_value": 1.0}, "not by both"),
        ({"clip_norm": 0.0}, "max_norm is above 0; got 0.0"),
        ({"l2": -1.0}, "penalties are at least 0; got l1=0.0 and l2=-1.0"),
    ],
)
def test_settings_that_make_no_sense_are_refused(setting, message: str) -> None:
    model = MLP(1, [1], rng=0)
    before = numbers(model)
    with pytest.raises(ValueError, match=message):
        train(model, *LINE, loss="huber", **setting)
    assert numbers(model) == before
