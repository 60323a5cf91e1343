"""`python -m nn predict`: the target of each row of a table."""

import argparse
import csv
import sys

from nn import checkpoint, data, training
from nn.command_line.exit_codes import SUCCESS
from nn.data import Standardizer


def predict(args: argparse.Namespace) -> int:
    """Predict the target of each row of a CSV file, as CSV on standard output."""
    loaded = checkpoint.load(args.model)
    notes = loaded.notes
    if not {"features", "target", "classes", "inputs", "targets"} <= notes.keys():
        raise ValueError(f"{args.model} doesn't tell its columns: predict needs a model written by 'train'")
    X = Standardizer(**notes["inputs"]).apply(data.read_inputs(args.table, notes["features"]))
    if notes["classes"]:
        names = notes["classes"]
        column = [names[k] for k in training.predict_class(loaded.model, X)]
    else:
        column = [f"{x:.6g}" for x in Standardizer(**notes["targets"]).invert(training.predict(loaded.model, X))]
    writer = csv.writer(sys.stdout, lineterminator="\n")
    writer.writerow([notes["target"]])
    writer.writerows([cell] for cell in column)
    return SUCCESS
