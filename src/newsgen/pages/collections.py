"""The maker of the pages and feeds of collections, /NAME/, where newsgen.toml wants them."""

from __future__ import annotations

from collections.abc import Iterator

from newsgen.model import TermView
from newsgen.pages import channels, urls
from newsgen.pages.catalogue import plain
from newsgen.pages.listing import addresses, listing
from newsgen.pages.lists import feed_title
from newsgen.pages.planner import Address, Draft, Drafts, Planner


def pages(planner: Planner) -> Iterator[Address]:
    for name, asked in planner.settings.collections.items():
        numbers = planner.index.collections[name]
        if asked.has_page:
            yield from addresses(planner, "collection", planner.folder(name), "collection.html", name, 0, len(numbers))
        if asked.feed:
            yield from channels.addresses(planner, "collection feed", planner.folder(name), sorted(numbers), name)


def files(planner: Planner) -> list[str]:
    """The output files of the pages of collections that hold something, of each the first."""
    asked, held = planner.settings.collections, planner.index.collections
    return [urls.page_file(planner.folder(name)) for name, one in asked.items() if one.has_page and held[name]]


def _draft(planner: Planner, at: Address) -> Draft:
    one, numbers = planner.catalogue.collection(at.source), planner.index.collections[at.source]
    view = TermView(one.title, one.url, at.source, len(numbers), one.description, feed_url=one.feed_url)
    meta = planner.meta(
        planner.title(one.title, at.page),
        "collection",
        at.path,
        description=one.description if at.page == 1 else "",
        noindex=not numbers,
        feed_url=one.feed_url,
        feed_title=feed_title(planner, one),
    )
    shown = listing(planner, planner.folder(at.source), numbers, at.page)
    names = {"collection": plain(view), "listing": shown, "meta": plain(meta)}
    return planner.templated(at.path, at.what, f'collection "{at.source}" (newsgen.toml)', names)


def _feed(planner: Planner, at: Address) -> Draft:
    one, numbers = planner.catalogue.collection(at.what), sorted(planner.index.collections[at.what])
    title, of = feed_title(planner, one), f'the feed of collection "{at.what}"'
    return channels.draft_of(planner, at.path, of, numbers, title, one.description)


DRAFTS: Drafts = {"collection": _draft, "collection feed": _feed}
