"""The command line: `python -m nn train iris`, `python -m nn predict model.safetensors table.csv`."""

import argparse
import csv
import math
import os
import sys
import warnings
from collections.abc import Callable, Sequence
from dataclasses import asdict
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import numpy as np
from numpy.typing import ArrayLike

from autograd import Value, draw
from autograd.files import write_atomically
from nn import checkpoint, data, optim, schedules, tables, training
from nn.data import Dataset, Standardizer
from nn.losses import by_name
from nn.modules import MLP
from nn.training import History

if TYPE_CHECKING:
    from matplotlib.axes import Axes

SUCCESS, FAILURE, INTERRUPTED = 0, 1, 130
OPTIMIZERS = {"sgd": optim.SGD, "adam": optim.Adam, "adamw": optim.AdamW}
Number = TypeVar("Number", int, float)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line; the exit code: 0 for success, 1 for a failure, 2 for wrong usage, 130 after Ctrl-C."""
    args = _parser().parse_args(arguments)
    try:
        code: int = args.run(args)
        sys.stdout.flush()
        return code
    except BrokenPipeError:  # the reader of our output has gone, as in `... | head`
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # for what is flushed when Python ends
        return FAILURE
    except KeyboardInterrupt:
        return INTERRUPTED
    except OSError as error:
        print(
            "error:",
            ": ".join(str(part) for part in (error.filename, error.strerror) if part) or error,
            file=sys.stderr,
        )
        return FAILURE
    except (ValueError, ImportError) as error:
        print(f"error: {error}", file=sys.stderr)
        return FAILURE


def train(args: argparse.Namespace) -> int:
    """Train a network on a data set, report its accuracy, and write the model and pictures of it."""
    dataset = _dataset(args)
    train_part, test_part = dataset.split(args.test, args.seed)
    args.out.mkdir(parents=True, exist_ok=True)
    standardizer = Standardizer.of(train_part.X)
    targets = Standardizer.of(train_part.y) if not dataset.classes else None
    X, y = standardizer.apply(train_part.X), targets.apply(train_part.y) if targets else train_part.y

    n_out = len(dataset.classes) if len(dataset.classes) > 2 else 1
    model = MLP(X.shape[1], [*args.hidden, n_out], activation=args.activation, rng=args.seed)
    optimizer = OPTIMIZERS[args.optimizer](model.parameters(), lr=args.lr)
    kinds = f"{len(dataset.classes)} classes" if dataset.classes else "regression"
    print(f"{dataset.name}: {len(dataset.y)} rows, {X.shape[1]} inputs, {kinds}")
    for note in dataset.notes:
        print(f"  {note}")
    print(f"{model!r}: {len(model.parameters())} parameters, {len(y)} rows to train on, {len(test_part.y)} held out")

    steps = args.epochs * -(-len(y) // args.batch_size)
    loss = "mean_squared_error" if targets else "cross_entropy" if n_out > 1 else "binary_cross_entropy"
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", training.DivergenceWarning)  # the history tells
        history = training.fit(
            model,
            X,
            y,
            loss=loss,
            optimizer=optimizer,
            epochs=args.epochs,
            batch_size=args.batch_size,
            schedule=schedules.cosine(steps) if args.schedule == "cosine" else None,
            rng=args.seed,
            progress=sys.stderr.isatty(),
        )
    written = [args.out / "history.json"]
    history.save(written[0])
    if history.stopped:
        print(f"error: {history.stopped}", file=sys.stderr)
        if not history.stopped.startswith("interrupted"):
            return FAILURE

    notes = {
        "features": list(dataset.features),
        "target": dataset.target,
        "classes": list(dataset.classes),
        "inputs": asdict(standardizer),
        "targets": asdict(targets) if targets else None,
    }
    written += [args.out / "model.safetensors"]
    checkpoint.save(written[1], model, optimizer, notes)
    _report(model, train_part, test_part, standardizer, targets)
    try:
        written += _save_plots(args.out, model, train_part, standardizer, history)
    except ModuleNotFoundError:
        print('left out the plots: they need matplotlib, which pip install "stepgrad[plot]" brings')
    if X.shape[1] <= 12:
        written += [args.out / "neuron.svg"]
        draw(_neuron_at_work(model, dataset.features, X, y, loss)).save(written[-1])
    print(f"wrote {', '.join(file.name for file in written)} into {args.out}")
    return INTERRUPTED if history.stopped else SUCCESS


def predict(args: argparse.Namespace) -> int:
    """Predict the target of each row of a CSV file, as CSV on standard output."""
    loaded = checkpoint.load(args.model)
    notes = loaded.notes
    if not {"features", "target", "classes", "inputs", "targets"} <= notes.keys():
        raise ValueError(f"{args.model} doesn't tell its columns: predict needs a model written by 'train'")
    X = Standardizer(**notes["inputs"]).apply(tables.read_inputs(args.table, notes["features"]))
    if notes["classes"]:
        names = notes["classes"]
        column = [names[k] for k in training.predict_class(loaded.model, X)]
    else:
        column = [f"{x:.6g}" for x in Standardizer(**notes["targets"]).invert(training.predict(loaded.model, X))]
    writer = csv.writer(sys.stdout, lineterminator="\n")
    writer.writerow([notes["target"]])
    writer.writerows([cell] for cell in column)
    return SUCCESS


def _dataset(args: argparse.Namespace) -> Dataset:
    if args.data in ("iris", *data.TOYS):
        if args.target or args.task != "auto":
            raise ValueError(f"--target and --task are for CSV files; {args.data} has a target of its own")
        return data.iris() if args.data == "iris" else data.TOYS[args.data](200, rng=args.seed)
    if not Path(args.data).suffix and not Path(args.data).exists():
        raise ValueError(
            f"no data set is called {args.data!r}: choose {', '.join(['iris', *data.TOYS])}, or give a CSV file"
        )
    if not args.target:
        columns = ", ".join(tables.read_table(args.data).columns)
        raise ValueError(f"which column of {args.data} is to be predicted? Say --target with one of {columns}")
    return tables.read_csv(args.data, args.target, args.task)


def _report(
    model: MLP, train_part: Dataset, test_part: Dataset, standardizer: Standardizer, targets: Standardizer | None
) -> None:
    for name, part in (("train", train_part), ("test", test_part)):
        X = standardizer.apply(part.X)
        if targets:
            rms = np.sqrt(np.mean((targets.invert(training.predict(model, X)) - part.y) ** 2))
            baseline = np.sqrt(np.mean((train_part.y.mean() - part.y) ** 2))
            print(f"{name:5} error (rms)  {rms:.4g}, where always predicting the mean gives {baseline:.4g}")
        else:
            majority = np.bincount(train_part.y).argmax()
            baseline = np.mean(part.y == majority)
            accuracy = training.accuracy(model, X, part.y)
            print(f"{name:5} accuracy  {accuracy:6.1%}, where always predicting the largest class gives {baseline:.1%}")


def _save_plots(out: Path, model: MLP, train_part: Dataset, standardizer: Standardizer, history: History) -> list[Path]:
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


def _neuron_at_work(model: MLP, features: Sequence[str], X: ArrayLike, y: ArrayLike, loss: str) -> Value:
    """The first neuron's output for the example that the model gets most wrong, after its loss has been sent back."""
    lossy = by_name(loss)
    rows, targets = training.prepare(X, y)
    _, inputs, target = max(
        (training.mean_loss(model, lossy, [row], [target]), row, target)
        for row, target in zip(rows, targets, strict=True)
    )
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


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m nn",
        description="Train a network made of scalars, or predict with one.",
        epilog="Examples: 'python -m nn train iris', 'python -m nn train moons --hidden 8 8', "
        "'python -m nn train flowers.csv --target species', 'python -m nn predict out/model.safetensors more.csv'.",
    )
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    defaults = argparse.ArgumentDefaultsHelpFormatter

    command = commands.add_parser("train", help="train a network and write it, with pictures", formatter_class=defaults)
    command.set_defaults(run=train)
    command.add_argument("data", metavar="DATA", help=f"{', '.join(['iris', *data.TOYS])}, or the path of a CSV file")
    command.add_argument("--target", metavar="COLUMN", help="the column of the CSV file that is to be predicted")
    command.add_argument(
        "--task",
        choices=("auto", "classification", "regression"),
        default="auto",
        help="what the target is; auto takes text and whole numbers as classes",
    )
    command.add_argument(
        "--hidden", metavar="N", type=_count, nargs="*", default=[16, 16], help="widths of hidden layers"
    )
    command.add_argument("--activation", default="tanh", help="of the hidden layers: relu, tanh, sigmoid, ...")
    command.add_argument("--optimizer", choices=OPTIMIZERS, default="adam", help="how parameters are updated")
    command.add_argument("--lr", metavar="RATE", type=_rate, default=0.02, help="the learning rate")
    command.add_argument("--schedule", choices=("constant", "cosine"), default="cosine", help="of the learning rate")
    command.add_argument("--epochs", metavar="N", type=_count, default=50, help="passes over the training rows")
    command.add_argument("--batch-size", metavar="N", type=_count, default=16, help="rows for each step")
    command.add_argument("--test", metavar="SHARE", type=_share, default=0.2, help="the share of rows that is held out")
    command.add_argument("--seed", metavar="N", type=int, default=0, help="of everything that is drawn at random")
    command.add_argument(
        "--out", metavar="FOLDER", type=Path, default=Path("out"), help="where the results are written"
    )

    command = commands.add_parser("predict", help="predict the rows of a CSV file with a trained model")
    command.set_defaults(run=predict)
    command.add_argument("model", metavar="MODEL", type=Path, help="a model.safetensors that 'train' wrote")
    command.add_argument(
        "table", metavar="CSV", type=Path, help="a table with the columns that the model was trained on"
    )
    return parser


def _count(text: str) -> int:
    return _in_range(text, int, "a whole number of at least 1", lambda n: n >= 1)


def _rate(text: str) -> float:
    return _in_range(text, float, "a number above 0", lambda rate: 0 < rate < math.inf)


def _share(text: str) -> float:
    return _in_range(text, float, "a number between 0 and 1", lambda share: 0 < share < 1)


def _in_range(text: str, kind: Callable[[str], Number], expected: str, holds: Callable[[Number], bool]) -> Number:
    try:
        number = kind(text)
    except ValueError:
        number = None
    if number is None or not holds(number):
        raise argparse.ArgumentTypeError(f"expected {expected}, got {text!r}")
    return number


if __name__ == "__main__":
    sys.exit(main())
