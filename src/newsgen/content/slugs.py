"""Names and slugs: what makes two names one, and what may be a segment of a path."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

from newsgen import digest

MAX_BYTES: Final = 200  # of a segment; file systems allow 255, and ".html" or a stage's suffix must fit

_WORDS = {"+": " plus ", "#": " sharp ", "&": " and ", "@": " at ", "%": " percent ", "=": " equals "}
_RESERVED = re.compile(r"(?i)(con|prn|aux|nul|conin\$|conout\$|com[0-9¹²³]|lpt[0-9¹²³])(\.|$)")
_FORBIDDEN = re.compile(r'[<>:"/\\|?*%#\s]')
_SPACE = re.compile("(?<=\\S)[ \u00a0\u2000-\u200a\u202f\u3000](?=\\S)")
_PLAIN = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_JOINERS = "\u200c\u200d"  # invisible, yet part of words and of emoji


def identity(name: str) -> str:
    """What makes two names of tags, authors or sections the same name: NFC, casefold and single spaces."""
    return unicodedata.normalize("NFC", unicodedata.normalize("NFD", " ".join(name.split())).casefold())


def slug_of(name: str) -> str:
    """The slug of a tag, author or section, from its identity: always one safe segment. C++ and C# stay apart."""
    key = identity(name)
    for sign, word in _WORDS.items():
        key = key.replace(sign, word)
    kept = "".join(c if c.isalnum() or unicodedata.category(c) in ("Mn", "Mc") or c in "_~" else "-" for c in key)
    slug = re.sub("-+", "-", kept).strip("-")
    if not slug or _RESERVED.match(slug):
        return f"{slug}-{digest.of_text(key)[:8]}".lstrip("-")
    if len(slug.encode()) > MAX_BYTES // 2:
        cut = slug.encode()[: MAX_BYTES // 2 - 9].decode("utf-8", "ignore").rstrip("-")
        return f"{cut}-{digest.of_text(key)[:8]}"
    return slug


def is_internal(tag: str) -> bool:
    """Whether a tag is for the newsroom's own use, "#front": it is never shown and has no page."""
    return tag.startswith("#") and len(tag) > 1


def tidy(name: str) -> str:
    """A file's name as a segment: spaces and signs that a URL or a file system dislikes become hyphens."""
    if _PLAIN.fullmatch(name):
        return name
    kept = "".join("-" if _FORBIDDEN.match(c) or _odd(c) else c for c in unicodedata.normalize("NFC", name))
    return re.sub("-+", "-", kept).strip("-. ")


def offence(segment: str) -> str:
    """Why `segment` may not be a part of a path, in words; an empty string where it may."""
    if _PLAIN.fullmatch(segment) and not _RESERVED.match(segment) and len(segment) <= MAX_BYTES:
        return ""
    if segment.strip(f". {_JOINERS}") == "":
        return "it is empty or only dots"
    if segment.startswith("."):
        return "it begins with a dot, which hides files"
    if segment.endswith("."):
        return "it ends with a dot, which Windows drops"
    if found := _FORBIDDEN.search(segment):
        sign = "a space" if found[0].isspace() else f'"{found[0]}"'
        return f"it holds {sign}"
    if odd := next((c for c in segment if _odd(c)), None):
        return f"it holds the invisible character U+{ord(odd):04X}"
    if _RESERVED.match(segment):
        return "Windows reserves that name"
    if len(segment.encode("utf-8", "replace")) > MAX_BYTES:
        return f"it is longer than {MAX_BYTES} bytes"
    return ""


def _odd(character: str) -> bool:
    """Controls, bidi marks and other characters that no one sees, unassigned ones and lone surrogates."""
    return character not in _JOINERS and unicodedata.category(character) in ("Cc", "Cf", "Cs", "Cn", "Zl", "Zp")


def path_offence(path: str, *, spaced: bool = False) -> str:
    """Why the site path `path` ("/2024/story/", "/old.html") may not be used, in words; empty where it may.

    In one that is only to lead on there may be spaces within a segment, as old systems left them (`spaced`).
    """
    if not path.startswith("/") or path.startswith("//"):
        return "it does not begin with one slash"
    inner = path[1:].removesuffix("/")
    parts = inner.split("/") if inner else []
    if any(not part for part in parts):
        return "it holds two slashes in a row"
    bare = [_SPACE.sub("-", part) for part in parts] if spaced else parts
    return next((why for part in bare if (why := offence(part))), "")
