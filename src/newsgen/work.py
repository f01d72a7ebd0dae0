"""What a worker does: chunks of `parse` and of `render`, in this process, in another, or on another machine.

A process of this machine reads sources and bodies itself, and writes values, bodies and pages itself: digests travel.
To another machine a chunk carries the bytes, and it brings bytes back.
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from functools import lru_cache
from pathlib import Path

import msgspec

from newsgen import config, digest, model
from newsgen.content import cards, parse
from newsgen.diagnostics import Diagnostic, Place, error
from newsgen.engine.output import stage_file
from newsgen.engine.sources import Known, Note, Signature, read_bytes, read_signed
from newsgen.engine.store import DamagedCacheError, RefusedCacheError, Store
from newsgen.model import Article, PageSpec, PlannedBody
from newsgen.pages.catalogue import Catalogue, Library
from newsgen.pages.filters import RenderSettings
from newsgen.pages.index import Index
from newsgen.pages.keys import PlannedPage
from newsgen.pages.plan import Fragments, Planner
from newsgen.pages.render import ReadBody, Renderer, mistake_of
from newsgen.pages.templates import Closure, Theme

THEME_ASSETS = "theme/assets/"


class Memo(msgspec.Struct, frozen=True):
    """What the memo of `parse` keeps: the value and its diagnostics; the body is kept by its digest."""

    content: model.Content | None
    diagnostics: tuple[Diagnostic, ...]


class ParsedFile(msgspec.Struct, frozen=True):
    """A parsed file: its note, its card and its `Memo` as JSON, and the HTML of its body (empty where it has none)."""

    note: Note
    card: bytes
    memo: bytes
    html: str


class ParseTask(msgspec.Struct, frozen=True):
    """What all files of a build share. `common` is the part of the memo's key that does so too."""

    root: str
    settings: parse.ParseSettings
    common: str
    cache: Path | None


class Files(msgspec.Struct, frozen=True):
    """Where the files of a build lie, and what is known of its sources. `theme` is the folder of the default theme."""

    root: str
    theme: str
    stage: str
    cache: Path | None
    common: str
    known: dict[str, Known]

    def path(self, id: str) -> str:
        if id.startswith(THEME_ASSETS):
            return os.path.join(self.theme, "assets", id.removeprefix(THEME_ASSETS))
        return os.path.join(self.root, id)


class RenderTask(msgspec.Struct, frozen=True):
    """What all pages of a build share: what a planner and a renderer are made of, and where files lie.

    `linked` holds the bodies whose links had to be resolved, by the ids of their documents.
    """

    files: Files
    library: Library
    index: Index
    cards: Sequence[model.Card]
    closures: dict[str, Closure]
    fragments: Fragments
    linked: dict[str, PlannedBody]
    theme: Theme
    settings: RenderSettings


class PageTask(msgspec.Struct, frozen=True):
    """A page to render, and the digest of the file that stands in its place."""

    page: PlannedPage
    now: str


# ---- parse ----------------------------------------------------------------------------------------------------------

_parsing: list[tuple[ParseTask, Store]] = []


def memo_key(source: str, common: str) -> str:
    """The key under which a file of these bytes is memoised."""
    return digest.of_text(f"{source} {common}")


def parsed(id: str, data: bytes, settings: parse.ParseSettings) -> ParsedFile:
    """One content file, parsed."""
    return _packed(parse.parse_content(id, data, settings, config.zone(settings.timezone)))


def _packed(found: parse.Parsed) -> ParsedFile:
    content = found.content
    memo = model.encode(Memo(content, found.diagnostics))
    if content is None:
        return ParsedFile(Note(said=bool(found.diagnostics)), b"", memo, "")
    card = model.encode(cards.card(content)) if isinstance(content, Article) else b""
    note = Note(
        digest.of_bytes(card or memo), content.body.digest, bool(content.body.references), bool(found.diagnostics)
    )
    return ParsedFile(note, card, memo, found.html)


def begin_parse(task: ParseTask, store: Store | None = None) -> None:
    """Readies this process; without a store of its caller it opens the cache of the task."""
    _parsing[:] = [(task, store or Store.open(task.cache))]


def parse_chunk(files: Sequence[tuple[str, str]]) -> list[Known]:
    """What came of each file, given with the digest that it had; without a note where that is still its digest."""
    task, store = _parsing[0]
    known: list[Known] = []
    rows: list[tuple[str, str, bytes, bytes]] = []
    bodies: list[tuple[str, str]] = []
    for id, before in files:
        signature, source, found = _read_and_parsed(task, id, before)
        if found:
            rows.append((id, memo_key(source, task.common), found.card, found.memo))
            if found.note.body:
                bodies.append((found.note.body, found.html))
        known.append(Known(signature, source, found.note if found else None))
    store.save_parses(rows, bodies)
    if task.cache and store.path and len(files) > 1:
        store.commit()
    return known


def _read_and_parsed(task: ParseTask, id: str, before: str) -> tuple[Signature, str, ParsedFile | None]:
    try:
        signature, data = read_signed(os.path.join(task.root, id))
    except OSError as failure:
        message = f"file cannot be read: {failure.strerror}"
        mistake = error("NG-103", Place(id), message, "Check its permissions.")
        return b"", "", _packed(parse.Parsed(None, "", (mistake,)))
    source = digest.of_bytes(data)
    return signature, source, None if source == before else parsed(id, data, task.settings)


# ---- render ---------------------------------------------------------------------------------------------------------


class Documents:
    """Reads the values of content files back from the cache."""

    def __init__(self, store: Store, known: Mapping[str, Known], common: str) -> None:
        self.store, self.known, self.common = store, known, common
        self._decode = model.decoder(Memo).decode
        self.read = lru_cache(maxsize=64)(self._read)

    def _read(self, id: str) -> model.Content:
        """The value of a content file that has one. Raises DamagedCacheError."""
        content = self.memo(id).content
        if content is None:
            raise DamagedCacheError(id)
        return content

    def memo(self, id: str) -> Memo:
        """What `parse` made of a content file. Raises DamagedCacheError."""
        try:
            return self._decode(self.store.parse(id, memo_key(self.known[id].digest, self.common)))
        except msgspec.MsgspecError as failure:
            raise DamagedCacheError(id) from failure

    def body(self, id: str) -> PlannedBody:
        """The body of a document none of whose links had to be resolved."""
        note = self.known[id].note
        return PlannedBody(note.body if note else "")


class Desk:
    """All that a process needs to render planned pages of one build."""

    def __init__(self, task: RenderTask, store: Store) -> None:
        self.task, self.store = task, store
        self.documents = Documents(store, task.files.known, task.files.common)
        catalogue = Catalogue(task.library, task.index, self.documents.read, task.cards)
        self.planner = Planner(catalogue, task.closures, task.fragments)
        self.renderer = Renderer(task.theme, task.settings)

    def spec(self, page: PlannedPage) -> PageSpec:
        return self.planner.spec(page, self._body)

    def _body(self, id: str) -> PlannedBody:
        return self.task.linked.get(id) or self.documents.body(id)

    def page(self, one: PageTask) -> str | Diagnostic:
        """The digest of a page's bytes, which are written to the stage where they are new; or why there are none."""
        spec = self.spec(one.page)
        data = self.copied(spec) if spec.renderer == "copy" else render(spec, self.renderer, self.store.body)
        return data if isinstance(data, Diagnostic) else staged(self.task.files.stage, one, data)

    def copied(self, spec: PageSpec) -> bytes:
        return read_bytes(self.task.files.path(spec.context["id"]))


_desk: list[Desk] = []


def begin_render(task: RenderTask, store: Store | None = None) -> None:
    """Readies this process; without a store of its caller it opens the cache of the task."""
    _desk[:] = [Desk(task, store or Store.open(task.files.cache))]


def render_chunk(pages: Sequence[PageTask]) -> list[str | Diagnostic]:
    """The digest of each page's bytes, in order, or why there are none. New bytes are written to the stage."""
    return [_desk[0].page(page) for page in pages]


def staged(stage: str, one: PageTask, data: bytes) -> str:
    """The digest of a page's bytes, which are written to the stage where they differ from what stands in its place."""
    found = digest.of_bytes(data)
    if found != one.now:
        stage_file(stage, one.page.path, data)
    return found


def render(spec: PageSpec, renderer: Renderer, read_body: ReadBody) -> bytes | Diagnostic:
    """The bytes of a page, or why its template gives none."""
    try:
        return renderer.render(spec, read_body)
    except (DamagedCacheError, RefusedCacheError, MemoryError):
        raise
    except Exception as failure:  # whatever a template can raise
        return mistake_of(failure, spec, renderer.theme)


# ---- on another machine ---------------------------------------------------------------------------------------------


def parse_remotely(settings: parse.ParseSettings, files: Sequence[tuple[str, bytes]]) -> list[ParsedFile]:
    """The files, given by id with their bytes, parsed."""
    return [parsed(id, data, settings) for id, data in files]


def render_remotely(
    theme: Theme, settings: RenderSettings, pages: Sequence[tuple[PageSpec, dict[str, str]]]
) -> list[bytes | Diagnostic]:
    """The bytes of the pages, given as specs with the HTML of their bodies by its digest, or why there are none."""
    renderer = _renderer(theme, settings)
    return [render(spec, renderer, bodies.__getitem__) for spec, bodies in pages]


_renderers: dict[str, Renderer] = {}


def _renderer(theme: Theme, settings: RenderSettings) -> Renderer:
    """The renderer of a theme; that of the last one is kept from chunk to chunk."""
    key = digest.of_value((theme, settings))
    if key not in _renderers:
        _renderers.clear()
        _renderers[key] = Renderer(theme, settings)
    return _renderers[key]
