"""The rim of the importer: reads the sources twice (to vote, to import), writes content/, tells what it did."""

from __future__ import annotations

import difflib
import hashlib
from collections.abc import Iterator, Sequence
from pathlib import Path

from msgspec.structs import replace

from newsgen import config
from newsgen.config import Settings
from newsgen.content import parse
from newsgen.diagnostics import Diagnostic, Outcome, Place, Refused, error, warning
from newsgen.engine.pool import Progress, silent
from newsgen.engine.sources import read_bytes
from newsgen.importers import boilerplate, headline, text
from newsgen.importers.article import Statement, lines, statement
from newsgen.importers.boilerplate import Vote
from newsgen.importers.compose import Composed, composed
from newsgen.importers.files import Source, content_files, is_inside, sources, write
from newsgen.importers.records import ImportRecord, existing, is_edited, name_key
from newsgen.importers.report import ImportedFile, ImportOptions, ImportReport
from newsgen.importers.slug import slug_of
from newsgen.model import Term
from newsgen.news.tagging import gazetteer
from newsgen.project import text_of

RESERVED_SECTIONS = ("pages", *parse.FAMILIES)


def import_paths(
    root: Path,
    settings: Settings,
    tags: tuple[Term, ...],
    paths: Sequence[Path],
    options: ImportOptions,
    progress: Progress = silent,
) -> ImportReport:
    """Imports raw texts into content/. `progress` hears of each file.

    What is wrong with a source stands in the report, and the others are imported. Raises Refused where nothing can be.
    """
    folder = _section_folder(root, options.section)
    found = sources(root, paths)
    if not found:
        advice = "Give text files, or folders with .txt files in them."
        nothing = error("NG-701", Place(", ".join(str(path) for path in paths)), "no text files found", advice)
        return ImportReport(files=(), dry_run=options.dry_run, diagnostics=(nothing,))
    run = _Run(root, settings, tags, options, folder)
    run.vote(found)
    files: list[ImportedFile] = []
    for done, source in enumerate(found):
        files.append(run.imported(source))
        progress("importing", done, len(found))
    return ImportReport(files=tuple(files), dry_run=options.dry_run)


def tag_registry(root: Path, settings: Settings) -> Outcome[tuple[Term, ...]]:
    """The tags under content/tags, with what is wrong in their files."""
    slice_of_settings, zone = config.ParseSettings.of(settings), settings.zone()
    parsed = [
        parse.parse_content(name, read_bytes(path), slice_of_settings, zone)
        for name, path in content_files(root / config.CONTENT / "tags", f"{config.CONTENT}/tags")
    ]
    terms = tuple(one.content for one in parsed if isinstance(one.content, Term))
    return Outcome(terms, tuple(found for one in parsed for found in one.diagnostics))


class _Run:
    """One import: what it knows of the batch and of the site, and which names it has given away."""

    def __init__(
        self, root: Path, settings: Settings, tags: tuple[Term, ...], options: ImportOptions, folder: str
    ) -> None:
        self.root, self.settings, self.options, self.folder = root, settings, options, folder
        self.language = options.lang or settings.language
        self.tags = gazetteer(tags)
        files = sorted(content_files(root / config.CONTENT, config.CONTENT))
        self.existing = existing((name, text_of(path)) for name, path in files)
        self.taken = set(self.existing.names)
        self.counted = boilerplate.Votes()
        self.batch: frozenset[str] = frozenset()
        self.targets: dict[str, str] = {}
        self.rewritten: set[str] = set()

    def vote(self, found: Sequence[Source]) -> None:
        """Counts what recurs over the batch. A text that is there twice has one vote."""
        hashes: set[str] = set()
        self.counted = boilerplate.votes(self._edges(found, hashes))
        self.batch = frozenset(hashes)

    def _edges(self, found: Sequence[Source], hashes: set[str]) -> Iterator[frozenset[Vote]]:
        for source in found:
            data, _ = self._read(source)
            sha256 = hashlib.sha256(data or b"").hexdigest()
            if data is None or sha256 in hashes:
                continue
            hashes.add(sha256)
            if (decoded := text.decoded(source.file, data).value) and (read := lines(decoded, self.language)):
                yield boilerplate.edges(read, headline.outlets(read[0].text))

    def imported(self, source: Source) -> ImportedFile:
        """What became of one source."""
        file = ImportedFile(file=source.file, result="error")
        data, refused = self._read(source)
        if data is None:
            return replace(file, diagnostics=refused)
        sha256 = hashlib.sha256(data).hexdigest()
        file = replace(file, sha256=sha256)
        if sha256 in self.targets:
            return replace(file, result="duplicate", target=self.targets[sha256])
        if same := self.existing.by_sha256.get(sha256):
            self.targets[sha256] = same.path
            return replace(file, result="unchanged", target=same.path)
        decoded = text.decoded(source.file, data)
        if decoded.value is None:
            return replace(file, diagnostics=decoded.diagnostics)
        outcome = statement(source.file, lines(decoded.value, self.language), self.counted, self.language)
        if outcome.value is None:
            return replace(file, diagnostics=outcome.diagnostics)
        stated = _with_options(outcome.value, self.options)
        made = composed(source.file, sha256, stated, self.tags, self.settings, self.options)
        file = replace(
            file,
            title=stated.headline.text,
            title_evidence=stated.headline.evidence,
            source_name=stated.headline.outlet,
            authors=stated.authors,
            date=stated.date.isoformat() if stated.date else "",
            date_source=stated.date_source,
            tags=made.tags,
            tags_evidence=made.evidence,
            cuts=stated.cuts,
            diagnostics=outcome.diagnostics,
        )
        return self._placed(file, made)

    def _read(self, source: Source) -> tuple[bytes | None, tuple[Diagnostic, ...]]:
        if source.refused:
            return None, (source.refused,)
        limit = self.settings.markdown.max_kilobytes
        try:
            if (size := Path(source.path).stat().st_size) > limit * 1024:
                advice = f"The limit is {limit:,} kB; markdown.max_kilobytes in newsgen.toml raises it."
                return None, (error("NG-704", Place(source.file), f"text of {size // 1024:,} kB is too large", advice),)
            return read_bytes(source.path), ()
        except OSError as failure:
            advice = "Check its permissions."
            return None, (error("NG-103", Place(source.file), f"cannot be read: {failure.strerror}", advice),)

    def _placed(self, file: ImportedFile, made: Composed) -> ImportedFile:
        """The source in its content file: a new one, or that of its earlier version unless an editor changed it."""
        earlier = self._earlier(file.file, made)
        if earlier is None:
            target = self._free_name(made.slug, file.sha256)
            return self._written(file, target, made, "")
        record, before = earlier
        if is_edited(before, record):
            advice = (
                f"newsgen import --dry-run {file.file} shows the difference; take over by hand what you want. "
                f"With sha256: {file.sha256} under import: it counts as settled."
            )
            message = f"edited here, and {file.file} has changed since its import: left alone"
            found = (*file.diagnostics, warning("NG-703", Place(record.path), message, advice))
            shown = self._diff(record.path, before, made.text)
            return replace(file, result="edited", target=record.path, preview=shown, diagnostics=found)
        return self._written(file, record.path, made, before)

    def _earlier(self, file: str, made: Composed) -> tuple[ImportRecord, str] | None:
        """The content file of an earlier version of this source: same name, and a third of the text or the headline.

        Another text under the same name, from another folder, is another source.
        """
        for record in self.existing.by_file.get(file, ()):
            if record.sha256 not in self.batch and record.path not in self.rewritten:
                before = text_of(self.root / record.path)
                if _resembles(before, made):
                    return record, before
        return None

    def _free_name(self, slug: str, sha256: str) -> str:
        """A name that no other file has; that of a namesake carries the beginning of the source's hash."""
        base = slug or "article"
        folders = ("", "news/") if self.folder in ("", "news/") else (self.folder,)
        for length in (0 if slug else 6, 6, 12, 64):
            name = f"{base}-{sha256[:length]}.md" if length else f"{base}.md"
            if not any(name_key(f"{config.CONTENT}/{folder}{name}") in self.taken for folder in folders):
                break
        return f"{config.CONTENT}/{self.folder}{name}"

    def _written(self, file: ImportedFile, target: str, made: Composed, before: str) -> ImportedFile:
        self.taken.add(name_key(target))
        self.targets[file.sha256] = target
        self.rewritten.add(target)
        file = replace(file, result="rewritten" if before else "written", target=target)
        if self.options.dry_run:
            shown = self._diff(target, before, made.text) if before else made.text[: made.text.index("\n---\n") + 5]
            return replace(file, preview=shown)
        path = self.root / target
        try:
            if not is_inside(self.root, path):
                raise OSError(0, "a link leads out of the project")
            write(path, made.text, new=not before)
        except OSError as failure:
            advice = "Check the folder and its permissions, then import again."
            message = f"{target} cannot be written: {failure.strerror or 'it exists already'}"
            found = (*file.diagnostics, error("NG-602", Place(file.file), message, advice))
            return replace(file, result="error", diagnostics=found)
        return file

    def _diff(self, path: str, before: str, after: str) -> str:
        if not self.options.dry_run:
            return ""
        texts = before.splitlines(), after.splitlines()
        return "\n".join(difflib.unified_diff(*texts, path, f"{path} (new import)", lineterm="", n=1)) + "\n"


def _section_folder(root: Path, section: str) -> str:
    """The folder of a section below content/, with a slash behind it. Raises Refused where it may not be used."""
    slug = slug_of(section)
    if section and (not slug or slug in RESERVED_SECTIONS):
        why = f"content/{slug}/ is no section" if slug else "it gives no name of a folder"
        raise Refused(error("NG-114", Place(section), f'section "{section}" cannot be used: {why}', "Name a section."))
    folder = root / config.CONTENT / slug
    if not is_inside(root, folder):
        advice = "Remove the link."
        raise Refused(error("NG-120", Place(f"{config.CONTENT}/{slug}"), "link leads out of the project", advice))
    return f"{slug}/" if slug else ""


def _with_options(stated: Statement, options: ImportOptions) -> Statement:
    """What the text states, below what the user says."""
    if options.authors:
        stated = replace(stated, authors=options.authors)
    return replace(stated, date=options.date, date_source="--date") if options.date else stated


def _resembles(before: str, made: Composed) -> bool:
    """Whether a content file holds a third of the paragraphs, or the same headline."""
    known = set(before.split("\n"))
    shared = sum(1 for paragraph in made.body if paragraph in known)
    return shared * 3 >= len(made.body) or made.text.split("\n", 2)[1] in known
