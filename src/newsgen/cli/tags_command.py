"""newsgen tags: why an article has its tags, what names no tag covers, and all articles tagged anew."""

from __future__ import annotations

import contextlib
import os
import sys
import unicodedata
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click

from newsgen import tags
from newsgen.cli import console
from newsgen.config import CONTENT, Settings
from newsgen.diagnostics import Diagnostic, Refused, has_errors
from newsgen.engine.sources import read_bytes
from newsgen.news.tagging import TagEvidence
from newsgen.project import read_settings, with_source_lines
from newsgen.tags import Explanation, Mention, Registry, Verdict

EPILOG = """\b
Examples:
  newsgen tags explain content/world/ferry.md
  newsgen tags suggest
  newsgen tags apply content/world
  newsgen tags apply --write
"""


@click.group("tags", epilog=EPILOG)
def command() -> None:
    """Say why an article has its tags, find names that no tag covers, or tag all articles anew.

    The tags are those that have a file under content/tags/. A text names one by its title and its aliases. Each name
    counts 5 in the title, 2 in the lead, and every paragraph with one counts 1 more; from a score of 3 on
    ([import] threshold) an article has the tag, and at most 6 of them ([import] max_tags). A tag that a person wrote
    stays, one that a person took out stays out, and tags_locked: true leaves an article alone.
    """


@command.command("explain")
@click.argument("path")
@console.plain_format_option
@click.pass_obj
def explain(call: Any, path: str, form: str) -> None:
    """Print the evidence for the tags of the article PATH: each name with its place, and what it scored."""
    root: Path = call.root
    file = _ids(root, [path])[0]
    settings, registries = _site(root, form)
    data = read_bytes(root / file)
    with contextlib.suppress(UnicodeDecodeError):  # which is said below; places count signs as they are seen
        data = unicodedata.normalize("NFC", data.decode()).encode()
    outcome = tags.read_text(file, data, settings)
    if (text := outcome.value) is None:
        if not outcome.diagnostics:
            raise click.BadParameter(f"{file} is no article.", param_hint="PATH")
        console.show(with_source_lines(root, root, outcome.diagnostics), form)
        sys.exit(1)
    found = tags.explained(text, registries[settings.edition_of(text.article.lang)], settings.import_)
    if form == "json":
        console.show_json(found)
        return
    for line in _explanation(found):
        click.echo(console.plain(line))


@command.command("suggest")
@click.option("--least", default=3, metavar="N", type=click.IntRange(1), help="In so many articles or more (3).")
@click.option("--most", default=40, metavar="N", type=click.IntRange(1), help="At most so many of each kind (40).")
@console.plain_format_option
@click.pass_obj
def suggest(call: Any, least: int, most: int, form: str) -> None:
    """List frequent names and phrases of all articles that no tag covers, with counts and the place of the first.

    Names are words with capitals; phrases are words in lower case that keep company. Texts in scripts without capitals
    give none.
    """
    root: Path = call.root
    settings, registries = _site(root, form)
    with console.progress(form) as progress:
        names, phrases = tags.suggested(root, settings, registries, least, most, progress)
    if form == "json":
        console.show_json({"names": names, "phrases": phrases})
        return
    for title, found in (("Names", names), ("Phrases", phrases)):
        if found:
            click.echo(f"{title} (articles, mentions, first place):")
        for one in found:
            click.echo(console.plain(f"{one.articles:>7,} {one.mentions:>7,}  {one.phrase}  {one.place}"))
    if not names and not phrases:
        click.echo(f"Nothing that no tag covers stands in {least} articles.")


@command.command("apply")
@click.argument("paths", nargs=-1, metavar="[PATH...]")
@click.option("--write", is_flag=True, help="Write the articles; without it nothing is written.")
@console.plain_format_option
@click.pass_obj
def apply(call: Any, paths: tuple[str, ...], write: bool, form: str) -> None:
    """Tag all articles anew, or those in PATH: show what would differ, and with --write do it.

    Only tags and tags_evidence are set in a file, where newsgen records which tags are its own; all else keeps its
    bytes. Each file is written whole or not at all, and a second run changes nothing.
    """
    root: Path = call.root
    wanted = _ids(root, paths)
    settings, registries = _site(root, form)
    found: list[Diagnostic] = []
    changed: list[tags.Retagged] = []
    read = 0
    with console.progress(form) as progress:
        for outcome in tags.texts(root, settings, wanted, progress):
            found += outcome.diagnostics
            if (text := outcome.value) is not None:
                read += 1
                new = tags.retagged(text, registries[settings.edition_of(text.article.lang)], settings.import_)
                found += new.diagnostics
                changed += [new.value] if new.value else []
    written: list[tags.Retagged] = []
    for article in changed:
        refused = tags.write(root, article) if write else ()
        found += refused
        written += [] if refused else [article]
    _tell(root, written, read, found, form, write=write)
    sys.exit(1 if has_errors(found) else 0)


def _tell(
    root: Path, changed: list[tags.Retagged], read: int, found: list[Diagnostic], form: str, *, write: bool
) -> None:
    if form == "json":
        articles = [{"file": one.file, "before": one.before, "after": one.after} for one in changed]
        console.show_json({"read": read, "written": write, "changed": articles, "diagnostics": found})
        return
    for one in changed:
        for line in [f"{one.file}: {_difference(one)}"] if write else one.diff.split("\n"):
            click.echo(console.plain(line))
    console.show(with_source_lines(root, root, found), form)
    those = f"{len(changed):,} tagged anew" if write else f"{len(changed):,} would be tagged anew"
    hint = "" if write or not changed else " --write writes them."
    click.echo(f"{read:,} article{'' if read == 1 else 's'} read: {those}.{hint}")


def _difference(one: tags.Retagged) -> str:
    signs = (("+", one.after, one.before), ("-", one.before, one.after))
    return ", ".join(f"{sign}{tag}" for sign, these, those in signs for tag in these if tag not in those)


def _site(root: Path, form: str) -> tuple[Settings, dict[str, Registry]]:
    """The settings and the tags of each edition. Ends the program where they have errors."""
    try:
        settings = read_settings(root)
        outcome = tags.registries(root, settings)
    except Refused as refused:
        console.show(refused.diagnostics)
        sys.exit(1)
    console.show(with_source_lines(root, root, outcome.diagnostics), form)
    if outcome.value is None:
        sys.exit(1)
    return settings, outcome.value


def _ids(root: Path, paths: tuple[str, ...] | list[str]) -> list[str]:
    """The ids of files and folders, seen from here, from the site's folder or from content/. Raises BadParameter."""
    found: list[str] = []
    for path in paths:
        places = [Path(os.path.normpath(start / path)) for start in (Path.cwd(), root, root / CONTENT)]
        there = [one for one in places if one.exists() and one.is_relative_to(root / CONTENT)]
        if not there:
            raise click.BadParameter(f"there is no {path} under {CONTENT}/.", param_hint="PATH")
        found.append(there[0].relative_to(root).as_posix())
    return found


def _explanation(found: Explanation) -> Iterator[str]:
    yield f"{found.file}: {found.title}"
    yield f"Its tags: {', '.join(found.tags) or 'none'}{' (locked)' if found.locked else ''}."
    if found.proposed != found.tags:
        yield f"newsgen tags apply would make them: {', '.join(found.proposed) or 'none'}."
    for one in found.verdicts:
        yield ""
        yield f"{one.evidence.tag}: {_sum(one.evidence)}; {_said(one)}"
        yield from (_line(mention) for mention in found.mentions if one.evidence.tag in mention.tags)
    if nothing := [mention for mention in found.mentions if mention.why]:
        yield ""
        yield "Counted for nothing:"
        yield from (f"{_line(mention)}: {mention.why}" for mention in nothing)


def _sum(one: TagEvidence) -> str:
    parts = ((one.title, 5, "title"), (one.first, 2, "lead"), (one.paragraphs, 1, "paragraphs"))
    told = " + ".join(f"{what} {count} x {weight}" for count, weight, what in parts if count)
    return f"{one.score} = {told}"


def _said(one: Verdict) -> str:
    return f"{'tagged' if one.tagged else 'left out'}{f' ({one.why})' if one.why else ''}"


def _line(mention: Mention) -> str:
    return f"    {mention.place}: {mention.phrase} ({mention.part})"
