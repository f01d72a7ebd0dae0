"""The pipeline, on one screen: sources -> parse* -> select -> taxonomy -> plan* -> fragments* -> render* -> output.

There is no branch that says "incremental": a clean build is a build whose cache is empty.
"""

from __future__ import annotations

import datetime as dt
import os
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from pathlib import Path

import msgspec

from newsgen import digest, model, project, work
from newsgen.config import Settings
from newsgen.content import parse
from newsgen.diagnostics import Diagnostic, Place, Refused, error, has_errors, in_order
from newsgen.engine import lock, pool, sources
from newsgen.engine.output import Output, Staged
from newsgen.engine.pool import Progress, silent
from newsgen.engine.sources import Known, SourceFile, same_file
from newsgen.engine.store import DamagedCacheError, RefusedCacheError, Store, discard
from newsgen.engine.toolchain import toolchain
from newsgen.model import Card, Page, StaticFile, Term
from newsgen.news.select import Preview, Selection, select
from newsgen.news.taxonomy import Vocabulary, vocabulary
from newsgen.pages import plan as planning
from newsgen.pages import templates
from newsgen.pages.catalogue import Catalogue, Library
from newsgen.pages.filters import RenderSettings
from newsgen.pages.index import Index, index, source_files
from newsgen.pages.keys import PlannedPage, Published, Record, Shape, parts, reason
from newsgen.pages.links import Linked, Links
from newsgen.pages.plan import Planner, static_offence
from newsgen.pages.templates import Analysis, Closure, TemplateSource, Theme
from newsgen.work import Documents

THEME_FOLDER = Path(__file__).parent / "theme"


class BuildOptions(msgspec.Struct, frozen=True, kw_only=True):
    """What a build is told beside its sources. `at`: its moment, None now; `jobs`: processes, 0 as many as pay."""

    out: Path | None = None
    drafts: bool = False
    future: bool = False
    at: dt.datetime | None = None
    strict: bool = False
    jobs: int = 0
    cache: bool = True


class Rendered(msgspec.Struct, frozen=True):
    """A page that was rendered, and the first part of its key that made it necessary."""

    path: str
    reason: str


class BuildReport(msgspec.Struct, frozen=True, kw_only=True):
    """What a build did. With `ok` false nothing was published: the output is as it was."""

    ok: bool
    diagnostics: tuple[Diagnostic, ...]
    output: str = ""
    moment: dt.datetime | None = None
    articles: int = 0
    pages: int = 0
    withheld: tuple[tuple[str, int], ...] = ()
    undated: int = 0
    parsed: tuple[str, ...] = ()
    rendered: tuple[Rendered, ...] = ()
    written: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    seconds: float = 0.0


class Parses(msgspec.Struct, frozen=True, array_like=True):
    """The memo of `parse`, as far as every build needs it: what is known of each source, and the key's common part."""

    common: str
    known: dict[str, Known]


class PlanMemo(msgspec.Struct, frozen=True):
    """The memo of the plan of what an output holds: its key and its diagnostics; `manifest` is the digest of the list
    of what is there. The index, the pages and the resolved links have memos of their own."""

    key: str
    diagnostics: tuple[Diagnostic, ...]
    manifest: str


class Planned(msgspec.Struct, frozen=True):
    """A plan, from the memo or made; `cards` are at hand where it was made."""

    key: str
    index: Index
    pages: tuple[PlannedPage, ...]
    shapes: tuple[Shape, ...]
    diagnostics: tuple[Diagnostic, ...]
    cards: Sequence[Card] = ()


def build(root: Path, options: BuildOptions, progress: Progress = silent) -> BuildReport:
    """Builds the site at `root`. Never raises for a user's mistake: the report holds the diagnostics."""
    start = time.perf_counter()
    try:
        try:
            report = _build(root, options, progress)
        except DamagedCacheError:
            discard(project.cache_file(root))
            report = _build(root, options, progress)
        except RefusedCacheError:
            report = _build(root, msgspec.structs.replace(options, cache=False), progress)
    except Refused as refused:
        report = BuildReport(ok=False, diagnostics=refused.diagnostics)
    except OSError as failure:
        shown = str(options.out or root / "site")
        report = BuildReport(ok=False, diagnostics=(lock.cannot_write(failure, shown),))
    return msgspec.structs.replace(
        report,
        diagnostics=project.with_source_lines(root, THEME_FOLDER, in_order(report.diagnostics)),
        seconds=time.perf_counter() - start,
    )


def _build(root: Path, options: BuildOptions, progress: Progress) -> BuildReport:
    settings = project.read_settings(root)
    moment = (options.at or project.moment_of(os.environ)).replace(second=0, microsecond=0)
    folder = project.output_folder(root, settings, options.out)
    with lock.locked(folder, str(folder)):
        store = Store.open(project.cache_file(root) if options.cache else None)
        try:
            return _Build(root, settings, options, moment, folder, store, progress).run()
        finally:
            store.close()


class _Build:
    """One build: each phase is a method, in the order of the pipeline."""

    def __init__(
        self,
        root: Path,
        settings: Settings,
        options: BuildOptions,
        moment: dt.datetime,
        folder: Path,
        store: Store,
        progress: Progress,
    ) -> None:
        self.root, self.settings, self.options, self.moment = root, settings, options, moment
        self.store, self.progress = store, progress
        self.output = Output(root, folder)
        self.shown = str(folder)
        self.render_settings = RenderSettings.of(settings)
        self.diagnostics: list[Diagnostic] = []
        self.parsed: list[str] = []
        self.rendered: list[Rendered] = []
        self._resolver: Links | None = None

    def run(self) -> BuildReport:
        known = self.parse()
        self.documents = Documents(self.store, known, self.common)
        self.replay(known)
        self.theme, self.closures = self.analyse()
        planned = self.plan(known)
        self.diagnostics += planned.diagnostics
        published = self.publish(planned, known)
        self._commit()
        return self.report(planned.index, len(planned.pages), published)

    # ---- parse* ----

    def parse(self) -> dict[str, Known]:
        """What is known of every source, each content file with a note of what it was parsed to."""
        slice_ = parse.ParseSettings.of(self.settings)
        self.common = digest.of_value([slice_, toolchain()])
        memo = self.store.memo("sources", "", msgspec.json.Decoder(Parses).decode)
        before = memo.known if memo else {}
        noted = before if memo and memo.common == self.common else {}
        self.found = found = sources.find(self.root, before)
        self.diagnostics += found.diagnostics
        known = dict(found.known)
        todo = [(id, _digest_noted(noted.get(id))) for id in (found.unread if noted else found.content)]
        task = work.ParseTask(str(self.root), slice_, self.common, self.store.path)
        for (id, _), one in zip(todo, self._parsed(todo, task), strict=True):
            if one.note is None:
                one = msgspec.structs.replace(one, note=noted[id].note)
            else:
                self.parsed.append(id)
            known[id] = one
        if known != before or noted is not before:
            self.store.save_memo("sources", "", model.encode(Parses(self.common, known)))
        gone = [id for id in before if id not in known]
        if gone or self.parsed:
            self.store.forget(gone, frozenset([one.note.body for one in known.values() if one.note]))
        return known

    def _parsed(self, files: list[tuple[str, str]], task: work.ParseTask) -> Iterator[Known]:
        here = self.store if self.store.path is None or not pool.pays(len(files), self.options.jobs) else None
        with (
            self.store.set_aside(here is None),
            pool.processes(
                len(files), self.options.jobs if here is None else 1, work.begin_parse, task, here
            ) as executor,
        ):
            done = 0
            for chunk in pool.ordered_map(work.parse_chunk, pool.chunks(files), executor):
                yield from chunk
                done += len(chunk)
                self.progress("reading", done, len(files))

    def replay(self, known: Mapping[str, Known]) -> None:
        """The diagnostics of every content file that has some."""
        for id, one in known.items():
            if one.note and one.note.said:
                self.diagnostics += self.documents.memo(id).diagnostics

    # ---- templates ----

    def analyse(self) -> tuple[Theme, dict[str, Closure]]:
        """All templates, and what each may reach; what a text refers to is taken from the memo where it is the same."""
        folder = THEME_FOLDER / "templates"
        own = [_template(file, folder, file.id, f"theme/{file.id}") for file in sources.theme_files(folder)]
        site = [_template(file, self.root, file.id[len("templates/") :], file.id) for file in self.found.templates]
        theme = Theme.of(*([one for one in all if isinstance(one, TemplateSource)] for all in (own, site)))
        self.diagnostics += [one for one in site if isinstance(one, Diagnostic)]
        before = self.store.memos("template")
        memos: dict[str, bytes] = {}
        analyses: dict[str, Analysis] = {}
        decode = model.decoder(Analysis).decode
        for name, source in theme.sources.items():
            key = f"{source.digest} {toolchain()}"
            if key in before:
                memos[key] = before[key]
                analyses[name] = decode(before[key])
                continue
            from newsgen.pages import environment

            outcome = environment.analyse(source, environment.environment(theme, self.render_settings))
            self.diagnostics += outcome.diagnostics
            if outcome.value is not None:
                memos[key] = model.encode(outcome.value)
                analyses[name] = outcome.value
        self.store.save_memos("template", memos, before)
        return theme, templates.closures(theme, analyses)

    # ---- plan* ----

    def plan(self, known: Mapping[str, Known]) -> Planned:
        """The plan of the site: from the memo where its key is the same and the moment changes no article's state."""
        self.memo = self.store.memo("plan", self.shown, model.decoder(PlanMemo).decode)
        self.before = self.store.memo("published", self.shown, msgspec.json.Decoder(Published).decode) or Published()
        self.library = self._library(known)
        key = self._plan_key(known)
        if self.memo and self.memo.key == key:
            kept = self.store.memo("index", self.shown, model.decoder(Index).decode)
            if kept and kept.holds_at(self.moment):
                return Planned(key, kept, self.before.pages, self.before.shapes, self.memo.diagnostics)
        return self._plan_anew(key, known)

    def _plan_key(self, known: Mapping[str, Known]) -> str:
        found = self.found
        return digest.of_value(
            [
                *(toolchain(), self.settings, self.options.drafts, self.options.future),
                [(id, note.card) for id in found.content if (note := known[id].note)],
                *(self.library.static, self.library.siblings),
                [(name, source.digest, source.path) for name, source in self.theme.sources.items()],
            ]
        )

    def _library(self, known: Mapping[str, Known]) -> Library:
        return Library(
            settings=self.settings,
            static=self._static(),
            siblings={file.id: StaticFile(file.id, file.id, file.digest) for file in self.found.siblings},
            failed=frozenset([id for id in self.found.content if not (note := known[id].note) or not note.card]),
        )

    def _static(self) -> dict[str, StaticFile]:
        """Files to copy by output path: the theme's assets, and those of static/ over them."""
        assets = sources.theme_files(THEME_FOLDER / "assets")
        static = {f"assets/{a.id}": StaticFile(work.THEME_ASSETS + a.id, f"assets/{a.id}", a.digest) for a in assets}
        for file in self.found.static:
            path = file.id.removeprefix("static/")
            if why := static_offence(path):
                message = f"the file's name cannot be published: {why}"
                self.diagnostics.append(error("NG-119", Place(file.id), message, "Rename the file."))
            else:
                static[path] = StaticFile(file.id, path, file.digest)
        return static

    def _plan_anew(self, key: str, known: Mapping[str, Known]) -> Planned:
        said: list[Diagnostic] = []
        selection, vocabularies = self._select(known, said)
        made = index(selection, vocabularies)
        catalogue = Catalogue(self.library, made, self.documents.read, selection.published)
        planner = self.planner(catalogue)
        common = (("newsgen", toolchain()), ("settings", digest.of_value(self.render_settings)))
        plan = planning.plan(planner, common)
        return Planned(key, made, plan.pages, plan.shapes, (*said, *plan.diagnostics), selection.published)

    def _select(self, known: Mapping[str, Known], said: list[Diagnostic]) -> tuple[Selection, dict[str, Vocabulary]]:
        """What is published, and the vocabularies of its tags, authors and sections."""
        notes = {id: note for id in self.found.content if (note := known[id].note) and note.card}
        articles = {id: note.card for id, note in notes.items() if parse.kind_of(id) == "article"}
        cards = msgspec.json.decode(b"[" + b",".join(self.store.cards(articles)) + b"]", type=list[Card])
        others = [self.documents.read(id) for id in notes if id not in articles]
        preview = Preview(self.options.drafts, self.options.future)
        selection = select(cards, [one for one in others if isinstance(one, Page)], self.moment, preview)
        terms = [one for one in others if isinstance(one, Term)]
        closed = {"tag": self.settings.tags.known_only, "author": self.settings.authors.known_only, "section": False}
        vocabularies: dict[str, Vocabulary] = {}
        for family, known_only in closed.items():
            mine = [term for term in terms if term.family == family]
            vocabularies[family], found = vocabulary(
                family, mine, selection.published, self._named_at, known_only=known_only
            )
            said += found
        return selection, vocabularies

    def _named_at(self, id: str, family: str) -> Place:
        """Where an article names its tags, its authors or its section; its file where the folder does."""
        places = self.documents.read(id).places
        return Place(id, *(places.get(f"{family}s") or places.get(family) or (0, 0)))

    def planner(self, catalogue: Catalogue) -> Planner:
        return Planner(catalogue, self.closures, self.fragments(catalogue))

    # ---- fragments* ----

    def fragments(self, catalogue: Catalogue) -> dict[tuple[str, str], str]:
        """The HTML of each fragment; from the memo where its key is the same."""
        before = self.store.memos("fragment")
        memos: dict[str, bytes] = {}
        made: dict[tuple[str, str], str] = {}
        for draft in planning.fragment_drafts(catalogue, self.closures):
            values = {name: value.digest() for name, value in draft.names.items()}
            closure = self.closures[draft.template]
            key = digest.of_value([toolchain(), self.render_settings, draft.template, closure.digest, values])
            data = before.get(key)
            if data is None:
                data = self._fragment(draft)
            if data is not None:
                memos[key] = data
                name, _, section = draft.path.partition("#")
                made[name, section] = data.decode()
        self.store.save_memos("fragment", memos, before)
        return made

    def _fragment(self, draft: planning.Draft) -> bytes | None:
        """The bytes of a fragment; None, with a diagnostic, where its template failed."""
        made = work.render(planning.spec_of(draft), self.renderer, self.store.body)
        if isinstance(made, Diagnostic):
            self._template_failed(made)
            return None
        return made

    @cached_property
    def renderer(self) -> work.Renderer:
        return work.Renderer(self.theme, self.render_settings)

    def _template_failed(self, mistake: Diagnostic) -> None:
        """Notes a template's mistake once, however many pages it spoils: on the first of them."""
        same = ("severity", "code", "place", "message")
        if not any(all(getattr(mistake, name) == getattr(one, name) for name in same) for one in self.diagnostics):
            self.diagnostics.append(mistake)

    # ---- links ----

    def texts(self, planned: Planned, known: Mapping[str, Known]) -> list[str]:
        """The digest of the text that each page carries, its links resolved; empty where it carries none."""
        restored = planned.pages is self.before.pages
        kept = self.store.memo("links", self.shown, model.decoder(dict[str, Linked]).decode) if restored else None
        self.linked: dict[str, Linked] = {}
        digests: dict[str, str] = {}
        found: list[str] = []
        for page in planned.pages:
            for id in page.documents:
                if id not in digests:
                    note = known[id].note
                    assert note
                    digests[id] = self._linked(id, note.body, planned, kept).text if note.links else note.body
            texts = [digests[id] for id in page.documents]
            found.append(texts[0] if len(texts) == 1 else digest.of_text("".join(texts)) if texts else "")
        return found

    def _linked(self, id: str, body: str, planned: Planned, kept: Mapping[str, Linked] | None) -> Linked:
        linked = kept.get(id) if kept else None
        if linked is None or linked.body.digest != body:
            linked = self._links(planned).of(self.documents.read(id))
        self.diagnostics += linked.diagnostics
        self.linked[id] = linked
        return linked

    def _links(self, planned: Planned) -> Links:
        if self._resolver is None:
            catalogue = Catalogue(self.library, planned.index, self.documents.read, planned.cards)
            paths = frozenset([page.path for page in planned.pages])
            self._resolver = Links(catalogue, source_files(planned.index), paths)
        return self._resolver

    # ---- render* and output ----

    def publish(self, planned: Planned, known: Mapping[str, Known]) -> tuple[list[Staged], list[str]] | None:
        """Renders what has changed and, where all is well, places it; None where nothing was published."""
        texts = self.texts(planned, known)
        records, missed = self.compare(planned, texts)
        if self._has_errors():
            missed = []  # an error that is known needs no page
        staged: list[Staged] = []
        try:
            if missed:
                self.output.clear_stage()
                staged = self._render(planned, known, texts, records, missed)
            if self._has_errors():
                return None
            self.diagnostics += self.output.intruders(one.path for one in staged)
            if self._has_errors():
                return None
            gone = self._gone(planned)
            manifest = self.memo.manifest if self.memo else ""
            if staged or gone or not manifest or manifest != self.output.manifest_digest():
                if not missed:
                    self.output.clear_stage()
                digests = {
                    page.path: record.digest for page, record in zip(planned.pages, records, strict=True) if record
                }
                manifest = self.output.publish(staged, gone, digests)
            self._remember(planned, records, staged, manifest)
            return staged, gone
        finally:
            if missed:
                self.output.drop_stage()

    def compare(
        self, planned: Planned, texts: list[str]
    ) -> tuple[list[Record | None], list[tuple[int, work.PageTask]]]:
        """The record of every page that is as it was published, and what to render, by its number among the pages."""
        before, pages = self.before, planned.pages
        restored = pages is before.pages
        ids = {shape: number for number, shape in enumerate(before.shapes)}
        same = [ids.get(shape, -1) for shape in planned.shapes]
        old = {} if restored else {page.path: number for number, page in enumerate(before.pages)}
        records: list[Record | None] = []
        missed: list[tuple[int, work.PageTask]] = []
        for number, (page, text, now) in enumerate(
            zip(pages, texts, self.output.signatures([page.path for page in pages]), strict=True)
        ):
            at = number if restored else old.get(page.path, -1)
            record = before.records[at] if at >= 0 else None
            was = before.pages[at] if at >= 0 else page
            alike = record is not None and record.text == text
            alike = alike and (restored or (same[page.shape] == was.shape and page.own == was.own))
            if record is not None and now is not None and same_file(record.signature, now):
                stands = record.digest
                if alike:
                    records.append(record)
                    continue
            else:
                there = self.output.current(page.path, None)
                now, stands = (there.signature, there.digest) if there else (None, "")
                if alike and record and now and stands == record.digest:
                    records.append(Record(text, stands, now))
                    continue
            why = "new page"
            if record is not None:
                then = {**parts(was, before.shapes), "text": record.text}
                why = reason({**parts(page, planned.shapes), "text": text}, then)
            self.rendered.append(Rendered(page.path, why or "its file in the output was missing or damaged"))
            missed.append((number, work.PageTask(page, stands)))
            records.append(Record(text, stands, now or b""))
        return records, missed

    def _render(
        self,
        planned: Planned,
        known: Mapping[str, Known],
        texts: list[str],
        records: list[Record | None],
        missed: list[tuple[int, work.PageTask]],
    ) -> list[Staged]:
        """Renders the missed pages into the stage; their records get the digests of their bytes."""
        staged: list[Staged] = []
        for (number, task), found in zip(
            missed, self._pages(planned, known, [task for _, task in missed]), strict=True
        ):
            if isinstance(found, Diagnostic):
                self._template_failed(found)
                records[number] = None
                continue
            if found != task.now:
                staged.append(Staged(task.page.path, found))
                records[number] = Record(texts[number], found, b"")
        return staged

    def _pages(
        self, planned: Planned, known: Mapping[str, Known], pages: list[work.PageTask]
    ) -> Iterator[str | Diagnostic]:
        files = work.Files(
            str(self.root), str(THEME_FOLDER), self.output.stage, self.store.path, self.common, dict(known)
        )
        catalogue = Catalogue(self.library, planned.index, self.documents.read, planned.cards)
        task = work.RenderTask(
            files=files,
            library=self.library,
            index=planned.index,
            cards=planned.cards,
            closures=self.closures,
            fragments=self.fragments(catalogue),
            linked={id: linked.body for id, linked in self.linked.items()},
            theme=self.theme,
            settings=self.render_settings,
        )
        here = self.store if self.store.path is None or not pool.pays(len(pages), self.options.jobs) else None
        with (
            self.store.set_aside(here is None),
            pool.processes(
                len(pages), self.options.jobs if here is None else 1, work.begin_render, task, here
            ) as executor,
        ):
            done = 0
            for chunk in pool.ordered_map(work.render_chunk, pool.chunks(pages), executor):
                yield from chunk
                done += len(chunk)
                self.progress("rendering", done, len(pages))

    def _gone(self, planned: Planned) -> list[str]:
        """What newsgen owns in the output and no longer makes, in the order of the paths."""
        if self.memo and self.memo.manifest and self.memo.manifest == self.output.manifest_digest():
            if planned.pages is self.before.pages:
                return []
            owned: Iterable[str] = [page.path for page in self.before.pages]
        else:
            owned = self.output.owned
        paths = {page.path for page in planned.pages}
        return sorted([path for path in owned if path not in paths])

    def _remember(self, planned: Planned, records: list[Record | None], staged: list[Staged], manifest: str) -> None:
        """Saves what was published, where it is not what is remembered."""
        placed = {one.path for one in staged}
        fresh = [number for number, page in enumerate(planned.pages) if page.path in placed]
        for number, now in zip(fresh, self.output.signatures([planned.pages[n].path for n in fresh]), strict=True):
            record = records[number]
            assert record
            records[number] = Record(record.text, record.digest, now or b"")
        found = tuple([record for record in records if record])
        if (
            self.memo
            and planned.key == self.memo.key
            and manifest == self.memo.manifest
            and found == self.before.records
        ):
            return
        self.store.save_memo("published", self.shown, model.encode(Published(planned.shapes, planned.pages, found)))
        self.store.save_memo("links", self.shown, model.encode(self.linked))
        self.store.save_memo("plan", self.shown, model.encode(PlanMemo(planned.key, planned.diagnostics, manifest)))
        self.store.save_memo("index", self.shown, model.encode(planned.index))

    # ---- the end ----

    def _has_errors(self) -> bool:
        return bool(self.diagnostics) and (self.options.strict or has_errors(self.diagnostics))

    def _commit(self) -> None:
        """Saves the cache; a disk that refuses costs time, never the site."""
        try:
            self.store.commit()
        except RefusedCacheError:
            self.store.close()
            discard(project.cache_file(self.root))

    def report(self, index: Index, pages: int, published: tuple[list[Staged], list[str]] | None) -> BuildReport:
        withheld = Counter(state for _, state in index.withheld)
        staged, gone = published or ([], [])
        return BuildReport(
            ok=published is not None,
            diagnostics=tuple(_promoted(self.diagnostics) if self.options.strict else self.diagnostics),
            output=self.shown,
            moment=self.moment,
            articles=len(index.ids),
            pages=pages,
            withheld=tuple(sorted(withheld.items())),
            undated=len(index.ids) - index.dated,
            parsed=tuple(self.parsed),
            rendered=tuple(self.rendered),
            written=tuple(one.path for one in staged),
            removed=tuple(gone),
        )


def _digest_noted(known: Known | None) -> str:
    """The digest of a file whose parse is known; empty for all else."""
    return known.digest if known and known.note else ""


def _template(file: SourceFile, folder: Path, name: str, path: str) -> TemplateSource | Diagnostic:
    data = sources.read_bytes(folder / file.id)
    try:
        return TemplateSource(name, path, data.decode("utf-8-sig").replace("\r\n", "\n"), file.digest)
    except UnicodeDecodeError as mistake:
        return error("NG-101", Place(path), f"not UTF-8 text: wrong at byte {mistake.start}", "Save the file as UTF-8.")


def _promoted(diagnostics: Iterable[Diagnostic]) -> Iterable[Diagnostic]:
    return (msgspec.structs.replace(one, severity="error") for one in diagnostics)
