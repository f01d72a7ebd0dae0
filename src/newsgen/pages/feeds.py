"""RSS 2.0, Atom 1.0 and JSON Feed 1.1 of a list of articles, with their full text or their summaries.

What is costly of an entry, its text with absolute links, is made once for all feeds that carry it.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Sequence
from html import escape
from typing import Any, Final, NamedTuple
from urllib.parse import urlsplit

import msgspec

from newsgen.model import ArticleRef, Channel, PlannedBody
from newsgen.pages.filters import absolute_url

MOST: Final = 16_000_000  # bytes of entries that a process keeps for its next feed
HEADS: Final = 2000  # bytes of an entry beside its text, about
PICTURES: Final = {
    one: f"image/{one}" for one in ("avif", "gif", "jpeg", "png", "webp")
} | {"jpg": "image/jpeg", "svg": "image/svg+xml"}  # fmt: skip

_ROOTED: Final = re.compile(r'((?:href|src|poster)=")(/(?!/)[^"]*|#[^"]*)"')


class Entry:
    """An article for feeds: its text as UTF-8, and what each format says before it, made when it is first asked for."""

    def __init__(self, article: ArticleRef, html: bytes, origin: str) -> None:
        self.article, self.html, self.origin = article, html, origin
        self.url = absolute_url(article.url, origin)
        self._heads: dict[str, bytes] = {}

    def head(self, form: str, make: Callable[[Entry], bytes]) -> bytes:
        if form not in self._heads:
            self._heads[form] = make(self)
        return self._heads[form]

    def absolute(self, url: str) -> str:
        return absolute_url(url, self.origin)

    def escaped(self) -> bytes:
        """The text as XML carries it."""
        return self.html.replace(b"&", b"&amp;").replace(b"<", b"&lt;").replace(b">", b"&gt;")


class Entries:
    """Articles as entries, each made once for all the feeds that carry it; those longest unused go first."""

    def __init__(self, origin: str) -> None:
        self._origin = origin
        self._kept: dict[tuple[int, PlannedBody | None], Entry] = {}
        self._size = 0

    def of(self, article: ArticleRef, body: PlannedBody | None, html: Callable[[PlannedBody], str]) -> Entry:
        """The entry of `article`, with the HTML of `body` where the feed carries full texts."""
        key = (id(article), body)  # the very value, which the entry holds: moments of two zones are equal, yet differ
        entry = self._kept.pop(key, None)
        if entry is None:
            url = absolute_url(article.url, self._origin)
            text = absolute_html(html(body), url, self._origin) if body else b""
            entry = Entry(article, text, self._origin)
            self._size += len(text) + HEADS
        self._kept[key] = entry
        while self._size > MOST:
            self._size -= len(self._kept.pop(next(iter(self._kept))).html) + HEADS
        return entry


def absolute_html(html: str, url: str, origin: str) -> bytes:
    """`html` as UTF-8 with its rooted links and anchors made absolute, as a reader far from the site needs them."""
    data = html.encode()
    if b'="/' not in data and b'="#' not in data:  # most bodies: a search of bytes costs a tenth of the pattern
        return data
    return _ROOTED.sub(lambda found: f'{found[1]}{url if found[2][0] == "#" else origin}{found[2]}"', html).encode()


def picture_type(url: str) -> str:
    """The media type that the name of a picture tells; empty where it tells none."""
    return PICTURES.get(urlsplit(url).path.rpartition(".")[2].lower(), "")


def _newest(entries: Sequence[Entry]) -> dt.datetime | None:
    """The newest change of what the feed holds: a feed is never dated by the clock of the build."""
    return max([date for one in entries for date in (one.article.date, one.article.updated) if date], default=None)


def _iso(date: dt.datetime | None) -> str:
    return date.isoformat() if date else ""


def _element(name: str, text: str, attributes: str = "") -> str:
    return f"<{name}{attributes}>{escape(text, quote=False)}</{name}>\n" if text else ""


def _empty(name: str, **attributes: str) -> str:
    return f"<{name}{_attributes(**attributes)}/>\n"


def _attributes(**given: str) -> str:
    return "".join([f' {name}="{escape(value)}"' for name, value in given.items() if value])


# ---- RSS ------------------------------------------------------------------------------------------------------------


def rss(channel: Channel, entries: Sequence[Entry]) -> bytes:
    newest, title = _newest(entries), _element("title", channel.title)
    logo, link = channel.logo, _element("link", channel.url)
    image = f"<image>\n{_element('url', logo)}{title}{link}</image>\n" if logo else ""
    hub = _empty("atom:link", rel="hub", href=channel.hub) if channel.hub else ""
    head = f"""<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0" xmlns:atom="http://www.w3.org/2005/Atom" xmlns:content="http://purl.org/rss/1.0/modules/content/" \
xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:media="http://search.yahoo.com/mrss/">
<channel>
{title}{link}{_element("description", channel.description)}{_element("language", channel.language)}\
{_empty("atom:link", rel="self", type="application/rss+xml", href=channel.feed_url)}\
{hub}{_element("lastBuildDate", _rfc822(newest))}{image}"""
    return b"".join((head.encode(), *map(_item, entries), b"</channel>\n</rss>\n"))


def _item(entry: Entry) -> bytes:
    head = entry.head("rss", _item_head)
    text = b"<content:encoded>%s</content:encoded>\n" % entry.escaped() if entry.html else b""
    return b"%s%s</item>\n" % (head, text)


def _item_head(entry: Entry) -> bytes:
    article = entry.article
    parts = [
        _element("title", article.title),
        _element("link", entry.url),
        _element("guid", entry.url, ' isPermaLink="true"'),
        _element("pubDate", _rfc822(article.date)),
        *[_element("dc:creator", author.title) for author in article.authors],
        _element("dc:language", article.lang),
        *[_element("category", tag.title) for tag in article.tags],
        _element("description", article.summary),
    ]
    if image := article.image:
        credit = _element("media:credit", image.credit)  # feedparser takes a media:description for the text
        picture = _attributes(url=entry.absolute(image.src), type=picture_type(image.src), medium="image")
        parts.append(f"<media:content{picture}>{credit}</media:content>\n")
    return f"<item>\n{''.join(parts)}".encode()


def _rfc822(date: dt.datetime | None) -> str:
    from email.utils import format_datetime

    return format_datetime(date) if date else ""


# ---- Atom -----------------------------------------------------------------------------------------------------------


def atom(channel: Channel, entries: Sequence[Entry]) -> bytes:
    newest = _newest(entries)
    hub = _empty("link", rel="hub", href=channel.hub) if channel.hub else ""
    head = f"""<?xml version="1.0" encoding="UTF-8"?>
<feed xmlns="http://www.w3.org/2005/Atom"{_attributes(**{"xml:lang": channel.language})}>
{_element("id", channel.feed_url)}{_element("title", channel.title)}{_element("subtitle", channel.description)}\
{_element("updated", _iso(newest))}\
{_empty("link", rel="self", type="application/atom+xml", href=channel.feed_url)}\
{_empty("link", rel="alternate", type="text/html", href=channel.url)}\
{hub}<author>
{_element("name", channel.publisher)}{_element("uri", channel.home)}</author>
{_element("logo", channel.logo)}"""
    return b"".join((head.encode(), *map(_atom_entry, entries), b"</feed>\n"))


def _atom_entry(entry: Entry) -> bytes:
    head = entry.head("atom", _atom_head)
    text = b'<content type="html">%s</content>\n' % entry.escaped() if entry.html else b""
    return b"%s%s</entry>\n" % (head, text)


def _atom_head(entry: Entry) -> bytes:
    article, image = entry.article, entry.article.image
    parts = [
        _element("id", entry.url),
        _element("title", article.title),
        _empty("link", rel="alternate", type="text/html", href=entry.url),
        _element("published", _iso(article.date)),
        _element("updated", _iso(article.updated or article.date)),
        *[
            f"<author>\n{_element('name', one.title)}{_element('uri', entry.absolute(one.url))}</author>\n"
            for one in article.authors
        ],
        *[_empty("category", term=tag.title) for tag in article.tags],
        _element("summary", article.summary),
    ]
    if image:
        url = entry.absolute(image.src)
        parts.append(_empty("link", rel="enclosure", type=picture_type(url), href=url))
    return f"<entry{_attributes(**{'xml:lang': article.lang})}>\n{''.join(parts)}".encode()


# ---- JSON Feed ------------------------------------------------------------------------------------------------------


def json_feed(channel: Channel, entries: Sequence[Entry]) -> bytes:
    told: dict[str, Any] = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": channel.title,
        "description": channel.description,
        "home_page_url": channel.url,
        "feed_url": channel.feed_url,
        "icon": channel.logo,
        "language": channel.language,
        "authors": [{"name": channel.publisher, "url": channel.home}],
        "hubs": [{"type": "WebSub", "url": channel.hub}] if channel.hub else [],
    }
    items = [msgspec.Raw(_json_item(entry)) for entry in entries]
    return msgspec.json.encode({**stated(told), "items": items}) + b"\n"


def _json_item(entry: Entry) -> bytes:
    head = entry.head("json", _json_head)
    summary = entry.article.summary
    text = ("content_html", entry.html.decode()) if entry.html else ("content_text", summary)  # one of them must be
    return b'%s,"%s":%s}' % (head, text[0].encode(), msgspec.json.encode(text[1]))


def _json_head(entry: Entry) -> bytes:
    article = entry.article
    told: dict[str, Any] = {
        "id": entry.url,
        "url": entry.url,
        "title": article.title,
        "summary": article.summary,
        "image": entry.absolute(article.image.src) if article.image else "",
        "date_published": _iso(article.date),
        "date_modified": _iso(article.updated),
        "authors": [{"name": one.title, "url": entry.absolute(one.url)} for one in article.authors],
        "tags": [tag.title for tag in article.tags],
        "language": article.lang,
    }
    return msgspec.json.encode(stated(told))[:-1]


def stated(table: dict[str, Any]) -> dict[str, Any]:
    """What a table states: nothing is told of what is not known."""
    return {name: value for name, value in table.items() if value or value is False}


class Format(NamedTuple):
    """A format of feeds: its name in the settings, its media type, and what writes it."""

    name: str
    type: str
    write: Callable[[Channel, Sequence[Entry]], bytes]


FORMATS: Final = {
    "feed.xml": Format("rss", "application/rss+xml", rss),
    "atom.xml": Format("atom", "application/atom+xml", atom),
    "feed.json": Format("json", "application/feed+json", json_feed),
}
"""The formats by the names of their files."""
