"""Which articles are published at a moment, and why each other one is not."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Literal

import msgspec

from newsgen.model import Article, Card, Page

State = Literal["live", "draft", "scheduled", "embargoed", "expired", "withdrawn"]


class Preview(msgspec.Struct, frozen=True):
    """What else to show: `drafts`, and with `future` what is scheduled or under an embargo."""

    drafts: bool = False
    future: bool = False


class Selection(msgspec.Struct, frozen=True):
    """The published articles, newest first, undated last; and each withheld one with its state, by id.

    It is the same at every moment from `since` on until before `until`; None is without end.
    """

    published: tuple[Card, ...]
    pages: tuple[Page, ...]
    withheld: tuple[tuple[str, State], ...]
    since: dt.datetime | None = None
    until: dt.datetime | None = None


def state(article: Article | Card, moment: dt.datetime) -> State:
    """The state of an article at `moment`; the strictest where several hold."""
    if article.draft:
        return "draft"
    if article.status == "withdrawn":
        return "withdrawn"
    if article.expires and article.expires <= moment:
        return "expired"
    if article.embargo_until and article.embargo_until > moment:
        return "embargoed"
    start = article.publish_at or article.date
    return "scheduled" if start and start > moment else "live"


def select(articles: Iterable[Card], pages: Iterable[Page], moment: dt.datetime, preview: Preview) -> Selection:
    """What is published at `moment`. Order: newest first, then by id; undated articles last, by id."""
    shown: set[State] = {"live"}
    if preview.drafts:
        shown.add("draft")
    if preview.future:
        shown.update(("scheduled", "embargoed"))
    published: list[Card] = []
    withheld: list[tuple[str, State]] = []
    since = until = None
    for article in articles:
        now = state(article, moment)
        if now in shown:
            published.append(article)
        else:
            withheld.append((article.id, now))
        for change in (article.publish_at or article.date, article.embargo_until, article.expires):
            if change is None:
                continue
            if change <= moment:
                since = change if since is None or change > since else since
            else:
                until = change if until is None or change < until else until
    kept = [page for page in pages if preview.drafts or not page.draft]
    drafts: list[tuple[str, State]] = [(page.id, "draft") for page in pages if page.draft and not preview.drafts]
    kept.sort(key=lambda page: (page.order, page.title, page.id))
    published.sort(key=_newest_first)
    return Selection(tuple(published), tuple(kept), tuple(sorted(withheld + drafts)), since, until)


def _newest_first(article: Card) -> tuple[bool, float, str]:
    return (article.date is None, -article.date.timestamp() if article.date else 0.0, article.id)
