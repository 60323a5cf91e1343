"""The engines: the compiled `Value`, and which of the two is in use.

In comes the page: the table, and `value.py`, which says what is meant. Out goes the same `Value`, compiled where it
could be built. Every other wing takes `Value` and its functions from here. Its C is generated from the table
(`languages`).
"""

from autograd.contract import load_with
from autograd.engines.choice import (
    Value,
    apply,
    dot,
    engine,
    functions,
    grad,
    no_grad,
    sealed,
    topological_order,
    why_python,
)

__all__ = [
    "Value",
    "apply",
    "dot",
    "engine",
    "functions",
    "grad",
    "no_grad",
    "sealed",
    "topological_order",
    "why_python",
]

load_with(Value)
