"""The estimators pass scikit-learn's own checks, work in its company, and learn what its networks learn."""

import pickle
import sys
import warnings

import joblib
import numpy as np
import pandas as pd
import pytest
from sklearn.base import clone
from sklearn.datasets import load_breast_cancer, load_diabetes, load_iris, load_wine
from sklearn.exceptions import ConvergenceWarning, DataConversionWarning, NotFittedError
from sklearn.model_selection import GridSearchCV, cross_val_score
from sklearn.neural_network import MLPClassifier as SklearnClassifier
from sklearn.neural_network import MLPRegressor as SklearnRegressor
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.utils.estimator_checks import estimator_checks_generator

from nn.estimators import MLPClassifier, MLPRegressor
from nn.estimators.settings import optimizer_of

IRIS = load_iris(return_X_y=True)
pytestmark = pytest.mark.filterwarnings("ignore::sklearn.exceptions.ConvergenceWarning")


CHECKS = [
    pytest.param(made, check, id=f"{type(made).__name__}-{i}-{getattr(check, 'func', check).__name__}")
    for estimator in (MLPClassifier(max_iter=100), MLPRegressor(max_iter=100))
    for i, (made, check) in enumerate(estimator_checks_generator(estimator))
]


@pytest.mark.parametrize(("estimator", "check"), CHECKS)
def test_scikit_learn_finds_nothing(estimator, check) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        check(estimator)


@pytest.mark.parametrize("kind", [(MLPClassifier, SklearnClassifier), (MLPRegressor, SklearnRegressor)])
def test_settings_have_the_names_and_the_defaults_of_scikit_learn(kind) -> None:
    ours, theirs = (one().get_params() for one in kind)
    assert {name: theirs[name] for name in ours if name in theirs} == {
        name: ours[name] for name in ours if name in theirs
    }
    assert ours.keys() - theirs.keys() <= {"class_weight", "threads"}


@pytest.mark.parametrize("load", [load_iris, load_wine, load_breast_cancer])
@pytest.mark.parametrize("solver", ["adam", "sgd", "lbfgs"])
def test_classes_are_learned_as_by_scikit_learn(load, solver: str) -> None:
    X, y = load(return_X_y=True)
    scores = []
    for kind in (MLPClassifier, SklearnClassifier):
        network = kind((16,), solver=solver, learning_rate_init=0.02, random_state=0, alpha=0.01)
        scores.append(cross_val_score(make_pipeline(StandardScaler(), network), X, y, cv=3).mean())
    assert scores[0] > scores[1] - 0.03


def test_numbers_are_learned_as_by_scikit_learn() -> None:
    X, y = load_diabetes(return_X_y=True)
    y = (y - y.mean()) / y.std()
    scores = []
    for kind in (MLPRegressor, SklearnRegressor):
        network = kind(hidden_layer_sizes=(8,), learning_rate_init=0.01, random_state=0, alpha=1.0)
        scores.append(cross_val_score(make_pipeline(StandardScaler(), network), X, y, cv=3).mean())
    assert scores[0] > scores[1] - 0.05


@pytest.mark.parametrize(
    "settings", [{"solver": "adam"}, {"solver": "sgd"}, {"solver": "sgd", "momentum": 0.0, "alpha": 0.5}]
)
def test_from_the_same_parameters_the_epochs_are_those_of_scikit_learn(settings) -> None:
    X, y = StandardScaler().fit_transform(IRIS[0]), IRIS[1]
    settings = {"activation": "tanh", "alpha": 3.0, "learning_rate_init": 0.1, "random_state": 0, **settings}
    theirs, ours = SklearnClassifier((5,), **settings), MLPClassifier((5,), **settings)
    for kind in (theirs, ours):
        kind.partial_fit(X, y, classes=[0, 1, 2])
    for network, coefficients, intercepts in zip(ours.model_.layers, theirs.coefs_, theirs.intercepts_, strict=True):
        for neuron, weights, bias in zip(network.neurons, coefficients.T, intercepts, strict=True):
            neuron.bias.data = bias
            for w, number in zip(neuron.weights, weights, strict=True):
                w.data = number
    ours.optimizer_ = optimizer_of(ours, ours.model_.parameters())
    del theirs._optimizer
    for _ in range(3):
        for kind in (theirs, ours):
            kind.partial_fit(X, y)
        close = 1e-4 if settings["solver"] == "adam" else 1e-9  # whose eps is PyTorch's
        np.testing.assert_allclose(ours.predict_proba(X), theirs.predict_proba(X), rtol=close)


def test_the_loss_falls_and_is_told_epoch_by_epoch(capsys: pytest.CaptureFixture[str]) -> None:
    network = MLPClassifier((8,), random_state=0, max_iter=30, verbose=True, learning_rate_init=0.01).fit(*IRIS)
    assert len(network.loss_curve_) == network.n_iter_ == 30
    assert network.loss_ == network.loss_curve_[-1] == network.best_loss_ < network.loss_curve_[0]
    assert "training: 100%" in capsys.readouterr().err
    assert (network.n_layers_, network.n_outputs_, network.out_activation_, network.t_) == (3, 3, "softmax", 30 * 150)
    assert [w.shape for w in network.coefs_] == [(4, 8), (8, 3)]
    assert [b.shape for b in network.intercepts_] == [(8,), (3,)]


def test_outputs_are_those_of_the_coefficients() -> None:
    network = MLPRegressor((6,), activation="tanh", random_state=0, max_iter=5).fit(IRIS[0], IRIS[0][:, :2])
    hidden = np.tanh(IRIS[0] @ network.coefs_[0] + network.intercepts_[0])
    np.testing.assert_allclose(network.predict(IRIS[0]), hidden @ network.coefs_[1] + network.intercepts_[1])


def test_early_stopping_keeps_the_parameters_with_the_best_score() -> None:
    network = MLPClassifier(early_stopping=True, random_state=0, learning_rate_init=0.01, n_iter_no_change=3).fit(*IRIS)
    assert network.best_validation_score_ == max(network.validation_scores_)
    assert len(network.validation_scores_) == network.n_iter_ < 200
    assert network.best_loss_ is None
    regression = MLPRegressor(early_stopping=True, random_state=0).fit(*load_diabetes(return_X_y=True))
    assert len(regression.validation_scores_) == regression.n_iter_


def test_an_adaptive_rate_falls_where_the_loss_levels_out() -> None:
    settings = {"solver": "sgd", "learning_rate": "adaptive", "learning_rate_init": 0.5, "tol": 0.01}
    network = MLPClassifier((4,), random_state=0, n_iter_no_change=1, max_iter=1000, **settings).fit(*IRIS)
    assert network.optimizer_.lr <= 1e-6
    assert network.n_iter_ < 1000


def test_inverse_scaling_makes_smaller_and_smaller_steps() -> None:
    settings = {"solver": "sgd", "max_iter": 20, "random_state": 0, "learning_rate_init": 0.01}
    steps = [
        MLPClassifier((4,), learning_rate=rate, **settings).fit(*IRIS).loss_ for rate in ("constant", "invscaling")
    ]
    assert steps[0] < steps[1]


def test_classes_that_weigh_more_are_predicted_more() -> None:
    rng = np.random.default_rng(0)
    X, y = rng.normal(size=(300, 2)), np.array(["rare"] * 20 + ["often"] * 280)
    X[:20] += 1
    network = MLPClassifier((4,), random_state=0, learning_rate_init=0.05)
    plain, balanced, given = (
        (clone(network).set_params(class_weight=weight).fit(X, y).predict(X) == "rare")
        for weight in (None, "balanced", {"rare": 14.0, "often": 1.0})
    )
    assert plain.sum() < balanced.sum()
    assert np.array_equal(balanced, given)


def test_partial_fit_learns_from_parts_in_turn() -> None:
    network = MLPClassifier((8,), random_state=0, learning_rate_init=0.02)
    X, y = StandardScaler().fit_transform(IRIS[0]), np.array(["a", "b", "c"])[IRIS[1]]
    with pytest.raises(ValueError, match="classes must be passed on the first call"):
        network.partial_fit(X, y)
    for _ in range(40):
        for part in np.array_split(np.random.default_rng(0).permutation(150), 5):
            network.partial_fit(X[part], y[part], classes=["a", "b", "c"])
    assert network.score(X, y) > 0.9
    with pytest.raises(ValueError, match="not the same as on the first call"):
        network.partial_fit(X, y, classes=["a", "b"])
    with pytest.raises(ValueError, match=r"y has the classes \['d'\]"):
        network.partial_fit(X[:2], ["a", "d"])
    regression = MLPRegressor((4,), random_state=0)
    first = regression.partial_fit(X, IRIS[1]).loss_
    assert regression.partial_fit(X, IRIS[1]).loss_ < first
    with pytest.raises(ValueError, match="it has learned 1 targets a row; got 2"):
        regression.partial_fit(X, X[:, :2])


def test_a_warm_start_goes_on() -> None:
    network = MLPClassifier((4,), random_state=0, warm_start=True, max_iter=5)
    losses = [network.fit(*IRIS).loss_ for _ in range(3)]
    assert losses == sorted(losses, reverse=True)
    assert network.n_iter_ == 15
    with pytest.raises(ValueError, match="X has 2 features"):
        network.fit(IRIS[0][:, :2], IRIS[1])


def test_it_works_in_the_company_of_scikit_learn() -> None:
    X = pd.DataFrame(IRIS[0], columns=["a", "b", "c", "d"])
    pipeline = make_pipeline(
        StandardScaler(), MLPClassifier((4,), max_iter=30, learning_rate_init=0.05, random_state=0)
    )
    grid = {"mlpclassifier__alpha": [0.0001, 0.1], "mlpclassifier__hidden_layer_sizes": [(4,), (8, 4)]}
    with joblib.parallel_backend("threading", n_jobs=2):
        search = GridSearchCV(pipeline.set_output(transform="pandas"), grid, cv=3).fit(X, IRIS[1])
    assert search.best_score_ > 0.9
    assert search.best_estimator_[-1].feature_names_in_.tolist() == ["a", "b", "c", "d"]
    again = pickle.loads(pickle.dumps(search))
    np.testing.assert_array_equal(again.predict_proba(X), search.predict_proba(X))
    with np.errstate(divide="ignore"):
        np.testing.assert_allclose(np.exp(search.predict_log_proba(X)), search.predict_proba(X))


def test_the_same_seed_gives_the_same_network_on_any_number_of_threads() -> None:
    first, second = (MLPClassifier((4,), random_state=3, max_iter=5, threads=n).fit(*IRIS) for n in (1, 2))
    np.testing.assert_allclose(first.predict_proba(IRIS[0]), second.predict_proba(IRIS[0]), rtol=1e-9)
    assert np.array_equal(clone(first).fit(*IRIS).predict_proba(IRIS[0]), first.predict_proba(IRIS[0]))


def test_what_it_says() -> None:
    with pytest.warns(ConvergenceWarning, match="still falling after max_iter=2 epochs"):
        MLPClassifier((4,), max_iter=2).fit(*IRIS)
    with pytest.raises(NotFittedError):
        MLPRegressor().predict(IRIS[0])
    with pytest.raises(ValueError, match=r"whole numbers of at least 1; got \(4, 0\)"):
        MLPRegressor((4, 0)).fit(*IRIS)
    with pytest.warns(DataConversionWarning):
        MLPRegressor((4,), max_iter=2).fit(IRIS[0], IRIS[1][:, None])


def test_ctrl_c_is_not_taken_for_the_end(monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("nn.estimators.stopping.Patience.__call__", interrupted)
    with pytest.raises(KeyboardInterrupt, match="interrupted in epoch"):
        MLPClassifier((4,)).fit(*IRIS)


def test_without_scikit_learn_the_error_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "sklearn", None)
    for name in [name for name in sys.modules if name.startswith("nn.estimators")]:
        monkeypatch.delitem(sys.modules, name)
    with pytest.raises(ModuleNotFoundError, match=r'pip install "stepgrad\[sklearn\]"'):
        import nn.estimators  # noqa: F401


def test_a_search_runs_on_a_cluster_of_dask() -> None:
    distributed = pytest.importorskip("distributed")
    search = GridSearchCV(MLPClassifier((4,), max_iter=20, random_state=0), {"alpha": [0.0001, 1.0]}, cv=3)
    expected = search.fit(*IRIS).cv_results_["mean_test_score"]
    with (
        distributed.Client(processes=False, n_workers=1, threads_per_worker=2, dashboard_address=":0"),
        joblib.parallel_config(backend="dask"),
    ):
        np.testing.assert_array_equal(clone(search).fit(*IRIS).cv_results_["mean_test_score"], expected)
