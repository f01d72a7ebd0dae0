"""Editions: when readers are told of a change, and of which; and the gate between them and a build."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from typing import Any

import pytest

from newsgen.diagnostics import Place, error
from newsgen.serve import gate, reload
from newsgen.serve.gate import Gate
from newsgen.serve.reload import Live, News, Rebuilt

MISTAKE = error("NG-111", Place("content/a.md"), "title is missing")
BROKEN = Rebuilt(ok=False, diagnostics=(MISTAKE,))
PAGE = "a/index.html"
ASSETS = ("assets/style.css", "a/photo.jpg", *[f"{number}.png" for number in range(101)])


def live() -> Live:
    """What is shown after a first good build."""
    shown = Live("r")
    built(shown)
    for path in (PAGE, *ASSETS):
        shown.serve(path)
    return shown


def built(shown: Live, *, missed: tuple[str, ...] = (), gone: tuple[str, ...] = (), **facts: Any) -> None:
    """A build of all that has changed, of which only the `missed` pages come out otherwise."""
    shown.begun(shown.ask())
    shown.compared(missed, gone)
    shown.ready([(path, True) for path in missed])
    shown.done(Rebuilt(**facts))


def run(coroutine: Coroutine[Any, Any, Any]) -> Any:
    async def limited() -> Any:
        return await asyncio.wait_for(coroutine, 10)

    return asyncio.run(limited())


async def turns(number: int = 20) -> None:
    """Lets every task that can go on do so."""
    for _ in range(number):
        await asyncio.sleep(0)


def told(shown: Live, page: str | None, since: int) -> News | None:
    return shown.news(page, since)


def test_a_page_is_told_of_its_own_change_and_of_no_other() -> None:
    shown = live()
    before = shown.edition.number
    built(shown, missed=("b/index.html", "feed.xml"))
    other = told(shown, PAGE, before)
    built(shown, missed=(PAGE,))
    assert (other, told(shown, PAGE, before)) == (None, News(shown.edition.epoch, page=True))
    assert told(shown, PAGE, shown.edition.number) is None


def test_a_page_is_told_of_files_that_it_may_show_by_their_addresses() -> None:
    shown = live()
    before = shown.edition.number
    built(shown, missed=("assets/style.css", "sitemap.xml", "a/photo.jpg"), base_path="/project/")
    news = told(shown, PAGE, before)
    assert news == News(shown.edition.epoch, assets=("/project/a/photo.jpg", "/project/assets/style.css"))


def test_a_page_is_loaded_anew_where_too_many_files_have_changed_or_the_server_is_another() -> None:
    shown = live()
    before = shown.edition.number
    built(shown, missed=tuple([f"{number}.png" for number in range(101)]))
    assert told(shown, PAGE, before) == News(shown.edition.epoch, page=True)
    assert told(shown, PAGE, -1) == News(shown.edition.epoch, page=True)


def test_a_file_that_was_never_shown_is_no_news() -> None:
    shown = live()
    before = shown.edition.number
    built(shown, missed=("assets/new.css",))
    assert told(shown, PAGE, before) is None


def test_a_page_that_goes_is_told_of() -> None:
    shown = live()
    before = shown.edition.number
    built(shown, gone=(PAGE,))
    assert told(shown, PAGE, before) == News(shown.edition.epoch, page=True)


def test_the_overlay_comes_once_and_goes_when_all_is_well() -> None:
    shown = live()
    at = shown.edition.number
    built(shown, ok=False, diagnostics=(MISTAKE,))
    first, failed = told(shown, PAGE, at), shown.edition
    again = shown.edition.number
    built(shown, ok=False, diagnostics=(MISTAKE,))
    same = told(shown, PAGE, again)
    built(shown)
    assert (first, same) == (News(failed.epoch, overlay=True), None)
    assert told(shown, PAGE, again) == News(shown.edition.epoch, overlay=True)
    assert not shown.edition.failed


def test_what_a_build_showed_that_is_left_is_taken_back() -> None:
    """A page that was ready in a build which another change overtook is asked for again, whatever comes of it."""
    shown = live()
    shown.begun(shown.ask())
    shown.ready([(PAGE, True)])
    seen, place = shown.edition.number, shown.place(PAGE)
    shown.notice()
    waits = shown.place(PAGE)
    shown.begun(shown.ask())
    shown.compared((), ())
    assert (place, waits, shown.place(PAGE)) == ("stage", "unknown", "output")
    assert told(shown, PAGE, seen) == News(shown.edition.epoch, page=True)


def test_where_files_are_while_a_build_is_under_way() -> None:
    shown = live()
    shown.begun(shown.ask())
    shown.settled(["assets/style.css"], {}, "/")
    early = {path: shown.place(path) for path in ("assets/style.css", PAGE)}
    shown.compared((PAGE, "b"), ("c",))
    shown.ready([("b", False)])
    late = {path: shown.place(path) for path in (PAGE, "b", "c", "d")}
    assert early == {"assets/style.css": "output", PAGE: "unknown"}
    assert late == {PAGE: "unknown", "b": "output", "c": "nowhere", "d": "output"}


def test_a_build_that_knows_nothing_of_the_last_change_makes_nothing_known() -> None:
    shown = live()
    older = shown.ask()
    shown.ask()
    shown.begun(older)
    shown.compared((), ())
    assert shown.place(PAGE) == "unknown"


def test_a_badge_that_comes_or_goes_is_news_for_its_page() -> None:
    shown = live()
    before = shown.edition.number
    built(shown, previews={PAGE: "it is a draft"})
    assert told(shown, PAGE, before) == News(shown.edition.epoch, page=True)
    assert told(shown, "b/index.html", before) is None


def test_a_stream_without_a_page_tells_each_epoch_and_ends_with_the_server() -> None:
    async def play() -> list[str]:
        shown = Live("r")
        stream = shown.events()
        said = [await anext(stream), await anext(stream)]
        for missed in ((PAGE,), (), ("b",)):
            built(shown, missed=missed)
            if missed:
                said.append(await anext(stream))
        shown.close()
        return [*said, *[message async for message in stream]]

    epochs = [f'data: {{"epoch":"r-{number}"}}\n\n' for number in (0, 2, 5)]
    assert run(play()) == ["retry: 500\n\n", *epochs]


def test_a_stream_of_a_page_is_open_until_it_ends() -> None:
    async def play() -> tuple[list[str], list[str], str]:
        shown = live()
        stream = shown.events(PAGE, shown.edition.epoch)
        await anext(stream)
        asking = asyncio.ensure_future(anext(stream))
        await turns()
        during = [*shown.open]
        built(shown, missed=(PAGE,))
        message = await asking
        await stream.aclose()
        return during, shown.open, message

    assert run(play()) == ([PAGE], [], 'data: {"epoch":"r-3","page":true}\n\n')


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
