"""The seam to other engines: work is done in this process, in processes beside it, or by an executor elsewhere."""

from __future__ import annotations

import contextlib
import os
import re
import sys
import threading
from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from concurrent.futures import Executor, Future
from functools import partial
from typing import Final, TypeVar

import msgspec

from newsgen.engine.store import Store

A = TypeVar("A")
B = TypeVar("B")

CHUNK: Final = 64  # pieces of work that go to a worker at once, at most
LEAST: Final = 8  # and at least
SHARES: Final = 16  # chunks for each worker where there is less work, so that all are busy to the end
WINDOW: Final = 4  # chunks under way for each worker
WORTH: Final = 256  # pieces from which a pool pays for its start

PLACES: Final = re.compile(r"inline|process|dask://([^\s/:\[\]]+|\[[0-9A-Fa-f:.]+\]):[0-9]{1,5}")
"""What `crew` knows."""

Progress = Callable[[str, int, int], None]
"""Told the name of a phase, how many of its items are done, and how many there are."""


def cores() -> int:
    """The processors that this process may use."""
    return len(os.sched_getaffinity(0)) if sys.platform == "linux" else os.cpu_count() or 1


class Remote(msgspec.Struct, frozen=True):
    """An executor on other machines, how many workers it has, and how to ask whether it can still answer."""

    executor: Executor
    workers: int
    is_alive: Callable[[], bool] = lambda: True


class Crew:
    """The workers of a build. `jobs`: processes, 0 as many as pay."""

    def __init__(self, jobs: int = 0, remote: Remote | None = None) -> None:
        self.jobs, self.remote = jobs or cores(), remote

    def away(self, work: int) -> Remote | None:
        """Other machines, where there are some and `work` pieces are worth the way."""
        return self.remote if work >= WORTH else None

    def pays(self, work: int, store: Store) -> bool:
        """Whether `work` pieces are worth more than one process. Each opens the cache, which must be a file."""
        return work >= WORTH and self.jobs > 1 and store.path is not None

    @contextlib.contextmanager
    def at_work(
        self, work: int, store: Store, begin: Callable[..., None], task: object
    ) -> Generator[Executor | None, None, None]:
        """An executor for `work` pieces whose every process first calls `begin(task)`; None where it would not pay.

        Then this process calls `begin(task, store)`. On Linux the processes are forked: they start in 8 ms and share
        the task without a copy. Elsewhere they are spawned. They end when this process does, even by a kill: else they
        would hold the lock of the output, and write on.
        """
        if not self.pays(work, store):
            begin(task, store)
            yield None
            return
        with store.set_aside(), processes(min(self.jobs, -(-work // LEAST)), begin, task) as executor:
            yield executor

    def each(
        self,
        function: Callable[[Sequence[A]], Sequence[B]],
        items: Sequence[A],
        executor: Executor | None,
        tell: Callable[[int], None],
        least: int = LEAST,
    ) -> Iterator[B]:
        """What `function` makes of chunks of the items, in their order; in this process where there is no executor."""
        size = CHUNK if executor is None else max(least, min(CHUNK, len(items) // (SHARES * self.jobs)))
        chunks = (items[start : start + size] for start in range(0, len(items), size))
        if executor is None:
            return told(map(function, chunks), tell)
        under_way = ordered(partial(executor.submit, function), chunks, self.jobs)
        return told((one.result() for one in under_way), tell)


@contextlib.contextmanager
def processes(workers: int, begin: Callable[..., None], task: object) -> Generator[Executor, None, None]:
    """An executor of so many processes, each of which first calls `begin(task)`. They end with this process."""
    import multiprocessing
    from concurrent.futures import ProcessPoolExecutor

    context = multiprocessing.get_context("fork" if sys.platform == "linux" else "spawn")
    executor = ProcessPoolExecutor(workers, mp_context=context, initializer=_begin, initargs=(begin, task))
    try:
        yield executor
    finally:
        executor.shutdown(cancel_futures=True)


def _begin(begin: Callable[[object], None], task: object) -> None:
    threading.Thread(target=_end_with_parent, daemon=True).start()
    begin(task)


def _end_with_parent() -> None:
    from multiprocessing import parent_process

    parent = parent_process()
    assert parent
    parent.join()
    os._exit(1)


def ordered(submit: Callable[[A], Future[B]], items: Iterable[A], workers: int) -> Iterator[Future[B]]:
    """The futures in the order of the items. No more than `WINDOW` for each worker are under way at any time."""
    under_way: deque[Future[B]] = deque()
    try:
        for item in items:
            under_way.append(submit(item))
            if len(under_way) >= WINDOW * workers:
                yield under_way[0]
                under_way.popleft()
        while under_way:
            yield under_way[0]
            under_way.popleft()
    finally:
        for one in under_way:
            one.cancel()


def told(chunks: Iterable[Sequence[B]], tell: Callable[[int], None]) -> Iterator[B]:
    """What is in the chunks; after each `tell` is told how much that makes."""
    done = 0
    for chunk in chunks:
        yield from chunk
        done += len(chunk)
        tell(done)


@contextlib.contextmanager
def crew(jobs: int, where: str) -> Generator[Crew, None, None]:
    """The crew that `where` names: "process", "inline", or the address of a Dask scheduler, dask://HOST:PORT.

    Raises Refused where Dask is not installed, its scheduler does not answer or has no worker.
    """
    if where.startswith("dask://"):
        from newsgen.engine import remote

        with remote.dask(where) as machines:
            yield Crew(jobs, machines)
    else:
        yield Crew(1 if where == "inline" else jobs)


def silent(phase: str, done: int, total: int) -> None:
    """A progress that shows nothing."""
