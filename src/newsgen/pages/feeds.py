"""RSS 2.0 of a list of articles, with their full text or their summaries."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Sequence
from html import escape as escape_html
from typing import Final

from newsgen import digest
from newsgen.model import ArticleRef, Meta, PlannedBody, Site
from newsgen.pages.filters import absolute_url

MOST: Final = 16_000_000  # bytes of entries that a process keeps for its next feed

_ROOTED: Final = re.compile(r'((?:href|src)=")(/(?!/)[^"]*|#[^"]*)"')


class Entries:
    """Articles as entries, each made once for all the feeds that carry it; those longest unused go first."""

    def __init__(self, origin: str) -> None:
        self._origin = origin
        self._kept: dict[tuple[str, PlannedBody | None], bytes] = {}
        self._size = 0

    def of(self, article: ArticleRef, body: PlannedBody | None, html: Callable[[PlannedBody], str]) -> bytes:
        """The entry of `article` as UTF-8, with the HTML of `body` where the feed carries full texts."""
        key = (digest.of_value(article), body)  # not the value: moments of two zones are equal, and print differently
        data = self._kept.pop(key, None)
        if data is None:
            data = _entry(article, html(body) if body else "", self._origin)
            self._size += len(data)
        self._kept[key] = data
        while self._size > MOST:
            self._size -= len(self._kept.pop(next(iter(self._kept))))
        return data


def rss(site: Site, meta: Meta, articles: Sequence[ArticleRef], entries: Sequence[bytes], origin: str) -> bytes:
    """The feed of `articles` as UTF-8. Its date is that of its newest entry, never that of the build."""
    feed_url = escape(absolute_url(meta.feed_url, origin)).replace('"', "&quot;")
    head = f"""<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0" xmlns:atom="http://www.w3.org/2005/Atom" xmlns:content="http://purl.org/rss/1.0/modules/content/" \
xmlns:dc="http://purl.org/dc/elements/1.1/">
<channel>
<title>{escape(meta.feed_title or site.title)}</title>
<link>{escape(absolute_url(meta.url, origin))}</link>
<description>{escape(meta.description or site.description or site.title)}</description>
<language>{escape(meta.language)}</language>
<atom:link href="{feed_url}" rel="self" type="application/rss+xml"/>
{_newest(articles)}"""
    return b"".join((head.encode(), *entries, b"</channel>\n</rss>\n"))


def escape(text: str) -> str:
    return escape_html(text, quote=False)


def absolute_html(html: str, url: str, origin: str) -> bytes:
    """`html` as UTF-8 with its rooted links and anchors made absolute, as a reader far from the site needs them."""
    data = html.encode()
    if b'="/' not in data and b'="#' not in data:  # most bodies: a search of bytes costs a tenth of the pattern
        return data
    return _ROOTED.sub(lambda found: f'{found[1]}{url if found[2][0] == "#" else origin}{found[2]}"', html).encode()


def _newest(articles: Sequence[ArticleRef]) -> str:
    dates = [date for article in articles for date in (article.date, article.updated) if date]
    return f"<lastBuildDate>{_rfc822(max(dates))}</lastBuildDate>\n" if dates else ""


def _entry(article: ArticleRef, html: str, origin: str) -> bytes:
    url = absolute_url(article.url, origin)
    lines = [f"<title>{escape(article.title)}</title>", f"<link>{escape(url)}</link>"]
    lines.append(f'<guid isPermaLink="true">{escape(url)}</guid>')
    if article.date:
        lines.append(f"<pubDate>{_rfc822(article.date)}</pubDate>")
    lines += [f"<dc:creator>{escape(author.title)}</dc:creator>" for author in article.authors]
    lines += [f"<category>{escape(tag.title)}</category>" for tag in article.tags]
    if article.summary:
        lines.append(f"<description>{escape(article.summary)}</description>")
    head = "<item>\n" + "\n".join(lines)
    if not html:
        return f"{head}\n</item>\n".encode()
    text = absolute_html(html, url, origin).replace(b"&", b"&amp;").replace(b"<", b"&lt;").replace(b">", b"&gt;")
    return b"%s\n<content:encoded>%s</content:encoded>\n</item>\n" % (head.encode(), text)


def _rfc822(date: dt.datetime) -> str:
    from email.utils import format_datetime

    return format_datetime(date)
