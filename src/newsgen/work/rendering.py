"""The work of `render`: chunks of planned pages.

A process of this machine makes a page's values itself, reads bodies from the cache and writes to the stage: digests
travel. To another machine a chunk carries values and bodies, and it brings pages back.
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

import msgspec

from newsgen import digest
from newsgen.config import RenderSettings
from newsgen.content.pictures import UncleanError, published
from newsgen.diagnostics import Diagnostic, Place, error
from newsgen.engine.output import stage_file
from newsgen.engine.pool import CHUNK, Remote, told
from newsgen.engine.sources import read_bytes
from newsgen.engine.store import DamagedCacheError, RefusedCacheError, Store
from newsgen.model import Card, PageSpec, PlannedBody
from newsgen.pages.assets import style_sheet
from newsgen.pages.catalogue import catalogues_of
from newsgen.pages.index import Editions, Library
from newsgen.pages.keys import PlannedPage, Shape
from newsgen.pages.pictures import file_of, recipes
from newsgen.pages.plan import planners_of
from newsgen.pages.planner import Fragments, Planner
from newsgen.pages.render import ReadBody, Renderer, mistake_of
from newsgen.pages.templates import Closure, Theme
from newsgen.work.job import Documents, Files, Job, Planned, search_files
from newsgen.work.planning import Fail, bare_planners, fragments

TEMPLATED: Final = ("article", "page", "home", "term", "combined", "archive", "collection", "index", "404")
DRAWN: Final = ("picture", "social card")  # what is made last, and by this machine
AT_HAND: Final = ("copy", "asset", "indexed")  # files whose bytes only this machine has

Made = tuple[str | Diagnostic, float]
"""The digest of a page's bytes, or why there are none; and the seconds that it took."""


class PageTask(msgspec.Struct, frozen=True):
    """A page to render, and the digest of the file that stands in its place."""

    page: PlannedPage
    now: str


class RenderTask(msgspec.Struct, frozen=True):
    """What all pages of a build share: what a planner and a renderer are made of, and where files lie.

    `linked` holds the bodies whose links had to be resolved, by the ids of their documents.
    """

    files: Files
    library: Library
    editions: Editions
    cards: Mapping[str, Sequence[Card]]
    closures: dict[str, Closure]
    fragments: Mapping[str, Fragments]
    linked: Mapping[str, PlannedBody]
    theme: Theme
    settings: RenderSettings


def render_pages(
    job: Job, planned: Planned, linked: Mapping[str, PlannedBody], pages: Sequence[PageTask], fail: Fail
) -> Iterator[Made]:
    """What came of each page, in order; new bytes are in the stage."""

    def tell(done: int) -> None:
        job.progress("rendering", done, len(pages))

    images = [number for number, one in enumerate(pages) if one.page.make in DRAWN]
    if images:
        yield from _with_pictures(job, planned, linked, pages, images, fail)
        return
    catalogues = catalogues_of(job.library, planned.editions, job.documents, planned.cards)
    task = RenderTask(
        job.files,
        job.library,
        planned.editions,
        planned.cards,
        job.closures,
        fragments(job, catalogues, fail),
        linked,
        job.theme,
        job.render_settings,
    )
    if elsewhere := job.crew.away(len(pages)):
        yield from told(_remotely(job, task, pages, elsewhere), tell)
        return
    kept = _code(job)
    first = _firsts(pages, planned.shapes) if job.crew.pays(len(pages), job.store) else {}
    desk = Desk(task, _documents(task, job.store))
    early = {number: desk.page(page) for number, page in first.items()}  # loaded once, all is there in every fork
    _keep_code(job, kept)
    rest = [page for number, page in enumerate(pages) if number not in early]
    with job.crew.at_work(len(rest), job.store, begin_render, task) as executor:
        made = job.crew.each(render_chunk, rest, executor, tell)
        for number in range(len(pages)):
            yield early[number] if number in early else next(made)
    _keep_code(job, kept)


def _with_pictures(
    job: Job,
    planned: Planned,
    linked: Mapping[str, PlannedBody],
    pages: Sequence[PageTask],
    images: Sequence[int],
    fail: Fail,
) -> Iterator[Made]:
    """As `render_pages`, where the pages `images` are pictures: these are made last, and only where all else was."""
    others = [page for page in pages if page.page.make not in DRAWN]
    made = list(render_pages(job, planned, linked, others, fail)) if others else []
    drawn: dict[int, Made] = {number: (pages[number].now, 0.0) for number in images}
    if job.files.stage and not any(isinstance(one, Diagnostic) for one, _ in made):
        drawn |= _drawn(job, planned, pages, [one for one in images if pages[one].page.make == "picture"])
        drawn |= _lettered(job, planned, pages, [one for one in images if pages[one].page.make == "social card"])
    rest = iter(made)
    for number in range(len(pages)):
        yield drawn[number] if number in drawn else next(rest)


def _drawn(job: Job, planned: Planned, pages: Sequence[PageTask], images: Sequence[int]) -> dict[int, Made]:
    """What came of the pages that are pictures, by their numbers."""
    from newsgen.work.picturing import Drawing, drawn

    of_source: dict[str, list[int]] = {}
    for number in images:
        of_source.setdefault(pages[number].page.what, []).append(number)
    settings, files = job.settings.images, job.files
    drawings: list[Drawing] = []
    for source, numbers in of_source.items():
        one = planned.editions.pictures[source]
        known = {file_of(source, recipe): recipe for recipe in recipes(one.facts, settings)}
        recipes_ = tuple([known[pages[number].page.path] for number in numbers])
        places = tuple([(pages[number].page.path, pages[number].now) for number in numbers])
        path = files.path(one.file.id)
        drawings.append(Drawing(one.file.id, path, settings.max_megapixels, files.stage, recipes_, places))
    made = [one for of in drawn(job, drawings) for one in of]
    return dict(zip([number for numbers in of_source.values() for number in numbers], made, strict=True))


def _lettered(job: Job, planned: Planned, pages: Sequence[PageTask], cards: Sequence[int]) -> dict[int, Made]:
    """What came of the pages that are social cards, by their numbers."""
    if not cards:
        return {}
    from newsgen.work.picturing import Lettering, lettered

    planners = bare_planners(job, planned.editions, planned.cards)
    letterings = [
        Lettering(planners[page.edition].again(page).names["social_card"].value(), job.files.stage, page.path, now)
        for page, now in ((pages[number].page, pages[number].now) for number in cards)
    ]
    return dict(zip(cards, lettered(job, letterings, planned.editions.fonts), strict=True))


def _firsts(pages: Sequence[PageTask], shapes: Sequence[Shape]) -> dict[int, PageTask]:
    """The first page of each template in each language and the first feed, by its number: what they load, all pages of
    theirs need."""
    kinds: dict[tuple[str, str, str], int] = {}
    spoken = [dict(shape.shared).get("language", "") for shape in shapes]
    for number, task in enumerate(pages):
        what = task.page.what if task.page.make in TEMPLATED else ""
        kinds.setdefault((task.page.make, what, spoken[task.page.shape]), number)
    return {number: pages[number] for number in kinds.values() if pages[number].page.make in ("feed", *TEMPLATED)}


class Desk:
    """All that a process needs to render planned pages of one build; `planners` where they are at hand."""

    def __init__(self, task: RenderTask, documents: Documents, planners: Mapping[str, Planner] | None = None) -> None:
        self.task, self.documents = task, documents
        if planners is None:
            catalogues = catalogues_of(task.library, task.editions, documents, task.cards)
            planners = planners_of(catalogues, task.closures, task.fragments, task.theme.catalogues)
        self.planners = planners
        self.renderer = renderer_of(task.theme, task.settings)

    def spec(self, page: PlannedPage) -> PageSpec:
        return self.planners[page.edition].spec(page, self._body)

    def _body(self, id: str) -> PlannedBody:
        if id in self.task.linked:
            return self.task.linked[id]
        note = self.task.files.known[id].note
        return PlannedBody(note.body if note else "", (), id)

    def prepare(self, pages: Sequence[PageTask]) -> None:
        """Reads what the pages of articles among these need at once."""
        ids = [task.page.documents[0] for task in pages if task.page.make == "article" and task.page.documents]
        self.documents.fetch(ids)
        self.documents.fetch_bodies([self._body(id) for id in ids])

    def data(self, page: PlannedPage) -> bytes | Diagnostic:
        """The bytes of a page, or why there are none."""
        spec = self.spec(page)
        if spec.renderer == "copy":
            return self._copy(spec.context["id"])
        if spec.renderer == "style sheet":
            return style_sheet(read_bytes(self.task.files.path(spec.context["id"])), spec.context["style"])
        if spec.renderer == "indexed":
            data = self.documents.store.memo(search_files(self.task.files.output), page.path, bytes)
            if data is None:
                raise DamagedCacheError(page.path)
            return data
        return render(spec, self.renderer, self.documents.html)

    def _copy(self, id: str) -> bytes | Diagnostic:
        """The bytes of a file as they are published, or why they cannot be."""
        settings = self.task.library.settings.images
        try:
            return published(read_bytes(self.task.files.path(id)), settings.metadata, settings.max_megapixels)
        except UncleanError as why:
            help = 'Save it as JPEG, PNG or WebP, or write images.metadata = "keep" in newsgen.toml.'
            return error("NG-207", Place(id), f"metadata cannot be taken out: {why}", help)

    def page(self, one: PageTask) -> Made:
        start = time.perf_counter()
        data = self.data(one.page)
        made = data if isinstance(data, Diagnostic) else staged(self.task.files.stage, one, data)
        return made, time.perf_counter() - start


_desk: list[Desk] = []


def begin_render(task: RenderTask, store: Store | None = None) -> None:
    """Readies this process; without a store of its caller it opens the cache of the task."""
    _desk[:] = [Desk(task, _documents(task, store or Store.open(task.files.cache)))]


def _documents(task: RenderTask, store: Store) -> Documents:
    return Documents(store, task.files.known, task.files.common)


def render_chunk(pages: Sequence[PageTask]) -> list[Made]:
    """What came of each page, in order. New bytes are written to the stage."""
    _desk[0].prepare(pages)
    return [_desk[0].page(page) for page in pages]


def staged(stage: str, one: PageTask, data: bytes) -> str:
    """The digest of a page's bytes, which are written to the stage where they differ from what stands in its place."""
    found = digest.of_bytes(data)
    if found != one.now and stage:
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


def render_here(job: Job, spec: PageSpec) -> bytes | Diagnostic:
    """The bytes of a page or a fragment that is rendered in this process at once."""
    _code(job)
    return render(spec, renderer_of(job.theme, job.render_settings), job.documents.html)


# ---- the renderer of a process --------------------------------------------------------------------------------------

_renderers: dict[str, Renderer] = {}


def renderer_of(theme: Theme, settings: RenderSettings, code: dict[str, bytes] | None = None) -> Renderer:
    """The renderer of a theme. The last one is kept, and a fork has that of its parent. `code`: see `environment`."""
    key = digest.of_value((theme, settings))
    if key not in _renderers:
        _renderers.clear()
        _renderers[key] = Renderer(theme, settings, code)
    return _renderers[key]


def _code(job: Job) -> dict[str, bytes]:
    """The templates' compiled code that the cache keeps, given to the renderer of this process."""
    kept = job.store.memos("code")
    mine = {key[len(job.toolchain) :]: code for key, code in kept.items() if key.startswith(job.toolchain)}
    renderer_of(job.theme, job.render_settings, mine)
    return kept


def _keep_code(job: Job, kept: dict[str, bytes]) -> None:
    """Saves the code of the templates that this process has compiled."""
    code = renderer_of(job.theme, job.render_settings).compiled or {}
    now = {job.toolchain + key: one for key, one in code.items()}
    job.store.save_memos("code", now, kept)
    kept.clear()
    kept.update(now)


# ---- on another machine ---------------------------------------------------------------------------------------------

_Chunk = tuple[Theme, RenderSettings, list[PageSpec], dict[str, str]]
"""What pages are rendered with, the pages, and the HTML of their bodies by its digest."""


def _remotely(job: Job, task: RenderTask, pages: Sequence[PageTask], remote: Remote) -> Iterator[list[Made]]:
    from newsgen.engine.remote import remotely

    desk = Desk(task, _documents(task, job.store))
    under_way: deque[Sequence[PageTask]] = deque()

    def sent() -> Iterator[_Chunk]:
        for start in range(0, len(pages), CHUNK):
            under_way.append(pages[start : start + CHUNK])
            specs = [desk.spec(one.page) for one in under_way[-1] if one.page.make not in AT_HAND]
            bodies = {body.digest: body for spec in specs for body in spec.bodies}
            yield task.theme, task.settings, specs, {key: desk.documents.html(one) for key, one in bodies.items()}

    for rendered in remotely(remote, _render_specs, sent()):
        rest = iter(rendered)
        made = [(one, desk.data(one.page) if one.page.make in AT_HAND else next(rest)) for one in under_way.popleft()]
        stage = task.files.stage
        yield [(data if isinstance(data, Diagnostic) else staged(stage, one, data), 0.0) for one, data in made]


def _render_specs(chunk: _Chunk) -> list[bytes | Diagnostic]:
    theme, settings, specs, bodies = chunk
    renderer = renderer_of(theme, settings)
    return [render(spec, renderer, lambda body: bodies[body.digest]) for spec in specs]
