"""newsgen next: when time alone makes a build differ, and what happens then."""

from __future__ import annotations

import datetime as dt
import sys
from pathlib import Path
from typing import Any

import click
import msgspec

from newsgen.build import inspect
from newsgen.cli import console
from newsgen.cli.build_command import AT, read_moment
from newsgen.cli.why_command import clocks
from newsgen.diagnostics import Refused, has_errors
from newsgen.news.changes import Change

EPILOG = """\b
Examples:
  newsgen next
  newsgen next --format json
"""


class Next(msgspec.Struct, frozen=True):
    """The first moment after `moment` at which a build differs (None: never), and what changes then."""

    moment: dt.datetime
    at: dt.datetime | None
    changes: tuple[Change, ...]


@click.command("next", epilog=EPILOG)
@click.option("--at", metavar="TIME", help=AT)
@console.plain_format_option
@click.pass_obj
def command(call: Any, at: str | None, form: str) -> None:
    """Say when the next build is due though nobody edits a file: an article's time comes, an embargo ends, and so on.

    A build before that moment makes nothing new.
    """
    root: Path = call.root
    try:
        found = inspect(root, read_moment(root, at))
    except Refused as refused:
        console.show(refused.diagnostics)
        sys.exit(1)
    coming = found.planned.editions.coming()
    due = coming[0].due if coming else None
    then = Next(found.moment, due, tuple(one for one in coming if one.due == due))
    if form == "json":
        console.show_json(then)
        return
    if due is None:
        click.echo("Nothing changes with time: the next build is due after the next edit.")
    else:
        click.echo(f"{clocks(found.settings.timezone)(due)}:")
    for one in then.changes:
        click.echo(console.plain(f"  {one.id} {one.what}"))
    if has_errors(found.diagnostics):
        click.echo("The site has errors: no build publishes anything before they are mended.", err=True)
