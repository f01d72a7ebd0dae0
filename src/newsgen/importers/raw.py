"""The reader of raw text: a headline and paragraphs, and what a web page left around them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec

from newsgen.importers import boilerplate, headline, text
from newsgen.importers.article import Statement, lines, statement
from newsgen.importers.boilerplate import Vote, Votes
from newsgen.importers.escape import escaped
from newsgen.importers.piece import Piece
from newsgen.importers.slug import slug_of


class TextReader(msgspec.Struct, frozen=True):
    """Reads raw texts in a `language`. With `whole` promotional lines and the like stay in the text."""

    language: str
    whole: bool = False

    def survey(self, file: str, data: bytes) -> frozenset[Vote]:
        decoded = text.decoded(file, data)
        read = lines(decoded.value, self.language) if decoded.value else ()
        return boilerplate.edges(read, headline.outlets(read[0].text)) if read else frozenset()

    def tags(self, survey: frozenset[Vote]) -> tuple[str, ...]:
        return ()

    def surveyed(self, surveys: Sequence[frozenset[Vote]]) -> Votes:
        return boilerplate.votes(one for one in surveys if one)

    def read(self, file: str, data: bytes, survey: Votes) -> tuple[Piece, ...]:
        decoded = text.decoded(file, data)
        if decoded.value is None:
            return (_unread(decoded.diagnostics),)
        outcome = statement(file, lines(decoded.value, self.language), survey, self.language)
        return (self._piece(outcome.value, outcome.diagnostics) if outcome.value else _unread(outcome.diagnostics),)

    def _piece(self, stated: Statement, diagnostics: Any) -> Piece:
        kept, cuts, title = stated.paragraphs, stated.cuts, stated.headline
        if self.whole:
            kept = tuple(sorted((*kept, *stated.boilerplate), key=lambda line: line.lines))
            restored = {line.lines for line in stated.boilerplate}
            cuts = tuple(one for one in cuts if one.lines not in restored)
        fields = {
            "title": title.text,
            "date": stated.date,
            "updated": stated.updated,
            "authors": list(stated.authors),
            "description": stated.description,
            "lang": self.language,
            "source_name": title.outlet,
        }
        evidence = {
            "title": title.evidence,
            "date": stated.date_source,
            "updated": "line of the date",
            "authors": "byline",
            "description": "first paragraph",
            "source_name": title.evidence,
        }
        fields = {key: value for key, value in fields.items() if value}
        return Piece(
            fields=fields,
            body="\n\n".join(escaped(line.text) for line in kept),
            slug=slug_of(title.text),
            evidence={key: why for key, why in evidence.items() if key in fields},
            cuts=cuts,
            diagnostics=diagnostics,
        )


def _unread(diagnostics: Any) -> Piece:
    return Piece(fields={}, body="", slug="", diagnostics=diagnostics)
