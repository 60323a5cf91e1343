"""The train player: a page that plays a training run, or two side by side, epoch by epoch.

Python computes what the model says after every epoch, and puts it into one HTML file with its style and its scripts,
which stand beside this module and beside the player of a graph. Nothing is loaded from elsewhere. Runs of small
networks are live: their recorded losses and update rules go along as tapes, and the page trains each on, in a worker.
"""

from collections.abc import Sequence
from io import BytesIO
from typing import Any

from autograd.environment import Language
from autograd.languages import rows_of_table
from autograd.ops import TABLE
from autograd.show import Page, compose, image, part
from nn.data import Dataset
from nn.modules import MLP
from nn.player.classes import classes_of
from nn.player.scenes import lesson_of, rates_of
from nn.training import History

__all__ = ["TrainPlayer", "train_player"]

SHARED, PARTS = "autograd.show.player", "nn.player"
MOST_RUNS = 2


class TrainPlayer(Page):
    """A page that plays training runs. It shows itself in a notebook, and `.save("run.html")` writes one file.

    Where a notebook is shown without its scripts there is a picture of the runs' ends instead, if matplotlib is
    installed. `source` is the page.
    """

    __slots__ = ("_names", "_runs")

    def __init__(
        self, runs: Sequence[History], names: Sequence[str] | None, language: Language | None, dataset: Dataset | None
    ) -> None:
        """See `train_player`."""
        self._runs, self._names = (
            runs,
            names
            or [f"learning rate {rate}" if rate else f"run {number}" for number, rate in enumerate(rates_of(runs), 1)],
        )
        film = runs[0].film
        assert film
        title = repr(film.model) if isinstance(film.model, MLP) else type(film.model).__name__
        lesson = lesson_of(runs, names, dataset)
        self.source = compose(
            language=language,
            title=title,
            styles=[(SHARED, "page.css"), (PARTS, "train.css")],
            scripts=[
                (SHARED, "page_words.js"),
                (SHARED, "theme.js"),
                (PARTS, "train_words.js"),
                (SHARED, "page.js"),
                (PARTS, "figures.js"),
                (PARTS, "images.js"),
                (PARTS, "network.js"),
                (PARTS, "learner.js"),
                (PARTS, "points.js"),
                (PARTS, "live_loss.js"),
                (PARTS, "live.js"),
                (PARTS, "train.js"),
            ],
            main=part(PARTS, "train.html"),
            templates=_machine(lesson["live"]) + _activations(lesson["runs"]),
            lesson=lesson,
        )

    def _still(self) -> str:
        """A picture of the ends of the runs, or words where there is no matplotlib."""
        try:
            from matplotlib.figure import Figure
        except ModuleNotFoundError:
            return super()._still()
        from nn.plots import decision_boundary, loss_curve

        films = [run.film for run in self._runs if run.film]
        planes = [film for film in films if film.X.shape[1] == 2 and classes_of(film) is not None]
        columns = len(planes) + 1
        figure = Figure(figsize=(4.2 * columns, 3.6), layout="constrained")
        *axes, last = figure.subplots(1, columns, squeeze=False)[0]
        for film, name, ax in zip(planes, self._names, axes, strict=False):
            classes = classes_of(film)
            assert classes is not None
            named = tuple(map(str, range(max(2, classes.max() + 1))))
            decision_boundary(film.model, Dataset("run", film.X, classes, classes=named), ax=ax)
            ax.set_title(name.replace("$", r"\$"))
        several = {name: run.loss for name, run in zip(self._names, self._runs, strict=True)}
        loss_curve(several if len(several) > 1 else self._runs[0], last)
        buffer = BytesIO()
        figure.savefig(buffer, format="png", dpi=160)
        return image("The ends of the training runs", "image/png", buffer.getvalue())


def train_player(
    *runs: History,
    names: Sequence[str] | None = None,
    language: Language | None = None,
    dataset: Dataset | None = None,
) -> TrainPlayer:
    """A page that plays one training run, or two side by side, from the first epoch to the last.

    Runs of MLPs with two inputs, classes, and layers of no more than 16 also train on in the page: from any epoch or
    from other first weights, with another learning rate, batch size or optimiser, and with points that are clicked
    into the plane. There each neuron shows its own picture of the plane. Two such runs on the same points train at
    once, each in its own way, with one count of epochs: a learning rate that is too high beside one that is right.

    It shows what the network says of two inputs (its decision boundary) or of one (its curve), with the examples; its
    weights as edges, as thick as they are large; and the loss so far. Each run is the history of a `fit` with
    `film=True`. `names` tell them apart, in place of their learning rates; the page starts in `language`, or in
    the one that the environment asks for. A `dataset` names the inputs and the classes; one of the run's own rows,
    before they were scaled, makes them look as they were: the axes have its units. Of images, such as those of
    `nn.data.digits`, it shows the ones that the network gets wrong, of the validation rows if there are any, and there
    is a pad to draw one on.

    Of a long run it shows some 60 epochs, and of a large network the 400 largest weights; a network with a layer of
    more than 64 is not drawn. Raises ValueError for a history without a film, or none, or more than two.

    >>> from nn import MLP, data, fit, optim
    >>> moons = data.moons(20)
    >>> how = {"loss": "binary_cross_entropy", "epochs": 3, "film": True, "progress": False}
    >>> def run(lr):
    ...     model = MLP(2, [4, 1], activation="tanh", rng=0)
    ...     return fit(model, moons.X, moons.y, optimizer=optim.SGD(model.parameters(), lr), **how)
    >>> train_player(run(0.01), run(1.0))
    <TrainPlayer: shows itself in a notebook; elsewhere, .save("lesson.html") and open that in a browser>
    """
    if not 1 <= len(runs) <= MOST_RUNS:
        raise ValueError(f"train_player() plays one run, or two side by side; got {len(runs)}")
    for run in runs:
        if not isinstance(run, History):
            raise TypeError(f"train_player() plays what fit(..., film=True) returns, got {type(run).__name__}")
        if run.film is None:
            raise ValueError("this history has no film to play: train with fit(..., film=True)")
    if dataset and any(run.film and run.film.X.shape[1] != len(dataset.features) for run in runs):
        raise ValueError(f"the data set has {len(dataset.features)} inputs, and the runs another number")
    if names is not None and (len(names) != len(runs) or len(set(names)) < len(names)):
        raise ValueError(f"expected a name for each of {len(runs)} runs, all different; got {list(names)}")
    return TrainPlayer(runs, list(names) if names is not None else None, language, dataset)


def _machine(live: dict[str, Any] | None) -> str:
    """What trains: scripts for the page, which it also gives to its workers."""
    if live is None:
        return ""
    machine = live.pop("loops") + "".join(part(PARTS, name) for name in ("tape.js", "training.js", "trainer.js"))
    return f'<script id="machine">\n{machine}</script>\n'


def _activations(runs: Sequence[dict[str, Any]]) -> str:
    """What hidden layers compute, for pages that predict images."""
    scene = runs[0]["scene"] or {}
    if scene.get("kind") != "images":
        return ""
    rows = [op for op in TABLE.values() if op.name == scene["activation"]]
    return f'<script id="rows">\n{rows_of_table(rows)}</script>\n'
