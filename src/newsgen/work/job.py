"""What the phases of one build share, and the values of content files as they are read back."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Final

import msgspec

from newsgen import digest, model
from newsgen.config import RenderSettings, Settings
from newsgen.diagnostics import Diagnostic
from newsgen.engine.pool import Crew, Progress
from newsgen.engine.sources import Known
from newsgen.engine.store import DamagedCacheError, Store
from newsgen.model import Card
from newsgen.pages.index import Index, Library
from newsgen.pages.keys import PlannedPage, Shape
from newsgen.pages.templates import Closure, Theme

THEME_ASSETS: Final = "theme/assets/"


class Memo(msgspec.Struct, frozen=True):
    """What the memo of `parse` keeps: the value and its diagnostics; the body is kept by its digest."""

    content: model.Content | None
    diagnostics: tuple[Diagnostic, ...]


def memo_key(source: str, common: str) -> str:
    """The key under which a file of these bytes is memoised; `common` is the part that all files share."""
    return digest.of_text(f"{source} {common}")


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


class Files(msgspec.Struct, frozen=True):
    """Where the files of a build lie, and what is known of its sources.

    `theme` is the folder of the default theme; without a `stage` what is rendered is not written.
    """

    root: str
    theme: str
    stage: str
    cache: Path | None
    common: str
    known: Mapping[str, Known]

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


class Planned(msgspec.Struct, frozen=True):
    """A plan, from the memo or made; `cards` are at hand where it was made."""

    key: str
    index: Index
    pages: tuple[PlannedPage, ...]
    shapes: tuple[Shape, ...]
    diagnostics: tuple[Diagnostic, ...]
    cards: Sequence[Card] = ()
