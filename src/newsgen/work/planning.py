"""The work of `plan`: what is published, under which names and where, with the key of every page."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import chain
from typing import Protocol

import msgspec

from newsgen import digest
from newsgen.config import Settings
from newsgen.content.slugs import identity
from newsgen.diagnostics import Diagnostic, Place, did_you_mean, has_errors, warning
from newsgen.engine import sources
from newsgen.engine.store import DamagedCacheError
from newsgen.model import Article, Card, Page, Term
from newsgen.news import collections, related, series, translations
from newsgen.news.select import Preview, select
from newsgen.news.taxonomy import PLURAL, ByName, Vocabulary, members, numbers_by_name, shared, used, vocabulary
from newsgen.pages import pictures
from newsgen.pages.blocks import Blocks
from newsgen.pages.catalogue import Catalogue, catalogues_of
from newsgen.pages.index import Editions, Index, index, source_files, with_lists
from newsgen.pages.languages import digest_of
from newsgen.pages.links import Linked, Links
from newsgen.pages.plan import FILES, Addresses, Plan, addresses, again, fragment_drafts, plan, planners_of
from newsgen.pages.planner import Address, Fragments, Planner, address_of, spec_of
from newsgen.work.job import Job, Planned
from newsgen.work.memory import Memory
from newsgen.work.picturing import fonts, measured

Fail = Callable[[Diagnostic], None]


class Drawn(msgspec.Struct, frozen=True):
    """A plan before its pages have their keys: their addresses, each with the folder of its edition, by their paths."""

    editions: Editions
    cards: Mapping[str, Sequence[Card]]
    planners: Mapping[str, Planner]
    found: Mapping[str, tuple[Address, str]]


class Early(Protocol):
    """Is shown a plan before its pages have their keys, what its copied files are made of, and whether it fails."""

    def __call__(self, job: Job, drawn: Drawn, copied: dict[str, str], *, failing: bool) -> None: ...


def plan_site(job: Job, key: str, wanted: Wanted, memory: Memory, fail: Fail, early: Early) -> Planned:
    """The plan of the site, with its diagnostics; those of fragments that fail are told to `fail`."""
    said: list[Diagnostic] = []
    editions, cards, filed = _editions(job, wanted, memory, said)
    made = planners(job, editions, cards, fail)
    library = job.library
    reads = {name: closure.names for name, closure in job.closures.items()}
    files = (tuple(library.static), tuple(library.assets), library.siblings, library.failed)
    of = (editions, filed, *files, job.settings, reads)
    at = memory.kept("addresses", (of, wanted.placed), lambda: addresses(made))
    said += _unknown_sections(job, [one.vocabularies["section"] for one in editions])
    for one in editions:
        said += series.doubled(one.parts, cards[one.edition], made[one.edition].catalogue.place)
    if memory.remembers:
        paths = memory.kept("paths", at.found, lambda: {one[0].path: one for one in at.found})
        copied = memory.kept("files", at.found, lambda: [one for one in at.found if one[0].make in FILES])
        memory.hold("files", copied)
        failing = has_errors((*said, *at.diagnostics))
        early(job, Drawn(editions, cards, made, paths), copies_of(job, copied), failing=failing)
    found = _planned(job, editions, cards, made, at, memory)
    return Planned(key, editions, found.pages, found.shapes, (*dict.fromkeys(said), *found.diagnostics), cards)


def _planned(
    job: Job,
    editions: Editions,
    cards: Mapping[str, Sequence[Card]],
    planners: Mapping[str, Planner],
    at: Addresses,
    memory: Memory,
) -> Plan:
    """The pages with their keys. Where only templates, style sheets or scripts have changed, and no template reads
    other names than before, most digests are those of before."""
    library, common = job.library, (("newsgen", job.toolchain), ("settings", digest.of_value(job.render_settings)))
    reads = {name: (one.names, one.fragments, one.collections) for name, one in job.closures.items()}
    shown = {path: one for path, one in (library.static | library.assets).items() if not path.endswith((".css", ".js"))}
    of = (at, editions, cards, library.settings, library.siblings, shown, reads, job.theme.catalogues)
    fresh: list[Plan] = []

    def make() -> Plan:
        fresh.append(plan(planners, at, common))
        return fresh[0]

    found = memory.kept("plan", of, make)
    return found if fresh else again(found, planners, at, common)


def addresses_of(planned: Planned) -> dict[str, tuple[Address, str]]:
    """The address of every page, with the folder of its edition, by its path."""
    return {page.path: (address_of(page), page.edition) for page in planned.pages}


def copies_of(job: Job, found: Iterable[tuple[Address, str]]) -> dict[str, str]:
    """The digests of what the files that are copied, or made of one file, are made of, by their paths."""
    library = job.library
    files = library.static | library.assets
    made: dict[str, str] = {}
    for at, _ in found:
        if at.make == "picture":
            made[at.path] = library.encoder  # the name tells the rest
            continue
        one = files.get(at.path) or library.siblings[at.what]
        made[at.path] = digest.of_text(f"{one.digest} {job.settings.images.metadata} {job.settings.theme}")
    return made


def copied_only(job: Job, memory: Memory) -> tuple[Drawn, dict[str, str]] | None:
    """What is enough of a plan to make the copied files of the last one, where some have changed and none is gone; and
    what they are made of."""
    found, before = memory.held("files", list[tuple[Address, str]]), memory.held("copies", dict[str, str])
    there = job.library.static.keys() | job.library.assets.keys() | {at.path for at, _ in found if at.make == "picture"}
    if not all(at.path in there or at.what in job.library.siblings for at, _ in found):
        return None
    now = copies_of(job, found)
    if all(before.get(path, one) == one for path, one in now.items()):
        return None
    editions = memory.held("index", lambda: Editions({}))
    cards = memory.held("published cards", dict[str, Sequence[Card]])
    return Drawn(editions, cards, bare_planners(job, editions, cards), {one[0].path: one for one in found}), now


def bare_planners(job: Job, editions: Editions, cards: Mapping[str, Sequence[Card]]) -> dict[str, Planner]:
    """The planner of each edition without fragments, which only pages of templates place."""
    catalogues = catalogues_of(job.library, editions, job.documents, cards)
    return planners_of(catalogues, job.closures, {}, job.theme.catalogues)


def planners(job: Job, editions: Editions, cards: Mapping[str, Sequence[Card]], fail: Fail) -> dict[str, Planner]:
    """The planner of each edition, with its fragments."""
    catalogues = catalogues_of(job.library, editions, job.documents, cards)
    return planners_of(catalogues, job.closures, fragments(job, catalogues, fail), job.theme.catalogues)


class Wanted(msgspec.Struct, frozen=True):
    """What a plan depends on beside the sources. `placed` tells where in these stands what is said of them."""

    moment: dt.datetime
    preview: Preview
    placed: str


def _editions(
    job: Job, wanted: Wanted, memory: Memory, said: list[Diagnostic]
) -> tuple[Editions, Mapping[str, Sequence[Card]], object]:
    """The editions with the cards of their articles, and what of these says where they are; as they are remembered
    where that is the same."""
    notes = {id: one.note.card for id, one in job.files.known.items() if one.note and one.note.card}
    cards = memory.kept("cards", notes, lambda: _cards(job, notes, memory))
    others = [(id, of) for id, of in notes.items() if id not in cards]

    def make() -> tuple[dict[str, Index], tuple[Diagnostic, ...]]:
        told: list[Diagnostic] = []
        indexes: dict[str, Index] = {}
        published: dict[str, Sequence[Card]] = {}
        for edition, filed in _filed(job, cards.values(), [id for id, _ in others]).items():
            settings = job.settings.of_edition(edition)
            indexes[edition], published[edition] = _indexed(job, settings, filed, wanted, told)
        return _with_translations(job, indexes, published, told), tuple(told)

    reads = sorted(name for name, one in job.closures.items() if "related" in one.names)
    filings = memory.kept("filings", (cards, job.settings), lambda: _filings(job, cards, memory))
    of = (filings, others, job.settings, job.library.failed, wanted.preview, wanted.placed, reads)
    indexes, told = memory.kept("indexes", of, make)
    if not Editions(indexes).holds_at(wanted.moment):
        memory.drop("indexes")
        indexes, told = memory.kept("indexes", of, make)
    said += told
    published = {edition: tuple([cards[id] for id in one.ids]) for edition, one in indexes.items()}
    shown = measured(job, pictures.named(job.library, Editions(indexes), published))
    undated = [card.facts for card in cards.values() if card.date is None]  # whose titles are told
    editions = msgspec.structs.replace(Editions(indexes, shown), fonts=fonts(job, said))
    return memory.same("editions", editions), published, (filings, undated)


def _cards(job: Job, notes: Mapping[str, str], memory: Memory) -> dict[str, Card]:
    """The cards of all articles in the order of their ids; those that are as they were are the same objects."""
    before = memory.held("cards", dict[str, tuple[str, Card | None]])
    found = {id: one for id, one in before.items() if notes.get(id) == one[0]}
    todo = {id: of for id, of in notes.items() if id not in found}
    decode = msgspec.json.Decoder(list[Card]).decode
    for run in job.store.cards(todo):
        values = decode(b"[%b]" % b",".join(run.values()))
        found |= {id: (notes[id], card) for id, card in zip(run, values, strict=True)}
    found |= {id: (of, None) for id, of in todo.items() if id not in found}
    memory.hold("cards", found)
    return {id: card for id in sorted(found) if (card := found[id][1])}


def _filings(job: Job, cards: Mapping[str, Card], memory: Memory) -> list[Card]:
    """The cards without what only pages show of the articles, which no index is made of."""
    by_title = job.settings.social_cards.enabled or "title" in [one.order for one in job.settings.collections.values()]
    if by_title or not memory.remembers:
        return list(cards.values())
    before = memory.held("filings", dict[str, tuple[Card, Card]])
    found = {id: before[id] if id in before and before[id][0] is card else _filing(card) for id, card in cards.items()}
    memory.hold("filings", found)
    return [filing for _, filing in found.values()]


def _filing(card: Card) -> tuple[Card, Card]:
    return card, msgspec.structs.replace(card, head="", facts="", view="", title="")


class _Filed(msgspec.Struct):
    """What an edition is made of; `lent` are the terms of the site's own, which another edition may use."""

    cards: list[Card] = []
    pages: list[Page] = []
    terms: list[Term] = []
    lent: list[Term] = []


def _filed(job: Job, cards: Iterable[Card], ids: Iterable[str]) -> dict[str, _Filed]:
    """All that content files state, by edition; `ids` are those of files that are no articles."""
    others = [job.documents.read(id) for id in sorted(ids)]
    of, filed = lru_cache(job.settings.edition_of), {edition: _Filed() for edition in job.settings.editions()}
    for card in cards:
        filed[of(card.lang)].cards.append(card)
    for one in others:
        if isinstance(one, Article):
            raise DamagedCacheError("cards are missing")
        if isinstance(one, Page):
            filed[of(one.lang)].pages.append(one)
        else:
            filed[of(one.lang)].terms.append(one)
    for edition, one in filed.items():
        if edition:
            one.terms, one.lent = shared(one.terms, filed[""].terms)
    return filed


def _indexed(
    job: Job, settings: Settings, filed: _Filed, wanted: Wanted, said: list[Diagnostic]
) -> tuple[Index, Sequence[Card]]:
    """The index of an edition and the cards of its published articles."""
    moment = wanted.moment
    selection = select(filed.cards, filed.pages, moment, wanted.preview, settings)
    cards, now = selection.published, moment.astimezone(settings.zone())
    for card in cards:
        if card.kind == "live" and card.updated and card.updated > moment:
            said += _early(job, card.id, moment)
    vocabularies, named = _named(job, settings, filed, cards, said)
    made = index(selection, vocabularies, named, now, settings)
    made = msgspec.structs.replace(made, related=_related(job, settings, cards, made))
    made = with_lists(made, cards, settings, now, lambda number: cards[number].title)
    table = job.settings.table_of(settings.edition)
    own = table[1].collections if table else job.settings.collections
    said += collections.unknown(own, cards, vocabularies, settings.place)
    return made, cards


def _named(
    job: Job, settings: Settings, filed: _Filed, cards: Sequence[Card], said: list[Diagnostic]
) -> tuple[dict[str, Vocabulary], dict[str, ByName]]:
    """The vocabularies of an edition, and who gives which name."""
    closed = {**dict.fromkeys(PLURAL, False), "tag": settings.tags.known_only, "author": settings.authors.known_only}
    vocabularies: dict[str, Vocabulary] = {}
    named = {family: numbers_by_name(family, cards) for family in closed}

    def named_at(id: str, family: str) -> Place:
        places = job.documents.read(id).places
        return Place(id, *(places.get(f"{family}s") or places.get(family) or (0, 0)))

    for family, known_only in closed.items():
        mine = [term for term in (*filed.terms, *filed.lent) if term.family == family]
        known, more = vocabulary(family, mine, cards, named[family], named_at, known_only=known_only)
        if filed.lent:
            held, strange = members(known, named[family]), {term.id for term in filed.lent}
            known = used(known, lambda entry: entry.key in held or entry.source not in strange)  # noqa: B023 - called here
        vocabularies[family] = known
        said += more
    return vocabularies, named


def _with_translations(
    job: Job, made: dict[str, Index], cards: Mapping[str, Sequence[Card]], said: list[Diagnostic]
) -> dict[str, Index]:
    """The indexes with the translations of each article, in whichever edition it is."""

    def at(id: str) -> Place:
        return Place(id, *job.documents.read(id).places["translation_of"])

    editions = Editions(made)
    others, language = {*editions.withheld(), *job.library.failed}, job.settings.language
    every = [card for one in editions for card in cards[one.edition]]
    groups, more = translations.groups(every, others, language, at)
    said += more
    if not groups:
        return made
    files = chain.from_iterable(one.files for one in editions)
    spoken = [(card.lang or language, file) for card, file in zip(every, files, strict=True)]
    indexes: dict[str, Index] = {}
    start = 0
    for one in editions:
        mine = {number - start: groups[number] for number in range(start, start + len(one.ids)) if number in groups}
        found = {number: tuple([spoken[other] for other in group]) for number, group in mine.items()}
        indexes[one.edition] = msgspec.structs.replace(one, translations=found)
        start += len(one.ids)
    return indexes


def _early(job: Job, id: str, moment: dt.datetime) -> Iterator[Diagnostic]:
    """Warnings of the entries of a live blog that are yet to come."""
    article = job.documents.read(id)
    for entry in article.body.entries:
        if entry.time > moment:
            message = f'the entry "{entry.title[:60]}" is of {entry.time:%Y-%m-%d %H:%M}, which is yet to come'
            help = "It is published as it stands. Mend its time where that is wrong."
            yield warning("NG-446", Place(id, *article.places[entry.id]), message, help)


def _related(job: Job, settings: Settings, cards: Sequence[Card], made: Index) -> list[list[int]]:
    """The articles related to each, where a template of theirs reads them, as far as possible from the memo."""
    limit, language = settings.related.limit, settings.language
    read = [
        one.names for name in {card.template or "article.html" for card in cards} if (one := job.closures.get(name))
    ]
    if not limit or not any("related" in names for names in read):
        return []
    of = digest.of_value([job.toolchain, limit, language])
    before = job.store.memo("related", settings.edition, msgspec.json.Decoder(related.Memo).decode)
    if before is None or before.of != of:
        before = related.Memo(of)
    lists, after = related.related(cards, made.members, language, limit, before)
    if after != before:
        job.store.save_memo("related", settings.edition, msgspec.json.encode(after))
    return lists


def _unknown_sections(job: Job, sections: Sequence[Vocabulary]) -> Iterator[Diagnostic]:
    """A warning for each section that settings name and no edition has."""
    for name in job.settings.permalinks.sections:
        if not any(identity(name) in one.names for one in sections):
            known = list(dict.fromkeys(entry.title for one in sections for entry in one.entries.values()))
            help = did_you_mean(name, known) or f"Name one of these: {', '.join(known)}."
            place = job.settings.place("permalinks", "sections", name)
            yield warning("NG-415", place, f'there is no section "{name}"', help)


# ---- fragments* -----------------------------------------------------------------------------------------------------


def fragments(job: Job, catalogues: Mapping[str, Catalogue], fail: Fail) -> dict[str, Fragments]:
    """The HTML of each fragment of each edition; from the memo where its key is the same."""
    before = job.store.memos("fragment")
    memos: dict[str, bytes] = {}
    made: dict[str, dict[tuple[str, str], str]] = {edition: {} for edition in catalogues}
    drafts = [(edition, draft) for edition, one in catalogues.items() for draft in fragment_drafts(one, job.closures)]
    for edition, draft in drafts:
        values = {name: value.digest() for name, value in draft.names.items()}
        closure = job.closures[draft.template]
        spoken = digest_of(draft.language, job.theme.catalogues)
        made_of = (closure.digest, closure.published, spoken, values)
        key = digest.of_value([job.toolchain, job.render_settings, draft.template, *made_of])
        data = before.get(key)
        if data is None:
            from newsgen.work.rendering import render_here

            rendered = render_here(job, spec_of(draft))
            if isinstance(rendered, Diagnostic):
                fail(rendered)
                continue
            data = rendered
        memos[key] = data
        name, _, section = draft.path.partition("#")
        made[edition][name, section] = data.decode()
    job.store.save_memos("fragment", memos, before)
    return {**made}


# ---- links ----------------------------------------------------------------------------------------------------------


def resolver_of(job: Job, planned: Planned) -> Callable[[str], Linked]:
    """The `resolver` of a plan."""
    catalogues = catalogues_of(job.library, planned.editions, job.documents, planned.cards)
    return resolver(job, planned.editions, catalogues, [page.path for page in planned.pages])


def resolver(
    job: Job, editions: Editions, catalogues: Mapping[str, Catalogue], paths: Iterable[str]
) -> Callable[[str], Linked]:
    """Resolves the links of documents, by their ids; `paths` are those of all output files."""
    files, withheld = editions.files(), editions.withheld()
    known = frozenset(paths)

    def data(document: str, target: str) -> tuple[str, bytes] | None:
        id = catalogues[""].data_file(document, target)
        return (id, sources.read_bytes(job.files.path(id))) if id else None

    blocks = Blocks(job.settings, job.closures, job.theme.catalogues, data)
    links = {
        edition: Links(catalogue, files | source_files(catalogue.index), withheld, known, blocks)
        for edition, catalogue in catalogues.items()
    }

    def resolved(id: str) -> Linked:
        document = job.documents.read(id)
        return links[job.settings.edition_of(document.lang)].of(document)

    return resolved
