"""`python -m nn train`: from a table to a trained network, its history and pictures."""

import argparse
import sys

import numpy as np

from autograd import draw
from autograd.environment import check_writable
from nn import checkpoint, data
from nn.command_line.exit_codes import FAILURE, INTERRUPTED, SUCCESS
from nn.command_line.learning import FEWEST, Learned, Rows, failed, interrupted, learn, setting_of, validation_split
from nn.command_line.pictures import neuron_at_work, save_plots
from nn.command_line.report import result, sentences, warnings_about
from nn.command_line.search import cross_validate, search
from nn.command_line.source import Source, describe, source
from nn.data import Preparation
from nn.player import train_player

_MOST_SCORED = 10_000  # of the rows that were trained on, whose score is no more than a comparison
_MOST_INPUTS = 12  # of a network whose neuron is drawn
_PLOTS = ("boundary", "calibration", "confusion", "importance", "loss", "predictions")
_PICTURES = (*(f"{name}.png" for name in _PLOTS), "neuron.svg", "run.html")  # of which each run has some


def train(args: argparse.Namespace) -> int:
    """Train a network on a table, report how good it is, and write the model and pictures of it."""
    found = source(args)
    y, classes = found.target.y, bool(found.target.classes)
    train_rows, test_rows = data.split_rows(y, classes, args.test, args.seed)
    args.out.mkdir(parents=True, exist_ok=True)
    check_writable(args.out)
    parts = Preparation.of(found.table.take(train_rows), found.columns).parts
    for line in describe(found, {part.column: part.inputs() for part in parts}):
        print(line)
    setting = setting_of(args)
    if args.search:
        setting, lines = search(found, train_rows, args)
        print("\n".join(lines))
    if args.folds:
        for line in cross_validate(found, setting, args.folds, args):
            print(line)

    fitted, validation = validation_split(found, train_rows, args)
    print(_parts(len(fitted), 0 if validation is None else len(validation), len(test_rows), args.patience))
    learned = learn(found, fitted, validation, setting, args, film=True)
    history = learned.history
    print(f"{learned.model!r}: {len(learned.model.parameters()):,} parameters, {len(history.loss)} epochs")
    written = [args.out / "history.json"]
    history.save(written[0])
    if failed(history) or interrupted(history):
        print(f"error: {history.stopped}", file=sys.stderr)
    elif history.stopped:
        print(f"  stopped early: {history.stopped}")
    if failed(history):
        return FAILURE

    written += [args.out / "model.safetensors"]
    checkpoint.save(written[1], learned.model, learned.optimizer, learned.network.notes())
    some = np.random.default_rng(args.seed).permutation(train_rows)[:_MOST_SCORED]
    on_train = result(learned.network, found, some, train_rows)
    on_test = result(learned.network, found, test_rows, train_rows)
    for name, scored in (("train", on_train), ("test", on_test)):
        for line in sentences(name, scored, rare=name == "test"):
            print(line)
    for line in warnings_about(on_train, on_test):
        print(line)
    try:
        written += save_plots(args.out, learned, found, train_rows, test_rows, on_test)
    except ModuleNotFoundError:
        print('left out the plots: they need matplotlib, which pip install "stepgrad[plot]" brings')
    if history.film:
        written += [args.out / "run.html"]
        train_player(history, dataset=_as_seen(learned, found, fitted)).save(written[-1])
    X = learned.network.preparation.apply(found.table.take(fitted))
    if X.shape[1] <= _MOST_INPUTS:
        written += [args.out / "neuron.svg"]
        names = learned.network.preparation.inputs
        draw(neuron_at_work(learned.model, names, X, learned.network.targets(y[fitted]), learned.loss)).save(
            written[-1]
        )
    print(f"wrote {', '.join(file.name for file in written)} into {args.out}")
    if earlier := [f.name for f in sorted(args.out.iterdir()) if f.name in _PICTURES and f not in written]:
        print(f"of an earlier run, not of this one: {', '.join(earlier)}")
    if first := [file for file in written if file.stem in ("confusion", "predictions")]:
        print(f"look at {first[0]} first; 'python -m nn predict {written[1]} TABLE' predicts other rows")
    if history.film:
        print(f"open {args.out / 'run.html'} in a browser to watch how it learned")
    return INTERRUPTED if interrupted(history) else SUCCESS


def _as_seen(learned: Learned, found: Source, rows: Rows) -> data.Dataset:
    """The rows that were trained on: as they stand in the table where each input is a column of it, else prepared."""
    preparation, target = learned.network.preparation, found.target
    if set(preparation.inputs) <= set(found.columns):
        X = np.stack([found.table[name].values[rows] for name in preparation.inputs], axis=1)
    else:
        X = preparation.apply(found.table.take(rows))
    return data.Dataset(found.name, X, target.y[rows], preparation.inputs, target.name, target.classes)


def _parts(n_train: int, n_validation: int, n_test: int, patience: int) -> str:
    """How the rows are divided, in words."""
    if n_validation:
        return f"{n_train:,} rows to train on, {n_validation:,} to choose when to stop, {n_test:,} held out"
    few = f"fewer than {FEWEST}" if n_train < FEWEST else "too few of each class to spare some"
    why = f" ({few}: all epochs are run)" if patience else ""
    return f"{n_train:,} rows to train on{why}, {n_test:,} held out"
