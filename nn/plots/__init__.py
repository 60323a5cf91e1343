"""Pictures of training, by matplotlib (`pip install "stepgrad[plot]"`).

Each function draws into the axes that it is given, or into new ones, and returns them; none shows them, or changes a
setting of matplotlib's. New axes are dark on white paper, which reads in print and on a dark page; colours are those of
Okabe and Ito (2008), which colour-blind people can tell apart. Names are shown as they are, whatever is in them.
"""

from nn.plots.boundary import decision_boundary
from nn.plots.curves import loss_curve, range_test
from nn.plots.evaluation import calibration_curve, confusion_matrix, importance, predicted_against_true
from nn.plots.landscapes import landscape
from nn.plots.layers import activation_histograms, gradient_histograms
from nn.plots.network import network_gradients
from nn.plots.style import COLORS, panels

__all__ = [
    "COLORS",
    "activation_histograms",
    "calibration_curve",
    "confusion_matrix",
    "decision_boundary",
    "gradient_histograms",
    "importance",
    "landscape",
    "loss_curve",
    "network_gradients",
    "panels",
    "predicted_against_true",
    "range_test",
]
