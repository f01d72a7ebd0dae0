"""The index of a site: which articles it has, in which order and where, and what each tag, author and section holds."""

from __future__ import annotations

import datetime as dt
import posixpath
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import chain
from urllib.parse import unquote

import msgspec

from newsgen.config import PERMALINK, Settings
from newsgen.content.pictures import Facts
from newsgen.content.slugs import identity, slug_of
from newsgen.model import Article, Card, Font, Page, StaticFile
from newsgen.news import coverage
from newsgen.news.archives import by_period
from newsgen.news.changes import Change
from newsgen.news.collections import gather
from newsgen.news.select import Selection, State, reason, state
from newsgen.news.series import in_order
from newsgen.news.taxonomy import PLURAL, ByName, Entry, Vocabulary, members
from newsgen.news.window import recent
from newsgen.pages import urls


class Measured(msgspec.Struct, frozen=True):
    """A picture that a page names, and what is known of it."""

    file: StaticFile
    facts: Facts


class Index(msgspec.Struct, frozen=True):
    """The published articles of an edition by number, newest first, undated last; `files` are the files of their pages.

    `edition` is its folder, `sections` are the keys of their sections. The first `dated` have a date, the first
    `recent` are news. `members` gives the numbers under each key of a family, `parts` those of a series in the order of
    its parts. `withdrawn` are the output files of the notices in place of withdrawn articles, by id. `corrections` are
    the newest first, each the number of an article and its place among those of that article. `year` is that of the
    moment, `over` are the ids of live blogs whose coverage has ended, `breaking` is whether there are breaking news.
    `translations` are the language and the file of an article in each of its languages, the original first, by its
    number. It holds for every moment from `since` on (None: ever) until before the first change that is `coming`.
    `archive` gives the numbers of each year, month or day, whichever is the finest, `collections` those of each
    collection in its order.
    """

    edition: str
    ids: tuple[str, ...]
    files: tuple[str, ...]
    sections: tuple[str, ...]
    dated: int
    vocabularies: dict[str, Vocabulary]
    members: dict[str, dict[str, list[int]]]
    parts: dict[str, list[int]]
    pages: tuple[Page, ...]
    withheld: tuple[tuple[str, State], ...]
    withdrawn: dict[str, str]
    corrections: tuple[tuple[int, int], ...]
    year: int
    recent: int
    over: tuple[str, ...] = ()
    breaking: bool = False
    translations: dict[int, tuple[tuple[str, str], ...]] = {}
    since: dt.datetime | None = None
    coming: tuple[Change, ...] = ()
    related: list[list[int]] = []
    """Those related to each article; empty where no template reads them."""
    archive: dict[str, list[int]] = {}
    collections: dict[str, list[int]] = {}

    def holds_at(self, moment: dt.datetime) -> bool:
        return (self.since is None or self.since <= moment) and (not self.coming or moment < self.coming[0].at)


class Editions(msgspec.Struct, frozen=True):
    """The index of each edition by its folder, the site's own first; and the pictures that any of their pages names, by
    the digests of their bytes; and the fonts of social cards by their names, none where there are no cards."""

    indexes: dict[str, Index]
    pictures: dict[str, Measured] = {}
    fonts: dict[str, Font] = {}

    def __iter__(self) -> Iterator[Index]:
        yield from self.indexes.values()

    def holds_at(self, moment: dt.datetime) -> bool:
        return all(one.holds_at(moment) for one in self)

    def withheld(self) -> dict[str, State]:
        return {id: state for one in self for id, state in one.withheld}

    def withdrawn(self) -> dict[str, str]:
        return {id: file for one in self for id, file in one.withdrawn.items()}

    def coming(self) -> list[Change]:
        return sorted({change for one in self for change in one.coming})

    def files(self) -> dict[str, str]:
        """The output file of every article, page and registered term; of a term that editions share in its own."""
        return {id: file for one in reversed(self.indexes.values()) for id, file in source_files(one).items()}


class Library(msgspec.Struct, frozen=True, kw_only=True):
    """What pages are made of beside the index: the settings and the files that are copied.

    `static` and `assets` (those that templates name) are by output path, `siblings` (files beside articles) by id;
    `failed` are content files without a value.
    `encoder` is the digest of what opens and writes pictures, `letterer` that of what draws social cards.
    """

    settings: Settings
    static: dict[str, StaticFile]
    assets: dict[str, StaticFile]
    siblings: dict[str, StaticFile]
    failed: frozenset[str]
    encoder: str = ""
    letterer: str = ""

    def file(self, id: str, target: str) -> StaticFile | None:
        """The file that a target names, seen from the document `id`: one beside it, or with a leading / of static/."""
        path = unquote(re.split("[?#]", target)[0])
        if path.startswith("/"):
            return self.static.get(path.lstrip("/"))
        return self.siblings.get(posixpath.normpath(posixpath.join(posixpath.dirname(id), path)))


def index(
    selection: Selection,
    vocabularies: dict[str, Vocabulary],
    named: Mapping[str, ByName],
    moment: dt.datetime,
    settings: Settings,
) -> Index:
    """The index of what is published at `moment` (on the clock of the site).

    `named` are the articles' numbers by family and name.
    """
    of_name = {name: vocabularies["section"].keys_of_name(name)[0] for name in named["section"]}
    sections = [of_name[card.section] for card in selection.published]
    entries = vocabularies["section"].entries
    patterns = patterns_of(settings, vocabularies["section"])
    pairs = zip(selection.published, sections, strict=True)
    at = settings.edition
    files = [article_file(card, entries[key], patterns, at) for card, key in pairs]
    withdrawn = [(card, section_of(card, vocabularies)) for card in selection.withdrawn]
    notices = {card.id: article_file(card, section, patterns, at) for card, section in withdrawn}
    under = {family: members(one, named[family]) for family, one in vocabularies.items()}
    return Index(
        edition=at,
        ids=tuple(card.id for card in selection.published),
        files=tuple(files),
        sections=tuple(sections),
        dated=sum(card.date is not None for card in selection.published),
        vocabularies=vocabularies,
        members=under,
        parts={key: in_order(numbers, selection.published) for key, numbers in under["series"].items()},
        pages=selection.pages,
        withheld=selection.withheld,
        withdrawn=notices,
        corrections=tuple(_corrections(selection.published)),
        year=moment.year,
        recent=recent(selection.published, moment),
        over=tuple([one.id for one in selection.published if one.kind == "live" and coverage.is_over(one, moment)]),
        breaking=(until := settings.breaking_until) is not None and moment < until,
        since=selection.since,
        coming=selection.coming,
    )


def _corrections(cards: Sequence[Card]) -> list[tuple[int, int]]:
    found = [(at, number, nth) for number, one in enumerate(cards) for nth, at in enumerate(one.corrected)]
    return [one[1:] for one in sorted(found, key=lambda one: (-one[0].timestamp(), *one[1:]))]


def with_lists(
    index: Index, cards: Sequence[Card], settings: Settings, moment: dt.datetime, title: Callable[[int], str]
) -> Index:
    """The index with the archive and the collections that the settings ask for; `title` gives that of an article."""
    gathered = {
        name: gather(name, asked, cards, index.vocabularies, index.members, moment, title)
        for name, asked in settings.collections.items()
    }
    since = [one for one in (index.since, *(one.since for one in gathered.values())) if one]
    return msgspec.structs.replace(
        index,
        since=max(since, default=None),
        coming=tuple(sorted({*index.coming, *chain.from_iterable(one.coming for one in gathered.values())})),
        archive=by_period(cards, len(settings.archives.by)),
        collections={name: [*one.numbers] for name, one in gathered.items()},
    )


def patterns_of(settings: Settings, sections: Vocabulary) -> dict[str, str]:
    """The pattern of the addresses of articles by the key of their section; "" has that of all others."""
    own = settings.permalinks.sections.items()
    keys = [(sections.names.get(identity(name), identity(name)), pattern) for name, pattern in own]
    return {"": settings.permalinks.article, **dict(keys)}


def is_dated(pattern: str) -> bool:
    return any(name in pattern for name in ("{year}", "{month}", "{day}"))


def article_file(article: Article | Card, section: Entry, patterns: Mapping[str, str], edition: str) -> str:
    """The output file of an article's page. Where its pattern asks for a date that it lacks, it has the usual one.

    A permalink is a path of the site, whatever the edition.
    """
    if article.permalink:
        return urls.file_of(article.permalink)
    date, pattern = article.date, patterns.get(section.key) or patterns[""]
    if pattern == PERMALINK or (date is None and is_dated(pattern)):
        return urls.page_file(edition, section.slug, article.slug)
    dated = {"year": f"{date.year:04}", "month": f"{date.month:02}", "day": f"{date.day:02}"} if date else {}
    path = pattern.format(section=section.slug, slug=article.slug, **dated)
    return urls.file_of(f"/{edition}{path}" if edition else path)


def previews(editions: Editions, cards: Mapping[str, Sequence[Card]], moment: dt.datetime) -> Iterator[tuple[str, str]]:
    """The files of the articles and pages that are here though they are not online at `moment`, and why."""

    def clock(at: dt.datetime | None) -> str:
        return f"{at.astimezone(moment.tzinfo):%Y-%m-%d %H:%M %Z}" if at else ""

    for one in editions:
        for card, file in zip(cards.get(one.edition, ()), one.files, strict=False):
            if state(card, moment) != "live":
                yield file, reason(card, moment, clock)
        for page in one.pages:
            if page.draft:
                yield page_file(page, one.edition), "it is a draft (draft: true)"


def section_of(article: Article | Card, vocabularies: Mapping[str, Vocabulary]) -> Entry:
    """The section of an article, published or not."""
    known, key = vocabularies["section"], identity(article.section)
    title = article.section
    return known.entries[known.names[key]] if key in known.names else Entry(key, title, slug_of(title))


def page_file(page: Page, edition: str) -> str:
    return urls.file_of(page.permalink) if page.permalink else urls.page_file(edition, page.slug)


def term_folder(family: str, slug: str, edition: str) -> str:
    """The folder of the page of a term of that slug."""
    return urls.folder(edition, "" if family == "section" else PLURAL[family], slug)


def term_file(family: str, entry: Entry, edition: str) -> str:
    return urls.page_file(term_folder(family, entry.slug, edition))


def source_files(index: Index) -> dict[str, str]:
    """The output file of every article, page and registered term by the id of its source."""
    files = dict(zip(index.ids, index.files, strict=True))
    at = index.edition
    files.update((page.id, page_file(page, at)) for page in index.pages)
    for family, vocabulary in index.vocabularies.items():
        files.update((one.term.id, term_file(family, one, at)) for one in vocabulary.entries.values() if one.term)
    return files


def numbers_of(index: Index, family: str, key: str) -> Sequence[int]:
    """The numbers of the articles under a tag, an author or a section, newest first."""
    members: Mapping[str, Sequence[int]] = index.members[family]
    return members.get(key, ())
