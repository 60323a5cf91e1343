"""Modules: they own parameters, and compute with them scalar by scalar."""

from nn.modules.arguments import Inputs, Output, Seed
from nn.modules.module import Module, evaluating
from nn.modules.perceptron import MLP, Layer, Neuron
from nn.modules.sequence import Dropout, LayerNorm, Sequential
from nn.modules.summary import summary

__all__ = [
    "MLP",
    "Dropout",
    "Inputs",
    "Layer",
    "LayerNorm",
    "Module",
    "Neuron",
    "Output",
    "Seed",
    "Sequential",
    "evaluating",
    "summary",
]
