"""The pipeline, on one screen: sources -> parse* -> select -> taxonomy -> plan* -> fragments* -> render* -> output.

There is no branch that says "incremental": a clean build is a build whose cache is empty.
"""

from __future__ import annotations

import datetime as dt
import os
import time
from collections import Counter
from collections.abc import Callable, Generator, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, TypeVar

import msgspec

from newsgen import digest, model, project
from newsgen.config import FILE, SOURCE_FOLDERS, ParseSettings, RenderSettings, Settings
from newsgen.diagnostics import Diagnostic, Refused, has_errors, in_order
from newsgen.engine import lock, pool, sources
from newsgen.engine.output import Output, Staged
from newsgen.engine.pool import Crew, Progress, silent
from newsgen.engine.sources import Known
from newsgen.engine.store import DamagedCacheError, RefusedCacheError, Store, discard
from newsgen.engine.toolchain import encoder, letterer, toolchain
from newsgen.model import Card, StaticFile
from newsgen.news.select import Preview
from newsgen.pages.index import Editions, Library
from newsgen.pages.keys import Record
from newsgen.pages.templates import Closure, Theme
from newsgen.work import copies
from newsgen.work.analysing import analyse, is_read
from newsgen.work.audience import Audience, SupersededError
from newsgen.work.gone import Gone
from newsgen.work.gone import gone as gone_of
from newsgen.work.job import Documents, Files, Job, Planned
from newsgen.work.memory import Forgetful, Memory
from newsgen.work.past import Past, placed_of

if TYPE_CHECKING:
    from newsgen.work.first import First
    from newsgen.work.planning import Drawn

T = TypeVar("T")

THEME_FOLDER = Path(__file__).parent / "theme"
MANY = 64  # copied files that are made before all pages where they have changed; of more none is what somebody edits


class BuildOptions(msgspec.Struct, frozen=True, kw_only=True):
    """What a build is told beside its sources. `at`: its moment, None now; `jobs`: processes, 0 as many as pay;
    `executor`: see `engine.pool.crew`; `search`: whether the search that settings ask for is indexed; `cache`: whether
    there is one, or a file for it that is not the site's own."""

    out: Path | None = None
    drafts: bool = False
    future: bool = False
    at: dt.datetime | None = None
    strict: bool = False
    jobs: int = 0
    executor: str = "process"
    cache: bool | Path = True
    search: bool = True
    fingerprints: bool = True
    profile: bool = False


class Rendered(msgspec.Struct, frozen=True):
    """A page that was rendered, and the first part of its key that made it necessary."""

    path: str
    reason: str


class Profile(msgspec.Struct):
    """Where the time of a build went, in seconds: by phase, by content file, and by page with its template or kind.

    Of files and pages it is the time in the process that worked on them: with several the sum exceeds the phase.
    """

    phases: dict[str, float] = {}
    parses: list[tuple[str, float]] = []
    pages: list[tuple[str, str, float]] = []


class BuildReport(msgspec.Struct, frozen=True, kw_only=True):
    """What a build did. With `ok` false nothing was published: the output is as it was.

    `previews` are the output files of what is not online, each with why; a process that builds once does not tell them.
    `coming` is the minute in which time changes the site next, `base_path` where it is mounted.
    """

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
    gone: tuple[Gone, ...] = ()
    previews: tuple[tuple[str, str], ...] = ()
    coming: dt.datetime | None = None
    base_path: str = "/"
    seconds: float = 0.0
    profile: Profile | None = None


def build(
    root: Path,
    options: BuildOptions,
    progress: Progress = silent,
    memory: Memory | None = None,
    audience: Audience | None = None,
) -> BuildReport:
    """Builds the site at `root`. Never raises for a user's mistake: the report holds the diagnostics.

    `memory` is that of the builds before this one in this process, of the same site with the same options. Raises what
    `audience` raises.
    """
    start = time.perf_counter()
    around = _Around(progress, memory or Forgetful(), audience or Audience())
    try:
        report = _begun(root, options, around, _Build.run)
    except Refused as refused:
        around.memory.clear()
        report = BuildReport(ok=False, diagnostics=refused.diagnostics)
    except OSError as failure:
        around.memory.clear()
        shown = str(options.out or root / "site")
        report = BuildReport(ok=False, diagnostics=(lock.cannot_write(failure, shown),))
    return msgspec.structs.replace(
        report,
        diagnostics=project.with_source_lines(root, THEME_FOLDER, in_order(report.diagnostics)),
        seconds=time.perf_counter() - start,
    )


class Inspection(msgspec.Struct, frozen=True):
    """What a build at `moment` would make, and what one content file was parsed to; None where it has no value."""

    settings: Settings
    moment: dt.datetime
    planned: Planned
    content: model.Content | None
    diagnostics: tuple[Diagnostic, ...]


def inspect(root: Path, at: dt.datetime | None = None, id: str = "") -> Inspection:
    """Plans the site and publishes nothing; `id` is that of the content file. Raises Refused."""
    around = _Around(silent, Forgetful(), Audience())
    found = _begun(root, BuildOptions(at=at), around, lambda build: build.inspect(id))
    diagnostics = project.with_source_lines(root, THEME_FOLDER, in_order(found.diagnostics))
    return msgspec.structs.replace(found, diagnostics=diagnostics)


class _Noted(NamedTuple):
    """What is noted of content files: the digest of the card of each, empty where it has none; the ids of those that
    have none, and of those of which there is something to say."""

    cards: list[tuple[str, str]]
    failed: frozenset[str]
    saying: list[str]


class _Around(NamedTuple):
    """Who is told of a build, and what is remembered of those before it."""

    progress: Progress
    memory: Memory
    audience: Audience


def _begun(root: Path, options: BuildOptions, around: _Around, do: Callable[[_Build], T]) -> T:
    """What `do` makes of a build of the site; once more without a cache that is damaged or refused."""
    try:
        return _locked(root, options, around, do)
    except DamagedCacheError:
        if path := _cache_file(root, options):
            discard(path)
        around.memory.clear()
        return _locked(root, options, around, do)
    except RefusedCacheError:
        around.memory.clear()
        return _locked(root, msgspec.structs.replace(options, cache=False), around, do)


def _locked(root: Path, options: BuildOptions, around: _Around, do: Callable[[_Build], T]) -> T:
    settings = around.memory.same("settings", project.read_settings(root))
    moment = (options.at or project.moment_of(os.environ)).replace(second=0, microsecond=0)
    folder = project.output_folder(root, settings, options.out)
    with lock.locked(folder, str(folder)):
        store = Store.open(_cache_file(root, options))
        try:
            with pool.crew(options.jobs, options.executor) as crew:
                return do(_Build(root, settings, options, moment, folder, store, crew, around))
        finally:
            store.close()


def _cache_file(root: Path, options: BuildOptions) -> Path | None:
    return options.cache if isinstance(options.cache, Path) else project.cache_file(root) if options.cache else None


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
        crew: Crew,
        around: _Around,
    ) -> None:
        self.root, self.settings, self.options, self.moment = root, settings, options, moment
        self.store, self.crew = store, crew
        self.progress, self.memory, self.audience = around
        self.output = Output(root, folder)
        self.shown = str(folder)
        self.diagnostics: list[Diagnostic] = []
        self.parsed: list[str] = []
        self.rendered: list[Rendered] = []
        self.gone: tuple[Gone, ...] = ()
        self.early: dict[str, tuple[str, str]] = {}
        self.copies: dict[str, str] = self.memory.held("copies", dict[str, str])
        self.first: First | None = None
        self.tried: set[str] = set()
        self.profile = Profile()

    def run(self) -> BuildReport:
        try:
            job, planned = self.planned()
            planned = self.search(job, planned)
            published = self.publish(job, planned)
        except SupersededError:
            self._commit()
            raise
        with self.phase("cache"):
            self._commit()
        return self.report(planned, published)

    def inspect(self, id: str) -> Inspection:
        job, planned = self.planned()
        note = known.note if (known := job.files.known.get(id)) else None
        content = job.documents.read(id) if note and note.card else None
        self._commit()
        return Inspection(self.settings, self.moment, planned, content, tuple(self.diagnostics))

    def planned(self) -> tuple[Job, Planned]:
        """The phases before anything is rendered."""
        known = self.parse()
        with self.phase("templates"):
            job = self.job(known)
        with self.phase("plan"):
            planned = self.plan(job)
            self.diagnostics += planned.diagnostics
        return job, planned

    @contextmanager
    def phase(self, name: str) -> Generator[None, None, None]:
        """Counts the time of what is done in it to the phase `name`."""
        start = time.perf_counter()
        try:
            yield
        finally:
            self.profile.phases[name] = self.profile.phases.get(name, 0.0) + time.perf_counter() - start

    # ---- parse* ----

    def parse(self) -> dict[str, Known]:
        """What is known of every source, each content file with a note of what it was parsed to."""
        with self.phase("sources"):
            kept = self.memory.held("sources", lambda: self.store.runs("sources", "", _decode_sources))
            before = dict(kept)
            self.found = found = self.find(before)
            self.diagnostics += found.diagnostics
            known = dict(found.known)
        with self.phase("templates"):
            self.static, said = self.memory.kept("static", found.static, self.copied)
            self.diagnostics += said
            names = self.static if self.options.fingerprints else tuple(self.static)
            of = (found.templates, names, self.settings)
            self.theme, self.closures, said = self.memory.kept("templates", of, self.analysed)
            self.diagnostics += said
        wanted = self.settings.related.limit > 0 and is_read("related", self.closures)
        slice_ = ParseSettings.of(self.settings, terms=wanted)
        self.common = parse_key(slice_)
        noted = before if self.store.memo("parsed", "", bytes.decode) == self.common else {}
        todo = [(id, _digest_noted(noted.get(id))) for id in (found.unread if noted else found.content)]
        if todo:
            self.memory.drop("noted")
        with self.phase("parse"):
            for (id, _), (one, seconds) in zip(todo, self._parsed(todo, slice_), strict=True):
                if one.note is None:
                    one = Known(one.signature, one.digest, noted[id].note)
                else:
                    self.parsed.append(id)
                    if self.options.profile:
                        self.profile.parses.append((id, seconds))
                known[id] = one
        with self.phase("cache"):
            self.memory.hold("sources", now := kept if known == before else list(known.items()))
            self.store.save_runs("sources", "", now, kept, model.encode)
            self.store.save_memo("parsed", "", self.common.encode())
            self.store.forget(sorted(before.keys() - known.keys()))
        self.noted = self.memory.kept("noted", found.content, lambda: _noted(found.content, known))
        return known

    def find(self, before: dict[str, Known]) -> sources.Sources:
        """The sources as they are; where it is known that only some changed, only these are looked at."""
        memory, changed = self.memory, self.memory.changed
        outside = changed is None or any(path.split("/")[0] not in SOURCE_FOLDERS for path in changed - {FILE})
        if outside:
            memory.drop("static", "templates")  # those of the theme lie outside, and what links lead to
        known = not outside and FILE not in (changed or ())  # settings say where links may lead
        last = memory.held("found", lambda: None) if known else None
        found = sources.again(self.root, last, before, changed or ()) if last else None
        if found is None:
            found = sources.find(self.root, before, self.settings.sources.follow)
        memory.hold("found", found)
        memory.looked()
        return found

    def copied(self) -> tuple[dict[str, StaticFile], list[Diagnostic]]:
        """The files that are copied, and what there is to say of them."""
        said: list[Diagnostic] = []
        return copies.static_files(THEME_FOLDER, self.found.static, said), said

    def analysed(self) -> tuple[Theme, dict[str, Closure], list[Diagnostic]]:
        """The templates, what each may reach, and what there is to say of them."""
        said: list[Diagnostic] = []
        theme, closures = analyse(
            *(self.root, THEME_FOLDER, self.found.templates, self.static, self.store, self.settings, said),
            fingerprints=self.options.fingerprints,
        )
        return theme, closures, said

    def _parsed(self, todo: list[tuple[str, str]], slice_: ParseSettings) -> Iterator[tuple[Known, float]]:
        if not todo:
            return iter(())
        from newsgen.work.parsing import ParseTask, parse_files

        task = ParseTask(str(self.root), slice_, self.common, self.store.path)
        return parse_files(todo, task, self.store, self.crew, self.progress)

    # ---- templates and files ----

    def job(self, known: Mapping[str, Known]) -> Job:
        """What the phases that follow are given. The diagnostics of every content file are told again."""
        documents = Documents(self.store, known, self.common)
        before = self.memory.held("said", dict[str, tuple[Known, tuple[Diagnostic, ...]]])
        said: dict[str, tuple[Known, tuple[Diagnostic, ...]]] = {}
        for id in self.noted.saying:
            same = id in before and before[id][0] is known[id]
            said[id] = before[id] if same else (known[id], documents.memo(id).diagnostics)
        self.memory.hold("said", said)
        self.diagnostics += [mistake for _, told in said.values() for mistake in told]
        plain = not self.options.fingerprints
        library = Library(
            settings=self.settings,
            static=copies.copied(self.static, self.theme.assets, plain=plain),
            assets=copies.assets(self.static, self.theme.assets),
            siblings={file.id: StaticFile(file.id, file.id, file.digest) for file in self.found.siblings},
            failed=self.noted.failed,
            encoder=encoder(),
            letterer=letterer() if self.settings.social_cards.enabled else "",
        )
        path = self.store.path
        files = Files(str(self.root), str(THEME_FOLDER), self.output.stage, path, self.common, known, self.shown)
        slice_ = RenderSettings.of(self.settings)
        return Job(
            *(self.settings, slice_, toolchain(), self.store, documents, files),
            *(self.memory.same("library", library), self.theme, self.closures),
            *(self.crew, self.progress),
        )

    # ---- plan* ----

    def plan(self, job: Job) -> Planned:
        """The plan of the site: from the memo where its key is the same and the moment changes no article's state."""
        self.past = Past(self.store, self.memory, self.output, self.shown)
        key = digest.of_value(self.plan_key(job))
        if planned := self.past.plan(job, key, self.moment):
            if self.audience.first():
                self.early_of(job, planned)
            return planned
        from newsgen.work.planning import Wanted, copied_only, plan_site

        if self.audience.first() and (drawn := copied_only(job, self.memory)):
            self.begin_early(job, *drawn, failing=False)

        preview = Preview(self.options.drafts, self.options.future)
        said = self.memory.held("plan said", tuple[Diagnostic, ...])
        wanted = Wanted(self.moment, preview, placed_of(job, said, self.memory))
        planned = plan_site(job, key, wanted, self.memory, self._template_failed, self.begin_early)
        self.memory.hold("plan said", planned.diagnostics)
        return planned

    # ---- what somebody waits for ----

    def early_of(self, job: Job, planned: Planned) -> None:
        """As `begin_early`, where the plan is that of before."""
        from newsgen.work.planning import Drawn, addresses_of, planners

        found = self.memory.kept("pages", planned.pages, lambda: addresses_of(planned))
        at = planners(job, planned.editions, planned.cards, self._template_failed)
        drawn = Drawn(planned.editions, planned.cards, at, found)
        self.begin_early(job, drawn, self.copies, failing=has_errors(planned.diagnostics))

    def begin_early(self, job: Job, drawn: Drawn, copied: dict[str, str], *, failing: bool) -> None:
        """Makes the pages that somebody waits for, where the build does not fail anyway; `copied` as in `copies_of`."""
        before, self.copies = self.memory.held("copies", dict[str, str]), copied
        if not self.audience.first() or failing or self._has_errors():
            return
        from newsgen.work.first import First

        stands = self.past.stands()
        stand = [path for path, one in copied.items() if before.get(path) == one]
        previews = dict(self.previews(drawn.editions, drawn.cards))
        self.audience.settled(stand, previews, self.settings.base_path)
        if not self.first:
            self.output.clear_stage()
        self.first, self.tried = First(job, drawn, lambda path: stands.get(path, "")), set(self.early)
        others = [path for path, one in copied.items() if before.get(path, one) != one]
        self.look(others[:MANY])

    def look(self, others: Iterable[str] = (), *, failing: bool = False) -> None:
        """Makes what somebody waits for now, and `others`; nothing in a build that fails. Raises SupersededError."""
        for path in (*others, *self.audience.first()):
            if self.first and path not in self.tried and not failing:
                self.tried.add(path)
                if made := self.first.make(path):
                    self.early[path] = made
                    self.audience.made(path, changed=made[0] != made[1])

    def search(self, job: Job, planned: Planned) -> Planned:
        """The plan with the files of the search index, where the settings ask for one."""
        enabled = self.settings.search.enabled
        if not enabled and self.store.memo("search", self.shown, bytes) in (None, b"{}"):
            return planned
        from newsgen.work import searching

        if not enabled or not self.options.search or self._has_errors():
            return searching.without(job, planned)
        with self.phase("search"):
            found = searching.searched(job, planned)
        self.diagnostics += found.diagnostics
        self.rendered += [Rendered(f"{folder}/", why) for folder, why in found.made]
        return found.planned

    def plan_key(self, job: Job) -> dict[str, object]:
        """All that the plan reads, by name."""
        library, content = job.library, self.noted.cards
        return {
            "newsgen": toolchain(),
            "settings": self.settings,
            "preview": (self.options.drafts, self.options.future),
            "content": self.memory.kept("content", content, lambda: digest.of_value(content)),
            "encoder": (library.encoder, library.letterer),
            "static": (library.static, library.assets),
            "siblings": library.siblings,
            "templates": [(name, source.digest, source.path) for name, source in job.theme.sources.items()],
            "catalogues": job.theme.catalogues,
        }

    def _template_failed(self, mistake: Diagnostic) -> None:
        """Notes a template's mistake once, however many pages it spoils: on the first of them."""
        same = ("severity", "code", "place", "message")
        if not any(all(getattr(mistake, name) == getattr(one, name) for name in same) for one in self.diagnostics):
            self.diagnostics.append(mistake)

    # ---- render* and output ----

    def publish(self, job: Job, planned: Planned) -> tuple[list[Staged], list[str]] | None:
        """Renders what has changed and, where all is well, places it; None where nothing was published."""
        with self.phase("compare"):
            texts = self.past.texts(job, planned)
            self.diagnostics += [one for linked in self.past.linked.values() for one in linked.diagnostics]
            records, found = self.past.compare(planned, texts, self.early)
            self.rendered += [Rendered(planned.pages[number].path, why) for number, (_, why) in found.items()]
            missed = {number: stands for number, (stands, _) in found.items()}
        self.past.claim()
        staged: list[Staged] = []
        try:
            if missed:
                if not self.first:
                    self.output.clear_stage()
                if self._has_errors():  # all is told, but such a plan may hold a file and a folder of one name
                    job = msgspec.structs.replace(job, files=msgspec.structs.replace(job.files, stage=""))
                    self.audience.failing(self.diagnostics)
                else:
                    self.audience.compared([planned.pages[number].path for number in missed], self.past.gone(planned))
                with self.phase("render"):
                    staged = self._render(job, planned, records, missed)
            elif not self._has_errors():
                self.audience.compared((), self.past.gone(planned))
            with self.phase("publish"):
                self.diagnostics += [] if self._has_errors() else self.output.intruders(one.path for one in staged)
                if self._has_errors():
                    return None
                gone = self.past.gone(planned)
                manifest = self.past.memo.manifest if self.past.memo else ""
                if staged or gone or not self.past.manifest_stands():
                    if not missed and not self.first:
                        self.output.clear_stage()
                    self.audience.publishing()
                    digests = {page.path: one.digest for page, one in zip(planned.pages, records, strict=True)}
                    manifest = self.output.publish(staged, gone, digests)
            with self.phase("cache"):
                self.past.remember(job, planned, records, staged, manifest, self.copies)
            if gone:
                self.gone = gone_of(gone, self.past.before, planned, texts)
            return staged, gone
        finally:
            self.output.drop_stage()

    def _render(self, job: Job, planned: Planned, records: list[Record], missed: dict[int, str]) -> list[Staged]:
        """Renders the missed pages into the stage; their records get the digests of their bytes."""
        from newsgen.work.rendering import PageTask, render_pages

        linked = {id: one.body for id, one in self.past.linked.items()}
        early = {n: self.early[path] for n in missed if (path := planned.pages[n].path) in self.early}
        early = {number: made for number, (made, stood) in early.items() if stood == missed[number]}
        todo = [number for number in missed if number not in early]
        tasks = [PageTask(planned.pages[number], missed[number]) for number in todo]
        made = chain(
            [(number, (found, 0.0)) for number, found in early.items()],
            zip(todo, render_pages(job, planned, linked, tasks, self._template_failed), strict=True),
        )
        staged: list[Staged] = []
        failing = not job.files.stage
        for number, (found, seconds) in made:
            page, stands = planned.pages[number], missed[number]
            if isinstance(found, Diagnostic):
                self._template_failed(found)
                self.audience.failing(self.diagnostics)
                failing = True
            elif found != stands:
                staged.append(Staged(page.path, found))
                records[number] = Record(records[number].text, found, b"")
            if not failing and page.path not in self.early:
                self.audience.made(page.path, changed=found != stands)
            self.look(failing=failing)
            if self.options.profile:
                self.profile.pages.append((page.path, page.kind(), seconds))
        return staged

    # ---- the end ----

    def _has_errors(self) -> bool:
        return bool(self.diagnostics) and (self.options.strict or has_errors(self.diagnostics))

    def _commit(self) -> None:
        """Saves the cache; a disk that refuses costs time, never the site."""
        try:
            self.store.commit()
        except RefusedCacheError:
            self.store.close()
            if self.store.path:
                discard(self.store.path)

    def previews(self, editions: Editions, cards: Mapping[str, Sequence[Card]]) -> tuple[tuple[str, str], ...]:
        """The output files of what is shown though it is not online, each with why."""
        if not self.memory.remembers or not (self.options.drafts or self.options.future):
            return ()
        from newsgen.pages.index import previews

        of = (editions, cards, self.moment.astimezone(self.settings.zone()))
        return self.memory.kept("previews", of, lambda: tuple(previews(*of)))

    def report(self, planned: Planned, published: tuple[list[Staged], list[str]] | None) -> BuildReport:
        withheld = Counter(planned.editions.withheld().values())
        staged, gone = published or ([], [])
        return BuildReport(
            ok=published is not None,
            diagnostics=tuple(_promoted(self.diagnostics) if self.options.strict else self.diagnostics),
            output=self.shown,
            moment=self.moment,
            articles=sum(len(one.ids) for one in planned.editions),
            pages=len(planned.pages),
            withheld=tuple(sorted(withheld.items())),
            undated=sum(len(one.ids) - one.dated for one in planned.editions),
            parsed=tuple(self.parsed),
            rendered=tuple(self.rendered),
            written=tuple(one.path for one in staged),
            removed=tuple(gone),
            gone=self.gone,
            previews=self.previews(planned.editions, planned.cards),
            coming=next((one.due for one in planned.editions.coming()), None),
            base_path=self.settings.base_path,
            profile=self.profile if self.options.profile else None,
        )


_decode_sources = msgspec.json.Decoder(list[tuple[str, Known]]).decode


def _noted(content: Iterable[str], known: Mapping[str, Known]) -> _Noted:
    notes = [(id, known[id].note) for id in content]
    cards = [(id, one.card if one else "") for id, one in notes]
    failed = frozenset([id for id, card in cards if not card])
    return _Noted(cards, failed, [id for id, one in notes if one and one.said])


def parse_key(settings: ParseSettings) -> str:
    """The part that the keys of all parses share."""
    return digest.of_value([settings, toolchain()])


def _digest_noted(known: Known | None) -> str:
    """The digest of a file whose parse is known; empty for all else."""
    return known.digest if known and known.note else ""


def _promoted(diagnostics: Iterable[Diagnostic]) -> Iterable[Diagnostic]:
    return (msgspec.structs.replace(one, severity="error") for one in diagnostics)
