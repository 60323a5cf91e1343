"""Linear scan: places for what is in use for a while (Poletto and Sarkar, Linear scan register allocation, 1999)."""

from bisect import bisect
from collections.abc import Sequence
from heapq import heappop, heappush


def linear_scan(lives: Sequence[tuple[int, int, int]]) -> tuple[list[int], int]:
    """For each (first time, last time, size) where it begins, so that none overlap that are in use at once; the end.

    Each takes the first gap that is large enough.

    >>> linear_scan([(0, 1, 2), (1, 4, 3), (2, 3, 1), (3, 5, 1)])
    ([0, 2, 0, 1], 5)
    """
    places, top = [0] * len(lives), 0
    gaps: list[tuple[int, int]] = []  # where they begin and end, in order
    busy: list[tuple[int, int, int]] = []  # last time, begin and end
    for i in sorted(range(len(lives)), key=lambda i: lives[i][0]):
        first, last, size = lives[i]
        while busy and busy[0][0] < first:
            _, begin, end = heappop(busy)
            k = bisect(gaps, (begin, end))
            if k < len(gaps) and gaps[k][0] == end:
                end = gaps.pop(k)[1]
            if k and gaps[k - 1][1] == begin:
                k -= 1
                begin = gaps.pop(k)[0]
            gaps.insert(k, (begin, end))
        k = next((k for k, (begin, end) in enumerate(gaps) if end - begin >= size), len(gaps))
        begin, end = gaps.pop(k) if k < len(gaps) else (top, top + size)
        if begin + size < end:
            gaps.insert(k, (begin + size, end))
        top = max(top, end)
        places[i] = begin
        heappush(busy, (last, begin, begin + size))
    return places, top
