"""newsgen import."""

from __future__ import annotations

import datetime as dt
import re
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import click
import msgspec

from newsgen import config
from newsgen.cli import console
from newsgen.config import Settings
from newsgen.content import dates
from newsgen.diagnostics import Refused
from newsgen.importers.dispatch import KINDS
from newsgen.importers.report import ImportedFile, ImportOptions, ImportReport, Tally
from newsgen.importers.run import import_paths, tag_registry
from newsgen.project import read_settings

REPORT = "import.json"  # in .newsgen/
LISTED = 40  # pieces that are named one by one; of more, only those with something to say are

EPILOG = """\b
Examples:
  newsgen import story.txt
  newsgen import ~/texts/*.txt --section world
  newsgen import seeds/ --dry-run
  newsgen import notes.txt --author "Ruth Holm" --date "2026-11-20 09:00"
  newsgen import archive/ --report import.json
  newsgen import export-1.xml export-2.xml --fetch-images
  newsgen import ~/old-site
  newsgen import posts/ --permalinks /:year/:month/:day/:slug/
"""


@click.command("import", epilog=EPILOG)
@click.argument("paths", nargs=-1, required=True, metavar="PATH...", type=click.Path(path_type=Path))
@click.option("--section", default="", metavar="NAME", help="Put the articles into this section's folder.")
@click.option("--author", "authors", multiple=True, metavar="NAME", help="Who wrote them (repeatable).")
@click.option("--date", "date", metavar="DATE", help="When they were published, where you know better than the text.")
@click.option("--lang", default="", metavar="TAG", help="Their language; default the site's.")
@click.option("--encoding", default="", metavar="NAME", help="That of raw texts that are no UTF-8; else they tell.")
@click.option("--dry-run", is_flag=True, help="Show what would be written, and write nothing.")
@click.option(
    "--report",
    "report_file",
    metavar="FILE",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Write all that was done, with its evidence, as JSON; default .newsgen/import.json.",
)
@click.option(
    "--keep-boilerplate", is_flag=True, help="Keep promotional lines, share buttons and the like in the text."
)
@click.option("--fetch-images", is_flag=True, help="Bring pictures from the old site into static/. Uses the network.")
@click.option("--from", "kind", type=click.Choice(KINDS), help="What the sources are; else they tell.")
@click.option(
    "--permalinks",
    default="",
    metavar="PATTERN",
    help="Where articles of another generator lived, such as /:year/:month/:day/:slug/; else its settings say it.",
)
@click.option("--jobs", type=click.IntRange(0), default=0, metavar="N", help="Processes; default as many as pay.")
@console.format_option
@click.pass_obj
def command(
    call: Any,
    paths: tuple[Path, ...],
    section: str,
    authors: tuple[str, ...],
    date: str | None,
    lang: str,
    encoding: str,
    dry_run: bool,
    report_file: Path | None,
    keep_boilerplate: bool,
    fetch_images: bool,
    kind: str | None,
    permalinks: str,
    jobs: int,
    form: str,
) -> None:
    """Make articles in content/ of raw texts, web pages, feeds, WordPress exports and other generators' sites.

    What a page left around the text (the site's name, buttons, promotions) is cut and reported. Nothing is invented: a
    date or an author that the source does not state stays absent. Importing again changes nothing, and an article that
    was edited since is never overwritten.
    """
    with Tally() as tally:
        try:
            settings = read_settings(call.root)
            options = ImportOptions(
                section=section,
                authors=tuple(name.strip() for name in authors if name.strip()),
                date=_date(settings, date),
                lang=lang,
                encoding=_encoding(encoding),
                dry_run=dry_run,
                keep_boilerplate=keep_boilerplate,
                kind=kind or "",
                permalinks=_pattern(permalinks),
                jobs=jobs,
            )
            report = _imported(call.root, settings, paths, options, tally, form)
            if fetch_images and not dry_run:
                report = _fetched(call.root, settings, report, tally, form)
        except Refused as refused:
            console.show(refused.diagnostics, form)
            if form == "json":
                console.show_json({"diagnostics": refused.diagnostics})
            sys.exit(1)
        _write(call.root, report_file, report, tally)
        _show(report, tally, form)
    sys.exit(0 if report.ok else 1)


def _imported(
    root: Path, settings: Settings, paths: Iterable[Path], options: ImportOptions, tally: Tally, form: str
) -> ImportReport:
    registry = tag_registry(root, settings)
    with console.progress(form) as progress:
        report = import_paths(root, settings, registry.value or (), _found(root, paths), options, tally, progress)
    return msgspec.structs.replace(report, diagnostics=(*registry.diagnostics, *report.diagnostics))


def _fetched(root: Path, settings: Settings, report: ImportReport, tally: Tally, form: str) -> ImportReport:
    from newsgen.importers.fetching import fetch_images

    with console.progress(form) as progress:
        count, said = fetch_images(root, settings, tally.rows(), progress)
    others = tuple(one for one in report.diagnostics if one.code != "NG-722")
    return msgspec.structs.replace(report, fetched=count, diagnostics=(*others, *said))


def _found(root: Path, paths: Iterable[Path]) -> list[Path]:
    """The paths as seen from the site's folder; those that a shell expanded elsewhere, as seen from there."""
    return [root / path if (root / path).exists() else Path.cwd() / path for path in paths]


def _pattern(text: str) -> str:
    """A pattern of permalinks; one that would give all articles one address is none."""
    if text and not re.match(r"/.*:(?:slug|title|name|filename|basename|path)", text):
        raise click.BadParameter("not a pattern. Write it like /:year/:month/:slug/.", param_hint="--permalinks")
    return text


def _date(settings: Settings, text: str | None) -> dt.date | dt.datetime | None:
    if text is None:
        return None
    try:
        moment, day_only = dates.read(text, settings.zone())
    except ValueError as why:
        raise click.BadParameter(f"not a date: {why}. Write it like {dates.FORMS}.", param_hint="--date") from None
    return moment.date() if day_only else moment


def _encoding(name: str) -> str:
    try:
        b"".decode(name or "utf-8")
    except (LookupError, UnicodeError):
        raise click.BadParameter(f"{name} is no encoding; cp1250 or koi8-r are.", param_hint="--encoding") from None
    return name


def _write(root: Path, given: Path | None, report: ImportReport, tally: Tally) -> None:
    """The report for machines, where the user wants it, else beside the state of the site; a dry run leaves none."""
    if given is None and (report.dry_run or not report.sources):
        return
    file = given or root / config.STATE / REPORT
    try:
        file.parent.mkdir(exist_ok=True)
        with file.open("wb") as target:
            tally.write(report, target)
    except OSError as failure:
        raise click.BadParameter(f"{file} cannot be written: {failure.strerror}", param_hint="--report") from None


def _show(report: ImportReport, tally: Tally, form: str) -> None:
    if form == "json":
        sys.stdout.flush()
        tally.write(report, sys.stdout.buffer)
        return
    if form == "text":
        for line in lines(report, tally.rows()):
            click.echo(line)
    console.show(report.diagnostics, form)
    click.echo(f"{report.summary()}.")
    if form == "text":
        for line in _totals(report):
            click.echo(line)


def _totals(report: ImportReport) -> Iterator[str]:
    if report.merged:
        merged = "; ".join(f"{', '.join(others)} as {name}" for name, others in list(report.merged.items())[:5])
        yield console.plain(f"Tags merged: {len(report.merged)} ({merged}{'; …' if len(report.merged) > 5 else ''}).")
    if report.carried:
        yield f"Files carried along: {report.carried}."
    if report.encodings:
        read = ", ".join(f"{count} as {name}" for name, count in sorted(report.encodings.items()))
        yield f"Not UTF-8, and read by their letters or marks: {read}. --encoding says otherwise."
    if report.near:
        yield f"Nearly the same as another: {report.near}. The report names which."
    if report.fetched:
        yield f"Pictures fetched into static/: {report.fetched}."
    if report.losses:
        yield f"Left in the text without their meaning: {report.losses}. The report has each with its place."
    if report.undated:
        yield f"Without a date: {report.undated}. The texts state none: give it in the front matter, or by --date."


def lines(report: ImportReport, rows: Iterable[ImportedFile]) -> Iterator[str]:
    """A line for each piece; of a large import only for those that were not simply written. A dry run shows texts."""
    for row in rows:
        if row.preview:
            yield f"{_named(row)}\n{_indented(row.preview)}"
            yield from (f"    cut: {console.plain(one.text)} ({console.plain(one.reason)})" for one in row.cuts)
        elif report.pieces <= LISTED or row.result not in ("written", "unchanged", "skipped"):
            yield _named(row)


def _named(row: ImportedFile) -> str:
    told = [row.skipped] if row.skipped else []
    told += [f"cut {len(row.cuts)}"] if row.cuts else []
    told += [f"lost {len(row.losses)}"] if row.losses else []
    told += [f"tags: {', '.join(tags)}"] if (tags := row.fields.get("tags")) else []
    about = f" ({'; '.join(told)})" if told else ""
    target = f" -> {row.target}" if row.target else ""
    return console.plain(f"{row.result} {row.name}{target}{about}")


def _indented(text: str) -> str:
    return "\n".join(f"    {console.plain(line)}" for line in text.rstrip("\n").split("\n"))
