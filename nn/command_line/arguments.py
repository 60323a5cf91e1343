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


class _Defaults(argparse.ArgumentDefaultsHelpFormatter):
    """Help that tells the defaults, where there are some."""

    def _get_help_string(self, action: argparse.Action) -> str | None:
        return super()._get_help_string(action) if action.default else action.help


def parser(train: Command, predict: Command) -> argparse.ArgumentParser:
    """The parser; `run` of what it gives is the command."""
    parser = argparse.ArgumentParser(
        prog="python -m nn",
        description="Train a network made of scalars, or predict with one.",
        epilog="Examples: 'python -m nn train iris', 'python -m nn train moons --hidden 8 8', "
        "'python -m nn train passengers.csv --target Survived', 'python -m nn predict out/model.safetensors more.csv'.",
    )
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    command = commands.add_parser(
        "train", help="train a network and write it, with pictures", formatter_class=_Defaults
    )
    command.set_defaults(run=train)
    command.add_argument("data", metavar="DATA", help=f"{', '.join(BUILT_IN)}, or the path of a table (CSV, Parquet)")
    command.add_argument("--target", metavar="COLUMN", help="the column of the table that is to be predicted")
    command.add_argument(
        "--task",
        choices=data.TASKS,
        default="auto",
        help="what the target is; auto takes text and whole numbers of few values as classes",
    )
    command.add_argument("--drop", metavar="COLUMN", nargs="+", default=[], help="columns that are to be left out")
    command.add_argument(
        "--as",
        dest="kinds",
        metavar="COLUMN=KIND",
        type=_kind,
        nargs="+",
        default=[],
        help=f"what columns are, where it is mistaken: {', '.join(data.KINDS)}",
    )
    _add_reading(command)
    command.add_argument(
        "--hidden",
        metavar="N",
        type=_count,
        nargs="*",
        default=argparse.SUPPRESS,  # it depends on the data
        help="widths of hidden layers (default: 16 16; for digits 64)",
    )
    command.add_argument("--activation", default="tanh", help="what hidden layers compute: relu, tanh, sigmoid, ...")
    command.add_argument("--optimizer", choices=OPTIMIZERS, default="adam", help="how parameters are updated")
    command.add_argument("--lr", metavar="RATE", type=_rate, default=0.02, help="the learning rate")
    command.add_argument(
        "--schedule", choices=("constant", "cosine"), default="cosine", help="how the learning rate changes"
    )
    command.add_argument("--epochs", metavar="N", type=_count, default=100, help="passes over the training rows")
    command.add_argument(
        "--batch-size",
        metavar="N",
        type=_count,
        default=argparse.SUPPRESS,
        help="rows for each step (default: 16; more, up to 256, for more than 10,000 rows)",
    )
    command.add_argument(
        "--patience",
        metavar="N",
        type=_whole,
        default=20,
        help="epochs to wait for a lower validation loss before stopping; 0 trains to the end, on all training rows",
    )
    command.add_argument(
        "--checkpoint",
        metavar="FILE",
        type=Path,
        help="keep the run in a file as it goes on; where it exists, the same run goes on from there",
    )
    command.add_argument("--test", metavar="SHARE", type=_share, default=0.2, help="the share of rows that is held out")
    command.add_argument("--folds", metavar="K", type=_folds, help="also cross-validate, with K parts")
    command.add_argument(
        "--search", action="store_true", help="try some networks and learning rates, and take the best of them"
    )
    command.add_argument("--seed", metavar="N", type=_whole, default=0, help="where all that is drawn at random begins")
    command.add_argument(
        "--out",
        metavar="FOLDER",
        type=Path,
        default=Path("out"),
        help="where the results are written; run.html among them plays the training",
    )

    command = commands.add_parser("predict", help="predict the rows of a table with a trained model")
    command.set_defaults(run=predict)
    command.add_argument("model", metavar="MODEL", type=Path, help="a model.safetensors that 'train' wrote")
    command.add_argument(
        "table", metavar="TABLE", type=Path, help="a table with the columns that the model was trained on"
    )
    _add_reading(command)
    return parser


def _add_reading(command: argparse.ArgumentParser) -> None:
    """How a text file is written, where it can't be found out."""
    command.add_argument(
        "--separator", metavar="CHARACTER", type=_separator, help="between cells: ',', ';', tab, space, ..."
    )
    command.add_argument("--encoding", metavar="NAME", help="utf-8, latin-1, utf-16, ...")
    command.add_argument("--decimal", choices=(".", ","), help="the decimal mark; the other one groups thousands")
    command.add_argument("--header", choices=("yes", "no"), help="whether the first line names the columns")
    command.add_argument("--dates", choices=data.DATES, help="what comes first in dates such as 1/2/2024")


def _separator(text: str) -> str:
    separator = {"tab": "\t", "\\t": "\t", "space": r"\s+", "comma": ",", "semicolon": ";"}.get(text, text)
    if len(separator) != 1 and separator != r"\s+":
        raise argparse.ArgumentTypeError(f"expected one character, tab or space, got {text!r}")
    return separator


def _kind(text: str) -> tuple[str, str]:
    column, _, kind = text.rpartition("=")
    if kind not in data.KINDS or not column:
        raise argparse.ArgumentTypeError(f"expected COLUMN=KIND, where KIND is {', '.join(data.KINDS)}; got {text!r}")
    return column, kind


def _folds(text: str) -> int:
    return _in_range(text, int, "a whole number of at least 2", lambda n: n >= 2)


def _whole(text: str) -> int:
    return _in_range(text, int, "a whole number of at least 0", lambda n: n >= 0)


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
