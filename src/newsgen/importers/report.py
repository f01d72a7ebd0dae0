"""What an import is told, and what it did with each piece of each source."""

from __future__ import annotations

import datetime as dt
import shutil
import tempfile
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any, BinaryIO, Final, Literal, Self, get_args

import msgspec

from newsgen.diagnostics import Diagnostic, has_errors
from newsgen.importers.boilerplate import Cut
from newsgen.importers.piece import Kind
from newsgen.news.tagging import TagEvidence

Result = Literal["written", "rewritten", "unchanged", "edited", "kept", "duplicate", "skipped", "error"]

MADE: Final = ("written", "rewritten")
_SAID: dict[Result, str] = {
    "edited": "edited and left alone",
    "kept": "there already and left alone",
    "error": "with errors",
}


class ImportOptions(msgspec.Struct, frozen=True, kw_only=True):
    """What the user states beside the sources. `authors` and `date` stand above what these say.

    `kind` is that of all sources, empty where evidence decides. `permalinks` is the pattern of the addresses that
    articles of another generator had, where no settings of it say that. `jobs` are processes, 0 as many as pay.
    """

    kind: str = ""
    permalinks: str = ""
    section: str = ""
    authors: tuple[str, ...] = ()
    date: dt.date | dt.datetime | None = None
    lang: str = ""
    encoding: str = ""
    dry_run: bool = False
    keep_boilerplate: bool = False
    jobs: int = 0


class CarriedFile(msgspec.Struct, frozen=True):
    """A file that was carried along to `target`, or why it was not."""

    target: str
    result: Literal["carried", "there", "error"]


class ImportedFile(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A piece of a source and what became of it: `target` is its content file.

    `fields` are the front matter that it has, `evidence` says of a field where it was found, `skipped` why there is no
    content file. `near` names a source that this one nearly repeats. `preview` is what a dry run would write.
    """

    file: str
    item: str = ""
    kind: Kind = "article"
    result: Result
    target: str = ""
    sha256: str = ""
    fields: Mapping[str, Any] = {}
    evidence: Mapping[str, str] = {}
    tags_evidence: tuple[TagEvidence, ...] = ()
    cuts: tuple[Cut, ...] = ()
    losses: tuple[Cut, ...] = ()
    carried: tuple[CarriedFile, ...] = ()
    skipped: str = ""
    near: str = ""
    preview: str = ""
    diagnostics: tuple[Diagnostic, ...] = ()

    @property
    def name(self) -> str:
        return f"{self.file} ({self.item})" if self.item else self.file


class ImportReport(msgspec.Struct, frozen=True, kw_only=True):
    """The totals of an import; `diagnostics` are those of all pieces and of none.

    `sources` are the files that were read, `counts` says how many pieces had each result. `merged` are the other
    spellings of each tag that became one; `encodings` of texts that are no plain UTF-8, how many had each.
    """

    sources: int = 0
    counts: Mapping[Result, int] = {}
    undated: int = 0
    cuts: int = 0
    losses: int = 0
    near: int = 0
    carried: int = 0
    encodings: Mapping[str, int] = {}
    fetched: int = 0
    merged: Mapping[str, tuple[str, ...]] = {}
    dry_run: bool = False
    diagnostics: tuple[Diagnostic, ...] = ()

    @property
    def pieces(self) -> int:
        return sum(self.counts.values())

    @property
    def ok(self) -> bool:
        return not has_errors(self.diagnostics)

    def summary(self) -> str:
        """ "26 read: 24 written, 1 unchanged, 1 with errors"; of sources of several pieces these are counted too."""
        told = [f"{count} {self._said(result)}" for result in get_args(Result) if (count := self.counts.get(result))]
        several = f", {self.pieces} pieces" if self.pieces != self.sources else ""
        return f"{self.sources} read{several}: {', '.join(told) or 'nothing to do'}"

    def _said(self, result: Result) -> str:
        return f"to be {result}" if self.dry_run and result in MADE else _SAID.get(result, result)


class Tally:
    """Adds up the rows of a report. They are kept as JSON, a line each, in a file without a name."""

    def __init__(self) -> None:
        self._rows = tempfile.TemporaryFile()  # noqa: SIM115 (it lives as long as this)
        self._counts = Counter[Result]()
        self._sums = Counter[str]()
        self._encodings = Counter[str]()
        self._said: list[Diagnostic] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._rows.close()

    def add(self, row: ImportedFile) -> None:
        self._rows.write(b",\n" if self._counts else b"\n")
        self._rows.write(msgspec.json.encode(row, enc_hook=str))
        self._counts[row.result] += 1
        self._sums["cuts"] += len(row.cuts)
        self._sums["losses"] += len(row.losses)
        self._sums["near"] += bool(row.near)
        self._sums["carried"] += sum(1 for one in row.carried if one.result == "carried")
        self._sums["undated"] += row.kind == "article" and row.result in MADE and not row.fields.get("date")
        if encoding := row.evidence.get("encoding"):
            self._encodings[encoding.partition(",")[0]] += 1
        self._said += row.diagnostics

    def report(self, **others: Any) -> ImportReport:
        said = (*others.pop("diagnostics", ()), *self._said)
        counts = {result: self._counts[result] for result in get_args(Result)}
        return ImportReport(counts=counts, **self._sums, encodings=self._encodings, **others, diagnostics=said)

    def write(self, report: ImportReport, target: BinaryIO) -> None:
        """Writes the report for machines: the totals before the pieces, which have a line each."""
        head = {
            "read": report.sources,
            "pieces": report.pieces,
            "counts": report.counts,
            "without_date": report.undated,
            "cuts": report.cuts,
            "losses": report.losses,
            "near_duplicates": report.near,
            "encodings": report.encodings,
            "files_carried": report.carried,
            "pictures_fetched": report.fetched,
            "tags_merged": report.merged,
            "dry_run": report.dry_run,
            "diagnostics": report.diagnostics,
        }
        target.write(msgspec.json.format(msgspec.json.encode(head), indent=2).removesuffix(b"\n}"))
        target.write(b',\n  "files": [')
        self._rows.seek(0)
        shutil.copyfileobj(self._rows, target)
        target.write(b"\n]}\n")
        self._rows.seek(0, 2)

    def rows(self) -> Iterator[ImportedFile]:
        """The pieces, in their order; dates as texts."""
        self._rows.seek(0)
        for line in self._rows:
            if line != b"\n":
                yield msgspec.json.decode(line.removesuffix(b"\n").removesuffix(b","), type=ImportedFile)
        self._rows.seek(0, 2)
