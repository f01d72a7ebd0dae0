"""What time changes: each moment from which on a build differs, and what happens then.

A feature whose pages depend on the moment adds its changes to `of_site`: they bound the time for which a plan holds,
and `newsgen next` tells them.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence

import msgspec

from newsgen.config import Settings
from newsgen.model import Card
from newsgen.news import coverage
from newsgen.news.window import leaving


class Change(msgspec.Struct, frozen=True, order=True):
    """From `at` on a build differs: `what` happens then, in words that follow `id`, which it happens to."""

    at: dt.datetime
    id: str
    what: str

    @property
    def due(self) -> dt.datetime:
        """The first whole minute from then on: the moment of a build is cut to it. At the end of time the last."""
        cut = self.at.replace(second=0, microsecond=0)
        last = cut == dt.datetime.max.replace(second=0, microsecond=0, tzinfo=cut.tzinfo)
        return cut if cut == self.at or last else cut + dt.timedelta(minutes=1)


def of_site(settings: Settings, published: Sequence[Card], moment: dt.datetime) -> Iterator[Change]:
    """What time changes beside the states of articles, past and to come at `moment`, in any order."""
    for year in {card.date.year for card in published if card.date} if settings.old_after_years else ():
        if (then := year + settings.old_after_years + 1) <= dt.MAXYEAR:
            yield Change(dt.datetime(then, 1, 1, tzinfo=settings.zone()), f"articles of {year}", "are marked as old")
    if until := settings.breaking_until:
        yield Change(until, "breaking", "news end")
    if settings.has_news_sitemap:
        yield from (Change(at, id, "leaves the news sitemap") for at, id in leaving(published, moment))
    for card in published:
        if card.kind == "live":
            yield from [Change(at, card.id, what) for at, what in coverage.changes(card)]
