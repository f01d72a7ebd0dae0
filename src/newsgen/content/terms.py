"""The few words that tell what a text is about, weighed against how rare each word is in English at large.

The weights are fixed (background.txt; bench/background.py says how it was counted), so that an edit of one text moves
no other's. Texts of other languages have no such table: theirs are the words of title and description.
"""

from __future__ import annotations

import re
from collections import Counter
from functools import lru_cache
from pathlib import Path
from typing import Final

MOST: Final = 12  # terms of a text
_TITLE, _DESCRIPTION, _OFTEN = 3, 1, 3  # times that a word there counts; how often one must stand to be a term
_ENOUGH: Final = 10  # times after which a word says no more by being repeated

_LOWER: Final = bytes(byte if byte > 127 else byte | 32 if chr(byte).isalpha() else 32 for byte in range(256))
_SIGNS: Final = tuple(sign.encode() for sign in "’‘“”–—…\xa0")
_NO_PROSE: Final = re.compile(r"\]\([^)]*\)|https?://[^\s)]+|<[^>]*>|&#?\w+;")
_BLOCK: Final = re.compile(r"^[ >]*:{2,}[ \t]*[\w-]*|\{[^{}\n]*\}[ \t]*$", re.M)  # the lines of storytelling blocks
_WIDE: Final = "\u2e80"  # from here on, scripts that put no spaces between words


def terms(title: str, description: str, text: str, language: str) -> tuple[str, ...]:
    """The terms of an article whose body is the Markdown `text`, at most `MOST`, in the order of the alphabet."""
    if language.partition("-")[0].lower() != "en":
        return tuple(sorted(_plain_words(f"{title} {description}")[:MOST]))
    if "](" in text or "://" in text or "<" in text or "&" in text:
        text = _NO_PROSE.sub(" ", text)
    if "::" in text:
        text = _BLOCK.sub(" ", text)
    counts = Counter(_words(text))
    for times, part in ((_TITLE, title), (_DESCRIPTION, description)):
        for word in {*_words(part)}:
            counts[word] += times
    level = _levels().get
    found: dict[bytes, int] = {}
    for word, count in counts.items():
        if count >= _OFTEN and len(word) > 2 and (rare := level(word, _unknown())):
            stem = _stem(word)
            if rare := min(rare, level(stem, _unknown())):
                found[stem] = found.get(stem, 0) + min(count, _ENOUGH) * (rare + 2)
    best = sorted(found, key=lambda word: (-found[word], word))[:MOST]
    return tuple(sorted([word.decode().lower() for word in best]))


def rarity(term: str) -> int:
    """How rare a term is at large, as a power of two: one of 3 stands in half as many texts as one of 2."""
    return (_levels().get(term.encode(), _unknown()) + 3) // 2


def is_common(word: str) -> bool:
    """Whether a word in lower case is one of the table that tells nothing of a text, such as "said"."""
    return _levels().get(word.encode()) == 0


def _words(text: str) -> list[bytes]:
    """The words in lower case, cut at all that is no letter; as bytes, which is several times faster."""
    data = text.encode()
    if len(data) != len(text):
        for sign in _SIGNS:
            data = data.replace(sign, b" ")
    return data.translate(_LOWER).split()


def _stem(word: bytes) -> bytes:
    """The word without the s of a plural."""
    if not word.endswith(b"s") or len(word) < 4:
        return word
    if word.endswith((b"sses", b"shes", b"ches", b"xes")):
        return word[:-2]
    if word.endswith(b"ies"):
        return word[:-3] + b"y"
    return word if word.endswith((b"ss", b"us", b"is")) else word[:-1]


@lru_cache(maxsize=1)
def _levels() -> dict[bytes, int]:
    """The level of each word of the table and of its stem: 0 for those that tell nothing."""
    lines = Path(__file__).with_name("background.txt").read_bytes().splitlines()
    levels = {word: level for level, line in enumerate(lines) for word in line.split()}
    for word, level in tuple(levels.items()):
        stem = _stem(word)
        levels[stem] = min(level, levels.get(stem, level))
    return levels


@lru_cache(maxsize=1)
def _unknown() -> int:
    """The level of a word that is not in the table."""
    return max(_levels().values()) + 2


def _plain_words(text: str) -> list[str]:
    """The words of three letters and more, each once; where words are not divided, every two signs."""
    found: list[str] = []
    for word in re.findall(r"[^\W\d_]+", text.casefold()):
        if word[0] < _WIDE:
            found += [word] if len(word) > 2 else []
        else:
            found += [word[at : at + 2] for at in range(max(len(word) - 1, 1))]
    return list(dict.fromkeys(found))
