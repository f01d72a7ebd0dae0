"""newsgen why: why an article, or any other file under content/, is online or not; and what a code means."""

from __future__ import annotations

import datetime as dt
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click
import msgspec

from newsgen.build import Inspection, inspect
from newsgen.cli import console
from newsgen.cli.build_command import AT, read_moment
from newsgen.config import CONTENT, zone
from newsgen.content.parse import kind_of
from newsgen.diagnostics import Diagnostic, Refused, catalogue, has_errors
from newsgen.model import Article, Page
from newsgen.news.changes import Change
from newsgen.news.select import reason, state, turns
from newsgen.pages import urls
from newsgen.pages.filters import absolute_url
from newsgen.pages.index import article_file, page_file, patterns_of, section_of

EPILOG = """\b
Examples:
  newsgen why content/world/ferry.md
  newsgen why world/ferry.md --at "2026-12-24 06:00"
  newsgen why NG-104
"""


class Answer(msgspec.Struct, frozen=True):
    """What there is to say of a file. `changes` are those to come; `url` is where it is or would be."""

    path: str
    title: str
    kind: str
    state: str
    online: bool
    reason: str
    url: str
    moment: dt.datetime
    changes: tuple[Change, ...] = ()
    diagnostics: tuple[Diagnostic, ...] = ()


@click.command("why", epilog=EPILOG)
@click.argument("path")
@click.option("--at", metavar="TIME", help=AT)
@console.plain_format_option
@click.pass_obj
def command(call: Any, path: str, at: str | None, form: str) -> None:
    """Say why the file PATH is online or not, when that changes, and where it lives.

    PATH is an article, a page, the file of a tag, an author, a series or a section, or a file beside an article; it is
    seen from here, from the site's folder or from content/. Or it is a code of a message, such as NG-104: then say what
    that means, why it happens and how to mend it.
    """
    root: Path = call.root
    if meaning := catalogue().get(path.upper()) if path.upper().startswith("NG-") else None:
        said = f"{path.upper()}: {meaning.what}\n{meaning.why}\n{meaning.mend}"
        console.show_json(meaning) if form == "json" else click.echo(said)
        return
    file = _file(root, path)
    try:
        found = inspect(root, read_moment(root, at), file)
    except Refused as refused:
        console.show(refused.diagnostics)
        sys.exit(1)
    clock = clocks(found.settings.timezone)
    answer = _answer(found, file, clock)
    if form == "json":
        console.show_json(answer)
        return
    click.echo(console.plain(f"{file}: {answer.title}" if answer.title else file))
    click.echo(console.plain(f"{'Online' if answer.online else 'Not online'} ({answer.state}): {answer.reason}."))
    if answer.url:
        kept = answer.online or file in found.planned.editions.withdrawn()
        click.echo(f"{'Address' if kept else 'Its address would be'}: {answer.url}")
    click.echo(f"Asked for {clock(found.moment)}.")
    for change in answer.changes:
        click.echo(f"It {change.what} on {clock(change.at)}.")
    console.show(answer.diagnostics)
    if errors := sum(one.severity == "error" for one in found.diagnostics):
        click.echo(
            f"The site has {errors:,} error{'' if errors == 1 else 's'}: until they are mended it stays as it was."
        )


def _file(root: Path, path: str) -> str:
    """The id of the file that `path` names. Raises click.BadParameter."""
    for start in (Path.cwd(), root, root / CONTENT):
        file = Path(os.path.normpath(start / path))
        if file.is_file() and file.is_relative_to(root / CONTENT):
            return file.relative_to(root).as_posix()
    raise click.BadParameter(f"there is no file {path} under {CONTENT}/.", param_hint="PATH")


def clocks(timezone: str) -> Callable[[dt.datetime | None], str]:
    """Writes a moment on the clock of the site and in UTC; nothing for None."""

    def written(moment: dt.datetime | None) -> str:
        if moment is None:
            return ""
        local = moment.astimezone(zone(timezone))
        utc = f"{moment.astimezone(dt.UTC):%Y-%m-%d %H:%M} UTC"
        return utc if timezone == "UTC" else f"{local:%Y-%m-%d %H:%M} {timezone} ({utc})"

    return written


def _answer(found: Inspection, file: str, clock: Callable[[dt.datetime | None], str]) -> Answer:
    content, editions, moment = found.content, found.planned.editions, found.moment
    edition = found.settings.edition_of(content.lang if content else "")
    index = editions.indexes[edition]
    own = tuple(one for one in found.diagnostics if one.place.path == file)
    place = (editions.files() | editions.withdrawn()).get(file, "")
    coming: tuple[Change, ...] = ()
    if isinstance(content, Article):
        patterns = patterns_of(found.settings.of_edition(edition), index.vocabularies["section"])
        now, why = state(content, moment), reason(content, moment, clock)
        place = place or article_file(content, section_of(content, index.vocabularies), patterns, edition)
        coming = tuple(one for one in turns(content) if one.at > moment)
        coming += tuple(one for one in index.coming if one.id == file and one not in coming)
    elif isinstance(content, Page):
        now, why = ("draft", "it is a draft (draft: true)") if content.draft else ("live", "nothing withholds it")
        place = place or page_file(content, edition)
    elif content:
        now, why = "live", "a page of its own lists its articles"
    elif not file.endswith(".md"):
        copies = [page for page in found.planned.pages if page.make == "copy" and page.what == file]
        place = copies[0].path if copies else ""
        now, why = (
            ("copied", "a published article or page names it") if copies else ("unused", "no published text names it")
        )
    elif any(part.startswith((".", "_")) for part in file.split("/")) and not own:
        now, why = "ignored", "names that begin with . or _ are left out"
    else:
        now, why = "refused", "it has errors" if has_errors(own) else "it has no text"
    url = absolute_url(urls.url_of(place, found.settings.base_path), found.settings.origin) if place else ""
    return Answer(
        file,
        content.title if content else "",
        kind_of(file, found.settings.languages) if file.endswith(".md") else "file",
        *(now, now in ("live", "copied"), why, url, moment, tuple(sorted(coming)), own),
    )
