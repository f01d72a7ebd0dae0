"""Which articles are published at a moment, and why each other one is not."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Literal

import msgspec

from newsgen.model import Article, Page

State = Literal["live", "draft", "scheduled", "embargoed", "expired", "withdrawn"]


class Preview(msgspec.Struct, frozen=True):
    """What else to show: `drafts`, and with `future` what is scheduled or under an embargo."""

    drafts: bool = False
    future: bool = False


class Selection(msgspec.Struct, frozen=True):
    """The published articles, newest first, undated last; and each withheld one with its state, by id."""

    published: tuple[Article, ...]
    pages: tuple[Page, ...]
    withheld: tuple[tuple[str, State], ...]


def state(article: Article, moment: dt.datetime) -> State:
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


def select(articles: Iterable[Article], pages: Iterable[Page], moment: dt.datetime, preview: Preview) -> Selection:
    """What is published at `moment`. Order: newest first, then by id; undated articles last, by id."""
    shown: set[State] = {"live"}
    if preview.drafts:
        shown.add("draft")
    if preview.future:
        shown.update(("scheduled", "embargoed"))
    published: list[Article] = []
    withheld: list[tuple[str, State]] = []
    for article in articles:
        now = state(article, moment)
        if now in shown:
            published.append(article)
        else:
            withheld.append((article.id, now))
    drafts: list[tuple[str, State]] = []
    kept: list[Page] = []
    for page in pages:
        if page.draft and not preview.drafts:
            drafts.append((page.id, "draft"))
        else:
            kept.append(page)
    kept.sort(key=lambda page: (page.order, page.title, page.id))
    return Selection(tuple(sorted(published, key=_newest_first)), tuple(kept), tuple(sorted(withheld + drafts)))


def _newest_first(article: Article) -> tuple[bool, float, str]:
    return (article.date is None, -article.date.timestamp() if article.date else 0.0, article.id)
