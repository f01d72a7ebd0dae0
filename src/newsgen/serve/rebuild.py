"""The loop of a dev server: build, show what came of it, wait for changes."""

from __future__ import annotations

import asyncio
import traceback
from collections.abc import Callable
from concurrent.futures import Executor
from pathlib import Path

from newsgen.build import BuildReport
from newsgen.diagnostics import Refused
from newsgen.project import read_settings
from newsgen.serve.reload import Live, Rebuilt, after
from newsgen.serve.watch import Changes

Build = Callable[[], BuildReport]


async def rebuild(
    root: Path, live: Live, changes: Changes, build: Build, tell: Callable[[Rebuilt], None], worker: Executor
) -> None:
    """Builds once, then again after each burst of changes, until cancelled. What comes during one makes one more."""
    changed: tuple[str, ...] = ()
    while True:
        async with live.gate.publishing():
            rebuilt = await asyncio.get_running_loop().run_in_executor(worker, attempt, root, build, changed)
            if shown := rebuilt.ok or not live.edition.ready or not changes.waiting:
                live.show(after(live.edition, rebuilt))
        if shown:
            tell(rebuilt)
        changed = await changes.burst()


def attempt(root: Path, build: Build, changed: tuple[str, ...]) -> Rebuilt:
    """What came of one build. A bug in newsgen is a failure that is told; it does not end the server."""
    try:
        report = build()
        return Rebuilt(changed=changed, report=report, base_path=_base_path(root) if report.ok else "/")
    except Exception:
        return Rebuilt(changed=changed, failure=traceback.format_exc())


def _base_path(root: Path) -> str:
    """Where the settings mount the site; the root where they cannot be read just now: then another build follows."""
    try:
        return read_settings(root).base_path
    except (Refused, OSError):
        return "/"
