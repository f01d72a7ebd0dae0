"""The maker of sitemaps, of each edition its own: every address that is to be found, and the news of two days.

What one file may not hold is divided into parts, and an index takes the place of the file: addresses by the years of
their articles, the oldest first, so that an edit rewrites one part; news by number.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from html import escape
from typing import Final

import msgspec

from newsgen import digest
from newsgen.model import Article, Card
from newsgen.pages import archives, collections, corrections, topics, urls
from newsgen.pages.catalogue import Named, changed, iso, once, plain
from newsgen.pages.index import page_file
from newsgen.pages.planner import Address, Draft, Drafts, Planner

MOST: Final = 50_000  # addresses in a sitemap
BYTES: Final = 50 * 1024 * 1024  # of a sitemap
MOST_NEWS: Final = 1_000  # articles in a news sitemap
ALL: Final = "sitemap.xml"
NEWS: Final = "news-sitemap.xml"

Item = int | str
"""The number of an article, or the rooted URL of another page."""
Parts = dict[str, Sequence[Item]]
"""What each file of a sitemap holds."""


class Entry(msgspec.Struct, frozen=True):
    """An absolute URL and when its page last changed, as ISO 8601; empty where that is not known."""

    url: str
    changed: str = ""


class NewsEntry(msgspec.Struct, frozen=True):
    """An article of the last two days; `published` is ISO 8601, `language` its own where it has one."""

    url: str
    title: str
    published: str
    language: str


# ---- planning -------------------------------------------------------------------------------------------------------


def pages(planner: Planner) -> Iterator[Address]:
    if planner.origin:
        yield from _files(planner, ALL, "sitemap", _parts)
    if planner.settings.has_news_sitemap:
        yield from _files(planner, NEWS, "news", _news_parts)


def addresses(planner: Planner) -> tuple[str, ...]:
    """The absolute URLs of the sitemaps of the site."""
    files = (*([ALL] if planner.origin else []), *([NEWS] if planner.settings.has_news_sitemap else []))
    return tuple([planner.absolute(planner.url(planner.folder(file))) for file in files])


def _files(planner: Planner, file: str, make: str, parts: Callable[[Planner], Parts]) -> Iterator[Address]:
    names = list(parts(planner))
    if names != [file]:
        yield Address("sitemap index", planner.folder(file), make)
    for name in names:
        yield Address(make, planner.folder(name), name)


def _parts(planner: Planner) -> Parts:
    return planner.kept(ALL, lambda: _divided(planner))


def _divided(planner: Planner) -> Parts:
    card, files = planner.catalogue.card, planner.index.files
    listed = [number for number in range(len(files)) if not card(number).unlisted]
    others = list(_others(planner))
    longest = max(len(planner.origin) + len(planner.base_path) + 12 * len(max(files, key=len, default="")), 1)
    most = max(min(MOST, BYTES // (longest + 100)), 1)  # of a path's character at most 12 bytes come
    if len(listed) + len(others) <= most:
        return {ALL: [*others[:1], *listed, *others[1:]]}
    groups: dict[str, list[Item]] = {"pages": [*others]}
    for number in reversed(listed):
        date = card(number).date
        groups.setdefault(f"{date.year:04}" if date else "undated", []).append(number)
    found: Parts = {}
    for group, items in sorted(groups.items()):
        for start in range(0, len(items), most):
            more = f"-{start // most + 1}" if start else ""
            found[f"sitemap-{group}{more}.xml"] = items[start : start + most]
    return found


def _others(planner: Planner) -> Iterator[str]:
    """The addresses of all that is no article, the front page first."""
    yield planner.site.url
    for page in planner.index.pages:
        if not page.noindex:
            yield planner.url(page_file(page, planner.edition))
    if planner.index.corrections:
        yield planner.url(urls.page_file(planner.folder(corrections.FOLDER)))
    for family, entries in planner.entries.items():
        for entry in entries:
            noindex = (entry.term and entry.term.noindex) or not planner.catalogue.listed(family, entry.key)
            if planner.catalogue.numbers(family, entry.key) and not noindex:
                yield planner.catalogue.term_url(family, entry)
    yield from map(planner.url, (*topics.files(planner), *collections.files(planner), *archives.files(planner)))


def _news_parts(planner: Planner) -> Parts:
    numbers = [number for number in range(planner.index.recent) if not planner.catalogue.card(number).unlisted]
    if len(numbers) <= MOST_NEWS:
        return {NEWS: numbers}
    starts = range(0, len(numbers), MOST_NEWS)
    return {f"news-sitemap-{n}.xml": numbers[start : start + MOST_NEWS] for n, start in enumerate(starts, 1)}


def _index(planner: Planner, at: Address) -> Draft:
    parts = _parts(planner) if at.what == "sitemap" else _news_parts(planner)
    urls = tuple([planner.absolute(planner.url(planner.folder(name))) for name in parts])
    return Draft(at.path, "sitemap index", "the sitemap", {"parts": plain(urls)})


def _sitemap(planner: Planner, at: Address) -> Draft:
    items = _parts(planner)[at.what]
    card, files = planner.catalogue.card, planner.index.files

    def of() -> str:
        lines = [f"{files[one]} {changed(card(one))}" if isinstance(one, int) else one for one in items]
        return digest.of_text("\n".join((planner.origin, *lines)))

    def value() -> tuple[Entry, ...]:
        return tuple(
            [
                Entry(planner.absolute(planner.url(files[one])), changed(card(one)))
                if isinstance(one, int)
                else Entry(planner.absolute(one))
                for one in items
            ]
        )

    return Draft(at.path, "sitemap", "the sitemap", {"entries": once(value, of)})


def _news(planner: Planner, at: Address) -> Draft:
    numbers = [one for one in _news_parts(planner)[at.what] if isinstance(one, int)]
    card, files = planner.catalogue.card, planner.index.files

    def of() -> str:
        return digest.of_text("\n".join([f"{card(one).head} {files[one]} {_published(card(one))}" for one in numbers]))

    def value() -> tuple[NewsEntry, ...]:
        articles = [(planner.catalogue.article(one), planner.url(files[one])) for one in numbers]
        return tuple([NewsEntry(planner.absolute(url), a.title, _published(a), a.lang) for a, url in articles])

    publication = plain((planner.settings.title, planner.settings.language))
    names = {"entries": Named(of, value), "publication": publication}
    return Draft(at.path, "news sitemap", "the news sitemap", names)


def _published(article: Article | Card) -> str:
    return iso(article.date, article.date_only)


DRAFTS: Drafts = {"sitemap": _sitemap, "news": _news, "sitemap index": _index}


# ---- rendering ------------------------------------------------------------------------------------------------------

_XML: Final = '<?xml version="1.0" encoding="UTF-8"?>\n'
_NS: Final = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'
_NEWS_NS: Final = 'xmlns:news="http://www.google.com/schemas/sitemap-news/0.9"'


def sitemap(entries: Sequence[Entry]) -> bytes:
    """The sitemap as UTF-8. A date is given only where an article states it; the build's own would be a lie."""
    rows: list[str] = []
    for one in entries:
        lastmod = one.changed and f"<lastmod>{one.changed}</lastmod>"
        rows.append(f"<url><loc>{escape(one.url, quote=False)}</loc>{lastmod}</url>\n")
    return f"{_XML}<urlset {_NS}>\n{''.join(rows)}</urlset>\n".encode()


def sitemap_index(parts: Sequence[str]) -> bytes:
    """The index that leads to the parts. When a part changed is not known: an address may have gone from it."""
    rows = "".join([f"<sitemap><loc>{escape(url, quote=False)}</loc></sitemap>\n" for url in parts])
    return f"{_XML}<sitemapindex {_NS}>\n{rows}</sitemapindex>\n".encode()


def news_sitemap(entries: Sequence[NewsEntry], publication: tuple[str, str]) -> bytes:
    """The news sitemap as UTF-8; `publication` is its name and language."""
    name, language = publication
    rows = "".join(
        [
            f"<url><loc>{escape(one.url, quote=False)}</loc><news:news><news:publication>"
            f"<news:name>{escape(name, quote=False)}</news:name>"
            f"<news:language>{news_language(one.language or language)}</news:language></news:publication>"
            f"<news:publication_date>{one.published}</news:publication_date>"
            f"<news:title>{escape(one.title, quote=False)}</news:title></news:news></url>\n"
            for one in entries
        ]
    )
    return f"{_XML}<urlset {_NS} {_NEWS_NS}>\n{rows}</urlset>\n".encode()


def news_language(tag: str) -> str:
    """A language tag as news sitemaps want it: two or three letters, but zh-cn or zh-tw for Chinese."""
    first, *others = tag.lower().replace("_", "-").split("-")
    if first != "zh":
        return first
    return "zh-cn" if {"hant", "tw", "hk", "mo"}.isdisjoint(others) else "zh-tw"
