"""Changes under a site's sources: which count, how they gather, and that none is missed."""

from __future__ import annotations

import asyncio
import itertools
import shutil
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest

from newsgen.serve import watch
from newsgen.serve.watch import Changes, Stamp, Watch, matters, missed

from .harness import write

Burst = Callable[..., Awaitable[tuple[str, ...]]]


@pytest.mark.parametrize(
    ("path", "counts"),
    [
        ("content/a.md", True),
        ("content/_index.md", True),
        ("content/world/4913.md", True),
        ("templates/_macros.html", True),
        ("static/.well-known/security.txt", True),
        ("newsgen.toml", True),
        ("content/4913", False),
        ("content/a.md~", False),
        ("content/.a.md.swp", False),
        ("content/.a.md.swx", False),
        ("content/#a.md#", False),
        ("content/.#a.md", False),
        ("content/.DS_Store", False),
        ("content/.git/index", False),
        ("content/.goutputstream-ABC123", False),
    ],
)
def test_editors_litter_does_not_count(path: str, counts: bool) -> None:
    assert matters(f"/home/me/paper/{path}", Path("/home/me/paper")) is counts


def test_what_the_folder_above_the_site_is_called_does_not_count() -> None:
    assert matters("/home/me/old~/paper/content/a.md", Path("/home/me/old~/paper"))


OLD, NEW = Stamp(100, 100, 1, 1), Stamp(200, 200, 1, 1)


@pytest.mark.parametrize(
    ("name", "before", "now", "noticed", "expected"),
    [
        ("nothing", {"a": OLD}, {"a": OLD}, {}, []),
        ("written", {"a": OLD}, {"a": NEW}, {}, ["a"]),
        ("came", {}, {"a": NEW}, {}, ["a"]),
        ("went", {"a": OLD}, {}, {}, ["a"]),
        ("written and noticed", {"a": OLD}, {"a": NEW}, {"a": 201}, []),
        ("written again after the notice", {"a": OLD}, {"a": NEW}, {"a": 150}, ["a"]),
        ("went and noticed", {"a": OLD}, {}, {"a": 201}, []),
        ("another noticed", {"a": OLD}, {"a": NEW}, {"b": 201}, ["a"]),
        ("replaced by an older file of that size", {"a": OLD}, {"a": Stamp(100, 100, 1, 2)}, {}, ["a"]),
    ],
)
def test_what_notices_missed(
    name: str, before: watch.Stamps, now: watch.Stamps, noticed: dict[str, int], expected: list[str]
) -> None:
    assert sorted(missed(before, now, noticed)) == expected, name


def test_changes_gather_until_they_are_taken() -> None:
    async def play() -> list[Any]:
        changes = Changes()
        changes.add(["b", "a"])
        changes.add(["a"])
        first = await changes.burst()
        waiting = asyncio.create_task(changes.burst())
        changes.add([])
        await asyncio.sleep(0)
        early = waiting.done()
        changes.add(["c"])
        return [first, early, await waiting, changes.waiting]

    assert asyncio.run(play()) == [("a", "b"), False, ("c",), False]


def test_a_crowd_of_changes_is_one_burst(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(watch, "SETTLED", 0.02)

    async def play() -> int:
        changes = Changes()

        async def checkout() -> None:
            for part in range(10):
                changes.add(f"content/{part}-{number}.md" for number in range(100))
                await asyncio.sleep(0.001)

        running = asyncio.create_task(checkout())
        burst = await changes.burst()
        await running
        return len(burst)

    assert asyncio.run(play()) == 1000


def test_changes_without_end_are_built_all_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(watch, "LONGEST", 0.05)
    monkeypatch.setattr(watch, "SETTLED", 0.005)

    async def play() -> int:
        changes = Changes()

        async def storm() -> None:
            for number in itertools.count():
                changes.add(f"{number}-{each}" for each in range(50))
                await asyncio.sleep(0)

        running = asyncio.create_task(storm())
        burst = await asyncio.wait_for(changes.burst(), 10)
        running.cancel()
        return len(burst)

    assert asyncio.run(play()) > 0


# ---- with a file system ---------------------------------------------------------------------------------------------


@pytest.fixture
def root(tmp_path: Path) -> Path:
    paper = tmp_path / "paper"
    write(paper / "newsgen.toml", 'title = "The Paper"\n')
    write(paper / "content/a.md", "a")
    write(tmp_path / "theme/base.html", "base")
    return paper


def watching(root: Path, story: Callable[[Burst], Awaitable[Any]], *, awake: bool = True) -> Any:
    """What `story` returns, told beside a running watch of `root`; with `awake`, once its notices have come."""

    async def play() -> Any:
        changes = Changes()
        task = asyncio.create_task(Watch(root, lambda: (root.parent / "theme",), changes, lambda _: None).run())

        async def burst(seconds: float = 20) -> tuple[str, ...]:
            try:
                return await asyncio.wait_for(changes.burst(), seconds)
            except TimeoutError:
                return ()

        try:
            if awake:
                await _wake(root, burst)
            return await story(burst)
        finally:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)

    return asyncio.run(play())


async def _wake(root: Path, burst: Burst) -> None:
    """Writes until the watchers of the root and of the folders have both noticed."""
    heard: set[str] = set()
    while not {"newsgen.toml", "content/awake.md"} <= heard:
        (root / "newsgen.toml").write_text('title = "The Paper"\n')
        (root / "content/awake.md").write_text("awake")
        heard |= set(await burst(0.2))


async def named(burst: Burst, path: str) -> bool:
    """True once a burst names `path`, False where none comes any more."""
    while found := await burst():
        if path in found:
            return True
    return False


async def named_in_the_end(burst: Burst, file: Path, path: str) -> bool:
    """True once a burst names `path`, the file that is written again and again meanwhile."""
    for again in range(100):
        write(file, f"{again}")
        if path in await burst(0.2):
            return True
    return False


@pytest.fixture
def _no_sweep(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is heard is heard by notices."""
    monkeypatch.setattr(watch, "SWEEP", 3600.0)


def _rename(root: Path) -> str:
    (root / "content/a.md").rename(root / "content/b.md")
    return "content/b.md"


def _save_atomically(root: Path) -> str:
    write(root / "content/.a.md.swp", "new").replace(root / "content/a.md")
    return "content/a.md"


def _save_settings_atomically(root: Path) -> str:
    write(root / "newsgen.toml~", "new").replace(root / "newsgen.toml")
    return "newsgen.toml"


def _delete(root: Path) -> str:
    (root / "content/a.md").unlink()
    return "content/a.md"


def _delete_the_settings(root: Path) -> str:
    (root / "newsgen.toml").unlink()
    return "newsgen.toml"


def _edit_the_theme(root: Path) -> str:
    return str(write(root.parent / "theme/base.html", "new"))


def _make_a_source_folder(root: Path) -> str:
    write(root / "templates/article.html", "new")
    return "templates"


def _remove_a_source_folder(root: Path) -> str:
    shutil.rmtree(root / "content")
    return "content"


@pytest.mark.usefixtures("_no_sweep")
@pytest.mark.parametrize(
    "deed",
    [
        _rename,
        _save_atomically,
        _save_settings_atomically,
        _delete,
        _delete_the_settings,
        _edit_the_theme,
        _make_a_source_folder,
        _remove_a_source_folder,
    ],
    ids=lambda deed: deed.__name__.strip("_").replace("_", " "),
)
def test_noticed(root: Path, deed: Callable[[Path], str]) -> None:
    async def story(burst: Burst) -> bool:
        return await named(burst, deed(root))

    assert watching(root, story)


@pytest.mark.usefixtures("_no_sweep")
@pytest.mark.parametrize("folder", ["templates", "content/new/deep"])
def test_a_folder_that_comes_later_is_watched(root: Path, folder: str) -> None:
    async def story(burst: Burst) -> bool:
        (root / folder).mkdir(parents=True)
        return await named_in_the_end(burst, root / folder / "later.html", f"{folder}/later.html")

    assert watching(root, story)


@pytest.mark.usefixtures("_no_sweep")
def test_output_and_litter_are_not_noticed(root: Path) -> None:
    async def story(burst: Burst) -> set[str]:
        for path in ("site/index.html", ".newsgen/serve/index.html", "seeds/a.txt", "content/4913", "content/a.md~"):
            write(root / path, "x")
        write(root / "content/last.md", "x")
        heard: set[str] = set()
        while "content/last.md" not in heard:
            heard |= set(await burst())
        return heard - {"content/awake.md", "newsgen.toml"}

    assert watching(root, story) == {"content/last.md"}


async def _deaf(*_: Any, **__: Any) -> AsyncIterator[set[Any]]:
    await asyncio.Event().wait()
    yield set()


async def _broken(*_: Any, **__: Any) -> AsyncIterator[set[Any]]:
    raise OSError("OS file watch limit reached")
    yield set()


@pytest.mark.parametrize("watcher", [_deaf, _broken])
def test_what_no_notice_tells_is_found_by_looking(
    root: Path, watcher: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(watch, "awatch", watcher)
    monkeypatch.setattr(watch, "SWEEP", 0.01)
    monkeypatch.setattr(watch, "LATE", 0.0)

    async def story(burst: Burst) -> list[bool]:
        paths = ("content/a.md", "content/new/deep.md", "newsgen.toml", "static/logo.svg")
        found = [await named_in_the_end(burst, root / path, path) for path in paths]
        (root / "content/a.md").unlink()
        return [*found, await named(burst, "content/a.md")]

    assert watching(root, story, awake=False) == [True] * 5


def test_a_watcher_that_fails_is_told_of_once(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(watch, "awatch", _broken)
    monkeypatch.setattr(watch, "RETRY", 0.0)
    told: list[str] = []

    async def play() -> None:
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(Watch(root, tuple, Changes(), told.append).run(), 0.2)

    asyncio.run(play())
    assert len(told) == 1
    assert "limit reached" in told[0]


@pytest.mark.usefixtures("_no_sweep")
def test_polling_where_the_environment_asks_for_it(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WATCHFILES_FORCE_POLLING", "1")
    monkeypatch.setenv("WATCHFILES_POLL_DELAY_MS", "20")

    async def story(burst: Burst) -> bool:
        write(root / "content/polled.md", "x")
        return await named(burst, "content/polled.md")

    assert watching(root, story)
