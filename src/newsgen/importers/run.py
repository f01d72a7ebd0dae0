"""An import: the sources are read twice, by the reader of their kind; what they become is placed, and told."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from newsgen import config
from newsgen.config import Settings
from newsgen.content import frontmatter, parse, slugs
from newsgen.content.slugs import identity
from newsgen.diagnostics import Outcome, Place, error
from newsgen.engine.pool import Progress, silent
from newsgen.engine.sources import read_bytes
from newsgen.importers import files, passes
from newsgen.importers.compose import Rules
from newsgen.importers.dispatch import Batch, batches
from newsgen.importers.files import content_files
from newsgen.importers.passes import Surveyed, Task
from newsgen.importers.placing import Placing, check_section
from newsgen.importers.report import ImportedFile, ImportOptions, ImportReport, Tally
from newsgen.importers.spelling import spellings
from newsgen.model import Term
from newsgen.news.tagging import gazetteer


def import_paths(
    root: Path,
    settings: Settings,
    tags: tuple[Term, ...],
    paths: Sequence[Path],
    options: ImportOptions,
    tally: Tally,
    progress: Progress = silent,
) -> ImportReport:
    """Imports what lies at the paths into content/. `progress` hears of both passes, `tally` of each piece.

    What is wrong with a source stands in the report, and the others are imported. Raises Refused where nothing can be.
    """
    check_section(root, options.section)
    found = batches(root, settings, paths, options)
    if not found:
        advice = "Give text files, or folders with .txt files in them."
        nothing = error("NG-701", Place(", ".join(str(path) for path in paths)), "nothing to import found", advice)
        return tally.report(dry_run=options.dry_run, diagnostics=(nothing,))
    run = _Run(root, settings, tags, found, options, progress)
    for row in run.rows():
        tally.add(row)
    merged = run.name_twins()
    return tally.report(sources=run.sources, merged=merged, dry_run=options.dry_run)


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
    """One import of batches into a site with a registry of tags."""

    def __init__(
        self,
        root: Path,
        settings: Settings,
        tags: tuple[Term, ...],
        found: tuple[Batch, ...],
        options: ImportOptions,
        progress: Progress,
    ) -> None:
        self.root, self.registry, self.found, self.options, self.progress = root, tags, found, options, progress
        self.rules = Rules(settings, options, gazetteer(tags))
        self.sources = sum(len(batch.sources) for batch in found)
        self.work = sum(source.work for batch in found for source in batch.sources)
        self.named = {identity(name) for term in tags for name in (term.title, *term.aliases)}

    def rows(self) -> Iterator[ImportedFile]:
        """What became of each piece, in the order of the batches and of their sources."""
        self.placing = Placing(self.root, self.options, self.named)
        surveys = self._known() or [
            passes.surveyed(Task(batch, self.rules), self._tell("surveying", at)) for batch, at in self._placed()
        ]
        counts = Counter(tag for one in surveys for source in one for tag in source.tags)
        self.spellings = spellings(counts, self.registry)
        self.placing.batch = frozenset(source.sha256 for one in surveys for source in one)
        rules = Rules(self.rules.settings, self.options, self.rules.gazetteer, self.spellings)
        for (batch, at), surveyed in zip(self._placed(), surveys, strict=True):
            yield from self._read(batch, rules, surveyed, at)

    def name_twins(self) -> dict[str, tuple[str, ...]]:
        """The tags of which spellings were merged. Those without a file get one, with the spellings as aliases."""
        aliases = self.spellings.aliases
        for title, others in aliases.items():
            name = f"{config.CONTENT}/tags/{slugs.slug_of(title)}.md"
            if identity(title) in self.named or self.placing.is_taken(name) or self.options.dry_run:
                continue
            files.write(self.root / name, frontmatter.dump({"title": title, "aliases": list(others)}, ""), new=True)
        return {**aliases}

    def _known(self) -> list[list[Surveyed]]:
        """The sources, where each has a content file already: they say nothing new. Else nothing."""
        found: list[list[Surveyed]] = []
        for batch in self.found:
            found.append([])
            for source in batch.sources:
                found[-1].append(passes.known(source, batch.limit))
                if not self.placing.unchanged(found[-1][-1].sha256):
                    return []
        return found

    def _read(self, batch: Batch, rules: Rules, surveyed: Sequence[Surveyed], at: int) -> Iterator[ImportedFile]:
        """The rows of a batch. A source of a content file is not read again."""
        unchanged = [self.placing.unchanged(one.sha256) for one in surveyed]
        others = [source for source, record in zip(batch.sources, unchanged, strict=True) if record is None]
        task = Task(batch, rules, batch.reader.surveyed(_once(surveyed)) if others else None)
        made = passes.read(task, others, self._tell("importing", at))
        for source, one, record in zip(batch.sources, surveyed, unchanged, strict=True):
            if record:
                yield ImportedFile(file=source.file, sha256=one.sha256, result="unchanged", target=record.path)
            else:
                yield from (self.placing.placed(piece, source.base) for piece in next(made))
        next(made, None)  # so that the last is told of

    def _placed(self) -> Iterator[tuple[Batch, int]]:
        at = 0
        for batch in self.found:
            yield batch, at
            at += sum(source.work for source in batch.sources)

    def _tell(self, phase: str, at: int) -> Callable[[int], None]:
        return lambda done: self.progress(phase, at + done, self.work)


def _once(surveyed: Sequence[Surveyed]) -> list[object]:
    """The surveys, that of equal sources once."""
    found: dict[str, object] = {}
    for one in surveyed:
        if one.sha256:
            found.setdefault(one.sha256, one.survey)
    return list(found.values())
