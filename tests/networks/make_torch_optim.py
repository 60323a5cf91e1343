"""Writes `torch_optim.json`: what `torch.optim` does to two parameters, step by step, in every variant that we have.

Run once, where torch is installed: `python tests/networks/make_torch_optim.py`. The gradients come from a table, so
that the numbers depend on the update rules alone.
"""

import json
from pathlib import Path

TABLE = Path(__file__).with_name("torch_optim.json")
START = [1.5, -2.0]
GRADIENTS = [[0.5, -1.0], [1.0, 0.25], [-3.0, 0.0], [0.125, 1e-6], [2.0, 40.0], [0.0, 0.0], [-0.75, 1.0], [1.0, -2.0]]
VARIANTS: list[tuple[str, dict[str, object]]] = [
    ("SGD", {"lr": 0.1}),
    ("SGD", {"lr": 0.1, "weight_decay": 0.05}),
    ("SGD", {"lr": 0.1, "momentum": 0.9}),
    ("SGD", {"lr": 0.1, "momentum": 0.9, "dampening": 0.3, "weight_decay": 0.05}),
    ("SGD", {"lr": 0.1, "momentum": 0.9, "nesterov": True}),
    ("SGD", {"lr": 0.1, "momentum": 0.5, "nesterov": True, "weight_decay": 0.05}),
    ("SGD", {}),
    ("Adam", {}),
    ("Adam", {"lr": 0.1, "betas": [0.8, 0.99], "eps": 1e-3, "weight_decay": 0.1}),
    ("AdamW", {}),
    ("AdamW", {"lr": 0.1, "betas": [0.5, 0.9], "eps": 1e-3, "weight_decay": 0.1}),
]


def torch_steps(name: str, settings: dict[str, object]) -> list[list[float]]:
    """The parameters after each step."""
    import torch

    parameters = torch.tensor(START, dtype=torch.float64, requires_grad=True)
    optimizer = getattr(torch.optim, name)([parameters], **settings)
    steps = []
    for gradient in GRADIENTS:
        parameters.grad = torch.tensor(gradient, dtype=torch.float64)
        optimizer.step()
        steps.append(parameters.detach().tolist())
    return steps


if __name__ == "__main__":
    import torch

    rows = [{"optimizer": name, "settings": kw, "steps": torch_steps(name, kw)} for name, kw in VARIANTS]
    TABLE.write_text(json.dumps({"torch": torch.__version__, "rows": rows}, indent=1) + "\n")
