"""Derivatives by the names that science knows: functions of functions, with the meanings of JAX and HIPS autograd.

In comes a function of numbers, lists, tuples, dicts or arrays, and where to differentiate it. Out go derivatives,
nested as the function's arguments and results are; or the functions that SciPy's solvers call. It knows the page, the
engine in use, and recordings. Reverse mode is the engine's `grad`, and forward mode a walk the other way with the same
formulas of the table.
"""

from autograd.derivatives.loops import Scan, scan
from autograd.derivatives.solvers import Problem, for_scipy
from autograd.derivatives.transforms import grad, hessian, hvp, jacobian, jvp, value_and_grad, vjp
from autograd.derivatives.vectors import parameters_to_vector, vector_to_parameters

__all__ = [
    "Problem",
    "Scan",
    "for_scipy",
    "grad",
    "hessian",
    "hvp",
    "jacobian",
    "jvp",
    "parameters_to_vector",
    "scan",
    "value_and_grad",
    "vector_to_parameters",
    "vjp",
]
