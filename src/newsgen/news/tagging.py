"""Tags by gazetteer: which registered tags a text names, and the evidence for each.

Tags that the parents of a tag imply are not added here: the taxonomy implies them when the site is built, so that an
article's front matter holds only what its own text proves.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from itertools import accumulate
from typing import Final

import msgspec
from msgspec.structs import replace

from newsgen.config import ImportSettings
from newsgen.content.slugs import identity, is_internal
from newsgen.model import Term

PASSAGE: Final = 600  # characters; a longer paragraph counts as several, each of whole sentences
LEAD: Final = 80  # characters, so that a dateline is no sentence
SPELT: Final = 4  # letters; an exact name with as many is found in capitals too: XI is no Xi

_FOLDED = {**dict.fromkeys("‘’‚‛ʼ′", "'"), **dict.fromkeys("“”„‟″", '"'), "İ": "I"}
_FOLDABLE = re.compile(f"[{''.join(_FOLDED)}]")
# Where a sentence ends: not at the dot of an initial, of "Mr." or of "Gen.".
_SENTENCE = re.compile(
    r"(?<!\b\w)(?<!\b[A-Z][a-z])(?<!\b[A-Z][a-z]{2})[.!?…][\"')\]”’»]*\s+(?=[\"'(\[“‘«]*[^\W\d_a-zà-ÿа-я])|[。！？][」』”]*"
)

# Signs of scripts without spaces between words are words by themselves; a run of katakana is one.
_ALONE = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u2e80-\u309f\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_KANA = "\u30a1-\u30fa\u30fc-\u30ff\u31f0-\u31ff\uff66-\uff9f"
_LETTER, _OTHER = rf"[^\W{_ALONE}{_KANA}]", f"[^{_ALONE}{_KANA}]"
_UNSPACED = re.compile(f"[{_ALONE}{_KANA}]")
_WORD = re.compile(f"[{_ALONE}]|[{_KANA}]+|{_LETTER}+")
_SHOUTED = re.compile(r"[A-ZÀ-ÖØ-ÞА-Я]{4}")  # in a line of capitals alone nobody can tell US from us
_JOINED_BEFORE = re.compile(f"{_LETTER}{_OTHER}|[{_KANA}]{{2}}")
_JOINED_AFTER = re.compile(f"{_OTHER}{_LETTER}|[{_KANA}]{{2}}")


class Name(msgspec.Struct, frozen=True):
    """A form of a tag's name, `writings` of one length: looked for as written if `exact`, else in lower case.

    `lead` is the number of characters before its first word. `tags` are empty for an excluded phrase ("New Mexico"
    under Mexico): it counts for none, yet its words are consumed. `titles` are those of its tags whose title it is,
    `against` those whose title means something else in a text that holds it ("Atlanta" under Georgia). An open one
    ("Chad *") stands before a word with a capital, in running text.
    """

    text: str
    writings: tuple[str, ...]
    exact: bool
    open: bool
    lead: int
    tags: tuple[str, ...]
    excluded: tuple[str, ...]
    against: tuple[str, ...]
    titles: frozenset[str]


class Gazetteer(msgspec.Struct, frozen=True):
    """The names by their first two words in lower case (the second "" where there is one only), the longest first."""

    names: Mapping[str, Mapping[str, tuple[Name, ...]]]


class Hit(msgspec.Struct, frozen=True):
    """A name in a text; `start` and `end` count the characters of `plain(text)`."""

    start: int
    end: int
    name: Name


class TagEvidence(msgspec.Struct, frozen=True):
    """How often a text names a tag: hits in the title, the body and its lead, and paragraphs with a hit."""

    tag: str
    title: int
    body: int
    paragraphs: int
    first: int

    @property
    def score(self) -> int:
        return self.title * 5 + self.first * 2 + self.paragraphs


class _Forms(msgspec.Struct):
    """What a name means to the tags that claim it, by their titles."""

    tags: dict[str, None] = msgspec.field(default_factory=dict[str, None])
    titles: set[str] = msgspec.field(default_factory=set[str])
    excluded: dict[str, None] = msgspec.field(default_factory=dict[str, None])
    against: dict[str, None] = msgspec.field(default_factory=dict[str, None])


def gazetteer(terms: Iterable[Term]) -> Gazetteer:
    """The gazetteer of the tag registry. Terms of other families are left out."""
    forms: dict[tuple[str, bool], _Forms] = {}
    for term in sorted((term for term in terms if term.family == "tag"), key=lambda term: (term.title, term.id)):
        sensitive = {plain(name) for name in term.case_sensitive}
        named = {plain(name) for name in (term.title, *term.aliases, *term.case_sensitive)}

        def of(name: str, sensitive: set[str] = sensitive) -> _Forms:
            return forms.setdefault((name, True) if name in sensitive else (name.lower(), False), _Forms())

        for name in named:
            of(name).tags[term.title] = None
        of(plain(term.title)).titles.add(term.title)
        for phrase in {plain(phrase) for phrase in (*term.exclude, *term.unless)} - named:
            of(phrase).excluded[term.title] = None
        for phrase in map(plain, term.unless):
            of(phrase).against[term.title] = None
    names: dict[str, dict[str, tuple[Name, ...]]] = {}
    for (text, exact), form in forms.items():
        if words := list(_WORD.finditer(text.lower())):
            first, second = (*(word[0] for word in words), "")[:2]
            others = names.setdefault(first, {})
            name = _name(text, form, exact=exact, lead=words[0].start())
            others[second] = tuple(sorted((*others.get(second, ()), name), key=_reach))
    return Gazetteer(names)


def evidence(gazetteer: Gazetteer, title: str, paragraphs: Sequence[str]) -> tuple[TagEvidence, ...]:
    """The evidence for every tag that the text names, best score first, ties by the alphabet."""
    pieces = list(passages(paragraphs))
    return weighed(hits(gazetteer, title, title=True), [hits(gazetteer, one) for one in pieces], lead(pieces))


def weighed(in_title: Sequence[Hit], in_passages: Sequence[Sequence[Hit]], lead: int) -> tuple[TagEvidence, ...]:
    """The evidence of the hits in a title and in passages, of which the first `lead` are the lead."""
    against = meant_otherwise([in_title, *in_passages])
    counts: dict[str, list[int]] = {
        tag: [count, 0, 0, 0, -1] for tag, count in Counter(counted(in_title, against)).items()
    }
    for number, found in enumerate(in_passages):
        for tag in counted(found, against):
            count = counts.setdefault(tag, [0, 0, 0, 0, -1])
            count[1] += 1
            if count[4] != number:
                count[2], count[4] = count[2] + 1, number
            if number < lead:
                count[3] += 1
    evidence = [TagEvidence(tag, *count[:4]) for tag, count in counts.items()]
    return tuple(sorted(evidence, key=lambda one: (-one.score, *_alphabet(one.tag))))


def meant_otherwise(found: Iterable[Sequence[Hit]]) -> frozenset[str]:
    """The tags whose titles mean something else in a text with these hits."""
    return frozenset(tag for some in found for hit in some for tag in hit.name.against)


def counted(found: Iterable[Hit], against: frozenset[str]) -> Iterator[str]:
    """The tags that the hits name, once for each; `against` are those whose titles count for nothing."""
    for hit in found:
        for tag in hit.name.tags:
            if tag not in against or tag not in hit.name.titles:
                yield tag


def chosen(found: Iterable[TagEvidence], settings: ImportSettings) -> tuple[str, ...]:
    """The tags that the evidence bears out, in alphabetical order.

    A tag is borne out by a score of `threshold`; of more than `max_tags` those of best score stay.
    """
    borne_out = [one for one in found if one.score >= settings.threshold]
    best = sorted(borne_out, key=lambda one: (-one.score, *_alphabet(one.tag)))[: max(settings.max_tags, 0)]
    return tuple(sorted((one.tag for one in best), key=_alphabet))


def passages(paragraphs: Iterable[str]) -> Iterator[str]:
    """What is counted as a paragraph: the lead apart, and long ones cut where a sentence ends."""
    left = LEAD
    for paragraph in paragraphs:
        start = 0
        if left > 0 and (end := _SENTENCE.search(paragraph, left)):
            yield paragraph[: end.end()]
            start, left = end.end(), 0
        while len(paragraph) - start > PASSAGE and (end := _SENTENCE.search(paragraph, start + PASSAGE // 2)):
            yield paragraph[start : end.end()]
            start = end.end()
        if start < len(paragraph):
            yield paragraph[start:]
        left -= len(paragraph)


def lead(passages: Sequence[str]) -> int:
    """How many passages make the lead: enough for `LEAD` characters."""
    sizes = accumulate(map(len, passages))
    return next((number for number, size in enumerate(sizes, 1) if size >= LEAD), len(passages))


def hits(gazetteer: Gazetteer, text: str, *, title: bool = False) -> list[Hit]:
    """The names in the text, in their order: from the left, the longest first, no word counted twice."""
    written = plain(text)
    lower, end = written.lower(), 0
    words, starts = _words(lower)
    found: list[Hit] = []
    for number, word in enumerate(words):
        if (names := gazetteer.names.get(word)) is None:
            continue
        second = words[number + 1] if number + 1 < len(words) else ""
        for name in (*names.get(second, ()), *names.get("", ())) if second else names.get("", ()):
            start = starts[number] - name.lead
            if start < end or not (written if name.exact else lower).startswith(name.writings, start):
                continue
            if _is_apart(name, start, written, title=title):
                end = start + len(name.text)
                found.append(Hit(start, end, name))
                break
    return found


class Revision(msgspec.Struct, frozen=True):
    """The tags of an article told anew, and the evidence to record: of those that are ours, and of those taken out."""

    tags: tuple[str, ...]
    evidence: tuple[TagEvidence, ...]


def revised(
    written: Sequence[str],
    recorded: Collection[str],
    found: Sequence[TagEvidence],
    settings: ImportSettings,
    key: Callable[[str], str] = identity,
) -> Revision:
    """The tags that an article should have which has those `written`, of which the `recorded` were put there by us.

    All others are a person's and stay. One that is recorded and not there was taken out by a person: it stays out.
    `key` is what makes two names one.
    """
    ours, there = {key(tag) for tag in recorded}, {key(tag) for tag in written}
    own = [tag for tag in written if key(tag) not in ours]
    room = settings.max_tags - sum(1 for tag in own if not is_internal(tag))
    open = [one for one in found if key(one.tag) not in there - ours and key(one.tag) not in ours - there]
    best = chosen(open, replace(settings, max_tags=room))
    kept = {*map(key, own), *map(key, best)}
    tags = (*(tag for tag in written if key(tag) in kept), *(tag for tag in best if key(tag) not in there))
    counted = {key(one.tag): one for one in found}
    gone = sorted({tag for tag in recorded if key(tag) not in there}, key=_alphabet)
    record = [counted.get(key(tag)) or TagEvidence(tag, 0, 0, 0, 0) for tag in (*best, *gone)]
    return Revision(tags, tuple(record))


def plain(text: str) -> str:
    """The text in NFC with straight quotes and single spaces, so that a name is found whichever way it was typed.

    Its lower case has the same length: the one capital whose lower case is longer (Turkish İ) gives way to I.
    """
    if not text.isascii():
        text = _FOLDABLE.sub(lambda found: _FOLDED[found[0]], unicodedata.normalize("NFC", text))
    return " ".join(text.split())


def _name(text: str, form: _Forms, *, exact: bool, lead: int) -> Name:
    open = text.endswith(" *")
    text = text.removesuffix("*") if open else text
    writings = (text,)
    if exact and len(text) >= SPELT and len(text.upper()) == len(text):
        writings = (text, text.upper())
    return Name(
        text,
        writings,
        exact,
        open,
        lead,
        tuple(form.tags),
        tuple(form.excluded),
        tuple(form.against),
        frozenset(form.titles),
    )


def _words(text: str) -> tuple[list[str], list[int]]:
    """The words of a plain text, and where each begins."""
    words: list[str] = []
    starts: list[int] = []
    at = 0
    for token in [text] if not text.isascii() and _UNSPACED.search(text) else text.split(" "):
        if token.isalnum() and token.isascii():  # most are, and need no regular expression
            words.append(token)
            starts.append(at)
        else:
            for word in _WORD.finditer(token):
                words.append(word[0])
                starts.append(at + word.start())
        at += len(token) + 1
    return words, starts


def _reach(name: Name) -> tuple[int, bool, str]:
    return (-len(name.text), not name.exact, name.text)


def _is_apart(name: Name, start: int, written: str, *, title: bool) -> bool:
    """Whether the name that stands at `start` is no part of a longer word, and may count there."""
    end = start + len(name.text)
    if start and _JOINED_BEFORE.match(written, start - 1):
        return False
    if name.open:
        return not title and written[end : end + 1].isupper() and written[end + 1 : end + 2].islower()
    if _JOINED_AFTER.match(written, end - 1) or unicodedata.category(written[end : end + 1] or " ") in ("Mn", "Mc"):
        return False
    return not (name.exact and name.text.isupper() and written.isupper() and _SHOUTED.search(written))


def _alphabet(name: str) -> tuple[str, str]:
    return (name.casefold(), name)
