"""The seam to other engines: an ordered map over chunks of work, here or on a `concurrent.futures.Executor`."""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import sys
import threading
from collections.abc import Callable, Generator, Iterator, Sequence
from concurrent.futures import Executor, ProcessPoolExecutor
from typing import Any, Final, TypeVar

A = TypeVar("A")
B = TypeVar("B")

CHUNK: Final = 64  # pieces of work that go to a worker at once
WORTH: Final = 256  # pieces from which a pool pays for its start

Progress = Callable[[str, int, int], None]
"""Told the name of a phase, how many of its items are done, and how many there are."""


def cores() -> int:
    """The processors that this process may use."""
    return len(os.sched_getaffinity(0)) if sys.platform == "linux" else os.cpu_count() or 1


def pays(work: int, jobs: int) -> bool:
    """Whether `work` pieces are worth more than one process."""
    return work >= WORTH and (jobs or cores()) > 1


@contextlib.contextmanager
def processes(work: int, jobs: int, begin: Callable[..., None], *given: Any) -> Generator[Executor | None, None, None]:
    """An executor for `work` pieces, whose every process first calls `begin(*given)`; None where it would not pay.

    On Linux the processes are forked: they start in 8 ms and share `given` without a copy. Elsewhere they are spawned.
    They end when this process does, even by a kill: else they would hold the lock of the output, and write on.
    """
    if not pays(work, jobs):
        begin(*given)
        yield None
        return
    workers = min(jobs or cores(), -(-work // CHUNK))
    context = multiprocessing.get_context("fork" if sys.platform == "linux" else "spawn")
    executor = ProcessPoolExecutor(workers, mp_context=context, initializer=_begin, initargs=(begin, *given))
    try:
        yield executor
    finally:
        executor.shutdown(cancel_futures=True)


def _begin(begin: Callable[..., None], *given: Any) -> None:
    threading.Thread(target=_end_with_parent, daemon=True).start()
    begin(*given)


def _end_with_parent() -> None:
    if parent := multiprocessing.parent_process():
        parent.join()
        os._exit(1)


def chunks(items: Sequence[A]) -> list[Sequence[A]]:
    """The items in runs that go to a worker at once, in order."""
    return [items[start : start + CHUNK] for start in range(0, len(items), CHUNK)]


def ordered_map(function: Callable[[A], B], items: Sequence[A], executor: Executor | None) -> Iterator[B]:
    """The results in the order of the items; in this process where there is no executor."""
    return iter(map(function, items)) if executor is None else executor.map(function, items)


def silent(phase: str, done: int, total: int) -> None:
    """A progress that shows nothing."""
