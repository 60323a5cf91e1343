"""Where the examples leave their pictures: `out/NAME.png`."""

from pathlib import Path
from typing import TYPE_CHECKING

from nn.plots import panels

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["panels", "save"]


def save(ax: "Axes", name: str, folder: Path | str = "out") -> Path:
    """Save the figure of these axes, and say where."""
    from matplotlib import pyplot

    path = Path(folder) / f"{name}.png"
    path.parent.mkdir(parents=True, exist_ok=True)
    ax.figure.savefig(path, dpi=100)  # type: ignore[union-attr]
    pyplot.close(ax.figure)  # type: ignore[arg-type]
    print(f"picture: {path}")
    return path
