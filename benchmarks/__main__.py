"""Times this library beside its peers, in one run: `python -m benchmarks`."""

import argparse
import json
import sys
from pathlib import Path

from tqdm import tqdm

from benchmarks import alone
from benchmarks.race import race
from benchmarks.report import Report
from benchmarks.works import GALLERY, WORKS


def main(arguments: list[str] | None = None) -> int:
    """Print the table; the exit code is 1 if something falls short of what is promised, or peers disagree."""
    works = {work.name: work for work in (*WORKS, *GALLERY)}
    names = [*works, "import", "sizes"]
    groups = {"gallery": [work.name for work in GALLERY]}
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description="Time stepgrad beside its peers.")
    parser.add_argument(
        "--only", nargs="+", metavar="WORK", choices=[*names, *groups], default=names, help=", ".join([*names, *groups])
    )
    parser.add_argument("--turns", type=int, default=7, metavar="N", help="how often each is timed (default: 7)")
    parser.add_argument("--json", action="store_true", help="print the numbers as JSON")
    parser.add_argument("--plot", type=Path, metavar="PATH", help="also draw them, as .png, .svg or .pdf")
    args = parser.parse_args(arguments)

    report = Report()
    chosen = [name for given in args.only for name in groups.get(given, [given])]
    for name in tqdm(chosen, unit="work", leave=False, disable=not sys.stderr.isatty()):
        if name == "import":
            report.imports = alone.import_times(args.turns)
        elif name == "sizes":
            report.sizes = alone.graph_sizes(alone.SIZES)
        else:
            try:
                report.seconds[name], report.ready[name] = race(works[name], args.turns)
            except (ArithmeticError, RuntimeError) as error:
                print(f"error: {error}", file=sys.stderr)
                return 1
    print(json.dumps(report.as_json(), indent=1) if args.json else report.table())
    if args.plot:
        from benchmarks import plot  # which needs matplotlib

        plot.save(report, args.plot)
    shortfalls = list(report.shortfalls())
    for line in shortfalls:
        print(f"short: {line}", file=sys.stderr)
    return 1 if shortfalls else 0


if __name__ == "__main__":
    sys.exit(main())
