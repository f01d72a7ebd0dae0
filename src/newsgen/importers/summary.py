"""A description from the first paragraph: whole sentences where they fit, else a clause, else words and an ellipsis."""

from __future__ import annotations

import re
from typing import Final

LIMIT: Final = 160  # characters, ellipsis included
LEAST: Final = 40  # characters: a shorter sentence says too little alone
CLAUSE: Final = 100  # characters that a cut at a clause must leave

ELLIPSIS: Final = " …"

_END = re.compile(r"[.!?…]+[\"'”’»)\]]*(?=\s+\S)|[。！？][”」』]?")
_SHORTENED = re.compile(
    r"(?:\b(?:mr|mrs|ms|dr|prof|st|sr|jr|gen|col|sgt|lt|capt|gov|sen|rep|rev|hon|pres|vs|etc|no|vol|inc|ltd|co|corp|"
    r"dept|est|approx|jan|feb|mar|apr|jun|jul|aug|sept?|oct|nov|dec|e\.g|i\.e|a\.m|p\.m)|\b[^\W\d_]|(?:\b[^\W\d_]\.)+[^\W\d_])\.$",
    re.I,
)
_CLAUSE = re.compile(r"(?:[,;:]|\s[–—-])(?=\s)|(?=\s(?:and|but|or)\s)")


def description(paragraph: str) -> str:
    """At most 160 characters of the paragraph, cut where a reader would pause."""
    text = " ".join(paragraph.split())
    if len(text) <= LIMIT:
        return text
    ends = [end for end in sentence_ends(text) if end <= LIMIT]
    if ends and ends[-1] >= LEAST:
        return text[: ends[-1]]
    room = LIMIT - len(ELLIPSIS)
    clauses = [found.start() for found in _CLAUSE.finditer(text, 0, room + 1) if CLAUSE <= found.start() <= room]
    if clauses:
        return text[: clauses[-1]].rstrip(" ,;:") + ELLIPSIS
    word = text.rfind(" ", 0, room + 1)
    return text[: word if word > LEAST else room].rstrip(" ,;:–—-") + ELLIPSIS


def sentence_ends(text: str) -> list[int]:
    """Where the sentences of a text end but the last; not behind abbreviations, nor before a small letter."""
    ends: list[int] = []
    for found in _END.finditer(text):
        following = text[found.end() :].lstrip(" \"'“‘«([")[:1]
        if not following.islower() and not _SHORTENED.search(text, max(0, found.end() - 12), found.end()):
            ends.append(found.end())
    return ends
