"""Files at the rim of the importer: which sources a path stands for, and content files written whole or not at all."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

import msgspec

from newsgen import digest
from newsgen.diagnostics import Diagnostic, Place, error
from newsgen.engine.sources import LITTER

TEXT_SUFFIXES: Final = ("", ".txt", ".text", ".md")
WALKED_SUFFIXES: Final = (".txt", ".text")


class Source(msgspec.Struct, frozen=True):
    """A file to import. `file` is its name in records: from the project's root, else from the folder that was given.

    `refused` says why it cannot be read; it is counted all the same.
    """

    path: str
    file: str
    refused: Diagnostic | None = None


def sources(root: Path, paths: Iterable[Path]) -> tuple[Source, ...]:
    """The files that the paths stand for, each once, sorted by name: files as given, of folders all text files."""
    found: dict[str, Source] = {}
    for path in paths:
        for source in _folder(root, path) if path.is_dir() else (_named(root, path, path.parent),):
            found.setdefault(os.path.realpath(source.path), source)
    return tuple(sorted(found.values(), key=lambda source: (source.file, source.path)))


def content_files(folder: Path, id: str) -> Iterator[tuple[str, Path]]:
    """The Markdown files below a folder of content/, links not followed: ids, which begin with `id`, and paths."""
    for path in _walked(folder):
        if path.suffix == ".md":
            yield f"{id}/{path.relative_to(folder).as_posix()}", path


def is_inside(folder: Path, path: Path) -> bool:
    """Whether `path`, links followed, lies in `folder` or is it."""
    home, real = os.path.realpath(folder), os.path.realpath(path)
    return real == home or real.startswith(home.rstrip(os.sep) + os.sep)


def write(target: Path, text: str, *, new: bool) -> None:
    """Writes the file whole or not at all. Raises FileExistsError where a `new` one is there already, else OSError."""
    target.parent.mkdir(parents=True, exist_ok=True)
    waiting = target.with_name(f".{digest.of_text(target.name)[:16]}.tmp")
    waiting.unlink(missing_ok=True)
    try:
        with waiting.open("x", encoding="utf-8", newline="\n") as file:
            file.write(text)
        if new:
            _place_new(waiting, target)
        else:
            waiting.chmod(stat.S_IMODE(target.stat().st_mode))
            waiting.replace(target.resolve())
    finally:
        waiting.unlink(missing_ok=True)


def _place_new(waiting: Path, target: Path) -> None:
    """Links the file to its name, which fails where the name is taken; renames it where links are not to be had."""
    try:
        os.link(waiting, target)
    except FileExistsError:
        raise
    except OSError:
        if os.path.lexists(target):
            raise FileExistsError(str(target)) from None
        waiting.rename(target)


def _folder(root: Path, top: Path) -> Iterator[Source]:
    """The text files below a folder; a link must stay in the folder."""
    for path in _walked(top):
        if path.suffix.lower() not in WALKED_SUFFIXES:
            continue
        if path.is_symlink() and not is_inside(top, path):
            file = _recorded(root, path, top)
            advice = "Give it by name if it is meant."
            yield Source(str(path), file, error("NG-120", Place(file), "link leads out of the folder", advice))
        else:
            yield _named(root, path, top)


def _walked(top: Path) -> Iterator[Path]:
    """The files below a folder, sorted in each. Hidden ones and editors' litter are left out."""
    for folder, inner, names in os.walk(top):
        inner[:] = sorted(name for name in inner if not _ignored(name))
        yield from (Path(folder, name) for name in sorted(names) if not _ignored(name))


def _ignored(name: str) -> bool:
    return name.startswith(".") or LITTER.fullmatch(name) is not None


def _named(root: Path, path: Path, base: Path) -> Source:
    file = _recorded(root, path, base)
    return Source(str(path), file, _offence(path, file))


def _recorded(root: Path, path: Path, base: Path) -> str:
    home, full = _absolute(root), _absolute(path)
    name = full.relative_to(home if home in full.parents else _absolute(base)).as_posix()
    return os.fsencode(name).decode("utf-8", "replace")


def _absolute(path: Path) -> Path:
    """The path from the file system's root, without ".." and with its links as they are."""
    return Path(os.path.normpath(path.absolute()))


def _offence(path: Path, file: str) -> Diagnostic | None:
    """Why a path cannot be imported, before it is read."""
    try:
        mode = path.stat().st_mode
    except OSError as failure:
        advice = "Check the path and its permissions."
        return error("NG-103", Place(file), f"cannot be read: {failure.strerror}", advice)
    if not stat.S_ISREG(mode):
        return error("NG-704", Place(file), "not a regular file", "Give a text file or a folder of them.")
    in_name = " " in path.suffix or path.suffix[1:].isdigit()  # as in "vol. 2" or "notes.2026"
    if path.suffix.lower() not in TEXT_SUFFIXES and not in_name:
        advice = "Only plain text (.txt, .text, .md or no suffix) is imported so far: save it as text."
        return error("NG-704", Place(file), f'"{path.suffix}" files cannot be imported', advice)
    return None
