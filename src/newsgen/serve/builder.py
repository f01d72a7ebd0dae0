"""The process that builds for a dev server, and what the two tell each other over a pipe.

It remembers what it built before, makes the pages first that somebody waits for, and leaves a build as soon as it hears
of another change.
"""

from __future__ import annotations

import datetime as dt
import gc
import signal
import time
import traceback
from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any, Final

import msgspec

from newsgen import build as pipeline
from newsgen.build import BuildOptions
from newsgen.diagnostics import Diagnostic
from newsgen.serve.reload import Rebuilt
from newsgen.work.audience import Audience, SupersededError
from newsgen.work.memory import Memory

PATIENCE: Final = 0.005  # seconds between two looks at the pipe while pages are rendered
SHOWN: Final = 100  # of the pages that a build rendered, in its history
IDLE: Final = 0.3  # seconds after a build in which nothing is asked for, before garbage is collected
TIDY: Final = 10  # builds after which it is collected all the same, and times after which all is looked at


class Change(msgspec.Struct, frozen=True):
    """The server: files at these paths may have changed (None: any); `open` are the pages in browsers."""

    number: int
    paths: tuple[str, ...] | None
    open: tuple[str, ...] = ()


class Want(msgspec.Struct, frozen=True):
    """The server: a reader waits for a file."""

    path: str


class Go(msgspec.Struct, frozen=True):
    """The server: nobody reads now."""


class Begun(msgspec.Struct, frozen=True):
    """A build begins that knows of all changes up to this one."""

    taken: int


class Settled(msgspec.Struct, frozen=True):
    paths: tuple[str, ...]
    previews: dict[str, str] = {}
    base_path: str = "/"


class Ready(msgspec.Struct, frozen=True):
    files: tuple[tuple[str, bool], ...]


class Compared(msgspec.Struct, frozen=True):
    missed: tuple[str, ...]
    gone: tuple[str, ...]


class Failing(msgspec.Struct, frozen=True):
    diagnostics: tuple[Diagnostic, ...]


class Publishing(msgspec.Struct, frozen=True):
    """All is ready to be placed; the build waits for `Go`."""


Message = Begun | Settled | Ready | Compared | Failing | Publishing | Rebuilt


def work(pipe: Connection, root: Path, options: BuildOptions) -> None:
    """Builds until the other end of the pipe is closed. The first build is asked for by a `Change` too."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches all processes; the server ends this one
    try:
        Builder(pipe, root, options).run()
    except (EOFError, BrokenPipeError, ConnectionResetError):
        return


class Builder(Audience):
    """Builds what it is asked for, and is the audience of its builds."""

    def __init__(self, pipe: Connection, root: Path, options: BuildOptions) -> None:
        self._pipe, self._root, self._options = pipe, root, options
        self._memory = Memory()
        self._changed: dict[str, None] = {}  # what the builds that were left, and that to come, are about
        self._asked = self._taken = 0
        self._open: tuple[str, ...] = ()
        self._wanted: dict[str, None] = {}
        self._ready: list[tuple[str, bool]] = []
        self._looked = self._started = 0.0
        self._first: float | None = None
        self._failing = self._compared = False
        self._built = self._tidied = 0

    def run(self) -> None:
        gc.disable()  # to look through all that is remembered takes longer than to build a page
        while True:
            if self._built == TIDY or (self._taken == self._asked and not self._pipe.poll(IDLE)):
                self._tidy()
            while self._taken == self._asked:
                self._hear(self._pipe.recv())
            self._build()

    def _tidy(self) -> None:
        """Collects garbage among what is new; what is left will stay, but for what a look at all finds now and then."""
        self._built, self._tidied = 0, self._tidied + 1
        if self._tidied % TIDY == 0:
            gc.unfreeze()
        gc.collect()
        gc.freeze()

    def _build(self) -> None:
        self._built += 1
        self._taken, self._failing, self._compared, self._first = self._asked, False, False, None
        self._ready.clear()
        self._send(Begun(self._taken))
        self._started = time.perf_counter()
        try:
            rebuilt = self._attempt()
        except SupersededError:
            return
        self._flush()
        self._changed.clear()
        self._wanted.clear()
        self._send(rebuilt)

    def _attempt(self) -> Rebuilt:
        """What came of one build. A bug in newsgen is a failure that is told; it does not end the server."""
        changed = tuple(self._changed)
        try:
            report = pipeline.build(self._root, self._options, memory=self._memory, audience=self)
        except (SupersededError, EOFError, BrokenPipeError, ConnectionResetError):
            raise
        except Exception:
            self._memory.clear()
            return Rebuilt(changed=changed, ok=False, failure=traceback.format_exc())
        reasons = Counter(one.reason for one in report.rendered)
        return Rebuilt(
            changed=changed,
            ok=report.ok,
            diagnostics=report.diagnostics,
            written=len(report.written),
            removed=len(report.removed),
            rendered=report.rendered[:SHOWN],
            reasons=tuple(reasons.most_common()),
            seconds=report.seconds,
            first=self._first,
            base_path=report.base_path,
            previews=dict(report.previews),
            coming=report.coming.astimezone(dt.UTC) if report.coming and self._options.at is None else None,
        )

    # ---- the pipe ----

    def _hear(self, message: Any) -> None:
        if isinstance(message, Change):
            self._asked, self._open = message.number, message.open
            self._changed |= dict.fromkeys(message.paths or ())
            self._memory.told(message.paths)
        elif isinstance(message, Want):
            self._wanted[message.path] = None

    def _look(self) -> None:
        while self._pipe.poll():
            self._hear(self._pipe.recv())

    def _send(self, message: Message) -> None:
        self._pipe.send(message)

    def _flush(self) -> None:
        if self._ready:
            self._send(Ready(tuple(self._ready)))
            self._ready.clear()

    # ---- the audience ----

    def first(self) -> Collection[str]:
        now = time.perf_counter()
        if now - self._looked > PATIENCE:
            self._flush()
            self._look()
            self._looked = now
            if self._taken < self._asked:
                raise SupersededError
        return (*self._wanted, *self._open)

    def settled(self, paths: Iterable[str], previews: Mapping[str, str], base_path: str) -> None:
        self._send(Settled(tuple(paths), dict(previews), base_path))

    def made(self, path: str, *, changed: bool) -> None:
        self._ready.append((path, changed))
        waiting = path in self._wanted or path in self._open
        self._wanted.pop(path, None)
        if self._first is None and waiting:
            self._first = time.perf_counter() - self._started
        if waiting or not self._compared:
            self._flush()

    def compared(self, missed: Collection[str], gone: Collection[str]) -> None:
        self._compared = True
        self._flush()
        self._send(Compared(tuple(missed), tuple(gone)))

    def failing(self, diagnostics: Iterable[Diagnostic]) -> None:
        if not self._failing:
            self._failing = True
            self._send(Failing(tuple(diagnostics)))

    def publishing(self) -> None:
        self._flush()
        self._send(Publishing())
        while not isinstance(message := self._pipe.recv(), Go):
            self._hear(message)
