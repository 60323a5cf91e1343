"""Two-dimensional toys, drawn from a seed."""

from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nn.data.dataset import Dataset, Floats


def moons(n: int = 100, noise: float = 0.1, rng: int | None = 0) -> Dataset:
    """Two interleaved half circles, n / 2 points each, with Gaussian noise.

    >>> moons(100).X.shape
    (100, 2)
    """
    angle = np.pi * np.concatenate([np.linspace(0, 1, n - n // 2), np.linspace(0, 1, n // 2)])
    y = _halves(n)
    X = np.where(y[:, None] == 0, _circle(angle), [1, 0.5] - _circle(angle))
    return _toy("moons", X, y, noise, rng)


def circles(n: int = 100, noise: float = 0.1, rng: int | None = 0) -> Dataset:
    """A small circle inside a large one, n / 2 points each, with Gaussian noise."""
    y = _halves(n)
    angle = 2 * np.pi * np.arange(n) / (n / 2)
    return _toy("circles", _circle(angle) * np.where(y == 0, 1.0, 0.4)[:, None], y, noise, rng)


def spirals(n: int = 100, noise: float = 0.02, rng: int | None = 0) -> Dataset:
    """Two intertwined spirals of one turn, n / 2 points each, with Gaussian noise."""
    y = _halves(n)
    along = np.sqrt(np.concatenate([np.linspace(0.02, 1, n - n // 2), np.linspace(0.02, 1, n // 2)]))
    return _toy("spirals", _circle(2 * np.pi * along + np.pi * y) * along[:, None], y, noise, rng)


def xor(n: int = 100, noise: float = 0.1, rng: int | None = 0) -> Dataset:
    """Points of the square, labelled by whether the signs of their coordinates differ, with Gaussian noise."""
    _check_size(n)
    X = np.random.default_rng(rng).uniform(-1, 1, (n, 2))
    return _toy("xor", X, (X[:, 0] * X[:, 1] < 0).astype(np.int64), noise, rng)


def blobs(n: int = 100, centers: int = 3, noise: float = 0.3, rng: int | None = 0) -> Dataset:
    """Clusters around `centers` points of the unit circle, a class each, with Gaussian noise."""
    _check_size(n)
    if centers < 2:
        raise ValueError(f"blobs have at least 2 centers, to tell apart; got {centers}")
    y = np.arange(n) % centers
    toy = _toy("blobs", _circle(2 * np.pi * y / centers), y, noise, rng)
    return replace(toy, classes=tuple(map(str, range(centers))))


def _toy(name: str, X: Floats, y: NDArray[np.int64], noise: float, rng: int | None) -> Dataset:
    return Dataset(name, X + noise * np.random.default_rng(rng).standard_normal(X.shape), y)


def _halves(n: int) -> NDArray[np.int64]:
    _check_size(n)
    return (np.arange(n) >= n - n // 2).astype(np.int64)


def _circle(angle: NDArray[np.floating[Any]]) -> Floats:
    return np.stack([np.cos(angle), np.sin(angle)], axis=1)


def _check_size(n: int) -> None:
    if n < 2:
        raise ValueError(f"a data set has at least 2 points, got n={n}")
