"""Micrograd's programs. For the GPT its Value gets the two functions that it lacks, written as its own are."""

import math
import sys

from micrograd import nn
from micrograd.engine import Value

from benchmarks import scalars
from benchmarks.scalars import Step

sys.setrecursionlimit(100_000)  # its walk over the graph is recursive


def expression() -> Step:
    return scalars.expression(Value)


def moons() -> Step:
    return scalars.moons(Value, nn)


def gpt() -> Step:
    Value.exp, Value.log = _exp, _log
    return scalars.gpt_step(Value)


gpt_recorded = gpt


def _exp(self: Value) -> Value:
    out = Value(math.exp(self.data), (self,), "exp")

    def _backward() -> None:
        self.grad += out.data * out.grad

    out._backward = _backward
    return out


def _log(self: Value) -> Value:
    out = Value(math.log(self.data), (self,), "log")

    def _backward() -> None:
        self.grad += out.grad / self.data

    out._backward = _backward
    return out
