"""The two passes over the sources, by as many processes as pay: what each contributes, then what each becomes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, Final, TypeVar

import msgspec
from msgspec.structs import replace

from newsgen.diagnostics import Diagnostic, Place, error, has_errors
from newsgen.engine.pool import LEAST, Crew, processes
from newsgen.engine.sources import read_bytes
from newsgen.importers.compose import Rules, composed, sha256_of, stated
from newsgen.importers.dispatch import Batch
from newsgen.importers.files import Source, Stream, sha256, unheard
from newsgen.importers.piece import Carried, Piece
from newsgen.importers.report import ImportedFile

WORTH: Final = 64  # sources from which more than one process pays

T = TypeVar("T")


class Surveyed(msgspec.Struct, frozen=True):
    """A source after the first pass; without a hash where it cannot be read."""

    sha256: str = ""
    survey: Any = None
    tags: tuple[str, ...] = ()


class Made(msgspec.Struct, frozen=True):
    """A piece as its row in the report, and the content file that it could be: its text, its name and its files."""

    row: ImportedFile
    text: str = ""
    slug: str = ""
    section: str = ""
    carried: tuple[Carried, ...] = ()


class Task(msgspec.Struct, frozen=True):
    """What all sources of a batch share. `survey` is what they say together, in the second pass."""

    batch: Batch
    rules: Rules
    survey: Any = None


_task: list[Task] = []


def surveyed(task: Task, tell: Callable[[int], None]) -> list[Surveyed]:
    """What each source of the batch contributes."""
    sources = task.batch.sources
    if task.batch.streamed:
        return list(_streamed(_surveyed, sources, task, tell))
    return list(_each(_survey_chunk, sources, task, tell))


def known(source: Source, limit: int) -> Surveyed:
    """A source of which nothing but its hash is asked."""
    data = _data(source, limit, unheard)
    return Surveyed("" if isinstance(data, Diagnostic) or source.carried else sha256(data))


def read(task: Task, sources: Sequence[Source], tell: Callable[[int], None]) -> Iterator[Iterable[Made]]:
    """The pieces of each of the sources, in their order; of streamed ones as they are asked for."""
    if task.batch.streamed:
        return _streamed(_made, sources, task, tell)
    return _each(_read_chunk, sources, task, tell)


def _streamed(
    function: Callable[[Source, Callable[[int], None]], T],
    sources: Sequence[Source],
    task: Task,
    tell: Callable[[int], None],
) -> Iterator[T]:
    """What `function` makes of each source; it tells how far it has read."""
    _begin(task)
    at = 0
    for source in sources:
        yield function(source, _beyond(tell, at))
        at += source.work
        tell(at)


def _beyond(tell: Callable[[int], None], at: int) -> Callable[[int], None]:
    return lambda chunks: tell(at + chunks)


def _each(
    function: Callable[[Sequence[Source]], list[T]],
    sources: Sequence[Source],
    task: Task,
    tell: Callable[[int], None],
) -> Iterator[T]:
    crew = Crew(task.rules.options.jobs)
    if crew.jobs == 1 or len(sources) < WORTH:
        _begin(task)
        yield from crew.each(function, sources, None, tell)
        return
    with processes(min(crew.jobs, -(-len(sources) // LEAST)), _begin, task) as executor:
        yield from crew.each(function, sources, executor, tell)


def _begin(task: Task) -> None:
    _task[:] = [task]


def _survey_chunk(sources: Sequence[Source]) -> list[Surveyed]:
    return [_surveyed(one) for one in sources]


def _surveyed(source: Source, tell: Callable[[int], None] | None = None) -> Surveyed:
    batch = _task[0].batch
    data = _data(source, batch.limit, tell)
    if isinstance(data, Diagnostic) or source.carried:
        return Surveyed()
    survey = batch.reader.survey(source.file, data)
    return Surveyed(sha256(data), survey, tuple(batch.reader.tags(survey)))


def _read_chunk(sources: Sequence[Source]) -> list[tuple[Made, ...]]:
    return [tuple(_made(one)) for one in sources]


def _made(source: Source, tell: Callable[[int], None] | None = None) -> Iterator[Made]:
    task = _task[0]
    data = _data(source, task.batch.limit, tell)
    if isinstance(data, Diagnostic):
        yield Made(ImportedFile(file=source.file, result="error", diagnostics=(data,)))
        return
    whole = "" if source.carried else sha256(data)
    for piece in task.batch.reader.read(source.file, data, task.survey):
        yield _of_piece(source, sha256_of(piece) if piece.item else whole, piece, task.rules)


def _of_piece(source: Source, hashed: str, piece: Piece, rules: Rules) -> Made:
    row = ImportedFile(
        file=source.file,
        item=piece.item,
        kind=piece.kind,
        result="written",
        sha256=hashed,
        cuts=piece.cuts,
        losses=piece.losses,
        near=piece.near,
        skipped=piece.skipped,
        diagnostics=piece.diagnostics,
    )
    if has_errors(piece.diagnostics) or piece.skipped:
        result = "error" if has_errors(piece.diagnostics) else "skipped"
        return Made(replace(row, result=result, fields=piece.fields, evidence=piece.evidence))
    if piece.kind == "file":
        return Made(row, carried=piece.carried)
    piece = stated(piece, rules.options)
    made = composed(source.file, hashed, piece, rules)
    row = replace(row, fields=made.fields, evidence=piece.evidence, tags_evidence=made.found)
    return Made(row, made.text, piece.slug, piece.section, piece.carried)


def _data(source: Source, limit: int, tell: Callable[[int], None] | None) -> bytes | Stream | Diagnostic:
    """The bytes of a source, or why they are not read; a stream where somebody is told how far it is read."""
    if source.refused or source.carried:
        return source.refused or b""
    try:
        if (size := Path(source.path).stat().st_size) > limit:
            advice = f"The limit is {limit // 1024:,} kB; markdown.max_kilobytes in newsgen.toml raises it."
            return error("NG-704", Place(source.file), f"text of {size // 1024:,} kB is too large", advice)
        return Stream(source.path, tell) if tell else read_bytes(source.path)
    except OSError as failure:
        message = f"cannot be read: {failure.strerror}"
        return error("NG-103", Place(source.file), message, "Check its permissions.")
