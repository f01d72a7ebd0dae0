"""newsgen build."""

from __future__ import annotations

import datetime as dt
import gc
import sys
from pathlib import Path
from typing import Any

import click

from newsgen.build import BuildOptions, BuildReport, build
from newsgen.cli import console
from newsgen.content import dates
from newsgen.diagnostics import Refused
from newsgen.engine.pool import PLACES
from newsgen.project import read_settings

EPILOG = """\b
Examples:
  newsgen build
  newsgen build --out /tmp/preview --drafts --future
  newsgen build --at "2026-12-24 06:00" --explain
  newsgen build --verify
"""
AT = "The moment of the build; default SOURCE_DATE_EPOCH, else now."
GONE = 10  # addresses that are told of
EXECUTOR = "Where work is done: inline, process (the default), or dask://HOST:PORT, a Dask scheduler."


def read_moment(root: Path, text: str | None) -> dt.datetime | None:
    """The moment that --at names, on the site's clock where it has no offset. Raises click.BadParameter."""
    if text is None:
        return None
    try:
        zone = read_settings(root).zone()
    except Refused:
        zone = dt.UTC  # the build will say what is wrong with the settings
    try:
        return dates.read(text, zone)[0]
    except ValueError as why:
        raise click.BadParameter(f"not a moment: {why}. Write it like {dates.FORMS}.", param_hint="--at") from None


def _place(_: click.Context, __: click.Parameter, where: str) -> str:
    if not PLACES.fullmatch(where):
        raise click.BadParameter(f"'{where}' is not one of 'inline', 'process', 'dask://HOST:PORT'.")
    return where


@click.command("build", epilog=EPILOG)
@click.option("--out", type=click.Path(path_type=Path), help="Build into this folder instead of the setting output.")
@click.option("--drafts", is_flag=True, help="Show drafts too.")
@click.option("--future", is_flag=True, help="Show what is scheduled or embargoed too.")
@click.option("--at", metavar="TIME", help=AT)
@click.option("--strict", is_flag=True, help="Take every warning for an error.")
@click.option("--jobs", type=click.IntRange(min=0), default=0, help="Processes to use; default as many as pay.")
@click.option("--executor", default="process", metavar="WHERE", callback=_place, help=EXECUTOR)
@click.option("--explain", is_flag=True, help="Say why each page was rebuilt.")
@click.option("--verify", is_flag=True, help="Build once more from nothing, elsewhere, and say what differs.")
@click.option("--profile", is_flag=True, help="Say where the time went.")
@console.format_option
@click.pass_obj
def command(
    call: Any,
    out: Path | None,
    drafts: bool,
    future: bool,
    at: str | None,
    strict: bool,
    jobs: int,
    executor: str,
    explain: bool,
    verify: bool,
    profile: bool,
    form: str,
) -> None:
    """Build the site: content/ through templates/ into site/.

    Only what changed is rebuilt. With any error nothing is published, and site/ stays as it was.
    """
    root: Path = call.root
    folder = (root / out) if out else None
    moment = read_moment(root, at)
    options = BuildOptions(
        out=folder,
        drafts=drafts,
        future=future,
        at=moment,
        strict=strict,
        jobs=jobs,
        executor=executor,
        profile=profile,
    )
    gc.disable()  # of what a build makes nothing goes before its end: 5 % less time, and no more memory
    with console.progress(form) as progress:
        report = build(root, options, progress)
        if verify:
            from newsgen.verify import verified

            report = verified(root, options, report, progress)
    gc.enable()
    if form == "json":
        console.show_json(report)
    else:
        console.show(report.diagnostics, form)
        if explain:
            for one in report.rendered:
                click.echo(f"  {console.plain(one.path)}: {console.plain(one.reason)}")
        for line in summary(root, report):
            click.echo(line, err=not report.ok)
        if verify and report.ok:
            click.echo("Verified: a clean build makes the same bytes and says the same.")
        if report.profile:
            from newsgen.cli.profile import lines

            for line in lines(report.profile, report.seconds):
                click.echo(line)
    sys.exit(0 if report.ok else 1)


def summary(root: Path, report: BuildReport) -> list[str]:
    """What a build did, in a few lines."""
    errors = sum(one.severity == "error" for one in report.diagnostics)
    warnings = len(report.diagnostics) - errors
    if not report.ok:
        return [f"Not published: {_count(errors, 'error')}, {_count(warnings, 'warning')}. The site is as it was."]
    made = f"{_count(report.articles, 'article')}, {_count(report.pages, 'file')} in {shown(root, report.output)}"
    lines = [f"{made}: {_work(report)}."]
    if report.withheld:
        reasons = ", ".join(f"{count} {state}" for state, count in report.withheld)
        lines.append(f"Withheld: {reasons}.")
    if report.undated:
        lines.append(f"Without a date: {_count(report.undated, 'article')}, last in lists and in no feed.")
    if warnings:
        lines.append(f"{_count(warnings, 'warning')}.")
    for one in report.gone[:GONE]:
        add = f"to keep it, add to {one.file}: aliases: [{one.path}]" if one.file else "nothing leads on from it."
        lines.append(f"Gone: {console.plain(one.path)} - {console.plain(add)}")
    if more := len(report.gone) - GONE:
        lines += [f"Gone: {more} addresses more; --format json has them all."] if more > 0 else []
    return lines


def _work(report: BuildReport) -> str:
    if not report.written and not report.removed:
        return f"nothing to write ({report.seconds:.2f} s)"
    removed = f", {len(report.removed)} removed" if report.removed else ""
    unchanged = report.pages - len(report.written)
    return f"{len(report.written)} written{removed}, {unchanged} unchanged ({report.seconds:.2f} s)"


def shown(root: Path, folder: str) -> str:
    """A folder as a person would name it: from the site's root where it lies there."""
    path = Path(folder)
    return f"{path.relative_to(root).as_posix()}/" if path.is_relative_to(root) else folder


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"
