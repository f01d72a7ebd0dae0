"""How diagnostics and progress look: as text, as JSON for machines, or as GitHub's annotations."""

from __future__ import annotations

import contextlib
import sys
import unicodedata
from collections import Counter
from collections.abc import Generator, Sequence
from typing import Any, Final

import click
import msgspec

from newsgen.diagnostics import Diagnostic
from newsgen.engine.pool import Progress, silent

SHOWN_OF_A_CODE: Final = 20
BAR_FROM: Final = 200  # items: below that a bar would only flicker

FORMATS: Final = ("text", "json", "github")

format_option = click.option(
    "--format",
    "form",
    type=click.Choice(FORMATS),
    default="text",
    help="For people, for programs, or for GitHub's log.",
)

plain_format_option = click.option(
    "--format", "form", type=click.Choice(FORMATS[:2]), default="text", help="For people, or for programs."
)


def show(diagnostics: Sequence[Diagnostic], form: str = "text") -> None:
    """Prints diagnostics to stderr; as JSON they belong to the report on stdout, so nothing is printed here."""
    if form == "github":
        for one in diagnostics:
            click.echo(_annotation(one))
        return
    if form == "json":
        return
    seen: Counter[str] = Counter()
    for one in diagnostics:
        seen[one.code] += 1
        if seen[one.code] <= SHOWN_OF_A_CODE:
            click.echo(_as_text(one), err=True)
    for code, count in sorted(seen.items()):
        if count > SHOWN_OF_A_CODE:
            click.echo(f"and {count - SHOWN_OF_A_CODE} more of {code}", err=True)


def plain(text: str) -> str:
    """`text` without what a terminal would obey or hide: controls, bidi marks, breaks of lines, lone surrogates.

    They are written as JSON does, so that a document without them is the same document.
    """
    if text.isprintable():
        return text
    import json  # only odd text needs it

    odd = ("Cc", "Cf", "Cs", "Zl", "Zp")
    return "".join(c if unicodedata.category(c) not in odd else json.dumps(c)[1:-1] for c in text)


def show_json(value: Any) -> None:
    """Prints a value as one JSON document to stdout."""
    text = msgspec.json.format(msgspec.json.encode(value)).decode()
    click.echo("\n".join(map(plain, text.split("\n"))))


def _as_text(one: Diagnostic) -> str:
    colour = "red" if one.severity == "error" else "yellow"
    severity = click.style(one.severity, fg=colour, bold=True)
    lines = [f"{severity} {one.code} {plain(str(one.place))}: {plain(one.message)}"]
    if one.source:
        lines += _excerpt(one)
    if one.help:
        lines.append(f"    {click.style('help:', bold=True)} {plain(one.help)}")
    return "\n".join(lines)


def _excerpt(one: Diagnostic) -> list[str]:
    """The source line with its number and, where the column is known, a mark under it."""
    source = one.source.replace("\t", " ")
    start = max(0, one.place.column - 60) if len(source) > 110 else 0
    text = plain(source[start : start + 110])
    lines = [f"  {one.place.line:>5} | {text}"]
    if one.place.column:
        before = plain(source[start : one.place.column - 1])
        lines.append(f"        | {' ' * sum(_width(c) for c in before)}^")
    return lines


def _width(character: str) -> int:
    if unicodedata.combining(character):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1


def _annotation(one: Diagnostic) -> str:
    place = f"file={_escaped(one.place.path)}"
    if one.place.line:
        place += f",line={one.place.line}" + (f",col={one.place.column}" if one.place.column else "")
    text = plain(f"{one.message}. {one.help}".strip()).replace("%", "%25")
    return f"::{one.severity} {place},title={one.code}::{text}"


def _escaped(text: str) -> str:
    return plain(text).replace("%", "%25").replace(":", "%3A").replace(",", "%2C")


@contextlib.contextmanager
def progress(form: str = "text") -> Generator[Progress, None, None]:
    """A bar for long work on a terminal; nothing elsewhere. Rich is imported when the first bar is drawn."""
    if form != "text" or not sys.stderr.isatty():
        yield silent
        return
    bar: Any = None
    tasks: dict[str, Any] = {}

    def tell(phase: str, done: int, total: int) -> None:
        nonlocal bar
        if total < BAR_FROM or (done % 16 and done + 1 < total):
            return
        if bar is None:
            from rich.console import Console
            from rich.progress import Progress as Bar

            bar = Bar(console=Console(stderr=True), transient=True)
            bar.start()
        if phase not in tasks:
            tasks[phase] = bar.add_task(phase, total=total)
        bar.update(tasks[phase], completed=done + 1)

    try:
        yield tell
    finally:
        if bar is not None:
            bar.stop()
