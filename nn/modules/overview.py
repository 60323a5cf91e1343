"""A network in one small table: its layers, and how many parameters each has."""

from nn.modules.module import Module


def summary(model: Module) -> str:
    """A line for each layer, or for whatever Modules a model of one's own is made of, to print.

    >>> from nn import MLP
    >>> print(summary(MLP(2, [16, 1], rng=0)))
    layer                                         parameters
    Layer of 16 x Neuron(2, activation='relu')            48
    Layer of 1 x Neuron(16, activation='linear')          17
    all                                                   65
    """
    rows = [(repr(part), f"{len(part.parameters()):,}") for part in _parts(model)]
    rows.append(("all", f"{len(model.parameters()):,}"))  # once each, also where layers share them
    width = max(len(text) for text, _ in rows)
    return "\n".join([f"{text:<{width}}  {n:>10}" for text, n in [("layer", "parameters"), *rows]])


def _parts(model: Module) -> list[Module]:
    """The Modules that stand directly in it."""
    members = [x for m in vars(model).values() for x in (m if isinstance(m, list | tuple) else [m])]
    return [member for member in members if isinstance(member, Module)]
