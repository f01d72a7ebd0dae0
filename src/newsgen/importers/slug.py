"""The slug of a headline: the name of its file, and so the last segment of its URL."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import Final

from newsgen.content import parse, slugs

RESERVED: Final = ("pages", *parse.FAMILIES)
"""Folders of content/ that are no sections."""

_FOLDERS: Final = {"page": "pages/", "tag": "tags/", "author": "authors/"}
LENGTH: Final = 80  # characters
BYTES: Final = 180  # in UTF-8, below what a segment may have, so that a hash of a namesake fits behind it

_FOLDED = dict(zip("äöüßæœøåþðłđħŧŋıĸſŀə", "ae oe ue ss ae oe o a th d l d h t n i k s l e".split(), strict=True))
_APOSTROPHE = re.compile(r"(?<=\w)['’ʼ](?=\w)")
_ACCENT = re.compile("(?<=[a-z0-9])[\u0300-\u036f]+")  # those for which Unicode has no letter
_HYPHENS = re.compile("-{2,}")
_DATE = re.compile(r"(\d{4})-(\d{2})-(\d{2})(?=-|$)")


def slug_of(title: str) -> str:
    """One safe segment of at most 80 characters, Latin accents folded, letters of other scripts kept; it may be empty.

    A date at its start loses its hyphens: in the name of a file it would be read as the article's date.
    """
    text = _APOSTROPHE.sub("", unicodedata.normalize("NFKC", title).lower())
    kept = _ACCENT.sub("", "".join(_letter(character) for character in unicodedata.normalize("NFC", text)))
    slug = _DATE.sub(r"\1\2\3", _HYPHENS.sub("-", kept).strip("-"), count=1)
    slug = _cut(unicodedata.normalize("NFC", slug))
    return "" if slugs.offence(slug) else slug


@lru_cache(maxsize=256)
def folder_of(kind: str, section: str) -> str:
    """The folder below content/ of a piece of a kind, that of its section for most, with a slash behind it: no part of
    a section climbs, and none is another room."""
    if kind in _FOLDERS:
        return _FOLDERS[kind]
    parts = [slug for part in section.split("/") if (slug := slug_of(part))]
    if parts and parts[0] in RESERVED:
        parts[0] += "-articles"
    return "".join(f"{part}/" for part in parts)


@lru_cache(maxsize=4096)
def _letter(character: str) -> str:
    """What the slug keeps of a character: letters, marks of their scripts and numbers; a hyphen for the rest."""
    if character in _FOLDED:
        return _FOLDED[character]
    if unicodedata.name(character, "").startswith("LATIN "):
        character = "".join(c for c in unicodedata.normalize("NFKD", character) if unicodedata.category(c)[0] != "M")
    kind = unicodedata.category(character[:1] or "-")
    if character.isascii() and character.isalnum():
        return character.lower()
    return character if kind[0] in "LN" or kind in ("Mn", "Mc") else "-"


def _cut(slug: str) -> str:
    """The slug within its limits, cut between words where it has any."""
    if len(slug) <= LENGTH and len(slug.encode()) <= BYTES:
        return slug
    fitting = slug[:LENGTH].encode()[:BYTES].decode("utf-8", "ignore")
    if slug[len(fitting)] != "-" and "-" in fitting:
        fitting = fitting[: fitting.rindex("-")]
    return fitting.strip("-")
