"""What one raw text states: headline, authors, date, paragraphs, with the evidence for each and all that was cut.

Nothing here reads a file or a clock: a date or an author that the text does not state stays absent.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Final

import msgspec
from msgspec.structs import replace

from newsgen.diagnostics import Diagnostic, Outcome, Place, error, warning
from newsgen.importers import boilerplate, dates, forms
from newsgen.importers.boilerplate import Cut, Votes, cut, is_prose
from newsgen.importers.byline import Credits, credits_of
from newsgen.importers.dates import Stated
from newsgen.importers.headline import Headline, headline
from newsgen.importers.summary import description
from newsgen.importers.text import LABEL, Paragraph, ends_sentence, paragraphs

HEADLINE_LIMIT: Final = 200  # characters; a first line that is longer, or a long sentence, is a paragraph
SENTENCE_LIMIT: Final = 140
CREDIT_LINES: Final = 8  # lines below the headline among which bylines and dates are looked for
ABOVE_HEADLINE: Final = frozenset(("navigation", "advertisement", "legal"))


class Statement(msgspec.Struct, frozen=True, kw_only=True):
    """What a raw text states. `date_source` names the evidence; it is empty where there is no date."""

    headline: Headline
    paragraphs: tuple[Paragraph, ...]
    description: str
    authors: tuple[str, ...] = ()
    date: dt.date | dt.datetime | None = None
    date_source: str = ""
    updated: dt.date | dt.datetime | None = None
    link: str = ""
    outlet_source: str = ""
    cuts: tuple[Cut, ...] = ()
    boilerplate: tuple[Paragraph, ...] = ()


class Header(msgspec.Struct, frozen=True):
    """What lines like "TITLE: …" and "LINK: …" above a text state, by their labels, and the text below them.

    `body` begins with the line of the headline, its label taken off.
    """

    body: tuple[Paragraph, ...]
    fields: Mapping[str, str] = {}
    cuts: tuple[Cut, ...] = ()

    @property
    def title(self) -> str:
        return self.body[0].text if self.body else ""

    def stated(self, *labels: str) -> str:
        return next((self.fields[label] for label in labels if label in self.fields), "")

    @property
    def link(self) -> str:
        link = self.stated("link", "url")
        return link if re.fullmatch(r"https?://[^\s<>\"\\]+", link) else ""


class _Dated(msgspec.Struct, frozen=True):
    stated: Stated
    source: str
    line: int = 0


_Signed = tuple[Paragraph, Credits]
"""A line of credits and what it states."""


def lines(text: str, language: str) -> tuple[Paragraph, ...]:
    """The paragraphs of a text, with bylines and known forms on their own."""

    @cache
    def alone(line: str) -> bool:
        known = forms.form_of(line, "head", language) or forms.form_of(line, "tail", language)
        return known is not None or credits_of(line, language) is not None

    return paragraphs(text, alone)


def headed(source: Sequence[Paragraph]) -> Header:
    """The lines of a header above a text, where one of them is labelled as a title or a link."""
    found: dict[str, tuple[Paragraph, re.Match[str]]] = {}
    for line in source[:CREDIT_LINES]:
        match = LABEL.match(line.text)
        if match is None or match["label"].lower() in found:
            break
        found[match["label"].lower()] = line, match
    if not found.keys() & {"title", "headline", "link", "url"}:
        return Header(tuple(source))
    fields = {label: line.text[match.end() :] for label, (line, match) in found.items()}
    body, cuts = list(source[len(found) :]), list[Cut]()
    for label, (line, match) in found.items():
        if label in ("title", "headline") and (not body or body[0].number > line.number):
            body.insert(0, Paragraph(line.text[match.end() :], line.lines, line.number))
            cuts.append(Cut(line.lines, line.number, match[0], "label of a header", "prefix"))
        else:
            cuts.append(cut(line, "header"))
    return Header(tuple(body), fields, tuple(cuts))


def statement(file: str, source: Sequence[Paragraph], counted: Votes, language: str) -> Outcome[Statement]:
    """What the paragraphs of the raw text `file` state, judged with the votes of its batch."""
    header = headed(source)
    above = [] if header.fields else _above_headline(source, counted, language)
    body = header.body[len(above) :]
    if refused := _refusal(file, body):
        return Outcome(None, (refused,))
    title = headline(body, counted)
    repeated = {number for one in title.cuts if not one.part for number in one.lines}
    rest = [line for line in body[1:] if line.lines[0] not in repeated]
    signed = _credits(rest, language)
    dated = _dated(file, rest, signed)
    if stated := dates.of_line(header.stated("date", "published")):
        dated = [_Dated(stated, "header"), *dated] if stated.date else dated
    spent = [one for one in signed if _is_spent(one[1], has_date=bool(dated))]
    unsigned = [line for line in rest if all(line is not one for one, _ in spent)]
    kept, trimmed = boilerplate.trimmed(unsigned, counted, language)
    if not kept:
        advice = "Put the article's text below its headline; --keep-boilerplate keeps lines that look like buttons."
        return Outcome(None, (error("NG-704", Place(file), "a headline but no text", advice),))
    cuts = (
        *header.cuts,
        *(cut(line, "above the headline") for line in above),
        *title.cuts,
        *(cut(line, "byline" if credits.authors else "line of the date") for line, credits in spent),
        *trimmed,
    )
    gone = {one.lines for one in trimmed}
    named = header.stated("source", "site")
    authors = [name for _, credits in spent for name in credits.authors]
    if not authors and (signer := credits_of(f"By {header.stated('author', 'authors', 'byline')}", language)):
        authors = signer.authors
    return Outcome(
        Statement(
            headline=title if title.outlet or not named else replace(title, outlet=named),
            paragraphs=kept,
            description=description(_lead(kept)),
            authors=tuple(dict.fromkeys(authors)),
            date=dated[0].stated.date if dated else None,
            date_source=dated[0].source if dated else "",
            link=header.link,
            outlet_source="header" if named and not title.outlet else "",
            updated=next((stated.date for _, credits in spent for stated in credits.dates if stated.updated), None),
            cuts=tuple(sorted(cuts, key=lambda one: (one.lines, one.part))),
            boilerplate=tuple(line for line in unsigned if line.lines in gone),
        ),
        (*_ambiguous(file, signed), *_disagreeing(file, dated)),
    )


def _above_headline(source: Sequence[Paragraph], counted: Votes, language: str) -> list[Paragraph]:
    """The lines that a page carries above its title: its masthead, "Skip to content"."""
    above: list[Paragraph] = []
    for line in source[:CREDIT_LINES]:
        form = forms.form_of(line.text, "head", language)
        if (form is None or form.name not in ABOVE_HEADLINE) and not counted.is_masthead(line.text):
            break
        above.append(line)
    return above


def _refusal(file: str, body: Sequence[Paragraph]) -> Diagnostic | None:
    if not body:
        return error("NG-704", Place(file), "no text in the file", "Give it a headline and the text below it.")
    first = body[0]
    if len(first.text) > HEADLINE_LIMIT or (len(first.text) > SENTENCE_LIMIT and ends_sentence(first.text)):
        advice = "Put the headline on the first line, the text below it."
        return error("NG-702", Place(file, first.number), "the first line is a paragraph, not a headline", advice)
    if len(body) == 1:
        advice = "Put the article's text below its headline."
        return error("NG-704", Place(file, first.number), "a headline but no text", advice)
    return None


def _credits(rest: Sequence[Paragraph], language: str) -> list[_Signed]:
    """The lines of credits between the headline and the first paragraph."""
    found: list[_Signed] = []
    for line in rest[:CREDIT_LINES]:
        if stated := credits_of(line.text, language):
            found.append((line, stated))
        elif is_prose(line.text) and forms.form_of(line.text, "head", language) is None:
            break
    return found


def _is_spent(credits: Credits, *, has_date: bool) -> bool:
    """Whether the front matter carries all that the line states. A lone date of an update stays in the text."""
    only_updated = bool(credits.dates) and all(one.updated for one in credits.dates)
    return not credits.ambiguous and (has_date or not only_updated)


def _dated(file: str, rest: Sequence[Paragraph], signed: Sequence[_Signed]) -> list[_Dated]:
    """The dates of publication that the source states, the best evidence first."""
    found = [
        _Dated(stated, f"line {line.lines[0]}", line.number)
        for line, credits in signed
        for stated in credits.dates
        if not stated.updated
    ]
    prose = next((line for line in rest if is_prose(line.text)), None)
    dateline = dates.of_dateline(prose.text) if prose else None
    if prose and dateline and dateline.stated and dateline.stated.date:
        found.append(_Dated(dateline.stated, "dateline", prose.number))
    if named := dates.of_name(file.rsplit("/", 1)[-1]):
        found.append(_Dated(named, "file name"))
    return found


def _lead(kept: Sequence[Paragraph]) -> str:
    """The first real paragraph without its dateline."""
    text = next((line.text for line in kept if is_prose(line.text)), kept[0].text)
    dateline = dates.of_dateline(text)
    return text[dateline.length :] if dateline else text


def _ambiguous(file: str, signed: Sequence[_Signed]) -> list[Diagnostic]:
    advice = "Is it the day or the month that comes first? Say it with --date; the line stays in the text."
    return [
        warning("NG-112", Place(file, line.number), f'"{stated.text}" can be read as two dates', advice)
        for line, credits in signed
        for stated in credits.ambiguous
    ]


def _disagreeing(file: str, dated: Sequence[_Dated]) -> list[Diagnostic]:
    found: list[Diagnostic] = []
    for other in dated[1:]:
        taken = dated[0].stated.day
        if other.stated.day != taken:
            message = f"{other.source} says {other.stated.day}, {dated[0].source} {taken}"
            help = f"Taken: {taken}. Say it with --date if that is wrong."
            found.append(warning("NG-115", Place(file, other.line), message, help))
    return found
