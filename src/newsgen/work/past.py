"""What the output of a build holds, as the cache remembers it: from it is told which pages must be rendered."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from itertools import repeat

import msgspec

from newsgen import digest, model
from newsgen.diagnostics import Diagnostic
from newsgen.engine.output import Output, Staged
from newsgen.engine.sources import Known, same_file
from newsgen.engine.store import DamagedCacheError, Store
from newsgen.model import Card
from newsgen.pages.index import Editions
from newsgen.pages.keys import Linked, PlannedPage, Published, Record, Shape, carried, parts, reason
from newsgen.work.job import Job, Planned
from newsgen.work.memory import Memory

_ABSENT = Record("", "", b"")
_decode_published = msgspec.json.Decoder(list[tuple[PlannedPage, Record]]).decode


class PlanMemo(msgspec.Struct, frozen=True):
    """The memo of the plan of what an output holds: its key, its diagnostics, the shapes of its pages' keys, how many
    pages there are; `manifest` is the digest of the list of what is there, `placed` that of where files say what the
    diagnostics are about. The index, the pages with their records and the resolved links have memos of their own."""

    key: str
    diagnostics: tuple[Diagnostic, ...]
    manifest: str
    shapes: tuple[Shape, ...]
    pages: int
    placed: str


class Past:
    """What was published into an output before, at first as the cache and the `memory` of the process have it.

    Raises DamagedCacheError where these do not fit together.
    """

    def __init__(self, store: Store, memory: Memory, output: Output, shown: str) -> None:
        self.store, self.memory, self.output, self.shown = store, memory, output, shown
        self.linked: dict[str, Linked] = {}
        self.memo = memory.held("plan", lambda: store.memo("plan", shown, model.decoder(PlanMemo).decode))
        self.kept = memory.held("published", lambda: store.runs("published", shown, _decode_published))
        if self.memo and len(self.kept) != self.memo.pages:
            raise DamagedCacheError("pages are missing")
        self.before = memory.held("before", lambda: _before(self.memo, self.kept))

    def plan(self, job: Job, key: str, moment: dt.datetime) -> Planned | None:
        """The plan of the output, where its key is the same and the moment changes no article's state."""
        placed = placed_of(job, self.memo.diagnostics, self.memory) if self.memo else ""
        if not self.memo or self.memo.key != key or self.memo.placed != placed:
            return None
        decode = model.decoder(Editions).decode
        kept = self.memory.held("index", lambda: self.store.memo("index", self.shown, decode))
        known = not self.memory.remembers or self.memory.held("verified", bool)  # the cards are at hand
        if not kept or not known or not kept.holds_at(moment):
            return None
        cards = self.memory.held("published cards", dict[str, Sequence[Card]])
        return Planned(key, kept, self.before.pages, self.before.shapes, self.memo.diagnostics, cards)

    def texts(self, job: Job, planned: Planned) -> list[str]:
        """What each page carries, its links resolved, as `keys.carried` tells it; empty where it carries no text."""
        restored = planned.pages is self.before.pages
        decode = model.decoder(dict[str, Linked]).decode
        read = partial(self.store.memo, "links", self.shown, decode)
        kept = self.memory.held("links", read) if restored else None
        self.linked: dict[str, Linked] = {}
        resolve: Callable[[str], Linked] | None = None
        digests: dict[str, str] = {}
        blocks: dict[str, str] = {}
        for page in planned.pages:
            for id in page.documents:
                if id in digests or not (note := job.files.known[id].note):
                    continue
                if not note.links:
                    digests[id] = note.text
                    continue
                linked = kept.get(id) if kept else None
                if linked is None or linked.of != note.links:
                    if resolve is None:
                        from newsgen.work.planning import resolver_of

                        resolve = resolver_of(job, planned)
                    linked = msgspec.structs.replace(resolve(id), of=note.links)
                self.linked[id] = linked
                digests[id] = f"{note.text}{linked.text}"
                if linked.blocks:
                    blocks[id] = linked.blocks
        return [
            carried([digests[id] for id in page.documents], [blocks[id] for id in page.documents if id in blocks])
            if page.documents
            else ""
            for page in planned.pages
        ]

    def compare(
        self, planned: Planned, texts: list[str], early: Mapping[str, tuple[str, str]]
    ) -> tuple[list[Record], dict[int, tuple[str, str]]]:
        """A record of every page; and by its number each that must be rendered, with the digest of what stands there
        and why. Of those that were made `early` it is known what they were to be, and what stood there.

        Of a page that must be rendered the record is as if it came out the same.
        """
        before, pages = self.before, planned.pages
        restored = pages is before.pages
        ids = {shape: number for number, shape in enumerate(before.shapes)}
        same = [ids.get(shape, -1) for shape in planned.shapes]
        old = {} if restored else {page.path: number for number, page in enumerate(before.pages)}
        records: list[Record] = []
        missed: dict[int, tuple[str, str]] = {}
        trusted = self.memory.held("verified", bool) and self.manifest_stands()
        signatures: Iterable[bytes | None]
        if trusted:  # nobody else writes here while this process lives, and it has looked
            signatures = [record.signature for record in before.records] if restored else repeat(b"", len(pages))
        else:
            signatures = self.output.signatures([page.path for page in pages])
        for number, (page, text, now) in enumerate(zip(pages, texts, signatures, strict=True)):
            at = number if restored else old.get(page.path, -1)
            record = before.records[at] if at >= 0 else _ABSENT
            was = before.pages[at] if at >= 0 else page
            alike = at >= 0 and record.text == text
            alike = alike and (restored or (same[page.shape] == was.shape and page.own == was.own))
            if now is None or (trusted and at < 0):
                there = Record(text, "", b"")
            elif trusted or same_file(record.signature, now):
                there = record if alike else Record(text, record.digest, record.signature)
            else:
                current = self.output.current(page.path)
                there = Record(text, current.digest, current.signature) if current else Record(text, "", b"")
            records.append(there)
            made, _ = early.get(page.path, (record.digest, ""))
            if alike and there.digest == record.digest == made:
                continue
            why = "new page"
            if at >= 0:
                why = reason(parts(page, planned.shapes, text), parts(was, before.shapes, record.text))
            missed[number] = (there.digest, why or "its file in the output was missing or damaged")
        return records, missed

    def gone(self, planned: Planned) -> list[str]:
        """What newsgen owns in the output and no longer makes, in the order of the paths."""
        if self.manifest_stands() and planned.pages is self.before.pages:
            return []
        paths = {page.path for page in planned.pages}
        return sorted([path for path in self.output.owned if path not in paths])

    def manifest_stands(self) -> bool:
        """Whether the manifest lists what the cache remembers, no less and no more."""
        return bool(self.memo and self.memo.manifest and self.memo.manifest == self.output.manifest_digest())

    def claim(self) -> None:
        """Has the output own what is remembered, where its manifest has not the last word."""
        if not self.manifest_stands():
            pairs = zip(self.before.pages, self.before.records, strict=True)
            self.output.claim({page.path: record.digest for page, record in pairs})

    def stands(self) -> dict[str, str]:
        """The digests of the files in the output, by their paths."""
        return self.memory.kept("stands", self.kept, lambda: _stands(self.kept))

    def remember(
        self,
        job: Job,
        planned: Planned,
        records: list[Record],
        staged: list[Staged],
        manifest: str,
        copies: Mapping[str, str],
    ) -> None:
        """Saves what was published, where it is not what is remembered."""
        new = {one.path for one in staged}
        fresh = [number for number, page in enumerate(planned.pages) if page.path in new]
        for number, now in zip(fresh, self.output.signatures([planned.pages[n].path for n in fresh]), strict=True):
            records[number] = Record(records[number].text, records[number].digest, now or b"")
        placed = placed_of(job, planned.diagnostics, self.memory)
        memo = PlanMemo(planned.key, planned.diagnostics, manifest, planned.shapes, len(records), placed)
        published = list(zip(planned.pages, records, strict=True))
        self._hold(planned, memo, published, copies)
        if memo == self.memo and tuple(records) == self.before.records:
            return
        self.store.save_runs("published", self.shown, published, self.kept, model.encode)
        self.store.save_memo("links", self.shown, model.encode(self.linked))
        self.store.save_memo("plan", self.shown, model.encode(memo))
        if planned.pages is not self.before.pages:
            self.store.save_memo("index", self.shown, model.encode(planned.editions))

    def _hold(
        self,
        planned: Planned,
        memo: PlanMemo,
        published: list[tuple[PlannedPage, Record]],
        copies: Mapping[str, str],
    ) -> None:
        """Keeps in memory what the cache will hold."""
        held = {"plan": memo, "published": published, "links": self.linked, "index": planned.editions, "verified": True}
        for name, value in (held | {"published cards": planned.cards, "copies": copies}).items():
            self.memory.hold(name, value)
        if self.memory.remembers:  # what the next build would make before its first page
            self.memory.hold("before", _before(memo, published))
            self.memory.kept("stands", published, lambda: _stands(published))


def _before(memo: PlanMemo | None, published: Sequence[tuple[PlannedPage, Record]]) -> Published:
    pages, records = zip(*published, strict=True) if published else ((), ())
    return Published(memo.shapes, pages, records) if memo else Published()


def _stands(published: Iterable[tuple[PlannedPage, Record]]) -> dict[str, str]:
    return {page.path: one.digest for page, one in published}


def placed_of(job: Job, diagnostics: Iterable[Diagnostic], memory: Memory) -> str:
    """The digest of where content files say what these are about: lines may move where no card changes."""
    known = job.files.known
    paths = {one.place.path for one in diagnostics if one.place.line}
    ids = sorted([id for id in paths if id in known and (note := known[id].note) and note.card])
    before = memory.held("places", dict[str, tuple[Known, str]])
    found = {id: before[id] for id in ids if id in before and before[id][0] == known[id]}
    todo = [id for id in ids if id not in found]
    job.documents.fetch(todo)
    found |= {id: (known[id], digest.of_value(job.documents.read(id).places)) for id in todo}
    memory.hold("places", found)
    return digest.of_value([(id, found[id][1]) for id in ids])
