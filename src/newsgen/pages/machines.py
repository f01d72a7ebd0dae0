"""The maker of feeds."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from newsgen.model import Meta
from newsgen.news.taxonomy import PLURAL
from newsgen.pages import urls
from newsgen.pages.catalogue import Named, plain
from newsgen.pages.index import term_folder
from newsgen.pages.lists import feed_title
from newsgen.pages.planner import Address, Draft, Drafts, Planner, owner


def pages(planner: Planner) -> Iterator[Address]:
    yield from _feeds(planner, "", "", 0, range(len(planner.index.ids)))
    for family in PLURAL:
        for number, entry in enumerate(planner.entries[family]):
            numbers = planner.catalogue.numbers(family, entry.key)
            yield from _feeds(planner, "/".join(term_folder(family, entry)), family, number, numbers)


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


DRAFTS: Drafts = {"feed": _feed}
