"""The gallery, in small: its numbers are those of closed forms, of other libraries, or of a made-up world."""

from pathlib import Path
from random import Random

import numpy as np
import pytest

from examples import arm, balance, convolution, curve, equation, memory, option, orbit, pendulum, sampling

pytest.importorskip("matplotlib").use("Agg")


def test_greeks_are_those_of_black_and_scholes() -> None:
    value, greeks = option.monte_carlo(option.market(), 105.0, 100_000)
    exact, exact_greeks = option.exact(option.market(), 105.0)
    assert exact == pytest.approx(8.021352, abs=1e-6)
    assert value == pytest.approx(exact, rel=0.01)
    np.testing.assert_allclose(greeks, exact_greeks, rtol=0.01)


def test_the_pendulum_is_as_long_as_it_was() -> None:
    guess = [1.5, 0.05, 2.2, 0.2]
    exactly = pendulum.observations(30, 0.1, noise=0.0)
    np.testing.assert_allclose(pendulum.fit(exactly, 0.1, guess), pendulum.TRUTH, rtol=1e-6, atol=1e-6)
    problem = pendulum.problem(exactly, 0.1, guess)
    steps = 1e-6 * np.eye(4)
    slopes = [(problem.fun(problem.x0 + h) - problem.fun(problem.x0 - h)) / 2e-6 for h in steps]
    np.testing.assert_allclose(problem.jac(problem.x0), np.transpose(slopes), rtol=1e-6, atol=1e-8)


def test_the_planet_flies_as_kepler_says() -> None:
    flight = orbit.Flight(2.0)
    states, slopes = flight.path(orbit.TRUTH, 300)
    np.testing.assert_allclose(states[-1, :2], orbit.kepler(300 * flight.years), atol=1e-7)
    there, back = flight.end(orbit.TRUTH, 300)
    np.testing.assert_allclose(there, states[-1, :2], rtol=1e-12)
    np.testing.assert_allclose(back, slopes[-1, :2], rtol=1e-9)  # the way back, and the tangents forwards
    change = 1e-6 * np.eye(4)
    ends = [flight.end(orbit.TRUTH + h, 300)[0] - flight.end(orbit.TRUTH - h, 300)[0] for h in change]
    np.testing.assert_allclose(back, np.transpose(ends) / 2e-6, rtol=1e-6, atol=1e-8)


def test_the_planet_is_found_again_as_near_as_was_expected() -> None:
    pytest.importorskip("scipy")
    flight, far = orbit.Flight(4.0), []
    exactly = orbit.seen(flight, 60, 3, noise=0.0)
    np.testing.assert_allclose(orbit.fit(flight, *exactly, 1e-4)[0], orbit.TRUTH, atol=1e-6)
    for seed in range(8):
        found, covariance = orbit.fit(flight, *orbit.seen(flight, 60, 3, 2e-4, seed), 2e-4)
        there, slopes = flight.end(found, 200)
        away = there - orbit.kepler(200 * flight.years)
        far.append(away @ np.linalg.solve(slopes @ covariance @ slopes.T, away))
    assert 0.5 < np.mean(far) < 6  # of the distribution chi-squared, two in the mean
    assert orbit.ellipse(orbit.TRUTH) == pytest.approx((orbit.AXIS, orbit.ROUNDNESS))


def test_the_curve_and_its_uncertainty_are_those_of_scipy() -> None:
    optimize = pytest.importorskip("scipy.optimize")
    food, speeds = curve.measurements(15)
    best, covariance = curve.fit(food, speeds)
    sigma = np.full(15, curve.NOISE)
    theirs, of_theirs = optimize.curve_fit(curve.speed, food, speeds, p0=(1, 1), sigma=sigma, absolute_sigma=True)
    np.testing.assert_allclose(best, theirs, rtol=1e-4)
    np.testing.assert_allclose(covariance, of_theirs, rtol=0.2)  # theirs leaves out the curvature of the curve
    assert (curve.uncertainty(food, best, covariance) < curve.NOISE).all()


def test_the_hand_reaches_its_target() -> None:
    target = np.array([-0.9, 1.3])
    way = arm.reach(target, np.full(4, 0.3))
    np.testing.assert_allclose([x.data for x in arm.hand(list(way[-1]))], target, atol=1e-10)
    two = arm.reach(np.array([0.9, 0.7]), np.array([0.1, 0.5]), lengths=(1.0, 0.8))[-1]
    assert two[1] == pytest.approx(arm.elbow(np.array([0.9, 0.7]), (1.0, 0.8)), abs=1e-10)


def test_the_network_solves_the_equation() -> None:
    model = equation.network(8)
    assert equation.train(model, 20, 1500) < 0.01
    x = np.linspace(0, equation.END, 21)
    np.testing.assert_allclose(equation.solved(model, x), np.exp(-(x**2)), atol=0.03)


def test_sampling_finds_the_moments() -> None:
    drawn, accepted = sampling.draws(chains=300, kicks=60)
    assert accepted > 0.9
    for name, number in sampling.found(drawn[20:]).items():
        assert number == pytest.approx(sampling.moments()[name], abs=0.1), name


def test_a_slide_is_reversible_and_keeps_its_energy() -> None:
    energy = sampling.record(sampling.landscape, [0.0, 0.0])
    start, speed = np.random.default_rng(1).normal(size=(2, 5, 2))
    slide = sampling.recorded_slide(0.01, 50)
    place, last = np.hsplit(slide(start, speed), 2)
    back, _ = np.hsplit(slide(place, -last), 2)
    np.testing.assert_allclose(back, start, atol=1e-10)
    total = energy(start) + 0.5 * (speed**2).sum(axis=1)
    np.testing.assert_allclose(energy(place) + 0.5 * (last**2).sum(axis=1), total, rtol=0.01)


def test_the_lstm_remembers() -> None:
    model = memory.LSTM(3, Random(0))
    X, y = memory.signals(1000, 5, seed=0)
    memory.train(model, X, y, 400)
    assert memory.accuracy(model, *memory.signals(500, 5, seed=1)) > 0.9


def test_a_cell_that_keeps_all_and_writes_nothing_stays_as_it_is() -> None:
    cell = memory.Cell(1, Random(0))
    for gate, bias in ((cell.keep, 1000.0), (cell.write, -1000.0)):
        gate.weights[0].data, gate.bias.data = 0.0, bias
    kept, _ = cell.step([memory.Value(5.0)], memory.Value(0.75))
    assert kept.data == 0.75


def test_the_convolution_reads_digits() -> None:
    pytest.importorskip("sklearn")
    X, y, new, truth = convolution.images()
    model = convolution.Convolution(4, 10, Random(0))
    convolution.train(model, X, y, epochs=6)
    assert (convolution.predicted(model, new) == truth).mean() > 0.9


def test_a_convolution_is_that_of_numpy() -> None:
    model = convolution.Convolution(2, 3, Random(0))
    image = np.random.default_rng(0).normal(size=(8, 8))
    views = np.lib.stride_tricks.sliding_window_view(image, (3, 3))[::2, ::2].reshape(9, 9)
    kernels = np.array([[w.data for w in kernel] for kernel in model.kernels])
    readout = np.array([[w.data for w in row] for row in model.readout])
    expected = readout @ np.maximum(views @ kernels.T, 0).ravel()
    np.testing.assert_allclose([z.data for z in model(list(image.ravel()))], expected, rtol=1e-12)


def test_the_pole_stands_longer_and_longer() -> None:
    learner = balance.Learner()
    times = [learner.learn() for _ in range(25)]
    assert np.mean(times[-3:]) > 2 * np.mean(times[:3])


def test_what_came_after_a_push_is_how_long_the_pole_stood() -> None:
    met, sides, after = balance.Learner().tries(7)
    assert met.shape == (*after.shape, 4)
    assert set(np.unique(sides)) <= {-1.0, 1.0}
    for column in after.T:
        stood = int(column[0])
        assert column.tolist() == [*range(stood, 0, -1), *[0] * (len(column) - stood)]


SMALL = {
    option: {"futures": 2000},
    pendulum: {"steps": 20, "step": 0.1},
    orbit: {"days": 4.0},
    curve: {"count": 10},
    arm: {},
    equation: {"width": 4, "points": 10, "epochs": 20},
    sampling: {"chains": 20, "kicks": 10},
    memory: {"length": 3, "width": 2, "steps": 10},
    convolution: {"kernels": 2, "epochs": 1},
    balance: {"rounds": 2},
}


@pytest.mark.parametrize("example", SMALL, ids=lambda example: example.__name__.split(".")[1])
def test_it_prints_its_numbers_and_leaves_a_picture(example, tmp_path, monkeypatch, capsys) -> None:
    monkeypatch.chdir(tmp_path)
    example.main(**SMALL[example])
    *_, last = capsys.readouterr().out.splitlines()
    picture = Path(last.removeprefix("picture: "))
    assert picture.read_bytes()[:4] == b"\x89PNG"


def test_every_example_is_in_the_gallery() -> None:
    docs = Path(__file__).parents[2] / "docs"
    page = (docs / "gallery.md").read_text(encoding="utf-8")
    for example in SMALL:
        name = example.__name__.split(".")[1]
        assert f"python -m examples.{name}`" in example.__doc__
        assert f"(../examples/{name}.py)" in page
        assert f"(gallery/{name}.png)" in page
        assert (docs / "gallery" / f"{name}.png").exists()
