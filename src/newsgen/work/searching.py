"""The work of `search`: the index of each edition, made anew where a record in it is another, and where it is planned.

An index is a memo: its key is the records of all articles that may be found and the tools that make it, its value the
files, whose bytes the cache keeps. They join the plan before the first page is rendered.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Final

import msgspec

from newsgen import digest
from newsgen.config import FILE
from newsgen.diagnostics import Diagnostic, Place, error, has_errors, warning
from newsgen.engine import pagefind
from newsgen.model import PlannedBody, SearchRecord
from newsgen.pages.catalogue import FETCHED, Catalogue, catalogues_of
from newsgen.pages.index import Index
from newsgen.pages.keys import PlannedPage, Shape
from newsgen.pages.search import folder, is_wide, record
from newsgen.work.job import Job, Planned, search_files

_SHAPE: Final = Shape((("renderer", "indexed"),), ("indexed",))


class Indexed(msgspec.Struct, frozen=True):
    """The memo of the index of an edition. `stamp` is the digest of all that its records are made of, `records` and
    `files` are digests, by id and by path."""

    stamp: str
    tools: tuple[str, ...]
    records: dict[str, str]
    files: dict[str, str]


class Searched(msgspec.Struct, frozen=True):
    """The plan with the files of the indexes in it; `made` are the folders of those made anew, each with the reason."""

    planned: Planned
    diagnostics: tuple[Diagnostic, ...] = ()
    made: tuple[tuple[str, str], ...] = ()


def searched(job: Job, planned: Planned) -> Searched:
    """The plan of a site that is searched."""
    if not (tools := pagefind.tools()):
        help = "Install it: pip install 'newsgen[search]', or leave search.enabled out."
        said = error("NG-506", Place(FILE), "search is enabled, and Pagefind is not installed", help)
        return Searched(planned, (said,))
    said = [*_claims(planned), *_undivided(job, planned, tools)]
    if has_errors(said):
        return Searched(planned, tuple(said))
    before, made = _memo(job), list[tuple[str, str]]()
    now: dict[str, Indexed] = {}
    for one in planned.editions:
        try:
            now[one.edition] = _indexed(job, planned, one, tools, before.get(one.edition), made)
        except pagefind.PagefindError as failure:
            help = "Install it again: pip install --force-reinstall 'newsgen[search]'"
            return Searched(planned, (*said, error("NG-607", Place(FILE), f"Pagefind failed: {failure}", help)))
    _save(job, now, before)
    files = {path: found for one in now.values() for path, found in one.files.items()}
    return Searched(_with_files(planned, files), tuple(said), tuple(made))


def without(job: Job, planned: Planned) -> Planned:
    """The plan of a site that is not searched, or not now."""
    if not job.settings.search.enabled:
        _save(job, {}, _memo(job))
    return _with_files(planned, {})


def _indexed(
    job: Job, planned: Planned, of: Index, tools: tuple[str, ...], before: Indexed | None, made: list[tuple[str, str]]
) -> Indexed:
    known = job.files.known
    bodies = [note.body if (note := known[id].note) else "" for id in of.ids]
    stamp = digest.of_value((planned.key, tools, of.ids, bodies))
    if before and before.stamp == stamp:
        return before
    catalogue = catalogues_of(job.library, planned.editions, job.documents, planned.cards)[of.edition]
    found = {id: digest.of_value(one) for id, one in _records(job, catalogue)}
    if before and before.tools == tools and before.records == found:
        return msgspec.structs.replace(before, stamp=stamp)
    made.append((folder(of.edition), _reason(tools, found, before)))
    data = pagefind.index(one for _, one in _records(job, catalogue))
    files = {f"{folder(of.edition)}/{path}": one for path, one in data.items()}
    digests = {path: digest.of_bytes(one) for path, one in files.items()}
    was = before.files if before else {}
    kept = {path: files[path] if digests.get(path) == one else b"" for path, one in was.items()}
    job.store.save_memos(search_files(job.files.output), files, kept)
    return Indexed(stamp, tools, found, digests)


def _records(job: Job, catalogue: Catalogue) -> Iterator[tuple[str, SearchRecord]]:
    """The record of each article of an edition that may be found, by its id; few are at hand at any time."""
    ids, known = catalogue.index.ids, job.files.known
    for start in range(0, len(ids), FETCHED):
        some = range(start, min(start + FETCHED, len(ids)))
        bodies = {n: PlannedBody(note.body, (), ids[n]) for n in some if (note := known[ids[n]].note)}
        job.documents.fetch(ids[n] for n in some)
        job.documents.fetch_bodies(bodies.values())
        for n, body in bodies.items():
            if found := record(catalogue, n, job.documents.html(body)):
                yield ids[n], found


def _reason(tools: tuple[str, ...], now: Mapping[str, str], before: Indexed | None) -> str:
    """Why an index is made anew, in words."""
    if before is None:
        return "it was never made"
    if before.tools != tools:
        return "newsgen, Pagefind or a library beside it changed"
    was = before.records
    counts = {
        "came": len(now.keys() - was.keys()),
        "went": len(was.keys() - now.keys()),
        "changed": sum(was.get(id, one) != one for id, one in now.items()),
    }
    return "articles that are found: " + ", ".join(f"{count:,} {what}" for what, count in counts.items() if count)


def _undivided(job: Job, planned: Planned, tools: Iterable[str]) -> Iterator[Diagnostic]:
    """A warning for each language that this Pagefind takes for one long word."""
    if any(one.startswith(pagefind.EXTENDED) for one in tools):
        return
    for one in planned.editions:
        language = job.settings.of_edition(one.edition).language
        if is_wide(language):
            message = f'words within a sentence are not found in "{language}" by this Pagefind'
            help = "Install the one that divides them: pip install 'newsgen[search-extended]'"
            yield warning("NG-507", Place(FILE), message, help)


# ---- the plan -------------------------------------------------------------------------------------------------------


def _claims(planned: Planned) -> Iterator[Diagnostic]:
    """Errors for pages and files that stand where the files of an index do."""
    rooms = [folder(one.edition) for one in planned.editions]
    for page in planned.pages:
        path = page.path.casefold()
        if page.make != "indexed" and "pagefind" in path and f"{path}/".startswith(tuple(f"{one}/" for one in rooms)):
            message = f"two owners of /{page.path}: the search index and {page.source or page.make}"
            yield error("NG-401", Place(page.source), message, "Give that another address.")


def _with_files(planned: Planned, files: Mapping[str, str]) -> Planned:
    """The plan with these files in place of those of earlier indexes; itself where it has them."""
    if {page.path: page.what for page in planned.pages if page.make == "indexed"} == files:
        return planned
    shapes = planned.shapes if _SHAPE in planned.shapes else (*planned.shapes, _SHAPE)
    number = shapes.index(_SHAPE)
    pages = [page for page in planned.pages if page.make != "indexed"]
    pages += [PlannedPage(path, "indexed", one, "", 0, 0, number, digest.of_text(one)) for path, one in files.items()]
    return msgspec.structs.replace(planned, pages=tuple(sorted(pages, key=lambda page: page.path)), shapes=shapes)


# ---- the memo -------------------------------------------------------------------------------------------------------


def _memo(job: Job) -> dict[str, Indexed]:
    """What is known of the index of each edition."""
    return job.store.memo("search", job.files.output, msgspec.json.Decoder(dict[str, Indexed]).decode) or {}


def _save(job: Job, now: Mapping[str, Indexed], before: Mapping[str, Indexed]) -> None:
    """Saves what is known of the indexes, and forgets the files of editions that have none any more."""
    if now != before:
        job.store.save_memo("search", job.files.output, msgspec.json.encode(now))
        gone = {path: b"" for edition, one in before.items() if edition not in now for path in one.files}
        job.store.save_memos(search_files(job.files.output), {}, gone)
