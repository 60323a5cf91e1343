"""How much worse predictions get when a column says nothing any more."""

from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np

from nn.data import Table


def permutation_importance(
    score: Callable[[Table], float], table: Table, columns: Sequence[str], repeats: int = 3, rng: int = 0
) -> dict[str, float]:
    """How much `score` (higher is better) falls when a column's cells are shuffled, by column, the largest fall first.

    Of two columns that say the same, each may seem to be worth nothing, for the other is still there.

    Breiman (2001), "Random forests", section 10; Fisher, Rudin, Dominici (2019), "All models are wrong".
    """
    generator = np.random.default_rng(rng)
    before = score(table)
    falls = {}
    for name in columns:
        scores = []
        for _ in range(repeats):
            shuffled = table[name].take(generator.permutation(len(table)))
            scores.append(score(replace(table, columns={**table.columns, name: shuffled})))
        falls[name] = before - float(np.mean(scores))
    return dict(sorted(falls.items(), key=lambda item: -item[1]))
