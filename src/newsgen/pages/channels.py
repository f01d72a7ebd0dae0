"""The maker of feeds: of the site, and of every tag, author, series and section that has a dated article.

Another maker gives a list of its own the same feeds with `addresses` and `draft_of`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from newsgen.config import FILE
from newsgen.diagnostics import Place, warning
from newsgen.model import Channel
from newsgen.news.taxonomy import PLURAL
from newsgen.pages import urls
from newsgen.pages.catalogue import Named, once
from newsgen.pages.feeds import FORMATS
from newsgen.pages.index import term_folder
from newsgen.pages.lists import feed_title
from newsgen.pages.planner import Address, Draft, Drafts, Planner, owner


def pages(planner: Planner) -> Iterator[Address]:
    logo = "" if planner.edition else planner.settings.publisher.logo
    if logo and not planner.catalogue.site.logo:
        help = "Put it under static/ and begin its path with a slash; the site appears without a logo."
        message = f'the picture that publisher.logo names, "{logo}", does not exist'
        planner.diagnostics.append(warning("NG-412", Place(FILE), message, help))
    yield from addresses(planner, "feed", planner.edition, range(len(planner.index.ids)))
    for family in PLURAL:
        for number, entry in enumerate(planner.entries[family]):
            numbers = planner.catalogue.numbers(family, entry.key)
            yield from addresses(
                planner, "feed", term_folder(family, entry.slug, planner.edition), numbers, family, number
            )


def addresses(
    planner: Planner, make: str, folder: str, numbers: Sequence[int], what: str = "", number: int = 0
) -> Iterator[Address]:
    """The feeds of a list of articles, one of each format; none where it has no dated article."""
    if planner.catalogue.feed_url(folder, numbers):
        for name in planner.catalogue.feed_files:
            yield Address(make, f"{folder}/{name}" if folder else name, what, number=number)


def draft_of(
    planner: Planner, path: str, of: str, numbers: Sequence[int], title: str, description: str = "", language: str = ""
) -> Draft:
    """The feed at `path` of the articles `numbers`, newest first. `of` says whose it is."""
    catalogue, settings = planner.catalogue, planner.settings
    newest = [number for number in numbers[: settings.feeds.entries] if number < planner.index.dated]
    folder, _, name = path.rpartition("/")

    def channel() -> Channel:
        return Channel(
            title=title,
            description=description or settings.description or settings.title,
            url=planner.absolute(planner.url(urls.numbered(folder, 1))),
            feed_url=planner.absolute(planner.url(path)),
            language=language or settings.language,
            publisher=settings.publisher.name or settings.title,
            home=planner.absolute(planner.site.url),
            logo=planner.absolute(catalogue.site.logo),
            hub=settings.feeds.hub,
        )

    articles = Named(lambda: catalogue.refs_digest(newest), lambda: catalogue.refs(newest))
    full = settings.feeds.content == "full"
    documents = tuple([planner.index.ids[number] for number in newest]) if full else ()
    return Draft(path, FORMATS[name].name, of, {"articles": articles, "channel": once(channel)}, documents=documents)


def _feed(planner: Planner, at: Address) -> Draft:
    family = at.what
    if not family:
        numbers: Sequence[int] = range(len(planner.index.ids))
        return draft_of(planner, at.path, "the feed of the front page", numbers, planner.settings.title)
    entry = planner.entries[family][at.number]
    numbers = planner.catalogue.numbers(family, entry.key)
    description = entry.term.description if entry.term else ""
    of = f"the feed of {owner(family, entry)}"
    return draft_of(planner, at.path, of, numbers, feed_title(planner, entry), description)


DRAFTS: Drafts = {"feed": _feed}
