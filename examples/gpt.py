"""A small GPT made of single numbers learns the names of cities, and invents new ones: `python -m examples.gpt`.

Every weight is one `Value`, every sum and product is written out; a matrix is a list of lists. It is the transformer of
GPT-2 (Radford et al. 2019) with RMS norm, ReLU, and no biases. Read it from top to bottom: the letters, the network,
the training, the inventing.
"""

import argparse
from collections import defaultdict
from collections.abc import Iterator, Sequence
from random import Random
from typing import TypeAlias
from zoneinfo import available_timezones

import numpy as np
from numpy.typing import NDArray
from tqdm import tqdm

from autograd import Value, log_sum_exp, record
from nn import Module
from nn.optim import Adam
from nn.schedules import cosine

Vector: TypeAlias = Sequence[Value]
Matrix: TypeAlias = Sequence[Vector]


# The letters. A token is a letter, or the mark that stands before and after every name. The network sees a name as
# one-hot rows, a row for each token; so names of the same length have the same graph, which is recorded once.

MARK = "."
ALPHABET = MARK + "abcdefghijklmnopqrstuvwxyz"
LONGEST = 15


def city_names() -> list[str]:
    """The cities that the world's time zones are called by, in lower case, if they are plain letters."""
    paths = [zone.split("/") for zone in available_timezones()]
    cities = {path[-1].lower() for path in paths if len(path) > 1 and path[0] not in ("Etc", "US", "Canada")}
    names = sorted(city for city in cities if set(city) < set(ALPHABET[1:]) and len(city) <= LONGEST)
    if not names:
        raise SystemExit("error: this machine knows no time zones: pip install tzdata")
    return names


def one_hot(text: str) -> NDArray[np.float64]:
    """A row for each token: 1 at its place in the alphabet, else 0."""
    return np.eye(len(ALPHABET))[[ALPHABET.index(token) for token in text]]


# The network.


class GPT(Module):
    """Given the tokens so far, how likely is each token to be the next?"""

    def __init__(self, width: int = 16, heads: int = 4, blocks: int = 1, rng: Random | None = None) -> None:
        rng = rng or Random(0)
        self.tokens = matrix(width, len(ALPHABET), rng)  # what a token means: a column for each
        self.places = matrix(LONGEST + 1, width, rng)  # what it means to come first, second, ...: a row for each
        self.blocks = [Block(width, heads, rng) for _ in range(blocks)]
        self.readout = matrix(len(ALPHABET), width, rng)

    def __call__(self, tokens: Matrix) -> Matrix:
        """For each of the one-hot `tokens`, the logits of the token after it."""
        meanings = [times(self.tokens, token) for token in tokens]
        states: Matrix = [normalized(add(m, place)) for m, place in zip(meanings, self.places, strict=False)]
        for block in self.blocks:
            states = block(states)
        return [times(self.readout, state) for state in states]

    def loss(self, name: Matrix) -> Value:
        """How surprising each token of a name is after those before it: the mean of -log p(token)."""
        surprises = [log_sum_exp(z) - dot(z, token) for z, token in zip(self(name[:-1]), name[1:], strict=True)]
        return total(surprises) / len(surprises)

    def next_logits(self, tokens: Matrix) -> Vector:
        """The logits of the token after the last."""
        return self(tokens)[-1]


class Block(Module):
    """Every place looks back at the places so far, then thinks about what it saw; both add to its state."""

    def __init__(self, width: int, heads: int, rng: Random) -> None:
        size = width // heads
        self.heads = [slice(i * size, (i + 1) * size) for i in range(heads)]
        self.query, self.key, self.value, self.join = (matrix(width, width, rng) for _ in range(4))
        self.up, self.down = matrix(4 * width, width, rng), matrix(width, 4 * width, rng)

    def __call__(self, states: Matrix) -> Matrix:
        states = [*map(add, states, self.look_back([normalized(state) for state in states]))]
        return [*map(add, states, [self.think(normalized(state)) for state in states])]

    def look_back(self, states: Matrix) -> Matrix:
        """Causal attention: a head fits its query to the keys so far, and mixes the values by how well they fit."""
        queries, keys, values = ([times(m, state) for state in states] for m in (self.query, self.key, self.value))
        seen: list[Vector] = []
        for last, query in enumerate(queries):
            mixed: list[Value] = []
            for head in self.heads:
                fits = [dot(query[head], key[head]) / len(query[head]) ** 0.5 for key in keys[: last + 1]]
                shares = softmax(fits)
                mixed += [dot(shares, column) for column in zip(*(v[head] for v in values[: last + 1]), strict=True)]
            seen.append(times(self.join, mixed))
        return seen

    def think(self, state: Vector) -> Vector:
        return times(self.down, [x.relu() for x in times(self.up, state)])


def matrix(rows: int, columns: int, rng: Random) -> list[list[Value]]:
    return [[Value(rng.gauss(0, 0.08)) for _ in range(columns)] for _ in range(rows)]


def total(terms: Vector) -> Value:
    return sum(terms[1:], terms[0])


def dot(a: Vector, b: Vector) -> Value:
    return total([x * y for x, y in zip(a, b, strict=True)])


def add(a: Vector, b: Vector) -> Vector:
    return [x + y for x, y in zip(a, b, strict=True)]


def times(weights: Matrix, vector: Vector) -> Vector:
    """A matrix times a vector."""
    return [dot(row, vector) for row in weights]


def normalized(vector: Vector) -> Vector:
    """Scaled to a mean square of 1 (RMS norm: Zhang and Sennrich 2019, "Root mean square layer normalization")."""
    scale = (dot(vector, vector) / len(vector) + 1e-5) ** -0.5
    return [x * scale for x in vector]


def softmax(fits: Vector) -> Vector:
    """Shares of a whole: the better the fit, the larger. (Fits of normalised states are too small to overflow exp.)"""
    exps = [fit.exp() for fit in fits]
    share = 1 / total(exps)
    return [x * share for x in exps]


# The training: names of the same length are replayed side by side.


def train(gpt: GPT, names: Sequence[str], epochs: int, rng: Random, batch_size: int = 16) -> Iterator[float]:
    """Show the network every name so many times; after each epoch, the mean loss."""
    loss = record(gpt.loss, one_hot(MARK + names[0] + MARK))
    optimizer, schedule = Adam(gpt.parameters(), betas=(0.85, 0.99)), cosine(epochs)
    for epoch in range(epochs):
        optimizer.lr = 0.01 * schedule(epoch)
        surprise = 0.0
        for batch in batches(names, batch_size, rng):
            rows = np.stack([one_hot(MARK + name + MARK) for name in batch])
            surprise += len(batch) * optimizer.minimize(loss, rows)
        yield surprise / len(names)


def batches(names: Sequence[str], batch_size: int, rng: Random) -> list[list[str]]:
    """All names in random order, in batches of names of the same length."""
    by_length = defaultdict(list)
    for name in rng.sample(names, len(names)):
        by_length[len(name)].append(name)
    found = [group[i : i + batch_size] for group in by_length.values() for i in range(0, len(group), batch_size)]
    return rng.sample(found, len(found))


# The inventing: names grow side by side, letter by letter, each letter drawn by how likely the network finds it.


def invent(gpt: GPT, count: int, temperature: float, rng: Random) -> list[str]:
    """So many names, the short ones first. A low temperature takes the likely letters only, a high one dares more."""
    logits = record(gpt.next_logits, one_hot(MARK))
    names: list[str] = []
    growing = [MARK] * count
    while growing:
        rows = logits(np.stack([one_hot(text) for text in growing])) / temperature
        likely = np.exp(rows - rows.max(axis=1, keepdims=True)).tolist()
        grown = [text + rng.choices(ALPHABET, weights)[0] for text, weights in zip(growing, likely, strict=True)]
        growing = [text for text in grown if text[-1] != MARK and len(text) <= LONGEST]
        names += [text.strip(MARK) for text in grown if text not in growing]
    return names


def main() -> None:
    parser = argparse.ArgumentParser(description="Train a small GPT on the names of cities, and let it invent some.")
    parser.add_argument("--epochs", type=int, default=60, help="how often it sees every name (default: 60)")
    parser.add_argument("--invent", type=int, default=20, metavar="N", help="how many names to invent (default: 20)")
    parser.add_argument("--temperature", type=float, default=0.6, help="how daring the inventions are (default: 0.6)")
    parser.add_argument("--seed", type=int, default=0, help="of all that is random (default: 0)")
    args = parser.parse_args()

    rng, names = Random(args.seed), city_names()
    gpt = GPT(rng=rng)
    print(f"{len(names)} cities, such as {', '.join(rng.sample(names, 4))}; {len(gpt.parameters())} parameters")
    with tqdm(train(gpt, names, args.epochs, rng), total=args.epochs, unit="epoch") as epochs:
        for epoch, loss in enumerate(epochs, start=1):
            if epoch in (1, 2, 5) or epoch % 10 == 0:
                epochs.write(f"epoch {epoch:3}: loss {loss:.3f}")
    for name in invent(gpt, args.invent, args.temperature, rng):
        print(name.capitalize(), "(exists)" if name in names else "")


if __name__ == "__main__":
    main()
