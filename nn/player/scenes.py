"""What a training run looks like, frame by frame, as numbers that a page can draw: it is all placed in Python."""

import math
import warnings
from collections.abc import Iterable, Sequence
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from autograd import RecordError, engine, record
from autograd.show import rounded
from nn.data import Dataset, Floats
from nn.modules import MLP
from nn.player.classes import classes_of
from nn.player.images import images_of
from nn.player.live import live_of
from nn.player.numbers import limits, packed, scaling
from nn.plots import COLORS
from nn.training import Film, History, predict

MOST_FRAMES = 60
MOST_POINTS = 400
MOST_EDGES = 400
WIDEST_LAYER = 64
MOST_NAMES = 12  # of inputs, or of classes, written beside the network
GRID = {"native": 40, "python": 20}[engine]  # places along each side of the plane
SAMPLES = 81  # along a curve
SATURATION = 1.5  # a weight of this size is drawn at 63 % of the greatest thickness
ENDINGS = {
    "diverged": "diverged",
    "no lower": "patience",
    "interrupted": "interrupted",
}  # by what `stopped` begins with
LOGARITHMIC = 50  # losses that differ by such a factor are shown on a logarithmic scale


def lesson_of(
    runs: Sequence[History], names: Sequence[str] | None = None, dataset: Dataset | None = None
) -> dict[str, Any]:
    """All that the page shows."""
    films = [run.film for run in runs if run.film]
    longest = max(len(film.snapshots) - 1 for film in films)
    frames = sorted({round(epoch) for epoch in np.linspace(0, longest, MOST_FRAMES + 1)})
    scale = Scale(loss for run in runs for loss in (*run.loss, *run.validation_loss))
    shown = [[*(epoch for epoch in frames if epoch < (end := len(film.snapshots) - 1)), end] for film in films]
    live = live_of(films, shown)
    pictures = [images_of(film, epochs, dataset) for film, epochs in zip(films, shown, strict=True)]
    return {
        "frames": frames,
        "scale": {"logarithmic": scale.logarithmic, "factor": LOGARITHMIC, "ticks": scale.ticks()},
        "runs": [
            {
                "name": name,
                "rate": rate,
                "axes": _axes(film, dataset),
                **_run(run, film, epochs, images, dataset, scale, live is not None),
            }
            for name, rate, run, film, epochs, images in zip(
                names or [""] * len(runs), rates_of(runs), runs, films, shown, pictures, strict=True
            )
        ],
        "live": live,
        "names": {"classes": list(dataset.classes) if dataset else []},
    }


def rates_of(runs: Sequence[History]) -> list[str]:
    """The runs' learning rates in their first epochs; empty if these don't tell them apart."""
    rates = [f"{[*run.learning_rate, run.film.optimizer.lr][0]:.3g}" for run in runs if run.film]
    return rates if len(set(rates)) == len(rates) else [""] * len(runs)


def _axes(film: Film, dataset: Dataset | None) -> list[str]:
    """What is written along the two sides of a plane, or of a curve."""
    features = list(dataset.features) if dataset else [f"x{i}" for i in range(film.X.shape[1])]
    return [*features, dataset.target if dataset else "y"][:2]


def _run(
    history: History,
    film: Film,
    shown: Sequence[int],
    images: dict[str, Any] | None,
    dataset: Dataset | None,
    scale: "Scale",
    live: bool,
) -> dict[str, Any]:
    """What the page shows of a run; one that is live it computes itself from the parameters."""
    filmed = slice(len(history.loss) + 1 - len(film.snapshots), None)  # not what came before a checkpoint
    losses = {"loss": history.loss[filmed], "validation": history.validation_loss[filmed]}
    scene = images or _plane(film, shown, dataset) or _line(film, shown, dataset)
    network = _network(film, shown, dataset)
    if live:
        assert scene
        assert network
        del scene["frames"], network["frames"]
    return {
        "frames": shown,
        "kept": _kept(film),
        "ended": next((reason for word, reason in ENDINGS.items() if history.stopped.startswith(word)), ""),
        **{
            name: {"numbers": list(map(rounded, numbers)), "heights": scale.heights(numbers)}
            for name, numbers in losses.items()
        },
        "scene": scene,
        "network": network,
    }


def _kept(film: Film) -> int:
    """The epoch after which the model was as it is now: an earlier one than the last, where the best was put back."""
    now, last = film.model.state_dict(), len(film.snapshots) - 1
    return next((epoch for epoch in range(last, -1, -1) if film.snapshots[epoch] == now), last)


class Scale:
    """Where losses stand on their axis: from 0, or logarithmic if they are of very different size."""

    def __init__(self, losses: Iterable[float]) -> None:
        numbers = list(losses) or [1.0]
        self._low, self._high = 0.0, float(max(numbers) or 1)
        self.logarithmic = min(numbers) > 0 and self._high / min(numbers) > LOGARITHMIC
        if self.logarithmic:
            self._low = float(math.floor(math.log10(min(numbers))))
            self._high = float(math.ceil(math.log10(self._high)))
        elif min(numbers) < 0:
            self._low, self._high = min(numbers), max(numbers) if max(numbers) > min(numbers) else 0.0

    def heights(self, losses: Sequence[float]) -> list[float]:
        """From 0 to 1."""
        places = np.log10(losses) if self.logarithmic else np.asarray(losses)
        return _places(places, self._low, self._high)

    def ticks(self) -> list[tuple[float, str]]:
        """Heights, and the losses that stand there."""
        if self.logarithmic:
            powers = range(int(self._low), int(self._high) + 1, math.ceil((self._high - self._low) / 6))
            return list(zip(_places(powers, self._low, self._high), (rounded(10.0**x) for x in powers), strict=True))
        step = 10.0 ** math.floor(math.log10((self._high - self._low) / 2))
        step *= next(factor for factor in (5, 2, 1) if factor * step <= (self._high - self._low) / 2)
        numbers = [k * step for k in range(math.ceil(self._low / step), math.floor(self._high / step) + 1)]
        return list(zip(_places(numbers, self._low, self._high), map(rounded, numbers), strict=True))


# What the model says


def _plane(film: Film, epochs: Sequence[int], dataset: Dataset | None) -> dict[str, Any] | None:
    """The class at every place of the plane of two inputs, and how certain it is: one byte for each place and epoch."""
    classes = classes_of(film) if film.X.shape[1] == 2 else None
    if classes is None:
        return None
    (left, bottom), (right, top) = limits(film.X)
    middles = (np.arange(GRID) + 0.5) / GRID
    places = np.stack(np.meshgrid(left + middles * (right - left), bottom + middles * (top - bottom)), axis=-1)
    logits = _outputs(film, places.reshape(-1, 2), epochs)
    if logits.shape[2] == 1:
        logits = np.concatenate([np.zeros_like(logits), logits], axis=2)
    count = logits.shape[2]
    if count > len(COLORS) - 1:  # the last is black
        return None
    shares = np.exp(logits - logits.max(axis=2, keepdims=True))
    certainty = (shares.max(axis=2) / shares.sum(axis=2) - 1 / count) / (1 - 1 / count)
    levels = 256 // count
    x, y = _sides(film.X, dataset.X if dataset else film.X)
    codes = logits.argmax(axis=2) * levels + np.rint(np.nan_to_num(certainty) * (levels - 1))
    some = _some(len(film.X))
    return {
        "kind": "plane",
        "size": GRID,
        "levels": levels,
        "inks": COLORS[:count],
        "x": x,
        "y": y,
        "points": [
            (x, y, int(k))
            for x, y, k in zip(
                _places(film.X[some, 0], left, right),
                _places(film.X[some, 1], bottom, top),
                classes[some],
                strict=True,
            )
        ],
        "frames": packed(codes.astype(np.uint8)),
    }


def _line(film: Film, epochs: Sequence[int], dataset: Dataset | None) -> dict[str, Any] | None:
    """The output along the one input, if it has one output."""
    if film.X.shape[1] != 1 or film.y.ndim != 1:
        return None
    (left,), (right,) = limits(film.X)
    (bottom,), (top,) = limits(film.y[:, None])
    outputs = _outputs(film, np.linspace(left, right, SAMPLES)[:, None], epochs)
    if outputs.shape[2] != 1:
        return None
    some = _some(len(film.X))
    [x] = _sides(film.X, dataset.X if dataset else film.X)
    [y] = _sides(film.y[:, None], (dataset.y if dataset else film.y)[:, None])
    return {
        "kind": "line",
        "x": x,
        "y": y,
        "points": list(zip(_places(film.X[some, 0], left, right), _places(film.y[some], bottom, top), strict=True)),
        "frames": [_places(curve, bottom, top) for curve in outputs[:, :, 0]],
    }


def _sides(columns: Floats, raw: NDArray[Any]) -> list[list[float]]:
    """Where a picture begins and ends along each of its sides, as it is written: in the units of these raw columns."""
    slope, offset, _ = scaling(columns, raw)
    ends = np.where(slope > 0, (np.array(limits(columns)) - offset) / np.where(slope > 0, slope, 1), limits(columns))
    return ends.T.tolist()  # type: ignore[no-any-return]


def _outputs(film: Film, rows: Floats, epochs: Sequence[int]) -> Floats:
    """What the model said of each row after each of these epochs: shape epochs x rows x outputs."""
    model, now, shown = film.model, film.model.state_dict(), []
    try:
        replay = record(model, rows[0].tolist())
    except RecordError:  # of a model that looks at its numbers, say
        outputs = partial(predict, model, rows)
    else:
        outputs = partial(replay, rows)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)  # a model that diverged may say infinity
        for epoch in epochs:
            model.load_state_dict(film.snapshots[epoch])
            shown.append(outputs().reshape(len(rows), -1))
    model.load_state_dict(now)
    return np.nan_to_num(np.array(shown))


# The network


def _network(film: Film, epochs: Sequence[int], dataset: Dataset | None) -> dict[str, Any] | None:
    """The widths of an MLP's layers, and its strongest weights: a signed byte for each weight and epoch."""
    if type(film.model) is not MLP or max(widths := [film.model.n_in, *film.model.n_out]) > WIDEST_LAYER:
        return None
    edges = [
        (k, i, j)
        for k, layer in enumerate(film.model.layers)
        for j, neuron in enumerate(layer.neurons)
        for i in range(len(neuron.weights))
    ]
    places = [f"layers.{k}.neurons.{j}.weights.{i}" for k, i, j in edges]
    weights = np.array([[film.snapshots[epoch][place] for place in places] for epoch in epochs])
    strongest = np.sort(np.argsort(-np.abs(weights).max(axis=0), kind="stable")[:MOST_EDGES])
    thickness = np.sign(weights) * (1 - np.exp(-np.abs(weights) / SATURATION))
    names = [dataset.features, dataset.classes] if dataset else [(), ()]
    return {
        "widths": widths,
        "named": [
            list(some) if len(some) == n <= MOST_NAMES else []
            for some, n in zip(names, (widths[0], widths[-1]), strict=True)
        ],
        "edges": [edges[i] for i in strongest],
        "of": len(edges),
        "saturation": SATURATION,
        "places": [list(film.snapshots[0]).index(places[i]) for i in strongest],
        "frames": packed(np.rint(127 * thickness[:, strongest]).astype(np.int8)),
    }


# Numbers for the page


def _places(numbers: Sequence[float] | Floats, low: float, high: float) -> list[float]:
    """Where the numbers stand between `low`, 0, and `high`, 1; what is far outside stands outside."""
    return np.round(np.clip((np.asarray(numbers) - low) / (high - low), -1, 2), 4).tolist()  # type: ignore[no-any-return]


def _some(n: int) -> NDArray[np.int64]:
    """Positions of all rows, or of some if they are too many to be seen."""
    return np.unique(np.linspace(0, n - 1, min(n, MOST_POINTS)).astype(int))
