"""What has changed under the sources. The system's notices come first; a look at every file finds what they miss."""

from __future__ import annotations

import asyncio
import os
import re
import time
from collections.abc import AsyncIterator, Callable, Collection, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Final, NamedTuple

from watchfiles import Change, awatch  # pyright: ignore[reportUnknownVariableType] - its optional trio is not installed
from watchfiles.main import FileChange

from newsgen import config

STEP: Final = 5  # milliseconds of quiet that end a batch of notices
ROOT_STEP: Final = 50  # the same at the root, where newsgen.toml lies
DEBOUNCE: Final = 60  # milliseconds after which a batch ends anyway
CROWD: Final = 20  # paths; more is no person's save but a program's work, which is waited for
SETTLED: Final = 0.1  # seconds without another path, after which a crowd is taken as complete
LONGEST: Final = 2.0  # seconds for which a crowd is waited for
SWEEP: Final = 3.0  # seconds between two looks at every file
SHARE: Final = 50  # a look is followed by at least so many times its own length of rest
LATE: Final = 0.2  # seconds by which a notice may come after a look that saw its change
CLOCK: Final = 10_000_000  # nanoseconds: no step of a file system's clock that has a finer one than seconds is longer
RETRY: Final = 1.0  # seconds until a watcher that failed is started anew

# Editors' litter: vim's probe, swap and backup files, Emacs' locks and autosaves, what desktops leave behind.
LITTER: Final = re.compile(r"4913|.*~|#.*#|\.(?:#.*|DS_Store|git|goutputstream-.*)|.*\.sw[a-px]|Thumbs\.db|__pycache__")


class Stamp(NamedTuple):
    """What tells that a file is another than before. Times are nanoseconds."""

    written: int
    changed: int
    size: int
    inode: int


Stamps = dict[str, Stamp]


class Changes:
    """The box between those who watch and the one who builds: paths gather here until they are taken.

    `notice` is called with the first of them and with each that follows.
    """

    def __init__(self, notice: Callable[[], None] = lambda: None) -> None:
        self._paths: set[str] = set()
        self._arrived = asyncio.Event()
        self._notice = notice

    @property
    def waiting(self) -> bool:
        return bool(self._paths)

    def add(self, paths: Iterable[str]) -> None:
        self._paths.update(paths)
        if self._paths:
            self._notice()
            self._arrived.set()

    async def burst(self) -> tuple[str, ...]:
        """Waits for changes; gives all that have come, sorted, and empties the box."""
        await self._arrived.wait()
        await self._settle()
        self._arrived.clear()
        taken, self._paths = tuple(sorted(self._paths)), set()
        return taken

    async def _settle(self) -> None:
        end, before = time.monotonic() + LONGEST, 0
        while CROWD < len(self._paths) != before and time.monotonic() < end:
            before = len(self._paths)
            await asyncio.sleep(SETTLED)


class Watch:
    """Watches `root`'s source folders, its settings and the folders beside it that these name, until its task is
    cancelled."""

    def __init__(
        self,
        root: Path,
        beside: Callable[[], Iterable[Path]],
        changes: Changes,
        trouble: Callable[[str], None],
    ) -> None:
        self._root = root
        self._own = tuple(root / name for name in config.SOURCE_FOLDERS if name != config.SEEDS)
        self._beside = beside
        self._folders = self._named_folders()
        self._changes = changes
        self._trouble = trouble
        self._noticed: dict[str, int] = {}
        self._last: dict[str, Stamp] = {}
        self._said = ""
        self._folders_other = asyncio.Event()

    async def run(self) -> None:
        before = await asyncio.to_thread(self._look)
        async with asyncio.TaskGroup() as group:
            group.create_task(self._watch_root())
            group.create_task(self._watch_folders())
            group.create_task(self._sweep(before))

    async def _watch_root(self) -> None:
        """newsgen.toml, and source folders that come and go. Not recursive: the output is never watched."""
        settings = str(self._root / config.FILE)
        of_interest = {settings, *map(str, self._own)}
        while True:
            async for batch in self._notices((self._root,), asyncio.Event(), recursive=False):
                mine = {(change, path) for change, path in batch if path in of_interest}
                self._tell(mine)
                come_or_gone = any(path != settings and change != Change.modified for change, path in mine)
                if come_or_gone or (mine and self._named_folders() != self._folders):
                    self._folders_other.set()

    async def _watch_folders(self) -> None:
        while True:
            self._folders_other = asyncio.Event()
            self._folders = self._named_folders()
            present = [folder for folder in self._folders if folder.is_dir()]
            async for batch in self._notices(present, self._folders_other, recursive=True):
                self._tell(batch)

    def _named_folders(self) -> tuple[Path, ...]:
        return (*self._own, *self._beside())

    async def _notices(
        self, folders: Collection[Path], stop: asyncio.Event, *, recursive: bool
    ) -> AsyncIterator[set[FileChange]]:
        """Each batch of notices that matter; ends when `stop` is set, or a little after the watcher failed."""
        try:
            step = STEP if recursive else ROOT_STEP  # each is a wake-up of an idle server
            batches = awatch(
                *folders, watch_filter=None, debounce=DEBOUNCE, step=step, stop_event=stop, recursive=recursive
            )
            async for batch in batches:
                yield {(change, path) for change, path in batch if matters(path, self._root)}
        except FileNotFoundError:
            await asyncio.sleep(RETRY)  # a folder went at that very moment
        except (OSError, RuntimeError) as failure:
            self._say(f"The system's file watcher failed ({failure}); every file is looked at instead.")
            await asyncio.sleep(RETRY)

    async def _sweep(self, before: Stamps) -> None:
        """Finds what notices missed: a full queue, a folder filled before it was watched, a network file system."""
        rest = SWEEP
        while True:
            await asyncio.sleep(rest)
            moment, started = time.time_ns(), time.monotonic()
            now = await asyncio.to_thread(self._look)
            rest = max(SWEEP, SHARE * (time.monotonic() - started))
            await asyncio.sleep(LATE)
            self._changes.add(self._named(missed(before, now, self._noticed)))
            self._noticed = {path: when for path, when in self._noticed.items() if when >= moment}
            before = now

    def _tell(self, batch: set[FileChange]) -> None:
        now = time.time_ns()
        paths = {path for _, path in batch}
        self._noticed |= dict.fromkeys(paths, now)
        self._changes.add(self._named(path for path in paths if self._is_new(path, now)))

    def _is_new(self, path: str, now: int) -> bool:
        """Whether a file is another than at its last notice: one save makes several. One that may still be written to
        within a step of the file system's clock always counts."""
        stamp = _stamp(path)
        if stamp and self._last.get(path) == stamp:
            return False
        if stamp and max(stamp.written, stamp.changed) + CLOCK < now:
            self._last[path] = stamp
        else:
            self._last.pop(path, None)
        return True

    def _say(self, trouble: str) -> None:
        """Once, not at every retry."""
        if trouble != self._said:
            self._said = trouble
            self._trouble(trouble)

    def _named(self, paths: Iterable[str]) -> Iterator[str]:
        """Paths as a person knows them: from the site's root where they lie in it."""
        for path in paths:
            inside = Path(path).is_relative_to(self._root)
            yield Path(path).relative_to(self._root).as_posix() if inside else path

    def _look(self) -> Stamps:
        found = {path: stamp for folder in self._folders for path, stamp in _stamps(str(folder))}
        if settings := _stamp(str(self._root / config.FILE)):
            found[str(self._root / config.FILE)] = settings
        return found


def matters(path: str, root: Path) -> bool:
    """Whether a changed path can change the site: no part of it below the root is an editor's litter."""
    inside = Path(path).relative_to(root) if Path(path).is_relative_to(root) else Path(Path(path).name)
    return not any(LITTER.fullmatch(part) for part in inside.parts)


def missed(before: Stamps, now: Stamps, noticed: Mapping[str, int]) -> Iterator[str]:
    """The paths that differ between two looks and whose last notice (nanoseconds, if any) came before the change."""
    for path in before.keys() | now.keys():
        stamp = now.get(path)
        told = path in noticed and (stamp is None or stamp.changed <= noticed[path])
        if before.get(path) != stamp and not told:
            yield path


def _stamps(folder: str) -> Iterator[tuple[str, Stamp]]:
    for parent, folders, files in os.walk(folder):
        folders[:] = [name for name in folders if not LITTER.fullmatch(name)]
        for name in files:
            path = os.path.join(parent, name)  # noqa: PTH118 - ten thousand files, every few seconds
            if not LITTER.fullmatch(name) and (stamp := _stamp(path)):
                yield path, stamp


def _stamp(path: str) -> Stamp | None:
    try:
        status = os.stat(path)  # noqa: PTH116 - as above
    except OSError:
        return None
    return Stamp(status.st_mtime_ns, status.st_ctime_ns, status.st_size, status.st_ino)
