"""From what a source states to a content file: front matter with its evidence, and a body in Markdown."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from typing import Any, Final

import msgspec
from msgspec.structs import replace

from newsgen.config import Settings
from newsgen.content import frontmatter
from newsgen.content.paragraphs import paragraphs
from newsgen.content.slugs import identity
from newsgen.importers.boilerplate import Cut
from newsgen.importers.piece import Piece
from newsgen.importers.records import BLANK, sealed
from newsgen.importers.report import ImportOptions
from newsgen.importers.slug import slug_of
from newsgen.news import tagging
from newsgen.news.tagging import Gazetteer, TagEvidence

ORDER: Final = "title date updated author authors section description tags aliases parents lang".split()
LAST: Final = ("source_name", "extra")


class Spellings(msgspec.Struct, frozen=True):
    """How tags are written that sources spell in several ways: the name for each spelling that is another, and the
    other spellings of each name that are not the same name to newsgen."""

    names: Mapping[str, str] = {}
    aliases: Mapping[str, tuple[str, ...]] = {}

    def of(self, tags: Iterable[str]) -> list[str]:
        return list(dict.fromkeys(self.names.get(tag, tag) for tag in tags))


class Rules(msgspec.Struct, frozen=True):
    """What all pieces of an import are composed by."""

    settings: Settings
    options: ImportOptions
    gazetteer: Gazetteer
    spellings: Spellings = Spellings()


class Composed(msgspec.Struct, frozen=True):
    """A content file to be: its text, its front matter without the record, and the evidence for its tags."""

    text: str
    fields: Mapping[str, Any]
    found: tuple[TagEvidence, ...] = ()


def composed(file: str, sha256: str, piece: Piece, rules: Rules) -> Composed:
    """The content file for a piece of the source `file`. The digest of it all stands in its `import.written`."""
    fields, found, chosen = dict(piece.fields), (), ()
    if piece.kind == "article":
        if "tags" in fields:
            fields["tags"] = rules.spellings.of(fields["tags"])
        else:  # as `tags apply` reads it
            passages = [text for _, text in paragraphs(piece.body)]
            found = tagging.evidence(rules.gazetteer, fields["title"], passages)
            fields["tags"] = chosen = tagging.chosen(found, rules.settings.import_)
    if piece.kind == "tag":
        fields = _tag(fields, rules.spellings)
    told = {key: fields[key] for key in sorted(fields, key=_rank) if fields[key] not in ("", None, (), [], {})}
    record = _record(file, sha256, piece, [one for tag in chosen for one in found if one.tag == tag])
    return Composed(sealed(frontmatter.dump({**told, "import": record}, piece.body)), told, found)


def stated(piece: Piece, options: ImportOptions) -> Piece:
    """What an article states, below what the user says."""
    if piece.kind != "article":
        return piece
    said = {"authors": list(options.authors), "date": options.date, "section": options.section}
    said = {key: value for key, value in said.items() if value}
    if not said:
        return piece
    fields = {key: value for key, value in piece.fields.items() if key != "author" or "authors" not in said}
    evidence = {**piece.evidence, **{key: f"--{key.removesuffix('s')}" for key in said}}
    return replace(
        piece, fields={**fields, **said}, evidence=evidence, section=slug_of(options.section) or piece.section
    )


def sha256_of(piece: Piece) -> str:
    """The SHA-256 of what one of several pieces of a source says."""
    said = [piece.kind, piece.fields, piece.body, piece.slug, piece.section]
    return hashlib.sha256(msgspec.json.encode(said, order="deterministic", enc_hook=str)).hexdigest()


def _rank(key: str) -> int:
    if key in LAST:
        return 100 + LAST.index(key)
    return ORDER.index(key) if key in ORDER else len(ORDER)


def _tag(fields: dict[str, Any], spellings: Spellings) -> dict[str, Any]:
    """The front matter of a tag under the name that all articles have it by, with its other names."""
    title = spellings.names.get(fields["title"], fields["title"])
    names = [*fields.get("aliases", ()), *spellings.aliases.get(title, ())]
    known = {identity(title)}
    aliases = [name for name in names if identity(name) not in known and not known.add(identity(name))]
    return {**fields, "title": title, "aliases": aliases, "parents": spellings.of(fields.get("parents", ()))}


def _record(file: str, sha256: str, piece: Piece, found: Iterable[TagEvidence]) -> dict[str, Any]:
    """`removed` counts text lines from 0, blank ones left out; "0-suffix" is a part of line 0."""
    record: dict[str, Any] = {"file": file}
    if piece.item:
        record["item"] = piece.item
    record |= {"sha256": sha256, "written": BLANK}
    if removed := [number for one in piece.cuts for number in _numbers(one)]:
        record["removed"] = removed
    if "date" in piece.fields and (source := piece.evidence.get("date")):
        record["date_source"] = source
    if counted := {one.tag: {"title": one.title, "body": one.body} for one in found}:
        record["tags_evidence"] = counted
    return record


def _numbers(one: Cut) -> list[int | str]:
    return [f"{one.lines[0]}-{one.part}"] if one.part else list(one.lines)
