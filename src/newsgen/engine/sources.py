"""The only reader: which files a site is made of, and their digests, taken from a stat signature where it can be."""

from __future__ import annotations

import os
import re
import stat
import struct
import sys
import time
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

import msgspec

from newsgen import config, digest
from newsgen.diagnostics import Diagnostic, Place, error

# Editors' litter: swap files, backups, lock files and vim's probe.
LITTER: Final = re.compile(
    r"(.*~|\.#.*|#.*#|.*\.sw[a-p]|4913|\.DS_Store|Thumbs\.db|desktop\.ini|.*\.(tmp|bak|orig))", re.I
)
_ORDINARY: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]*\.md")  # a name that needs no other check

# A file whose times are younger than this when it is stat'ed may change again within the clock's own step.
MARGIN_NS: Final = 50_000_000
# A file system that keeps whole (or even) seconds shows it by its times; there the margin is wider.
COARSE_MARGIN_NS: Final = 3_000_000_000
HAS_CTIME: Final = sys.platform != "win32"

Signature = bytes
"""What stat says of a file (size, times, inode, device), packed; its last byte says whether it was *settled*: its
times were old enough for equal signatures to mean equal bytes. Empty where there is no file."""

_PACK: Final = struct.Struct("<QQQQQ").pack
_64_BITS: Final = 2**64 - 1


class Note(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """What `parse` made of a content file: digests of its card (empty where it has no value), of its body, and of the
    body with what is counted and listed of it, and of the body with all that it names and the plan must resolve (empty
    where it names nothing); and whether there are diagnostics."""

    card: str = ""
    body: str = ""
    text: str = ""
    links: str = ""
    said: bool = False


class Known(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """What the cache knows of a file; a content file that was parsed has a note."""

    signature: Signature
    digest: str
    note: Note | None = None


class SourceFile(msgspec.Struct, frozen=True):
    """A file of the site: `id` is its path from the root with slashes."""

    id: str
    digest: str


class Sources(msgspec.Struct, frozen=True):
    """All files found, sorted by id, and what could not be read.

    `known` holds every file whose digest is known; the bytes of those in `unread`, all content, must be read.
    """

    content: tuple[str, ...]
    unread: tuple[str, ...]
    siblings: tuple[SourceFile, ...]
    templates: tuple[SourceFile, ...]
    static: tuple[SourceFile, ...]
    known: dict[str, Known]
    diagnostics: tuple[Diagnostic, ...]


def signature(status: os.stat_result, seen_ns: int) -> Signature:
    """The signature of a file that was stat'ed at `seen_ns` (nanoseconds since the epoch)."""
    modified, changed = status.st_mtime_ns, status.st_ctime_ns
    coarse = modified % 1_000_000_000 == 0 and changed % 1_000_000_000 == 0
    settled = HAS_CTIME and max(modified, changed) + (COARSE_MARGIN_NS if coarse else MARGIN_NS) < seen_ns
    return _stamp(status) + (b"\x01" if settled else b"\x00")


def _stamp(status: os.stat_result) -> bytes:
    """A signature without its last byte."""
    times = status.st_mtime_ns & _64_BITS, status.st_ctime_ns & _64_BITS
    return _PACK(status.st_size, *times, status.st_ino & _64_BITS, status.st_dev & _64_BITS)


def same_file(known: Signature, now: Signature) -> bool:
    """Whether `now` proves that the bytes are those that were read when `known` was taken."""
    return known[-1:] == b"\x01" and known[:-1] == now[:-1]


def read_bytes(path: str | Path) -> bytes:
    with open(path, "rb", buffering=0) as file:
        return file.readall()


def read_signed(path: str) -> tuple[Signature, bytes]:
    """A file's signature, taken before it was read, and its bytes. Raises OSError."""
    seen = time.time_ns()
    now = signature(os.stat(path), seen)
    return now, read_bytes(path)


def find(root: Path, known: dict[str, Known], follow: Iterable[str] = ()) -> Sources:
    """The files of the site under `root`; `known` is what the last build knew of them, by id.

    `follow` are the files and folders beside those of sources to which links may lead, seen from `root`.
    """
    return _Finder(root, known, follow).find()


def again(root: Path, last: Sources, known: dict[str, Known], paths: Iterable[str]) -> Sources | None:
    """What `find` would give where only the bytes at some `paths` are others than when it gave `last`; `known` is what
    is known of its files now.

    None where only a look at all files can tell: one has come or gone, or is no plain file.
    """
    if last.diagnostics:
        return None
    now = dict(known)
    unread: list[str] = []
    for id in sorted(set(paths)):
        if id not in known:
            return None
        path = os.path.join(root, id)
        try:
            if not stat.S_ISREG(os.lstat(path).st_mode):
                return None
            if id.startswith(f"{config.CONTENT}/") and id.endswith(".md"):
                del now[id]
                unread.append(id)
            else:
                signature, data = read_signed(path)
                now[id] = Known(signature, digest.of_bytes(data))
        except OSError:
            return None

    def files(some: tuple[SourceFile, ...]) -> tuple[SourceFile, ...]:
        return tuple([SourceFile(one.id, now[one.id].digest) for one in some])

    siblings, templates, static = files(last.siblings), files(last.templates), files(last.static)
    return Sources(last.content, tuple(unread), siblings, templates, static, now, ())


def theme_files(folder: Path) -> tuple[SourceFile, ...]:
    """The files of a theme folder, by their path in it. Raises OSError."""
    found: list[SourceFile] = []
    for path, _, names in os.walk(folder):
        inner = os.path.relpath(path, folder).replace(os.sep, "/")
        for name in names:
            if not LITTER.fullmatch(name):
                id = name if inner == "." else f"{inner}/{name}"
                found.append(SourceFile(id, digest.of_bytes(read_bytes(os.path.join(path, name)))))
    return tuple(sorted(found, key=lambda file: file.id))


class _Finder:
    def __init__(self, root: Path, known: dict[str, Known], follow: Iterable[str]) -> None:
        self.root, self.before = root, known
        home = os.path.realpath(root)
        own = [os.path.join(home, name) for name in (config.CONTENT, config.TEMPLATES, config.STATIC)]
        self.homes = (*own, *[os.path.realpath(root / one) for one in follow])
        self.known: dict[str, Known] = {}
        self.diagnostics: list[Diagnostic] = []

    def find(self) -> Sources:
        content: list[str] = []
        unread: list[str] = []
        others: list[str] = []
        for id, entry in self._folder(config.CONTENT, hidden=False):
            if not id.endswith(".md"):
                others.append(id)
                self._read(id, entry)
                continue
            content.append(id)
            if not self._is_known(id, entry):
                unread.append(id)
        siblings = self._files(others)
        templates, static = (
            self._files([id for id, entry in self._folder(name, hidden=hidden) if self._read(id, entry)])
            for name, hidden in ((config.TEMPLATES, False), (config.STATIC, True))
        )
        content.sort()
        unread.sort()
        return Sources(tuple(content), tuple(unread), siblings, templates, static, self.known, tuple(self.diagnostics))

    def _files(self, ids: list[str]) -> tuple[SourceFile, ...]:
        return tuple(SourceFile(id, self.known[id].digest) for id in sorted(ids) if id in self.known)

    def _folder(self, name: str, *, hidden: bool) -> Iterator[tuple[str, os.DirEntry[str]]]:
        """The files below a source folder by id. With `hidden`, names that begin with . or _ count too."""
        top = self.root / name
        if top.is_symlink() and not self._stays(str(top)):
            self._leads_out(name)
        elif top.is_dir():
            yield from self._walk(str(top), name, hidden, frozenset())

    def _walk(
        self, folder: str, id: str, hidden: bool, above: frozenset[str]
    ) -> Iterator[tuple[str, os.DirEntry[str]]]:
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
            name = entry.name
            inner = f"{id}/{name}"
            if _ORDINARY.fullmatch(name) and entry.is_file(follow_symlinks=False):
                yield inner, entry
                continue
            if not self._counts(name, hidden):
                continue
            if _broken_name(name):
                shown = inner.encode("utf-8", "backslashreplace").decode()
                self._refuse("NG-119", shown, "the file's name is not UTF-8", "Rename the file.")
            elif entry.is_symlink() and not self._stays(entry.path):
                self._leads_out(inner)
            elif entry.is_dir():
                yield from self._walk(entry.path, inner, hidden, above | {real})
            elif entry.is_file():
                yield inner, entry
            else:
                self._refuse("NG-103", inner, "neither a file nor a folder", "Take it away.")

    def _counts(self, name: str, hidden: bool) -> bool:
        if LITTER.fullmatch(name) or name == ".git" or name.startswith(".newsgen"):
            return False
        return hidden or name == "_index.md" or not name.startswith((".", "_"))

    def _stays(self, path: str) -> bool:
        real = os.path.realpath(path)
        return os.path.exists(real) and any(real == home or real.startswith(home + os.sep) for home in self.homes)

    def _is_known(self, id: str, entry: os.DirEntry[str]) -> bool:
        """Whether the stat signature of a file proves that it is as the last build knew it."""
        before = self.before.get(id)
        if before is None:
            return False
        try:
            if before.signature != _stamp(entry.stat()) + b"\x01":
                return False
        except OSError:
            return False  # whoever reads it will say why it cannot be read
        self.known[id] = before
        return True

    def _read(self, id: str, entry: os.DirEntry[str]) -> bool:
        """Notes the digest of a file; False, with a diagnostic, where it cannot be read."""
        if self._is_known(id, entry):
            return True
        try:
            now, data = read_signed(entry.path)
        except OSError as failure:
            self._refuse("NG-103", id, f"file cannot be read: {failure.strerror}", "Check its permissions.")
            return False
        self.known[id] = Known(now, digest.of_bytes(data))
        return True

    def _leads_out(self, id: str) -> None:
        help = 'Copy what is there, or name where it leads in newsgen.toml: [sources] follow = ["../photos"]'
        self._refuse("NG-120", id, "link leads out of content/, static/ and templates/, or nowhere", help)

    def _refuse(self, code: str, id: str, message: str, help: str) -> None:
        self.diagnostics.append(error(code, Place(id), message, help))


def _broken_name(name: str) -> bool:
    try:
        name.encode("utf-8")
    except UnicodeEncodeError:
        return True
    return False
