"""The pipeline, on one screen: sources -> parse* -> select -> taxonomy -> plan -> fragments* -> render* -> output.

There is no branch that says "incremental": a clean build is a build whose cache is empty.
"""

from __future__ import annotations

import datetime as dt
import os
import sqlite3
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

import msgspec

from newsgen import config, digest, model, work
from newsgen.config import Settings
from newsgen.content import parse
from newsgen.diagnostics import Diagnostic, Place, Refused, error, has_errors, in_order
from newsgen.engine import lock, pool, sources
from newsgen.engine.output import Output, Staged
from newsgen.engine.pool import Progress, silent
from newsgen.engine.sources import Known, SourceFile, Sources
from newsgen.engine.store import DamagedCacheError, PageRecord, RefusedCacheError, Store, discard
from newsgen.engine.toolchain import toolchain
from newsgen.model import Article, Page, PageSpec, StaticFile, Term
from newsgen.news.select import Preview, Selection, select
from newsgen.news.taxonomy import Vocabulary, vocabulary
from newsgen.pages import plan as planning
from newsgen.pages import templates
from newsgen.pages.catalogue import Catalogue, Library
from newsgen.pages.filters import RenderSettings, filters
from newsgen.pages.plan import Plan, static_offence
from newsgen.pages.render import Key, Keys, Renderer
from newsgen.pages.templates import Analysis, TemplateSource, Theme

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


def build(root: Path, options: BuildOptions, progress: Progress = silent) -> BuildReport:
    """Builds the site at `root`. Never raises for a user's mistake: the report holds the diagnostics."""
    start = time.perf_counter()
    try:
        try:
            report = _build(root, options, progress)
        except DamagedCacheError:
            discard(_cache_file(root))
            report = _build(root, options, progress)
        except RefusedCacheError:
            report = _build(root, msgspec.structs.replace(options, cache=False), progress)
    except Refused as refused:
        report = BuildReport(ok=False, diagnostics=refused.diagnostics)
    except OSError as failure:
        report = BuildReport(ok=False, diagnostics=(lock.cannot_write(failure, _shown(root, options)),))
    return msgspec.structs.replace(
        report,
        diagnostics=_with_source_lines(root, in_order(report.diagnostics)),
        seconds=time.perf_counter() - start,
    )


def _build(root: Path, options: BuildOptions, progress: Progress) -> BuildReport:
    settings = read_settings(root)
    moment = (options.at or moment_of(os.environ)).replace(second=0, microsecond=0)
    folder = _output_folder(root, settings, options)
    with lock.locked(folder, str(folder)):
        store = Store.open(_cache_file(root) if options.cache else None)
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
        self.zone = settings.zone()
        self.render_settings = RenderSettings.of(settings)
        self.diagnostics: list[Diagnostic] = []
        self.parsed: list[str] = []
        self.rendered: list[Rendered] = []
        self.bodies: set[str] = set()

    def run(self) -> BuildReport:
        known = self.store.files()
        found = sources.find(self.root, known)
        self.diagnostics += found.diagnostics
        contents = self.parse(found)
        theme, analyses = self.analyse(found)
        closures = templates.closures(theme, analyses)
        selection, library = self.select(found, contents)
        catalogue = Catalogue(library)
        keys = Keys(closures, self.render_settings, toolchain())
        renderer = Renderer(theme, self.render_settings)
        fragments = self.fragments(planning.fragment_specs(catalogue, closures), keys, renderer)
        plan = planning.plan(catalogue, closures, fragments)
        self.diagnostics += plan.diagnostics
        published = self.publish(plan, keys, renderer)
        self.store.save_files(found.known, known)
        gone = set(self.known_parses) - {file.id for file in found.content}
        if gone or self.parsed:
            self.store.forget(gone, frozenset(self.bodies))
        self._commit()
        return self.report(selection, plan, published)

    # ---- parse* ----

    def parse(self, found: Sources) -> dict[str, model.Content]:
        """The value of every content file that has one, by id; from the memo where its key is the same."""
        slice_ = parse.ParseSettings.of(self.settings)
        common = digest.of_value([slice_, toolchain()])
        self.known_parses = self.store.parses(work.Memo)
        decode = model.decoder(work.Memo).decode
        contents: dict[str, model.Content] = {}
        missed: list[tuple[SourceFile, str]] = []
        for file in found.content:
            key = digest.of_text(f"{file.digest} {file.id} {common}")
            before = self.known_parses.get(file.id)
            if before is not None and before[0] == key:
                self._take(file.id, before[1], contents)
            else:
                missed.append((file, key))
        files = [file for file, _ in missed]
        for (file, key), parsed in zip(missed, self._parsed(files, slice_), strict=True):
            if parsed.body:
                self.store.save_body(parsed.body, parsed.html)
            self.store.save_parse(file.id, key, parsed.memo)
            self.parsed.append(file.id)
            self._take(file.id, decode(parsed.memo), contents)
        return contents

    def _parsed(self, files: list[SourceFile], slice_: parse.ParseSettings) -> Iterator[work.ParsedFile]:
        with pool.processes(len(files), self.options.jobs, work.begin_parse, slice_) as executor:
            done = 0
            for chunk in pool.ordered_map(work.parse_chunk, pool.chunks(files), executor):
                yield from chunk
                done += len(chunk)
                self.progress("reading", done, len(files))

    def _take(self, id: str, memo: work.Memo, contents: dict[str, model.Content]) -> None:
        self.diagnostics += memo.diagnostics
        if memo.content is not None:
            contents[id] = memo.content
            self.bodies.add(memo.content.body.digest)

    # ---- templates ----

    def analyse(self, found: Sources) -> tuple[Theme, dict[str, Analysis]]:
        """All templates, and what each refers to; from the memo where its text is the same."""
        own = sources.theme_files(THEME_FOLDER / "templates")
        site = [_template(file, file.id.removeprefix("templates/"), file.id) for file in found.templates]
        theme = Theme.of(
            [one for file in own if isinstance(one := _template(file, file.id, f"theme/{file.id}"), TemplateSource)],
            [one for one in site if isinstance(one, TemplateSource)],
        )
        self.diagnostics += [one for one in site if isinstance(one, Diagnostic)]
        before = self.store.memos("template")
        memos: dict[str, bytes] = {}
        analyses: dict[str, Analysis] = {}
        parser = templates.environment(theme, filters(self.render_settings))
        decode = model.decoder(Analysis).decode
        for name, source in theme.sources.items():
            key = f"{source.digest} {toolchain()}"
            if key in before:
                memos[key] = before[key]
                analyses[name] = decode(before[key])
                continue
            outcome = templates.analyse(source, parser)
            self.diagnostics += outcome.diagnostics
            if outcome.value is not None:
                memos[key] = model.encode(outcome.value)
                analyses[name] = outcome.value
        self.store.save_memos("template", memos, before)
        return theme, analyses

    # ---- select and taxonomy ----

    def select(self, found: Sources, contents: Mapping[str, model.Content]) -> tuple[Selection, Library]:
        values = contents.values()
        preview = Preview(self.options.drafts, self.options.future)
        articles = [one for one in values if isinstance(one, Article)]
        selection = select(articles, [one for one in values if isinstance(one, Page)], self.moment, preview)
        terms = [one for one in values if isinstance(one, Term)]
        closed = {"tag": self.settings.tags.known_only, "author": self.settings.authors.known_only, "section": False}
        vocabularies: dict[str, Vocabulary] = {}
        for family, known_only in closed.items():
            mine = [term for term in terms if term.family == family]
            vocabularies[family], said = vocabulary(family, mine, selection.published, known_only=known_only)
            self.diagnostics += said
        library = Library(
            settings=self.settings,
            selection=selection,
            vocabularies=vocabularies,
            static=self._static(found),
            siblings={file.id: StaticFile(file.id, file.id, file.digest) for file in found.siblings},
            failed=frozenset(file.id for file in found.content if file.id not in contents),
        )
        self.paths = {file.id: file.path for file in (*found.static, *found.siblings)}
        self.paths |= {f"theme/assets/{file.id}": file.path for file in sources.theme_files(THEME_FOLDER / "assets")}
        return selection, library

    def _static(self, found: Sources) -> dict[str, StaticFile]:
        """Files to copy by output path: the theme's assets, and those of static/ over them."""
        assets = sources.theme_files(THEME_FOLDER / "assets")
        static = {f"assets/{a.id}": StaticFile(f"theme/assets/{a.id}", f"assets/{a.id}", a.digest) for a in assets}
        for file in found.static:
            path = file.id.removeprefix("static/")
            if why := static_offence(path):
                message = f"the file's name cannot be published: {why}"
                self.diagnostics.append(error("NG-119", Place(file.id), message, "Rename the file."))
            else:
                static[path] = StaticFile(file.id, path, file.digest)
        return static

    # ---- fragments* ----

    def fragments(self, specs: Iterable[PageSpec], keys: Keys, renderer: Renderer) -> dict[tuple[str, str], str]:
        """The HTML of each fragment; from the memo where its key is the same."""
        before = self.store.memos("fragment")
        memos: dict[str, bytes] = {}
        made: dict[tuple[str, str], str] = {}
        for spec in specs:
            key = digest.of_value(keys.of(spec))
            data = before.get(key)
            if data is None:
                data = self._rendered(spec, renderer)
            if data is not None:
                memos[key] = data
                name, _, section = spec.path.partition("#")
                made[name, section] = data.decode()
        self.store.save_memos("fragment", memos, before)
        return made

    def _rendered(self, spec: PageSpec, renderer: Renderer) -> bytes | None:
        """The bytes of a fragment; None, with a diagnostic, where its template failed."""
        made = work.render(spec, renderer, self.store)
        if isinstance(made, Diagnostic):
            self._template_failed(made)
            return None
        return made

    def _template_failed(self, mistake: Diagnostic) -> None:
        """Notes a template's mistake once, however many pages it spoils: on the first of them."""
        same = ("severity", "code", "place", "message")
        if not any(all(getattr(mistake, name) == getattr(one, name) for name in same) for one in self.diagnostics):
            self.diagnostics.append(mistake)

    # ---- render* and output ----

    def publish(self, plan: Plan, keys: Keys, renderer: Renderer) -> tuple[list[Staged], list[str]] | None:
        """Renders what has changed and, where all is well, places it; None where nothing was published."""
        place = self.output.folder
        shown = str(place)
        records = self.store.pages(shown)
        self.output.clear_stage()
        try:
            made, digests, staged = self._pages(plan, keys, records, renderer)
            if self._has_errors():
                return None
            self.diagnostics += self.output.intruders(one.path for one in staged)
            if self._has_errors():
                return None
            gone = sorted(path for path in self.output.owned if path not in digests)
            self.output.publish(staged, gone, digests)
            self._remember(made, digests, records)
            return staged, gone
        finally:
            self.output.drop_stage()

    def _pages(
        self, plan: Plan, keys: Keys, records: Mapping[str, PageRecord], renderer: Renderer
    ) -> tuple[dict[str, Key], dict[str, str], list[Staged]]:
        """The key and the digest of every page, and those that wait in the stage. A page that failed has no digest."""
        made: dict[str, Key] = {}
        digests: dict[str, str] = {}
        missed: list[work.Page] = []
        # With errors nothing is staged: such a plan may hold a file and a folder of one name.
        stage = "" if self._has_errors() else self.output.stage
        for spec in plan.pages:
            key = made[spec.path] = keys.of(spec)
            record = records.get(spec.path)
            now = self.output.current(spec.path, Known(record.signature, record.digest) if record else None)
            if record and record.key == key and now and now.digest == record.digest:
                digests[spec.path] = record.digest
                continue
            damaged = now is None or now.digest != (record.digest if record else "")
            self.rendered.append(Rendered(spec.path, _reason(key, record, damaged=damaged)))
            missed.append(work.Page(spec, now.digest if now else "", stage))
        staged: list[Staged] = []
        for page, found in zip(missed, self._rendered_pages(missed, renderer), strict=True):
            if isinstance(found, Diagnostic):
                self._template_failed(found)
                continue
            digests[page.spec.path] = found
            if found != page.now:
                staged.append(Staged(page.spec.path, found))
        return made, digests, staged

    def _rendered_pages(self, pages: list[work.Page], renderer: Renderer) -> Iterator[str | Diagnostic]:
        cache = self.store.path
        task = work.RenderTask(renderer.theme, self.render_settings, cache, self.paths)
        own = self.store if cache is None or not pool.pays(len(pages), self.options.jobs) else None
        with (
            self.store.set_aside(own is None),
            pool.processes(
                len(pages), self.options.jobs if own is None else 1, work.begin_render, task, own
            ) as executor,
        ):
            done = 0
            for chunk in pool.ordered_map(work.render_chunk, pool.chunks(pages), executor):
                yield from chunk
                done += len(chunk)
                self.progress("rendering", done, len(pages))

    def _remember(self, made: Mapping[str, Key], digests: Mapping[str, str], before: Mapping[str, PageRecord]) -> None:
        records: dict[str, PageRecord] = {}
        for path, found in digests.items():
            if (now := self.output.signature(path)) is not None:
                records[path] = PageRecord(made[path], found, now)
        self.store.save_pages(str(self.output.folder), records, before)

    # ---- the end ----

    def _has_errors(self) -> bool:
        return bool(self.diagnostics) and (self.options.strict or has_errors(self.diagnostics))

    def _commit(self) -> None:
        """Saves the cache; a disk that refuses costs time, never the site."""
        try:
            self.store.commit()
        except sqlite3.Error:
            discard(_cache_file(self.root))

    def report(self, selection: Selection, plan: Plan, published: tuple[list[Staged], list[str]] | None) -> BuildReport:
        withheld = Counter(state for _, state in selection.withheld)
        staged, gone = published or ([], [])
        return BuildReport(
            ok=published is not None,
            diagnostics=tuple(_promoted(self.diagnostics) if self.options.strict else self.diagnostics),
            output=str(self.output.folder),
            moment=self.moment,
            articles=len(selection.published),
            pages=len(plan.pages),
            withheld=tuple(sorted(withheld.items())),
            undated=sum(article.date is None for article in selection.published),
            parsed=tuple(self.parsed),
            rendered=tuple(self.rendered),
            written=tuple(one.path for one in staged),
            removed=tuple(gone),
        )


def _reason(key: Key, record: PageRecord | None, *, damaged: bool) -> str:
    """Why a page was rendered, in words."""
    if record is None:
        return "new page"
    before = dict(record.key)
    for name, value in key:
        if name not in before:
            return f"it now reads {name}"
        if before[name] != value:
            return _CHANGES.get(name, f"{name} changed")
    if len(before) != len(key):
        return f"it no longer reads {', '.join(sorted(set(before) - dict(key).keys()))}"
    return "its file in the output was missing or damaged" if damaged else "unknown"


_CHANGES: dict[str, str] = {
    "newsgen": "newsgen or one of its libraries changed",
    "settings": "base_url or language changed in newsgen.toml",
    "site": "a setting that templates see changed in newsgen.toml",
    "text": "the text of an article that it carries changed",
    "article": "the article's own title, date, tags or other front matter changed",
    "articles": "the articles that it lists changed",
    "listing": "the articles that it lists changed",
    "digest": "the file was edited",
    "fragments": "a fragment (header, footer, ...) came out differently",
    "entries": "the addresses or dates of the sitemap changed",
}


def _template(file: SourceFile, name: str, path: str) -> TemplateSource | Diagnostic:
    data = sources.read_bytes(file.path)
    try:
        return TemplateSource(name, path, data.decode("utf-8-sig").replace("\r\n", "\n"), file.digest)
    except UnicodeDecodeError as mistake:
        return error("NG-101", Place(path), f"not UTF-8 text: wrong at byte {mistake.start}", "Save the file as UTF-8.")


def _promoted(diagnostics: Iterable[Diagnostic]) -> Iterable[Diagnostic]:
    return (msgspec.structs.replace(one, severity="error") for one in diagnostics)


# ---- settings, moment, folders --------------------------------------------------------------------------------------


def read_settings(root: Path) -> Settings:
    """The settings of the site at `root`. Raises Refused with all that is wrong in newsgen.toml."""
    path = root / config.FILE
    try:
        text = sources.read_bytes(path).decode("utf-8-sig")
    except FileNotFoundError:
        help = "Run newsgen in the folder of a site, or newsgen -C DIR …; newsgen new DIR makes one."
        raise Refused(error("NG-501", Place(config.FILE), f"there is no {config.FILE} in {root}", help)) from None
    except UnicodeDecodeError as mistake:
        message = f"not UTF-8 text: wrong at byte {mistake.start}"
        raise Refused(error("NG-502", Place(config.FILE), message, "Save the file as UTF-8.")) from None
    except OSError as failure:
        raise Refused(error("NG-502", Place(config.FILE), f"cannot be read: {failure.strerror}", "Mend it.")) from None
    outcome = config.parse(text)
    if outcome.value is None:
        raise Refused(*_with_source_lines(root, outcome.diagnostics))
    return outcome.value


def moment_of(environ: Mapping[str, str]) -> dt.datetime:
    """SOURCE_DATE_EPOCH where it is set, else now. Raises Refused where it is not a number of seconds."""
    epoch = environ.get("SOURCE_DATE_EPOCH")
    if not epoch:
        return dt.datetime.now(dt.UTC)
    try:
        return dt.datetime.fromtimestamp(int(epoch), dt.UTC)
    except (ValueError, OverflowError, OSError):
        help = "Give seconds since 1970, or use --at 2026-11-23T08:00Z."
        raise Refused(error("NG-504", Place("SOURCE_DATE_EPOCH"), f'"{epoch}" is not a moment', help)) from None


def _output_folder(root: Path, settings: Settings, options: BuildOptions) -> Path:
    given = options.out
    if given is None and not settings.output.strip():
        help = 'Name a folder: output = "site"'
        raise Refused(error("NG-505", Place(config.FILE), "the output folder is empty text", help))
    folder = Path(os.path.realpath(given or root / settings.output))
    if why := lock.danger(root, folder):
        help = 'Choose a folder of its own, such as output = "site" or --out /tmp/preview.'
        raise Refused(
            error(
                "NG-505",
                Place(str(given or config.FILE)),
                f'output folder "{given or settings.output}" is refused: {why}',
                help,
            )
        )
    return folder


def _cache_file(root: Path) -> Path:
    return root / config.STATE / "cache.db"


def _shown(root: Path, options: BuildOptions) -> str:
    return str(options.out or root / "site")


def _with_source_lines(root: Path, diagnostics: Iterable[Diagnostic]) -> tuple[Diagnostic, ...]:
    """Each diagnostic with the line of the file that it speaks of, where there is one."""
    lines: dict[str, list[str]] = {}
    found: list[Diagnostic] = []
    for one in diagnostics:
        if one.place.line and not one.source:
            if one.place.path not in lines:
                lines[one.place.path] = _lines(root, one.place.path)
            text = lines[one.place.path]
            if one.place.line <= len(text):
                one = msgspec.structs.replace(one, source=text[one.place.line - 1][:240])
        found.append(one)
    return tuple(found)


def _lines(root: Path, path: str) -> list[str]:
    theme = THEME_FOLDER / "templates" / path.removeprefix("theme/")
    file = theme if path.startswith("theme/") and theme.is_file() else root / path
    try:
        return (
            sources.read_bytes(file)
            .decode("utf-8-sig", "replace")
            .replace("\r\n", "\n")
            .replace("\r", "\n")
            .split("\n")
        )
    except OSError:
        return []
