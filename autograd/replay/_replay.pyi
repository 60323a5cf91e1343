from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from autograd.replay.arrays import Leaves as Leaves
from autograd.replay.arrays import all_finite as all_finite
from autograd.replay.planning import Plan
from autograd.replay.structure import Column

def use_kernels(name: str | None = None) -> str: ...
def available_kernels() -> list[str]: ...

class Program:
    plan: Plan
    lanes: int
    bytes: int
    def __init__(self, plan: Plan) -> None: ...
    def is_current(self) -> bool: ...
    def make_room_for_lanes(self) -> None: ...
    def pieces(self, rows: int, threads: int, with_gradients: bool) -> int: ...
    def run(
        self,
        arrays: Sequence[Any],
        seed: float,
        outputs: Column | None = None,
        input_gradients: Column | None = None,
        weights: Column | None = None,
        threads: int = 1,
    ) -> tuple[float, NDArray[np.float64]]: ...

class Step:
    def __init__(self, loss: Program, rule: Program, state: Column, parameters: Leaves) -> None: ...
    def serves(self, parameters: Leaves) -> bool: ...
    def take(self, arrays: Sequence[Any], threads: int = 1) -> float: ...
    def again(self, arrays: tuple[Any, ...], threads: int = 1) -> float | None: ...
