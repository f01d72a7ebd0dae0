"""The headline, told apart from the outlet's name by evidence: a repeated line, or the vote of a batch."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final

import msgspec

from newsgen.importers.boilerplate import SHORT, Cut, Votes, cut
from newsgen.importers.text import Paragraph, folded

LOOK_BELOW: Final = 5  # lines below the first in which the headline may be repeated

_SEPARATOR = re.compile(
    r"\s+(?:-{1,2}|[–—|·•»«:]|::)\s+|\s*[|｜]\s*|:\s+"
    r"|(?<=[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af])[-_–—]+(?=[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af])"
)
_LABEL = re.compile(  # what papers hang behind their headlines
    r"q ?& ?a|live(?: updates?| blog)?|videos?|watch|photos|(?:in )?pictures|audio|podcast|opinion|editorial|comment|"
    r"analysis|explaine[rd]|reviews?|interview|profile|obituary|letters?|quiz|timeline|recap|fact[ -]check|exclusive|"
    r"updated?|breaking(?: news)?|world|politics|business|sports?|culture|news|part \w+",
    re.I,
)
SECTION: Final = 30  # characters

_WORD = re.compile(r"[^\W\d_]{4,}")
_UNSPACED = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\u0e00-\u0e7f]")


class Headline(msgspec.Struct, frozen=True):
    """The headline and why it was believed. `outlet` is the site's name; it is empty where none was proven."""

    text: str
    evidence: str
    outlet: str = ""
    cuts: tuple[Cut, ...] = ()


class _Split(msgspec.Struct, frozen=True):
    before: str
    mark: str
    after: str


def headline(paragraphs: Sequence[Paragraph], counted: Votes) -> Headline:
    """The headline of a text whose first paragraph is a page's title; `cuts` hold its repetitions too."""
    first = paragraphs[0]
    below = paragraphs[1 : 1 + LOOK_BELOW]
    found = _proven(first, below, "suffix") or _proven(first, below, "prefix") or _voted(first, counted)
    if found is None:
        repeated = any(folded(line.text) == folded(first.text) for line in below)
        found = Headline(first.text, "first line, repeated below it" if repeated else "first line")
    same = {folded(found.text), folded(first.text)}
    repeats = tuple(cut(line, "repeats the headline") for line in below if folded(line.text) in same)
    return Headline(found.text, found.evidence, found.outlet, (*found.cuts, *repeats))


class Ending(msgspec.Struct, frozen=True, array_like=True):
    """What may be an outlet's name at the end of a page's title, folded, and the section that may stand before it."""

    name: str
    section: str


def endings(title: str) -> Iterator[Ending]:
    """What may be an outlet's name at the end of a page's title, the longest first."""
    before: _Split | None = None
    for split in _splits(title):
        if _may_name(split):
            section = ""
            if before and before.mark.strip() == split.mark.strip() and _is_headline(before.before):
                section = before.after[: len(before.after) - len(split.mark) - len(split.after)]
            yield Ending(folded(split.after), folded(section) if len(section) <= SECTION else "")
        before = split


def proven(paragraphs: Sequence[Paragraph]) -> str:
    """The outlet that a headline, repeated below a page's title, proves; empty where none does."""
    below = paragraphs[1 : 1 + LOOK_BELOW]
    found = _proven(paragraphs[0], below, "suffix") if paragraphs else None
    return found.outlet if found else ""


def _may_name(split: _Split) -> bool:
    return not split.mark.startswith(":") and _is_name(split.after) and _is_headline(split.before)


def _proven(first: Paragraph, below: Sequence[Paragraph], part: str) -> Headline | None:
    """A line below repeats what a separator of the first line parts from `part`, its end or its beginning.

    No end behind a colon is an outlet's, and no beginning before one names it.
    """
    ending = part == "suffix"
    for split in _splits(first.text):
        colon = split.mark.startswith(":") if ending else ":" in split.mark
        if ending and colon:
            continue
        repeated, rest = (split.before, split.after) if ending else (split.after, split.before)
        for line in below:
            if folded(line.text) == folded(repeated) and _is_remainder(rest, repeated, split):
                evidence = f"line {line.lines[0]} repeats it"
                taken = f"{split.mark}{rest}" if ending else f"{rest}{split.mark}"
                outlet = _last_part(rest) if ending else rest
                named = outlet if not colon and _is_name(outlet) else ""
                return Headline(repeated, evidence, named, (Cut(first.lines, first.number, taken, evidence, part),))
    return None


def _voted(first: Paragraph, counted: Votes) -> Headline | None:
    """The batch shares what stands behind a separator of the first line.

    The last part decides; one before it ("World - The Example Times") goes along where the batch hardly parts them, or
    is one of the sections of the outlet.
    """
    found: _Split | None = None
    votes = 0
    splits = list(_splits(first.text))
    for split in reversed(splits):
        count = counted.outlets.get(folded(split.after), 0) if _may_name(split) else 0
        if count and count * 5 >= votes * 4:
            found, votes = split, count
    if found is None:
        return None
    evidence = f'"{found.after}" ends {votes} of {counted.batch} titles'
    outlet = _last_part(found.after)
    for ending in endings(first.text):
        if ending.name == folded(found.after) and ending.section in counted.sections.get(ending.name, ()):
            found = splits[splits.index(found) - 1]
    suffix = Cut(first.lines, first.number, f"{found.mark}{found.after}", evidence, "suffix")
    return Headline(found.before, evidence, outlet, (suffix,))


def _splits(title: str) -> Iterator[_Split]:
    """The title at each of its separators, from the left."""
    for found in _SEPARATOR.finditer(title):
        before, after = title[: found.start()], title[found.end() :]
        if before and after:
            yield _Split(before, found[0], after)


def _is_remainder(rest: str, repeated: str, split: _Split) -> bool:
    """Whether `rest`, beside a repeated part, may be an outlet's name: the part may be a label ("Analysis: …")."""
    if len(rest) > SHORT or len(repeated) >= len(rest):
        return len(rest) <= SHORT
    parts = _SEPARATOR.split(rest)
    long_enough = len(repeated.split()) > min(len(parts), 2) or _UNSPACED.search(repeated) is not None
    return split.mark.strip() != ":" and long_enough and all(_is_name(part) for part in parts)


def _is_headline(text: str) -> bool:
    return len(text.split()) > 1 or _UNSPACED.search(text) is not None


def _is_name(text: str) -> bool:
    """Whether the text reads as an outlet's name: at most 60 characters, its words mostly with a capital."""
    if not 0 < len(text) <= SHORT or text.endswith(("?", "!", ".", "…")) or _LABEL.fullmatch(text):
        return False
    if "." in text and " " not in text:
        return True
    words = _WORD.findall(text)
    capital = [word for word in words if not word[0].islower()]
    return not text[0].islower() and len(text.split()) <= 8 and len(capital) * 2 >= len(words)


def _last_part(name: str) -> str:
    """The outlet in "World - The Example Times"."""
    spaced = [found for found in _SEPARATOR.finditer(name) if found[0].strip() != ":"]
    return name[spaced[-1].end() :] if spaced else name
