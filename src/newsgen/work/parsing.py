"""The work of `parse`: chunks of content files.

A process of this machine reads the sources itself and writes values and bodies to the cache itself: digests travel. To
another machine a chunk carries the bytes, and it brings bytes back.
"""

from __future__ import annotations

import os
import time
from collections import deque
from collections.abc import Iterator, Sequence
from pathlib import Path

import msgspec

from newsgen import config, digest, model
from newsgen.content import cards, parse
from newsgen.diagnostics import Place, error
from newsgen.engine.pool import CHUNK, Crew, Progress, Remote, told
from newsgen.engine.sources import Known, Note, Signature, read_signed
from newsgen.engine.store import Store
from newsgen.model import Article
from newsgen.work.job import Memo, memo_key

Source = tuple[str, str]
"""The id of a file and the digest that it had when it was last parsed, empty where it must be parsed in any case."""


class ParsedFile(msgspec.Struct, frozen=True):
    """A parsed file: its note, its card and its `Memo` as JSON, and the HTML of its body (empty where it has none)."""

    note: Note
    card: bytes
    memo: bytes
    html: str


class ParseTask(msgspec.Struct, frozen=True):
    """What all files of a build share. `common` is the part of the memo's key that does so too."""

    root: str
    settings: config.ParseSettings
    common: str
    cache: Path | None


def parse_files(
    files: Sequence[Source], task: ParseTask, store: Store, crew: Crew, progress: Progress
) -> Iterator[tuple[Known, float]]:
    """What came of each file, without a note where its digest is still the one given; and the seconds that it took."""

    def tell(done: int) -> None:
        progress("reading", done, len(files))

    if elsewhere := crew.away(len(files)):
        yield from told(_remotely(files, task, store, elsewhere), tell)
        return
    with crew.at_work(len(files), store, begin_parse, task) as executor:
        yield from crew.each(parse_chunk, files, executor, tell)


_parsing: list[tuple[ParseTask, Store]] = []


def begin_parse(task: ParseTask, store: Store | None = None) -> None:
    """Readies this process; without a store of its caller it opens the cache of the task."""
    _parsing[:] = [(task, store or Store.open(task.cache))]


def parse_chunk(files: Sequence[Source]) -> list[tuple[Known, float]]:
    """What came of each file, and the seconds that it took; its values and bodies are in the cache."""
    task, store = _parsing[0]
    opened: list[tuple[_Opened, ParsedFile | None]] = []
    spent: list[float] = []
    for id, before in files:
        start = time.perf_counter()
        at, data = _opened(task.root, id, before)
        opened.append((at, _made(id, data, task.settings)))
        spent.append(time.perf_counter() - start)
    return list(zip(_saved(store, task.common, opened), spent, strict=True))


class _Opened(msgspec.Struct, frozen=True):
    id: str
    signature: Signature
    digest: str


_Data = ParsedFile | bytes | None
"""The bytes of a file; None where they are as before, and what there is to say where it is unreadable."""


def _opened(root: str, id: str, before: str) -> tuple[_Opened, _Data]:
    try:
        signature, data = read_signed(os.path.join(root, id))
    except OSError as failure:
        message = f"file cannot be read: {failure.strerror}"
        unread = error("NG-103", Place(id), message, "Check its permissions.")
        return _Opened(id, b"", ""), packed(parse.Parsed(None, "", (unread,)))
    source = digest.of_bytes(data)
    return _Opened(id, signature, source), None if source == before else data


def _made(id: str, data: _Data, settings: config.ParseSettings) -> ParsedFile | None:
    return parsed(id, data, settings) if isinstance(data, bytes) else data


def _saved(store: Store, common: str, found: Sequence[tuple[_Opened, ParsedFile | None]]) -> list[Known]:
    """What is known of the files; what they were parsed to is saved in one transaction."""
    made = [(at, one) for at, one in found if one]
    store.save_parses([(at.id, memo_key(at.digest, common), one.card, one.memo, one.html) for at, one in made])
    store.commit()
    return [Known(at.signature, at.digest, one.note if one else None) for at, one in found]


def parsed(id: str, data: bytes, settings: config.ParseSettings) -> ParsedFile:
    """One content file, parsed."""
    return packed(parse.parse_content(id, data, settings, config.zone(settings.timezone)))


def packed(found: parse.Parsed) -> ParsedFile:
    """What `parse` made of a file, as it is kept."""
    content = found.content
    memo = model.encode(Memo(content, found.diagnostics))
    if content is None:
        return ParsedFile(Note(said=bool(found.diagnostics)), b"", memo, "")
    card = model.encode(cards.card(content)) if isinstance(content, Article) else b""
    body = content.body
    text = digest.of_value((body.digest, body.words, body.headings, body.entries, body.block_names))
    links = digest.of_value((body.digest, body.references, body.blocks)) if body.references or body.blocks else ""
    note = Note(digest.of_bytes(card or memo), body.digest, text, links, bool(found.diagnostics))
    return ParsedFile(note, card, memo, found.html)


# ---- on another machine ---------------------------------------------------------------------------------------------

_Chunk = tuple[config.ParseSettings, list[tuple[str, _Data]]]


def _remotely(
    files: Sequence[Source], task: ParseTask, store: Store, remote: Remote
) -> Iterator[list[tuple[Known, float]]]:
    from newsgen.engine.remote import remotely

    under_way: deque[list[_Opened]] = deque()

    def sent() -> Iterator[_Chunk]:
        for start in range(0, len(files), CHUNK):
            opened = [_opened(task.root, id, before) for id, before in files[start : start + CHUNK]]
            under_way.append([at for at, _ in opened])
            yield task.settings, [(at.id, data) for at, data in opened]

    for made in remotely(remote, _parse_opened, sent()):
        known = _saved(store, task.common, list(zip(under_way.popleft(), made, strict=True)))
        yield [(one, 0.0) for one in known]


def _parse_opened(chunk: _Chunk) -> list[ParsedFile | None]:
    settings, files = chunk
    return [_made(id, data, settings) for id, data in files]
