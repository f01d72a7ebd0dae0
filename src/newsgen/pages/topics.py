"""The maker of pages of two tags, /tags/ONE+TWO/, and the tags that the page of a tag names as related."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from newsgen.content.slugs import offence
from newsgen.model import RelatedTag, TermView
from newsgen.news import cooccurrence
from newsgen.news.cooccurrence import Partners
from newsgen.pages import urls
from newsgen.pages.catalogue import plain
from newsgen.pages.listing import addresses, listing
from newsgen.pages.planner import Address, Draft, Drafts, Planner

RELATED: Final = 8  # tags that the page of a tag names, beside all with which it shares a page


def pages(planner: Planner) -> Iterator[Address]:
    for slug, keys in _combined(planner).items():
        folder, total = planner.folder("tags", slug), len(_numbers(planner, keys))
        yield from addresses(planner, "combined", folder, "collection.html", slug, 0, total)


def files(planner: Planner) -> list[str]:
    """The output files of all pages of two tags, of each the first."""
    return [urls.page_file(planner.folder("tags", slug)) for slug in _combined(planner)]


def related(planner: Planner, key: str) -> tuple[RelatedTag, ...]:
    """The tags that go best with a tag, and all with which it shares a page."""
    refs = planner.catalogue.terms["tag"]
    slugs = planner.kept("slugs", lambda: {keys: slug for slug, keys in _combined(planner).items()})
    found: list[RelatedTag] = []
    for rank, (other, count) in enumerate(_partners(planner).get(key, {}).items()):
        slug = slugs.get((min(key, other), max(key, other)))
        if slug or (rank < RELATED and planner.catalogue.listed("tag", other)):
            ref = refs[other]
            url = planner.url(urls.page_file(planner.folder("tags", slug))) if slug else ""
            found.append(RelatedTag(ref.title, ref.url, ref.slug, count, url))
    return tuple(found)


def _partners(planner: Planner) -> Partners:
    implied = planner.index.vocabularies["tag"].implied
    return planner.kept("partners", lambda: cooccurrence.partners(planner.index.members["tag"], implied))


def _combined(planner: Planner) -> dict[str, tuple[str, str]]:
    """The keys of the two tags of each page by its slug."""
    least, refs = planner.settings.tags.combine, planner.catalogue.terms["tag"]

    def made() -> dict[str, tuple[str, str]]:
        pairs = cooccurrence.pairs(_partners(planner), least) if least else ()
        slugs = {"+".join(sorted(refs[key].slug for key in pair)): pair for pair in pairs}
        return {slug: slugs[slug] for slug in sorted(slugs) if not offence(slug)}

    return planner.kept("combined", made)


def _numbers(planner: Planner, keys: tuple[str, str]) -> Sequence[int]:
    one, two = (planner.catalogue.numbers("tag", key) for key in keys)
    return sorted({*one} & {*two})


def _draft(planner: Planner, at: Address) -> Draft:
    keys = _combined(planner)[at.source]
    refs = sorted([planner.catalogue.terms["tag"][key] for key in keys], key=lambda ref: ref.slug)
    numbers = _numbers(planner, keys)
    folder, title = planner.folder("tags", at.source), " + ".join(ref.title for ref in refs)
    view = TermView(title, planner.url(urls.numbered(folder, 1)), at.source, len(numbers), parents=tuple(refs))
    meta = planner.meta(planner.title(title, at.page), "tag", at.path)
    names = {"collection": plain(view), "listing": listing(planner, folder, numbers, at.page), "meta": plain(meta)}
    return planner.templated(at.path, at.what, f'the page of the tags "{title}"', names)


DRAFTS: Drafts = {"combined": _draft}
