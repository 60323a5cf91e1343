"""The contract: what the engine in plain Python and the compiled one have in common, besides the table.

In comes what a caller gives: a number, operands, the inputs of `grad`. Out go a float, a function of Values, or an
error that says what to do. It knows the table of derivatives, and neither of the engines.
"""

from autograd.contract.checks import check_variables
from autograd.contract.conversion import as_float, is_array, is_value, tuple_like
from autograd.contract.functions import function_of, shares_on_nodes
from autograd.contract.numpy_calls import answer_numpy_with, array_function, array_ufunc
from autograd.contract.pickling import load_with, loaded_leaf
from autograd.contract.sealing import RecordError, refusals, refuse_if_sealed, sealed

__all__ = [
    "RecordError",
    "answer_numpy_with",
    "array_function",
    "array_ufunc",
    "as_float",
    "check_variables",
    "function_of",
    "is_array",
    "is_value",
    "load_with",
    "loaded_leaf",
    "refusals",
    "refuse_if_sealed",
    "sealed",
    "shares_on_nodes",
    "tuple_like",
]
