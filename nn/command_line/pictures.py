"""What `train` draws: the loss curve, the decision boundary, and one neuron at work."""

from collections.abc import Callable, Sequence
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

from numpy.typing import ArrayLike

from autograd import Value
from autograd.environment import write_atomically
from nn import training
from nn.data import Dataset, Standardizer
from nn.losses import by_name
from nn.modules import MLP
from nn.training import History, NodeByNode

if TYPE_CHECKING:
    from matplotlib.axes import Axes


def save_plots(out: Path, model: MLP, train_part: Dataset, standardizer: Standardizer, history: History) -> list[Path]:
    """Write the plots into a folder: the files. Raises ModuleNotFoundError without matplotlib."""
    from matplotlib.figure import Figure

    from nn import plots

    written = []

    def save(name: str, plot: "Callable[[Axes], Axes]") -> None:
        figure = Figure(figsize=(6, 4.5), dpi=150, layout="constrained")
        plot(figure.subplots())
        content = BytesIO()
        figure.savefig(content, format="png")
        write_atomically(out / name, content.getvalue())
        written.append(out / name)

    save("loss.png", lambda ax: plots.loss_curve(history, ax))
    if train_part.X.shape[1] == 2 and train_part.classes:
        save("boundary.png", lambda ax: plots.decision_boundary(model, train_part, standardizer, ax))
    return written


def neuron_at_work(model: MLP, features: Sequence[str], X: ArrayLike, y: ArrayLike, loss: str) -> Value:
    """The first neuron's output for the example that the model gets most wrong, after its loss has been sent back."""
    lossy = by_name(loss)
    rows, targets = training.prepare(X, y)
    examples = NodeByNode(model, lossy)
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
