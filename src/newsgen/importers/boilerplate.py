"""Lines of a web page that are no text of the article: known forms, and what recurs over a batch at head and tail."""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Final

import msgspec

from newsgen.importers import forms
from newsgen.importers.text import Paragraph, ends_sentence, folded

SHORT: Final = 60  # characters of a line that may be cut for recurring, or between paragraphs
HEAD_LINES: Final = 8  # below the headline
TAIL_LINES: Final = 12
CLOSE: Final = 6  # lines from head or tail at which one that stands between paragraphs may recur
STOCK_LINES: Final = 3  # at the end, among which a sentence may be the outlet's
LONGEST_STOCK: Final = 300  # characters
STOCK: Final = 10  # texts of an outlet of which half end with the same sentence
NEVER_ENDING: Final = 100  # characters: a longer line is prose even without a full stop
ANY: Final = -1  # any place of a line
VOTE: Final = 8  # bytes
MASTHEAD: Final = 40  # characters of a line above the headline that is the same in half of the batch

_VARYING = re.compile(r"\S+@\S+|\d+")


class Cut(msgspec.Struct, frozen=True):
    """What was taken out of a text. `part` is empty for whole lines, else "suffix" or "prefix" of the one line."""

    lines: tuple[int, ...]
    number: int
    text: str
    reason: str
    part: str = ""


class Votes(msgspec.Struct, frozen=True):
    """How many of the texts of one outlet share a first line, a line at the head or the tail.

    Of the whole `batch`: how many titles end with the name of each outlet, and the sections before it.
    """

    texts: int = 0
    counts: Mapping[bytes, int] = {}
    outlets: Mapping[str, int] = {}
    sections: Mapping[str, frozenset[str]] = {}
    batch: int = 0

    def count(self, kind: str, folded_text: str, place: int = ANY) -> int:
        return self.counts.get(vote(kind, folded_text, place), 0)

    def recurs(self, count: int) -> bool:
        """In three texts, or in two that are a fifth of all; of many texts in one of fifty."""
        return count >= max(3, self.texts // 50) or (count == 2 and self.texts <= 10)

    def for_head(self, text: str, place: int, *, fixed: bool = False) -> str:
        """Why the line is cut at the head; with `fixed` it must recur at this very place, in a quarter of all."""
        return self._reason("head", text, place, fixed) if place <= (CLOSE if fixed else HEAD_LINES) else ""

    def for_tail(self, text: str, place: int, *, fixed: bool = False) -> str:
        return self._reason("tail", text, place, fixed) if place <= (CLOSE if fixed else TAIL_LINES) else ""

    def is_masthead(self, text: str) -> bool:
        """Whether the first line of a text is that of its outlet, and no headline."""
        count = self.count("first", folded(text))
        return len(text) <= MASTHEAD and count >= 3 and count * 2 >= self.texts

    def stock(self, text: str) -> str:
        """Why a sentence at the end of a text is not the article's: half of ten texts or more end with it."""
        count = self.count("stock", folded(text)) if self.texts >= STOCK and len(text) <= LONGEST_STOCK else 0
        return f"recurs in {count} of {self.texts} texts" if count and count * 2 >= self.texts else ""

    def _reason(self, kind: str, text: str, place: int, fixed: bool) -> str:
        shape = _shape(text) if _may_recur(text) else ""
        total = self.count(kind, shape)
        count = self.count(kind, shape, place) if fixed else total
        strays = fixed and (count * 5 < total * 4 or count * 4 < self.texts)
        return f"recurs in {count} of {self.texts} texts" if self.recurs(count) and not strays else ""


@lru_cache(maxsize=8192)
def vote(kind: str, folded_text: str, place: int = ANY) -> bytes:
    """What is counted, as bytes: "first" (line), "head" or "tail"; a folded text; its place, `ANY` for all."""
    return hashlib.blake2b(f"{kind}\0{place}\0{folded_text}".encode("utf-8", "replace"), digest_size=VOTE).digest()


def edges(paragraphs: Sequence[Paragraph]) -> bytes:
    """What the text contributes to the votes, one behind the other.

    Places of its short lines are counted from the top at the head, from the end at the tail.
    """
    below, tail = paragraphs[1 : 1 + HEAD_LINES], paragraphs[1:][-TAIL_LINES:]
    placed = [("head", line.text, line.lines[0]) for line in below]
    placed += [("tail", line.text, len(tail) - n) for n, line in enumerate(tail)]
    found = {vote(kind, _shape(text), at) for kind, text, place in placed if _may_recur(text) for at in (place, ANY)}
    found |= {vote("stock", folded(one.text)) for one in tail[-STOCK_LINES:] if _is_stock(one.text)}
    return b"".join(sorted({vote("first", folded(paragraphs[0].text) if paragraphs else ""), *found}))


def unpacked(edges: bytes) -> Iterator[bytes]:
    """The votes of one text."""
    return (edges[at : at + VOTE] for at in range(0, len(edges), VOTE))


def votes(batch: Sequence[bytes]) -> Votes:
    """The votes of the texts of one outlet."""
    counts = Counter(vote for one in batch for vote in unpacked(one))
    return Votes(len(batch), {vote: count for vote, count in counts.items() if count > 1})


def trimmed(
    paragraphs: Sequence[Paragraph], counted: Votes, language: str
) -> tuple[tuple[Paragraph, ...], tuple[Cut, ...]]:
    """The paragraphs that are the article's own text, and what was cut around them. They begin below the headline."""
    last = len(paragraphs)
    head = _head_end(paragraphs, counted, language)
    tail = _tail_start(paragraphs, head, counted, language)
    reasons: list[str] = []
    opened = ""
    for index, line in enumerate(paragraphs):
        if index >= tail:
            form = forms.form_of(line.text, "tail", language)
            listed = f'listed under "{opened}"' if opened and _headline_like(line.text) else ""
            voted = "" if form else counted.for_tail(line.text, last - index) or counted.stock(line.text)
            reasons.append(_named(form) or voted or listed)
            opened = line.text if voted or (form and form.opens) else opened
        elif index < head:
            reasons.append(_head_reason(line, counted, language))
        else:
            reasons.append(_middle_reason(line, last - index, counted, language))
    judged = list(zip(paragraphs, reasons, strict=True))
    return tuple(line for line, why in judged if not why), tuple(cut(line, why) for line, why in judged if why)


def cut(line: Paragraph, reason: str) -> Cut:
    return Cut(line.lines, line.number, line.text, reason)


def noted(number: int, text: str, reason: str) -> Cut:
    """What was cut or lost on a line of a source that has no text lines of its own."""
    return Cut((), number, " ".join(text.split())[:200], reason)


def is_prose(text: str) -> bool:
    """Whether the line reads as running text: a sentence, or longer than any button or heading."""
    return ends_sentence(text) or len(text) > NEVER_ENDING


def _head_end(paragraphs: Sequence[Paragraph], counted: Votes, language: str) -> int:
    """The index of the first line that is prose and of no known form."""
    prose = (n for n, one in enumerate(paragraphs) if is_prose(one.text) and not _head_reason(one, counted, language))
    return next(prose, len(paragraphs))


def _tail_start(paragraphs: Sequence[Paragraph], head: int, counted: Votes, language: str) -> int:
    """The index behind the last line that is prose and of no known form; lists of other articles end the text too."""
    start = len(paragraphs)
    for index in range(len(paragraphs) - 1, head - 1, -1):
        form = forms.form_of(paragraphs[index].text, "tail", language)
        if form is None and not _headline_like(paragraphs[index].text) and not counted.stock(paragraphs[index].text):
            break
        if form is not None and form.opens:
            start = index
    while start > head and not _ends_article(paragraphs[start - 1].text, counted, language):
        start -= 1
    return start


def _ends_article(text: str, counted: Votes, language: str) -> bool:
    if not is_prose(text) or counted.stock(text):
        return False
    return _is_sentence(text) or forms.form_of(text, "tail", language) is None


def _is_sentence(text: str) -> bool:
    """Whether the line could be a sentence of the article, whatever it begins with."""
    return len(text) > SHORT and ends_sentence(text)


def _headline_like(text: str) -> bool:
    return len(text) <= forms.LONGEST and (text.endswith("?") or not ends_sentence(text))


def _head_reason(line: Paragraph, counted: Votes, language: str) -> str:
    if _is_sentence(line.text):
        return ""
    return _named(forms.form_of(line.text, "head", language)) or counted.for_head(line.text, line.lines[0])


def _middle_reason(line: Paragraph, from_end: int, counted: Votes, language: str) -> str:
    """Between paragraphs only an exact form is cut, or what recurs at one fixed place: others may be subheadings."""
    if len(line.text) > SHORT or line.text.endswith((".", "…")):
        return ""
    near_head = counted.for_head(line.text, line.lines[0], fixed=True)
    near_tail = counted.for_tail(line.text, from_end, fixed=True)
    return _named(forms.form_of(line.text, "middle", language)) or near_head or near_tail


def _named(form: forms.Form | None) -> str:
    return f"known form: {form.name}" if form else ""


def _may_recur(text: str) -> bool:
    """Whether a line may be of the page. A sentence is not, nor a dateline by itself, which ends with a dash."""
    return len(text) <= SHORT and not text.endswith((".", "…", ".”", '."', ".’", "-", "–", "—"))


@lru_cache(maxsize=512)  # a line may be of head and tail, in both passes at its place and at any
def _shape(text: str) -> str:
    """The folded line with numbers and mail addresses alike: "Comments (3)" recurs with "Comments (12)"."""
    return _VARYING.sub("0", folded(text))


def _is_stock(text: str) -> bool:
    return len(text) <= LONGEST_STOCK and not _may_recur(text)
