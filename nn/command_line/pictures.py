"""What `train` draws: how it learned, how good it is and what it looks at, and one neuron at work."""

import warnings
from collections.abc import Callable, Sequence
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike

from autograd import Value
from autograd.environment import write_atomically
from nn import evaluation, training
from nn.command_line.learning import Learned, Rows
from nn.command_line.report import Result, score
from nn.command_line.source import Source
from nn.data import Dataset, Table
from nn.losses import by_name
from nn.modules import MLP
from nn.training import NodeByNode, Objective

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_MOST_ROWS = 1000  # of which the importance of columns is measured


def save_plots(out: Path, learned: Learned, found: Source, train: Rows, test: Rows, on_test: Result) -> list[Path]:
    """Write the plots into a folder: the files. Raises ModuleNotFoundError without matplotlib."""
    from matplotlib.figure import Figure

    from nn import plots

    written = []

    def save(name: str, plot: "Callable[[Axes], Axes]") -> None:
        figure = Figure(figsize=(6, 4.5), dpi=150, layout="constrained")
        plot(figure.subplots())
        content = BytesIO()
        with warnings.catch_warnings():
            warnings.filterwarnings("ignore", "Glyph .* missing from font", UserWarning)  # the picture shows it
            figure.savefig(content, format="png")
        write_atomically(out / name, content.getvalue())
        written.append(out / name)

    truth, classes = on_test.truth, found.target.classes
    save("loss.png", lambda ax: plots.loss_curve(learned.history, ax))
    if classes:
        counts = evaluation.confusion(truth, on_test.answers, len(classes))
        bins = min(10, max(2, len(truth) // 20))
        calibration = evaluation.calibration(evaluation.probabilities(on_test.outputs), truth, bins)
        save("confusion.png", lambda ax: plots.confusion_matrix(counts, classes, ax))
        save("calibration.png", lambda ax: plots.calibration_curve(calibration, ax))
    else:
        save("predictions.png", lambda ax: plots.predicted_against_true(truth, on_test.answers, found.target.name, ax))
    if len(found.columns) > 1:
        unit = "accuracy lost when the column is shuffled" if classes else "error (rms) gained when it is shuffled"
        falls = _importance(learned, found, test[:_MOST_ROWS])
        save("importance.png", lambda ax: plots.importance(falls, unit, ax))
    standardizer = learned.network.preparation.standardizer()
    if standardizer and len(found.columns) == 2 and 0 < len(classes) <= len(plots.COLORS):
        points = _points(found, train)
        save("boundary.png", lambda ax: plots.decision_boundary(learned.model, points, standardizer, ax))
    return written


def _importance(learned: Learned, found: Source, rows: Rows) -> dict[str, float]:
    """How much worse the score of these rows gets without each column."""
    truth, network = found.target.y[rows], learned.network

    def goodness(table: Table) -> float:
        found_score = score(truth, network.answers(network.outputs(table)), network.classes)
        return found_score if network.classes else -found_score

    return evaluation.permutation_importance(goodness, found.table.take(rows), found.columns)


def _points(found: Source, rows: Rows) -> Dataset:
    """Rows as points of a plane, for tables of two columns of numbers."""
    target = found.target
    X = np.stack([found.table[name].values[rows] for name in found.columns], axis=1)
    return Dataset(found.name, X, target.y[rows], found.columns, target.name, target.classes)


def neuron_at_work(model: MLP, features: Sequence[str], X: ArrayLike, y: ArrayLike, loss: str) -> Value:
    """The first neuron's output for the example that the model gets most wrong, after its loss has been sent back."""
    lossy = by_name(loss)
    rows, targets = training.prepare(X, y)
    examples = NodeByNode(Objective(model, lossy))
    worst = max(range(len(rows)), key=lambda i: examples.mean_loss(rows[[i]], targets[[i]]))
    inputs, target = rows[worst].tolist(), targets[worst].item()
    outputs = [Value(x, label=name, requires_grad=False) for name, x in zip(features, inputs, strict=True)]
    first, *others = model.layers
    outputs = hidden = _listed(first(outputs))
    for layer in others:
        outputs = _listed(layer(outputs))
    model.zero_grad()
    lossy(outputs if len(outputs) > 1 else outputs[0], target).backward()
    return hidden[0]


def _listed(outputs: Value | list[Value]) -> list[Value]:
    return outputs if isinstance(outputs, list) else [outputs]
