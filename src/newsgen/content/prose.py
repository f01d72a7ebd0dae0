"""The fast path: news prose (paragraphs, headings, simple emphasis and links) without the full Markdown parser.

A text is cut at its blank lines. A part that is plain prose is read here, exactly as the full parser would; what may be
more goes to the full parser, and so does the whole text where one part can reach into another. It declines on sight
of any sign that could mean more than itself: its rules are about what plain prose is, never about Markdown's corners.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from typing import Final

import msgspec

# Signs by which one part of a text can change what another means: raw HTML, definitions, footnotes, fences. A colon or
# a tilde that begins a line does too. (Substrings, not one pattern: to search for each costs a tenth of that.)
_REACHES: Final = ("<", "]:", "[^", "^[", "```", "~~~", "\r")
# Signs that may begin code, escapes, tables, deletions or images; and entities, emphasis.
_MORE: Final = ("`", "\\", "|", "~", "\t", "![")
_ENTITY: Final = re.compile(r"&(?! )")
_UNDERSCORE: Final = re.compile(r"(?<![^\W_])_|_(?![^\W_])")
# Beginnings of a line that make it a list, a quote, a rule, a definition or an underline of a heading.
_BLOCK: Final = re.compile(r"[>=:+-]|\*(?:[ *]*$| )|\d{1,9}[.)](?: |$)")
_HEADING: Final = re.compile(r"(#{1,6}) +(\S(?:.*\S)?)")
# A link, words in brackets that are none, a run of asterisks; a bracket by itself may be anything.
_MARKUP: Final = re.compile(r"\[([^\[\]*\n]+)\]\(([^\s()\"'\[\]*]+)\)|\[[^\[\]*]*\](?![(\[])|\*+|[\[\]]")


class Part(msgspec.Struct, frozen=True):
    """A run of lines between blank ones; `line` is the first of them, from 0, `end` the one after the last."""

    line: int
    end: int
    text: str


class Link(msgspec.Struct, frozen=True):
    """A link whose URL is as written; `html` is its text."""

    url: str
    html: str


class Block(msgspec.Struct, frozen=True):
    """A paragraph (level 0) or a heading: its HTML in pieces, its text without markup, its words and its lines."""

    level: int
    pieces: tuple[str | Link, ...]
    text: str
    words: int
    lines: tuple[int, int]


class _DeclinedError(Exception):
    """The part may be more than plain prose."""


def escaped(text: str) -> str:
    """Text as HTML, with the four characters escaped that the full parser escapes."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace('"', "&quot;")


def parts(text: str) -> list[Part]:
    """The parts of `text`; one, the whole, where they can reach into one another."""
    lines = text.split("\n")
    whole = [Part(0, len(lines), text)]
    if any(sign in text for sign in _REACHES):
        return whole
    found: list[Part] = []
    start = 0
    for number, line in enumerate((*lines, "")):
        if bare := line.strip(" \t"):
            if bare[0] in ":~":
                return whole
            continue
        if start < number:
            found.append(Part(start, number, "\n".join(lines[start:number])))
        start = number + 1
    return found


def blocks(part: Part) -> list[Block] | None:
    """The blocks of a part, their lines counted from its first; None where it may be more than plain prose."""
    text = part.text
    if any(sign in text for sign in _MORE) or any(sign in text for sign in _REACHES):
        return None
    if ("&" in text and _ENTITY.search(text)) or ("_" in text and _UNDERSCORE.search(text)):
        return None
    try:
        return [_block(level, raw, lines) for level, raw, lines in _raw_blocks(text)]
    except _DeclinedError:
        return None


def _raw_blocks(text: str) -> Iterator[tuple[int, str, tuple[int, int]]]:
    """Level, source and lines (the end excluded) of each block."""
    lines = text.split("\n")
    start = 0
    for number, line in enumerate(lines):
        if _BLOCK.match(line) or line != line.strip():
            raise _DeclinedError
        if not line.startswith("#"):
            continue
        heading = _HEADING.fullmatch(line)
        if heading is None or heading[2].endswith("#"):
            raise _DeclinedError
        if start < number:
            yield 0, "\n".join(lines[start:number]), (start, number)
        yield len(heading[1]), heading[2], (number, number + 1)
        start = number + 1
    if start < len(lines):
        yield 0, "\n".join(lines[start:]), (start, len(lines))


def _block(level: int, raw: str, lines: tuple[int, int]) -> Block:
    if "*" not in raw and "[" not in raw and "]" not in raw:
        return Block(level, (escaped(raw),), raw, len(raw.split()), lines)
    pieces: list[str | Link] = []
    plain: list[str] = []
    opened = ""
    end = 0
    for found in _MARKUP.finditer(raw):
        sign = found[0]
        if sign[0] == "[" and found[2] is None and len(sign) > 1:
            continue  # words in brackets
        plain.append(raw[end : found.start()])
        pieces.append(escaped(plain[-1]))
        end = found.end()
        if found[2] is not None:
            plain.append(found[1])
            pieces.append(Link(found[2], escaped(found[1])))
        elif sign[0] == "*":
            tag, opened = _emphasis(raw, found.start(), sign, opened)
            pieces.append(tag)
        else:
            raise _DeclinedError
    if opened:
        raise _DeclinedError
    plain.append(raw[end:])
    pieces.append(escaped(plain[-1]))
    return Block(level, tuple(pieces), "".join(plain), sum(len(piece.split()) for piece in plain), lines)


def _emphasis(raw: str, start: int, run: str, opened: str) -> tuple[str, str]:
    """The tag that a run of asterisks becomes, and the run that is open after it."""
    before, after = raw[start - 1 : start] if start else "", raw[start + len(run) : start + len(run) + 1]
    name = {1: "em", 2: "strong"}.get(len(run))
    if name and not opened and _flanks(before, after):
        return f"<{name}>", run
    if name and opened == run and _flanks(after, before):
        return f"</{name}>", ""
    raise _DeclinedError


def _flanks(outside: str, inside: str) -> bool:
    """Whether a run between the two belongs to `inside` alone: it can only open, or, seen from behind, only close."""
    if _is_space(outside):
        return not _is_space(inside)
    return unicodedata.category(outside)[0] in "PS" and inside.isalnum()


def _is_space(character: str) -> bool:
    """White space as the specification means it, or the end of the block."""
    return not character or character == "\n" or unicodedata.category(character) == "Zs"
