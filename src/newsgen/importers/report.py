"""What an import is told, and what it did with each file."""

from __future__ import annotations

import datetime as dt
from typing import Final, Literal, get_args

import msgspec

from newsgen.diagnostics import Diagnostic, has_errors
from newsgen.importers.boilerplate import Cut
from newsgen.news.tagging import TagEvidence

Result = Literal["written", "rewritten", "unchanged", "edited", "duplicate", "error"]

MADE: Final = ("written", "rewritten")
_SAID: dict[Result, str] = {"edited": "edited and left alone", "error": "with errors"}


class ImportOptions(msgspec.Struct, frozen=True, kw_only=True):
    """What the user states beside the texts. `authors` and `date` stand above what the texts say."""

    section: str = ""
    authors: tuple[str, ...] = ()
    date: dt.date | dt.datetime | None = None
    lang: str = ""
    dry_run: bool = False
    keep_boilerplate: bool = False


class ImportedFile(msgspec.Struct, frozen=True, kw_only=True):
    """One source and what became of it. `target` is the content file; `preview` what a dry run would write there."""

    file: str
    result: Result
    target: str = ""
    sha256: str = ""
    title: str = ""
    title_evidence: str = ""
    source_name: str = ""
    authors: tuple[str, ...] = ()
    date: str = ""
    date_source: str = ""
    tags: tuple[str, ...] = ()
    tags_evidence: tuple[TagEvidence, ...] = ()
    cuts: tuple[Cut, ...] = ()
    preview: str = ""
    diagnostics: tuple[Diagnostic, ...] = ()


class ImportReport(msgspec.Struct, frozen=True, kw_only=True):
    """An import, file by file in the order of their names; `diagnostics` are those of no single file."""

    files: tuple[ImportedFile, ...]
    dry_run: bool = False
    diagnostics: tuple[Diagnostic, ...] = ()

    @property
    def counts(self) -> dict[Result, int]:
        """How many files had each result. They add up to the number of files."""
        return {result: sum(1 for file in self.files if file.result == result) for result in get_args(Result)}

    @property
    def all_diagnostics(self) -> tuple[Diagnostic, ...]:
        return (*self.diagnostics, *(found for file in self.files for found in file.diagnostics))

    @property
    def ok(self) -> bool:
        return not has_errors(self.all_diagnostics)

    @property
    def undated(self) -> int:
        return sum(1 for file in self.files if file.result in MADE and not file.date)

    def summary(self) -> str:
        """ "26 read: 24 written, 1 unchanged, 1 with errors"."""
        told = [f"{count} {self._said(result)}" for result, count in self.counts.items() if count]
        return f"{len(self.files)} read: {', '.join(told) or 'nothing to do'}"

    def _said(self, result: Result) -> str:
        return f"to be {result}" if self.dry_run and result in MADE else _SAID.get(result, result)

    def document(self) -> dict[str, object]:
        """The report for machines: the total and the counts before the files."""
        return {
            "read": len(self.files),
            "counts": self.counts,
            "without_date": self.undated,
            "dry_run": self.dry_run,
            "diagnostics": self.diagnostics,
            "files": self.files,
        }

    def json(self) -> bytes:
        return msgspec.json.format(msgspec.json.encode(self.document()), indent=2) + b"\n"
