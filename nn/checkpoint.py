"""Models in files: one safetensors file holds the numbers, and how to build the model around them, and runs no code.

https://github.com/huggingface/safetensors
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from autograd.environment import write_atomically
from nn.modules import MLP, Module
from nn.optim import Optimizer

FORMAT = "stepgrad model 1"
SINGLE_NUMBERS = (".lr", ".steps")  # of an optimiser, or of each of its groups


def save(
    path: str | Path | Module,
    model: Module | str | Path,
    optimizer: Optimizer | None = None,
    notes: Mapping[str, Any] | None = None,
) -> None:
    """Write the model's parameters, the optimiser's state, and `notes` (anything that JSON can hold) into one file.

    `save(model, path)`, the order that PyTorch's users know, does the same. An interruption leaves the old file or the
    new one. Raises OSError if it can't be written, TypeError without a model.
    """
    if isinstance(path, Module):
        path, model = model, path
    if isinstance(path, Module) or not isinstance(model, Module):
        raise TypeError(f"save takes a path and a model, got {type(path).__name__} and {type(model).__name__}")
    from safetensors.numpy import save as to_bytes  # only here, because Python in a browser may be without it

    state = model.state_dict()
    about: dict[str, Any] = {"parameters": list(state), "notes": dict(notes or {})}
    if type(model) is MLP:  # and no subclass, which may compute something else
        about["mlp"] = {"n_in": model.n_in, "n_out": model.n_out, "activation": model.activation}
    arrays = {"parameters": np.array(list(state.values()))}
    if optimizer:
        arrays |= {f"optimizer.{name}": np.atleast_1d(x) for name, x in optimizer.state_dict().items()}
    write_atomically(path, to_bytes(arrays, {"format": FORMAT, "about": json.dumps(about)}))


@dataclass(frozen=True)
class Checkpoint:
    """What a file holds: `model` is built from it, or the one that was given to `load`."""

    model: Module
    notes: dict[str, Any]
    optimizer_state: dict[str, list[float] | float]


def load(path: str | Path, into: Module | None = None) -> Checkpoint:
    """Read what `save` wrote, into the model `into`, or into a new MLP of the shape that the file tells.

    Raises OSError if the file can't be read, and ValueError if it is broken, of a foreign format or of another shape;
    the model `into` is then as it was.

    >>> import tempfile
    >>> model = MLP(2, [3, 1], rng=0)
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     save(f"{folder}/model.safetensors", model)
    ...     again = load(f"{folder}/model.safetensors").model
    >>> again.state_dict() == model.state_dict()
    True
    """
    import safetensors

    Path(path).open("rb").close()  # whose errors are clearer
    try:
        with safetensors.safe_open(path, framework="numpy") as file:
            metadata = file.metadata() or {}
            if metadata.get("format") != FORMAT:
                raise ValueError(
                    f"{path} was not written by this library: its format is {metadata.get('format')!r}, not {FORMAT!r}"
                )
            arrays = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118 (it has no iterator)
    except safetensors.SafetensorError as error:
        raise ValueError(f"{path} is not a model file, or is broken: {error}") from None
    try:
        about = json.loads(metadata["about"])
        notes = dict(about["notes"])
        state = dict(zip(about["parameters"], arrays["parameters"].tolist(), strict=True))
        optimizer_state = {
            name.removeprefix("optimizer."): array.item() if name.endswith(SINGLE_NUMBERS) else array.tolist()
            for name, array in arrays.items()
            if name.startswith("optimizer.")
        }
        if not into and "mlp" not in about:
            raise ValueError("it is of no MLP")
        model = into or _mlp(**about["mlp"], n_parameters=len(state))
        written = about.get("mlp", {}).get("activation")
        if type(model) is MLP and written not in (None, model.activation):
            raise ValueError(f"its activation is {written!r}, not {model.activation!r}")
        model.load_state_dict(state)
    except (KeyError, TypeError, ValueError, RecursionError) as error:
        hint = "" if into else "; a model of your own is loaded with load(path, into=model)"
        raise ValueError(f"{path} does not fit the model: {error.args[0]}{hint}") from None
    return Checkpoint(model, notes, optimizer_state)


def _mlp(n_in: int, n_out: list[int], activation: str, n_parameters: int) -> MLP:
    expected = sum((n_from + 1) * n_to for n_from, n_to in zip([n_in, *n_out], n_out, strict=False))
    if expected != n_parameters:  # before anything of that size is built
        raise ValueError(
            f"a network of {n_in} inputs and layers of {n_out} has {expected} parameters, not {n_parameters}"
        )
    return MLP(n_in, n_out, activation)
