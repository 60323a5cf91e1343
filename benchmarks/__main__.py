"""Times this library beside its peers, in one run: `python -m benchmarks`."""

import argparse
import json
import platform
import sys
from importlib.metadata import version
from importlib.util import find_spec

from benchmarks.programs import PROGRAMS
from benchmarks.race import race

LIBRARIES = {"stepgrad": ("autograd", "nn"), "micrograd": ("micrograd.engine", "micrograd.nn")}
WANTED = {"moons step, 100 points": {"micrograd": 3.0}}  # at least this many times faster than the peer


def main() -> int:
    """Print the table; the exit code is 1 if a ratio that must hold is missed."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description="Time stepgrad beside its peers.")
    parser.add_argument("--json", action="store_true", help="print the numbers as JSON")
    parser.add_argument("--turns", type=int, default=7, metavar="N", help="how often each is timed (default: 7)")
    args = parser.parse_args()

    libraries = {name: m for name, m in LIBRARIES.items() if find_spec(m[0].partition(".")[0])}
    seconds = {work: race(work, libraries, args.turns) for work in PROGRAMS}
    if args.json:
        versions = {name: version(name) for name in libraries}
        print(json.dumps({"machine": _machine(), "versions": versions, "seconds": seconds}))
    else:
        _print_table(seconds)
    missed = [
        f"{work}: {seconds[work][peer] / seconds[work]['stepgrad']:.1f} x {peer}, at least {ratio:g} x expected"
        for work, peers in WANTED.items()
        for peer, ratio in peers.items()
        if peer in libraries and seconds[work][peer] < ratio * seconds[work]["stepgrad"]
    ]
    for line in missed:
        print(line, file=sys.stderr)
    return 1 if missed else 0


def _print_table(seconds: dict[str, dict[str, float]]) -> None:
    print(f"{_machine()}; medians, one thread")
    print(f"{'':24}" + "".join(f"{name:>14}" for name in LIBRARIES) + "   ratio")
    for work, times in seconds.items():
        cells = "".join(_duration(times.get(name)).rjust(14) for name in LIBRARIES)
        ratio = f"{times['micrograd'] / times['stepgrad']:6.1f} x" if "micrograd" in times else ""
        print(f"{work:24}{cells}  {ratio}")


def _duration(seconds: float | None) -> str:
    if seconds is None:
        return "not installed"
    return f"{seconds * 1e6:.2f} us" if seconds < 1e-3 else f"{seconds * 1e3:.1f} ms"


def _machine() -> str:
    return f"{platform.machine()}, {platform.system()}, {platform.python_implementation()} {platform.python_version()}"


if __name__ == "__main__":
    sys.exit(main())
