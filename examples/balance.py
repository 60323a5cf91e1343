"""A cart learns to balance a pole, from nothing but how long it stood: `python -m examples.balance`.

Thirty carts at a time try their luck. A push that was followed by a long time upright is made more likely, and one
that was followed by a short time less: each log-probability is weighted by what came after it (Williams 1992,
REINFORCE). The cart is that of Barto, Sutton and Anderson (1983).
"""

from typing import TYPE_CHECKING, cast

import numpy as np
from numpy.typing import NDArray

from autograd import Value, record, softplus
from examples.pictures import panels, save
from nn import MLP
from nn.optim import Adam

if TYPE_CHECKING:
    from matplotlib.axes import Axes

Floats = NDArray[np.float64]
LONGEST = 200


def moved(state: Floats, right: NDArray[np.bool_]) -> Floats:
    """Place, speed, angle and turning speed of each cart 0.02 s later, pushed to the right or to the left."""
    place, speed, angle, turn = state.T
    push = np.where(right, 10.0, -10.0)
    pull = (push + 0.05 * turn**2 * np.sin(angle)) / 1.1
    faster = (9.8 * np.sin(angle) - np.cos(angle) * pull) / (0.5 * (4 / 3 - 0.1 * np.cos(angle) ** 2 / 1.1))
    ahead = pull - 0.05 * faster * np.cos(angle) / 1.1
    return np.stack([place + 0.02 * speed, speed + 0.02 * ahead, angle + 0.02 * turn, turn + 0.02 * faster], axis=1)


def upright(state: Floats) -> NDArray[np.bool_]:
    """Which carts are on the track, with a pole that stands."""
    stands: NDArray[np.bool_] = (abs(state[:, 0]) < 2.4) & (abs(state[:, 2]) < np.radians(12))
    return stands


class Learner:
    """A network that says how much it would like to push to the right, and what is learnt of its tries."""

    def __init__(self, width: int = 8, seed: int = 0) -> None:
        self.random = np.random.default_rng(seed)
        self.model = MLP(4, [width, 1], activation="tanh", rng=seed)
        self.liking = record(self.model, [0.0] * 4)
        self.surprise = record(self._surprise, [0.0] * 4, 1.0)
        self.optimizer = Adam(self.model.parameters(), lr=0.02)

    def _surprise(self, state: list[Value], side: Value) -> Value:
        """-log of the probability of a push: to the right where the side is 1, to the left where it is -1."""
        return softplus(-side * cast(Value, self.model(state)))

    def tries(self, carts: int) -> tuple[Floats, Floats, Floats]:
        """What the carts met and did, side by side, and for how long each push was followed by an upright pole."""
        state = self.random.uniform(-0.05, 0.05, size=(carts, 4))
        standing = np.ones(carts, dtype=bool)
        met: list[Floats] = []
        sides: list[Floats] = []
        alive: list[NDArray[np.bool_]] = []
        while standing.any() and len(met) < LONGEST:
            right = self.random.random(carts) < 1 / (1 + np.exp(-self.liking(state)))
            met.append(state)
            sides.append(np.where(right, 1.0, -1.0))
            alive.append(standing)
            state = np.where(standing[:, None], moved(state, right), state)
            standing = standing & upright(state)
        stood = np.array(alive, dtype=float)
        return np.array(met), np.array(sides), stood * stood[::-1].cumsum(axis=0)[::-1]

    def learn(self, carts: int = 30) -> float:
        """One step on so many tries: how long they stood on average."""
        met, sides, after = self.tries(carts)
        happened = after > 0
        gains = (after[happened] - after[happened].mean()) / after[happened].std()
        self.model.zero_grad()
        self.surprise.backward(met[happened], sides[happened], weights=gains / len(gains), reduction="sum")
        self.optimizer.step()
        return float(after[0].mean())


def picture(times: list[float]) -> "Axes":
    """How long the pole stood, try by try."""
    (ax,) = panels(height=3.2)
    ax.plot(range(1, len(times) + 1), times, color="#0072B2")
    ax.axhline(LONGEST, color="#777777", linestyle="--", linewidth=1)
    ax.set_xlabel("rounds of thirty tries")
    ax.set_ylabel("steps upright")
    return ax


def main(rounds: int = 80) -> None:
    learner = Learner()
    times = [learner.learn() for _ in range(rounds)]
    print(f"upright for {times[0]:.0f} steps at first, {np.mean(times[-5:]):.0f} of {LONGEST} at last")
    save(picture(times), "balance")


if __name__ == "__main__":
    main()
