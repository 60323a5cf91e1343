"""Where there is room for the names of paths: beside one of their places, away from all that is drawn.

Places are pairs of shares of the width and the height of the axes.
"""

from collections.abc import Mapping

import numpy as np

from nn.data import Floats

OFFSET = np.array([9.0, 10.0])  # from a place to its name, in printer's points
_LETTER = np.array([3.0, 6.0])  # half a letter of the usual size, in printer's points
_CORNERS = np.array([[1, 1], [-1, 1], [1, -1], [-1, -1]])
_CLEAR, _LONELY = 0.02, 0.15  # distances that suffice: from all lines, and from other paths


def rooms_for(
    paths: Mapping[str, Floats], curve: Floats, size: tuple[float, float]
) -> dict[str, tuple[Floats, Floats]]:
    """For each path the place beside which its name stands, and the signs of the name's offset from there.

    - `paths`: the places of each path, n x 2; a path that is nowhere within the axes gets no name
    - `curve`: points of what else is drawn; `size`: width and height of the axes in inches

    Names keep within the axes and off all lines and other names, as far as they can, and rather far from other paths.
    """
    point = 1 / 72 / np.asarray(size)
    lines = {name: _points_between(places) for name, places in paths.items()}
    taken = curve
    rooms = {}
    for name, places in paths.items():
        places = places[((places >= 0) & (places <= 1)).all(axis=1)]
        if not len(places):
            continue
        beside = np.repeat(places, len(_CORNERS), axis=0)
        corners = np.tile(_CORNERS, (len(places), 1))
        half = _LETTER * [len(name), 1] * point
        middles = beside + corners * (OFFSET * point + half * [1, 0])
        within = ((middles - half >= 0) & (middles + half <= 1)).all(axis=1)
        others = np.concatenate([np.empty((0, 2)), *[lines[other] for other in lines if other != name]])
        clear = _clearance(middles, half, np.concatenate([taken, *lines.values()]))
        lonely = _clearance(middles, half, others)
        merit = 10.0 * within + 2 * np.minimum(clear / _CLEAR, 1) + np.minimum(lonely / _LONELY, 1)
        best = np.round(merit, 6).argmax()  # the first of equally good ones
        rooms[name] = beside[best], corners[best]
        ends = middles[best] + half * [[-1, 0], [1, 0]]
        taken = np.concatenate([taken, _points_between(ends)])
    return rooms


def _points_between(places: Floats) -> Floats:
    """Points on the straight lines from place to place."""
    shares = np.linspace(0, 1, 9)[:, None, None]
    between = (places[:-1] + shares * np.diff(places, axis=0)).reshape(-1, 2)
    return np.concatenate([places, between])


def _clearance(middles: Floats, half: Floats, points: Floats) -> Floats:
    """How far each box is from the nearest point; negative for boxes that have points inside."""
    distances: Floats = (np.abs(middles[:, None] - points[None]) - half).max(axis=-1).min(axis=1, initial=np.inf)
    return distances
