"""The seam to other engines: any executor, and Dask's on workers that cannot see the site, does what a local build does."""

from __future__ import annotations

import contextlib
import functools
import os
import pickle
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Generator, Iterator
from concurrent.futures import Executor, Future, ProcessPoolExecutor, ThreadPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import pytest

from newsgen.build import BuildReport
from newsgen.diagnostics import Refused
from newsgen.engine import pool, remote, sources
from newsgen.engine.pool import Crew, Remote
from newsgen.engine.store import Store
from newsgen.work import parsing, rendering
from tests.pictures import png
from tests.site import Site, article, codes, said, tree

STEPS = 9
ARTICLES = 24


@pytest.fixture(autouse=True)
def _small(monkeypatch: pytest.MonkeyPatch) -> None:
    """A small site is worth the way, in chunks of which each worker gets several."""
    monkeypatch.setattr(pool, "WORTH", 2)
    for module in (parsing, rendering):
        monkeypatch.setattr(module, "CHUNK", 4)


def paper() -> dict[str, str | bytes]:
    """Links, images beside articles, fragments, extra values, feeds, hubs, files to copy, and articles without a date."""
    files: dict[str, str | bytes] = {
        "newsgen.toml": 'title = "Post"\nbase_url = "https://example.org"\nper_page = 5\ntimezone = "Europe/Berlin"\n'
        '[extra]\nmotto = ["a", {b = 2026-05-01}]\n',
        "content/world/crane.png": png(),
        "content/world/_index.md": "---\ntitle: The World\n---\nHub of the world.\n",
        "content/pages/about.md": "---\ntitle: About\n---\nWho we are: [a story](../world/story-3.md).\n",
        "content/tags/ships.md": "---\ntitle: Ships\naliases: [boats]\n---\nHub of ships.\n",
        "static/logo.svg": "<svg/>",
        "static/.well-known/security.txt": "Contact: x\n",
        "templates/fragments/latest.html": "{% for a in latest %}{{ a.title }} {% endfor %}{{ active_section }}",
        "templates/article.html": '{% extends "theme/article.html" %}{% block article_end %}{{ fragments.latest }}'
        "{{ article.extra.mood }} {{ site.extra.motto[1].b.year }}{% endblock %}",
    }
    for n in range(ARTICLES):
        body = (
            f"Story {n} of [the next](story-{(n + 1) % ARTICLES}.md). ![A crane](crane.png)\n\n```python\nx = {n}\n```"
        )
        date = None if n % 7 == 3 else f"2026-05-{n + 1:02}T09:00:00+02:00"
        fields = {"tags": "[boats, Trade]", "author": f"Ann {n % 3}", "extra": f"{{mood: [calm, {n}]}}"}
        image = "{src: crane.png, alt: A crane}" if n % 2 else None
        files[f"content/world/story-{n}.md"] = article(f"Story {n}", body, date=date, image=image, **fields)
    return files


def edited(site: Site, step: int) -> None:
    """Goes on to a step: a first build, nothing, edits, a touch, mistakes of an article and of a template, and back."""
    story, template = "content/world/story-5.md", "templates/article.html"
    match step:
        case 2:
            site.edit(story, "Story 5 of", "Another story of")
            site.edit("content/world/story-7.md", "title: Story 7", "title: A new headline")
        case 3:
            for n in range(ARTICLES):
                os.utime(site.root / f"content/world/story-{n}.md", (10**9, 10**9 + n))
        case 4:
            site.edit(story, "date: ", "dtae: ")
            site.write("content/world/broken.md", b"\xff")
        case 5:
            site.edit(template, "{{ article.extra.mood }}", "{{ article.extra.mood }}\n{{ 1 / 0 }}")
        case 6:
            site.edit(story, "dtae: ", "date: ")
            site.remove("content/world/broken.md")
            site.edit(template, "1 / 0", "article.nobody.knows")
        case 7:
            site.edit(template, "article.nobody.knows", "1")
        case 8:
            site.remove("content/world/story-9.md")
            site.move("content/world/story-8.md", "content/arts/story-8.md")
        case _:
            pass


FACTS = ("ok", "diagnostics", "articles", "pages", "undated", "withheld", "parsed", "rendered", "written", "removed")


def facts(report: BuildReport) -> dict[str, object]:
    return {name: getattr(report, name) for name in FACTS}


@functools.cache
def at_home(folder: Path) -> list[tuple[dict[str, object], dict[str, bytes]]]:
    """What each step of a local build tells and leaves."""
    site = Site(folder / "home", paper())
    return [(facts(built(site, step, jobs=1)), site.tree()) for step in range(STEPS)]


def built(site: Site, step: int, **options: object) -> BuildReport:
    edited(site, step)
    return site.build(**options)


@pytest.fixture(scope="session")
def home(tmp_path_factory: pytest.TempPathFactory) -> Callable[[], list[tuple[dict[str, object], dict[str, bytes]]]]:
    folder = tmp_path_factory.mktemp("executors")
    return lambda: at_home(folder)


@pytest.fixture
def by(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Has builds done by an executor."""

    def use(executor: Executor, workers: int = 2) -> None:
        monkeypatch.setattr(pool, "crew", lambda *_: contextlib.nullcontext(Crew(1, Remote(executor, workers))))

    return use


# ---- any executor ---------------------------------------------------------------------------------------------------


def processes(*begin: Any) -> ProcessPoolExecutor:
    """Processes that share nothing with this one."""
    first, *given = begin or (None,)
    return ProcessPoolExecutor(2, mp_context=get_context("spawn"), initializer=first, initargs=tuple(given))


@pytest.mark.parametrize("make", [functools.partial(ThreadPoolExecutor, 4), processes], ids=["threads", "processes"])
def test_any_executor_does_at_every_step_what_a_local_build_does(
    make: Callable[[], Executor], by: Callable[..., None], home: Callable[..., Any], make_site: Callable[..., Site]
) -> None:
    site, expected = make_site(paper()), home()
    with make() as executor:
        by(executor)
        for step, (report, left) in enumerate(expected):
            assert facts(built(site, step)) == report, step
            assert site.tree() == left, step


def test_the_steps_prove_something(home: Callable[..., Any]) -> None:
    reports = [report for report, _ in home()]
    assert [report["ok"] for report in reports] == [True, True, True, True, False, False, False, True, True]
    parsed = [len(report["parsed"]) for report in reports]
    assert parsed == [ARTICLES + 3, 0, 2, 0, 2, 0, 1, 0, 1]
    places = [[str(one.place) for one in report["diagnostics"] if one.severity == "error"] for report in reports[4:7]]
    assert places == [
        ["content/world/broken.md:1", "content/world/story-5.md:3:7"],
        ["content/world/broken.md:1", "content/world/story-5.md:3:7", "templates/article.html:2:1"],
        ["templates/article.html:2:1"],
    ]


def test_a_file_that_cannot_be_read_is_told_as_at_home(
    by: Callable[..., None], make_site: Callable[..., Site], monkeypatch: pytest.MonkeyPatch
) -> None:
    real = sources.read_bytes

    def refuse(path: str | Path) -> bytes:
        if str(path).endswith("story-5.md"):
            raise PermissionError(13, "Permission denied", str(path))
        return real(path)

    here, there = make_site(paper(), "here"), make_site(paper(), "there")
    monkeypatch.setattr(sources, "read_bytes", refuse)
    expected = [here.build(), here.build()]
    with ThreadPoolExecutor(2) as executor:
        by(executor)
        assert [facts(there.build()) for _ in range(2)] == [facts(one) for one in expected]
    assert "NG-103 content/world/story-5.md file cannot be read: Permission denied" in said(expected[0])


class Noted(Executor):
    """An executor that notes what it was given, and how many results at most were not yet taken from it."""

    def __init__(self) -> None:
        self.parcels: list[bytes] = []
        self.waiting = self.most = 0

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        self.parcels.append(pickle.dumps((fn, args)))
        self.waiting += 1
        self.most = max(self.most, self.waiting)
        future: Future[Any] = Future()
        future.set_result(fn(*args, **kwargs))
        taken = future.result

        def result(timeout: float | None = None) -> Any:
            self.waiting -= 1
            return taken(timeout)

        future.result = result
        return future


def test_no_more_than_a_window_of_chunks_is_under_way_and_none_names_a_place_of_ours(
    by: Callable[..., None], make_site: Callable[..., Site]
) -> None:
    site, executor = make_site(paper()), Noted()
    by(executor, workers=2)
    site.good()
    assert (executor.most, executor.waiting) == (2 * pool.WINDOW, 0)
    assert len(executor.parcels) > 3 * executor.most
    assert [one for one in executor.parcels if str(site.root).encode() in one] == []
    assert any(b"Another" in one or b"Story 5 of" in one for one in executor.parcels)  # so a name would be seen


def test_a_window_slides_over_any_number_of_items() -> None:
    executor = Noted()
    assert list(remote.remotely(Remote(executor, 3), abs, range(-100, 0))) == list(range(100, 0, -1))
    assert executor.most == 3 * pool.WINDOW


def test_a_mistake_of_the_function_is_raised_as_it_is_with_its_place() -> None:
    with processes() as executor, pytest.raises(KeyError) as raised:
        list(remote.remotely(Remote(executor, 1), {}.__getitem__, ["a"]))
    assert "in _answer" in "".join(raised.value.__notes__)


def _another_newsgen() -> None:
    remote.toolchain = lambda: "another"


def test_a_worker_with_another_newsgen_is_refused(by: Callable[..., None], make_site: Callable[..., Site]) -> None:
    site = make_site(paper())
    with processes(_another_newsgen) as executor:
        by(executor)
        report = site.build()
    assert (report.ok, said(report), site.out.exists()) == (
        False,
        ["NG-605 --executor a worker has another version of newsgen, of Python or of a library"],
        False,
    )


def _dies(*_: object) -> None:
    os._exit(1)


class Deadly(ProcessPoolExecutor):
    """Its n-th piece of work kills the process that does it."""

    def __init__(self, nth: int) -> None:
        super().__init__(2, mp_context=get_context("spawn"))
        self.left = nth

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        self.left -= 1
        return super().submit(fn if self.left else _dies, *args, **kwargs)


def test_an_executor_that_breaks_down_publishes_nothing(
    by: Callable[..., None], make_site: Callable[..., Site]
) -> None:
    site = make_site(paper())
    with Deadly(10) as executor:
        by(executor)
        report = site.build()
    assert [re.sub("BrokenProcessPool .*", "BROKEN", one) for one in said(report)] == [
        "NG-605 --executor the workers cannot go on: BROKEN"
    ]
    assert (report.ok, site.out.exists()) == (False, False)


# ---- Dask -----------------------------------------------------------------------------------------------------------


def _blind(root: str, folder: str) -> None:
    """Goes to a folder of its own and from now on refuses to open, list or stat anything below `root`."""
    os.chdir(folder)

    def hook(event: str, args: tuple[object, ...]) -> None:
        if any(isinstance(one, str | bytes | os.PathLike) and os.fsdecode(one).startswith(root) for one in args):
            raise PermissionError(f"{event} {args}")

    sys.addaudithook(hook)


def _look(path: str) -> bytes:
    return Path(path).read_bytes()


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """A scheduler, and two worker processes of two threads each in a folder of their own."""
    import distributed

    with distributed.LocalCluster(
        n_workers=2,
        threads_per_worker=2,
        host="127.0.0.1",
        dashboard_address="127.0.0.1:0",
        memory_limit=0,
        local_directory=str(tmp_path_factory.mktemp("dask")),
    ) as cluster:
        yield cluster


@pytest.fixture
def where(cluster: Any) -> str:
    return cluster.scheduler_address.replace("tcp://", "dask://")


@contextlib.contextmanager
def client_of(cluster: Any) -> Generator[Any, None, None]:
    import distributed

    with distributed.Client(cluster.scheduler_address, set_as_default=False) as client:
        yield client


def test_dask_does_at_every_step_what_a_local_build_does_and_sees_no_file_of_ours(
    cluster: Any, where: str, home: Callable[..., Any], make_site: Callable[..., Site], tmp_path: Path
) -> None:
    site, expected, apart = make_site(paper()), home(), tmp_path / "apart"
    apart.mkdir()
    with client_of(cluster) as client:
        client.run(_blind, str(site.root), str(apart))
        assert set(client.run(os.getcwd).values()) == {str(apart)}
        with pytest.raises(PermissionError):
            client.run(_look, str(site.root / "newsgen.toml"))
        for step, (report, left) in enumerate(expected):
            assert facts(built(site, step, executor=where)) == report, step
            assert site.tree() == left, step


class Murderous(Executor):
    """Its n-th piece of work first kills the worker that has it, once; the worker's id is then in `told`."""

    def __init__(self, executor: Executor, nth: int, told: Path) -> None:
        self.executor, self.left, self.told = executor, nth, told

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        self.left -= 1
        if self.left:
            return self.executor.submit(fn, *args, **kwargs)
        return self.executor.submit(_killed, str(self.told), fn, *args, **kwargs)


def _killed(told: str, fn: Callable[..., Any], *args: Any) -> Any:
    with contextlib.suppress(FileExistsError):
        with open(told, "x") as file:
            file.write(str(os.getpid()))
        os.kill(os.getpid(), signal.SIGKILL)
    return fn(*args)


@pytest.mark.parametrize("nth", [3, 12], ids=["parse", "render"])
def test_a_dask_worker_that_is_killed_at_its_work_is_survived(
    cluster: Any,
    home: Callable[..., Any],
    by: Callable[..., None],
    make_site: Callable[..., Site],
    tmp_path: Path,
    nth: int,
) -> None:
    site, told, (expected, left) = make_site(paper()), tmp_path / "killed", home()[0]
    with client_of(cluster) as client:
        before = set(client.run(os.getpid).values())
        by(Murderous(client.get_executor(pure=False), nth, told), 4)
        assert (facts(site.build()), site.tree()) == (expected, left)
        client.wait_for_workers(2, timeout=30)
        assert before - set(client.run(os.getpid).values()) == {int(told.read_text())}


def test_the_command_line_builds_on_dask(where: str, make_site: Callable[..., Site]) -> None:
    """Once as a process of its own, with as many articles as are worth the way."""
    here, there = (make_site({f"content/a{n}.md": article(f"A {n}") for n in range(260)}, name) for name in "ab")
    here.good()
    command = [sys.executable, "-m", "newsgen", "-C", str(there.root), "build", "--at", "2026-06-01T12:00Z"]
    ended = subprocess.run([*command, "--executor", where], capture_output=True, text=True, timeout=60, check=False)
    assert (ended.returncode, ended.stderr, tree(there.out) == tree(here.out)) == (0, "", True)


def unused() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


def test_an_address_without_a_scheduler_is_one_clear_error(make_site: Callable[..., Site]) -> None:
    site, where = make_site(paper()), f"dask://127.0.0.1:{unused()}"
    command = [sys.executable, "-m", "newsgen", "-C", str(site.root), "build", "--executor", where]
    ended = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert (ended.returncode, ended.stdout, len(ended.stderr.splitlines())) == (1, "", 3), ended.stderr
    assert ended.stderr.startswith(f"error NG-605 --executor: no Dask scheduler with workers answers at {where}: Timed")
    assert not site.out.exists()


def test_a_scheduler_without_workers_is_an_error(
    make_site: Callable[..., Site], monkeypatch: pytest.MonkeyPatch
) -> None:
    import distributed

    monkeypatch.setattr(remote, "PATIENCE", 0.5)
    with distributed.LocalCluster(n_workers=0, host="127.0.0.1", dashboard_address="127.0.0.1:0") as cluster:
        report = make_site(paper()).build(executor=cluster.scheduler_address.replace("tcp://", "dask://"))
    assert said(report)[0].startswith("NG-605 --executor no Dask scheduler with workers answers at dask://127.0.0.1:")


class Lost(Executor):
    """Calls `lose` before its n-th piece of work."""

    def __init__(self, executor: Executor, nth: int, lose: Callable[[], object]) -> None:
        self.executor, self.left, self.lose = executor, nth, lose

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        self.left -= 1
        if not self.left:
            self.lose()
        return self.executor.submit(fn, *args, **kwargs)


def test_a_scheduler_that_is_lost_at_work_publishes_nothing(
    make_site: Callable[..., Site], monkeypatch: pytest.MonkeyPatch
) -> None:
    import distributed

    real, site = remote.dask, make_site(paper())
    place = {"host": "127.0.0.1", "dashboard_address": "127.0.0.1:0", "protocol": "tcp"}
    with distributed.LocalCluster(n_workers=1, threads_per_worker=1, processes=False, **place) as cluster:

        @contextlib.contextmanager
        def losing(where: str) -> Iterator[Remote]:
            with real(where) as found:
                yield Remote(Lost(found.executor, 12, cluster.close), 1, found.is_alive)

        monkeypatch.setattr(remote, "dask", losing)
        monkeypatch.setattr(remote, "PATIENCE", 0.5)
        report = site.build(executor=cluster.scheduler_address.replace("tcp://", "dask://"))
    assert (codes(report), site.out.exists()) == (["NG-605"], False)


def test_a_future_that_its_executor_forgot_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    class Forgetful(Executor):
        def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
            return Future()

    monkeypatch.setattr(remote, "PATIENCE", 0)
    with pytest.raises(Refused, match="cannot go on: ConnectionError the scheduler is gone"):
        list(remote.remotely(Remote(Forgetful(), 1, lambda: False), abs, [1]))


def test_where_dask_is_not_installed_the_way_to_it_is_told(
    make_site: Callable[..., Site], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "distributed", None)
    report = make_site(paper()).build(executor="dask://127.0.0.1:8786")
    assert (report.ok, said(report)) == (False, ["NG-605 --executor Dask is not installed"])
    assert "pip install 'newsgen[dask]'" in report.diagnostics[0].help


def test_work_is_cut_so_that_all_have_some_to_the_end() -> None:
    def sizes(executor: Executor | None, count: int) -> tuple[list[int], list[int]]:
        told: list[int] = []
        return list(Crew(2).each(lambda some: [len(some)], range(count), executor, told.append)), told

    assert sizes(None, 130) == ([64, 64, 2], [1, 2, 3])
    with ThreadPoolExecutor(1) as executor:
        assert [sizes(executor, count)[0] for count in (20, 320, 4096)] == [[8, 8, 4], [10] * 32, [64] * 64]


def test_little_work_is_begun_here_and_much_elsewhere(tmp_path: Path) -> None:
    store, begun = Store.open(tmp_path / "cache.db"), list[object]()
    with Crew(2).at_work(1, store, lambda *given: begun.append(given), "task") as executor:
        assert (executor, begun) == (None, [("task", store)])
    with Crew(2).at_work(2, store, lambda *given: begun.append(given), "task") as executor:
        assert executor is not None
        assert executor.submit(os.getpid).result() != os.getpid()
    assert len(begun) == 1
