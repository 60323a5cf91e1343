"""What happened in a training run."""

import json
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

from autograd.environment import write_atomically
from nn.training.film import Film


@dataclass
class History:
    """What happened in each epoch, and why the run ended before its last epoch (`stopped`, else empty).

    - `loss`: the mean over the epoch's examples, each measured just before the step that it took part in
    - `validation_loss`: after the epoch; empty without validation data
    - `learning_rate`: of the epoch's last step
    - `film`: the parameters before and after each epoch, for `nn.train_player`, if `fit` was asked to keep them; since
      the checkpoint, of a run that went on from one
    """

    loss: list[float] = field(default_factory=list)
    validation_loss: list[float] = field(default_factory=list)
    learning_rate: list[float] = field(default_factory=list)
    stopped: str = ""
    film: Film | None = field(default=None, repr=False)

    def __repr__(self) -> str:
        count = len(self.loss)
        said = [f"{count} epoch{'s' * (count != 1)}"]
        for name, losses in (("loss", self.loss), ("validation loss", self.validation_loss)):
            if losses:
                said.append(f"{name} {losses[0]:.4g} -> {losses[-1]:.4g}")
        return f"<History: {', '.join([*said, *filter(None, [self.stopped])])}>"

    def numbers(self) -> dict[str, Any]:
        """All but the film, as JSON takes it."""
        numbers = asdict(replace(self, film=None))
        del numbers["film"]
        return numbers

    def save(self, path: str | Path) -> None:
        """Write it as JSON, without the film."""
        write_atomically(path, json.dumps(self.numbers(), indent=1).encode())
