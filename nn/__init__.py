"""Neural networks made of scalars: modules, losses, optimisers, training, data, and model files."""

from nn import data, init, losses, optim, schedules
from nn.checkpoint import load, save
from nn.exchange import from_torch
from nn.modules import MLP, Dropout, Layer, LayerNorm, Module, Neuron, Sequential, summary
from nn.player import train_player
from nn.training import (
    DivergenceWarning,
    History,
    accuracy,
    activations,
    fit,
    gradients,
    lr_range_test,
    predict,
    predict_class,
)

__all__ = [
    "MLP",
    "DivergenceWarning",
    "Dropout",
    "History",
    "Layer",
    "LayerNorm",
    "Module",
    "Neuron",
    "Sequential",
    "accuracy",
    "activations",
    "data",
    "fit",
    "from_torch",
    "gradients",
    "init",
    "load",
    "losses",
    "lr_range_test",
    "optim",
    "predict",
    "predict_class",
    "save",
    "schedules",
    "summary",
    "train_player",
]
