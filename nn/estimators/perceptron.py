"""What the classifier and the regressor share: from settings and rows to a training run, and what came of it."""

import warnings
from abc import abstractmethod
from typing import Any, ClassVar, Self

import numpy as np
from numpy.typing import ArrayLike
from sklearn.base import BaseEstimator
from sklearn.exceptions import ConvergenceWarning
from sklearn.model_selection import train_test_split
from sklearn.utils import check_random_state
from sklearn.utils.validation import _check_sample_weight, check_is_fitted, validate_data

from nn.estimators.settings import ACTIVATIONS, RANGES, Generator, Settings, first_parameters, optimizer_of, widths_of
from nn.estimators.stopping import Patience
from nn.losses import Loss
from nn.modules import MLP
from nn.training import Floats, fit, predict


class Perceptron(Settings, BaseEstimator):  # type: ignore[misc]
    """A multi-layer perceptron that learns tables: the settings, `fit` and `partial_fit`.

    Subclasses say what targets are, and which loss and how many outputs they need.
    """

    _parameter_constraints: ClassVar[dict[str, list[Any]]] = RANGES
    _numeric: ClassVar[bool] = False  # whether targets are numbers, not classes

    # What subclasses say

    @abstractmethod
    def _targets(self, y: ArrayLike, classes: ArrayLike | None, again: bool) -> Floats:
        """Targets as numbers; unless it is `again`, what they are is learned from them."""

    @abstractmethod
    def _loss(self) -> tuple[Loss, int]:
        """The loss, and the number of outputs that it needs."""

    def _weights(self, y: ArrayLike) -> Floats | None:  # noqa: ARG002
        """What rows weigh because of their targets."""
        return None

    # Learning

    def fit(self, X: ArrayLike, y: ArrayLike, sample_weight: ArrayLike | None = None) -> Self:
        """Learn from rows `X` (n x inputs) and targets `y`; `sample_weight` (n) is how much each row counts.

        With `warm_start` it goes on from what was learned before.
        """
        return self._fitted(X, y, sample_weight, None, self.warm_start, self.max_iter)

    def _fitted(
        self,
        X: ArrayLike,
        y: ArrayLike,
        sample_weight: ArrayLike | None,
        classes: ArrayLike | None,
        goes_on: bool,
        epochs: int,
    ) -> Self:
        """So many epochs on the rows; it `goes_on` from what was learned before, if anything was, or begins anew."""
        self._validate_params()
        again = goes_on and hasattr(self, "model_")
        rows, targets, weights = self._checked(X, y, sample_weight, classes, again)
        if not again:
            self._begin(rows)
        self._learn(rows, targets, weights, epochs)
        return self

    def _checked(
        self, X: ArrayLike, y: ArrayLike, sample_weight: ArrayLike | None, classes: ArrayLike | None, again: bool
    ) -> tuple[Floats, Floats, Floats | None]:
        """Rows, targets and weights as arrays of numbers."""
        rows, y = validate_data(
            self, X, y, reset=not again, dtype=np.float64, multi_output=True, y_numeric=self._numeric
        )
        targets = self._targets(y, classes, again)
        weights = self._weights(y)
        if sample_weight is not None:
            given = _check_sample_weight(sample_weight, rows, dtype=np.float64, ensure_non_negative=True)
            weights = given if weights is None else given * weights
        return rows, targets, weights

    def _begin(self, rows: Floats) -> None:
        """A network with first weights, and nothing learned."""
        random_state = check_random_state(self.random_state)
        self._generator = Generator(int(random_state.randint(2**31 - 1)))
        _, n_outputs = self._loss()
        widths = [*widths_of(self.hidden_layer_sizes), n_outputs]
        self.model_ = MLP(rows.shape[1], widths, ACTIVATIONS[self.activation], self._generator)
        first_parameters(self.model_, 2.0 if self.activation == "logistic" else 6.0, self._generator)
        self.optimizer_ = optimizer_of(self, self.model_.parameters())
        self.loss_curve_: list[float] = []
        self.n_iter_ = self.t_ = 0
        self.n_layers_, self.n_outputs_ = len(widths) + 1, n_outputs

    def _learn(self, rows: Floats, targets: Floats, weights: Floats | None, epochs: int) -> None:
        """So many epochs, or fewer, on the rows."""
        held_out = None
        if self.early_stopping and epochs > 1:
            rows, targets, weights, held_out = self._split(rows, targets, weights)
        if self.solver == "lbfgs":
            epochs = 1  # of which each is a whole minimisation
        n = len(rows) if weights is None else max(int(np.count_nonzero(weights)), 1)
        batch_size = (
            n if self.solver == "lbfgs" else min(200 if isinstance(self.batch_size, str) else self.batch_size, n)
        )
        counted = batch_size * (1.0 if weights is None else float(weights[weights > 0].mean()))
        patience = Patience(self, held_out)
        loss, _ = self._loss()
        history = fit(
            self.model_,
            rows,
            targets,
            loss=loss,
            optimizer=self.optimizer_,
            epochs=epochs,
            batch_size=batch_size,
            sample_weight=weights,
            schedule=self._schedule(),
            l2=self.alpha / counted,
            on_epoch=patience,
            threads=self.threads,
            shuffle=self.shuffle,
            rng=self._generator,
            progress=bool(self.verbose),
        )
        if history.stopped.startswith("interrupted"):
            raise KeyboardInterrupt(history.stopped)
        self.loss_curve_ += history.loss
        self.n_iter_ += len(history.loss)
        self.t_ += len(history.loss) * n
        self.loss_ = self.loss_curve_[-1] if self.loss_curve_ else np.nan
        self.best_loss_ = None if held_out else np.nanmin([*self.loss_curve_, np.inf])
        patience.ends()
        if self.solver != "lbfgs" and 1 < epochs <= len(history.loss) and not patience.ended:
            warnings.warn(
                f"the loss was still falling after max_iter={epochs} epochs: let it run longer, or raise the rate",
                ConvergenceWarning,
                stacklevel=4,
            )

    def _split(self, rows: Floats, targets: Floats, weights: Floats | None) -> tuple[Any, ...]:
        """The rows to learn from, and those that choose when to stop."""
        stratified = targets if not self._numeric else None
        weights_of = np.ones(len(rows)) if weights is None else weights
        learned, held, y_learned, y_held, w_learned, _ = train_test_split(
            rows,
            targets,
            weights_of,
            test_size=self.validation_fraction,
            stratify=stratified,
            random_state=self._generator.getrandbits(31),
        )
        return learned, y_learned, None if weights is None else w_learned, (held, y_held)

    def _schedule(self) -> Any:
        """Of the learning rate, step by step: `invscaling` divides it by the step's number to the power `power_t`."""
        if self.solver == "sgd" and self.learning_rate == "invscaling":
            return lambda step: 1 / (step + 1) ** self.power_t
        return None

    # Predicting

    def _outputs(self, X: ArrayLike) -> Floats:
        check_is_fitted(self)
        return predict(self.model_, validate_data(self, X, reset=False, dtype=np.float64))

    @abstractmethod
    def _score_of(self, outputs: Floats, targets: Floats) -> float:
        """How good outputs of held-out rows are: the more, the better."""

    @property
    def coefs_(self) -> list[Floats]:
        """The weights of each layer, inputs x outputs."""
        return [np.array([[w.data for w in n.weights] for n in layer.neurons]).T for layer in self.model_.layers]

    @property
    def intercepts_(self) -> list[Floats]:
        """The biases of each layer."""
        return [np.array([neuron.bias.data for neuron in layer.neurons]) for layer in self.model_.layers]

    def __sklearn_is_fitted__(self) -> bool:
        return hasattr(self, "model_")
