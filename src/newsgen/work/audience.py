"""Those who look at a site while it is built."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping

from newsgen.diagnostics import Diagnostic


class SupersededError(Exception):
    """The sources have changed again: what is being built is no longer wanted."""


class Audience:
    """Nobody looks: the audience of `newsgen build`. Paths are those of output files."""

    def first(self) -> Collection[str]:
        """The files that somebody waits for, the most urgent first. Raises SupersededError."""
        return ()

    def settled(self, paths: Iterable[str], previews: Mapping[str, str], base_path: str) -> None:
        """Told, before a plan is compared, of the copied files in the output that are as they must be; of the pages
        that are here though they are not online, each with why; and of where the site is mounted."""

    def made(self, path: str, *, changed: bool) -> None:
        """Told of a file that is ready: in the stage where it `changed`, else in the output."""

    def compared(self, missed: Collection[str], gone: Collection[str]) -> None:
        """Told of the files that are yet to be made, and of those that will go: all others stand."""

    def failing(self, diagnostics: Iterable[Diagnostic]) -> None:
        """Told that the build will fail, and why as far as it is known; once."""

    def publishing(self) -> None:
        """Told that all is ready, just before it is placed; may wait until nobody reads the output."""
