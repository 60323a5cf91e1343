"""The reference: a page for each module with its public names, from their docstrings, and one of the table's rows."""

import inspect
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

from formulas import OTHER, latex, plot

from autograd import TABLE, Op

MODULES = {
    "autograd": "Values, gradients, steps, recordings",
    "autograd.graph": "Walks over the graph",
    "autograd.derivatives": "Jacobians, Hessians and products, by the names of science",
    "autograd.exports": "C, JavaScript, ONNX, LaTeX; PyTorch, JAX",
    "autograd.exercises": "Exercises that check themselves",
    "autograd.testing": "Gradient checks, strategies for Hypothesis",
    "nn": "Networks, training, predictions",
    "nn.losses": "Losses",
    "nn.optim": "Optimisers",
    "nn.schedules": "Schedules of the learning rate",
    "nn.init": "Beginnings of weights",
    "nn.data": "Data sets, and tables of one's own",
    "nn.evaluation": "How good predictions are",
    "nn.plots": "Pictures of training and of predictions",
    "nn.estimators": "Estimators for scikit-learn",
}


def public_names(module: str) -> list[str]:
    """The public names of a module, but for rows of the table (which have their page) and modules of the list."""
    names = vars(import_module(module))
    own = [
        name for name, thing in names.items() if getattr(thing, "__module__", "") == module and not name.startswith("_")
    ]
    listed = names.get("__all__", own)
    of_table = set(TABLE) if module == "autograd" else set()
    return [name for name in listed if name not in of_table and f"{module}.{name}" not in MODULES]


def write(source: Path) -> None:
    """Write the sources of the reference's pages into the folder `source`."""
    (source / "reference").mkdir()
    for module in MODULES:
        (source / "reference" / f"{module}.md").write_text("\n".join(_page(module)), encoding="utf-8")
    (source / "reference" / "table.md").write_text("\n".join(_table()), encoding="utf-8")
    (source / "reference.md").write_text("\n".join(_index()), encoding="utf-8")


def _index() -> Iterator[str]:
    yield from ("# Reference", "", "| module | what it holds |", "|---|---|")
    yield f"| [The table of derivatives](reference/table.md) | {len(TABLE)} rows: value, derivatives, domain, plot |"
    for module, what in MODULES.items():
        yield f"| [`{module}`](reference/{module}.md) | {what} |"
    yield from (
        "",
        "```{toctree}",
        ":hidden:",
        "",
        "reference/table",
        *(f"reference/{module}" for module in MODULES),
        "```",
    )


def _page(module: str) -> Iterator[str]:
    yield from (
        f"# {module}",
        "",
        f"{MODULES[module]}.",
        "",
        "```{eval-rst}",
        f".. automodule:: {module}",
        "   :no-members:",
        "",
    )
    for name in public_names(module):
        yield from (*_entry(module, name), "")
    yield "```"


def _entry(module: str, name: str) -> list[str]:
    """A public name: from its docstring, or, where it is a plain dictionary, with its keys."""
    thing = getattr(import_module(module), name)
    first = next(other for other in MODULES if getattr(import_module(other), name, None) is thing)
    options = ["   :no-index:"] if first != module else []
    if inspect.isclass(thing):
        return [f".. autoclass:: {module}.{name}", "   :members:", *options]
    if callable(thing):
        return [f".. autofunction:: {module}.{name}", *options]
    keys = ", ".join(f"``{key}``" for key in thing) if isinstance(thing, dict) else ""
    return [f".. py:data:: {module}.{name}", "", f"   {keys}"]


def _table() -> Iterator[str]:
    yield from (
        "# The table of derivatives",
        "",
        "Every operation is one row: what it computes, and its derivative by each operand. All else follows from it: "
        "both engines, higher derivatives, the player, exports and tests. In the plots the value is a solid line, the "
        "derivative by $a$ dashed, the one by $b$ dotted; $\\mathit{out}$ is the value itself.",
        "",
    )
    for row in TABLE.values():
        yield from _row(row)


def _row(row: Op) -> Iterator[str]:
    arguments = ", ".join(row.operands)
    written = f"a {row.symbol} b" if len(row.operands) == 2 else f"{row.symbol}a"
    called = written if not row.symbol.isidentifier() and row.name != "abs" else f"{row.name}({arguments})"
    yield from (
        f"## {row.name}",
        "",
        "```{eval-rst}",
        f".. py:function:: autograd.{row.name}({arguments})",
        "",
        f"   ``{called}``",
    )
    if row.symbol.isidentifier():
        yield f"   , also a method of Values: ``a.{row.name}({', '.join(row.operands[1:])})``"
    yield from ("```", "", f"$$\\mathit{{out}} = {latex(row.formula)}$$", "")
    for operand, derivative in zip(row.operands, row.derivatives, strict=True):
        yield from (f"$$\\frac{{\\partial\\,\\mathit{{out}}}}{{\\partial {operand}}} = {latex(derivative)}$$", "")
    if row.domain != "True":
        yield from (f"Differentiable where ${latex(row.domain)}$.", "")
    yield from (plot(row), "")
    if len(row.operands) == 2:
        yield from (f"Plotted for $b = {OTHER.get(row.name, 1.0):g}$.", "")
