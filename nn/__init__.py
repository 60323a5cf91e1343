"""Neural networks made of scalars: modules, losses, optimisers, training, data, and model files."""

from nn import data, losses, optim, schedules
from nn.checkpoint import load, save
from nn.exchange import from_torch
from nn.modules import MLP, Layer, Module, Neuron
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
    "History",
    "Layer",
    "Module",
    "Neuron",
    "accuracy",
    "activations",
    "data",
    "fit",
    "from_torch",
    "gradients",
    "load",
    "losses",
    "lr_range_test",
    "optim",
    "predict",
    "predict_class",
    "save",
    "schedules",
    "train_player",
]
