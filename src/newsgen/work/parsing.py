"""The work of `parse`: chunks of content files.

A process of this machine reads the sources itself and writes values and bodies to the cache itself: digests travel. To
another machine a chunk carries the bytes, and it brings bytes back.
"""

from __future__ import annotations

import os
import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Executor
from pathlib import Path

import msgspec

from newsgen import config, digest, model
from newsgen.content import cards, parse
from newsgen.diagnostics import Place, error
from newsgen.engine.pool import CHUNK, Crew, Progress, ordered
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

    if crew.remote and crew.is_remote(len(files)):
        yield from _remotely(files, task, store, crew.remote, crew.jobs, tell)
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
    known: list[tuple[Known, float]] = []
    found: list[tuple[str, str, ParsedFile]] = []
    for id, before in files:
        start = time.perf_counter()
        signature, source, one = _read_and_parsed(task, id, before)
        if one:
            found.append((id, source, one))
        known.append((Known(signature, source, one.note if one else None), time.perf_counter() - start))
    save(store, found, task.common)
    return known


def save(store: Store, found: Sequence[tuple[str, str, ParsedFile]], common: str) -> None:
    """Saves parsed files by id and digest, in one transaction."""
    store.save_parses([(id, memo_key(source, common), one.card, one.memo, one.html) for id, source, one in found])
    store.commit()


def _read_and_parsed(task: ParseTask, id: str, before: str) -> tuple[Signature, str, ParsedFile | None]:
    try:
        signature, data = read_signed(os.path.join(task.root, id))
    except OSError as failure:
        message = f"file cannot be read: {failure.strerror}"
        unread = error("NG-103", Place(id), message, "Check its permissions.")
        return b"", "", packed(parse.Parsed(None, "", (unread,)))
    source = digest.of_bytes(data)
    return signature, source, None if source == before else parsed(id, data, task.settings)


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
    text = digest.of_value((body.digest, body.words, body.headings))
    note = Note(digest.of_bytes(card or memo), body.digest, text, bool(body.references), bool(found.diagnostics))
    return ParsedFile(note, card, memo, found.html)


# ---- on another machine ---------------------------------------------------------------------------------------------

Parcel = list[tuple[str, Signature, str, bytes]]
"""Files by id, each with its signature, its digest and its bytes."""


def _remotely(
    files: Sequence[Source],
    task: ParseTask,
    store: Store,
    executor: Executor,
    workers: int,
    tell: Callable[[int], None],
) -> Iterator[tuple[Known, float]]:
    parcels: deque[Parcel] = deque()

    def sent() -> Iterator[tuple[config.ParseSettings, list[tuple[str, bytes]]]]:
        for start in range(0, len(files), CHUNK):
            parcels.append([_opened(task.root, id) for id, _ in files[start : start + CHUNK]])
            yield task.settings, [(id, data) for id, _, _, data in parcels[-1]]

    done = 0
    for found in ordered(executor, _parse_parcel, sent(), workers):
        parcel = parcels.popleft()
        save(store, [(id, source, one) for (id, _, source, _), one in zip(parcel, found, strict=True)], task.common)
        pairs = zip(parcel, found, strict=True)
        yield from [(Known(sign, source, one.note), 0.0) for (_, sign, source, _), one in pairs]
        done += len(parcel)
        tell(done)


def _opened(root: str, id: str) -> tuple[str, Signature, str, bytes]:
    signature, data = read_signed(os.path.join(root, id))
    return id, signature, digest.of_bytes(data), data


def _parse_parcel(given: tuple[config.ParseSettings, list[tuple[str, bytes]]]) -> list[ParsedFile]:
    settings, files = given
    return [parsed(id, data, settings) for id, data in files]
