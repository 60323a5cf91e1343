"""Doors out: a recorded function as a program for other languages and libraries.

In comes a recording, or a function and an example. Out go C, JavaScript, ONNX, formulas, and functions of PyTorch and
JAX; each foreign library is known in its own room only, and needed there only. All are one walk over the tape (`walk`),
with the formulas of the table: a new row works in all of them, or the error says in which it can't.
"""

from autograd.exports.c import to_c
from autograd.exports.javascript import to_javascript
from autograd.exports.jax import to_jax
from autograd.exports.onnx import to_onnx
from autograd.exports.sympy import to_latex, to_sympy
from autograd.exports.torch import to_torch

__all__ = ["to_c", "to_javascript", "to_jax", "to_latex", "to_onnx", "to_sympy", "to_torch"]
