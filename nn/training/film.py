"""What is kept of a training run to look at it again: the parameters before it, and after each epoch."""

from dataclasses import dataclass, field

from nn.losses import Loss
from nn.modules import Module
from nn.optim import Optimizer
from nn.training.rows import Floats


@dataclass
class Film:
    """A model, the rows and targets that it was trained on and how, and its `state_dict()` before and after each epoch.

    `validation` are the rows and targets that it was not trained on, if there were any.

    >>> from nn import MLP, data, fit
    >>> moons, model = data.moons(20), MLP(2, [4, 1], rng=0)
    >>> history = fit(
    ...     model, moons.X, moons.y, loss="binary_cross_entropy", epochs=3, film=True, progress=False
    ... )
    >>> film = history.film
    >>> len(film.snapshots)
    4
    >>> model.load_state_dict(film.snapshots[1])    # as it was after the first epoch
    """

    model: Module
    X: Floats
    y: Floats
    loss: Loss
    optimizer: Optimizer
    batch_size: int
    validation: tuple[Floats, Floats] | None = None
    snapshots: list[dict[str, float]] = field(default_factory=list, repr=False)

    def take(self) -> None:
        """Keep the parameters as they are now."""
        self.snapshots.append(self.model.state_dict())
