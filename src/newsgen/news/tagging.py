"""Tags by gazetteer: which registered tags a text names, and the evidence for each.

Tags that the parents of a tag imply are not added here: the taxonomy implies them when the site is built, so that an
article's front matter holds only what its own text proves.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

import msgspec

from newsgen.config import ImportSettings
from newsgen.model import Term

_FOLDED = {**dict.fromkeys("‘’‚‛ʼ′", "'"), **dict.fromkeys("“”„‟″", '"'), "İ": "I"}
_FOLDABLE = re.compile(f"[{''.join(_FOLDED)}]")
_WORD = re.compile(r"\w+")


class Name(msgspec.Struct, frozen=True):
    """A form of a tag's name. An exact one is looked for as written, others in lower case.

    `lead` is the number of characters before its first word. `tags` are empty for an excluded phrase ("New Mexico"
    under Mexico): it counts for none, yet its words are consumed.
    """

    text: str
    exact: bool
    lead: int
    tags: tuple[str, ...]


class Gazetteer(msgspec.Struct, frozen=True):
    """The names by their first word in lower case, the longest first: as quick with 8,000 names as with twenty."""

    names: Mapping[str, tuple[Name, ...]]


class TagEvidence(msgspec.Struct, frozen=True):
    """How often a text names a tag: hits in the title, the body and its first paragraph, and paragraphs with a hit."""

    tag: str
    title: int
    body: int
    paragraphs: int
    first: int

    @property
    def score(self) -> int:
        return self.title * 5 + self.first * 2 + self.paragraphs


def gazetteer(terms: Iterable[Term]) -> Gazetteer:
    """The gazetteer of the tag registry. Terms of other families are left out."""
    owners: dict[tuple[str, bool], list[str]] = {}
    for term in sorted((term for term in terms if term.family == "tag"), key=lambda term: (term.title, term.id)):
        sensitive = {_plain(name) for name in term.case_sensitive}
        named = {_plain(name) for name in (term.title, *term.aliases, *term.case_sensitive)}
        for name in named:
            owners.setdefault(_form(name, sensitive), []).append(term.title)
        for phrase in {_plain(phrase) for phrase in term.exclude} - named:
            owners.setdefault(_form(phrase, sensitive), [])
    names: dict[str, list[Name]] = {}
    for (text, exact), tags in owners.items():
        if word := _WORD.search(text):
            names.setdefault(word[0].lower(), []).append(Name(text, exact, word.start(), tuple(dict.fromkeys(tags))))
    longest_first = {word: tuple(sorted(forms, key=_reach)) for word, forms in names.items()}
    return Gazetteer(longest_first)


def evidence(gazetteer: Gazetteer, title: str, paragraphs: Sequence[str]) -> tuple[TagEvidence, ...]:
    """The evidence for every tag that the text names, best score first, ties by the alphabet."""
    in_title = _hits(gazetteer, title)
    in_paragraphs = [_hits(gazetteer, paragraph) for paragraph in paragraphs]
    found = [
        TagEvidence(
            tag,
            in_title[tag],
            sum(hits[tag] for hits in in_paragraphs),
            sum(1 for hits in in_paragraphs if hits[tag]),
            in_paragraphs[0][tag] if in_paragraphs else 0,
        )
        for tag in {*in_title, *(tag for hits in in_paragraphs for tag in hits)}
    ]
    return tuple(sorted(found, key=lambda one: (-one.score, *_alphabet(one.tag))))


def chosen(found: Iterable[TagEvidence], settings: ImportSettings) -> tuple[str, ...]:
    """The tags that the evidence bears out, in alphabetical order.

    A tag is borne out by the title or by `threshold` paragraphs; of more than `max_tags` those of best score stay.
    """
    borne_out = [one for one in found if one.title or one.paragraphs >= settings.threshold]
    best = sorted(borne_out, key=lambda one: (-one.score, *_alphabet(one.tag)))[: settings.max_tags]
    return tuple(sorted((one.tag for one in best), key=_alphabet))


def _form(name: str, sensitive: set[str]) -> tuple[str, bool]:
    return (name, True) if name in sensitive else (name.lower(), False)


def _reach(name: Name) -> tuple[int, bool, str]:
    return (-len(name.text), not name.exact, name.text)


def _hits(gazetteer: Gazetteer, text: str) -> Counter[str]:
    """How often the text names each tag: from the left, the longest name first, no word counted twice."""
    hits: Counter[str] = Counter()
    written = _plain(text)
    lower, end = written.lower(), 0
    for word in _WORD.finditer(lower):
        for name in gazetteer.names.get(word[0], ()):
            start = word.start() - name.lead
            if start >= end and _stands_at(name, start, written if name.exact else lower):
                hits.update(name.tags)
                end = start + len(name.text)
                break
    return hits


def _stands_at(name: Name, start: int, text: str) -> bool:
    end = start + len(name.text)
    joined = any(sign.isalnum() or sign == "_" for sign in (text[start - 1 : start], text[end : end + 1]))
    return not joined and text.startswith(name.text, start)


def _plain(text: str) -> str:
    """The text in NFC with straight quotes and single spaces, so that a name is found whichever way it was typed.

    Its lower case has the same length: the one capital whose lower case is longer (Turkish İ) gives way to I.
    """
    composed = unicodedata.normalize("NFC", text)
    return " ".join(_FOLDABLE.sub(lambda found: _FOLDED[found[0]], composed).split())


def _alphabet(name: str) -> tuple[str, str]:
    return (name.casefold(), name)
