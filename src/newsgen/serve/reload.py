"""What readers are shown at this moment, and how open browsers learn that it has changed."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Final

import msgspec

from newsgen.build import BuildReport
from newsgen.diagnostics import Diagnostic
from newsgen.serve.gate import Bell, Gate

EVENTS: Final = "/__newsgen/events"
HEARTBEAT: Final = 15.0  # seconds; a comment on a silent stream finds out clients that are gone


class Rebuilt(msgspec.Struct, frozen=True, kw_only=True):
    """One build: the paths whose change asked for it (none: the first), and its report or newsgen's own failure."""

    changed: tuple[str, ...] = ()
    report: BuildReport | None = None
    failure: str = ""
    base_path: str = "/"

    @property
    def ok(self) -> bool:
        return self.report is not None and self.report.ok

    @property
    def diagnostics(self) -> tuple[Diagnostic, ...]:
        return self.report.diagnostics if self.report else ()

    @property
    def rewrote(self) -> bool:
        """Whether any byte of the built site changed."""
        return self.ok and self.report is not None and bool(self.report.written or self.report.removed)


class Edition(msgspec.Struct, frozen=True, kw_only=True):
    """What is shown. `diagnostics` and `failure` are of a build that failed; the site behind them is the last good."""

    run: str
    number: int = 0
    ready: bool = False
    base_path: str = "/"
    failed: bool = False
    diagnostics: tuple[Diagnostic, ...] = ()
    failure: str = ""

    @property
    def epoch(self) -> str:
        """Names this edition for the browsers; differs between runs of the server."""
        return f"{self.run}-{self.number}"


def after(edition: Edition, rebuilt: Rebuilt) -> Edition:
    """The edition that follows a build; the same number where a reader could see no difference."""
    following = msgspec.structs.replace(
        edition,
        ready=edition.ready or rebuilt.ok,
        base_path=rebuilt.base_path if rebuilt.ok else edition.base_path,
        failed=not rebuilt.ok,
        diagnostics=() if rebuilt.ok else rebuilt.diagnostics,
        failure=rebuilt.failure,
    )
    if following == edition and not rebuilt.rewrote:
        return edition
    return msgspec.structs.replace(following, number=edition.number + 1)


class Live:
    """The one value of the server that changes: the edition. Readers pass `gate` before they look at it."""

    def __init__(self, run: str) -> None:
        self.edition = Edition(run=run)
        self.gate = Gate()
        self._closed = False
        self._bell = Bell()

    def show(self, edition: Edition) -> None:
        """Makes `edition` the current one, and tells every open browser if it is another."""
        if edition != self.edition:
            self.edition = edition
            self._bell.ring()

    def close(self) -> None:
        """Ends all streams and sends waiting readers away, so that the server can stop at once."""
        self._closed = True
        self.gate.close()
        self._bell.ring()

    async def events(self) -> AsyncIterator[str]:
        """Server-sent events: the epoch now, and again whenever it changes."""
        yield "retry: 500\n\n"
        told = ""

        def news() -> bool:
            return self._closed or told != self.edition.epoch

        while not self._closed:
            if told != self.edition.epoch:
                told = self.edition.epoch
                yield f"data: {told}\n\n"
            elif not await self._bell.until(news, HEARTBEAT):
                yield ": still here\n\n"
