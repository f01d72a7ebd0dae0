"""From what a text states to a content file: front matter with its evidence, and a body in Markdown."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import msgspec

from newsgen.config import Settings
from newsgen.content import frontmatter
from newsgen.content.paragraphs import paragraphs
from newsgen.importers.article import Statement
from newsgen.importers.boilerplate import Cut
from newsgen.importers.escape import escaped
from newsgen.importers.records import BLANK, sealed
from newsgen.importers.report import ImportOptions
from newsgen.importers.slug import slug_of
from newsgen.news import tagging
from newsgen.news.tagging import Gazetteer, TagEvidence


class Composed(msgspec.Struct, frozen=True):
    """A content file to be: its text, the slug that its headline gives, its tags and all evidence for tags."""

    text: str
    slug: str
    body: tuple[str, ...]
    tags: tuple[str, ...]
    evidence: tuple[TagEvidence, ...]


def composed(
    file: str, sha256: str, stated: Statement, tags: Gazetteer, settings: Settings, options: ImportOptions
) -> Composed:
    """The content file for the source `file`. The digest of it all stands in its `import.written`."""
    title = stated.headline.text
    kept = stated.paragraphs
    if options.keep_boilerplate:
        kept = tuple(sorted((*kept, *stated.boilerplate), key=lambda line: line.lines))
    body = tuple(escaped(line.text) for line in kept)
    found = tagging.evidence(
        tags, title, [text for _, text in paragraphs("\n\n".join(body))]
    )  # as `tags apply` reads it
    chosen = tagging.chosen(found, settings.import_)
    fields = {
        "title": title,
        "date": stated.date,
        "updated": stated.updated,
        "authors": list(stated.authors),
        "section": options.section,
        "description": stated.description,
        "tags": list(chosen),
        "lang": options.lang or settings.language,
        "source_name": stated.headline.outlet,
        "import": _record(file, sha256, stated, [one for tag in chosen for one in found if one.tag == tag], options),
    }
    text = frontmatter.dump({key: value for key, value in fields.items() if value}, "\n\n".join(body))
    return Composed(sealed(text), slug_of(title), body, chosen, found)


def _record(
    file: str, sha256: str, stated: Statement, found: Iterable[TagEvidence], options: ImportOptions
) -> dict[str, Any]:
    """`removed` counts text lines from 0, blank ones left out; "0-suffix" is a part of line 0."""
    restored = {line.lines for line in stated.boilerplate} if options.keep_boilerplate else set[tuple[int, ...]]()
    record: dict[str, Any] = {"file": file, "sha256": sha256, "written": BLANK}
    if removed := [number for one in stated.cuts if one.lines not in restored for number in _numbers(one)]:
        record["removed"] = removed
    if stated.date_source:
        record["date_source"] = stated.date_source
    if counted := {one.tag: {"title": one.title, "body": one.body} for one in found}:
        record["tags_evidence"] = counted
    return record


def _numbers(one: Cut) -> list[int | str]:
    return [f"{one.lines[0]}-{one.part}"] if one.part else list(one.lines)
