"""Who may go first: readers of the built site, or the build that replaces its files. Never both."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager, suppress
from typing import Final

PATIENCE: Final = 2.0  # seconds that a build waits for a reader whose connection is stuck


class Bell:
    """Wakes all who wait, so that each looks again whether what it waits for has come."""

    def __init__(self) -> None:
        self._event = asyncio.Event()

    def ring(self) -> None:
        self._event.set()
        self._event = asyncio.Event()

    async def until(self, holds: Callable[[], bool], seconds: float | None = None) -> bool:
        """Whether `holds` came true before `seconds` had passed."""
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                while not holds():
                    await self._event.wait()
            return True
        return False


class Gate:
    """Many readers or one publisher.

    Invariant: readers who wait when a build ends get in before the next one begins.
    """

    def __init__(self) -> None:
        self._bell = Bell()
        self._publishing = False
        self._closed = False
        self._waiting = 0
        self._inside = 0

    async def enter(self) -> bool:
        """Waits until no build is publishing. True: the reader is in, and must `leave`; False: the server is ending."""
        self._waiting += 1
        try:
            await self._bell.until(lambda: self._closed or not self._publishing)
            if self._closed:
                return False
            self._inside += 1
            return True
        finally:
            self._waiting -= 1
            self._bell.ring()

    def leave(self) -> None:
        self._inside -= 1
        self._bell.ring()

    @asynccontextmanager
    async def publishing(self) -> AsyncGenerator[None]:
        """The time in which files may change. A stuck reader delays it by `PATIENCE` at most."""
        await self._bell.until(lambda: not self._waiting)
        self._publishing = True
        try:
            await self._bell.until(lambda: not self._inside, PATIENCE)
            yield
        finally:
            self._publishing = False
            self._bell.ring()

    def close(self) -> None:
        """Sends away those who wait, and all who come."""
        self._closed = True
        self._bell.ring()
