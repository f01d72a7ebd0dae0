"""Front matter as fields with places.

Every scalar stays the text that the author typed; what it means (a date, a flag, a list) is decided by the key that it
is given to, never by YAML's guesses. Plain YAML (a key and a value on each line, lists of one level) is read here,
exactly as the strict handlers would; whatever may be more, or a mistake, is left to them.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

import msgspec

from newsgen.diagnostics import Outcome

_LONGEST: Final = 3500  # characters of a block that cannot hold more values than are allowed
# A text in quotes, whose only escape is that of its own quote; or a plain one, in which no sign means more than itself.
_QUOTED: Final = r"\"([^\"\\]*+(?:\\\"[^\"\\]*+)*+)\"|'([^']*+(?:''[^']*+)*+)'"
_FIRST: Final = r"[^\s?:,\[\]{}#&*!|>'\"%@`-]"
_SCALAR: Final = rf"(?:{_QUOTED}|({_FIRST}[^:#]*+(?::(?! |$)[^:#]*+)*+))"
_KEY: Final = re.compile(rf"([A-Za-z_][A-Za-z0-9_-]{{0,60}}):(?: +(?:{_SCALAR}|\[(.*)\]))? *")
_ENTRY: Final = re.compile(rf"( *)- +{_SCALAR} *")
_ITEM: Final = re.compile(rf"( *)(?:{_QUOTED}|({_FIRST}[^,:?#\[\]{{}}]*+)) *(?:,|$)")


class Field(msgspec.Struct, frozen=True, gc=False):
    """A value with its place. `plain` is true of a scalar written without quotes, the only kind that may mean null."""

    value: str | tuple[Field, ...] | dict[str, Field]
    line: int
    column: int
    plain: bool = False

    @property
    def absent(self) -> bool:
        return self.plain and isinstance(self.value, str) and self.value in ("", "~", "null")


class FrontMatter(msgspec.Struct, frozen=True, gc=False):
    """The fields of a file, its body, and the line (from 1) on which the body begins."""

    fields: dict[str, Field]
    body: str
    body_line: int


def read(path: str, text: str) -> Outcome[FrontMatter]:
    """The front matter and the body of `text`; no fields where it begins with none. `text` has LF line ends."""
    if (plain := read_plain(text)) is not None:
        return Outcome(plain)
    from newsgen.content import handlers

    return handlers.read(path, text)


def dump(fields: Mapping[str, Any], body: str) -> str:
    """A content file with YAML front matter: keys in the order given, quotes where YAML would misread a text."""
    from newsgen.content import handlers

    return handlers.dump(fields, body)


def read_plain(text: str) -> FrontMatter | None:
    """The front matter and the body of `text` where it has none, or plain YAML only; else None."""
    if text[:1] not in ("-", "+", "{"):
        return FrontMatter({}, text, 1)
    end = text.find("\n---\n", 3, _LONGEST) if text.startswith("---\n") else -1
    if end < 0 or (fields := _plain_fields(text[4 : end + 1].split("\n"))) is None:
        return None
    body = end + len("\n---\n")
    return FrontMatter(fields, text[body:], text.count("\n", 0, body) + 1)


def _plain_fields(lines: list[str]) -> dict[str, Field] | None:
    """The fields of a block of plain YAML, whose first line is the file's second; None where it may be more."""
    if not "".join(lines).isprintable():
        return None
    fields: dict[str, Field] = {}
    key, start = "", (0, 0)
    items: list[Field] | None = None  # of the list that may stand under the last key
    for line, written in enumerate(lines, 2):
        if found := _KEY.fullmatch(written):
            key, items = found[1], list[Field]() if found.lastindex == 1 else None
            field = _list(found, line) if found.lastindex == 5 else _scalar(found, line)
            if field is None or key in fields:
                return None
            fields[key] = field
        elif found := _ENTRY.fullmatch(written):
            dash = (line, found.end(1) + 1)
            start = start if items else dash
            if items is None or dash[1] != start[1]:
                return None
            items.append(_scalar(found, line))
            fields[key] = Field(tuple(items), *start)
        elif written.strip(" ") and written[0] != "#":
            return None
    return fields


def _scalar(found: re.Match[str], line: int) -> Field:
    """The scalar of a key, an entry or an item; a key without one has it right after its colon."""
    kind, value = found.lastindex, found[found.lastindex or 0]
    if kind == 4:
        return Field(value.rstrip(" "), line, found.start(4) + 1, plain=True)
    if kind == 2:
        return Field(value.replace('\\"', '"'), line, found.start(2))
    if kind == 3:
        return Field(value.replace("''", "'"), line, found.start(3))
    return Field("", line, found.end(1) + 2, plain=True)


def _list(found: re.Match[str], line: int) -> Field | None:
    """A list on one line, of scalars; None where it holds anything else."""
    at, end = found.span(5)
    items: list[Field] = []
    for item in _ITEM.finditer(found.string, at, end):
        if item.start() != at:
            return None
        items.append(_scalar(item, line))
        at = item.end()
    return None if found.string[at:end].strip(" ") else Field(tuple(items), line, found.start(5))
