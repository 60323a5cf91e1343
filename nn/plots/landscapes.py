"""The loss as a landscape above one or two weights, with the paths of gradient descent on it."""

import math
from collections.abc import Callable, Mapping
from itertools import cycle
from typing import TYPE_CHECKING, SupportsFloat

import numpy as np
from numpy.typing import ArrayLike, NDArray

from autograd import Value, no_grad
from nn.data import Floats
from nn.plots.naming import OFFSET, rooms_for
from nn.plots.style import COLORS, INK, ink_of, legible, panels, plain, quiet, write
from nn.plots.words import words_for

if TYPE_CHECKING:
    from matplotlib.axes import Axes

PATH_COLORS = [COLORS[i] for i in (5, 0, 2, 3, 1)]  # those that can be read on the slopes
_FAR = 5.0  # times the size of the axes: a step that goes further is drawn in its direction, and leaves the picture


def landscape(
    loss: Callable[..., SupportsFloat],
    ranges: Mapping[str, tuple[float, float]],
    paths: Mapping[str, ArrayLike] | None = None,
    ax: "Axes | None" = None,
) -> "Axes":
    """The loss as a function of one weight, a curve, or of two, a map with contour lines, pale where it is low.

    - `loss`: a function of one or two Values, as many as there are weights
    - `ranges`: the name of each weight and the lowest and highest number to draw
    - `paths`: the places that gradient descent came by, by name: shape n, or n x 2 for two weights. Each is drawn as
      dots with arrows from one to the next, its start as a larger dot, with its name beside it. A path ends where it is
      no longer finite; steps out of the ranges are cut off by the frame.

    Raises ValueError for other numbers of weights, and ranges or paths that can't be drawn.

    >>> from matplotlib.figure import Figure
    >>> ax = landscape(lambda w: (w - 1) ** 2, {"w": (-1, 3)}, {"rate 0.25": [-0.5, 0.25, 0.625]}, Figure().subplots())
    >>> ax.get_xlabel(), ax.get_ylabel()
    ('w', 'loss')
    """
    if len(ranges) not in (1, 2):
        raise ValueError(f"a landscape has one or two weights; got {len(ranges)} ranges")
    for name, (low, high) in ranges.items():
        if not -np.inf < low < high < np.inf:
            raise ValueError(f"the range of {name} goes from a number to a higher one; got {low} and {high}")
    tracks = [_track(name, path, len(ranges)) for name, path in (paths or {}).items()]
    ax = ax or panels()[0]
    if len(ranges) == 1:
        _draw_curve(ax, loss, *ranges.items())
        tracks = [np.column_stack([track, _heights(loss, track)]) for track in tracks]
    else:
        _draw_map(ax, loss, *ranges.items())
    finite = [track[: _until(np.isfinite(track))] for track in tracks]
    _draw_paths(ax, dict(zip(paths or {}, finite, strict=True)))
    return ax


def _track(name: str, path: ArrayLike, weights: int) -> Floats:
    points = np.asarray(path, dtype=np.float64)
    points = points[:, None] if points.ndim == 1 else points
    if points.ndim != 2 or points.shape[1] != weights:
        raise ValueError(f"the path {name!r} is a list of places, {weights} number(s) each; got shape {points.shape}")
    return points


@no_grad()
def _heights(loss: Callable[..., SupportsFloat], places: Floats) -> Floats:
    return np.array([float(loss(*map(Value, place))) for place in places.tolist()])


def _draw_curve(ax: "Axes", loss: Callable[..., SupportsFloat], weight: tuple[str, tuple[float, float]]) -> None:
    name, limits = weight
    places = np.linspace(*limits, 301)
    ax.plot(places, _heights(loss, places[:, None]), color=ink_of(ax), linewidth=1.5, zorder=1)
    words = words_for(ax)
    ax.set(xlim=limits, ylim=ax.get_ylim(), xlabel=plain(name), ylabel=words("loss"), title=words("Loss landscape"))
    quiet(ax)


def _draw_map(
    ax: "Axes",
    loss: Callable[..., SupportsFloat],
    across: tuple[str, tuple[float, float]],
    up: tuple[str, tuple[float, float]],
) -> None:
    from matplotlib.colors import LinearSegmentedColormap

    x, y = (np.linspace(*limits, 81) for _, limits in (across, up))
    grid = np.stack(np.meshgrid(x, y), axis=-1).reshape(-1, 2)
    heights = np.ma.masked_invalid(_heights(loss, grid).reshape(81, 81))
    lowest, highest = heights.min(), heights.max()
    if heights.count() == 0 or lowest == highest:
        raise ValueError("the loss is the same, or not finite, everywhere in the ranges: there is no landscape to draw")
    levels = lowest + (highest - lowest) * np.linspace(0, 1, 13) ** 2  # closer together in the valley
    levels[1:-1] = _round(levels[1:-1])
    slopes = LinearSegmentedColormap.from_list("slopes", ["#FFFFFF", "#9FB8CC"])
    ax.contourf(x, y, heights, levels=levels, cmap=slopes)
    lines = ax.contour(x, y, heights, levels=levels[1:-1], colors="#5B7488", linewidths=0.7)
    ax.clabel(lines, levels=levels[1:-1:2], fmt=_written, fontsize=8, colors=INK)
    title = words_for(ax)("Loss landscape")
    ax.set(xlim=across[1], ylim=up[1], xlabel=plain(across[0]), ylabel=plain(up[0]), title=title)


def _round(levels: Floats) -> Floats:
    """Each with as few digits as keep it well apart from its neighbours."""
    gap = np.diff(levels).min()
    places = 1 - math.floor(math.log10(gap)) if gap > 0 else 0
    return np.round(levels, places)


def _written(number: float) -> str:
    return f"{number:.6g}".replace("-", "\N{MINUS SIGN}")


def _draw_paths(ax: "Axes", tracks: Mapping[str, Floats]) -> None:
    corner, far_corner = np.transpose([ax.get_xlim(), ax.get_ylim()])
    size = far_corner - corner
    reached = {}
    colors = [legible(color, ax) for _, color in zip(tracks, cycle(PATH_COLORS), strict=False)]
    for (name, track), color in zip(tracks.items(), colors, strict=True):
        with np.errstate(over="ignore"):
            places, steps = (track - corner) / size, np.diff(track, axis=0)
            steps /= np.maximum(1, np.abs(steps / size).max(axis=1, initial=0) / _FAR)[:, None]
        near = _until(np.abs(places) < _FAR)
        (x, y), (right, up) = track[:near].T, steps[:near].T
        n = len(right)
        arrows = ax.quiver(
            x[:n], y[:n], right, up, angles="xy", scale_units="xy", scale=1, units="inches", width=0.023, color=color
        )
        arrows.set_zorder(3)
        ax.scatter(x, y, s=[70.0, *[14.0] * near][:near], color=color, linewidths=0, zorder=4)
        reached[name] = places[: near + 1]
    curve = np.concatenate([np.empty((0, 2)), *[(np.asarray(line.get_xydata()) - corner) / size for line in ax.lines]])
    box = ax.get_window_extent()
    rooms = rooms_for(reached, curve, (box.width / ax.figure.dpi, box.height / ax.figure.dpi))
    for name, color in zip(tracks, colors, strict=True):
        if name in rooms:
            place, side = rooms[name]
            write(ax, name, tuple(corner + place * size), tuple(side * OFFSET), color)


def _until(good: NDArray[np.bool_]) -> int:
    """How many rows are good in all columns before the first that is not."""
    bad = np.flatnonzero(~good.all(axis=1))
    return int(bad[0]) if len(bad) else len(good)
