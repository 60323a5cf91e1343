"""`python -m autograd`: the version, the engine in use, and what to do about what is missing."""

from importlib.metadata import PackageNotFoundError, version
from platform import machine, python_implementation, python_version
from shutil import which

from autograd.engines import engine, why_python


def main() -> None:
    rows = {
        "stepgrad": _version(),
        "Python": f"{python_implementation()} {python_version()} on {machine()}",
        "engine": "native (compiled)" if engine == "native" else f"python: {why_python}",
        "replay": _how_it_runs(),
        "dot": which("dot") or "not found: drawings are made as SVG; for PNG and PDF install Graphviz (graphviz.org)",
    }
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
    main()
