"""The only writer: an output folder, what newsgen owns in it, and the two phases in which it changes.

All is rendered into a stage that mirrors the output. Then a journal of what will be placed is written and synced, what
is staged is renamed into its place (a folder whole, where nothing stands there), leftovers that newsgen owns are
removed, and the manifest is replaced. At any instant the output holds only whole files, each old or new; a kill is
mended by the next build, which owns what the journals of killed builds list.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import stat
import time
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import Final

import msgspec

from newsgen import config, digest
from newsgen.diagnostics import Diagnostic, Place, error
from newsgen.engine.moves import Folders, Moves, mode_of, move, write
from newsgen.engine.sources import Known, Signature, signature

MANIFEST: Final = ".newsgen-manifest"
_DIGITS: Final = 2 * digest.LENGTH


class Journal(msgspec.Struct, frozen=True):
    """What a publication is about to place, digests by path, and what killed ones before it had placed."""

    files: dict[str, str]
    earlier: dict[str, str]


class Staged(msgspec.Struct, frozen=True):
    """A file that waits in the stage for its place."""

    path: str
    digest: str


class Output:
    """One output folder, locked for one build. `stage` is the folder that `stage_file` is given."""

    def __init__(self, root: Path, folder: Path) -> None:
        self.root, self.folder = root, folder
        self._top = f"{folder}/"
        self._journal = str(root / config.STATE / f"publish{_suffix(root, folder)}.json")
        self.stage = str(stage_of(root, folder))
        self._room = os.path.dirname(self.stage)

    # ---- what is ours ----

    @cached_property
    def owned(self) -> dict[str, str]:
        """Digests by path of what newsgen wrote: what the manifest lists, and what killed builds placed."""
        return parse_manifest(self._manifest) | self._placed_before

    def manifest_digest(self) -> str:
        """The digest of the manifest's bytes; empty where it is absent, or where it does not list all that is ours."""
        return digest.of_bytes(self._manifest) if self._manifest and not os.path.lexists(self._journal) else ""

    @cached_property
    def _manifest(self) -> bytes:
        try:
            return Path(self._top + MANIFEST).read_bytes()
        except OSError:
            return b""

    @cached_property
    def _placed_before(self) -> dict[str, str]:
        """What the journal of a killed build lists, or handed on from one before it, and what stands there."""
        try:
            journal = msgspec.json.decode(Path(self._journal).read_bytes(), type=Journal)
        except (OSError, msgspec.MsgspecError):
            return {}
        return self._standing(journal.earlier) | self._standing(journal.files)

    def claim(self, published: Mapping[str, str]) -> None:
        """Owns what the cache says was published, digests by path, and what stands there: a manifest can get lost."""
        self.owned.update(self._standing(published))

    def _standing(self, digests: Mapping[str, str]) -> dict[str, str]:
        return {path: wanted for path, wanted in digests.items() if _digest_of(self._top + path) == wanted}

    def current(self, path: str) -> Known | None:
        """The digest and signature of the file at `path` as it is now; None where there is no such file."""
        now = self.signature(path)
        found = _digest_of(self._top + path)
        return Known(now, found) if now and found else None

    def signature(self, path: str) -> Signature | None:
        """The signature of what stands at `path`; None where nothing does."""
        return self.signatures([path])[0]

    def signatures(self, paths: Sequence[str]) -> list[Signature | None]:
        """The signature of what stands at each path; None where nothing does. The clock is read before the files."""
        top, found = self._top, list[Signature | None]()
        for start in range(0, len(paths), 64):
            seen = time.time_ns()
            for path in paths[start : start + 64]:
                try:
                    found.append(signature(os.lstat(top + path), seen))
                except OSError:
                    found.append(None)
        return found

    def intruders(self, paths: Iterable[str]) -> Iterator[Diagnostic]:
        """Errors for files and folders of somebody else that stand where newsgen must write."""
        folders = Folders(self._top)
        for path in paths:
            if foreign := self._foreign(path, folders):
                place = Place(str(self.folder / foreign))
                yield error(
                    "NG-601", place, f"not made by newsgen, yet in the way of /{path}", "Move or rename that file."
                )

    def _foreign(self, path: str, folders: Folders) -> str:
        """The path of what is not ours and stands at, above or below `path`; empty where nothing does."""
        bar = folders.bar(path.rpartition("/")[0])
        if bar is None:
            return ""
        if bar:
            return "" if bar in self.owned and not os.path.islink(self._top + bar) else bar
        mode = mode_of(self._top + path)
        if stat.S_ISDIR(mode):
            return self._foreign_inside(path)
        return path if mode and path not in self.owned else ""

    def _foreign_inside(self, path: str) -> str:
        for found in sorted((self.folder / path).rglob("*")):
            inner = found.relative_to(self.folder).as_posix()
            if inner not in self.owned and not stat.S_ISDIR(mode_of(str(found))):
                return inner
        return ""

    # ---- phase one: the stage ----

    def clear_stage(self) -> None:
        """An empty stage. Raises OSError where one cannot be had: what another build left must not be published."""
        self.drop_stage()
        os.makedirs(self.stage)
        os.mkdir(f"{self._room}/old")

    def drop_stage(self) -> None:
        with contextlib.suppress(OSError):
            shutil.rmtree(self._room)

    # ---- phase two: publish ----

    def publish(self, staged: Sequence[Staged], gone: Sequence[str], manifest: Mapping[str, str]) -> str:
        """Places all that is in the stage and removes `gone`; the digest of the new manifest's bytes.

        `staged` lists what the stage holds. Raises OSError after putting back what was moved.
        """
        data = manifest_bytes(manifest)
        if staged or gone or data != self._manifest:
            self._write_journal(staged)
            moves = Moves(self._top, f"{self._room}/old")
            try:
                early, late = _removals(staged, gone)
                moves.remove(early)
                moves.place(self.stage)
                moves.remove(late)
                write(f"{self._room}/manifest", data)
                move(f"{self._room}/manifest", self._top + MANIFEST)
            except OSError as failure:
                self._undo(moves, staged, failure)
                raise
        with contextlib.suppress(OSError):  # the new site is whole: a journal that cannot go says the same
            os.unlink(self._journal)
        return digest.of_bytes(data)

    def _write_journal(self, staged: Sequence[Staged]) -> None:
        files = {one.path: one.digest for one in staged}
        journal = Journal(files, self._placed_before)
        write(f"{self._room}/journal", msgspec.json.encode(journal), sync=True)
        os.replace(f"{self._room}/journal", self._journal)

    def _undo(self, moves: Moves, staged: Sequence[Staged], failure: OSError) -> None:
        """Puts the old site back. What cannot be put back is said; the next build mends it."""
        try:
            moves.undo(sorted(one.path for one in staged))
        except OSError:
            failure.add_note("Part of the new site is in place; the next good build finishes or mends it.")
            return
        if not self._placed_before:
            with contextlib.suppress(OSError):
                os.unlink(self._journal)


def stage_of(root: Path, folder: Path) -> Path:
    """The stage of an output folder, which mirrors it."""
    return root / config.STATE / f"stage{_suffix(root, folder)}" / "new"


def _suffix(root: Path, folder: Path) -> str:
    return "" if folder == root / "site" else "-" + digest.of_text(str(folder))[:8]


def stage_file(stage: str, path: str, data: bytes) -> None:
    """Writes a file of the stage, in any process. Raises OSError."""
    full = f"{stage}/{path}"
    folder = full.rpartition("/")[0]
    try:
        os.mkdir(folder)  # first, for most pages have a folder of their own
    except FileExistsError:
        pass
    except FileNotFoundError:
        os.makedirs(folder, exist_ok=True)
    write(full, data)


def manifest_bytes(digests: Mapping[str, str]) -> bytes:
    """The manifest: a line for each file, its digest and its path, in the order of the paths."""
    return "".join([f"{digests[path]}  {path}\n" for path in sorted(digests)]).encode()


def parse_manifest(data: bytes) -> dict[str, str]:
    """Digests by path of what a manifest lists; what is no manifest lists nothing."""
    try:
        text = data.replace(b"\r\n", b"\n").decode()
    except UnicodeDecodeError:
        return {}
    end, start = _DIGITS, _DIGITS + 2
    found = {line[start:]: line[:end] for line in text.split("\n") if line[end:start] == "  " and len(line) > start}
    if any(sign in data for sign in (b"  /", b"..", b"\\", b":")):
        return {path: wanted for path, wanted in found.items() if _inside(path)}
    return found


def _inside(path: str) -> bool:
    """Whether a path from the manifest stays in the folder: a forged one must not delete elsewhere."""
    return not path.startswith("/") and ".." not in path.split("/") and "\\" not in path and ":" not in path


def _removals(staged: Sequence[Staged], gone: Sequence[str]) -> tuple[list[str], list[str]]:
    """Leftovers that must go before anything is placed (twins in case, files that become folders), and the rest."""
    if not gone:
        return [], []
    coming = {_folded(one.path) for one in staged}
    folders = {folder for path in coming for folder in _folders(path)}
    early: list[str] = []
    late: list[str] = []
    for path in gone:
        folded = _folded(path)
        first = folded in coming or folded in folders or not coming.isdisjoint(_folders(folded))
        (early if first else late).append(path)
    return early, late


def _folders(path: str) -> Iterator[str]:
    while "/" in path:
        path = path.rpartition("/")[0]
        yield path


def _folded(path: str) -> str:
    return unicodedata.normalize("NFC", path).casefold()


def _digest_of(path: str) -> str:
    """The digest of a regular file's bytes; empty for all else."""
    try:
        return digest.of_bytes(Path(path).read_bytes()) if stat.S_ISREG(mode_of(path)) else ""
    except OSError:
        return ""
