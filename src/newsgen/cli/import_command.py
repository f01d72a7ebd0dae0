"""newsgen import."""

from __future__ import annotations

import datetime as dt
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import click

from newsgen.cli import console
from newsgen.config import Settings
from newsgen.content import dates
from newsgen.diagnostics import Diagnostic, Refused, has_errors
from newsgen.importers.report import ImportedFile, ImportOptions, ImportReport
from newsgen.importers.run import import_paths, tag_registry
from newsgen.project import read_settings

LISTED = 40  # files that are named one by one; of more, only those with something to say are

EPILOG = """\b
Examples:
  newsgen import story.txt
  newsgen import ~/texts/*.txt --section world
  newsgen import seeds/ --dry-run
  newsgen import notes.txt --author "Ruth Holm" --date "2026-11-20 09:00"
  newsgen import archive/ --report import.json
"""


@click.command("import", epilog=EPILOG)
@click.argument("paths", nargs=-1, required=True, metavar="PATH...", type=click.Path(path_type=Path))
@click.option("--section", default="", metavar="NAME", help="Put the articles into this section's folder.")
@click.option("--author", "authors", multiple=True, metavar="NAME", help="Who wrote them (repeatable).")
@click.option("--date", "date", metavar="DATE", help="When they were published, where you know better than the text.")
@click.option("--lang", default="", metavar="TAG", help="Their language; default the site's.")
@click.option("--dry-run", is_flag=True, help="Show what would be written, and write nothing.")
@click.option(
    "--report",
    "report_file",
    metavar="FILE",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Write all that was done, with its evidence, as JSON.",
)
@click.option(
    "--keep-boilerplate", is_flag=True, help="Keep promotional lines, share buttons and the like in the text."
)
@console.format_option
@click.pass_obj
def command(
    call: Any,
    paths: tuple[Path, ...],
    section: str,
    authors: tuple[str, ...],
    date: str | None,
    lang: str,
    dry_run: bool,
    report_file: Path | None,
    keep_boilerplate: bool,
    form: str,
) -> None:
    """Make articles in content/ of raw text: files, or folders with .txt files.

    The first line is the headline. What a page left around the text (the site's name, buttons, promotions) is cut and
    reported. Nothing is invented: a date or an author that the text does not state stays absent. Importing again
    changes nothing, and an article that was edited since is never overwritten.
    """
    root: Path = call.root
    try:
        settings = read_settings(root)
        options = ImportOptions(
            section=section,
            authors=tuple(name.strip() for name in authors if name.strip()),
            date=_date(settings, date),
            lang=lang,
            dry_run=dry_run,
            keep_boilerplate=keep_boilerplate,
        )
        registry = tag_registry(root, settings)
        with console.progress(form) as progress:
            report = import_paths(root, settings, registry.value or (), _found(root, paths), options, progress)
    except Refused as refused:
        console.show(refused.diagnostics, form)
        if form == "json":
            console.show_json({"diagnostics": refused.diagnostics})
        sys.exit(1)
    found = (*registry.diagnostics, *report.all_diagnostics)
    if report_file is not None:
        _write(report_file, report)
    _show(report, found, form)
    sys.exit(1 if has_errors(found) else 0)


def _found(root: Path, paths: Iterable[Path]) -> list[Path]:
    """The paths as seen from the site's folder; those that a shell expanded elsewhere, as seen from there."""
    return [root / path if (root / path).exists() else Path.cwd() / path for path in paths]


def _date(settings: Settings, text: str | None) -> dt.date | dt.datetime | None:
    if text is None:
        return None
    try:
        moment, day_only = dates.read(text, settings.zone())
    except ValueError as why:
        raise click.BadParameter(f"not a date: {why}. Write it like {dates.FORMS}.", param_hint="--date") from None
    return moment.date() if day_only else moment


def _write(file: Path, report: ImportReport) -> None:
    try:
        file.write_bytes(report.json())
    except OSError as failure:
        raise click.BadParameter(f"{file} cannot be written: {failure.strerror}", param_hint="--report") from None


def _show(report: ImportReport, found: tuple[Diagnostic, ...], form: str) -> None:
    if form == "json":
        console.show_json(report.document())
        return
    if form == "text":
        for line in lines(report):
            click.echo(line)
    console.show(found, form)
    click.echo(f"{report.summary()}.")
    if report.undated and form == "text":
        advice = "The texts state none: give it in the front matter, or by --date."
        click.echo(f"Without a date: {report.undated}. {advice}")


def lines(report: ImportReport) -> Iterator[str]:
    """A line for each file; of a large import only for those that were not simply written. A dry run shows texts."""
    for file in report.files:
        if report.dry_run and file.preview:
            yield f"{_named(file)}\n{_indented(file.preview)}"
            yield from (f"    cut: {console.plain(one.text)} ({console.plain(one.reason)})" for one in file.cuts)
        elif len(report.files) <= LISTED or file.result not in ("written", "unchanged"):
            yield _named(file)


def _named(file: ImportedFile) -> str:
    told = [f"cut {len(file.cuts)}"] if file.cuts else []
    told += [f"tags: {', '.join(file.tags)}"] if file.tags else []
    about = f" ({'; '.join(told)})" if told else ""
    target = f" -> {file.target}" if file.target else ""
    return console.plain(f"{file.result} {file.file}{target}{about}")


def _indented(text: str) -> str:
    return "\n".join(f"    {console.plain(line)}" for line in text.rstrip("\n").split("\n"))
