"""Raw text as numbered paragraphs: line ends, hard wraps, lines of a header."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator
from functools import lru_cache
from itertools import pairwise
from typing import Final

import msgspec

WRAP_LIMIT: Final = 100  # characters: longer lines were not wrapped by hand or by a mailer
WORTH_KEEPING: Final = 300  # characters of a line, folded
VERSE_LIMIT: Final = 45  # characters: lines that are mostly shorter are verse or lists

CONTROL: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufffe\uffff]")
_BREAK = re.compile(r"\r\n?|[\n\v\f\x85\u2028\u2029]")
_SPACES = re.compile(r"[ \t]{2,}|\t")
_ITEM = re.compile(r"(?:[-*•‣◦–—]|\d{1,3}[.)])\s")
LABEL: Final = re.compile(  # a line of a header above the text: "LINK: https://…"
    r"(?P<label>title|headline|link|url|source|site|authors?|byline|date|published)[ \t]*:[ \t]+(?=\S)",
    re.I,
)
_QUOTES = {**dict.fromkeys("‘’‚‛ʼ′", "'"), **dict.fromkeys("“”„‟″«»", '"'), **dict.fromkeys("‐‑–—−", "-"), "…": "..."}
_QUOTE = re.compile(f"[{''.join(_QUOTES)}]")
_CLOSING = "\"'”’»›)]}*"
_TERMINAL = ".!?…。！？؟।"


class Paragraph(msgspec.Struct, frozen=True):
    """A paragraph. `lines` are the indexes of its text lines, from 0, blank lines not counted; `number` is the line
    of the file on which it begins, from 1."""

    text: str
    lines: tuple[int, ...]
    number: int


def paragraphs(text: str, stands_alone: Callable[[str], bool]) -> tuple[Paragraph, ...]:
    """The paragraphs of `text`. A line that `stands_alone` (a byline, a share button) is joined to no other.

    Where the text was wrapped by hand, the lines of a block between blank lines are joined; else each is a paragraph.
    """
    blocks = _blocks(text)
    width = _wrap_width(blocks)
    return tuple(
        Paragraph(" ".join(line.text for line in run), tuple(line.lines[0] for line in run), run[0].number)
        for number, block in enumerate(blocks)
        for run in _runs(block, width, stands_alone, first=number == 0)
    )


def ends_sentence(text: str) -> bool:
    """Whether the text ends as a sentence does, quotes and brackets apart."""
    return text.rstrip(_CLOSING + " ").endswith(tuple(_TERMINAL))


def folded(text: str) -> str:
    """What makes two lines the same line: NFC, case, quotes, dashes and spaces folded."""
    return _folded(text) if len(text) <= WORTH_KEEPING else _folded.__wrapped__(text)


@lru_cache(maxsize=512)  # a line is asked for by each of the votes
def _folded(text: str) -> str:
    straight = text
    if not text.isascii():
        straight = _QUOTE.sub(lambda found: _QUOTES[found[0]], unicodedata.normalize("NFC", text))
    return " ".join(straight.casefold().split())


def _blocks(text: str) -> list[list[Paragraph]]:
    """The lines that hold text, in blocks as blank lines divide them."""
    blocks: list[list[Paragraph]] = [[]]
    index = 0
    for number, raw in enumerate(_BREAK.split(text), 1):
        line = (_SPACES.sub(" ", raw) if "  " in raw or "\t" in raw else raw).strip()
        if line:
            blocks[-1].append(Paragraph(line, (index,), number))
            index += 1
        elif blocks[-1]:
            blocks.append([])
    return [block for block in blocks if block]


def _wrap_width(blocks: list[list[Paragraph]]) -> int:
    """The width at which the text was wrapped by hand; 0 where it was not.

    It was where most lines inside the blocks after the first (headlines and bylines) break off in mid-sentence, and
    they are neither long nor as short as verse.
    """
    wrapped = [block for block in blocks[1:] if len(block) > 1]
    pairs = [pair for block in wrapped for pair in pairwise(block)]
    if sum(not ends_sentence(above.text) for above, _ in pairs) * 2 <= len(pairs):
        return 0
    broken = sorted(len(above.text) for above, _ in pairs)
    longest = sorted(len(line.text) for block in wrapped for line in block)
    if broken[len(broken) // 2] < VERSE_LIMIT or longest[len(longest) * 9 // 10] > WRAP_LIMIT:
        return 0
    return broken[len(broken) * 9 // 10]


def _runs(
    block: list[Paragraph], width: int, stands_alone: Callable[[str], bool], *, first: bool
) -> Iterator[list[Paragraph]]:
    """The lines of a block that belong together. In the first block only a line that had to be broken is joined."""
    run = [block[0]]
    for above, below in pairwise(block):
        if not width:
            yield run
            run = [below]
            continue
        forced = len(above.text) + 1 + len(below.text.split(" ", 1)[0]) > width
        joined = forced if first else True
        if joined and (not forced or ends_sentence(above.text)):
            joined = not (_ITEM.match(below.text) or stands_alone(below.text) or stands_alone(above.text))
        if joined and not (first and (LABEL.match(above.text) or LABEL.match(below.text))):
            run.append(below)
        else:
            yield run
            run = [below]
    yield run
