"""Which articles are published at a moment, and why each other one is not."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator
from typing import Final, Literal

import msgspec

from newsgen.config import Settings
from newsgen.model import Article, Card, Page
from newsgen.news.changes import Change, of_site

State = Literal["live", "draft", "scheduled", "embargoed", "expired", "withdrawn"]


class Preview(msgspec.Struct, frozen=True):
    """What else to show: `drafts`, and with `future` what is scheduled or under an embargo."""

    drafts: bool = False
    future: bool = False


class Selection(msgspec.Struct, frozen=True):
    """The published articles, newest first, undated last; and each withheld one with its state, by id.

    `withdrawn` are those that were published until they were withdrawn: their addresses are kept.

    All that time changes is the same at every moment from `since` on (None: ever) until before the first of the changes
    that are `coming`, in the order of time.
    """

    published: tuple[Card, ...]
    pages: tuple[Page, ...]
    withheld: tuple[tuple[str, State], ...]
    withdrawn: tuple[Card, ...] = ()
    since: dt.datetime | None = None
    coming: tuple[Change, ...] = ()


def state(article: Article | Card, moment: dt.datetime) -> State:
    """The state of an article at `moment`; the strictest where several hold."""
    if article.draft:
        return "draft"
    return "withdrawn" if article.status == "withdrawn" else _by_time(article, moment)


def _by_time(article: Article | Card, moment: dt.datetime) -> State:
    if article.expires and article.expires <= moment:
        return "expired"
    if article.embargo_until and article.embargo_until > moment:
        return "embargoed"
    start = article.publish_at or article.date
    return "scheduled" if start and start > moment else "live"


def reason(article: Article | Card, moment: dt.datetime, clock: Callable[[dt.datetime | None], str]) -> str:
    """Why an article is in its state at `moment`, in words; `clock` writes a moment."""
    key = "publish_at" if article.publish_at else "date"
    start = clock(article.publish_at or article.date)
    return {
        "draft": "it is a draft (draft: true)",
        "withdrawn": "it was withdrawn (status: withdrawn); its address says so in place of the text",
        "expired": f"it expired (expires) on {clock(article.expires)}",
        "embargoed": f"its embargo (embargo_until) ends on {clock(article.embargo_until)}",
        "scheduled": f"its time ({key}) comes on {start}",
        "live": f"its time ({key}) came on {start}"
        if start
        else "nothing withholds it; without a date it comes last in lists and is in no feed",
    }[state(article, moment)]


def turns(article: Article | Card) -> Iterator[Change]:
    """The moments at which an article, or the notice that it was withdrawn, appears or goes, in the order of time."""
    if article.draft:
        return
    moments = {article.publish_at or article.date, article.embargo_until, article.expires} - {None}
    before = _by_time(article, dt.datetime.min.replace(tzinfo=dt.UTC))
    for at in sorted(one for one in moments if one):
        if (after := _by_time(article, at)) != before:
            yield Change(at, article.id, _TURNS[after] + (", as withdrawn" if article.status == "withdrawn" else ""))
        before = after


_TURNS: Final[dict[State, str]] = {
    "live": "is published",
    "expired": "expires",
    "scheduled": "is no longer under an embargo, and waits for its time",
}


def select(
    articles: Iterable[Card],
    pages: Iterable[Page],
    moment: dt.datetime,
    preview: Preview,
    settings: Settings,
) -> Selection:
    """What is published at `moment`. Order: newest first, then by id; undated articles last, by id."""
    shown: set[State] = {"live"}
    if preview.drafts:
        shown.add("draft")
    if preview.future:
        shown.update(("scheduled", "embargoed"))
    published: list[Card] = []
    withdrawn: list[Card] = []
    withheld: list[tuple[str, State]] = []
    coming: set[Change] = set()
    since = None
    for article in articles:
        now = state(article, moment)
        if now in shown:
            published.append(article)
        else:
            withheld.append((article.id, now))
            if now == "withdrawn" and _by_time(article, moment) == "live":
                withdrawn.append(article)
        for change in (article.publish_at or article.date, article.embargo_until, article.expires):
            if change is None:
                continue
            if change <= moment:
                since = change if since is None or change > since else since
            else:
                coming.update(one for one in turns(article) if one.at > moment)
    kept = [page for page in pages if preview.drafts or not page.draft]
    drafts: list[tuple[str, State]] = [(page.id, "draft") for page in pages if page.draft and not preview.drafts]
    kept.sort(key=lambda page: (page.order, page.title, page.id))
    published.sort(key=_newest_first)
    for one in of_site(settings, published, moment):
        if one.at > moment:
            coming.add(one)
        elif since is None or one.at > since:
            since = one.at
    return Selection(
        tuple(published),
        tuple(kept),
        tuple(sorted(withheld + drafts)),
        tuple(sorted(withdrawn, key=lambda one: one.id)),
        since,
        tuple(sorted(coming)),
    )


def _newest_first(article: Card) -> tuple[bool, float, str]:
    return (article.date is None, -article.date.timestamp() if article.date else 0.0, article.id)
