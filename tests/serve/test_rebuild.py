"""The loop of ask, show, wait: what readers are shown of the messages of a builder, played by the test."""

from __future__ import annotations

import asyncio
import datetime as dt
from collections.abc import Awaitable, Callable
from multiprocessing import Pipe
from typing import Any

from newsgen.diagnostics import Place, error
from newsgen.serve.builder import Begun, Change, Compared, Failing, Go, Publishing, Ready, Want
from newsgen.serve.rebuild import Hands, rebuild
from newsgen.serve.reload import Live, Rebuilt
from newsgen.serve.watch import Changes

MISTAKE = error("NG-111", Place("content/a.md"), "title is missing")
BAD = Rebuilt(ok=False, diagnostics=(MISTAKE,))


class Scripted(Hands):
    """The hands of a builder that a test plays."""

    def __init__(self) -> None:
        self._pipe, self.theirs = Pipe()


class Play:
    """The loop, with the strings by which a test moves it."""

    def __init__(self) -> None:
        self.hands = Scripted()
        self.live = Live("r", lambda path: self.hands.tell(Want(path)))
        self.changes = Changes(self.live.notice)
        self.told: asyncio.Queue[Rebuilt] = asyncio.Queue()

    async def heard(self) -> Any:
        """What the builder is asked for next."""
        assert await asyncio.to_thread(self.hands.theirs.poll, 10)
        return self.hands.theirs.recv()

    def say(self, *messages: Any) -> None:
        for message in messages:
            self.hands.theirs.send(message)

    async def built(self, number: int, *messages: Any, rebuilt: Rebuilt | None = None) -> Rebuilt:
        """A build that knows of all changes up to a number, and what was told of it."""
        self.say(Begun(number), *messages, rebuilt or Rebuilt())
        return await asyncio.wait_for(self.told.get(), 10)


def played(story: Callable[[Play], Awaitable[Any]]) -> Any:
    async def play() -> Any:
        stage = Play()
        task = asyncio.create_task(rebuild(stage.live, stage.changes, stage.hands, stage.told.put_nowait))
        try:
            return await asyncio.wait_for(story(stage), 20)
        finally:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)
            stage.hands.theirs.close()

    return asyncio.run(play())


async def until(holds: Callable[[], bool]) -> None:
    while not holds():
        await asyncio.sleep(0)


def test_the_first_build_is_asked_for_and_then_one_after_each_burst() -> None:
    async def story(stage: Play) -> Any:
        first = await stage.heard()
        await stage.built(first.number)
        stage.live.open = ["index.html", "a/index.html", "index.html"]
        stage.changes.add(["content/b.md", "content/a.md"])
        return first, await stage.heard()

    assert played(story) == (
        Change(2, None),
        Change(3, ("content/a.md", "content/b.md"), ("index.html", "a/index.html")),
    )


def test_a_reader_waits_from_the_notice_of_a_change_until_the_page_is_ready() -> None:
    async def story(stage: Play) -> Any:
        await stage.built((await stage.heard()).number)
        before = stage.live.place("a/index.html")
        stage.changes.add(["content/a.md"])
        noticed = stage.live.place("a/index.html")
        reader = asyncio.create_task(stage.live.until_known("a/index.html"))
        asked = [await stage.heard(), await stage.heard()]
        stage.say(Begun(3), Compared(("a/index.html", "feed.xml"), ()))
        await until(lambda: stage.live.place("b/index.html") == "output")
        waiting = not reader.done()
        stage.say(Ready((("a/index.html", True),)))
        known = await reader
        return before, noticed, {type(one) for one in asked}, waiting, known, stage.live.place("a/index.html")

    assert played(story) == ("output", "unknown", {Want, Change}, True, True, "stage")


def test_a_builder_that_is_ready_waits_until_nobody_reads() -> None:
    async def story(stage: Play) -> Any:
        await stage.heard()
        assert await stage.live.gate.enter()
        stage.say(Begun(2), Compared(("a",), ()), Ready((("a", True),)), Publishing())
        await until(lambda: stage.live.place("a") == "stage")
        early = stage.hands.theirs.poll()
        stage.live.gate.leave()
        go = await stage.heard()
        stage.say(Rebuilt())
        await stage.told.get()
        return early, go, stage.live.place("a"), await stage.live.gate.enter()

    assert played(story) == (False, Go(), "output", True)


def test_half_a_save_is_not_shown_as_a_mistake() -> None:
    """An editor that empties a file and then fills it makes two changes; the mistake between them is nobody's."""

    async def story(stage: Play) -> Any:
        await stage.built((await stage.heard()).number)
        stage.changes.add([f"content/{number}.md" for number in range(50)])  # a crowd, which is waited for
        stage.say(Begun(2), Failing((MISTAKE,)), BAD, Begun(2), Compared((), ()))
        change = await stage.heard()
        between = stage.live.edition.failed
        told = await stage.built(change.number)
        return between, told.ok, stage.told.empty()

    assert played(story) == (False, True, True)


def test_a_failure_is_shown_as_soon_as_it_is_known_and_the_next_build_recovers() -> None:
    async def story(stage: Play) -> Any:
        await stage.built((await stage.heard()).number)
        stage.changes.add(["content/a.md"])
        change = await stage.heard()
        stage.say(Begun(change.number), Failing((MISTAKE,)))
        await until(lambda: stage.live.edition.failed)
        shown = stage.live.edition.diagnostics, stage.live.place("a/index.html")
        stage.say(BAD)
        await stage.told.get()
        stage.changes.add(["content/a.md"])
        await stage.built((await stage.heard()).number)
        return shown, stage.live.edition.failed, stage.live.edition.diagnostics

    assert played(story) == (((MISTAKE,), "output"), False, ())


def test_time_asks_for_a_build_too() -> None:
    async def story(stage: Play) -> Any:
        soon = dt.datetime.now(dt.UTC) + dt.timedelta(milliseconds=5)
        await stage.built((await stage.heard()).number, rebuilt=Rebuilt(coming=soon))
        return (await stage.heard()).paths

    assert played(story) == ("the clock",)


def test_it_ends_with_the_builder() -> None:
    async def play() -> bool:
        stage = Play()
        stage.hands.theirs.close()
        await asyncio.wait_for(rebuild(stage.live, stage.changes, stage.hands, stage.told.put_nowait), 10)
        return True

    assert asyncio.run(play())
