"""`python -m nn train`: from a data set to a trained network, its history and pictures."""

import argparse
import sys
import warnings
from dataclasses import asdict
from pathlib import Path

from autograd import draw
from nn import checkpoint, data, schedules, training
from nn.command_line.arguments import BUILT_IN, OPTIMIZERS
from nn.command_line.exit_codes import FAILURE, INTERRUPTED, SUCCESS
from nn.command_line.pictures import neuron_at_work, save_plots
from nn.command_line.report import report
from nn.data import Dataset, Standardizer
from nn.modules import MLP


def train(args: argparse.Namespace) -> int:
    """Train a network on a data set, report its accuracy, and write the model and pictures of it."""
    dataset = _dataset(args)
    train_part, test_part = dataset.split(args.test, args.seed)
    args.out.mkdir(parents=True, exist_ok=True)
    standardizer = Standardizer.of(train_part.X)
    targets = Standardizer.of(train_part.y) if not dataset.classes else None
    X, y = standardizer.apply(train_part.X), targets.apply(train_part.y) if targets else train_part.y

    n_out = len(dataset.classes) if len(dataset.classes) > 2 else 1
    hidden = getattr(args, "hidden", [64] if args.data == "digits" else [16, 16])
    model = MLP(X.shape[1], [*hidden, n_out], activation=args.activation, rng=args.seed)
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
    report(model, train_part, test_part, standardizer, targets)
    try:
        written += save_plots(args.out, model, train_part, standardizer, history)
    except ModuleNotFoundError:
        print('left out the plots: they need matplotlib, which pip install "stepgrad[plot]" brings')
    if X.shape[1] <= 12:
        written += [args.out / "neuron.svg"]
        draw(neuron_at_work(model, dataset.features, X, y, loss)).save(written[-1])
    print(f"wrote {', '.join(file.name for file in written)} into {args.out}")
    return INTERRUPTED if history.stopped else SUCCESS


def _dataset(args: argparse.Namespace) -> Dataset:
    if args.data in BUILT_IN:
        if args.target or args.task != "auto":
            raise ValueError(f"--target and --task are for CSV files; {args.data} has a target of its own")
        return data.REAL[args.data]() if args.data in data.REAL else data.TOYS[args.data](200, rng=args.seed)
    if not Path(args.data).suffix and not Path(args.data).exists():
        raise ValueError(f"no data set is called {args.data!r}: choose {', '.join(BUILT_IN)}, or give a CSV file")
    if not args.target:
        columns = ", ".join(data.read_table(args.data).columns)
        raise ValueError(f"which column of {args.data} is to be predicted? Say --target with one of {columns}")
    return data.read_csv(args.data, args.target, args.task)
