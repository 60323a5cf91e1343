"""An arm with joints reaches for a point: `python -m examples.arm`.

Where the hand is follows from the angles of the joints; which angles bring it to a point does not. Newton's method
walks there: the Jacobian says how the hand moves with each joint, and its pseudo-inverse which small turns move the
hand the right way (Whitney 1969).
"""

from itertools import accumulate
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from autograd import cos, sin
from autograd.derivatives import for_scipy
from examples.pictures import panels, save

if TYPE_CHECKING:
    from matplotlib.axes import Axes

Floats = NDArray[np.float64]
LENGTHS = (1.0, 0.8, 0.6, 0.4)


def hand(angles: list[Any], lengths: tuple[float, ...] = LENGTHS) -> list[Any]:
    """Where the hand is: each joint turns what hangs on it."""
    turned = list(accumulate(angles))
    across = [length * cos(angle) for length, angle in zip(lengths, turned, strict=True)]
    up = [length * sin(angle) for length, angle in zip(lengths, turned, strict=True)]
    return [sum(across[1:], across[0]), sum(up[1:], up[0])]


def reach(
    target: Floats, angles: Floats, lengths: tuple[float, ...] = LENGTHS, steps: int = 50, longest: float = 0.4
) -> list[Floats]:
    """The angles on the way to the target, no step moving the hand farther than `longest`."""
    arm = for_scipy(lambda x: hand(x, lengths), angles)
    way = [angles]
    for _ in range(steps):
        missing = target - arm.fun(way[-1])
        distance = np.linalg.norm(missing)
        if distance < 1e-12:
            break
        way.append(way[-1] + np.linalg.pinv(arm.jac(way[-1])) @ missing * min(1.0, longest / distance))
    return way


def elbow(target: Floats, lengths: tuple[float, float]) -> float:
    """The angle of the elbow of an arm with two joints, by the law of cosines."""
    a, b = lengths
    return float(np.arccos((target @ target - a * a - b * b) / (2 * a * b)))


def picture(target: Floats, way: list[Floats]) -> "Axes":
    """The arm in all its poses."""
    (ax,) = panels(width=5.0, height=4.4)
    for i, angles in enumerate(way):
        turned = np.cumsum(angles)
        joints = np.cumsum([[0.0, 0.0], *zip(LENGTHS * np.cos(turned), LENGTHS * np.sin(turned), strict=True)], axis=0)
        last = i == len(way) - 1
        ax.plot(*joints.T, "o-", color="#0072B2", alpha=1 if last else 0.15, markersize=4)
    ax.plot(*target, "x", color="#D55E00", markersize=10, markeredgewidth=2)
    ax.set_aspect("equal")
    ax.set_title("each step, and where it ends")
    return ax


def main() -> None:
    target = np.array([-0.9, 1.3])
    way = reach(target, np.array([0.3, 0.3, 0.3, 0.3]))
    missing = target - [x.data for x in hand(list(way[-1]))]
    print(f"{len(way) - 1} steps; the hand is {np.linalg.norm(missing):.1e} from the target")
    two = reach(np.array([0.9, 0.7]), np.array([0.1, 0.5]), lengths=(1.0, 0.8))[-1]
    print(f"two joints: elbow {two[1]:.9f}, by the law of cosines {elbow(np.array([0.9, 0.7]), (1.0, 0.8)):.9f}")
    save(picture(target, way), "arm")


if __name__ == "__main__":
    main()
