"""What a worker does: chunks of `parse` and of `render`, in this process or in another.

Each process keeps the task that it was given at its start, so that a chunk carries no more than what to do.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import msgspec

from newsgen import config, digest, model
from newsgen.content import parse
from newsgen.diagnostics import Diagnostic, Place, error
from newsgen.engine import sources
from newsgen.engine.output import stage_file
from newsgen.engine.sources import SourceFile
from newsgen.engine.store import DamagedCacheError, RefusedCacheError, Store
from newsgen.model import PageSpec
from newsgen.pages.filters import RenderSettings
from newsgen.pages.render import Renderer, mistake_of
from newsgen.pages.templates import Theme


class Memo(msgspec.Struct, frozen=True):
    """What the memo of `parse` keeps: the value and its diagnostics; the body is kept by its digest."""

    content: model.Content | None
    diagnostics: tuple[Diagnostic, ...]


class ParsedFile(msgspec.Struct, frozen=True):
    """A parsed file: its `Memo` as JSON, and the HTML of its body with its digest (empty where it has none)."""

    memo: bytes
    body: str
    html: str


class Page(msgspec.Struct, frozen=True):
    """A page to render: `now` is the digest of the file in its place, `stage` the folder for new bytes, if any."""

    spec: PageSpec
    now: str
    stage: str


class RenderTask(msgspec.Struct, frozen=True):
    """What all pages of a build share. `cache` is the file that holds the bodies, `files` leads an id to its file."""

    theme: Theme
    settings: RenderSettings
    cache: Path | None
    files: dict[str, str]


_parse_settings: list[parse.ParseSettings] = []
_render_task: list[tuple[RenderTask, Renderer, Store]] = []


def begin_parse(settings: parse.ParseSettings) -> None:
    _parse_settings[:] = [settings]


def parse_chunk(files: Sequence[SourceFile]) -> list[ParsedFile]:
    """The files parsed, in order. Reads them itself: bytes never travel."""
    settings = _parse_settings[0]
    zone = config.zone(settings.timezone)
    found: list[ParsedFile] = []
    for file in files:
        try:
            one = parse.parse_content(file.id, sources.read_bytes(file.path), settings, zone)
        except OSError as failure:
            message = f"file cannot be read: {failure.strerror}"
            one = parse.Parsed(None, "", (error("NG-103", Place(file.id), message, "Check its permissions."),))
        body = one.content.body.digest if one.content else ""
        found.append(ParsedFile(model.encode(Memo(one.content, one.diagnostics)), body, one.html if body else ""))
    return found


def begin_render(task: RenderTask, store: Store | None = None) -> None:
    """Readies this process; without a store of its caller it opens the cache of the task."""
    _render_task[:] = [(task, Renderer(task.theme, task.settings), store or Store.open(task.cache))]


def render_chunk(pages: Sequence[Page]) -> list[str | Diagnostic]:
    """The digest of each page's bytes, in order, or why there are none. New bytes are written to the stage."""
    return [_page(page) for page in pages]


def _page(page: Page) -> str | Diagnostic:
    task, renderer, store = _render_task[0]
    if page.spec.renderer == "copy":
        data = sources.read_bytes(task.files[page.spec.context["id"]])
    else:
        rendered = render(page.spec, renderer, store)
        if isinstance(rendered, Diagnostic):
            return rendered
        data = rendered
    found = digest.of_bytes(data)
    if page.stage and found != page.now:
        stage_file(page.stage, page.spec.path, data)
    return found


def render(spec: PageSpec, renderer: Renderer, store: Store) -> bytes | Diagnostic:
    """The bytes of a page, or why its template gives none."""
    try:
        return renderer.render(spec, store.body)
    except (DamagedCacheError, RefusedCacheError, MemoryError):
        raise
    except Exception as failure:  # whatever a template can raise
        return mistake_of(failure, spec, renderer.theme)
