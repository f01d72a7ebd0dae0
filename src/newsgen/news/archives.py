"""The archive: the dated articles by year, month or day."""

from __future__ import annotations

from collections.abc import Iterable

from newsgen.model import Card


def by_period(cards: Iterable[Card], depth: int) -> dict[str, list[int]]:
    """The numbers of the dated articles by year ("2026"), month ("2026/11") or day, as `depth` is 1, 2 or 3; 0 is none.

    The day is that of the site's clock, which every date carries.
    """
    found: dict[str, list[int]] = {}
    for number, card in enumerate(cards):
        if depth and (date := card.date):
            key = "/".join((f"{date.year:04}", f"{date.month:02}", f"{date.day:02}")[:depth])
            found.setdefault(key, []).append(number)
    return found
