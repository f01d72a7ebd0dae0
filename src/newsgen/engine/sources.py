"""The only reader: which files a site is made of, and their digests, taken from a stat signature where it can be."""

from __future__ import annotations

import os
import re
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import msgspec

from newsgen import config, digest
from newsgen.diagnostics import Diagnostic, Place, error

# Editors' litter: swap files, backups, lock files and vim's probe.
LITTER: Final = re.compile(
    r"(.*~|\.#.*|#.*#|.*\.sw[a-p]|4913|\.DS_Store|Thumbs\.db|desktop\.ini|.*\.(tmp|bak|orig))", re.I
)

# A file whose times are younger than this when it is stat'ed may change again within the clock's own step.
MARGIN_NS: Final = 50_000_000
# A file system that keeps whole (or even) seconds shows it by its times; there the margin is wider.
COARSE_MARGIN_NS: Final = 3_000_000_000
HAS_CTIME: Final = sys.platform != "win32"


class Signature(msgspec.Struct, frozen=True, array_like=True):
    """What stat says of a file. `settled`: its times were old enough for equal signatures to mean equal bytes."""

    size: int
    mtime_ns: int
    ctime_ns: int
    inode: int
    device: int
    settled: bool


class SourceFile(msgspec.Struct, frozen=True):
    """A file of the site: `id` is its path from the root with slashes, `path` where it is."""

    id: str
    path: str
    digest: str


class Known(msgspec.Struct, frozen=True, array_like=True):
    """What the cache knows of a file."""

    signature: Signature
    digest: str


class Sources(msgspec.Struct, frozen=True):
    """All files found, sorted by id, what to remember of them, and what could not be read."""

    content: tuple[SourceFile, ...]
    siblings: tuple[SourceFile, ...]
    templates: tuple[SourceFile, ...]
    static: tuple[SourceFile, ...]
    known: dict[str, Known]
    diagnostics: tuple[Diagnostic, ...]


def signature(stat: os.stat_result, seen_ns: int) -> Signature:
    """The signature of a file that was stat'ed at `seen_ns` (nanoseconds since the epoch)."""
    newest = max(stat.st_mtime_ns, stat.st_ctime_ns)
    coarse = stat.st_mtime_ns % 1_000_000_000 == 0 and stat.st_ctime_ns % 1_000_000_000 == 0
    margin = COARSE_MARGIN_NS if coarse else MARGIN_NS
    settled = HAS_CTIME and newest + margin < seen_ns
    return Signature(stat.st_size, stat.st_mtime_ns, stat.st_ctime_ns, stat.st_ino, stat.st_dev, settled)


def same_file(known: Signature, now: Signature) -> bool:
    """Whether `now` proves that the bytes are those that were read when `known` was taken."""
    return known.settled and msgspec.structs.replace(now, settled=True) == known


def read_bytes(path: str | Path) -> bytes:
    return Path(path).read_bytes()


def find(root: Path, known: dict[str, Known]) -> Sources:
    """The files of the site under `root`; `known` are the signatures of the last build, by id."""
    return _Finder(root, known).find()


def theme_files(folder: Path) -> tuple[SourceFile, ...]:
    """The files of a theme folder, by their path in it. Raises OSError."""
    paths = sorted(path for path in folder.rglob("*") if path.is_file() and not LITTER.fullmatch(path.name))
    return tuple(
        SourceFile(path.relative_to(folder).as_posix(), str(path), digest.of_bytes(path.read_bytes())) for path in paths
    )


class _Finder:
    def __init__(self, root: Path, known: dict[str, Known]) -> None:
        self.root, self.before = root, known
        self.home = os.path.realpath(root)
        self.known: dict[str, Known] = {}
        self.diagnostics: list[Diagnostic] = []

    def find(self) -> Sources:
        content: list[SourceFile] = []
        siblings: list[SourceFile] = []
        for file in self._folder(config.CONTENT, hidden=False):
            (content if file.id.endswith(".md") else siblings).append(file)
        templates = tuple(self._folder(config.TEMPLATES, hidden=False))
        static = tuple(self._folder(config.STATIC, hidden=True))
        return Sources(tuple(content), tuple(siblings), templates, static, self.known, tuple(self.diagnostics))

    def _folder(self, name: str, *, hidden: bool) -> list[SourceFile]:
        """The files below a source folder, sorted by id. With `hidden`, names that begin with . or _ count too."""
        top = self.root / name
        if not top.is_dir():
            return []
        return sorted(self._walk(str(top), name, hidden, frozenset()), key=lambda file: file.id)

    def _walk(self, folder: str, id: str, hidden: bool, above: frozenset[str]) -> Iterator[SourceFile]:
        real = os.path.realpath(folder)
        if real in above:
            return  # a link that leads back to where it came from
        try:
            with os.scandir(folder) as entries:
                found = sorted(entries, key=lambda entry: entry.name)
        except OSError as failure:
            self._refuse("NG-103", id, f"folder cannot be read: {failure.strerror}", "Check its permissions.")
            return
        for entry in found:
            if not self._counts(entry.name, hidden):
                continue
            inner = f"{id}/{entry.name}"
            if _broken_name(entry.name):
                shown = inner.encode("utf-8", "backslashreplace").decode()
                self._refuse("NG-119", shown, "the file's name is not UTF-8", "Rename the file.")
            elif entry.is_symlink() and not self._stays(entry.path):
                self._refuse(
                    "NG-120", inner, "link leads out of the site's folder, or nowhere", "Copy the file instead."
                )
            elif entry.is_dir():
                yield from self._walk(entry.path, inner, hidden, above | {real})
            elif entry.is_file():
                if file := self._file(entry, inner):
                    yield file
            else:
                self._refuse("NG-103", inner, "neither a file nor a folder", "Take it away.")

    def _counts(self, name: str, hidden: bool) -> bool:
        if LITTER.fullmatch(name) or name == ".git" or name.startswith(".newsgen"):
            return False
        return hidden or name == "_index.md" or not name.startswith((".", "_"))

    def _stays(self, path: str) -> bool:
        real = os.path.realpath(path)
        return real.startswith(self.home + os.sep) and os.path.exists(real)

    def _file(self, entry: os.DirEntry[str], id: str) -> SourceFile | None:
        seen = time.time_ns()
        try:
            now = signature(entry.stat(), seen)
            before = self.before.get(id)
            if before is not None and same_file(before.signature, now):
                known = before
            else:
                known = Known(now, digest.of_bytes(read_bytes(entry.path)))
        except OSError as failure:
            self._refuse("NG-103", id, f"file cannot be read: {failure.strerror}", "Check its permissions.")
            return None
        self.known[id] = known
        return SourceFile(id, entry.path, known.digest)

    def _refuse(self, code: str, id: str, message: str, help: str) -> None:
        self.diagnostics.append(error(code, Place(id), message, help))


def _broken_name(name: str) -> bool:
    try:
        name.encode("utf-8")
    except UnicodeEncodeError:
        return True
    return False
