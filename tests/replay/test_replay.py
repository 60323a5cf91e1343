"""The compiled replay agrees with the one in plain Python, to rounding, on all kernels that this machine can run."""

import math
from functools import cache
from itertools import pairwise

import mpmath
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autograd import Value, dot, engine, functions, record
from autograd.ops import TABLE
from autograd.replay.plain import PlainReplay
from nn.optim import SGD

if engine == "python":
    pytest.skip("nothing is compiled", allow_module_level=True)

from autograd.replay import _replay

pytestmark = pytest.mark.usefixtures("kernels")


def assert_replays_agree(recording, X, rtol=1e-10, atol=1e-12, threads=1):
    (replay,) = recording.replays
    plain = PlainReplay(replay.tape)
    with np.errstate(all="ignore"):
        np.testing.assert_allclose(replay.outputs([X], threads), plain.outputs([X]), rtol, atol)
        if len(replay.tape.outputs) == 1:
            mean, gradient = replay.mean_and_gradients([X], threads)
            expected_mean, expected_gradient = plain.mean_and_gradients([X])
            np.testing.assert_allclose(mean, expected_mean, rtol, atol)
            np.testing.assert_allclose(gradient, expected_gradient, rtol, atol)
            np.testing.assert_allclose(replay.input_gradients([X], threads), plain.input_gradients([X]), rtol, atol)


# Random programs

SMOOTH = [
    functions[name] for name in ("neg", "tanh", "sin", "cos", "sigmoid", "softplus", "abs", "relu", "erf", "atan")
]
BINARY = [functions[name] for name in ("add", "sub", "mul", "maximum", "minimum", "hypot", "atan2")]


@st.composite
def programs(draw):
    """A function of a list of Values: sums of products, rows of the table, shared nodes, constants, parameters."""
    inputs = draw(st.integers(1, 9))
    numbers = st.integers(-64, 64).map(lambda n: n / 64)  # tiny ones make huge derivatives, whose rounding differs
    parameters = [Value(x) for x in draw(st.lists(numbers, min_size=1, max_size=9))]
    instructions = draw(
        st.lists(st.tuples(st.integers(0, 6), st.lists(st.integers(0, 10**6), min_size=12, max_size=12)), max_size=25)
    )
    constants = [0.0, 0, 1.0, 0.5, -2.0]

    def program(xs):
        nodes = [*xs, *parameters]

        def node(i):
            return nodes[i % len(nodes)]

        for kind, picks in instructions:
            length = 1 + picks[10] % 5
            start = constants[picks[11] % 5] if picks[11] % 2 else node(picks[11])
            match kind:
                case 0:  # products of anything
                    made = sum((node(picks[2 * i]) * node(picks[2 * i + 1]) for i in range(length)), start)
                case 1:  # weights and inputs
                    made = sum((w * x for w, x in zip(parameters, xs, strict=False)), start)
                case 2:
                    made = sum((node(i) for i in picks[:length]), start) + node(picks[9])
                case 3:
                    made = (node(picks[0]) - start) ** [2, 2.0, 1, 3][picks[1] % 4]
                case 4:
                    made = SMOOTH[picks[0] % len(SMOOTH)](node(picks[1]))
                case _:
                    made = BINARY[picks[0] % len(BINARY)](node(picks[1]), start)
            nodes.append(made * 0.25 if picks[8] % 2 else made / (1 + abs(made)))
        return sum(nodes[-3:], 0.0)

    return program, inputs


@settings(max_examples=40, deadline=None)
@given(programs(), st.integers(1, 40), st.integers(1, 3), st.integers(0, 2**32 - 1))
def test_random_programs(program, rows, threads, seed):
    function, inputs = program
    recording = record(function, [0.5] * inputs)
    assert_replays_agree(recording, np.random.default_rng(seed).normal(size=(rows, inputs)), threads=threads)


# Every row of the table

EDGES = [
    0.0,
    -0.0,
    1.0,
    -1.0,
    math.inf,
    -math.inf,
    math.nan,
    5e-324,
    -1e-310,
    1e-160,
    0.3,
    -0.7,
    1.5,
    37.0,
    -37.0,
    709.9,
    -745.2,
    1e300,
]


@pytest.mark.parametrize("op", TABLE.values(), ids=TABLE)
def test_every_row_on_lanes_and_uniform_numbers(op):
    """Also at zeros, infinities and nan. Where a power is rewritten, that is another test's matter."""
    f, w = functions[op.name], Value(0.6)
    pairs = np.array([(a, b) for a in EDGES for b in EDGES])
    if len(op.operands) == 1:
        assert_replays_agree(record(lambda x: f(x[0]), [0.5]), pairs[: len(EDGES), 1:], rtol=1e-13, atol=5e-322)
        assert_replays_agree(record(lambda x: f(x[0]) * x[0], [0.5]), np.linspace(-3, 3, 41)[:, None], rtol=1e-13)
        assert_replays_agree(record(lambda x: f(w) * x[0], [0.5]), np.ones((3, 1)), rtol=1e-13)
    else:
        assert_replays_agree(record(lambda x: f(x[0], x[1]), [0.5, 0.5]), pairs, rtol=1e-13, atol=5e-322)
        for other in (w, 0.5):
            assert_replays_agree(
                record(lambda x, b=other: f(x[0], b), [0.5]), np.linspace(0.1, 3, 41)[:, None], rtol=1e-13
            )
            g = record(lambda x, a=other: f(a, x[0]), [0.5])
            assert_replays_agree(g, np.linspace(0.1, 3, 41)[:, None], rtol=1e-13)
        assert_replays_agree(record(lambda x: f(w, w) * x[0], [0.5]), np.ones((3, 1)), rtol=1e-13)
        assert_replays_agree(record(lambda x: f(x[0], x[0]), [0.5]), np.linspace(0.1, 3, 41)[:, None], rtol=1e-13)


@pytest.mark.parametrize(
    ("name", "ulps"), [("exp", 0.9), ("log", 0.8), ("tanh", 2.3), ("expm1", 2.5), ("log1p", 1.5), ("erf", 1.7)]
)
def test_functions_over_lanes_are_accurate(name, ulps):
    numbers = np.random.default_rng(0)
    wide = (
        numbers.uniform(-750, 710, 1000)
        if "exp" in name
        else numbers.normal(size=1000) * 10.0 ** numbers.uniform(-310, 300, 1000)
    )
    X = np.concatenate(
        [wide, numbers.normal(size=2000), numbers.uniform(0.9, 1.1, 1000), numbers.normal(size=500) * 1e-9]
    )
    if name.startswith("log"):
        X = np.abs(X)
    assert_accurate(name, X, ulps)


def assert_accurate(name, X, ulps):
    results = record(lambda x: functions[name](x), 0.5)(X)
    with mpmath.workdps(50):
        for x, result in zip(X.tolist(), results.tolist(), strict=True):
            exact = getattr(mpmath, name)(mpmath.mpf(x))
            if abs(exact) < 1e308:
                assert abs(mpmath.mpf(result) - exact) <= ulps * max(math.ulp(float(exact)), 5e-324), x


@pytest.mark.parametrize("name", ["sin", "cos"])
@pytest.mark.parametrize("far", [0.0, 1e22])
def test_circular_functions_are_accurate_near_and_far(name, far):
    numbers = np.random.default_rng(1)
    steps = np.concatenate([np.arange(-300, 300), numbers.integers(-636_000, 636_000, 300)])
    X = np.concatenate([numbers.normal(size=900) * 3, numbers.uniform(-1e6, 1e6, 600), steps * (np.pi / 2), [far]])
    assert_accurate(name, X, 0.9)


# Layers, and how they are cut


def layers(widths, activation="tanh"):
    numbers = np.random.default_rng(1)
    weights = [
        [[Value(x) for x in row] for row in numbers.normal(size=(n_out, n_in)) / n_in**0.5]
        for n_in, n_out in pairwise(widths)
    ]
    biases = [[Value(0.1 * i) for i in range(n)] for n in widths[1:]]

    def network(x):
        for matrix, bias in zip(weights, biases, strict=True):
            x = [
                functions[activation](sum((w * a for w, a in zip(row, x, strict=True)), b))
                for row, b in zip(matrix, bias, strict=True)
            ]
        return sum(x[1:], x[0])

    return network


@pytest.mark.parametrize("widths", [(1, 1), (2, 16, 16, 1), (3, 9, 5), (8, 8, 8), (17, 33, 10), (5, 1, 3)])
@pytest.mark.parametrize("rows", [1, 2, 7, 8, 9, 33, 100])
def test_layers_of_all_widths(widths, rows):
    X = np.random.default_rng(rows).normal(size=(rows, widths[0]))
    assert_replays_agree(record(layers(widths), [0.5] * widths[0]), X)


@pytest.mark.parametrize("more", [-1, 0, 1])
def test_batches_about_the_number_of_lanes(more):
    recording = record(layers((2, 3, 1), "relu"), [0.5, 0.5])
    (replay,) = recording.replays
    replay._program(False).make_room_for_lanes()
    lanes = replay._program(False).lanes
    X = np.random.default_rng(0).normal(size=(2 * lanes + more, 2))
    assert_replays_agree(recording, X[: lanes + more])
    assert_replays_agree(recording, X)
    assert_replays_agree(recording, X, threads=2)


@cache
def large_layer():
    """The sum of the squares of 300 sums of 41 inputs: more weights than the first-level cache holds."""
    W = [[Value(w) for w in row] for row in np.random.default_rng(3).normal(size=(300, 42)).tolist()]
    return W, record(lambda x: sum((dot(w[:-1], x, w[-1]) ** 2 for w in W), 0.0), [0.5] * 41)


@pytest.mark.parametrize("rows", [1, 7, 32, 33, 96, 300])
def test_a_large_layer_is_a_product_of_matrices(rows):
    W, loss = large_layer()
    numbers, X = np.array([[w.data for w in row] for row in W]), np.random.default_rng(rows).normal(size=(rows, 42))
    X[:, -1] = 1
    products = X @ numbers.T
    mean, gradient = loss.value_and_grad(X[:, :-1])
    derivative = dict(zip(loss.parameters, gradient.tolist(), strict=True))
    assert mean == pytest.approx((products**2).sum() / rows, rel=1e-12)
    np.testing.assert_allclose([[derivative[w] for w in row] for row in W], 2 * products.T @ X / rows, 1e-9, 1e-9)
    np.testing.assert_allclose(loss.input_gradients(X[:, :-1])[0], 2 * products @ numbers[:, :-1], 1e-9, 1e-9)


def test_residuals_shared_weights_and_attention():
    """Weights in two tiles, in another order than the leaves; products of lanes; a dot product plus a lane."""
    numbers = np.random.default_rng(2)
    w = [[Value(x) for x in row] for row in numbers.normal(size=(4, 4))]

    def linear(x, rows):
        return [sum(a * b for a, b in zip(row, x, strict=True)) for row in rows]

    def attention(table):
        hidden = [linear(x, w) for x in table]
        again = [[a + b for a, b in zip(x, linear(x, w[::-1]), strict=True)] for x in hidden]
        scores = [sum(a * b for a, b in zip(again[0], x, strict=True)).exp() for x in hidden]
        total = sum(scores)
        mixed = [sum(s * x[i] for s, x in zip(scores, again, strict=True)) / total for i in range(4)]
        return sum((a - 1) ** 2 for a in mixed)

    recording = record(attention, np.zeros((3, 4)))
    X = 0.5 * numbers.normal(size=(21, 3, 4))
    assert_replays_agree(recording, X, rtol=1e-9)


@pytest.mark.parametrize("has_bias", [False, True])
@pytest.mark.parametrize("step", [1, 3, 8])
@pytest.mark.parametrize(("width", "channels"), [(3, 1), (8, 5), (9, 12), (16, 8)])
def test_the_same_weights_at_many_places(width, channels, step, has_bias):
    """A convolution: weights that slide over a row, with and without overlap."""
    numbers = np.random.default_rng(3)
    kernels = [[Value(x) for x in row] for row in numbers.normal(size=(channels, width))]
    biases = [Value(0.1 * i) if has_bias else 0.0 for i in range(channels)]
    length = width + 4 * step

    def convolution(row):
        row = [x.tanh() for x in row]
        windows = [row[i : i + width] for i in range(0, length - width + 1, step)]
        sums = [
            sum((w * x for w, x in zip(kernel, window, strict=True)), bias)
            for window in windows
            for kernel, bias in zip(kernels, biases, strict=True)
        ]
        return sum([x.sin() for x in sums[1:]], sums[0])

    recording = record(convolution, [0.5] * length)
    assert f"1 tiles of {5 * channels} dot products" in str(recording)
    for rows in (1, 9):
        assert_replays_agree(recording, numbers.normal(size=(rows, length)))


@pytest.mark.parametrize("first", ["relu", "exp", "neg", "sqrt", "tanh"])
@pytest.mark.parametrize("then", ["relu", "exp", "neg", "sqrt", "tanh"])
def test_functions_of_functions_share_places_only_where_they_may(first, then):
    w = [Value(0.7), Value(-0.4)]

    def chain(x):
        total = w[0] * x[0] + w[1] * x[1]
        return functions[then](functions[first](total)) + functions[first](x[1] * x[1]) + functions[then](w[0] * w[1])

    assert_replays_agree(record(chain, [0.5, 0.5]), np.array([[0.5, 0.1], [0.0, 0.0], [-2.0, 1.0], [3.0, -3.0]]))


def test_powers_that_are_rewritten():
    w = Value(0.7)
    rows = np.array([[0.5], [0.0], [2.0], [-math.inf], [math.nan]])
    for exponent in (2, 0.5, 1, 0, -1, 3):
        recording = record(lambda x, e=exponent: (x[0] * w) ** e, [0.5])
        assert_replays_agree(recording, rows[: 5 if exponent else 3])  # 0 * inf: where 1 is known, nothing is nan


@pytest.mark.parametrize("rows", [1, 2, 8, 9])
def test_an_infinite_derivative_is_infinite(rows):
    """Also in lanes beyond the last row, where nothing must come of it."""
    w, b = Value(0.0), Value(0.0)
    X = np.ones((rows, 1))
    X[-1] = 0.0
    assert_replays_agree(record(lambda x: (w + x[0]).sqrt(), [1.0]), X)
    assert_replays_agree(record(lambda x: (w * x[0] + b).sqrt(), [1.0]), X)
    assert_replays_agree(record(lambda x: (w * w + x[0] * x[0] + b).sqrt(), [1.0]), X)


def test_a_plan_is_made_anew_when_a_constant_has_changed():
    constant = Value(math.nan, requires_grad=False)
    recording = record(lambda x: x + constant, 1.0)
    (replay,) = recording.replays
    program = replay._program(False)
    assert replay._program(False) is program
    constant.data = 0.0
    assert replay._program(False) is not program
    assert recording([1.0]).tolist() == [1.0]


def test_equal_constants_may_change_one_by_one():
    two, too = (Value(2.0, requires_grad=False) for _ in range(2))
    recording = record(lambda x: (x / two).atan() + x * too, 1.0)
    assert recording([1.0]).tolist() == [math.atan(0.5) + 2]
    too.data = 3.0
    assert recording([1.0]).tolist() == [math.atan(0.5) + 3]
    two.data = too.data = 0.0
    assert recording([1.0]).tolist() == [math.atan(math.inf)]
    two.data = -0.0
    assert recording([1.0]).tolist() == [math.atan(-math.inf)]


def test_a_plan_is_made_anew_when_an_optimiser_has_changed_what_was_constant():
    w = Value(2.0, requires_grad=False)
    square = record(lambda x: x * (w * w), 1.0)
    assert square([1.0]).tolist() == [4.0]
    w.requires_grad = True
    loss, optimizer = record(lambda x: x * w, 1.0), SGD([w], lr=0.5)
    for wanted in (1.5, 1.0, 0.5):
        optimizer.minimize(loss, np.ones(1))
        assert (w.data, square([1.0]).tolist()) == (wanted, [wanted**2])


def test_the_memory_does_not_grow_with_the_batch():
    (replay,) = record(layers((64, 32, 10)), [0.5] * 64).replays
    program = replay._program(False)
    assert program.bytes < 2 * 2**20
    assert program.lanes >= 8


def test_numbers_of_leaves_are_as_many():
    leaves = _replay.Leaves([Value(1.0), Value(2.0)])
    for move in (leaves.read, leaves.write, leaves.add_to_gradients):
        with pytest.raises(ValueError, match="expected 2 numbers, got 1"):
            move(np.zeros(1))


def test_kernels_that_this_processor_does_not_have():
    with pytest.raises(ValueError, match="baseline"):
        _replay.use_kernels("abacus")
