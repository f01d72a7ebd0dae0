"""Related articles: those that share what few others have. Terms, tags and a series are all one here: features.

Near-linear: of each feature only the newest articles are candidates, and an article looks at few of its features.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Final

import msgspec

from newsgen.content.terms import rarity
from newsgen.model import Card

NEWEST: Final = 48  # articles of a feature that are candidates
ENOUGH: Final = 200  # finds of candidates after which the commoner features of an article are not looked at
SCORED: Final = 16  # candidates that are scored by all that they share
LEAST: Final = 1200  # score of what is related at all

_WEIGHTS: Final = (
    10,
    10,
    28,
    52,
    80,
    112,
    147,
    185,
)  # rarity to the power of 1.5: two rare words beat four common ones
_SERIES: Final = 10_000
_SMALL: Final = 512  # a site of fewer articles counts as one of so many: what two of ten share is no rarity
_SOON, _LATER = 180, 730  # days within which an article counts for 13 or 11 tenths
_TAG, _OF_SERIES, _LANGUAGE = "#", "=", "\0"


class Found(msgspec.Struct, frozen=True, array_like=True):
    """What was found for an article, and by what; `related` are numbers."""

    date: dt.datetime | None
    features: list[str]
    related: list[int]


class Memo(msgspec.Struct, frozen=True):
    """What was found in the last build, by the ids of articles in their order; `of` is the digest of all else."""

    of: str = ""
    size: int = 0
    found: dict[str, Found] = {}


def related(
    cards: Sequence[Card], members: Mapping[str, Mapping[str, Sequence[int]]], language: str, limit: int, before: Memo
) -> tuple[list[list[int]], Memo]:
    """The numbers of the articles related to each, best first; and what to hand in the next time.

    `cards` are those of the published articles, newest first; `language` is that of all that name none. Only those are
    looked at anew that have a feature of which an article came, went or changed its date.
    """
    index = _index(cards, members, language)
    size = max(len(cards), _SMALL).bit_length()
    weights = {one: _weight(one, size - len(of).bit_length()) for one, of in index.items() if len(of) > 1}
    owns: list[list[str]] = [[] for _ in cards]
    for feature in sorted(index, key=lambda one: (len(index[one]), one)):  # the rarest first
        for number in index[feature]:
            owns[number].append(feature)
    known = before.found if before.size == size else {}
    fresh = _fresh(cards, owns, known)
    shared = [frozenset([one for one in own if one in weights]) for own in owns]
    newest = {one: index[one][:NEWEST] for one in weights}
    days = [card.date.toordinal() if card.date else 0 for card in cards]
    numbers = {card.id: number for number, card in enumerate(cards)}
    moved = [numbers.get(id, -1) for id in known]
    lists: list[list[int]] = []
    weigh = weights.__getitem__
    for number, (card, own) in enumerate(zip(cards, owns, strict=True)):
        was = known.get(card.id)
        if was and fresh.isdisjoint(own) and fresh.isdisjoint(was.features):
            lists.append([moved[other] for other in was.related])
            continue
        ranked: list[tuple[int, int]] = []
        for other in _candidates(number, own, newest):
            both = shared[number] & shared[other]
            apart = abs(days[number] - days[other])
            score = sum(map(weigh, both)) * (13 if apart < _SOON else 11 if apart < _LATER else 10)
            if (score := score if len(both) > 1 else score // 2) >= LEAST:
                ranked.append((-score, other))
        lists.append([other for _, other in sorted(ranked)[:limit]])
    found = [Found(card.date, own, of) for card, own, of in zip(cards, owns, lists, strict=True)]
    return lists, Memo(before.of, size, dict(zip(numbers, found, strict=True)))


def _index(
    cards: Sequence[Card], members: Mapping[str, Mapping[str, Sequence[int]]], language: str
) -> dict[str, list[int]]:
    """The numbers of the articles under each feature, newest first. Languages share none."""
    ends = [_LANGUAGE + card.lang if card.lang and card.lang != language else "" for card in cards]
    index: dict[str, list[int]] = {}
    for number, (card, end) in enumerate(zip(cards, ends, strict=True)):
        for term in card.terms:
            index.setdefault(term + end, []).append(number)
    for sign, family in ((_TAG, "tag"), (_OF_SERIES, "series")):
        for key, numbers in members[family].items():
            for number in numbers:
                index.setdefault(f"{sign}{key}{ends[number]}", []).append(number)
    return index


def _weight(feature: str, bits: int) -> int:
    if feature[0] == _OF_SERIES:
        return _SERIES
    if feature[0] != _TAG:
        bits = min(bits, rarity(feature.partition(_LANGUAGE)[0]))
    return _WEIGHTS[max(0, min(bits, len(_WEIGHTS) - 1))]


def _fresh(cards: Sequence[Card], owns: Sequence[list[str]], known: Mapping[str, Found]) -> set[str]:
    """The features of which an article came, went or changed its date since they were `known`."""
    fresh: set[str] = set()
    for card, own in zip(cards, owns, strict=True):
        was = known.get(card.id)
        if was is None or was.date != card.date:
            fresh.update(own, was.features if was else ())
        elif was.features != own:
            fresh.update({*own}.symmetric_difference(was.features))
    for id in known.keys() - {card.id for card in cards}:
        fresh.update(known[id].features)
    return fresh


def _candidates(number: int, own: Iterable[str], newest: Mapping[str, Sequence[int]]) -> list[int]:
    """The articles that share the most, and the rarest, of what is rarest about this one."""
    finds: list[int] = []
    for feature in own:
        finds += newest.get(feature, ())
        if len(finds) >= ENOUGH:
            break
    counts = Counter(finds)
    del counts[number]
    return sorted(counts, key=counts.__getitem__, reverse=True)[:SCORED]
