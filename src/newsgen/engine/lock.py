"""Which folder may be an output, and one build at a time in it."""

from __future__ import annotations

import contextlib
import errno
import os
import time
from collections.abc import Generator
from pathlib import Path
from typing import IO, Any, Final

from newsgen import config
from newsgen.diagnostics import Diagnostic, Place, Refused, error
from newsgen.engine.output import MANIFEST

LOCK_SECONDS: Final = 10.0


def danger(root: Path, folder: Path) -> str:
    """Why `folder` may not be an output folder of the site at `root`, in words; empty where it may."""
    real, home = Path(os.path.realpath(folder)), Path(os.path.realpath(root))
    state = home / config.STATE
    if real == home or home.is_relative_to(real):
        return "it is, or holds, the project itself"
    for name in config.SOURCE_FOLDERS:
        source = Path(os.path.realpath(home / name))
        if real == source or real.is_relative_to(source) or source.is_relative_to(real):
            return f"it is, holds or lies in {name}/"
    if real == state or (real.is_relative_to(home / ".git")):
        return "newsgen or git keeps its own files there"
    if real == Path(real.anchor) or real == Path(os.path.realpath(Path.home())):
        return "it is the root of the disk or your home folder"
    if real.exists() and not real.is_dir():
        return "it is a file"
    if not real.is_relative_to(home) and real.is_dir() and any(real.iterdir()) and not (real / MANIFEST).is_file():
        return "it lies outside the project and holds files that newsgen did not make"
    return ""


@contextlib.contextmanager
def locked(folder: Path, shown: str) -> Generator[None, None, None]:
    """Holds the output folder for one build; it is made where it is absent, and unmade where it stays empty.

    The lock dies with its holder. Raises Refused where another build holds it for longer than LOCK_SECONDS, or where
    the folder cannot be made.
    """
    end = time.monotonic() + LOCK_SECONDS
    made: list[Path] = []
    while True:
        made += _make(folder, shown)
        with _lock_file(folder) as file:
            _wait(file, end, shown)
            if not _stands(folder, file):
                continue
            try:
                yield
            finally:
                for one in reversed(made):  # while it is held: the next holder must not lose the folder under its feet
                    with contextlib.suppress(OSError):
                        one.rmdir()
            return


@contextlib.contextmanager
def held(path: Path) -> Generator[bool, None, None]:
    """Whether the lock file at `path` is this process's own for as long as this lasts; also where there can be none."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
    except OSError:
        yield True
        return
    with _lock_file(path) as file:
        yield _try_lock(file)


def _wait(file: Any, end: float, shown: str) -> None:
    while not _try_lock(file):
        if time.monotonic() > end:
            help = "Wait until it has ended. The lock goes with the process that holds it."
            raise Refused(error("NG-603", Place(shown), "another build is writing to this folder", help))
        time.sleep(0.02)


def _make(folder: Path, shown: str) -> list[Path]:
    made: list[Path] = []
    try:
        missing = [one for one in (folder, *folder.parents) if not one.exists()]
        for one in reversed(missing):
            one.mkdir(exist_ok=True)
            made.append(one)
    except OSError as failure:
        raise Refused(cannot_write(failure, shown)) from None
    return made


if os.name == "posix":
    import fcntl

    @contextlib.contextmanager
    def _lock_file(folder: Path) -> Generator[int, None, None]:
        """The folder itself: a lock on it leaves no file behind and works where nothing may be written."""
        file = os.open(folder, os.O_RDONLY)
        try:
            yield file
        finally:
            with contextlib.suppress(OSError):  # nothing was written through it: the site stands as it was published
                os.close(file)

    def _stands(folder: Path, file: int) -> bool:
        """Whether the folder that was locked is still there: the build before may have unmade it as it ended."""
        try:
            return os.path.samestat(os.fstat(file), folder.stat())
        except FileNotFoundError:
            return False

    def _try_lock(file: int) -> bool:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as failure:
            # A file system without locks: better to build than to refuse for ever.
            return failure.errno not in (errno.EWOULDBLOCK, errno.EACCES)
        return True
else:
    import msvcrt

    @contextlib.contextmanager
    def _lock_file(folder: Path) -> Generator[IO[bytes], None, None]:
        path = folder.with_name(f".{folder.name}.newsgen-lock")
        with path.open("ab") as file:
            yield file

    def _stands(folder: Path, file: IO[bytes]) -> bool:  # noqa: ARG001 - the lock is a file beside the folder
        return folder.is_dir()

    def _try_lock(file: IO[bytes]) -> bool:
        try:
            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True


def cannot_write(failure: OSError, shown: str) -> Diagnostic:
    """The diagnostic for an output that the system refuses to write."""
    notes: list[str] = getattr(failure, "__notes__", [])
    kept = notes[0] if notes else "The site is as it was before."
    where = str(failure.filename) if failure.filename else shown
    return error(
        "NG-602",
        Place(shown),
        f"cannot write the output: {failure.strerror} ({where})",
        f"Make room or mend the permissions. {kept}",
    )
