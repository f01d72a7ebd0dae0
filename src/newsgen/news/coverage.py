"""The coverage of live blogs: when it ends, and whether it is ahead of the moment."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Final

from newsgen.model import Article, Card

QUIET: Final = dt.timedelta(days=1)


def ends(article: Article | Card) -> dt.datetime | None:
    """When the coverage of a live blog ends: at its `live_until`, else a day after its newest entry.

    None for one that tells no time at all.
    """
    last = article.updated or article.date
    return article.live_until or (last + QUIET if last else None)


def is_over(article: Article | Card, moment: dt.datetime) -> bool:
    return (end := ends(article)) is not None and end <= moment


def changes(card: Card) -> Iterator[tuple[dt.datetime, str]]:
    """What time changes of a live blog, in words that follow its name."""
    if end := ends(card):
        yield end, "is no longer marked as live"
        if card.updated:
            yield card.updated, "has no entry any more that is yet to come"
