"""The maker of what machines read: feeds, the sitemap, robots.txt."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from newsgen import digest
from newsgen.model import Meta
from newsgen.news.taxonomy import PLURAL
from newsgen.pages import topics, urls
from newsgen.pages.catalogue import Named, changed, once, plain
from newsgen.pages.index import page_file, term_folder
from newsgen.pages.lists import feed_title
from newsgen.pages.planner import Address, Draft, Drafts, Planner, owner
from newsgen.pages.sitemaps import SitemapEntry


def pages(planner: Planner) -> Iterator[Address]:
    yield from _feeds(planner, "", "", 0, range(len(planner.index.ids)))
    for family in PLURAL:
        for number, entry in enumerate(planner.entries[family]):
            numbers = planner.catalogue.numbers(family, entry.key)
            yield from _feeds(planner, "/".join(term_folder(family, entry)), family, number, numbers)
    if planner.origin:
        yield Address("sitemap", "sitemap.xml")
    yield Address("robots", "robots.txt")


def _feeds(planner: Planner, folder: str, family: str, number: int, numbers: Sequence[int]) -> Iterator[Address]:
    if planner.catalogue.feed_url(folder, numbers):
        yield Address("feed", f"{folder}/feed.xml" if folder else "feed.xml", family, number=number)


def _feed(planner: Planner, at: Address) -> Draft:
    catalogue, settings, family = planner.catalogue, planner.settings, at.what
    entry = planner.entries[family][at.number] if family else None
    numbers: Sequence[int] = range(len(planner.index.ids))
    title, description, of = settings.title, settings.description, "the front page"
    if entry:
        numbers = catalogue.numbers(family, entry.key)
        title, of = feed_title(planner, entry), owner(family, entry)
        description = entry.term.description if entry.term else ""
    newest = [number for number in numbers[: settings.feeds.entries] if number < planner.index.dated]
    folder = at.path.removesuffix("feed.xml").strip("/")
    meta = Meta(
        title=title,
        description=description,
        url=planner.url(urls.numbered(folder, 1)),
        canonical="",
        kind="feed",
        language=settings.language,
        feed_url=planner.url(at.path),
        feed_title=title,
    )
    articles = Named(lambda: catalogue.refs_digest(newest), lambda: catalogue.refs(newest))
    names = {"articles": articles, "meta": plain(meta), "site": catalogue.site_named}
    full = settings.feeds.content == "full"
    documents = tuple([planner.index.ids[number] for number in newest]) if full else ()
    return Draft(at.path, "rss", f"the feed of {of}", names, documents=documents)


def _sitemap(planner: Planner, at: Address) -> Draft:
    entries = once(lambda: tuple(_entries(planner)), lambda: _entries_digest(planner))
    return Draft(at.path, "sitemap", "the sitemap", {"entries": entries})


def _entries_digest(planner: Planner) -> str:
    """A digest of all that the entries are made of, beside the settings."""
    cards = map(planner.catalogue.card, range(len(planner.index.files)))
    pairs = zip(planner.index.files, cards, strict=True)
    lines = [f"{file} {changed(card)}" for file, card in pairs if not card.unlisted]
    lines += [page_file(page) for page in planner.index.pages if not page.noindex]
    return digest.of_text("\n".join([*lines, *map(planner.absolute, _listed_terms(planner))]))


def _entries(planner: Planner) -> Iterator[SitemapEntry]:
    """Every address that is to be found, each with the date on which an article says that it changed."""
    yield SitemapEntry(planner.absolute(planner.base_path))
    for number, file in enumerate(planner.index.files):
        card = planner.catalogue.card(number)
        if not card.unlisted:
            yield SitemapEntry(planner.absolute(planner.url(file)), changed(card))
    for page in planner.index.pages:
        if not page.noindex:
            yield SitemapEntry(planner.absolute(planner.url(page_file(page))))
    for url in _listed_terms(planner):
        yield SitemapEntry(planner.absolute(url))


def _listed_terms(planner: Planner) -> Iterator[str]:
    for family, entries in planner.entries.items():
        for entry in entries:
            noindex = (entry.term and entry.term.noindex) or not planner.catalogue.listed(family, entry.key)
            if planner.catalogue.numbers(family, entry.key) and not noindex:
                yield planner.catalogue.term_url(family, entry)
    yield from map(planner.url, topics.files(planner))


def _robots(planner: Planner, at: Address) -> Draft:
    address = planner.absolute(planner.url("sitemap.xml")) if planner.origin else ""
    return Draft(at.path, "robots", "robots.txt", {"sitemap": plain(address)})


DRAFTS: Drafts = {"feed": _feed, "sitemap": _sitemap, "robots": _robots}
