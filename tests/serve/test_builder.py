"""The process that builds: what it tells, in which order, and when it leaves a build."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from multiprocessing import Pipe
from pathlib import Path
from typing import Any

import pytest

from newsgen.build import BuildOptions
from newsgen.serve import builder
from newsgen.serve.builder import Begun, Builder, Change, Compared, Failing, Go, Publishing, Ready, Settled, Want
from newsgen.serve.reload import Rebuilt

from .harness import article, write


class Working:
    """A builder at work in a thread, and the server's end of its pipe."""

    def __init__(self, site: Path) -> None:
        self.pipe, theirs = Pipe()
        self.number = 0
        options = BuildOptions(out=site / ".newsgen/serve", cache=site / ".newsgen/serve.db", jobs=1)
        made = Builder(theirs, site, options)
        self.thread = threading.Thread(target=self._run, args=(made,), daemon=True)
        self.thread.start()

    def _run(self, made: Builder) -> None:
        try:
            made.run()
        except EOFError:
            return

    def ask(self, *paths: str, open: tuple[str, ...] = ()) -> None:
        self.number += 1
        self.pipe.send(Change(self.number, paths or None, open))

    def hear(self) -> Any:
        assert self.pipe.poll(20), "nothing is told"
        return self.pipe.recv()

    def built(self) -> list[Any]:
        """All messages until a build has ended."""
        heard: list[Any] = []
        while not heard or not isinstance(heard[-1], Rebuilt):
            heard.append(self.hear())
            if isinstance(heard[-1], Publishing):
                self.pipe.send(Go())
        return heard

    def end(self) -> None:
        self.pipe.close()
        self.thread.join(20)


@pytest.fixture
def working(site: Path) -> Iterator[Callable[[], Working]]:
    started: list[Working] = []

    def start() -> Working:
        started.append(Working(site))
        return started[-1]

    yield start
    for one in started:
        one.end()


def kinds(heard: list[Any]) -> list[str]:
    return [type(one).__name__ for one in heard]


HARBOUR = "content/world/harbour.md"
PAGE = "world/harbour/index.html"


def test_the_page_that_is_open_is_ready_before_the_plan_is_compared(working: Callable[[], Working], site: Path) -> None:
    one = working()
    one.ask()
    first = one.built()
    assert kinds([one for one in first if not isinstance(one, Ready)]) == ["Begun", "Compared", "Publishing", "Rebuilt"]
    write(site / HARBOUR, article("Harbour reopens", "Second words."))
    one.ask(HARBOUR, open=(PAGE,))
    heard = one.built()
    assert kinds(heard)[:4] == ["Begun", "Settled", "Ready", "Compared"]
    assert heard[2] == Ready(((PAGE, True),))
    assert any(path.endswith(".css") for path in heard[1].paths)
    assert heard[-1].first is not None
    assert set(heard[3].missed) > {PAGE}


def test_what_a_reader_waits_for_comes_first(working: Callable[[], Working], site: Path) -> None:
    one = working()
    one.ask()
    one.built()
    write(site / HARBOUR, article("Harbour is called otherwise", "Second words."))
    one.pipe.send(Want("world/index.html"))
    one.ask(HARBOUR)
    heard = one.built()
    assert next(each for each in heard if isinstance(each, Ready)).files[0] == ("world/index.html", True)


def test_an_open_page_that_stays_as_it_is_is_told_to(working: Callable[[], Working], site: Path) -> None:
    one = working()
    one.ask()
    one.built()
    write(site / HARBOUR, article("Harbour reopens", "Second words."))
    one.ask(HARBOUR, open=("404.html", "there/is/none.html"))
    ready = [file for each in one.built() if isinstance(each, Ready) for file in each.files]
    assert ready[0] == ("404.html", False)
    assert not any(path.startswith("there") for path, _ in ready)


def test_a_build_is_left_when_the_sources_change_again(
    working: Callable[[], Working], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(builder, "PATIENCE", -1.0)
    one = working()
    one.ask()
    one.ask("content/a.md")
    heard = one.built()
    begun = [each.taken for each in heard if isinstance(each, Begun)]
    assert begun in ([1, 2], [2])
    assert (kinds(heard).count("Rebuilt"), heard[-1].ok) == (1, True)


def test_mistakes_are_told_before_the_build_ends(working: Callable[[], Working], site: Path) -> None:
    one = working()
    one.ask()
    one.built()
    good = (site / HARBOUR).read_text()
    write(site / HARBOUR, "---\ntitle: Harbour: open\n---\n\nText.\n")
    one.ask(HARBOUR, open=(PAGE,))
    heard = one.built()
    failing = next(each for each in heard if isinstance(each, Failing))
    assert (failing.diagnostics[0].code, heard[-1].ok) == (heard[-1].diagnostics[0].code, False)
    assert not any(isinstance(each, (Ready, Compared, Publishing)) for each in heard)
    write(site / HARBOUR, good)
    one.ask(HARBOUR)
    assert one.built()[-1].ok


def test_a_bug_is_told_and_the_next_build_recovers(
    working: Callable[[], Working], monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise TypeError("oops")

    one = working()
    with monkeypatch.context() as patch:
        patch.setattr(builder.pipeline, "build", broken)
        one.ask()
        failed = one.built()[-1]
    one.ask("content/a.md")
    assert (failed.ok, "TypeError: oops" in failed.failure, one.built()[-1].ok) == (False, True, True)


def test_drafts_are_told_with_their_reason(site: Path) -> None:
    write(site / "content/world/secret.md", article("Secret", "Not yet.").replace("date:", "draft: true\ndate:"))
    write(site / "content/pages/plan.md", "---\ntitle: Plan\ndraft: true\n---\nNot yet.\n")
    one = Working(site)
    options = BuildOptions(out=site / ".newsgen/serve", cache=site / ".newsgen/serve.db", jobs=1, drafts=True)
    one.end()
    pipe, theirs = Pipe()
    thread = threading.Thread(target=one._run, args=(Builder(theirs, site, options),), daemon=True)
    thread.start()
    one.pipe, one.thread, one.number = pipe, thread, 0
    one.ask()
    assert one.built()[-1].previews == dict.fromkeys(
        ("world/secret/index.html", "plan/index.html"), "it is a draft (draft: true)"
    )
    one.end()


def test_copied_files_that_changed_come_first(working: Callable[[], Working], site: Path) -> None:
    style = write(site / "static/assets/own.css", "a { color: red }")
    one = working()
    one.ask()
    one.built()
    style.write_text("a { color: blue }")
    one.ask("static/assets/own.css", open=(PAGE,))
    heard = one.built()
    settled = next(each for each in heard if isinstance(each, Settled))
    assert "assets/own.css" not in settled.paths
    assert next(each for each in heard if isinstance(each, Ready)).files == (("assets/own.css", True),)
