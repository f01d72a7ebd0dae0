"""The maker of pages that list articles: the front page, tags, authors, series, sections, and indexes of these."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from newsgen import digest, model
from newsgen.content import cards
from newsgen.content.slugs import slug_of
from newsgen.model import TermView
from newsgen.news.taxonomy import PLURAL, Entry
from newsgen.pages import topics, urls
from newsgen.pages.catalogue import Named, once, plain
from newsgen.pages.index import term_folder
from newsgen.pages.listing import addresses, listing
from newsgen.pages.planner import Address, Draft, Drafts, Planner, owner

_NO_TAGS: Final = once(lambda: ())


def pages(planner: Planner) -> Iterator[Address]:
    yield from addresses(planner, "home", planner.edition, "home.html", "", 0, len(planner.index.ids))
    for family in PLURAL:
        for number, entry in enumerate(planner.entries[family]):
            yield from _term_pages(planner, family, entry, number)
    yield Address("index", urls.page_file(planner.folder("tags")), "tag")
    yield Address("index", urls.page_file(planner.folder("authors")), "author")
    if not planner.edition:
        yield Address("404", "404.html")


def _term_pages(planner: Planner, family: str, entry: Entry, number: int) -> Iterator[Address]:
    folder = term_folder(family, entry.slug, planner.edition)
    default = f"{family}.html"
    term = entry.term
    template = planner.template(term.id, term.template, default) if term else default
    total = len(planner.catalogue.numbers(family, entry.key))
    yield from addresses(planner, "term", folder, template, family, number, total)
    if term:
        file = f"{folder}/index.html"
        src = term.image.src if term.image else ""
        if src:
            planner.expect_picture(term.id, src, file)
        yield from planner.beside(term.id, file, (*cards.beside(term.body), *([src] if src else [])))


def aliases(planner: Planner) -> Iterator[Address]:
    """A redirect from the address that each other name of a tag, an author, a series or a section would have.

    Of what the site lends to an edition there was never another name there.
    """
    edition_of = planner.catalogue.library.settings.edition_of
    for family, entries in planner.entries.items():
        slugs = {entry.slug.casefold() for entry in entries}
        for entry in entries:
            own = entry.term and edition_of(entry.term.lang) == planner.edition
            for slug in dict.fromkeys(map(slug_of, entry.term.aliases if entry.term and own else ())):
                if slug not in slugs:
                    file = urls.page_file(term_folder(family, slug, planner.edition))
                    yield Address("alias", file, source=entry.source)


def _home(planner: Planner, at: Address) -> Draft:
    first = at.page == 1
    feed_url, feed_title = planner.feed_names
    meta = planner.meta(
        planner.settings.title if first else planner.language.say("Page %(number)s", number=at.page),
        "home",
        at.path,
        description=planner.settings.description if first else "",
        feed_url=feed_url,
        feed_title=feed_title,
    )
    shown = listing(planner, planner.edition, range(len(planner.index.ids)), at.page)
    names = {"listing": shown, "translations": plain(planner.site.editions if first else ()), "meta": plain(meta)}
    owner = f"the front page of the edition {planner.edition}" if planner.edition else "the front page"
    return planner.templated(at.path, at.what, owner, names)


def _term(planner: Planner, at: Address) -> Draft:
    family = at.source
    entry = planner.entries[family][at.number]
    term, first = entry.term, at.page == 1
    folder = term_folder(family, entry.slug, planner.edition)
    numbers = planner.catalogue.numbers(family, entry.key)
    meta = planner.meta(
        planner.title(entry.title, at.page),
        family,
        at.path,
        description=term.description if term and first else "",
        noindex=bool(term and term.noindex) or not planner.catalogue.listed(family, entry.key),
        section=entry.slug if family == "section" else "",
        feed_url=planner.catalogue.feed_url(folder, numbers),
        feed_title=feed_title(planner, entry),
    )
    view = planner.kept((family, entry.key), lambda: once(lambda: _view(planner, family, entry)))
    shown = planner.index.parts.get(entry.key, ()) if family == "series" else numbers
    names = {family: view, "listing": listing(planner, folder, shown, at.page), "meta": plain(meta)}
    if family == "tag":
        names["related_tags"] = _related(planner, entry.key) if first else _NO_TAGS
    documents = (term.id,) if term and term.body.digest else ()
    return planner.templated(at.path, at.what, owner(family, entry), names, family, documents, meta.section)


def _related(planner: Planner, key: str) -> Named:
    """The tags that go with one; counted only where a template reads them."""
    return Named(lambda: digest.of_value(topics.related(planner, key)), lambda: topics.related(planner, key))


def feed_title(planner: Planner, entry: Entry | model.Collection) -> str:
    """The title of the feed of a tag, an author, a section or a collection."""
    return f"{entry.title} - {planner.settings.title}"


def _view(planner: Planner, family: str, entry: Entry) -> TermView:
    """A tag, author or section as its pages see it."""
    term = entry.term
    refs = planner.catalogue.terms[family]
    implied = planner.index.vocabularies[family].implied
    numbers = planner.catalogue.numbers(family, entry.key)
    folder = term_folder(family, entry.slug, planner.edition)
    file = f"{folder}/index.html"
    return TermView(
        title=entry.title,
        url=planner.url(file),
        slug=entry.slug,
        count=len(numbers),
        description=term.description if term else "",
        feed_url=planner.catalogue.feed_url(folder, numbers),
        parents=tuple(refs[key] for key in implied.get(entry.key, ())),
        children=tuple(refs[key] for key in sorted(key for key, above in implied.items() if entry.key in above)),
        image=planner.catalogue.image(term.id, term.image, file) if term else None,
        same_as=term.same_as if term else (),
        blocks=term.body.block_names if term else (),
        extra=term.extra if term else model.Extra(),
    )


def _index(planner: Planner, at: Address) -> Draft:
    plural = PLURAL[at.what]
    named = planner.catalogue.whole_site[plural]
    title = planner.language.say("Tags") if plural == "tags" else planner.language.say("Authors")
    of = f"{plural} {title} "
    index = once(lambda: model.TermIndex(title, plural, named.value()), lambda: digest.of_text(of + named.digest()))
    meta = planner.meta(title, plural, at.path, noindex=not named.value())
    return planner.templated(at.path, "list.html", f"the index of {plural}", {"index": index, "meta": plain(meta)})


def _404(planner: Planner, at: Address) -> Draft:
    meta = planner.meta(planner.language.say("Page not found"), "404", at.path, noindex=True)
    return planner.templated(at.path, "404.html", "the 404 page", {"meta": plain(meta)})


DRAFTS: Drafts = {"home": _home, "term": _term, "index": _index, "404": _404}
