"""The two passes over the sources, by as many processes as pay: what each contributes, then what each becomes."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, Final, TypeVar

import msgspec
from msgspec.structs import replace

from newsgen.diagnostics import Diagnostic, Place, error, has_errors
from newsgen.engine.pool import LEAST, Crew, processes
from newsgen.engine.sources import read_bytes
from newsgen.importers.compose import Rules, composed, sha256_of, stated
from newsgen.importers.dispatch import Batch
from newsgen.importers.files import Source
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
    return list(_each(_survey_chunk, task.batch.sources, task, tell))


def known(source: Source, limit: int) -> Surveyed:
    """A source of which nothing but its hash is asked."""
    data = _data(source, limit)
    return Surveyed(hashlib.sha256(data).hexdigest() if isinstance(data, bytes) and not source.carried else "")


def read(task: Task, sources: Sequence[Source], tell: Callable[[int], None]) -> Iterator[tuple[Made, ...]]:
    """The pieces of each of the sources, in their order."""
    return _each(_read_chunk, sources, task, tell)


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
    reader, limit = _task[0].batch.reader, _task[0].batch.limit
    found: list[Surveyed] = []
    for one in sources:
        data = _data(one, limit)
        if isinstance(data, bytes) and not one.carried:
            survey = reader.survey(one.file, data)
            found.append(Surveyed(hashlib.sha256(data).hexdigest(), survey, tuple(reader.tags(survey))))
        else:
            found.append(Surveyed())
    return found


def _read_chunk(sources: Sequence[Source]) -> list[tuple[Made, ...]]:
    return [tuple(_made(one)) for one in sources]


def _made(source: Source) -> Iterator[Made]:
    task = _task[0]
    data = _data(source, task.batch.limit)
    if isinstance(data, Diagnostic):
        yield Made(ImportedFile(file=source.file, result="error", diagnostics=(data,)))
        return
    sha256 = "" if source.carried else hashlib.sha256(data).hexdigest()
    for piece in task.batch.reader.read(source.file, data, task.survey):
        yield _of_piece(source, sha256 if not piece.item else sha256_of(piece), piece, task.rules)


def _of_piece(source: Source, sha256: str, piece: Piece, rules: Rules) -> Made:
    row = ImportedFile(
        file=source.file,
        item=piece.item,
        kind=piece.kind,
        result="written",
        sha256=sha256,
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
    made = composed(source.file, sha256, piece, rules)
    row = replace(row, fields=made.fields, evidence=piece.evidence, tags_evidence=made.found)
    return Made(row, made.text, piece.slug, piece.section, piece.carried)


def _data(source: Source, limit: int) -> bytes | Diagnostic:
    """The bytes of a source, or why they are not read."""
    if source.refused or source.carried:
        return source.refused or b""
    try:
        if (size := Path(source.path).stat().st_size) > limit:
            advice = f"The limit is {limit // 1024:,} kB; markdown.max_kilobytes in newsgen.toml raises it."
            return error("NG-704", Place(source.file), f"text of {size // 1024:,} kB is too large", advice)
        return read_bytes(source.path)
    except OSError as failure:
        message = f"cannot be read: {failure.strerror}"
        return error("NG-103", Place(source.file), message, "Check its permissions.")
