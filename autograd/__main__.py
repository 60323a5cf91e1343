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
        "replay": _kernels(),
        "dot": which("dot") or "not found: drawings are made as SVG; for PNG and PDF install Graphviz (graphviz.org)",
    }
    for name, what in rows.items():
        print(f"{name:<10}{what}")


def _kernels() -> str:
    if engine == "python":
        return "in plain Python, row by row"
    from autograd.replay._replay import available_kernels, use_kernels

    return f"{use_kernels()} instructions (this processor has {', '.join(available_kernels())})"


def _version() -> str:
    try:
        return version("stepgrad")
    except PackageNotFoundError:
        return "not installed: this is a source directory; `pip install -e .` installs and compiles it"


if __name__ == "__main__":
    main()
