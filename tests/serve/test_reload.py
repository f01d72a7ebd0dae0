"""Editions: when readers are told of a change, and of which; and the gate between them and a build."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from typing import Any

import pytest

from newsgen.build import BuildReport
from newsgen.diagnostics import Place, error
from newsgen.serve import gate, reload
from newsgen.serve.gate import Gate
from newsgen.serve.reload import Edition, Live, Rebuilt, after

MISTAKE = error("NG-111", Place("content/a.md"), "title is missing")

GOOD = Rebuilt(report=BuildReport(ok=True, diagnostics=(), written=("index.html",)))
SAME = Rebuilt(report=BuildReport(ok=True, diagnostics=()))
MOVED = Rebuilt(report=BuildReport(ok=True, diagnostics=()), base_path="/project/")
BROKEN = Rebuilt(report=BuildReport(ok=False, diagnostics=(MISTAKE,)))
BUG = Rebuilt(failure="TypeError")

SHOWN = Edition(run="r", number=7, ready=True)
FAILED = Edition(run="r", number=7, ready=True, failed=True, diagnostics=(MISTAKE,))


@pytest.mark.parametrize(
    ("name", "edition", "rebuilt", "expected"),
    [
        ("the first good build", Edition(run="r"), GOOD, (1, True, False)),
        ("the first good build of a site that was built before", Edition(run="r"), SAME, (1, True, False)),
        ("the first build fails", Edition(run="r"), BROKEN, (1, False, True)),
        ("something was written", SHOWN, GOOD, (8, True, False)),
        ("nothing was written", SHOWN, SAME, (7, True, False)),
        ("the site is mounted elsewhere", SHOWN, MOVED, (8, True, False)),
        ("a build fails", SHOWN, BROKEN, (8, True, True)),
        ("it fails in the same way again", FAILED, BROKEN, (7, True, True)),
        ("it is mended, with the bytes of before", FAILED, SAME, (8, True, False)),
        ("newsgen itself fails", SHOWN, BUG, (8, True, True)),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_the_edition_after_a_build(
    name: str, edition: Edition, rebuilt: Rebuilt, expected: tuple[int, bool, bool]
) -> None:
    following = after(edition, rebuilt)
    assert (following.number, following.ready, following.failed) == expected, name


def test_a_failed_build_keeps_the_mount_of_the_site_that_is_shown() -> None:
    mounted = Edition(run="r", ready=True, base_path="/project/")
    assert after(mounted, BROKEN).base_path == "/project/"


def run(coroutine: Coroutine[Any, Any, Any]) -> Any:
    async def limited() -> Any:
        return await asyncio.wait_for(coroutine, 10)

    return asyncio.run(limited())


async def turns(number: int = 20) -> None:
    """Lets every task that can go on do so."""
    for _ in range(number):
        await asyncio.sleep(0)


def test_a_stream_tells_the_epoch_now_and_after_each_change_and_ends_with_the_server() -> None:
    async def play() -> list[str]:
        live = Live("r")
        stream = live.events()
        told = [await anext(stream), await anext(stream)]
        for rebuilt in (GOOD, SAME, GOOD):
            live.show(after(live.edition, rebuilt))
            if rebuilt is not SAME:
                told.append(await anext(stream))
        live.close()
        return [*told, *[message async for message in stream]]

    assert run(play()) == ["retry: 500\n\n", "data: r-0\n\n", "data: r-1\n\n", "data: r-2\n\n"]


def test_a_silent_stream_says_that_it_is_there(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reload, "HEARTBEAT", 0.001)

    async def play() -> list[str]:
        stream = Live("r").events()
        return [await anext(stream) for _ in range(4)]

    assert run(play())[2:] == [": still here\n\n"] * 2


def test_a_reader_waits_while_a_build_publishes() -> None:
    async def play() -> list[str]:
        here, seen = Gate(), []

        async def read() -> None:
            await here.enter()
            seen.append("read")
            here.leave()

        async with here.publishing():
            reading = asyncio.create_task(read())
            await turns()
            seen.append("published")
        await reading
        return seen

    assert run(play()) == ["published", "read"]


def test_a_build_waits_until_the_readers_inside_have_opened_their_files() -> None:
    async def play() -> list[str]:
        here, seen = Gate(), []

        async def publish() -> None:
            async with here.publishing():
                seen.append("published")

        await here.enter()
        publishing = asyncio.create_task(publish())
        await turns()
        seen.append("read")
        here.leave()
        await publishing
        return seen

    assert run(play()) == ["read", "published"]


def test_readers_who_waited_get_in_before_the_next_build() -> None:
    async def play() -> list[str]:
        here, seen = Gate(), []

        async def read() -> None:
            await here.enter()
            seen.append("read")
            here.leave()

        async with here.publishing():
            reading = [asyncio.create_task(read()) for _ in range(3)]
            await turns()
        async with here.publishing():
            seen.append("published again")
        await asyncio.gather(*reading)
        return seen

    assert run(play()) == ["read", "read", "read", "published again"]


def test_a_stuck_reader_does_not_stop_the_builds(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gate, "PATIENCE", 0.01)

    async def play() -> str:
        here = Gate()
        await here.enter()
        async with here.publishing():
            return "published"

    assert run(play()) == "published"


def test_a_reader_who_gives_up_leaves_the_gate_as_it_was() -> None:
    async def play() -> bool:
        here = Gate()
        async with here.publishing():
            reading = asyncio.create_task(here.enter())
            await turns()
            reading.cancel()
            await turns()
        async with here.publishing():
            pass
        return await here.enter()

    assert run(play()) is True


def test_at_the_end_those_who_wait_are_sent_away() -> None:
    async def play() -> list[bool]:
        here = Gate()
        async with here.publishing():
            waiting = asyncio.create_task(here.enter())
            await turns()
            here.close()
            return [await waiting, await here.enter()]

    assert run(play()) == [False, False]
