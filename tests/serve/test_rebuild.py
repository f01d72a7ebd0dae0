"""The loop of build, show, wait: how often it builds, and what readers see meanwhile."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Awaitable, Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from newsgen.build import BuildReport
from newsgen.diagnostics import Place, error
from newsgen.serve.rebuild import rebuild
from newsgen.serve.reload import Live, Rebuilt
from newsgen.serve.watch import Changes

from .harness import write

GOOD = BuildReport(ok=True, diagnostics=(), written=("index.html",))
BAD = BuildReport(ok=False, diagnostics=(error("NG-111", Place("content/a.md"), "title is missing"),))


class Builds:
    """A build that gives `results` one after another, and waits in each until it is let go on."""

    def __init__(self, results: Iterable[BuildReport | Exception]) -> None:
        self._results = iter(results)
        self.begun = threading.Semaphore(0)
        self.go_on = threading.Semaphore(0)
        self.number = 0

    def __call__(self) -> BuildReport:
        self.number += 1
        self.begun.release()
        assert self.go_on.acquire(timeout=10)
        result = next(self._results)
        if isinstance(result, Exception):
            raise result
        return result


class Play:
    """The loop, with the strings by which a test moves it."""

    def __init__(self, builds: Builds) -> None:
        self.live, self.changes, self.builds = Live("r"), Changes(), builds
        self.told: asyncio.Queue[Rebuilt] = asyncio.Queue()

    async def begun(self) -> None:
        assert await asyncio.to_thread(self.builds.begun.acquire, timeout=10)

    def go_on(self) -> None:
        self.builds.go_on.release()

    async def one(self) -> Rebuilt:
        """Lets a build run to its end; what was told of it."""
        await self.begun()
        self.go_on()
        return await asyncio.wait_for(self.told.get(), 10)


def played(root: Path, results: Iterable[BuildReport | Exception], story: Callable[[Play], Awaitable[Any]]) -> Any:
    async def play() -> Any:
        stage = Play(Builds(results))
        with ThreadPoolExecutor(1) as worker:
            loop = rebuild(root, stage.live, stage.changes, stage.builds, stage.told.put_nowait, worker)
            task = asyncio.create_task(loop)
            try:
                return await story(stage)
            finally:
                for _ in range(10):
                    stage.go_on()
                task.cancel()
                await asyncio.gather(task, return_exceptions=True)

    return asyncio.run(play())


@pytest.fixture
def root(tmp_path: Path) -> Path:
    write(tmp_path / "newsgen.toml", 'base_url = "https://example.org/project"\n')
    return tmp_path


def test_what_changes_during_a_build_makes_exactly_one_more(root: Path) -> None:
    async def story(stage: Play) -> Any:
        await stage.one()
        stage.changes.add(["content/a.md"])
        await stage.begun()
        for path in ("content/b.md", "content/c.md", "content/b.md"):
            stage.changes.add([path])
            await asyncio.sleep(0)
        stage.go_on()
        during = await stage.told.get()
        after = await stage.one()
        return during.changed, after.changed, stage.builds.number, stage.changes.waiting

    expected = (("content/a.md",), ("content/b.md", "content/c.md"), 3, False)
    assert played(root, [GOOD] * 3, story) == expected


def test_a_good_build_is_shown_where_the_settings_mount_it(root: Path) -> None:
    async def story(stage: Play) -> Any:
        await stage.one()
        return stage.live.edition

    edition = played(root, [GOOD], story)
    assert (edition.ready, edition.base_path, edition.epoch) == (True, "/project/", "r-1")


def test_a_bug_is_told_and_the_next_build_recovers(root: Path) -> None:
    async def story(stage: Play) -> Any:
        told = await stage.one()
        stage.changes.add(["content/a.md"])
        await stage.one()
        return told, stage.live.edition

    told, edition = played(root, [TypeError("oops"), GOOD], story)
    assert "TypeError: oops" in told.failure
    assert (edition.ready, edition.failed, edition.failure) == (True, False, "")


def test_half_a_save_is_not_shown_as_a_mistake(root: Path) -> None:
    """An editor that empties a file and then fills it makes two changes; the mistake between them is nobody's."""

    async def story(stage: Play) -> Any:
        await stage.one()
        stage.changes.add(["content/a.md"])
        await stage.begun()
        stage.changes.add(["content/a.md"])
        stage.go_on()
        await stage.begun()
        between = stage.live.edition
        stage.go_on()
        told = await stage.told.get()
        return between.failed, told.ok, stage.told.empty()

    assert played(root, [GOOD, BAD, GOOD], story) == (False, True, True)


def test_a_reader_who_comes_during_a_build_gets_what_it_makes(root: Path) -> None:
    async def story(stage: Play) -> Any:
        await stage.one()
        stage.changes.add(["content/a.md"])
        await stage.begun()
        reader = asyncio.create_task(stage.live.gate.enter())
        await asyncio.sleep(0)
        early = reader.done()
        stage.go_on()
        return early, await reader, stage.live.edition.number

    assert played(root, [GOOD, GOOD], story) == (False, True, 2)
