"""A WordPress export (WXR 1.0 to 1.2) as records, one at a time: the file may be larger than what is kept of it.

Expat reads it, and any DOCTYPE is refused: an export has none, and without one there are neither entities of its own
nor files that it could name.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final
from xml.parsers import expat

import msgspec

from newsgen.importers.files import Stream, chunks

_CONTROLS: Final = bytes(set(range(32)) - set(b"\t\n\r"))


class Value(msgspec.Struct, frozen=True):
    """An element of a record, without what it holds in turn."""

    tag: str
    text: str
    line: int
    attributes: dict[str, str] = {}


class Record(msgspec.Struct, frozen=True):
    """An element below the channel ("item", "wp:author", "link") and what it holds, at any depth, in order."""

    tag: str
    line: int
    text: str
    values: tuple[Value, ...]

    def get(self, tag: str) -> str:
        return next((value.text.strip() for value in self.values if value.tag == tag), "")

    def at(self, tag: str) -> Value:
        """The first value of that name; an empty one, at the record's line, where there is none."""
        return next((value for value in self.values if value.tag == tag), Value(tag, "", self.line))

    def all(self, tag: str) -> tuple[Value, ...]:
        return tuple(value for value in self.values if value.tag == tag)

    @property
    def metas(self) -> Iterator[tuple[str, str]]:
        """The fields of a post, key and value, in their order."""
        for key, value in zip(self.all("wp:meta_key"), self.all("wp:meta_value"), strict=False):
            yield key.text, value.text

    @property
    def meta(self) -> dict[str, str]:
        """The fields of a post by key; of several of one key the first."""
        found: dict[str, str] = {}
        for key, value in self.metas:
            found.setdefault(key, value)
        return found


class BrokenError(Exception):
    """Why an export cannot be read on, in words, and where."""

    def __init__(self, why: str, line: int, column: int) -> None:
        super().__init__(why)
        self.line, self.column = line, column


def records(data: bytes | Stream) -> Iterator[Record]:
    """The records of an export, in order. Raises BrokenError where it is no XML, or has a DOCTYPE."""
    parser = expat.ParserCreate()
    builder = _Builder(parser)
    for some in chunks(data):
        _fed(parser, some.translate(None, _CONTROLS), last=False)
        yield from builder.taken()
    _fed(parser, b"", last=True)
    yield from builder.taken()


def _fed(parser: Any, data: bytes, *, last: bool) -> None:
    try:
        parser.Parse(data, last)
    except expat.ExpatError as mistake:
        why = expat.ErrorString(mistake.code) or "not well-formed"
        raise BrokenError(why, mistake.lineno, mistake.offset + 1) from None
    except (LookupError, ValueError) as mistake:  # an encoding that Python does not know
        raise BrokenError(str(mistake), 1, 1) from None


class _Builder:
    """Gathers what Expat tells. `path` are the open elements: rss, channel, the record, its values."""

    def __init__(self, parser: Any) -> None:
        self.parser = parser
        self.done: list[Record] = []
        self.depth = 0
        self.record: tuple[str, int] = ("", 0)
        self.values: list[Value] = []
        self.open: list[tuple[str, dict[str, str], int, list[str]]] = []
        parser.buffer_text = True
        parser.StartElementHandler = self.start
        parser.EndElementHandler = self.end
        parser.CharacterDataHandler = self.text
        parser.StartDoctypeDeclHandler = self.doctype

    def doctype(self, *_: object) -> None:
        line, column = self.parser.CurrentLineNumber, self.parser.CurrentColumnNumber + 1
        raise BrokenError("it has a DOCTYPE, which may define entities, and no export has one", line, column)

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        self.depth += 1
        if self.depth >= 3:
            if self.depth == 3:
                self.record, self.values = (tag, self.parser.CurrentLineNumber), []
            self.open.append((tag, attributes, self.parser.CurrentLineNumber, []))

    def text(self, text: str) -> None:
        if self.open:
            self.open[-1][3].append(text)

    def end(self, _: str) -> None:
        if self.open:
            tag, attributes, line, parts = self.open.pop()
            if self.depth > 3:
                self.values.append(Value(tag, "".join(parts), line, attributes))
            else:
                self.done.append(Record(*self.record, "".join(parts).strip(), tuple(self.values)))
        self.depth -= 1

    def taken(self) -> list[Record]:
        done, self.done = self.done, []
        return done
