"""Files at the rim of the importer: what a source is called, and content files written whole or not at all."""

from __future__ import annotations

import contextlib
import filecmp
import hashlib
import os
import shutil
import stat
from collections.abc import Callable, Generator, Iterable, Iterator
from itertools import count
from pathlib import Path
from typing import Final

import msgspec
from msgspec.structs import replace

from newsgen import digest
from newsgen.diagnostics import Diagnostic, Place, error
from newsgen.engine.sources import LITTER

CHUNK: Final = 1 << 16  # bytes


class Source(msgspec.Struct, frozen=True):
    """A file to import. `file` is its name in records: from the project's root, else from the folder that was given.

    What it needs lies in `base`. `refused` says why it cannot be read; it is counted all the same. One that is only to
    be `carried` along is not read. `work` is how much of an import's progress it makes.
    """

    path: str
    file: str
    base: str = ""
    refused: Diagnostic | None = None
    carried: bool = False
    work: int = 1


def unheard(chunks: int) -> None:
    """Tells nobody."""


class Stream(msgspec.Struct, frozen=True):
    """The bytes of a source that is too large to be held, a chunk at a time, as often as they are asked for. `tell`
    hears how many chunks were taken."""

    path: str
    tell: Callable[[int], None] = unheard

    def __iter__(self) -> Iterator[bytes]:
        with Path(self.path).open("rb") as file:
            for number in count(1):
                if not (some := file.read(CHUNK)):
                    break
                yield some
                self.tell(number)


def in_chunks(source: Source) -> Source:
    """A source whose progress is that of its chunks."""
    with contextlib.suppress(OSError):  # that it cannot be read is told when it is
        return replace(source, work=max(-(-Path(source.path).stat().st_size // CHUNK), 1))
    return source


def chunks(data: bytes | Stream) -> Iterable[bytes]:
    return data if isinstance(data, Stream) else (data[at : at + CHUNK] for at in range(0, len(data), CHUNK))


def sha256(data: bytes | Stream) -> str:
    if isinstance(data, bytes):
        return hashlib.sha256(data).hexdigest()
    with Path(data.path).open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def source(root: Path, path: Path, folder: Path | None = None) -> Source:
    """The source at `path`, which was given itself, or by the `folder` that it is in. Then a link must stay there."""
    base = folder or path.parent
    file = _recorded(root, path, base)
    if folder and path.is_symlink() and not is_inside(base, path):
        advice = "Give it by name if it is meant."
        return Source(str(path), file, refused=error("NG-120", Place(file), "link leads out of the folder", advice))
    return Source(str(path), file, str(base), _offence(path, file))


def content_files(folder: Path, id: str) -> Iterator[tuple[str, Path]]:
    """The Markdown files below a folder of content/, links not followed: ids, which begin with `id`, and paths."""
    for path in walked(folder):
        if path.suffix == ".md":
            yield f"{id}/{path.relative_to(folder).as_posix()}", path


def is_inside(folder: Path, path: Path) -> bool:
    """Whether `path`, links followed, lies in `folder` or is it."""
    home, real = os.path.realpath(folder), os.path.realpath(path)
    return real == home or real.startswith(home.rstrip(os.sep) + os.sep)


def write(target: Path, text: str, *, new: bool) -> None:
    """Writes the file whole or not at all. Raises FileExistsError where a `new` one is there already, else OSError."""
    with _waiting(target) as waiting:
        with waiting.open("xb") as file:
            file.write(text.encode())
        if new:
            _place_new(waiting, target)
        else:
            waiting.chmod(stat.S_IMODE(target.stat().st_mode))
            waiting.replace(target.resolve())


def place(target: Path, data: bytes) -> None:
    """Writes a new file whole or not at all. Raises FileExistsError where one is there already, else OSError."""
    with _waiting(target) as waiting:
        waiting.write_bytes(data)
        _place_new(waiting, target)


def carry(source: Path, target: Path) -> bool:
    """Copies a file whole or not at all; False where it lies there already.

    Raises FileExistsError where another does, else OSError.
    """
    if target.exists():
        if filecmp.cmp(source, target, shallow=False):
            return False
        raise FileExistsError(str(target))
    with _waiting(target) as waiting:
        shutil.copyfile(source, waiting)
        _place_new(waiting, target)
    return True


@contextlib.contextmanager
def _waiting(target: Path) -> Generator[Path, None, None]:
    """A name beside the target for what is being written; nothing is left of it."""
    if not target.parent.is_dir():
        target.parent.mkdir(parents=True, exist_ok=True)
    waiting = target.with_name(f".{digest.of_text(target.name)[:16]}.tmp")
    waiting.unlink(missing_ok=True)
    try:
        yield waiting
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


def walked(top: Path) -> Iterator[Path]:
    """The files below a folder, sorted in each. Hidden ones and editors' litter are left out."""
    for folder, inner, names in os.walk(top):
        inner[:] = sorted(name for name in inner if not _ignored(name))
        yield from (Path(folder, name) for name in sorted(names) if not _ignored(name))


def _ignored(name: str) -> bool:
    return name.startswith(".") or LITTER.fullmatch(name) is not None


def _recorded(root: Path, path: Path, base: Path) -> str:
    full, *homes = (os.path.normpath(one.absolute()) for one in (path, root, base))  # links stay as they are
    home = next(home for one in homes if full.startswith(home := one.rstrip(os.sep) + os.sep))
    return os.fsencode(full[len(home) :].replace(os.sep, "/")).decode("utf-8", "replace")


def _offence(path: Path, file: str) -> Diagnostic | None:
    """Why a path cannot be imported, before it is read."""
    try:
        mode = path.stat().st_mode
    except OSError as failure:
        advice = "Check the path and its permissions."
        return error("NG-103", Place(file), f"cannot be read: {failure.strerror}", advice)
    if not stat.S_ISREG(mode):
        return error("NG-704", Place(file), "not a regular file", "Give a file or a folder of them.")
    return None
