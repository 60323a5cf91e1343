"""A run on images: those that the network gets wrong, and what it says of one that is drawn in the page.

They are of the validation rows, if there are any: those are the ones that the network has not seen.

An image is known by the names of its inputs, `pixel_ROW_COLUMN`, as those of `nn.data.digits`.
"""

import re
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nn.data import Dataset
from nn.modules import MLP
from nn.player.classes import classes_of
from nn.player.numbers import packed, scaling
from nn.training import Film

MOST_IMAGES = 1200
MOST_PARAMETERS = 10_000
_PIXEL = re.compile(r"pixel_(\d+)_(\d+)")


def images_of(film: Film, epochs: Sequence[int], dataset: Dataset | None) -> dict[str, Any] | None:
    """The images and the parameters after these epochs; None for a run on something else, or of another network."""
    pixels = [_PIXEL.fullmatch(name) for name in dataset.features] if dataset else []
    X, y = film.validation or (film.X, film.y)
    model, classes = film.model, classes_of(film, y)
    if not pixels or None in pixels or classes is None or type(model) is not MLP or model.n_out[-1] < 2:
        return None
    if len(film.snapshots[0]) > MOST_PARAMETERS:
        return None
    assert dataset
    places = [(int(pixel[1]), int(pixel[2])) for pixel in pixels if pixel]
    side = 1 + max(max(place) for place in places)
    slope, offset, constant = scaling(film.X, dataset.X)
    raw = np.where(slope != 0, (X - offset) / np.where(slope != 0, slope, 1), constant)
    low, high = raw.min(), raw.max()
    brightness = (raw - low) / (high - low or 1)
    some = np.unique(np.linspace(0, len(raw) - 1, min(len(raw), MOST_IMAGES)).astype(int))
    return {
        "kind": "images",
        "unseen": film.validation is not None,
        "side": side,
        "places": [row * side + column for row, column in places],
        "pixels": packed(np.rint(255 * brightness[some]).astype(np.uint8)),
        "classes": classes[some].tolist(),
        "scale": packed((slope * (high - low)).astype(np.float32)),
        "shift": packed((slope * low + offset).astype(np.float32)),
        "widths": [model.n_in, *model.n_out],
        "activation": model.activation,
        **_parameters(film, epochs),
    }


def _parameters(film: Film, epochs: Sequence[int]) -> dict[str, Any]:
    """All parameters after each epoch, as 16 bits between the lowest and the highest of them."""
    numbers: NDArray[Any] = np.nan_to_num(np.array([list(film.snapshots[epoch].values()) for epoch in epochs]))
    low, high = float(numbers.min()), float(numbers.max())
    codes = np.rint((numbers - low) / (high - low or 1) * 65535).astype(np.uint16)
    return {"parameters": packed(codes), "limits": [low, high]}
