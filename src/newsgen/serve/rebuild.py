"""The loop of a dev server: ask for a build, show what comes of it, wait for changes."""

from __future__ import annotations

import asyncio
import datetime as dt
import multiprocessing
import sys
import threading
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from multiprocessing.connection import Connection
from pathlib import Path
from socket import socket
from typing import Any, Final

from newsgen.build import BuildOptions
from newsgen.serve.builder import Begun, Change, Compared, Failing, Go, Publishing, Ready, Settled, Want, work
from newsgen.serve.reload import Live, Rebuilt
from newsgen.serve.watch import Changes

FAR: Final = dt.timedelta(days=1)  # a timer for what time changes is set anew after this


class Hands:
    """The process that builds; it is started before the server has threads, so that it may be a fork.

    `sock` is what the server listens on, which a fork must not hold.
    """

    def __init__(self, root: Path, options: BuildOptions, sock: socket) -> None:
        forks = sys.platform == "linux"
        context: Any = multiprocessing.get_context("fork" if forks else "spawn")
        self._pipe, theirs = context.Pipe()
        given = (theirs, (self._pipe, sock) if forks else (), root, options)
        self._process = context.Process(target=_start, args=given, name="newsgen-build")
        self._process.start()
        theirs.close()

    def tell(self, message: Change | Want | Go) -> None:
        with suppress(OSError, ValueError):  # it has ended: so will the server
            self._pipe.send(message)

    def hear(self, heard: Callable[[Any], None], ended: Callable[[], None]) -> None:
        """Calls `heard` with each message in a thread of its own, and `ended` when no more will come."""

        def listen() -> None:
            with suppress(EOFError, OSError):
                while True:
                    heard(self._pipe.recv())
            ended()

        threading.Thread(target=listen, name="newsgen-builder", daemon=True).start()

    def end(self) -> None:
        """Ends the process, wherever it is: every build survives that."""
        self._process.kill()
        self._process.join()


def _start(theirs: Connection, others: tuple[Connection | socket, ...], root: Path, options: BuildOptions) -> None:
    for one in others:  # a fork holds them too, and would not see their end
        one.close()
    work(theirs, root, options)


async def rebuild(live: Live, changes: Changes, hands: Hands, tell: Callable[[Rebuilt], None]) -> None:
    """Asks for a build, and for another after each burst of changes; shows what is told of them, until cancelled."""
    loop = asyncio.get_running_loop()
    inbox: asyncio.Queue[Any] = asyncio.Queue()

    def heard(message: Any) -> None:
        with suppress(RuntimeError):  # the server has ended
            loop.call_soon_threadsafe(inbox.put_nowait, message)

    hands.hear(heard, partial(heard, None))
    hands.tell(Change(live.ask(), None))
    asking = asyncio.create_task(_asking(live, changes, hands))
    try:
        await _showing(live, changes, hands, inbox, tell)
    finally:
        asking.cancel()


async def _asking(live: Live, changes: Changes, hands: Hands) -> None:
    while True:
        changed = await changes.burst()
        hands.tell(Change(live.ask(), changed, tuple(dict.fromkeys(live.open))))


async def _showing(
    live: Live, changes: Changes, hands: Hands, inbox: asyncio.Queue[Any], tell: Callable[[Rebuilt], None]
) -> None:
    timer: asyncio.TimerHandle | None = None
    publishing: Any = None
    while (message := await inbox.get()) is not None:
        if isinstance(message, Begun):
            live.begun(message.taken)
        elif isinstance(message, Settled):
            live.settled(message.paths, message.previews, message.base_path)
        elif isinstance(message, Ready):
            live.ready(message.files)
        elif isinstance(message, Compared):
            live.compared(message.missed, message.gone)
        elif isinstance(message, Failing):
            if not changes.waiting:
                live.failing(message.diagnostics)
        elif isinstance(message, Publishing):
            publishing = live.gate.publishing()
            await publishing.__aenter__()
            hands.tell(Go())
        elif isinstance(message, Rebuilt):
            if message.ok or not live.edition.ready or not changes.waiting:  # half a save is nobody's mistake
                live.done(message)
                tell(message)
            if publishing:
                await publishing.__aexit__(None, None, None)
                publishing = None
            if timer:
                timer.cancel()
            timer = _timer(message.coming, changes) if message.coming else None


def _timer(coming: dt.datetime, changes: Changes) -> asyncio.TimerHandle:
    """Asks for a build when time changes the site."""
    wait = min(coming - dt.datetime.now(dt.UTC), FAR)
    return asyncio.get_running_loop().call_later(max(wait.total_seconds(), 0) + 0.01, changes.add, (TIME,))


TIME: Final = "the clock"
