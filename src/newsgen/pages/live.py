"""The maker of live blogs' updates.json, and what the pages of live blogs show of their entries."""

from __future__ import annotations

import posixpath
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any, Final

import msgspec
from markupsafe import Markup

from newsgen import digest
from newsgen.model import ArticleRef, Entry, LiveBlog, PageSpec
from newsgen.news import coverage
from newsgen.pages.catalogue import Named
from newsgen.pages.feeds import absolute_html
from newsgen.pages.filters import absolute_url
from newsgen.pages.planner import Address, Draft, Drafts, Planner

MOST: Final = 50  # entries of updates.json
_NONE: Final = digest.of_text("")
_AFTER_TITLE: Final = len("</h2>\n")


def pages(planner: Planner) -> Iterator[Address]:
    for number, id in enumerate(planner.index.ids):
        if planner.catalogue.card(number).kind == "live":
            yield Address("updates", updates_file(planner.index.files[number]), source=id, number=number)


def updates_file(file: str) -> str:
    """The output file of the updates of the live blog whose page is `file`."""
    return posixpath.join(posixpath.dirname(file), "updates.json")


def blog_digest(planner: Planner, number: int) -> str:
    """The digest of what `blog` says beside the text, which whatever carries that has in its key."""
    card = planner.catalogue.card(number)
    if card.kind != "live":
        return _NONE
    of = (card.date, card.updated, card.live_until, planner.catalogue.is_over(card.id), planner.index.files[number])
    return digest.of_value(of)


def blog(planner: Planner, number: int) -> LiveBlog | None:
    """The live blog; None where the article is none."""
    article = planner.catalogue.article(number)
    if article.kind != "live":
        return None
    times = [entry.time for entry in article.body.entries]
    return LiveBlog(
        entries=article.body.entries,
        updates_url=planner.url(updates_file(planner.index.files[number])),
        over=planner.catalogue.is_over(article.id),
        since=min([*times, *([article.date] if article.date else [])], default=None),
        until=coverage.ends(article),
    )


def posting(blog: LiveBlog, article: ArticleRef, origin: str) -> dict[str, Any]:
    """What makes the structured data of an article those of a LiveBlogPosting, to be added to them."""
    url = absolute_url(article.url, origin)
    until = blog.until if blog.over else None
    updates = [_update(entry, url) for entry in blog.entries[:MOST]]
    times = {"coverageStartTime": blog.since, "coverageEndTime": until}
    return {
        "@type": "LiveBlogPosting",
        **{name: time.isoformat() for name, time in times.items() if time},
        "liveBlogUpdate": updates,
    }


def _update(entry: Entry, url: str) -> dict[str, Any]:
    return {
        "@type": "BlogPosting",
        "url": f"{url}#{entry.id}",
        "headline": entry.title or entry.text[:110],
        "datePublished": entry.time.isoformat(),
        "articleBody": entry.text,
    }


# ---- rendering ------------------------------------------------------------------------------------------------------


class Seen:
    """A value with HTML beside it, as a template sees it."""

    def __init__(self, value: msgspec.Struct, **beside: Any) -> None:
        self.__dict__ = {**msgspec.structs.asdict(value), **beside}


def seen(blog: LiveBlog, html: str, resolve: Callable[[str], str]) -> Seen:
    """The live blog with the HTML of its parts, cut out of that of its body, the links of which `resolve` settles."""

    def markup(start: int, end: int) -> Markup:
        return Markup(resolve(html[start:end]))  # noqa: S704 - Markdown's own HTML

    first, last = (blog.entries[0].start, blog.entries[-1].end) if blog.entries else (len(html), len(html))
    entries = tuple(
        Seen(one, heading=markup(one.title_at, one.text_at - _AFTER_TITLE), body=markup(one.text_at, one.end))
        for one in blog.entries
    )
    return Seen(blog, entries=entries, intro=markup(0, first), notes=markup(last, len(html)))


def updates(spec: PageSpec, html: str, resolve: Callable[[str], str], origin: str) -> bytes:
    """updates.json: the newest entries, their text with absolute links."""
    blog: LiveBlog = spec.context["live"]
    article: ArticleRef = spec.context["article"]
    url = absolute_url(article.url, origin)
    told = {
        "title": article.title,
        "url": url,
        "updated": article.updated,
        "live": not blog.over,
        "entries": [
            {
                "id": one.id,
                "url": f"{url}#{one.id}",
                "time": one.time,
                "title": one.title,
                "pinned": one.pinned,
                "key": one.key,
                "html": absolute_html(resolve(html[one.text_at : one.end]), url, origin).decode(),
            }
            for one in blog.entries[:MOST]
        ],
    }
    return msgspec.json.format(msgspec.json.encode(told), indent=1) + b"\n"


def _updates(planner: Planner, at: Address) -> Draft:
    catalogue, number = planner.catalogue, at.number
    names = {
        "article": Named(partial(catalogue.ref_digest, number), partial(catalogue.ref, number)),
        "live": Named(partial(blog_digest, planner, number), partial(blog, planner, number)),
    }
    return Draft(at.path, "updates", f"the updates of {at.source}", names, documents=(at.source,))


DRAFTS: Drafts = {"updates": _updates}
