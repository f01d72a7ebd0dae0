"""Which reader a path is given to: told by what lies there, unless the user says it."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Final

import msgspec

from newsgen.config import Settings
from newsgen.diagnostics import Place, error
from newsgen.importers.files import Source, source, walked
from newsgen.importers.piece import Reader
from newsgen.importers.report import ImportOptions

KINDS: Final = ("text",)
"""The kinds of sources, in the order in which they are imported."""

_SUFFIXES: Final = {"": "text", ".txt": "text", ".text": "text", ".md": "text"}  # of files that are given by name
_WALKED: Final = {".txt": "text", ".text": "text"}


class Batch(msgspec.Struct, frozen=True):
    """Sources of one kind, sorted by their names, and their reader. One is read up to `limit` bytes."""

    kind: str
    reader: Reader
    sources: tuple[Source, ...]
    limit: int


def batches(root: Path, settings: Settings, paths: Iterable[Path], options: ImportOptions) -> tuple[Batch, ...]:
    """The files that the paths stand for, each once: files as given, of folders those of a known kind."""
    found: dict[str, tuple[str, Source]] = {}
    for path in paths:
        for kind, one in _sources(root, path, options.kind):
            found.setdefault(os.path.realpath(one.path), (kind, one))
    return tuple(
        Batch(kind, reader(kind, settings, options), tuple(sorted(some, key=lambda one: (one.file, one.path))), limit)
        for kind in KINDS
        if (some := [one for of, one in found.values() if of == kind])
        and (limit := settings.markdown.max_kilobytes * 1024)
    )


def reader(_kind: str, settings: Settings, options: ImportOptions) -> Reader:
    """The reader of a kind; imported where there is something for it."""
    from newsgen.importers.raw import TextReader

    return TextReader(options.lang or settings.language, options.keep_boilerplate)


def _sources(root: Path, path: Path, kind: str) -> Iterator[tuple[str, Source]]:
    if not path.is_dir():
        yield _given(root, path, kind)
        return
    for one in walked(path):
        if told := kind or _WALKED.get(one.suffix.lower(), ""):
            yield told, source(root, one, path)


def _given(root: Path, path: Path, kind: str) -> tuple[str, Source]:
    one = source(root, path)
    in_name = " " in path.suffix or path.suffix[1:].isdigit()  # as in "vol. 2" or "notes.2026"
    told = kind or _SUFFIXES.get("" if in_name else path.suffix.lower(), "")
    if told or one.refused:
        return told or KINDS[0], one
    advice = f"Known are {_listed([suffix for suffix in _SUFFIXES if suffix])}; --from text reads it as plain text."
    wrong = error("NG-704", Place(one.file), f'"{path.suffix}" files cannot be imported', advice)
    return KINDS[0], msgspec.structs.replace(one, refused=wrong)


def _listed(words: Sequence[str]) -> str:
    return ", ".join(words[:-1]) + f" and {words[-1]}"
