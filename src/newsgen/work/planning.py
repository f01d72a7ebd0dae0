"""The work of `plan`: what is published, under which names and where, with the key of every page."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import chain

import msgspec

from newsgen import digest
from newsgen.config import Settings
from newsgen.content.slugs import identity
from newsgen.diagnostics import Diagnostic, Place, did_you_mean, warning
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
from newsgen.pages.plan import fragment_drafts, plan, planners_of
from newsgen.pages.planner import Fragments, spec_of
from newsgen.work.job import Job, Planned
from newsgen.work.picturing import fonts, measured

Fail = Callable[[Diagnostic], None]


def plan_site(job: Job, key: str, moment: dt.datetime, preview: Preview, fail: Fail) -> Planned:
    """The plan of the site, with its diagnostics; those of fragments that fail are told to `fail`."""
    said: list[Diagnostic] = []
    indexes: dict[str, Index] = {}
    cards: dict[str, Sequence[Card]] = {}
    for edition, filed in _filed(job).items():
        settings = job.settings.of_edition(edition)
        indexes[edition], cards[edition] = _indexed(job, settings, filed, moment, preview, said)
    editions = _with_translations(job, Editions(indexes), cards, said)
    shown = measured(job, pictures.named(job.library, editions, cards))
    editions = msgspec.structs.replace(editions, pictures=shown, fonts=fonts(job, said))
    catalogues = catalogues_of(job.library, editions, job.documents, cards)
    planners = planners_of(catalogues, job.closures, fragments(job, catalogues, fail), job.theme.catalogues)
    common = (("newsgen", job.toolchain), ("settings", digest.of_value(job.render_settings)))
    said += _unknown_sections(job, [one.vocabularies["section"] for one in editions])
    found = plan(planners, common)
    for one in editions:
        said += series.doubled(one.parts, cards[one.edition], catalogues[one.edition].place)
    return Planned(key, editions, found.pages, found.shapes, (*dict.fromkeys(said), *found.diagnostics), cards)


class _Filed(msgspec.Struct):
    """What an edition is made of; `lent` are the terms of the site's own, which another edition may use."""

    cards: list[Card] = []
    pages: list[Page] = []
    terms: list[Term] = []
    lent: list[Term] = []


def _filed(job: Job) -> dict[str, _Filed]:
    """All that content files state, by edition."""
    notes = {id: one.note.card for id, one in job.files.known.items() if one.note and one.note.card}
    decode = msgspec.json.Decoder(list[Card]).decode
    cards = [card for run in job.store.cards(notes) for card in decode(b"[" + b",".join(run.values()) + b"]")]
    others = [job.documents.read(id) for id in sorted(notes.keys() - {card.id for card in cards})]
    of, filed = job.settings.edition_of, {edition: _Filed() for edition in job.settings.editions()}
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
    job: Job, settings: Settings, filed: _Filed, moment: dt.datetime, preview: Preview, said: list[Diagnostic]
) -> tuple[Index, Sequence[Card]]:
    """The index of an edition and the cards of its published articles."""
    selection = select(filed.cards, filed.pages, moment, preview, settings)
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
    job: Job, editions: Editions, cards: Mapping[str, Sequence[Card]], said: list[Diagnostic]
) -> Editions:
    """The indexes with the translations of each article, in whichever edition it is."""

    def at(id: str) -> Place:
        return Place(id, *job.documents.read(id).places["translation_of"])

    others, language = {*editions.withheld(), *job.library.failed}, job.settings.language
    every = [card for one in editions for card in cards[one.edition]]
    groups, more = translations.groups(every, others, language, at)
    said += more
    if not groups:
        return editions
    files = chain.from_iterable(one.files for one in editions)
    spoken = [(card.lang or language, file) for card, file in zip(every, files, strict=True)]
    indexes: dict[str, Index] = {}
    start = 0
    for one in editions:
        mine = {number - start: groups[number] for number in range(start, start + len(one.ids)) if number in groups}
        found = {number: tuple([spoken[other] for other in group]) for number, group in mine.items()}
        indexes[one.edition] = msgspec.structs.replace(one, translations=found)
        start += len(one.ids)
    return Editions(indexes)


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


def resolver(job: Job, planned: Planned) -> Callable[[str], Linked]:
    """Resolves the links of documents, by their ids."""
    catalogues = catalogues_of(job.library, planned.editions, job.documents, planned.cards)
    files, withheld = planned.editions.files(), planned.editions.withheld()
    paths = frozenset([page.path for page in planned.pages])

    def data(document: str, target: str) -> tuple[str, bytes] | None:
        id = catalogues[""].data_file(document, target)
        return (id, sources.read_bytes(job.files.path(id))) if id else None

    blocks = Blocks(job.settings, job.closures, job.theme.catalogues, data)
    links = {
        edition: Links(catalogue, files | source_files(catalogue.index), withheld, paths, blocks)
        for edition, catalogue in catalogues.items()
    }

    def resolved(id: str) -> Linked:
        document = job.documents.read(id)
        return links[job.settings.edition_of(document.lang)].of(document)

    return resolved
