"""What the phases of one build share, and the values of content files as they are read back."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Final

import msgspec

from newsgen import model
from newsgen.config import RenderSettings, Settings
from newsgen.diagnostics import Diagnostic
from newsgen.engine.pool import Crew, Progress
from newsgen.engine.sources import Known
from newsgen.engine.store import DamagedCacheError, Store
from newsgen.model import Card, PlannedBody
from newsgen.pages.index import Editions, Library
from newsgen.pages.keys import PlannedPage, Shape
from newsgen.pages.templates import Closure, Theme

THEME_ASSETS: Final = "theme/assets/"
KEPT: Final = 128  # values of content files that are kept to be read again


class Memo(msgspec.Struct, frozen=True):
    """What the memo of `parse` keeps: the value and its diagnostics; the body is kept by its digest."""

    content: model.Content | None
    diagnostics: tuple[Diagnostic, ...]


def memo_key(source: str, common: str) -> str:
    """The key under which a file of these bytes is memoised; `common` is the part that all files share."""
    return source + common


class Documents:
    """Reads the values and the bodies of content files back from the cache. What is fetched ahead is read faster."""

    def __init__(self, store: Store, known: Mapping[str, Known], common: str) -> None:
        self.store, self.known, self.common = store, known, common
        self._decode = model.decoder(Memo).decode
        self._values: dict[str, model.Content] = {}
        self._bodies: dict[str, str] = {}

    def read(self, id: str) -> model.Content:
        """The value of a content file that has one. Raises DamagedCacheError."""
        if id not in self._values:
            self.fetch([id])
        return self._values[id]

    def fetch(self, ids: Iterable[str]) -> None:
        """Reads the values of content files that have one, at once. Raises DamagedCacheError."""
        wanted = {id: self._key(id) for id in ids if id not in self._values}
        if len(self._values) > KEPT:
            self._values.clear()
        for id, data in self.store.parses(wanted).items():
            content = self._decoded(data).content
            if content is None:
                raise DamagedCacheError(id)
            self._values[id] = content

    def fetch_bodies(self, bodies: Iterable[PlannedBody]) -> None:
        """Reads bodies at once, and lets go of those read before. Raises DamagedCacheError."""
        self._bodies = self.store.bodies({body.id: body.digest for body in bodies})

    def html(self, body: PlannedBody) -> str:
        """The HTML of a body. Raises DamagedCacheError where it is not what its digest says."""
        if body.id in self._bodies:
            return self._bodies[body.id]
        return self.store.bodies({body.id: body.digest})[body.id]

    def memo(self, id: str) -> Memo:
        """What `parse` made of a content file. Raises DamagedCacheError."""
        return self._decoded(self.store.parses({id: self._key(id)})[id])

    def _key(self, id: str) -> str:
        return memo_key(self.known[id].digest, self.common)

    def _decoded(self, data: bytes) -> Memo:
        try:
            return self._decode(data)
        except msgspec.MsgspecError as failure:
            raise DamagedCacheError(str(failure)) from failure


class Files(msgspec.Struct, frozen=True):
    """Where the files of a build lie, and what is known of its sources.

    `theme` is the folder of the default theme; without a `stage` what is rendered is not written. `output` names the
    output folder in the cache.
    """

    root: str
    theme: str
    stage: str
    cache: Path | None
    common: str
    known: Mapping[str, Known]
    output: str = ""

    def path(self, id: str) -> str:
        if id.startswith(THEME_ASSETS):
            return os.path.join(self.theme, "assets", id.removeprefix(THEME_ASSETS))
        return os.path.join(self.root, id)


class Job(msgspec.Struct, frozen=True):
    """What the phases of one build are given."""

    settings: Settings
    render_settings: RenderSettings
    toolchain: str
    store: Store
    documents: Documents
    files: Files
    library: Library
    theme: Theme
    closures: dict[str, Closure]
    crew: Crew
    progress: Progress


def search_files(output: str) -> str:
    """The kind under which the cache keeps the files of an output's search index, by their paths."""
    return f"search {output}"


class Planned(msgspec.Struct, frozen=True):
    """A plan, from the memo or made; the `cards` of each edition are at hand where it was made."""

    key: str
    editions: Editions
    pages: tuple[PlannedPage, ...]
    shapes: tuple[Shape, ...]
    diagnostics: tuple[Diagnostic, ...]
    cards: Mapping[str, Sequence[Card]] = {}
