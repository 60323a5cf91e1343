"""Training: what `fit` and the range test do, how they end, and what they refuse."""

import json
import math
import signal
import subprocess
import sys
from pathlib import Path
from random import Random
from typing import Any

import nets
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from nets import LINE, MOONS, Power, Root, small_net, train

from autograd import Value, grad, record
from nn import MLP, DivergenceWarning, History, Module, accuracy, data, lr_range_test, optim, predict
from nn import losses as nn_losses
from nn.schedules import step_decay
from nn.training import Objective, prepare
from nn.training.batches import NodeByNode
from nn.training.sources import shuffled


def mean_loss(model: Module, *batch: Any) -> float:
    return NodeByNode(Objective(model, nn_losses.binary_cross_entropy)).mean_loss(*batch)


# What training does


def test_a_network_learns_to_solve_a_differential_equation() -> None:
    """Physics-informed (Raissi, Perdikaris and Karniadakis 2019): u'' = -u, u(0) = 0, u'(0) = 1 is the sine."""
    network = MLP(1, [4, 1], activation="tanh", rng=0)

    def u(x: Value) -> Value:
        return x + x * x * network([x])

    def residual(x: Value) -> Value:
        y = u(x)
        (slope,) = grad(y, [x], create_graph=True)
        (curvature,) = grad(slope, [x], create_graph=True)
        return (curvature + y) ** 2

    loss, X = record(residual, 0.0), np.linspace(0, 3, 6)
    optimizer = optim.Adam(network.parameters(), lr=0.05)
    residuals = [optimizer.minimize(loss, X) for _ in range(200)]
    assert residuals[-1] < 1e-3 * residuals[0]
    assert [u(Value(x)).data for x in X.tolist()] == pytest.approx(np.sin(X), abs=0.02)


@given(
    st.integers(0, 10**6),
    st.sampled_from(["tanh", "relu", "sigmoid", "softplus"]),
    st.sampled_from(sorted(nn_losses.LOSSES)),
    st.lists(st.tuples(st.floats(-2, 2), st.floats(-2, 2), st.booleans()), min_size=1, max_size=4),
)
@settings(max_examples=60)
def test_a_small_enough_step_against_the_gradient_never_raises_the_loss(
    seed: int, activation: str, loss: str, examples: list[tuple[float, float, bool]]
) -> None:
    model = MLP(2, [3, 2 if loss in ("cross_entropy", "multi_margin", "kl_divergence") else 1], activation, rng=seed)
    rows = [[a, b] for a, b, _ in examples]
    coded = {"hinge": [-1, 1], "kl_divergence": [[0.5, 0.5], [0.25, 0.75]]}.get(loss, [0, 1])
    targets = [coded[t] for _, _, t in examples]
    f = nn_losses.by_name(loss)
    examples, batch = NodeByNode(Objective(model, f)), (np.array(rows), np.array(targets))
    before = examples.gradient(*batch)
    start = model.state_dict()
    steepness = sum(p.grad**2 for p in model.parameters())
    for halvings in range(40):
        model.load_state_dict(start)
        optim.SGD(model.parameters(), lr=0.5**halvings).step()
        if examples.mean_loss(*batch) <= before:
            return
    assert steepness < 1e-12 * (1 + before), "no step, however small, keeps the loss from rising"


@pytest.mark.parametrize("batch_size", [1, 3, 7, 8])
def test_the_gradient_of_a_batch_is_that_of_the_mean_loss(batch_size: int) -> None:
    model = small_net()
    rows, targets = MOONS.X[:batch_size], MOONS.y[:batch_size]
    mean = NodeByNode(Objective(model, nn_losses.binary_cross_entropy)).gradient(rows, targets)
    gradients = [p.grad for p in model.parameters()]
    loss = nn_losses.mean(nn_losses.binary_cross_entropy, [model(row) for row in rows], targets)
    model.zero_grad()
    loss.backward()
    assert mean == pytest.approx(loss.data, rel=1e-13)
    assert gradients == pytest.approx([p.grad for p in model.parameters()], rel=1e-12, abs=1e-15)


@given(st.integers(1, 50), st.integers(1, 60), st.integers())
def test_an_epoch_visits_every_row_once(n: int, batch_size: int, seed: int) -> None:
    visited = list(shuffled(n, batch_size, Random(seed)))
    assert sorted(i for batch in visited for i in batch) == list(range(n))
    assert [len(batch) for batch in visited[:-1]] == [batch_size] * (len(visited) - 1)


def test_the_same_seed_makes_the_same_run() -> None:
    runs = []
    for seed in (1, Random(1), 2):
        model = small_net()
        runs.append((train(model, rng=seed, batch_size=8).loss, model.state_dict()))
    assert runs[0] == runs[1] != runs[2]


@pytest.mark.parametrize(
    ("X", "y"),
    [LINE, tuple(map(np.array, LINE)), ([0, 1, 2], [1, 3, 5]), (LINE[0], [[1], [3], [5]]), (np.arange(3), (1, 3, 5))],
)
def test_lists_and_arrays_in_any_usual_shape_train_alike(X: Any, y: Any) -> None:
    model = MLP(1, [1], rng=0)
    history = train(model, X, y, loss="mean_squared_error", optimizer=optim.SGD(model.parameters(), lr=0.2), epochs=60)
    assert len(history.loss) == len(history.learning_rate) == 60
    assert [p.data for p in model.parameters()] == pytest.approx([2, 1], abs=1e-3)
    assert (history.validation_loss, history.stopped) == ([], "")


def test_the_history_has_the_loss_before_each_step_and_the_rate_of_the_last() -> None:
    model = small_net()
    first = mean_loss(model, *prepare(MOONS.X, MOONS.y))
    optimizer = optim.SGD(model.parameters(), lr=0.5)
    history = train(model, optimizer=optimizer, batch_size=20, schedule=step_decay(2, 0.5), epochs=3)
    assert history.learning_rate == [0.5, 0.25, 0.125]
    assert optimizer.lr == 0.5
    whole = train(small_net(), batch_size=1000, epochs=1)
    assert whole.loss == pytest.approx([first])


@pytest.mark.parametrize("loss", ["hinge", "binary_cross_entropy", nn_losses.mean_squared_error])
def test_networks_learn_the_moons(loss: Any) -> None:
    model = MLP(2, [8, 8, 1], rng=0)
    y = 2 * MOONS.y - 1 if loss == "hinge" else MOONS.y
    history = train(model, y=y, loss=loss, epochs=25, batch_size=8, optimizer=optim.Adam(model.parameters(), lr=0.05))
    assert history.loss[-1] < 0.3 * history.loss[0]
    if loss != nn_losses.mean_squared_error:
        assert accuracy(model, MOONS.X, y) > 0.95


def test_several_classes_are_learned_from_numbers_and_from_probabilities() -> None:
    blobs = data.blobs(30, rng=0)
    for y in (blobs.y, np.eye(3)[blobs.y]):
        model = MLP(2, [3], rng=0)
        train(model, blobs.X, y, loss="cross_entropy", optimizer=optim.Adam(model.parameters(), lr=0.1), epochs=20)
        assert accuracy(model, blobs.X, y) == 1
        assert predict(model, blobs.X).shape == (30, 3)


def test_no_epoch_changes_nothing() -> None:
    model = small_net()
    before = model.state_dict()
    assert train(model, epochs=0) == History()
    assert model.state_dict() == before


def test_the_history_is_written_as_json(tmp_path: Path) -> None:
    history = train(small_net(), validation=(MOONS.X, MOONS.y))
    history.save(tmp_path / "history.json")
    assert History(**json.loads((tmp_path / "history.json").read_text())) == history


@pytest.mark.parametrize("validation", [None, (MOONS.X, MOONS.y)])
def test_the_progress_bar_shows_the_losses(capsys: pytest.CaptureFixture[str], validation: Any) -> None:
    history = train(small_net(), progress=True, epochs=3, validation=validation)
    shown = capsys.readouterr().err
    assert "training: 100%" in shown
    assert f"loss={history.loss[-1]:.4g}" in shown
    assert ("validation=" in shown) == (validation is not None)
    train(small_net())
    assert capsys.readouterr().err == ""


# How it ends


def test_early_stopping_puts_the_best_parameters_back() -> None:
    model = small_net()
    held_out = (MOONS.X[:8], 1 - MOONS.y[:8])  # what is learned makes it worse
    history = train(model, validation=held_out, patience=3, epochs=50, optimizer=optim.SGD(model.parameters(), lr=0.5))
    best = history.validation_loss.index(min(history.validation_loss))
    assert len(history.loss) == len(history.validation_loss) == best + 1 + 3
    assert history.stopped == f"no lower validation loss for 3 epochs; back to the best, epoch {best + 1}"
    assert mean_loss(model, *prepare(*held_out)) == min(history.validation_loss)


def test_the_best_parameters_are_put_back_when_the_epochs_end_first() -> None:
    model = small_net()
    held_out = (MOONS.X[:8], 1 - MOONS.y[:8])
    history = train(model, validation=held_out, patience=50, epochs=6, optimizer=optim.SGD(model.parameters(), lr=0.5))
    assert history.stopped == ""
    assert mean_loss(model, *prepare(*held_out)) == min(history.validation_loss)
    assert min(history.validation_loss) < history.validation_loss[-1]


@pytest.mark.parametrize(
    ("model", "X", "lr", "born"),
    [
        (Power(), [[10.0]], 1e-3, r"step 2 \(epoch 2\), at learning rate 0.001: .*pow\(.*\) gave inf"),
        (
            MLP(1, [1], "relu", rng=0),
            [[100.0]],
            1e200,
            r"step 2 \(epoch 2\), at learning rate 1e\+200: .*pow\(.* gave inf",
        ),
        (
            MLP(1, [1], "relu", rng=0),
            [[1e100]],
            1e300,
            r"step 1 .*: the parameter 0.0.w0 became -?inf",
        ),
        (Power(), [[1500.0]], 1e-3, r"step 1 .*: .*pow\(.*\) gave inf"),
        (MLP(1, [1], rng=0), [[1.0]], 1e6, r"step 2 .*: the loss rose from .* to .*e\+"),
    ],
)
def test_a_run_that_diverges_stops_with_finite_parameters_and_says_where_and_what_to_try(
    model: Module, X: Any, lr: float, born: str
) -> None:
    optimizer = optim.SGD(model.parameters(), lr=lr)
    with pytest.warns(DivergenceWarning, match=f"diverged in {born}") as warned:
        history = train(model, X, [0.0], loss="mean_squared_error", optimizer=optimizer)
    assert history.stopped == str(warned[0].message)
    assert warned[0].filename == nets.__file__  # where `fit` was called
    for words in ("a learning rate ten times lower", "standardise the inputs", "lr_range_test"):
        assert words in history.stopped
    assert all(math.isfinite(p.data) for p in model.parameters())


def looking(loss: Any) -> Any:
    """A loss that looks at the target's number, which a replay could not repeat."""
    return lambda prediction, target: loss(prediction, float(target))


@pytest.mark.parametrize("loss", ["binary_cross_entropy", "mean_squared_error"])
def test_what_cannot_be_recorded_is_trained_node_by_node_with_the_same_history(loss: str) -> None:
    recorded, by_node = small_net(), small_net()
    expected = train(recorded, loss=loss, validation=(MOONS.X, MOONS.y))
    with pytest.warns(RuntimeWarning, match=r"training node by node, which takes longer: .*float\(\) was called"):
        history = train(by_node, loss=looking(nn_losses.by_name(loss)), validation=(MOONS.X, MOONS.y))
    assert history.loss == pytest.approx(expected.loss, rel=1e-9)
    assert history.validation_loss == pytest.approx(expected.validation_loss, rel=1e-9)
    assert [p.data for p in by_node.parameters()] == pytest.approx([p.data for p in recorded.parameters()], rel=1e-9)


def test_a_loss_that_a_replay_does_not_repeat_is_noticed() -> None:
    draw = Random(0).random
    with pytest.warns(RuntimeWarning, match="the recorded loss is another than the computed one"):
        train(small_net(), loss=lambda prediction, target: (prediction - target + draw()) ** 2, epochs=1)


@pytest.mark.parametrize(
    ("model", "X", "lr", "born"),
    [
        (Power(), 10.0, 1e-3, r"step 2 .*: pow\(.*\) gave inf"),
        (
            MLP(1, [1], "relu", rng=0),
            1e100,
            1e300,
            r"step 1 .*: the parameter layers.0.neurons.0.weights.0 became -?inf",
        ),
    ],
)
@pytest.mark.filterwarnings("ignore:training node by node")
def test_a_run_node_by_node_that_diverges_stops_with_finite_parameters(
    model: Module, X: float, lr: float, born: str
) -> None:
    loss = looking(nn_losses.mean_squared_error)
    with pytest.warns(DivergenceWarning, match=f"diverged in {born}"):
        train(model, [[X]], [0.0], loss=loss, optimizer=optim.SGD(model.parameters(), lr=lr))
    assert all(math.isfinite(p.data) for p in model.parameters())


@pytest.mark.filterwarnings("ignore:training node by node")
def test_a_gradient_that_is_not_finite_stops_a_run_node_by_node() -> None:
    with pytest.warns(DivergenceWarning, match="step 1 .*: the gradient of w is inf"):
        train(Root(), [[1.0]], [1.0], loss=looking(lambda y, _: y))


def test_a_gradient_that_is_not_finite_stops_the_run() -> None:
    with pytest.warns(DivergenceWarning, match="step 1 .*: row 0 of the batch makes the gradient of w inf"):
        train(Root(), [[1.0]], [1.0], loss=lambda y, _: y)


def test_a_validation_loss_that_is_not_finite_stops_the_run() -> None:
    with pytest.warns(DivergenceWarning, match="the validation loss became inf"):
        history = train(Power(), [[0.5]], [0.0], loss="mean_squared_error", validation=([[1e9]], [0.0]), patience=1)
    assert history.loss == history.validation_loss == []


def test_ctrl_c_returns_the_history_so_far() -> None:
    model = small_net()

    def schedule(step: int) -> float:
        if step == 3 * 2:  # two batches an epoch
            raise KeyboardInterrupt
        return 0.5

    optimizer = optim.SGD(model.parameters(), lr=0.5)
    history = train(model, epochs=1000, optimizer=optimizer, schedule=schedule)
    assert len(history.loss) == 3
    assert history.stopped == "interrupted in epoch 4"
    assert optimizer.lr == 0.5


def test_a_signal_from_the_keyboard_returns_the_history_so_far() -> None:
    program = """if True:
        import signal
        from nn import MLP, data, fit
        signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell's background jobs ignore it
        moons = data.moons(20)
        print(0, flush=True)
        history = fit(MLP(2, [4, 1]), moons.X, moons.y, loss="binary_cross_entropy", epochs=10**9)
        print(len(history.loss), history.stopped)
    """
    process = subprocess.Popen(
        [sys.executable, "-c", program], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, bufsize=1
    )
    assert process.stdout is not None
    assert process.stderr is not None
    process.stdout.readline()
    while "loss=" not in (seen := process.stderr.read(64)):
        assert seen, "the process has ended"
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=60)
    epochs, _, stopped = out.strip().partition(" ")
    assert process.returncode == 0, err
    assert stopped == f"interrupted in epoch {int(epochs) + 1}"
    assert "Traceback" not in err


# What is refused


@pytest.mark.parametrize(
    ("X", "y", "message"),
    [
        ([], [], "at least one; got 0 rows, 0 targets"),
        ([[1.0, 2.0]], [], "got 1 rows, 0 targets"),
        (MOONS.X, MOONS.y[:-1], "got 40 rows, 39 targets"),
        ([[1.0, 2.0], [3.0]], [0, 1], "X must be numbers, as many in each row"),
        (np.array([[1j, 2.0]]), [0], "X must be real numbers; got an array of complex128"),
        ([[1.0, 2.0]], np.array(["2024-05-01"], "datetime64[D]"), "y must be real numbers; got an array of datetime64"),
        ([["a", "b"]], [0], "X must be numbers.*could not convert string to float"),
        ([[1.0, 2.0]], ["setosa"], "y must be numbers.*setosa"),
        ([[1.0, 2.0]], [{}], "y must be numbers"),
        ([[0.0, 1.0], [2.0, math.nan]], [0, 1], r"X\[1, 1\] is nan: expected finite numbers"),
        ([[0.0, -math.inf]], [0], r"X\[0, 1\] is -inf"),
        ([[0.0, None]], [0], r"X\[0, 1\] is nan"),
        ([[0.0, 1.0]], [math.inf], r"y\[0\] is inf"),
        (np.zeros((2, 2, 2)), [0, 1], r"X has a row of inputs.*got shape \(2, 2, 2\)"),
        (3.0, [0], r"X has a row of inputs.*got shape \(\)"),
        ([[1.0, 2.0]], 1, r"y has a target, or a row of targets, for each example; got shape \(\)"),
        ([[1.0, 2.0]], np.zeros((1, 2, 2)), r"y has a target.*got shape \(1, 2, 2\)"),
        ([[1.0, 2.0, 3.0]], [1], "expected 2 inputs, got 3"),
        ([[1.0, 2.0]], [3], "binary_cross_entropy is 0 or 1, or between; got 3"),
    ],
)
def test_data_that_do_not_fit_are_refused_and_leave_the_model_as_it_was(X: Any, y: Any, message: str) -> None:
    model = small_net()
    before = model.state_dict()
    with pytest.raises(ValueError, match=f"(?s){message}"):
        train(model, X, y)
    with pytest.raises(ValueError, match=f"(?s){message}"):
        lr_range_test(model, X, y, loss="binary_cross_entropy")
    assert model.state_dict() == before


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"patience": 3}, r"needs validation=\(X, y\)"),
        ({"patience": 0, "validation": (MOONS.X, MOONS.y)}, "patience is a number of epochs"),
        ({"validation": ([], [])}, "got 0 rows, 0 targets"),
        ({"batch_size": 0}, "batch_size >= 1; got 5 and 0"),
        ({"epochs": -1}, "epochs >= 0.*got -1 and 32"),
        ({"epochs": 2.5}, "expected whole numbers.*got 2.5 and 32"),
        ({"loss": "mse"}, "unknown loss 'mse'"),
        ({"loss": "cross_entropy"}, "needs an output for each class"),
        ({"optimizer": optim.SGD(small_net().parameters())}, "no parameter of this model: make it anew"),
    ],
)
def test_settings_that_make_no_sense_are_refused(settings: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        train(small_net(), **settings)


def test_of_many_targets_those_that_nothing_forgives_are_looked_at() -> None:
    seen: list[int] = []

    def counted(prediction: Any, target: Any) -> Value:
        seen.append(1)
        return nn_losses.kl_divergence(prediction, target)

    shares = np.random.default_rng(0).dirichlet([1.0, 1.0], size=2000)
    train(MLP(2, [2], rng=0), shares, shares, loss=counted, epochs=1)
    assert len(seen) < 120
    for bad in ([0.5, 0.6], [0.5, 0.4], [-0.5, 1.5]):
        shares[1234] = bad
        with pytest.raises(ValueError, match="probabilities, whose sum is 1"):
            train(MLP(2, [2], rng=0), shares, shares, loss="kl_divergence", epochs=1)


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        (
            {"optimizer": "adam"},
            r"such as optim.Adam\(model.parameters\(\), lr=0.01\); got 'adam'",
        ),
        ({"optimizer": optim.Adam}, "expected an optimiser, .*; got <class"),
        (
            {"schedule": "cosine"},
            r"is a function of the step, such as schedules.cosine\(steps\); got 'cosine'",
        ),
        ({"validation": 0.2}, r"validation is \(X, y\), .*; got 0.2"),
    ],
)
def test_settings_of_another_kind_are_refused(settings: dict[str, Any], message: str) -> None:
    with pytest.raises(TypeError, match=message):
        train(small_net(), **settings)


def test_a_model_without_parameters_cannot_be_trained() -> None:
    with pytest.raises(ValueError, match="there are no parameters to optimise"):
        train(Module())


@pytest.mark.parametrize("loss", [lambda y, _: y.data, lambda _y, _t: None])
def test_a_loss_must_give_a_value(loss: Any) -> None:
    with pytest.raises(TypeError, match=r"the loss gave .*: it must give a Value, computed from the model's output"):
        train(small_net(), loss=loss)
