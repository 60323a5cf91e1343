"""A recording as an ONNX model, which other runtimes and other languages load; with the gradient if asked.

https://onnx.ai/onnx/operators/
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from autograd.exports.walk import gradients, numbers, tape_of
from autograd.languages import said_in
from autograd.ops import TABLE, Op
from autograd.replay import Tape

_OPSET = 17
_OPERATORS = {
    "+": "Add",
    "-": "Sub",
    "*": "Mul",
    "/": "Div",
    "and": "And",
    "or": "Or",
    "<": "Less",
    "<=": "LessOrEqual",
    ">": "Greater",
    ">=": "GreaterOrEqual",
    "==": "Equal",
}
_CAPITALISED = (
    "exp log sqrt sin cos tan asin acos atan sinh cosh tanh asinh acosh atanh sigmoid softplus relu abs sign floor "
    "pow erf"
)
_FUNCTIONS = {name: name.capitalize() for name in _CAPITALISED.split()} | {"maximum": "Max", "minimum": "Min"}
# What ONNX lacks, said with what it has. Infinities of one size have the quotient 1, and what is nan stays nan.
_QUOTIENT = "(sign(a) * sign(b) if abs(a) == abs(b) else a / b)"
_LARGER = "maximum(abs(a), abs(b))"
_SHARE = f"(1 if abs(a) == abs(b) else minimum(abs(a), abs(b)) / {_LARGER})"
_FORMULAS = {
    "expm1": "tanh(0.5 * a) * (exp(a) + 1)",
    "log1p": "2 * atanh(a / (a + 2)) if abs(a) < 0.5 else log(1 + a)",
    "cbrt": "pow(a, 0.3333333333333333) if a >= 0 else -pow(-a, 0.3333333333333333)",
    "erfc": "1 - erf(a)",
    "hypot": f"{_LARGER} * sqrt(1 + {_SHARE} * {_SHARE})",
    "atan2": f"atan({_QUOTIENT}) + (0 if b > 0 else 3.141592653589793 if a >= 0 else -3.141592653589793) if b != 0 "
    "else b + (1.5707963267948966 if a > 0 else -1.5707963267948966 if a < 0 else a)",
}


def to_onnx(function: Callable[..., Any], *example: Any, gradient: bool = False, dtype: str = "float32") -> Any:
    """`function`, a recording or what can be recorded on `example`, as an `onnx.ModelProto`.

    - inputs: `x`, of shape rows x numbers: the arguments' numbers side by side, in their order
    - outputs: `y`, of shape rows, or rows x values if the function returns several; with `gradient`, also
      `parameter_gradient`, that of the mean over the rows, and `input_gradient`, of shape rows x numbers
    - the parameters are one initializer, `parameters`, in the order of `Recording.parameters`

    Numbers are of `dtype`, "float32" or "float64"; some runtimes have few functions in 64 bits. ONNX has no log1p,
    expm1, hypot, cbrt, erfc and atan2: they are composed, and are less exact than in the table far from 1.

    Raises ModuleNotFoundError without onnx, ValueError for another dtype, a function without arguments, or a gradient
    of several outputs.
    """
    try:
        import onnx
    except ModuleNotFoundError:
        raise ModuleNotFoundError('to_onnx needs onnx: pip install "stepgrad[onnx]"', name="onnx") from None
    if dtype not in ("float32", "float64"):
        raise ValueError(f"dtype is 'float32' or 'float64', got {dtype!r}")
    tape = tape_of(function, example)
    if not tape.first_leaf:
        raise ValueError("the function has no arguments, so there are no rows")
    graph = _Graph(onnx, np.dtype(dtype))
    outputs = _outputs(graph, tape, gradient)
    kind = onnx.helper.np_dtype_to_tensor_dtype(np.dtype(dtype))
    model = onnx.helper.make_model(
        onnx.helper.make_graph(
            graph.nodes,
            "stepgrad",
            [onnx.helper.make_tensor_value_info("x", kind, ["rows", tape.first_leaf])],
            [onnx.helper.make_tensor_value_info(name, kind, shape) for name, shape in outputs.items()],
            graph.used_initializers(),
        ),
        opset_imports=[onnx.helper.make_opsetid("", _OPSET)],
        producer_name="stepgrad",
        ir_version=8,
    )
    onnx.checker.check_model(model, full_check=True)
    return model


def _outputs(graph: "_Graph", tape: Tape, gradient: bool) -> dict[str, list[str | int]]:
    """Write the whole graph: the names of its outputs, with their shapes."""
    inputs = graph.split("x", tape.first_leaf, axis=1)
    start = np.array([leaf.data for leaf in tape.parameters])
    parameters = iter(graph.split(graph.initializer(start, "parameters"), len(start), axis=0) if len(start) else ())
    leaves = [
        next(parameters) if is_parameter else graph.number(leaf.data)
        for leaf, is_parameter in zip(tape.leaves, tape.is_parameter, strict=True)
    ]
    found = numbers(tape, [*inputs, *leaves], graph)
    results = [graph.column(found[i]) for i in tape.outputs]
    if tape.several:
        graph.node("Concat", results, output="y", axis=1)
    else:
        graph.node("Squeeze", [results[0], graph.integers([1])], output="y")
    shapes: dict[str, list[str | int]] = {"y": ["rows", len(results)] if tape.several else ["rows"]}
    if gradient:
        derivatives = gradients(tape, found, graph.number(1.0), graph)
        zero = graph.number(0.0)
        by_inputs = [graph.column(derivatives.get(i, zero)) for i in range(tape.first_leaf)]
        graph.node("Concat", by_inputs, output="input_gradient", axis=1)
        shapes["input_gradient"] = ["rows", tape.first_leaf]
        if tape.parameters:
            by_parameters = [graph.column(derivatives.get(i, zero)) for i in tape.parameter_numbers]
            together = graph.node("Concat", by_parameters, axis=1)
            graph.node("ReduceMean", [together], output="parameter_gradient", axes=[0], keepdims=0)
            shapes["parameter_gradient"] = [len(tape.parameters)]
    return shapes


class _Graph:
    """The nodes so far; a number is the name of a tensor, of shape rows x 1, or 1 if it is the same for all rows."""

    def __init__(self, onnx: Any, dtype: np.dtype[Any]) -> None:
        self._onnx, self._dtype = onnx, dtype
        self.nodes: list[Any] = []
        self.initializers: list[Any] = []
        self._constants: dict[str, str] = {}

    def node(self, kind: str, inputs: Sequence[str], output: str = "", **attributes: Any) -> str:
        output = output or f"t{len(self.nodes)}"
        self.nodes.append(self._onnx.helper.make_node(kind, list(inputs), [output], **attributes))
        return output

    def initializer(self, array: np.ndarray[Any, Any], name: str) -> str:
        kept = array if array.dtype == np.int64 else array.astype(self._dtype)
        self.initializers.append(self._onnx.numpy_helper.from_array(kept, name))
        return name

    def used_initializers(self) -> list[Any]:
        used = {name for node in self.nodes for name in node.input}
        return [array for array in self.initializers if array.name in used]

    def integers(self, wanted: Sequence[int]) -> str:
        name = f"integers_{'_'.join(map(str, wanted))}"
        return self.initializer(np.array(wanted, dtype=np.int64), name)

    def split(self, tensor: str, count: int, axis: int) -> list[str]:
        """The tensor's columns, or its numbers."""
        parts = [f"{tensor}{i}" for i in range(count)]
        sizes = self.initializer(np.ones(count, dtype=np.int64), f"ones_of_{tensor}")
        self.nodes.append(self._onnx.helper.make_node("Split", [tensor, sizes], parts, axis=axis))
        return parts

    def column(self, number: str) -> str:
        """The number for every row, of shape rows x 1."""
        if "rows" not in self._constants:
            self._constants["rows"] = self.node("Shape", ["x0"])
        return self.node("Expand", [number, self._constants["rows"]])

    # The language of formulas

    def said(self, op: Op, formula: str, operands: Mapping[str, str]) -> str:
        if formula is op.formula and op.name in _FUNCTIONS | _FORMULAS and TABLE.get(op.name) is op:
            return self.call(op.name, list(operands.values()))
        return said_in(self, formula, operands)

    def number(self, x: float) -> str:
        key = x.hex()
        if key not in self._constants:
            self._constants[key] = self.initializer(np.array([x]), f"number{len(self._constants)}")
        return self._constants[key]

    def negative(self, a: str) -> str:
        return self.node("Neg", [a])

    def operator(self, symbol: str, a: str, b: str) -> str:
        if symbol == "!=":
            return self.node("Not", [self.node("Equal", [a, b])])
        if symbol == "/" and a == self.number(1.0):  # onnxruntime 1.32 breaks a graph when it fuses 1 / b * c
            return self.node("Reciprocal", [b])
        if symbol == "*" and a == self.number(1.0):
            return b
        return self.node(_OPERATORS[symbol], [a, b])

    def choose(self, test: str, a: str, b: str) -> str:
        return self.node("Where", [test, a, b])

    def call(self, name: str, arguments: Sequence[str]) -> str:
        if name in _FUNCTIONS:
            return self.node(_FUNCTIONS[name], arguments)
        row = TABLE[name]
        return said_in(self, _FORMULAS.get(name, row.formula), dict(zip(row.operands, arguments, strict=True)))
