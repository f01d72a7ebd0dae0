"""Which tags go together, by the articles that they share."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from heapq import nsmallest
from itertools import chain, combinations
from math import sqrt
from typing import Final

OF_AN_ARTICLE: Final = 24  # tags that are paired: more would make pairs grow as their square
PARTNERS: Final = 24  # of a tag

Partners = Mapping[str, Mapping[str, int]]
"""By the key of a tag those that go with it, best first, each with the number of the articles that both have."""


def partners(members: Mapping[str, Sequence[int]], implied: Mapping[str, Sequence[str]]) -> Partners:
    """The tags that share most articles with each tag, a common one counting for less; never one that implies it."""
    tags: dict[int, list[str]] = {}
    for key in sorted(members):
        for number in members[key]:
            tags.setdefault(number, []).append(key)
    shared = Counter(chain.from_iterable(combinations(keys[:OF_AN_ARTICLE], 2) for keys in tags.values()))
    found: dict[str, list[tuple[float, str, int]]] = {}
    for (one, two), count in shared.items():
        if one not in implied.get(two, ()) and two not in implied.get(one, ()):
            for key, other in ((one, two), (two, one)):
                weight = count / sqrt(len(members[other]) + 10)
                found.setdefault(key, []).append((-weight, other, count))
    return {key: {other: count for _, other, count in nsmallest(PARTNERS, of)} for key, of in sorted(found.items())}


def pairs(partners: Partners, least: int) -> Iterator[tuple[str, str]]:
    """The pairs that share `least` articles or more and go with each other both ways."""
    for one, of in partners.items():
        for two, count in of.items():
            if one < two and count >= least and one in partners[two]:
                yield one, two
