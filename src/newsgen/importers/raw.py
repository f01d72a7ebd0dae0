"""The reader of raw text: a headline and paragraphs, and what a web page left around them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

import msgspec

from newsgen.diagnostics import Diagnostic, Outcome, Place, error
from newsgen.importers import ballot
from newsgen.importers.article import Statement, headed, lines, statement
from newsgen.importers.ballot import Ballot, Count
from newsgen.importers.encodings import LETTERS, Text, decoded
from newsgen.importers.escape import escaped
from newsgen.importers.language import language_of
from newsgen.importers.piece import Piece
from newsgen.importers.slug import slug_of

SAMPLE: Final = 2500  # characters of a text that are looked at for its language

_MARKUP = re.compile(r"\s*(?:<!doctype\b|<html\b|<\?xml\b|<rss\b|<feed\b)", re.I)
_FRONT_MATTER = re.compile(r"(?:---|\+\+\+)[ \t]*(?:\r?\n|\Z)")


class TextReader(msgspec.Struct, frozen=True):
    """Reads raw texts. `default` is their language where they do not tell it, `lang` and `encoding` what the user says.

    With `whole` promotional lines and the like stay in the text.
    """

    default: str
    lang: str = ""
    encoding: str = ""
    whole: bool = False

    def survey(self, file: str, data: bytes) -> Ballot:
        text = self._text(file, data).value
        language = self._language(text.text) if text else ""
        read = lines(text.text, language) if text else ()
        if not read:
            return Ballot(file)
        header, told = headed(read), text.encoding if text and text.why == LETTERS else ""
        return ballot.ballot(file, header.title, header.body, header.link, told, language)

    def tags(self, survey: Ballot) -> tuple[str, ...]:
        return ()

    def surveyed(self, surveys: Sequence[Ballot]) -> Count:
        return ballot.count([one for one in surveys if one.edges])

    def read(self, file: str, data: bytes, survey: Count) -> tuple[Piece, ...]:
        text = self._text(file, data, survey.encodings.get(file, ""))
        if text.value is None:
            return (_unread(text.diagnostics),)
        language = survey.languages.get(file) or self._language(text.value.text)
        read = lines(text.value.text, language)
        header = headed(read)
        votes = survey.of(header.title, ballot.home(file, header.link))
        outcome = statement(file, read, votes, language)
        if outcome.value is None:
            return (_unread(outcome.diagnostics),)
        return (self._piece(text.value, language, outcome.value, survey.near.get(file, ""), outcome.diagnostics),)

    def _text(self, file: str, data: bytes, surveyed: str = "") -> Outcome[Text]:
        read = decoded(file, data, self.encoding, surveyed)
        text = read.value.text if read.value else ""
        if _MARKUP.match(text):
            advice = "Give it a name in .html or .xml, or say --from."
            return Outcome(None, (error("NG-704", Place(file, 1), "HTML or XML, not plain text", advice),))
        if _FRONT_MATTER.match(text):
            advice = "It is content already: copy it into content/ as it is, or say --from."
            return Outcome(None, (error("NG-704", Place(file, 1), "the file begins with front matter", advice),))
        return read

    def _language(self, text: str) -> str:
        """The language that the user says, else that of the text; that of the site where it is another form of it."""
        if self.lang:
            return self.lang
        told = language_of(text[:SAMPLE])
        return told if told and told != self.default.split("-")[0].lower() else self.default

    def _piece(
        self, text: Text, language: str, stated: Statement, near: str, diagnostics: tuple[Diagnostic, ...]
    ) -> Piece:
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
            "lang": language,
            "source_name": title.outlet,
            "extra": {"link": stated.link} if stated.link else {},
        }
        evidence = {
            "title": title.evidence,
            "date": stated.date_source,
            "updated": "line of the date",
            "authors": "byline",
            "description": "first paragraph",
            "lang": "--lang" if self.lang else "" if language == self.default else "words and letters of the text",
            "source_name": stated.outlet_source or title.evidence,
            "extra": "header",
        }
        fields = {key: value for key, value in fields.items() if value}
        told = {key: why for key, why in evidence.items() if key in fields and why}
        if text.why:
            told["encoding"] = f"{text.encoding}, by {text.why}"
        return Piece(
            fields=fields,
            body="\n\n".join(escaped(line.text) for line in kept),
            slug=slug_of(title.text),
            evidence=told,
            cuts=cuts,
            near=near,
            diagnostics=diagnostics,
        )


def _unread(diagnostics: tuple[Diagnostic, ...]) -> Piece:
    return Piece(fields={}, body="", slug="", diagnostics=diagnostics)
