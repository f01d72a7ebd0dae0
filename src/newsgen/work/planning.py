"""The work of `plan`: what is published, under which names and where, with the key of every page."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Sequence

import msgspec

from newsgen import digest
from newsgen.content.slugs import identity
from newsgen.diagnostics import Diagnostic, Place, did_you_mean, warning
from newsgen.engine.store import DamagedCacheError
from newsgen.model import Article, Card, Page, Term
from newsgen.news import collections, related, series, translations
from newsgen.news.select import Preview, Selection, select
from newsgen.news.taxonomy import PLURAL, ByName, Vocabulary, numbers_by_name, vocabulary
from newsgen.pages.blocks import Blocks
from newsgen.pages.catalogue import Catalogue
from newsgen.pages.index import Index, index, source_files, with_lists
from newsgen.pages.languages import digest_of
from newsgen.pages.links import Linked, Links
from newsgen.pages.plan import fragment_drafts, plan, planner_of
from newsgen.pages.planner import Fragments, spec_of
from newsgen.work.job import Job, Planned

Fail = Callable[[Diagnostic], None]


def plan_site(job: Job, key: str, moment: dt.datetime, preview: Preview, fail: Fail) -> Planned:
    """The plan of the site, with its diagnostics; those of fragments that fail are told to `fail`."""
    said: list[Diagnostic] = []
    selection, vocabularies, named = _selected(job, moment, preview, said)
    now = moment.astimezone(job.settings.zone())
    made = index(selection, vocabularies, named, now, job.settings)
    made = _with_translations(job, made, selection, said)
    made = msgspec.structs.replace(made, related=_related(job, selection.published, made))
    made = with_lists(
        *(made, selection.published, job.settings, now),
        lambda number: job.documents.read(selection.published[number].id).title,
    )
    said += collections.unknown(job.settings, selection.published, vocabularies)
    catalogue = Catalogue(job.library, made, job.documents, selection.published)
    planner = planner_of(catalogue, job.closures, fragments(job, catalogue, fail), job.theme.catalogues)
    common = (("newsgen", job.toolchain), ("settings", digest.of_value(job.render_settings)))
    said += _unknown_sections(job, vocabularies["section"])
    found = plan(planner, common)
    said += series.doubled(made.parts, selection.published, catalogue.place)
    return Planned(key, made, found.pages, found.shapes, (*said, *found.diagnostics), selection.published)


def _with_translations(job: Job, made: Index, selection: Selection, said: list[Diagnostic]) -> Index:
    def at(id: str) -> Place:
        return Place(id, *job.documents.read(id).places["translation_of"])

    others = {*dict(made.withheld), *job.library.failed}
    groups, more = translations.groups(selection.published, others, job.settings.language, at)
    said += more
    return msgspec.structs.replace(made, translations=groups)


def _selected(
    job: Job, moment: dt.datetime, preview: Preview, said: list[Diagnostic]
) -> tuple[Selection, dict[str, Vocabulary], dict[str, ByName]]:
    """What is published, the vocabularies of its families, and who gives which name."""
    notes = {id: one.note.card for id, one in job.files.known.items() if one.note and one.note.card}
    decode = msgspec.json.Decoder(list[Card]).decode
    cards = [card for run in job.store.cards(notes) for card in decode(b"[" + b",".join(run.values()) + b"]")]
    others = [job.documents.read(id) for id in sorted(notes.keys() - {card.id for card in cards})]
    if any(isinstance(one, Article) for one in others):
        raise DamagedCacheError("cards are missing")
    selection = select(cards, [one for one in others if isinstance(one, Page)], moment, preview, job.settings)
    terms, settings = [one for one in others if isinstance(one, Term)], job.settings
    closed = {**dict.fromkeys(PLURAL, False), "tag": settings.tags.known_only, "author": settings.authors.known_only}
    for card in selection.published:
        if card.kind == "live" and card.updated and card.updated > moment:
            said += _early(job, card.id, moment)
    vocabularies: dict[str, Vocabulary] = {}
    named = {family: numbers_by_name(family, selection.published) for family in closed}

    def named_at(id: str, family: str) -> Place:
        places = job.documents.read(id).places
        return Place(id, *(places.get(f"{family}s") or places.get(family) or (0, 0)))

    for family, known_only in closed.items():
        mine = [term for term in terms if term.family == family]
        vocabularies[family], more = vocabulary(
            family, mine, selection.published, named[family], named_at, known_only=known_only
        )
        said += more
    return selection, vocabularies, named


def _early(job: Job, id: str, moment: dt.datetime) -> Iterator[Diagnostic]:
    """Warnings of the entries of a live blog that are yet to come."""
    article = job.documents.read(id)
    for entry in article.body.entries:
        if entry.time > moment:
            message = f'the entry "{entry.title[:60]}" is of {entry.time:%Y-%m-%d %H:%M}, which is yet to come'
            help = "It is published as it stands. Mend its time where that is wrong."
            yield warning("NG-446", Place(id, *article.places[entry.id]), message, help)


def _related(job: Job, cards: Sequence[Card], made: Index) -> list[list[int]]:
    """The articles related to each, where a template of theirs reads them, as far as possible from the memo."""
    limit, language = job.settings.related.limit, job.settings.language
    read = [
        one.names for name in {card.template or "article.html" for card in cards} if (one := job.closures.get(name))
    ]
    if not limit or not any("related" in names for names in read):
        return []
    of = digest.of_value([job.toolchain, limit, language])
    before = job.store.memo("related", "", msgspec.json.Decoder(related.Memo).decode)
    if before is None or before.of != of:
        before = related.Memo(of)
    lists, after = related.related(cards, made.members, language, limit, before)
    if after != before:
        job.store.save_memo("related", "", msgspec.json.encode(after))
    return lists


def _unknown_sections(job: Job, sections: Vocabulary) -> Iterator[Diagnostic]:
    """A warning for each section that settings name and nobody else does."""
    for name in job.settings.permalinks.sections:
        if identity(name) not in sections.names:
            known = [entry.title for entry in sections.entries.values()]
            help = did_you_mean(name, known) or f"Name one of these: {', '.join(known)}."
            place = job.settings.place("permalinks", "sections", name)
            yield warning("NG-415", place, f'there is no section "{name}"', help)


# ---- fragments* -----------------------------------------------------------------------------------------------------


def fragments(job: Job, catalogue: Catalogue, fail: Fail) -> Fragments:
    """The HTML of each fragment; from the memo where its key is the same."""
    before = job.store.memos("fragment")
    memos: dict[str, bytes] = {}
    made: dict[tuple[str, str], str] = {}
    for draft in fragment_drafts(catalogue, job.closures):
        values = {name: value.digest() for name, value in draft.names.items()}
        closure = job.closures[draft.template]
        spoken = digest_of(draft.language, job.theme.catalogues)
        key = digest.of_value([job.toolchain, job.render_settings, draft.template, closure.digest, spoken, values])
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
        made[name, section] = data.decode()
    job.store.save_memos("fragment", memos, before)
    return made


# ---- links ----------------------------------------------------------------------------------------------------------


def resolver(job: Job, planned: Planned) -> Callable[[str], Linked]:
    """Resolves the links of documents, by their ids."""
    catalogue = Catalogue(job.library, planned.index, job.documents, planned.cards)
    blocks = Blocks(job.settings, job.closures, job.theme.catalogues)
    links = Links(catalogue, source_files(planned.index), frozenset([page.path for page in planned.pages]), blocks)

    def resolved(id: str) -> Linked:
        return links.of(job.documents.read(id))

    return resolved
