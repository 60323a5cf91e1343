"""What the command line understands."""

import argparse
import math
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from nn import data, optim

OPTIMIZERS = {"sgd": optim.SGD, "adam": optim.Adam, "adamw": optim.AdamW}
BUILT_IN = (*data.REAL, *data.TOYS)
Number = TypeVar("Number", int, float)
Command = Callable[[argparse.Namespace], int]


def parser(train: Command, predict: Command) -> argparse.ArgumentParser:
    """The parser; `run` of what it gives is the command."""
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
    command.add_argument("data", metavar="DATA", help=f"{', '.join(BUILT_IN)}, or the path of a CSV file")
    command.add_argument("--target", metavar="COLUMN", help="the column of the CSV file that is to be predicted")
    command.add_argument(
        "--task",
        choices=("auto", "classification", "regression"),
        default="auto",
        help="what the target is; auto takes text and whole numbers as classes",
    )
    command.add_argument(
        "--hidden",
        metavar="N",
        type=_count,
        nargs="*",
        default=argparse.SUPPRESS,  # it depends on the data
        help="widths of hidden layers (default: 16 16; for digits 64)",
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
