"""Moves of files and folders that can be undone: out of a stage into their place, and leftovers out of it.

Nothing here follows a link below the top of the output, and every change of a name is one that a kill cannot halve.
"""

from __future__ import annotations

import contextlib
import errno
import os
import shutil
import stat
from bisect import bisect_left
from collections.abc import Sequence
from typing import Final

_WRITE: Final = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | getattr(os, "O_BINARY", 0)


class Folders:
    """What stands where an output's folders are or will be: each is looked at once."""

    def __init__(self, top: str) -> None:
        self._top = top
        self._bars: dict[str, str | None] = {"": ""}

    def bar(self, folder: str) -> str | None:
        """The path of what is no folder and stands in the way; empty for a real folder, None where nothing is yet."""
        if folder not in self._bars:
            above = self.bar(folder.rpartition("/")[0])
            self._bars[folder] = above if above != "" else self._look(folder)
        return self._bars[folder]

    def _look(self, folder: str) -> str | None:
        mode = mode_of(self._top + folder)
        return None if not mode else "" if stat.S_ISDIR(mode) else folder


class Moves:
    """What one publication changes below `top`. A file that is replaced or removed keeps a second name in `old`."""

    def __init__(self, top: str, old: str) -> None:
        self._top, self._old = top, old
        self._done: list[tuple[str, str]] = []  # path and second name; none where nothing had stood there

    def place(self, source: str, path: str = "") -> None:
        """Moves what the folder `source` holds to `path` (empty, or with a slash at its end). Raises OSError.

        Folders come before files: where a visitor finds a new list, the pages that it leads to are there.
        """
        with os.scandir(source) as entries:
            found = sorted((not entry.is_dir(follow_symlinks=False), entry.name) for entry in entries)
        for is_file, name in found:
            (self._place_file if is_file else self._place_folder)(f"{source}/{name}", path + name)

    def _place_folder(self, staged: str, path: str) -> None:
        target = self._top + path
        if stat.S_ISDIR(mode_of(target)):
            self.place(staged, path + "/")
        elif _rename(staged, target):
            self._done.append((path, ""))
        else:
            os.mkdir(target)
            self._done.append((path, ""))
            self.place(staged, path + "/")

    def _place_file(self, staged: str, path: str) -> None:
        target = self._top + path
        if stat.S_ISDIR(mode_of(target)):
            _remove_empty(target)
        second = self._second_name(target)
        move(staged, target)
        self._done.append((path, second))

    def remove(self, paths: Sequence[str]) -> None:
        """Removes files, and folders that this leaves empty. Raises OSError."""
        folders = Folders(self._top)
        for path in paths:
            if folders.bar(path.rpartition("/")[0]):
                continue
            target = self._top + path
            mode = mode_of(target)
            if mode and not stat.S_ISDIR(mode):
                second = self._second_name(target)
                os.unlink(target)
                self._done.append((path, second))
            self._prune(path)

    def undo(self, placed: Sequence[str]) -> None:
        """Puts back all that was moved, last first. `placed`: the sorted paths of what the stage held. Raises OSError.

        Of a folder that was placed whole these files alone go, for others may have come since.
        """
        for path, second in reversed(self._done):
            if second:
                self._restore(second, path)
            else:
                inside = placed[bisect_left(placed, path + "/") : bisect_left(placed, path + "0")]  # "0" follows "/"
                for file in inside or [path]:
                    self._take_out(file)

    def _restore(self, second: str, path: str) -> None:
        target = self._top + path
        os.makedirs(os.path.dirname(target), exist_ok=True)
        move(second, target)

    def _take_out(self, path: str) -> None:
        if mode_of(self._top + path):
            os.unlink(self._top + path)
        self._prune(path)

    def _second_name(self, target: str) -> str:
        """A second name for the file that is about to go; empty where there is none."""
        if not mode_of(target):
            return ""
        second = f"{self._old}/{len(self._done)}"
        try:
            os.link(target, second, follow_symlinks=False)
        except OSError:
            shutil.copy2(target, second, follow_symlinks=False)
        return second

    def _prune(self, path: str) -> None:
        """Removes the folders above `path` that are empty."""
        while "/" in path:
            path = path.rpartition("/")[0]
            try:
                os.rmdir(self._top + path)
            except FileNotFoundError:
                continue
            except OSError:
                return


def mode_of(path: str) -> int:
    """The mode of what stands at `path`, a link's own; 0 where nothing does."""
    try:
        return os.lstat(path).st_mode
    except OSError:
        return 0


def write(path: str, data: bytes, *, sync: bool = False) -> None:
    """Writes a file; with `sync` it is on the disk when this returns. Raises OSError."""
    file = os.open(path, _WRITE, 0o666)
    try:
        rest = memoryview(data)
        while rest:
            rest = rest[os.write(file, rest) :]
        if sync:
            os.fsync(file)
    finally:
        os.close(file)


def move(source: str, target: str) -> None:
    """Renames a file over `target`; from another file system it is copied beside it first. Raises OSError."""
    if _rename(source, target):
        return
    beside = f"{os.path.dirname(target)}/.newsgen-{os.getpid()}.tmp"
    try:
        shutil.copyfile(source, beside)
        os.replace(beside, target)
    except OSError:
        with contextlib.suppress(OSError):
            os.unlink(beside)
        raise


def _rename(source: str, target: str) -> bool:
    """Whether `source` could be renamed: not where `target` lies on another file system. Raises OSError."""
    try:
        os.replace(source, target)
    except OSError as failure:
        if failure.errno != errno.EXDEV:
            raise
        return False
    return True


def _remove_empty(folder: str) -> None:
    """Removes a folder that holds nothing but empty folders. Raises OSError where it holds more."""
    for inner, _, _ in os.walk(folder, topdown=False):
        os.rmdir(inner)
