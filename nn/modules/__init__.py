"""Modules: they own parameters, and compute with them scalar by scalar.

In come numbers or Values, and seeds for first weights. Out go Values. A module knows the engine, and nothing of losses
or of training, but that something may be dropped in it.
"""

from nn.modules.arguments import Inputs, Output, Seed, generator_of
from nn.modules.module import Module, evaluating
from nn.modules.overview import summary
from nn.modules.perceptron import MLP, Layer, Neuron
from nn.modules.sequence import Dropout, LayerNorm, Sequential

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
    "generator_of",
    "summary",
]
