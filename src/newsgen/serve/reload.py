"""What readers are shown at this moment, and how open browsers learn what has changed.

While a build is under way each output file either stands, is ready in the stage, will go, or is not known yet: whoever
asks for one of the last waits. So no reader meets a page older than the last change that was noticed.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import AsyncIterator, Callable, Collection, Iterable
from typing import Final, Literal

import msgspec

from newsgen.build import Rendered
from newsgen.diagnostics import Diagnostic
from newsgen.serve.gate import Bell, Gate

EVENTS: Final = "/__newsgen/events"
HEARTBEAT: Final = 15.0  # seconds; a comment on a silent stream finds out clients that are gone
SHOWN_IN_PAGES: Final = (".css", ".js", ".mjs", ".avif", ".webp", ".png", ".jpg", ".jpeg", ".gif", ".svg", ".woff2")
MANY: Final = 100  # changed files that a browser is told by name; with more its page is loaded anew

Place = Literal["output", "stage", "nowhere", "unknown"]


class Rebuilt(msgspec.Struct, frozen=True, kw_only=True):
    """What came of one build: the paths whose change asked for it (none: the first), and what it did.

    `rendered` are the first of the pages that were rendered, `reasons` tell why and how many of all, `first` is after
    how many seconds the first page that somebody waited for was ready. `failure` is newsgen's own. `previews` are the
    output files of what is not online, each with why; `coming` is when time changes the site next.
    """

    changed: tuple[str, ...] = ()
    ok: bool = True
    diagnostics: tuple[Diagnostic, ...] = ()
    failure: str = ""
    written: int = 0
    removed: int = 0
    rendered: tuple[Rendered, ...] = ()
    reasons: tuple[tuple[str, int], ...] = ()
    seconds: float = 0.0
    first: float | None = None
    base_path: str = "/"
    previews: dict[str, str] = {}
    coming: dt.datetime | None = None


class Edition(msgspec.Struct, frozen=True, kw_only=True):
    """What is shown. `diagnostics` and `failure` are of a build that failed; the site behind them is the last good."""

    run: str
    number: int = 0
    ready: bool = False
    base_path: str = "/"
    failed: bool = False
    diagnostics: tuple[Diagnostic, ...] = ()
    failure: str = ""
    previews: dict[str, str] = {}

    @property
    def epoch(self) -> str:
        """Names this edition for the browsers; differs between runs of the server."""
        return f"{self.run}-{self.number}"


class News(msgspec.Struct, frozen=True, omit_defaults=True):
    """What an open page is told: whether its own bytes are others, which files that pages show, and the overlay."""

    epoch: str
    page: bool = False
    assets: tuple[str, ...] = ()
    overlay: bool = False


class Live:
    """What is shown, and what is known of the build under way. `want` is called with each path that a reader waits for.

    Readers pass `gate` before they open a file. A path is that of an output file.
    """

    def __init__(self, run: str, want: Callable[[str], None] = lambda path: None) -> None:
        self.edition = Edition(run=run)
        self.gate = Gate()
        self.open: list[str] = []
        """The pages in the browsers that listen, the last opened first."""
        self.noticed = True
        """Whether something has changed that no build has been asked for; at first all is new."""
        self._want = want
        self._asked, self._taken = 1, 0
        self._compared = False
        self._fresh: set[str] = set()
        self._sure: set[str] = set()
        self._to_come: set[str] = set()
        self._to_go: frozenset[str] = frozenset()
        self._served: set[str] = set()
        self._changed: dict[str, int] = {}
        self._good = "/"
        self._overlaid = 0
        self._closed = False
        self._bell = Bell()

    # ---- what the watcher and the builder tell ----

    def notice(self) -> None:
        """Something has changed: nothing is known before a build has looked at it."""
        self.noticed = True

    def ask(self) -> int:
        """Numbers the changes that a build is asked for now."""
        self.noticed = False
        self._asked += 1
        return self._asked

    def begun(self, taken: int) -> None:
        """A build has begun, which knows of all changes up to a number; one before it that has not ended never will."""
        self._forget()
        self._taken = taken

    def settled(self, paths: Iterable[str], previews: dict[str, str], base_path: str) -> None:
        """These files stand as they must, these pages are not online, each with why, and the site is mounted there."""
        self._sure.update(paths)
        self._preview(previews)
        self._mount(base_path)
        self._bell.ring()

    def ready(self, files: Iterable[tuple[str, bool]]) -> None:
        """These files are ready: in the stage where they are others than before, which is told with each."""
        for path, is_new in files:
            self._to_come.discard(path)
            (self._fresh if is_new else self._sure).add(path)
            if is_new:
                self._mark([path])
        self._bell.ring()

    def compared(self, missed: Collection[str], gone: Collection[str]) -> None:
        """These files are yet to be made, and these will go; all others stand."""
        self._to_come = {*missed} - self._fresh - self._sure
        self._to_go = frozenset(gone)
        self._mark(gone)
        self._compared = True
        self._bell.ring()

    def failing(self, diagnostics: tuple[Diagnostic, ...]) -> None:
        """The build will fail: the last good site is shown, with what is known to be wrong."""
        self._forget()
        self._compared = True
        self._overlay(failed=True, diagnostics=diagnostics, failure="")

    def done(self, rebuilt: Rebuilt) -> None:
        """A build has ended, its files are placed; one that failed has left those of before."""
        if rebuilt.ok:
            self._fresh.clear()
            self._preview(rebuilt.previews)
            self._mount(rebuilt.base_path)
            self._good = rebuilt.base_path
            self.edition = msgspec.structs.replace(self.edition, ready=True)
        else:
            self._forget()
        self._to_come, self._to_go, self._compared = set(), frozenset(), True
        told = () if rebuilt.ok else rebuilt.diagnostics
        self.edition = msgspec.structs.replace(self.edition, number=self.edition.number + 1)  # pages tell of each build
        self._overlay(failed=not rebuilt.ok, diagnostics=told, failure=rebuilt.failure)
        self._bell.ring()

    def _forget(self) -> None:
        """Takes back what a build that will not be published has shown."""
        self._mark(self._fresh)
        self._mount(self._good)
        self._fresh, self._sure, self._to_come, self._to_go = set(), set(), set(), frozenset()
        self._compared = False

    def _mount(self, base_path: str) -> None:
        if base_path != self.edition.base_path:
            self.edition = msgspec.structs.replace(self.edition, base_path=base_path)
            self._mark([*self.open])

    def _preview(self, previews: dict[str, str]) -> None:
        before = self.edition.previews
        if before != previews:
            self.edition = msgspec.structs.replace(self.edition, previews=previews)
            self._mark([path for path in {**before, **previews} if before.get(path) != previews.get(path)])

    def _mark(self, paths: Collection[str]) -> None:
        if paths:
            self.edition = msgspec.structs.replace(self.edition, number=self.edition.number + 1)
        for path in paths:
            if path in self._served:
                self._changed.pop(path, None)  # those that changed last stand last
                self._changed[path] = self.edition.number

    def _overlay(self, *, failed: bool, diagnostics: tuple[Diagnostic, ...], failure: str) -> None:
        said = {"failed": failed, "diagnostics": diagnostics, "failure": failure}
        if (following := msgspec.structs.replace(self.edition, **said)) != self.edition:
            self.edition = msgspec.structs.replace(following, number=self.edition.number + 1)
            self._overlaid = self.edition.number
        self._bell.ring()

    # ---- what readers ask ----

    @property
    def behind(self) -> bool:
        """Whether a change was noticed of which the build under way knows nothing."""
        return self.noticed or self._taken < self._asked

    def place(self, path: str) -> Place:
        """Where a file is to be read at this moment."""
        if not self.behind:
            if path in self._fresh:
                return "stage"
            if path in self._sure:
                return "output"
            if self._compared and path not in self._to_come:
                return "nowhere" if path in self._to_go else "output"
        return "unknown"

    async def until_known(self, path: str) -> bool:
        """Waits until it is known where a file is to be read; False where the server ends first."""
        if self.place(path) == "unknown":
            self._want(path)
        await self._bell.until(lambda: self._closed or self.place(path) != "unknown")
        return not self._closed

    def serve(self, path: str) -> None:
        """Notes that a browser is shown a file, or that there is none: only of such a one is a change news."""
        self._served.add(path)

    def close(self) -> None:
        """Ends all streams and sends waiting readers away, so that the server can stop at once."""
        self._closed = True
        self.gate.close()
        self._bell.ring()

    async def events(self, page: str | None = None, epoch: str = "") -> AsyncIterator[str]:
        """Server-sent events of all that concerns an open page, which was served at an epoch; without one, of each
        epoch, the present one first."""
        yield "retry: 500\n\n"
        since = int(epoch.partition("-")[2]) if epoch.startswith(f"{self.edition.run}-") else -1
        told = -1 if page is None else since
        if page is not None:
            self.serve(page)
            self.open.insert(0, page)
        try:
            while not self._closed:
                if told != self.edition.number:
                    news, told = self.news(page, told), self.edition.number
                    if news:
                        yield f"data: {msgspec.json.encode(news).decode()}\n\n"
                elif not await self._bell.until(lambda: self._closed or told != self.edition.number, HEARTBEAT):  # noqa: B023
                    yield ": still here\n\n"
        finally:
            if page is not None:
                self.open.remove(page)

    def news(self, page: str | None, since: int) -> News | None:
        """What has changed for an open page since the edition of a number (-1: of another run); None: nothing."""
        epoch = self.edition.epoch
        if page is None:
            return News(epoch)
        if since < 0:
            return News(epoch, page=True)
        assets: list[str] = []
        others = False
        for path in reversed(self._changed):
            if self._changed[path] <= since:
                break
            others = others or path == page
            if path.endswith(SHOWN_IN_PAGES):
                assets.append(self.edition.base_path + path)
        if others or len(assets) > MANY:
            return News(epoch, page=True)
        overlay = self._overlaid > since
        return News(epoch, assets=tuple(assets), overlay=overlay) if assets or overlay else None
