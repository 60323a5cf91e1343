"""`python -m nn predict`: the target of each row of a table."""

import argparse
import csv
import sys

from nn import data
from nn.command_line.exit_codes import SUCCESS
from nn.command_line.learning import Network
from nn.command_line.source import reading

_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def predict(args: argparse.Namespace) -> int:
    """Predict the target of each row of a table, as CSV on standard output: as many lines as the table has rows."""
    network = Network.of(args.model)
    preparation = network.preparation
    table = data.read_table(
        args.table,
        kinds=preparation.columns,
        formats=preparation.formats,
        likely_decimal=network.decimal,
        **reading(args),
    )
    for surprise in (*table.notes, *preparation.surprises(table)):
        print(f"note: {surprise}", file=sys.stderr)
    answers = network.answers(network.outputs(table))
    names = [harmless(name) for name in network.classes]
    cells = [names[k] for k in answers] if names else [f"{x:.6g}" for x in answers]
    writer = csv.writer(sys.stdout, lineterminator="\n")
    writer.writerow([harmless(network.target)])
    writer.writerows([cell] for cell in cells)
    return SUCCESS


def harmless(text: str) -> str:
    """A text that no spreadsheet takes for a formula: `'=1+1` for `=1+1`; a number stays as it is.

    OWASP, "CSV injection": https://owasp.org/www-community/attacks/CSV_Injection
    """
    try:
        float(text)
    except ValueError:
        return "'" + text if text.lstrip(" ").startswith(_FORMULA) else text
    return text
