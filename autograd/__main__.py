"""`python -m autograd`: the version, the engine in use, and what to do about what is missing.

`python -m autograd play "(a*b+c)**2" a=2 b=-3 c=10` makes a page that plays an expression, and opens it.
"""

import argparse
import sys
from collections.abc import Sequence
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from platform import machine, python_implementation, python_version
from shutil import which

from autograd.engines import engine, why_python
from autograd.environment import other_autograd


def main(arguments: Sequence[str]) -> None:
    parser = argparse.ArgumentParser(prog="python -m autograd", description="Tells which engine is in use.")
    commands = parser.add_subparsers(dest="command", metavar="command")
    play = commands.add_parser("play", help="make a page that plays an expression step by step, and open it")
    play.add_argument("expression", help='such as "(a*b + c)**2"; "loss = ..." names the result')
    play.add_argument("numbers", nargs="*", metavar="name=number", help="the number of each name, such as a=2 b=-3")
    play.add_argument("-o", "--output", default="player.html", help="the file, player.html if none is named")
    play.add_argument("--no-open", action="store_true", help="make the file only")
    chosen = parser.parse_args(arguments)
    if chosen.command is None:
        _tell()
        return
    try:
        _play(chosen.expression, chosen.numbers, Path(chosen.output), not chosen.no_open)
    except (ValueError, TypeError, ArithmeticError, OSError) as error:
        play.error(str(error))


def _play(expression: str, numbers: Sequence[str], file: Path, opens: bool) -> None:
    from autograd.show import steps, typed

    steps(typed(expression, dict(map(_number, numbers)))).player().save(file)
    print(f"{file}: open it in a browser")
    if opens:
        import webbrowser

        webbrowser.open(file.resolve().as_uri())


def _number(text: str) -> tuple[str, float]:
    name, _, number = text.partition("=")
    try:
        return name.strip(), float(number)
    except ValueError as error:
        raise ValueError(f"expected a name and its number, such as a=2, got {text!r}") from error


def _tell() -> None:
    rows = {
        "stepgrad": _version(),
        "Python": f"{python_implementation()} {python_version()} on {machine()}",
        "engine": "native (compiled)" if engine == "native" else f"python: {why_python}",
        "replay": _how_it_runs(),
        "dot": which("dot") or "not found: drawings are made as SVG; for PNG and PDF install Graphviz (graphviz.org)",
    }
    if other := other_autograd():
        rows["beside"] = other
    for name, what in rows.items():
        print(f"{name:<10}{what}")


def _how_it_runs() -> str:
    if engine == "python":
        return "in plain Python, row by row"
    from autograd.replay import kernels_in_use  # and NumPy with it

    return kernels_in_use()


def _version() -> str:
    try:
        return version("stepgrad")
    except PackageNotFoundError:
        return "not installed: this is a source directory; `pip install -e .` installs and compiles it"


if __name__ == "__main__":
    main(sys.argv[1:])
