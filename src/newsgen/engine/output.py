"""The only writer: an output folder, what newsgen owns in it, and the two phases in which it changes.

All is rendered into a stage first. Then a journal of what will be placed is written and synced, each changed file is
renamed into its place, leftovers that newsgen owns are removed, and the manifest is replaced. At any instant the folder
holds only whole files, each old or new; a kill is mended by the next build, which owns what the journal lists.
"""

from __future__ import annotations

import contextlib
import errno
import os
import shutil
import time
import unicodedata
from collections.abc import Generator, Iterable, Iterator, Mapping
from pathlib import Path
from typing import IO, Final

import msgspec

from newsgen import config, digest
from newsgen.diagnostics import Diagnostic, Place, Refused, error
from newsgen.engine.sources import Known, Signature, same_file, signature

MANIFEST: Final = ".newsgen-manifest"
LOCK_SECONDS: Final = 10.0


class Journal(msgspec.Struct, frozen=True):
    """What a publication is about to place: digests by path."""

    output: str
    files: dict[str, str]


class Staged(msgspec.Struct, frozen=True):
    """A file that waits in the stage for its place."""

    path: str
    stage: str
    digest: str


class Output:
    """One output folder, locked for one build."""

    def __init__(self, root: Path, folder: Path) -> None:
        self.root, self.folder = root, folder
        name = "" if folder == root / "site" else "-" + digest.of_text(str(folder))[:8]
        state = root / config.STATE
        self.journal = state / f"publish{name}.json"
        self.stage = state / f"stage{name}"
        self.owned = self._owned()
        self._staged = 0

    # ---- what is ours ----

    def _owned(self) -> dict[str, str]:
        """Digests by path, from the manifest and from what a killed build's journal lists and did place."""
        owned = read_manifest(self.folder)
        with contextlib.suppress(OSError, msgspec.MsgspecError):
            journal = msgspec.json.decode(self.journal.read_bytes(), type=Journal)
            for path, wanted in journal.files.items() if journal.output == str(self.folder) else ():
                if _digest_of(self.folder / path) == wanted:
                    owned[path] = wanted
        return owned

    def current(self, path: str, known: Known | None) -> Known | None:
        """The digest and signature of the file at `path` as it is now; None where there is no such file."""
        full = self.folder / path
        seen = time.time_ns()
        try:
            stat = os.lstat(full)
        except OSError:
            return None
        now = signature(stat, seen)
        if known is not None and same_file(known.signature, now):
            return known
        found = _digest_of(full)
        return Known(now, found) if found else None

    def signature(self, path: str) -> Signature | None:
        """The signature of a file that has just been placed or found right."""
        seen = time.time_ns()
        try:
            return signature(os.lstat(self.folder / path), seen)
        except OSError:
            return None

    def intruders(self, paths: Iterable[str]) -> Iterator[Diagnostic]:
        """Errors for files and folders of somebody else that stand where newsgen must write."""
        for path in paths:
            full = self.folder / path
            if full.is_dir() and not full.is_symlink():
                foreign = self._foreign_inside(full, path)
            else:
                foreign = path if os.path.lexists(full) and path not in self.owned else self._foreign_above(path)
            if foreign:
                place = Place(str(self.folder / foreign))
                yield error(
                    "NG-601", place, f"not made by newsgen, yet in the way of /{path}", "Move or rename that file."
                )

    def _foreign_inside(self, folder: Path, path: str) -> str:
        for found in sorted(folder.rglob("*")):
            inner = found.relative_to(self.folder).as_posix()
            if not found.is_dir() and inner not in self.owned:
                return inner
        return ""

    def _foreign_above(self, path: str) -> str:
        parts = path.split("/")
        above = ("/".join(parts[:n]) for n in range(1, len(parts)))
        return next((p for p in above if self._bars(p)), "")

    def _bars(self, path: str) -> bool:
        """Whether a folder cannot be made at `path`: newsgen makes no links, and follows none out of its output."""
        full = self.folder / path
        return full.is_symlink() or (full.is_file() and path not in self.owned)

    # ---- phase one: the stage ----

    def clear_stage(self) -> None:
        shutil.rmtree(self.stage, ignore_errors=True)
        self.stage.mkdir(parents=True)

    def place_in_stage(self) -> str:
        """The path of the next file of the stage."""
        self._staged += 1
        return str(self.stage / str(self._staged))

    # ---- phase two: publish ----

    def publish(self, staged: list[Staged], gone: list[str], manifest: Mapping[str, str]) -> None:
        """Places what is staged and removes `gone`. Raises OSError after putting back what was placed."""
        if not staged and not gone and manifest == read_manifest(self.folder):
            return
        self._write_journal(staged)
        undo: list[tuple[Path, Path | None]] = []
        try:
            early, late = self._removals(staged, gone)
            self._remove(early, undo)
            for folder in sorted({(self.folder / one.path).parent for one in staged}):
                folder.mkdir(parents=True, exist_ok=True)
            for one in staged:
                self._place(one, undo)
            self._remove(late, undo)
            self._write_manifest(manifest)
        except OSError as failure:
            self._put_back(undo, failure)
            raise
        self._tidy(gone)
        with contextlib.suppress(OSError):  # the new site is whole: a journal that cannot go says the same
            self.journal.unlink(missing_ok=True)

    def _write_journal(self, staged: list[Staged]) -> None:
        self.journal.parent.mkdir(parents=True, exist_ok=True)
        journal = Journal(str(self.folder), {one.path: one.digest for one in staged})
        with self.journal.open("wb") as file:
            file.write(msgspec.json.encode(journal))
            file.flush()
            os.fsync(file.fileno())

    def _removals(self, staged: list[Staged], gone: list[str]) -> tuple[list[str], list[str]]:
        """Leftovers that must go before anything is placed (twins in case, files that become folders), and the rest."""
        coming = {_folded(one.path) for one in staged}
        folders = {folder for one in staged for folder in _folders(_folded(one.path))}
        early = [
            path
            for path in gone
            if _folded(path) in coming or _folded(path) in folders or coming.intersection(_folders(_folded(path)))
        ]
        return early, [path for path in gone if path not in set(early)]

    def _place(self, one: Staged, undo: list[tuple[Path, Path | None]]) -> None:
        target = self.folder / one.path
        if target.is_dir() and not target.is_symlink():
            _remove_empty(target)
        backup = self._backup(target)
        try:
            os.replace(one.stage, target)
        except OSError as failure:
            if failure.errno != errno.EXDEV:
                raise
            _copy_beside(one.stage, target)
        undo.append((target, backup))

    def _remove(self, paths: list[str], undo: list[tuple[Path, Path | None]]) -> None:
        for path in paths:
            target = self.folder / path
            if os.path.lexists(target) and not target.is_dir() and not self._behind_link(path):
                backup = self._backup(target)
                target.unlink()
                undo.append((target, backup))
                _remove_empty_above(target, self.folder)

    def _behind_link(self, path: str) -> bool:
        return any((self.folder / above).is_symlink() for above in _folders(path))

    def _backup(self, target: Path) -> Path | None:
        """A second name, in the stage, for the file that is about to go; None where there is none."""
        if not os.path.lexists(target):
            return None
        self._staged += 1
        backup = self.stage / f"{self._staged}.old"
        try:
            os.link(target, backup, follow_symlinks=False)
        except OSError:
            shutil.copy2(target, backup, follow_symlinks=False)
        return backup

    def _put_back(self, undo: list[tuple[Path, Path | None]], failure: OSError) -> None:
        """Undoes what was placed, last first. What cannot be put back is said; the next build mends it."""
        for target, backup in reversed(undo):
            try:
                if backup is None:
                    target.unlink()
                    _remove_empty_above(target, self.folder)
                else:
                    target.parent.mkdir(parents=True, exist_ok=True)
                    if target.is_dir() and not target.is_symlink():
                        _remove_empty(target)
                    try:
                        os.replace(backup, target)
                    except OSError as refused:
                        if refused.errno != errno.EXDEV:
                            raise
                        _copy_beside(str(backup), target)
            except OSError:
                failure.add_note("Part of the new site is in place; the next good build finishes or mends it.")
                return
        self.journal.unlink(missing_ok=True)

    def _write_manifest(self, manifest: Mapping[str, str]) -> None:
        text = "".join(f"{manifest[path]}  {path}\n" for path in sorted(manifest))
        staged = self.stage / MANIFEST
        staged.write_text(text, encoding="utf-8", newline="\n")
        try:
            os.replace(staged, self.folder / MANIFEST)
        except OSError as failure:
            if failure.errno != errno.EXDEV:
                raise
            _copy_beside(str(staged), self.folder / MANIFEST)

    def _tidy(self, gone: list[str]) -> None:
        for path in gone:
            _remove_empty_above(self.folder / path, self.folder)

    def drop_stage(self) -> None:
        shutil.rmtree(self.stage, ignore_errors=True)


def read_manifest(folder: Path) -> dict[str, str]:
    """Digests by path of what newsgen wrote into `folder`; empty where it wrote nothing."""
    try:
        lines = (folder / MANIFEST).read_text("utf-8").splitlines()
    except (OSError, UnicodeDecodeError):
        return {}
    pairs = (line.partition("  ") for line in lines)
    return {path: found for found, _, path in pairs if path and len(found) == 2 * digest.LENGTH and _inside(path)}


def _inside(path: str) -> bool:
    """Whether a path from the manifest stays in the folder: a forged one must not delete elsewhere."""
    return not path.startswith("/") and ".." not in path.split("/") and "\\" not in path and ":" not in path


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
    made = _make(folder, shown)
    try:
        with _lock_file(folder) as file:
            end = time.monotonic() + LOCK_SECONDS
            while not _try_lock(file):
                if time.monotonic() > end:
                    help = "Wait until it has ended. The lock goes with the process that holds it."
                    raise Refused(error("NG-603", Place(shown), "another build is writing to this folder", help))
                time.sleep(0.02)
            yield
    finally:
        for one in reversed(made):
            with contextlib.suppress(OSError):
                one.rmdir()


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
            os.close(file)

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


def _digest_of(path: Path) -> str:
    """The digest of a regular file's bytes; empty for all else."""
    try:
        return digest.of_bytes(path.read_bytes()) if path.is_file() and not path.is_symlink() else ""
    except OSError:
        return ""


def _copy_beside(source: str, target: Path) -> None:
    """Places a file from another file system: copied under a temporary name beside its target, then renamed."""
    temporary = target.with_name(f".newsgen-{os.getpid()}.tmp")
    try:
        shutil.copyfile(source, temporary)
        os.replace(temporary, target)
    except OSError:
        temporary.unlink(missing_ok=True)
        raise


def _remove_empty(folder: Path) -> None:
    """Removes a folder that holds nothing but empty folders. Raises OSError where it holds more."""
    for inner in sorted((one for one in folder.rglob("*") if one.is_dir()), reverse=True):
        inner.rmdir()
    folder.rmdir()


def _remove_empty_above(path: Path, top: Path) -> None:
    for folder in path.parents:
        if folder == top or not folder.is_relative_to(top):
            return
        try:
            folder.rmdir()
        except OSError:
            return


def _folders(path: str) -> Iterator[str]:
    while "/" in path:
        path = path.rsplit("/", 1)[0]
        yield path


def _folded(path: str) -> str:
    return unicodedata.normalize("NFC", path).casefold()
