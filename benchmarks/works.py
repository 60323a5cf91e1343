"""What is timed, who takes part, and how much faster than each of them it must be."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Work:
    """One piece of work. A library's program for it is the function called `name` in the library's module.

    - `at_least`: the peers that take part, and how many times their time ours must fit into; 0: however often it does
    - `at_most`: the seconds that it may take us
    """

    name: str
    title: str
    at_least: Mapping[str, float] = field(default_factory=dict)
    at_most: float = math.inf

    @property
    def libraries(self) -> tuple[str, ...]:
        return (OURS, *self.at_least)


OURS = "stepgrad"
MODULES = {  # of a library's programs
    "stepgrad": "benchmarks.with_stepgrad",
    "micrograd": "benchmarks.with_micrograd",
    "xad": "benchmarks.with_xad",
    "torch": "benchmarks.with_torch",
    "torch, tuned": "benchmarks.with_torch_tuned",
    "jax": "benchmarks.with_jax",
    "numpy": "benchmarks.with_numpy",
}

WORKS = (
    Work("expression", "expression of 9 nodes, and its gradient", {"micrograd": 30, "xad": 0}),
    Work("moons", "moons, node by node", {"micrograd": 150, "xad": 9}),
    Work("gpt", "scalar GPT, node by node", {"micrograd": 15}),
    Work("moons_recorded", "moons, recorded", {"torch": 30, "torch, tuned": 30, "jax": 3, "numpy": 4.5}),
    Work("digits_batch", "digits, 32 rows, recorded", {"torch": 12, "torch, tuned": 12, "jax": 1.8, "numpy": 0}),
    Work("digits_all", "digits, 1797 rows, recorded", {"torch": 2, "jax": 0, "numpy": 0}),
    Work("gpt_recorded", "scalar GPT, recorded", {"micrograd": 1500}),
    Work("record_moons", "recording moons' loss, once", at_most=0.030),
)
