"""What is timed, who takes part, and how much faster than each of them it must be."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field

OURS = "stepgrad"
MODULES = {
    "stepgrad": "benchmarks.with_stepgrad",
    "micrograd": "benchmarks.with_micrograd",
    "xad": "benchmarks.with_xad",
    "torch": "benchmarks.with_torch",
    "torch, tuned": "benchmarks.with_torch_tuned",
    "jax": "benchmarks.with_jax",
    "numpy": "benchmarks.with_numpy",
}

GALLERY_MODULES = {name: f"benchmarks.gallery.with_{name}" for name in (OURS, "jax", "torch", "casadi")}
THREADS = {OURS: "benchmarks.threads.with_two", "one thread": "benchmarks.threads.with_one"}


@dataclass(frozen=True)
class Work:
    """One piece of work.

    A library's program for it is the function called `program`, or else `name`, in the library's module, with these
    `arguments`.

    - `at_least`: the peers that take part, and how many times their time ours must fit into; 0: however often it does
    - `at_most`: the seconds that it may take us
    - `modules`: of the libraries' programs
    """

    name: str
    title: str
    at_least: Mapping[str, float] = field(default_factory=dict)
    at_most: float = math.inf
    modules: Mapping[str, str] = field(default_factory=lambda: MODULES)
    program: str = ""
    arguments: tuple[int, ...] = ()

    @property
    def libraries(self) -> tuple[str, ...]:
        return (OURS, *self.at_least)


def _of_network(name: str, *widths: int) -> Work:
    title, at_least = f"MLP {'-'.join(map(str, widths))}, 128 rows, recorded", {"numpy": 1, "torch": 1}
    return Work(name, title, at_least, program="network", arguments=(128, *widths))


def _of_points(rows: int, ratio: float) -> Work:
    title, at_least = f"moons' loss, {rows:,} rows, two threads", {"one thread": ratio}
    return Work(f"rows_{rows}", title, at_least, modules=THREADS, program="points", arguments=(rows,))


WORKS = (
    Work("expression", "expression of 9 nodes, and its gradient", {"micrograd": 30, "xad": 0}),
    Work("moons", "moons, node by node", {"micrograd": 150, "xad": 9}),
    Work("gpt", "scalar GPT, node by node", {"micrograd": 15}),
    Work("moons_recorded", "moons, recorded", {"torch": 30, "torch, tuned": 30, "jax": 3, "numpy": 4.5}),
    Work("digits_batch", "digits, 32 rows, recorded", {"torch": 12, "torch, tuned": 12, "jax": 1.8, "numpy": 0}),
    Work("digits_all", "digits, 1797 rows, recorded", {"torch": 2, "jax": 0, "numpy": 0}),
    Work("gpt_recorded", "scalar GPT, recorded", {"micrograd": 1500}),
    Work("curvature", "loss with y'' of 1-16-16-1, and its gradient", {"jax": 2, "torch": 5}, modules=GALLERY_MODULES),
    Work("heston", "Heston's option, 7 greeks", {"jax": 3, "torch": 2, "casadi": 10}, modules=GALLERY_MODULES),
    _of_network("wide_layer", 784, 128, 10),
    _of_network("wide_layers", 784, 512, 256, 10),
    *map(_of_points, (100, 1000, 10**4, 10**5, 10**6), (0.97, 1.3, 1.8, 1.9, 1.9)),
    Work("record_moons", "recording moons' loss, once", at_most=0.030),
)


def _of_gallery(name: str, title: str, *peers: str) -> Work:
    return Work(name, title, dict.fromkeys(peers, 0.0), modules=GALLERY_MODULES)


GALLERY = (
    _of_gallery("option", "greeks of an option, 100,000 futures", "jax", "torch", "casadi"),
    _of_gallery("pendulum", "pendulum, Jacobian 120 x 4", "jax", "torch", "casadi"),
    _of_gallery("orbit", "orbit, 2000 steps and the way back", "jax", "torch", "casadi"),
    _of_gallery("curve", "curve, with its Hessian", "jax", "torch", "casadi"),
    _of_gallery("arm", "arm, Jacobian 2 x 4", "jax", "torch", "casadi"),
    _of_gallery("equation", "equation by a network, gradient", "jax", "torch", "casadi"),
    _of_gallery("sampling", "Hamiltonian slide of 400 chains", "jax", "torch", "casadi"),
    _of_gallery("memory", "LSTM, 64 signals of 20, gradient", "jax", "torch"),
    _of_gallery("convolution", "convolution, 50 images, gradient", "jax", "torch"),
    _of_gallery("balance", "policy gradient of 1000 pushes", "jax", "torch"),
)
