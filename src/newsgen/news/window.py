"""Which articles are news to a news sitemap: those of the last two days."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from typing import Final

from newsgen.model import Card

DAYS: Final = dt.timedelta(days=2)


def recent(published: Sequence[Card], moment: dt.datetime) -> int:
    """How many of the published articles are news at `moment`: the first, for they come newest first."""
    count = 0
    while count < len(published) and (date := published[count].date) and moment - date < DAYS:
        count += 1
    return count


def leaving(published: Sequence[Card], moment: dt.datetime) -> Iterator[tuple[dt.datetime, str]]:
    """When each article that may be found leaves the news, with its id: those that are to leave, and the last that has
    left."""
    for article in published:
        if article.date is None:
            return
        if article.unlisted or article.date.year == dt.MAXYEAR:
            continue
        yield article.date + DAYS, article.id
        if moment - article.date >= DAYS:
            return
